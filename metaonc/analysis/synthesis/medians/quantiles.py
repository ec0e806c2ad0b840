"""The median of the trials' medians, weighted by their sizes. Arrays in, numbers out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ....base.check import Floats
from ...numeric.distributions import critical

NONE = math.nan


class WeightedMedian(NamedTuple):
    """A weighted median with limits: infinite where one is not reached, NaN where there are too few for limits."""

    median: float
    ci_low: float
    ci_high: float


def weighted_median(values: Floats, weights: Floats, level: float) -> WeightedMedian:
    r"""Return the weighted median, with limits at weighted quantiles :math:`1/2 \mp z / (2 \sqrt k)`.

    A quantile is the least value at which the weights reach its share of them all. Medians that were not reached are
    infinite, and so above all others: their order is all that counts.

    The range of k values covers the median they are drawn about with probability :math:`1 - 2^{1 - k}`. Where that is
    below the level (k < 6 at 0.95) no limits reach it, and there are none.
    """
    half = float(critical(level)) / (2 * math.sqrt(len(values)))
    shares = np.array([0.5, max(0.0, 0.5 - half), min(1.0, 0.5 + half)])
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) / weights.sum()
    places = np.minimum(np.searchsorted(reached, shares - 1e-12), len(values) - 1)
    median, low, high = values[order][places].tolist()
    return WeightedMedian(median, low, high) if len(values) >= fewest(level) else WeightedMedian(median, NONE, NONE)


def fewest(level: float) -> int:
    """Return of how many values the range covers the median at this level."""
    return math.ceil(1 - math.log2(1 - level) - 1e-9)
