"""Figures of survival without proportional hazards."""
