"""The hazard ratio of two published curves, without patients."""
