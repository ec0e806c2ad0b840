"""The normal distribution without scipy, which takes a quarter of a second to load."""

from __future__ import annotations

from statistics import NormalDist


def normal_critical(level: float) -> float:
    """Return the two-sided critical value of the standard normal distribution, such as 1.96 for a level of 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)
