"""Hazard ratios of patients, figures, reports and counts in one pool."""
