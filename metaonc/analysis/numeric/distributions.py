"""Quantiles and tail probabilities from scipy.special, which loads in a fraction of scipy.stats' time."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special

Array = Any  # floats or arrays of floats of any shape


def critical(level: float, df: Array = np.inf) -> Array:
    """Return the two-sided critical value of Student's t with `df` degrees of freedom (normal at infinity)."""
    if not isinstance(level, float):
        return _critical(level, df)
    if isinstance(df, float | int):
        return _one_critical(level, df)
    df = np.asarray(df, float)
    same = df.size > 0 and (df == df.flat[0]).all()
    return np.full(df.shape, _one_critical(level, float(df.flat[0]))) if same else _critical(level, df)


@lru_cache(maxsize=1024)
def _one_critical(level: float, df: float) -> float:
    return float(_critical(level, df))  # asked for several times by one pool, and by each of a batch


def _critical(level: float, df: Array) -> Array:
    tail = (1 + level) / 2
    df = np.asarray(df, float)
    if np.isinf(df).all():
        return special.ndtri(tail) * np.ones_like(df)
    return np.where(np.isinf(df), special.ndtri(tail), _t_quantile(np.where(np.isinf(df), 1.0, df), tail))


def _t_quantile(df: Array, probability: float) -> Array:
    t = special.stdtrit(df, probability)
    above = special.stdtr(df, t) - probability
    if not np.any(above):
        return t
    # scipy before 1.17 is off by up to 2.5e-11 of the quantile: one step of Newton's mends the last digits
    with np.errstate(over="ignore"):  # of hardly any degrees of freedom: the density then is 0, and t stays
        density = (1 + t * t / df) ** (-(df + 1) / 2) / (np.sqrt(df) * special.beta(0.5, df / 2))
    return t - np.divide(above, density, out=np.zeros_like(t), where=density > 0)


def to_error(estimate: Array, se: Array) -> Array:
    """Return estimates over their standard errors; NaN by an error of 0, which is rounding's and tests nothing."""
    se = np.asarray(se, float)
    there = se > 0
    if np.count_nonzero(there) == se.size:
        return estimate / se
    return np.divide(estimate, se, out=np.full(se.shape, np.nan), where=there)


def two_sided_p(statistic: Array, df: Array = np.inf) -> Array:
    """Return the two-sided p-value of a statistic that is Student's t with `df` degrees of freedom."""
    x = -np.abs(statistic)
    if isinstance(df, float | int):
        return 2 * (special.ndtr(x) if math.isinf(df) else special.stdtr(df, x))
    df = np.asarray(df, float)
    if np.isinf(df).all():
        return 2 * special.ndtr(x)
    return 2 * np.where(np.isinf(df), special.ndtr(x), special.stdtr(np.where(np.isinf(df), 1.0, df), x))


def chi2_p(q: Array, df: Array) -> Array:
    """Return the upper tail of the chi-square distribution; 1 where there are no degrees of freedom."""
    if np.ndim(df) == 0:
        return special.chdtrc(df, np.maximum(q, 0.0)) if df > 0 else np.ones_like(q)
    df = np.asarray(df, float)
    return np.where(df > 0, special.chdtrc(np.where(df > 0, df, 1.0), np.maximum(q, 0.0)), 1.0)


def chi2_quantile(probability: Array, df: Array) -> Array:
    """Return the quantile of the chi-square distribution below which `probability` lies."""
    return special.chdtri(df, 1 - np.asarray(probability, float))


def f_quantile(probability: Array, df1: Array, df2: Array) -> Array:
    """Return the quantile of the F distribution below which `probability` lies."""
    return special.fdtri(df1, df2, probability)


def f_p(f: Array, df1: Array, df2: Array) -> Array:
    """Return the upper tail of the F distribution."""
    return special.fdtrc(df1, df2, np.maximum(f, 0.0))
