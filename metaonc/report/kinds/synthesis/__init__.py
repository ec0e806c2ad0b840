"""Survival across trials: words, tables and figures of its kinds of results."""
