"""Figures of survival across trials."""
