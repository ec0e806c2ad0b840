"""Events in one cell of a table of two arms, given all margins and an odds ratio (Fisher's noncentral distribution)."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import gammaln


def moments(events: int, n_t: int, n_c: int, odds_ratio: float) -> tuple[float, float]:
    """Return mean and variance of the events of the treated, given the events of both arms."""
    x = np.arange(max(0, events - n_c), min(events, n_t) + 1, dtype=float)
    logs = _log_choose(n_t, x) + _log_choose(n_c, events - x) + x * math.log(odds_ratio)
    shares = np.exp(logs - logs.max())
    shares /= shares.sum()
    mean = float(shares @ x)
    return mean, float(shares @ (x - mean) ** 2)


def _log_choose(n: int, x: np.ndarray) -> np.ndarray:
    return gammaln(n + 1.0) - gammaln(x + 1.0) - gammaln(n - x + 1.0)
