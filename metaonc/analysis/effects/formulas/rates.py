"""Incidence rates, of one arm or between two, from events and person-time. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

Counts = Mapping[str, Any]


def raw(c: Counts) -> tuple[Any, Any]:
    """Return the rate x/t and x/t²."""
    x, t = c["events"], c["time"]
    return x / t, x / t**2


def log(c: Counts) -> tuple[Any, Any]:
    """Return log(x/t) and 1/x."""
    x, t = c["events"], c["time"]
    return np.log(x / t), 1 / x


def square_root(c: Counts) -> tuple[Any, Any]:
    """Return sqrt(x/t) and 1/(4t)."""
    x, t = c["events"], c["time"]
    return np.sqrt(x / t), 1 / (4 * t)


def freeman_tukey(c: Counts) -> tuple[Any, Any]:
    """Return (sqrt(x/t) + sqrt((x+1)/t))/2, the transform of Freeman and Tukey (1950) halved, and 1/(4t)."""
    x, t = c["events"], c["time"]
    return (np.sqrt(x / t) + np.sqrt((x + 1) / t)) / 2, 1 / (4 * t)


def freeman_tukey_inverse(y: Any, time: Any) -> Any:
    """Return the rate whose Freeman-Tukey transform is y at this person-time; 0 where y lies below that of no event.

    From sqrt(r) + sqrt(r + 1/t) = 2y follows sqrt(r) = y - 1/(4ty).
    """
    y, time = np.asarray(y, float), np.asarray(time, float)
    with np.errstate(divide="ignore"):
        root = y - 1 / (4 * time * y)
    return np.where(2 * y <= 1 / np.sqrt(time), 0.0, root**2)


def log_ratio(c: Counts) -> tuple[Any, Any]:
    """Return the log ratio of rates, treatment to control, and 1/x1 + 1/x2."""
    x1, t1, x2, t2 = _two(c)
    return np.log((x1 / t1) / (x2 / t2)), 1 / x1 + 1 / x2


def difference(c: Counts) -> tuple[Any, Any]:
    """Return the difference of rates and its variance."""
    x1, t1, x2, t2 = _two(c)
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


def square_root_difference(c: Counts) -> tuple[Any, Any]:
    """Return sqrt(x1/t1) - sqrt(x2/t2) and its variance."""
    x1, t1, x2, t2 = _two(c)
    return np.sqrt(x1 / t1) - np.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


def _two(c: Counts) -> tuple[Any, Any, Any, Any]:
    return c["events_t"], c["time_t"], c["events_c"], c["time_c"]
