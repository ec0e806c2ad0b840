"""Pointwise intervals of a survival curve, and the times by which a share has had the event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ....base.check import Floats
from ....data.curves.fits.median import HALF_TOLERANCE
from ...numeric.normal import normal_critical
from ...numeric.product_limit import Counts


@dataclass(frozen=True, slots=True)
class IntervalType:
    r"""A scale on which the interval of S is symmetric.

    Attributes
    ----------
    meaning
        The interval in words.
    at_one
        Whether it exists where S = 1 (as the point 1).
    band
        Function of S, of :math:`z \sigma` with :math:`\sigma^2 = \sum d / (n (n - d))`, the variance of log S after
        Greenwood; returns the lower and the upper limits.
    """

    meaning: str
    at_one: bool
    band: Callable[[Floats, Floats], tuple[Floats, Floats]]


def _log_log(s: Floats, half: Floats) -> tuple[Floats, Floats]:
    log_s = np.log(s)
    factor = np.exp(half / log_s)  # at most 1, since log S < 0
    return np.exp(log_s / factor), np.exp(log_s * factor)


def _log(s: Floats, half: Floats) -> tuple[Floats, Floats]:
    return s * np.exp(-half), np.minimum(s * np.exp(half), 1.0)


def _plain(s: Floats, half: Floats) -> tuple[Floats, Floats]:
    return np.maximum(s - s * half, 0.0), np.minimum(s + s * half, 1.0)


CI_TYPES = {
    "log-log": IntervalType("symmetric in log(-log S), always within 0 and 1", False, _log_log),
    "log": IntervalType("symmetric in log S, cut at 1; the default of R's survfit", True, _log),
    "plain": IntervalType("symmetric in S, cut at 0 and 1", True, _plain),
}


def greenwood(n_risk: Counts, n_event: Counts) -> Floats:
    r"""Return :math:`\sigma`, the standard error of log S, at each step; infinite from where S = 0."""
    with np.errstate(divide="ignore"):  # where nobody has the event nobody need be at risk
        terms = np.divide(n_event, n_risk * (n_risk - n_event), out=np.zeros(len(n_risk)), where=n_event > 0)
    sigma: Floats = np.sqrt(terms.cumsum())
    return sigma


def pointwise(survival: Floats, sigma: Floats, *, ci: str, level: float) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of S at each step.

    Parameters
    ----------
    survival, sigma
        S and the standard error of log S, shape (k,).
    ci
        A key of `CI_TYPES`.
    level
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    low, high
        Shape (k,); NaN where no interval exists, as in R's survfit: at S = 0 for all types, at S = 1 for "log-log".
    """
    kind = CI_TYPES[ci]
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = kind.band(survival, normal_critical(level) * sigma)
    undefined = (survival <= 0) | ((survival >= 1) & (not kind.at_one))
    low[undefined] = high[undefined] = np.nan
    return low, high


def quantile(time: Floats, curve: Floats, q: float) -> float:
    """Return the time by which a share q has had the event, as R's ``quantile(survfit)``; NaN when it is not reached.

    Where the curve is flat at exactly 1 - q it is the middle of the flat piece, also of the last one.
    """
    risen = 1 - curve
    first = np.sort(np.unique(risen, return_index=True)[1])  # of equal values the first; also of NaN
    at_end = risen[first[-1]]
    known = first[~np.isnan(risen[first])]
    order = known[np.argsort(risen[known], kind="stable")]  # bands may fall back a little
    low, high = (int(np.searchsorted(risen[order] + side, q)) for side in (HALF_TOLERANCE, -HALF_TOLERANCE))
    if low == len(order):
        return float("nan")
    if abs(q - at_end) < HALF_TOLERANCE:  # never true for NaN
        return float((time[order[low]] + time[-1]) / 2)
    return float("nan") if high == len(order) else float((time[order[low]] + time[order[high]]) / 2)
