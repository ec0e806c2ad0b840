"""Survival across trials: curves, medians, landmark rates, models of all patients, and evidence of several kinds."""
