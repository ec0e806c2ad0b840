"""Kaplan-Meier figures: what they show as data, the table below, the drawing."""
