"""Pools by subgroup, and the test between them."""
