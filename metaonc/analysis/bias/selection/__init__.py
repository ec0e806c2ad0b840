"""Selection by p-value: weight functions fitted by maximum likelihood, and p-uniform*."""
