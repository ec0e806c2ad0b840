"""Effects of one arm: a proportion, on the scale where it is pooled. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

Counts = Mapping[str, Any]


def raw(c: Counts) -> tuple[Any, Any]:
    """Return p and p(1-p)/n."""
    x, n = c["events"], c["n"]
    return x / n, x / n * ((n - x) / n) / n  # not 1 - p, which has few digits where nearly all respond


def log(c: Counts) -> tuple[Any, Any]:
    """Return log p and 1/x - 1/n."""
    x, n = c["events"], c["n"]
    return np.log(x / n), (n - x) / n / x


def logit(c: Counts) -> tuple[Any, Any]:
    """Return log(x/(n-x)) and 1/x + 1/(n-x)."""
    x, n = c["events"], c["n"]
    return np.log(x / (n - x)), 1 / x + 1 / (n - x)


def arcsine(c: Counts) -> tuple[Any, Any]:
    """Return asin(sqrt(p)) and 1/(4n)."""
    x, n = c["events"], c["n"]
    return np.arcsin(np.sqrt(x / n)), 1 / (4 * n)


def freeman_tukey(c: Counts) -> tuple[Any, Any]:
    """Return the double arcsine of Freeman and Tukey (1950), halved, and 1/(4n+2)."""
    x, n = c["events"], c["n"]
    y = 0.5 * (np.arcsin(np.sqrt(x / (n + 1))) + np.arcsin(np.sqrt((x + 1) / (n + 1))))
    return y, 1 / (4 * n + 2)


def freeman_tukey_inverse(y: Any, n: Any) -> Any:
    """Return the proportion whose double arcsine is y in a sample of n, by Miller's (1978) closed form.

    Limits of an interval can lie beyond the transform of 0 or n; they become 0 and 1.
    """
    y, n = np.asarray(y, float), np.asarray(n, float)
    low, high = (freeman_tukey({"events": edge, "n": n})[0] for edge in (np.zeros_like(n), n))
    s, c = np.sin(2 * y), np.cos(2 * y)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 0.5 * (1 - np.sign(c) * np.sqrt(np.maximum(1 - (s + (s - 1 / s) / n) ** 2, 0.0)))
    return np.where(y <= low, 0.0, np.where(y >= high, 1.0, p))


def exact_interval(events: Any, n: Any, level: float) -> tuple[Any, Any]:
    """Return the exact interval of Clopper and Pearson, [0, 1] scale.

    Its limits are quantiles of beta distributions; 0 responders have the lower limit 0, n of n the upper limit 1.
    """
    x, n = np.asarray(events, float), np.asarray(n, float)
    tail = (1 - level) / 2
    low = np.where(x > 0, special.betaincinv(np.maximum(x, 1), n - x + 1, tail), 0.0)
    high = np.where(x < n, special.betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail), 1.0)
    return low, high
