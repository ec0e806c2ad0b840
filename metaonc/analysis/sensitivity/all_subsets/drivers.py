"""What drives a cloud of pools: each trial's share in where they lie, and a split of the cloud in two."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...numeric.wls import Floats
from .subsets import Subsets

STEPS = 200  # of the two means; they settle within a few dozen
ONE_HEAP = 2 * (2 / np.pi) ** 0.5 / (1 - 2 / np.pi) ** 0.5  # the separation that a normal heap has, cut at its middle
ALIKE = 1e-12  # spread of points beside their size: less is rounding
EVEN = 12**0.5  # and that of an even spread


class Shares(NamedTuple):
    """Of each trial, (k,): the means over the subsets with it and without it, and its share in the two clusters."""

    estimate_with: Floats
    estimate_without: Floats
    i2_with: Floats
    i2_without: Floats
    share_lower: Floats
    share_upper: Floats


class Split(NamedTuple):
    """Which points are in the cluster of the higher estimates, and the distance of the two centres.

    It is in standard deviations within clusters, along the line between the centres; NaN of points that are all alike.
    """

    upper: NDArray[np.bool_]
    separation: float


def split(estimate: Floats, i2: Floats) -> Split:
    """Return the two-means clusters of points, both axes in their standard deviations.

    The first cut is across the longest axis of the cloud, so that the same points always give the same clusters.
    """
    points = np.column_stack([estimate, i2])
    spread = points.std(0)
    apart = spread > ALIKE * np.abs(points).max(0)
    points = (points - points.mean(0))[:, apart] / spread[apart]
    if not points.size:
        return Split(np.zeros(len(estimate), dtype=bool), np.nan)
    axis = np.linalg.eigh(points.T @ points)[1][:, -1]
    upper = points @ axis > 0
    for _ in range(STEPS):
        one, other = points[upper].mean(0), points[~upper].mean(0)
        new = points @ (one - other) > (one + other) @ (one - other) / 2
        if (new == upper).all():
            break
        upper = new
    if estimate[upper].mean() < estimate[~upper].mean():
        upper = ~upper
    line = points[upper].mean(0) - points[~upper].mean(0)
    along = points @ (line / np.linalg.norm(line))
    within = np.where(upper, along - along[upper].mean(), along - along[~upper].mean()).std()
    return Split(upper, float(np.linalg.norm(line) / within) if within > 0 else np.inf)


def shares(subsets: Subsets, estimate: Floats, i2: Floats, counted: Any, upper: NDArray[np.bool_]) -> Shares:
    """Return the means with and without each trial.

    Parameters
    ----------
    subsets
        Which trials are in each of m subsets.
    estimate, i2
        Of the subsets, (m,).
    counted, upper
        Which subsets count, and which of them are in the upper cluster, (m,).
    """
    n_in = np.zeros((subsets.k, 2))
    sums = np.zeros((subsets.k, 2))
    for rows, inside in subsets.blocks():
        there = counted[rows]
        members = inside[there].astype(float)
        sums += members.T @ np.column_stack([estimate[rows], i2[rows]])[there]
        high = upper[rows][there]
        n_in += np.column_stack([members.T @ ~high, members.T @ high])
    total = np.array([estimate[counted].sum(), i2[counted].sum()])
    n, with_it = counted.sum(), n_in.sum(1, keepdims=True)
    clusters = np.array([(counted & ~upper).sum(), (counted & upper).sum()])
    with np.errstate(divide="ignore", invalid="ignore"):  # of a trial that is in no subset, or in all
        mean_with, mean_without = sums / with_it, (total - sums) / (n - with_it)
        share = n_in / clusters
    return Shares(mean_with[:, 0], mean_without[:, 0], mean_with[:, 1], mean_without[:, 1], share[:, 0], share[:, 1])
