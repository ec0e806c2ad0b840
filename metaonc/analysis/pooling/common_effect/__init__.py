"""Mantel-Haenszel and Peto."""
