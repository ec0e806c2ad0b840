"""Pools of many subsets of the same trials, in blocks of bounded size. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..methods.heterogeneity import heterogeneity
from ..methods.intervals import CI_METHODS
from ..methods.tau2 import TAU2_METHODS, is_common
from ..numeric import wls
from ..numeric.distributions import critical
from ..numeric.normal_likelihood import weights
from ..numeric.wls import Floats

NUMBERS = 1_000_000  # in a block of subsets: a few arrays of this size are all the memory it takes


class SubsetPools(NamedTuple):
    """One number a subset, (m,): estimate, standard error and its degrees of freedom, limits, tau², Q, I² in percent.

    Of a subset of one trial the standard error is its own, the interval Wald's, and tau² (unless given), Q and I² are
    0.
    """

    estimate: Floats
    se: Floats
    df: Floats
    ci_low: Floats
    ci_high: Floats
    tau2: Floats
    q: Floats
    i2: Floats


def pools(
    y: Floats,
    v: Floats,
    members: Callable[[Any], Any],
    method: str,
    ci: str,
    level: float,
    tau2: float | None,
    count: int | None = None,
) -> SubsetPools:
    """Pool each of many subsets of k trials.

    Parameters
    ----------
    y, v
        Effects and sampling variances, (k,).
    members
        Numbers of subsets (m, 1) -> the trials that are in each, (m, k).
    method, ci
        Codes in ``TAU2_METHODS`` and ``CI_METHODS``, of those ``from_covariance``.
    level
        Of the intervals.
    tau2
        Variance between trials where it is known from elsewhere; otherwise None.
    count
        How many subsets; k when None.
    """
    size, count = max(NUMBERS // len(y), 1), len(y) if count is None else count
    blocks = (np.arange(start, min(start + size, count)) for start in range(0, count, size))
    found = [_block(y, v, members(numbers[:, None]), method, ci, level, tau2) for numbers in blocks]
    return found[0] if len(found) == 1 else SubsetPools(*map(np.concatenate, zip(*found, strict=True)))


def _block(
    y: Floats, v: Floats, inside: NDArray[np.bool_], method: str, ci: str, level: float, tau2: float | None
) -> SubsetPools:
    v = np.where(inside, v, np.inf)  # a trial that is out has no weight
    y = np.broadcast_to(y, v.shape)
    df = inside.sum(-1) - 1
    several = df > 0
    between = np.zeros(len(v)) if tau2 is None else np.full(len(v), float(tau2))
    if tau2 is None and several.any():
        between[several] = TAU2_METHODS[method].estimate(y[several], v[several], None)
    f = wls.fit(weights(v, between), y)
    with np.errstate(divide="ignore", invalid="ignore"):  # of one trial, which keeps its own
        cov, free = CI_METHODS[ci].adjust(f, np.maximum(df, 1))
    se = np.sqrt(np.where(several, cov, f.cov))
    free = np.where(several, free, np.inf)
    half = critical(level, free) * se
    het = heterogeneity(y, v, None, None if is_common(method) and tau2 is None else between)
    q, i2 = (np.where(several, part, 0.0) for part in (het.q, het.i2))
    return SubsetPools(f.beta, se, free, f.beta - half, f.beta + half, between, q, i2)
