"""Models that were fitted by lifelines and statsmodels, as input. Each package is spoken to in one module."""
