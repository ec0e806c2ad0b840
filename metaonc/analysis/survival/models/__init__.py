"""Parametric models of two arms: distributions, Royston and Parmar's splines, cure models."""
