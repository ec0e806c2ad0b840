"""What models with moderators share: columns read, the design matrix, coefficients and what is asked of them."""
