"""Survival of patients of one trial, and of trials together, in words and tables."""
