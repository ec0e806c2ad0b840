"""Confidence limits from bootstrap draws. Arrays in, arrays out."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from ...numeric.wls import Floats


def quantiles(draws: Floats, shares: Any) -> Floats:
    """Return quantiles of draws, interpolated between order statistics on the scale of the normal distribution.

    Shares beyond the outermost order statistics, 1/(n + 1) and n/(n + 1), have these.

    Parameters
    ----------
    draws
        (n,).
    shares
        Of the draws that are to lie below, (m,); NaN gives NaN.
    """
    t, n = np.sort(draws), len(draws)
    shares = np.asarray(shares, dtype=float)
    inside = np.clip(np.nan_to_num(shares, nan=0.5), 1 / (n + 1), n / (n + 1))
    k = np.clip(np.floor((n + 1) * inside * (1 + 1e-14)).astype(int), 1, n - 1)
    low, high, at = ndtri(k / (n + 1)), ndtri((k + 1) / (n + 1)), ndtri(inside)
    found = t[k - 1] + (at - low) / (high - low) * (t[k] - t[k - 1])
    return np.where(np.isnan(shares), np.nan, found)


def percentile(draws: Floats, level: float) -> Floats:
    """Return the percentile limits, (2,)."""
    tail = (1 - level) / 2
    return quantiles(draws, [tail, 1 - tail])


def bca(draws: Floats, estimate: float, without: Floats, level: float) -> Floats:
    r"""Return the limits that are corrected for bias and accelerated (Efron 1987), (2,); NaN where there are none.

    With :math:`z_0 = \Phi^{-1}(\#\{t^* < t\} / n)` and the acceleration a of the estimates without each trial,

    .. math:: \alpha = \Phi\left(z_0 + \frac{z_0 + z_{\alpha}}{1 - a (z_0 + z_{\alpha})}\right)

    Parameters
    ----------
    draws
        (n,).
    estimate
        Of the data.
    without
        Estimates without each trial, (k,).
    level
        Of the limits.
    """
    z0 = float(ndtri((draws < estimate).mean()))
    d = without.mean() - without
    size = float((d * d).sum())
    if not np.isfinite(z0) or not size > 0:
        return np.full(2, np.nan)
    a = float((d**3).sum()) / (6 * size**1.5)
    z = z0 + ndtri(np.array([(1 - level) / 2, (1 + level) / 2]))
    return quantiles(draws, ndtr(z0 + z / (1 - a * z)))
