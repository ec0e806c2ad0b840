"""Estimates over plausible sets of patients."""
