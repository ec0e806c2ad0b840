"""Median times and survival at landmarks, pooled."""
