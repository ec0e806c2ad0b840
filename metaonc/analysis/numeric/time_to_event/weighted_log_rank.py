"""Weighted log-rank tests of two samples and the largest of several of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from ..product_limit import Floats, Sample


class WeightedTests(NamedTuple):
    """Weighted observed minus expected events of treatment by m weights, (m,), and their covariance, (m, m)."""

    u: Floats
    cov: Floats


def weighted_tests(treatment: Sample, control: Sample, powers: Floats) -> WeightedTests:
    r"""Return Fleming and Harrington's tests with weights :math:`S(u-)^\rho (1 - S(u-))^\gamma` of the pooled curve.

    Parameters
    ----------
    treatment, control
        Patients.
    powers
        Rows of rho and gamma, shape (m, 2).
    """
    at = np.unique(np.concatenate([s.time[s.event] for s in (treatment, control)]))
    d1, d0 = (_events(s, at) for s in (treatment, control))
    n1, n0 = (s.n_risk(at).astype(float) for s in (treatment, control))
    d, n = d1 + d0, n1 + n0
    before = np.append(1.0, np.cumprod((n - d) / n)[:-1])
    w = before ** powers[:, :1] * (1 - before) ** powers[:, 1:]
    share = n1 / n
    spread = d * share * (1 - share) * np.divide(n - d, n - 1, out=np.zeros_like(n), where=n > 1)
    return WeightedTests(w @ (d1 - d * share), (w * spread) @ w.T)


def _events(sample: Sample, at: Floats) -> Floats:
    died = sample.time[sample.event]
    return (np.searchsorted(died, at, side="right") - np.searchsorted(died, at)).astype(float)


POINTS = 2**14  # of the lattice, a shift
SHIFTS = 12
PRIMES = np.array([2.0, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37])
DEPENDENT = 1e-9  # of a variance of 1: less is rounding


def largest_p(z: float, correlation: Floats) -> float:
    r"""Return the probability that the largest of correlated standard normal variables exceeds `z` in size.

    .. math:: P = \sum_j P(|Z_j| > z) \, P(|Z_i| \le z, i < j \mid |Z_j| > z)

    of which the first factors are known and the second ones integrated, by Genz's transformation to the unit cube and a
    shifted Kronecker sequence, the same one at each call. So the error is relative, in the tail too, and the result
    is not below the probability of one variable nor above the sum of all. Variables may be combinations of others, as
    the log-rank test is of the two that weight early and late events.

    Parameters
    ----------
    z
        Above 0.
    correlation
        Shape (m, m).
    """
    single = float(2 * special.ndtr(-z))
    if single == 0:
        return 0.0
    shares = [
        _first_beyond(z, correlation[np.ix_(own, own)]) for own in ([j, *range(j)] for j in range(len(correlation)))
    ]
    return min(single * sum(shares), 1.0)


def _first_beyond(z: float, correlation: Floats) -> float:
    """Return the probability that all variables but the first lie within z, given that the first does not."""
    if len(correlation) == 1:
        return 1.0
    root = _root(correlation)
    step = np.modf(np.sqrt(PRIMES[: max(root.shape[1] - 1, 1)]))[0]
    total = 0.0
    for shift in range(SHIFTS):
        u = np.modf(np.arange(1, POINTS + 1)[:, None] * step + (shift + 0.5) / SHIFTS)[0]
        total += float(_inside(z, root, np.abs(2 * u - 1)).mean())
    return total / SHIFTS


def _inside(z: float, root: Floats, u: Floats) -> Floats:
    """Return the probability that all but the first lie within z, given draws of the first above z and of others.

    The first draw is of the first variable, the next are of all independent ones but the last.
    """
    dimensions = root.shape[1]
    last = np.array([np.flatnonzero(row)[-1] for row in root[1:]])
    y = np.zeros((len(u), dimensions))
    y[:, 0] = -special.ndtri(np.maximum(u[:, 0], 1e-15) * special.ndtr(-z))  # signs are alike
    probability = np.full(len(u), 0.0 if (last == 0).any() else 1.0)  # 0 where one is the first itself
    for i in range(1, dimensions):
        low, high = np.full(len(u), -np.inf), np.full(len(u), np.inf)
        for row in root[1:][last == i]:
            middle, half = -(y[:, :i] @ row[:i]) / row[i], z / abs(row[i])
            low, high = np.maximum(low, middle - half), np.minimum(high, middle + half)
        first = special.ndtr(low)
        share = np.maximum(special.ndtr(high) - first, 0.0)
        probability = probability * share
        if i < dimensions - 1:
            y[:, i] = special.ndtri(np.clip(first + u[:, i] * share, 1e-300, 1 - 1e-16))
    return probability


def _root(correlation: Floats) -> Floats:
    """Return L with L L' the correlation, as many columns as there are independent variables: (m, r)."""
    kept: list[int] = []
    root = np.zeros((len(correlation), len(correlation)))
    for i in range(len(correlation)):
        r = len(kept)
        row = np.linalg.solve(root[kept][:, :r], correlation[kept, i]) if kept else np.zeros(0)
        own = correlation[i, i] - float(row @ row)
        root[i, :r] = np.where(np.abs(row) > DEPENDENT, row, 0.0)
        if own > DEPENDENT:
            root[i, r] = np.sqrt(own)
            kept.append(i)
    return root[:, : len(kept)]
