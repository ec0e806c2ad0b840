"""Sums over two-arm counts by Mantel and Haenszel, one function a measure, and their tests. Arrays in, numbers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...numeric.distributions import chi2_p
from ...numeric.wls import Floats

Counts = Mapping[str, Any]
Sums = tuple[float, float, Floats]  # estimate, variance, weights


def odds_ratio(c: Counts) -> Sums:
    """Return the log odds ratio, its variance (Robins, Breslow and Greenland 1986) and the weights."""
    a, b, n1, n2 = _cells(c)
    total = n1 + n2
    agree, differ = (a + n2 - b) / total, (b + n1 - a) / total
    r, s = a * (n2 - b) / total, b * (n1 - a) / total
    up, down = r.sum(), s.sum()
    cross = (agree * s + differ * r).sum() / (2 * up * down)
    variance = (agree * r).sum() / (2 * up**2) + cross + (differ * s).sum() / (2 * down**2)
    return np.log(up / down), variance, s


def risk_ratio(c: Counts) -> Sums:
    """Return the log risk ratio, its variance (Greenland and Robins 1985) and the weights."""
    a, b, n1, n2 = _cells(c)
    total = n1 + n2
    up, down = (a * n2 / total).sum(), (b * n1 / total).sum()
    variance = ((n1 * n2 * (a + b) - a * b * total) / total**2).sum() / (up * down)
    return np.log(up / down), variance, b * n1 / total


def risk_difference(c: Counts) -> Sums:
    """Return the risk difference, its variance (Sato, Greenland and Robins 1989) and the weights."""
    a, b, n1, n2 = _cells(c)
    total = n1 + n2
    weights = n1 * n2 / total
    estimate = ((a * n2 - b * n1) / total).sum() / weights.sum()
    skew = ((n1**2 * b - n2**2 * a + n1 * n2 * (n2 - n1) / 2) / total**2).sum()
    spread = ((a * (n2 - b) + b * (n1 - a)) / (2 * total)).sum()
    return estimate, (estimate * skew + spread) / weights.sum() ** 2, weights


def rate_ratio(c: Counts) -> Sums:
    """Return the log rate ratio, its variance (Greenland and Robins 1985) and the weights."""
    x1, x2, t1, t2 = _cells(c)
    total = t1 + t2
    up, down = (x1 * t2 / total).sum(), (x2 * t1 / total).sum()
    return np.log(up / down), ((x1 + x2) * t1 * t2 / total**2).sum() / (up * down), x2 * t1 / total


def rate_difference(c: Counts) -> Sums:
    """Return the rate difference, its variance (Greenland and Robins 1985) and the weights."""
    x1, x2, t1, t2 = _cells(c)
    weights = t1 * t2 / (t1 + t2)
    estimate = (weights * (x1 / t1 - x2 / t2)).sum() / weights.sum()
    return estimate, (weights**2 * (x1 / t1**2 + x2 / t2**2)).sum() / weights.sum() ** 2, weights


def cochran_mantel_haenszel(c: Counts) -> tuple[float, float]:
    """Return the sum of observed minus expected events of treatment, and its hypergeometric variance."""
    a, b, n1, n2 = _cells(c)
    total, events = n1 + n2, a + b
    excess = a - events * n1 / total
    return float(excess.sum()), float((n1 * n2 * events * (total - events) / (total**2 * (total - 1))).sum())


def mantel_haenszel_rates(c: Counts) -> tuple[float, float]:
    """Return the sum of observed minus expected events of treatment, and its binomial variance."""
    x1, x2, t1, t2 = _cells(c)
    total, events = t1 + t2, x1 + x2
    return float((x1 - events * t1 / total).sum()), float((events * t1 * t2 / total**2).sum())


def _cells(c: Counts) -> tuple[Any, Any, Any, Any]:
    """Return events of treatment and control, then their patients or times."""
    x1, n1, x2, n2 = c.values()
    return x1, x2, n1, n2


@dataclass(frozen=True, slots=True)
class Method:
    """How a measure is pooled: sums of the counts, and those of its test of no association where it has one."""

    pool: Callable[[Counts], Sums]
    association: Callable[[Counts], tuple[float, float]] | None = None


METHODS = {
    "OR": Method(odds_ratio, cochran_mantel_haenszel),
    "RR": Method(risk_ratio),
    "RD": Method(risk_difference),
    "IRR": Method(rate_ratio, mantel_haenszel_rates),
    "IRD": Method(rate_difference),
}


def association(excess: float, variance: float) -> tuple[float, float]:
    """Return the chi-square of no association with one degree of freedom, continuity corrected, and its p-value.

    Half an event is taken off the deviation where it is at least that, as R's ``mantelhaen.test`` does.
    """
    if variance == 0:
        return np.nan, np.nan
    size = abs(excess)
    q = (size - 0.5 * (size >= 0.5)) ** 2 / variance
    return q, float(chi2_p(q, 1))


def tarone(c: Counts, log_odds: float) -> tuple[float, int, float]:
    """Return Tarone's (1985) test that odds ratios are one: chi-square, degrees of freedom, p-value.

    Tables in which all patients have one outcome say nothing, and are left out.
    """
    a, b, n1, n2 = _cells(c)
    events = a + b
    mixed = (events > 0) & (events < n1 + n2)
    a, n1, n2, events = a[mixed], n1[mixed], n2[mixed], events[mixed]
    expected = expected_events(n1, n2, events, np.exp(log_odds))
    v = 1 / (1 / expected + 1 / (n1 - expected) + 1 / (events - expected) + 1 / (n2 - events + expected))
    excess = a - expected
    q = float((excess**2 / v).sum() - excess.sum() ** 2 / v.sum())
    df = len(a) - 1
    return max(q, 0.0), df, float(chi2_p(q, df))


def expected_events(n1: Floats, n2: Floats, events: Floats, odds_ratio: float) -> Any:
    """Return the events of treatment that tables with these margins have at an odds ratio.

    The root of (1 - r) x² + (r (n1 + m) + n2 - m) x - r n1 m = 0 between the bounds of x, in the form in which no
    digits cancel.
    """
    square, linear = 1 - odds_ratio, odds_ratio * (n1 + events) + n2 - events
    constant = odds_ratio * n1 * events
    root = np.sqrt(linear**2 + 4 * square * constant)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(linear >= 0, 2 * constant / (linear + root), (root - linear) / (2 * square))
