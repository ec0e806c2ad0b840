"""Many inverse-variance pools at once: arrays in, arrays out. A trial that is not there has an infinite variance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...methods.heterogeneity import heterogeneity
from ...methods.intervals import CI_METHODS
from ...methods.tau2 import TAU2_METHODS, is_common
from ...numeric import wls
from ...numeric.distributions import critical
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats


class Pools(NamedTuple):
    """One number a pool, (m,): estimate, standard error and its degrees of freedom, limits, tau², Q, I² in percent.

    Of one trial alone the standard error is its own, the interval Wald's, and tau² (unless given), Q and I² are 0.
    """

    estimate: Floats
    se: Floats
    df: Floats
    ci_low: Floats
    ci_high: Floats
    tau2: Floats
    q: Floats
    i2: Floats


def pooled_rows(y: Floats, v: Floats, method: str, ci: str, level: float, tau2: float | Floats | None) -> Pools:
    """Pool each row of effects.

    Parameters
    ----------
    y, v
        Effects (k,) or (m, k), finite also where a trial is not there, and sampling variances (m, k).
    method, ci
        Codes in ``TAU2_METHODS`` and ``CI_METHODS``, of those ``from_covariance``.
    level
        Of the intervals.
    tau2
        Variance between trials where it is known from elsewhere, of all pools or (m,); otherwise None.
    """
    y = np.broadcast_to(y, v.shape)
    df = np.isfinite(v).sum(-1) - 1
    several = df > 0
    every = bool(several.all())
    between = np.zeros(len(v)) if tau2 is None else np.full(len(v), tau2, dtype=float)
    if tau2 is None and every:
        between = TAU2_METHODS[method].estimate(y, v, None)
    elif tau2 is None and several.any():
        between[several] = TAU2_METHODS[method].estimate(y[several], v[several], None)
    f = wls.fit(weights(v, between), y)
    with np.errstate(divide="ignore", invalid="ignore"):  # of one trial, which keeps its own
        cov, free = CI_METHODS[ci].adjust(f, np.maximum(df, 1))
    het = heterogeneity(y, v, None, None if is_common(method) and tau2 is None else between)
    q, i2 = het.q, het.i2
    if not every:
        cov = np.where(several, cov, f.cov)
        q, i2 = (np.where(several, part, 0.0) for part in (q, i2))
    se, free = np.sqrt(cov), np.where(several, free, np.inf)
    half = critical(level, free) * se
    return Pools(f.beta, se, free, f.beta - half, f.beta + half, between, q, i2)


def joined(found: list[Pools]) -> Pools:
    """Return the pools of several blocks as one."""
    return found[0] if len(found) == 1 else Pools(*map(np.concatenate, zip(*found, strict=True)))
