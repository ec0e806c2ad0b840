"""Figures of how far evidence can be relied on: risk of bias."""
