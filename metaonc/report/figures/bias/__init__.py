"""Figures of small-study effects beside the funnel."""
