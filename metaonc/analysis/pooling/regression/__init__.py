"""Meta-regression."""
