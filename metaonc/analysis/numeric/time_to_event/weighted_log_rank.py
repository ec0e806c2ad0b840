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
    """Return the probability that the largest of correlated standard normal variables exceeds `z` in size.

    By Genz's transformation to the unit cube and a shifted Kronecker sequence, the same one at each call: accurate to
    2e-5 for up to six variables, and to 6e-5 for eight. Variables may be combinations of others, as the log-rank
    test is of the two that weight early and late events.

    Parameters
    ----------
    z
        Above 0.
    correlation
        Shape (m, m).
    """
    root = _root(correlation)
    dimensions = root.shape[1]
    if dimensions == 1:
        return float(2 * special.ndtr(-z))
    step = np.modf(np.sqrt(PRIMES[: dimensions - 1]))[0]
    total = 0.0
    for shift in range(SHIFTS):
        u = np.modf(np.arange(1, POINTS + 1)[:, None] * step + (shift + 0.5) / SHIFTS)[0]
        total += float(_inside(z, root, np.abs(2 * u - 1)).mean())
    return min(max(1 - total / SHIFTS, 0.0), 1.0)


def _inside(z: float, root: Floats, u: Floats) -> Floats:
    """Return the probability that all lie within z, given the draws of all independent variables but the last."""
    dimensions = root.shape[1]
    last = np.array([np.flatnonzero(row)[-1] for row in root])
    y = np.zeros((len(u), dimensions))
    probability = np.ones(len(u))
    for i in range(dimensions):
        low, high = np.full(len(u), -np.inf), np.full(len(u), np.inf)
        for row in root[last == i]:
            middle, half = -(y[:, :i] @ row[:i]) / row[i], z / abs(row[i])
            low, high = np.maximum(low, middle - half), np.minimum(high, middle + half)
        first = special.ndtr(low)
        share = np.maximum(special.ndtr(high) - first, 0.0)
        probability = probability * share
        if i < u.shape[1]:
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
