"""Effects between two arms, from the counts of a 2 by 2 table. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Counts = Mapping[str, Any]


def _cells(c: Counts) -> tuple[Any, Any, Any, Any]:
    return c["events_t"], c["n_t"], c["events_c"], c["n_c"]


def log_risk_ratio(c: Counts) -> tuple[Any, Any]:
    """Return the log ratio of risks, treatment to control, and its variance."""
    a, n1, b, n2 = _cells(c)
    return np.log((a / n1) / (b / n2)), (n1 - a) / n1 / a + (n2 - b) / n2 / b


def log_odds_ratio(c: Counts) -> tuple[Any, Any]:
    """Return the log ratio of odds and its variance."""
    a, n1, b, n2 = _cells(c)
    return np.log(a / (n1 - a) / (b / (n2 - b))), 1 / a + 1 / (n1 - a) + 1 / b + 1 / (n2 - b)


def risk_difference(c: Counts) -> tuple[Any, Any]:
    """Return the difference of risks and its variance."""
    a, n1, b, n2 = _cells(c)
    return a / n1 - b / n2, a / n1 * ((n1 - a) / n1) / n1 + b / n2 * ((n2 - b) / n2) / n2


def arcsine_difference(c: Counts) -> tuple[Any, Any]:
    """Return asin(sqrt(p1)) - asin(sqrt(p2)) and its variance."""
    a, n1, b, n2 = _cells(c)
    return np.arcsin(np.sqrt(a / n1)) - np.arcsin(np.sqrt(b / n2)), 1 / (4 * n1) + 1 / (4 * n2)


def peto_log_odds_ratio(c: Counts) -> tuple[Any, Any]:
    """Return Peto's one-step log odds ratio (O - E)/V and 1/V, with the hypergeometric variance V (Yusuf 1985)."""
    a, n1, b, n2 = _cells(c)
    total, events = n1 + n2, a + b
    v = n1 * n2 * events * (total - events) / (total**2 * (total - 1))
    return (a - events * n1 / total) / v, 1 / v
