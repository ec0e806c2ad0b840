"""Pooled effects adjusted for small-study effects."""
