"""Pools by level of risk of bias."""
