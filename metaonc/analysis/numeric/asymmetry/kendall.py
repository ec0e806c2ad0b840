"""Kendall's rank correlation, with its exact distribution where no values are tied."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..distributions import two_sided_p
from ..wls import Floats

MOST = 400  # pairs of values up to which the exact distribution is made: its cost grows with their third power


class Kendall(NamedTuple):
    """A rank correlation.

    Attributes
    ----------
    tau
        Kendall's tau-b.
    score, se
        Concordant less discordant pairs, and the standard error of that without correlation.
    p
        Two-sided p-value.
    exact
        Whether p is of the exact distribution; else it is of the normal one, without a correction for continuity.
    """

    tau: float
    score: float
    se: float
    p: float
    exact: bool


def kendall(x: Floats, y: Floats, exact: bool | None = None) -> Kendall:
    """Return the rank correlation of x and y, (k,).

    `exact` None takes the exact distribution where there are no ties and no more than `MOST` pairs.
    """
    a, b = (np.sign(values[:, None] - values) for values in (x, y))
    k = len(x)
    score = float((a * b).sum() / 2)
    pairs = [float(np.abs(signs).sum() / 2) for signs in (a, b)]
    tau = score / math.sqrt(pairs[0] * pairs[1]) if min(pairs) > 0 else math.nan
    se = math.sqrt(_variance(x, y))
    untied = min(pairs) == k * (k - 1) / 2
    by_count = untied and k <= MOST if exact is None else exact
    if by_count:
        return Kendall(tau, score, se, _exact_p(score, k), True)
    return Kendall(tau, score, se, float(two_sided_p(score / se)) if se > 0 else math.nan, False)


def is_tied(x: Floats) -> bool:
    """Return whether two of the values are the same."""
    return len(np.unique(x)) < len(x)


def _variance(x: Floats, y: Floats) -> float:
    """Return the variance of the score without correlation, ties allowed for (Kendall's formula)."""
    k = len(x)
    t, u = (np.unique(values, return_counts=True)[1].astype(float) for values in (x, y))
    every = k * (k - 1) * (2 * k + 5)
    own = [(n * (n - 1) * (2 * n + 5)).sum() for n in (t, u)]
    double = [(n * (n - 1)).sum() for n in (t, u)]
    triple = [(n * (n - 1) * (n - 2)).sum() for n in (t, u)]
    variance = (every - own[0] - own[1]) / 18 + double[0] * double[1] / (2 * k * (k - 1))
    return float(variance + triple[0] * triple[1] / (9 * k * (k - 1) * (k - 2))) if k > 2 else float(variance)


def _exact_p(score: float, k: int) -> float:
    """Return twice the probability of a score this far out.

    Discordant pairs of k untied values are distributed as the sum of independent uniform numbers 0 to i - 1, i = 1 to
    k. The lower tail alone is made, in which the shares grow, so that small p-values keep their digits.
    """
    most = k * (k - 1) // 2
    far = min(round((most + score) / 2), round((most - score) / 2))
    shares = np.zeros(far + 1)
    shares[0] = 1.0
    for i in range(2, k + 1):
        sums = np.cumsum(shares)
        sums[i:] -= sums[:-i].copy() if far + 1 > i else 0.0
        shares = sums / i
    return min(1.0, 2 * float(shares.sum()))
