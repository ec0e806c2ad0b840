"""Intervals of a count, and whether printed limits are those of one: exact, score, Wald and others, at any level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ....base.digits import fixed, percentage
from ..rows import Number

LEVELS = (0.95, 0.90, 0.80, 0.99, 0.98)


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a proportion: its name, and (events, n, level) -> its limits in percent."""

    name: str
    limits: Callable[[Any, Any, float], tuple[Any, Any]]


def normal_quantile(level: float) -> float:
    """Return the two-sided critical value of the standard normal distribution."""
    return float(special.ndtri((1 + level) / 2))


def _beta(add: float) -> Callable[[Any, Any, float], tuple[Any, Any]]:
    def limits(x: Any, n: Any, level: float) -> tuple[Any, Any]:
        tail = (1 - level) / 2
        x, n = np.asarray(x, float), np.asarray(n, float)
        low = special.betaincinv(np.maximum(x + add, 0.5), n - x + 1 - add, tail)
        high = special.betaincinv(x + 1 - add, np.maximum(n - x + add, 0.5), 1 - tail)
        return 100 * np.where(x > 0, low, 0.0), 100 * np.where(x < n, high, 1.0)

    return limits


def _wilson(x: Any, n: Any, level: float) -> tuple[Any, Any]:
    z = normal_quantile(level)
    p, size = np.asarray(x, float) / n, n + z * z
    half = z * np.sqrt(n * p * (1 - p) + z * z / 4) / size
    centre = (x + z * z / 2) / size
    return 100 * np.maximum(centre - half, 0), 100 * np.minimum(centre + half, 1)


def _wilson_corrected(x: Any, n: Any, level: float) -> tuple[Any, Any]:
    z = normal_quantile(level)
    p = np.asarray(x, float) / n
    down = z * np.sqrt(np.maximum(z * z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1), 0))
    up = z * np.sqrt(np.maximum(z * z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1), 0))
    low = (2 * n * p + z * z - 1 - down) / (2 * (n + z * z))
    high = (2 * n * p + z * z + 1 + up) / (2 * (n + z * z))
    return 100 * np.where(p > 0, np.maximum(low, 0), 0.0), 100 * np.where(p < 1, np.minimum(high, 1), 1.0)


def _wald(x: Any, n: Any, level: float) -> tuple[Any, Any]:
    p = np.asarray(x, float) / n
    half = normal_quantile(level) * np.sqrt(p * (1 - p) / n)
    return 100 * np.maximum(p - half, 0), 100 * np.minimum(p + half, 1)


def _agresti_coull(x: Any, n: Any, level: float) -> tuple[Any, Any]:
    z = normal_quantile(level)
    return _wald(x + z * z / 2, n + z * z, level)


INTERVALS = (
    Interval("exact (Clopper-Pearson)", _beta(0.0)),
    Interval("Wilson", _wilson),
    Interval("Wald", _wald),
    Interval("Agresti-Coull", _agresti_coull),
    Interval("Jeffreys", _beta(0.5)),
    Interval("Wilson with continuity correction", _wilson_corrected),
)
EXACT = INTERVALS[0]


def fits(interval: Interval, x: Any, n: Any, level: float, printed: tuple[Number, Number]) -> Any:
    """Tell for which counts both limits of an interval print as they are printed; `x` and `n` broadcast."""
    low, high = interval.limits(x, n, level)
    return np.logical_and(*(_prints(p, v) for p, v in zip(printed, (low, high), strict=True)))


def _prints(printed: Number, values: Any) -> Any:
    return np.abs(values - printed.value) <= printed.half + 1e-9


def said(interval: Interval, x: int, n: int, level: float, decimals: int) -> str:
    """Return the limits of a count as they would print."""
    low, high = interval.limits(x, n, level)
    return "-".join(fixed(max(decimals, 0), ends=percentage.ends).of(float(low), float(high)))
