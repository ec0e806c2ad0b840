"""The median of the trials' medians, weighted by their sizes. Arrays in, numbers out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ....base.check import Floats
from ...numeric.distributions import critical


class WeightedMedian(NamedTuple):
    """A weighted median with limits; infinite where it is not reached."""

    median: float
    ci_low: float
    ci_high: float


def weighted_median(values: Floats, weights: Floats, level: float) -> WeightedMedian:
    r"""Return the weighted median, with limits at weighted quantiles :math:`1/2 \mp z / (2 \sqrt k)`.

    A quantile is the least value at which the weights reach its share of them all. Medians that were not reached are
    infinite, and so above all others: their order is all that counts.
    """
    half = float(critical(level)) / (2 * math.sqrt(len(values)))
    shares = np.array([0.5, max(0.0, 0.5 - half), min(1.0, 0.5 + half)])
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    places = np.minimum(np.searchsorted(reached, shares - 1e-12), len(values) - 1)
    return WeightedMedian(*values[order][places].tolist())
