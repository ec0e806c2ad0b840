"""Pools of resampled trials."""
