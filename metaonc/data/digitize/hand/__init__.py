"""Figures read by hand: what a user placed on a figure and typed beside it, and the curves that it makes."""
