"""How many trials are missing on one side of a funnel: trimming by ranks (Duval and Tweedie 2000)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ....errors import ConvergenceError, DataError
from ..wls import Floats

Centre = Callable[[Floats, Floats], float]  # (effects, variances) -> their pooled effect


class Missing(NamedTuple):
    """An estimate of the number of trials that are missing: before rounding, and its standard error."""

    number: float
    se: float


class Trimmed(NamedTuple):
    """Trials missing on the left: how many, the standard error, and the centre and order that tell which.

    Attributes
    ----------
    k0, se
        Number of trials that are missing, and the standard error of its estimate.
    centre
        Pooled effect of the trials that are left.
    order
        Rows by effect; the last `k0` of them are those whose mirror images are missing.
    """

    k0: int
    se: float
    centre: float
    order: np.ndarray


def rank_sum(signed: Floats) -> float:
    """Return the sum of the ranks of effects above the centre."""
    return float(signed[signed > 0].sum())


def spread(k: int, m: float) -> float:
    """Return the standard deviation of that sum with m trials missing; NaN where the estimate m is too far below 0."""
    square = k * (k + 1) * (2 * k + 1) + 10 * m**3 + 27 * m**2 + 17 * m - 18 * k * m**2 - 18 * k * m + 6 * k**2 * m
    return math.sqrt(square / 24) if square > 0 else math.nan


def r0(signed: Floats) -> Missing:
    """Return the estimate by the longest run of extreme effects on one side."""
    k = len(signed)
    below = -signed[signed < 0]
    number = k - (float(below.max()) if len(below) else 0.0) - 1
    return Missing(number, math.sqrt(2 * max(0.0, number) + 2))


def l0(signed: Floats) -> Missing:
    """Return the estimate that is linear in the rank sum."""
    k = len(signed)
    number = (4 * rank_sum(signed) - k * (k + 1)) / (2 * k - 1)
    return Missing(number, 4 * spread(k, number) / (2 * k - 1))


def q0(signed: Floats) -> Missing:
    """Return the estimate that solves the expectation of the rank sum, a square."""
    k = len(signed)
    square = 2 * k**2 - 4 * rank_sum(signed) + 0.25
    if square < 0:
        raise DataError("Q0 has no solution for these trials, so one-sided are they; use estimator='L0' or 'R0'.")
    number = k - 0.5 - math.sqrt(square)
    slope = (k - 0.5) ** 2 - number * (2 * k - number - 1)
    return Missing(number, 2 * spread(k, number) / math.sqrt(slope) if slope > 0 else math.nan)


def trim(y: Floats, v: Floats, estimate: Callable[[Floats], Missing], centre: Centre, steps: int = 100) -> Trimmed:
    """Trim the largest effects until as many are cut off as are estimated to be missing on the left.

    Raises
    ------
    DataError
        When ``q0`` has no solution.
    ConvergenceError
        When the number goes round in a circle.
    """
    order = np.argsort(y, kind="stable")
    y, v = y[order], v[order]
    k, k0 = len(y), 0
    for _ in range(steps):
        middle = centre(y[: k - k0], v[: k - k0])
        away = y - middle
        ranks = np.empty(k)
        ranks[np.argsort(np.abs(away), kind="stable")] = np.arange(1, k + 1)
        missing = estimate(np.sign(away) * ranks)
        new = max(0, round(missing.number))
        if new == k0:
            return Trimmed(k0, missing.se, middle, order)
        k0 = new
    raise ConvergenceError(
        "the number of missing trials goes round in a circle and settles nowhere: another estimator= may settle."
    )
