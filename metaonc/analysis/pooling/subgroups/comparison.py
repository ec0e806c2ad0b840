"""Tests between subgroups."""

from __future__ import annotations

import numpy as np

from ...methods.intervals import CI_METHODS
from ...methods.tau2 import TAU2_METHODS
from ...numeric import wls
from ...numeric.distributions import chi2_p, f_p
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...results.pooled import PooledResult
from ..inverse_variance.result import MetaResult
from .result import indicators


def between(results: list[PooledResult]) -> tuple[float, int, float]:
    """Return the test between subgroups: Q, degrees of freedom, p.

    NaN where an estimate is infinite or certain, and of Bayesian pools: their standard deviations hold the priors too,
    and their posteriors are not normal.
    """
    estimates: Floats = np.array([r.estimate for r in results])
    with np.errstate(divide="ignore"):  # equal effects have a standard error of 0 under Hartung-Knapp
        w: Floats = np.array([r.se for r in results]) ** -2.0
    df = len(results) - 1
    if any(is_bayesian(r) for r in results) or not (np.isfinite(estimates).all() and np.isfinite(w).all()):
        return np.nan, df, np.nan
    q = float((w * (estimates - (w * estimates).sum() / w.sum()) ** 2).sum())
    return q, df, float(chi2_p(q, df))


def is_bayesian(r: PooledResult) -> bool:
    """Return whether a pool is a posterior, which has no standard error."""
    return r.ci == "credible"


def f_test(overall: PooledResult, by: str, names: list[str]) -> tuple[float, float, float]:
    """Return F, its denominator degrees of freedom and p, in the model with one mean a subgroup."""
    s, free = overall.studies, overall.k - len(names)
    asked = isinstance(overall, MetaResult) and CI_METHODS[overall.ci].is_t
    if not asked or overall.method not in TAU2_METHODS or overall.provenance.settings["tau2"] is not None:
        return np.nan, np.nan, np.nan
    if len(names) < 2 or free < 1:
        return np.nan, np.nan, np.nan
    x = indicators(s.data[by], names)
    tau2 = float(TAU2_METHODS[overall.method].estimate(s.yi, s.vi, x))
    fit = wls.fit(weights(s.vi, tau2), s.yi, x)
    cov = CI_METHODS[overall.ci].adjust(fit, free)[0]
    if not np.all(np.diag(cov) > 0):  # equal effects within subgroups leave Hartung and Knapp nothing to scale by
        return np.nan, np.nan, np.nan
    contrast = np.eye(len(names))[1:] - np.eye(len(names))[0]
    apart = contrast @ fit.beta
    f = float(apart @ np.linalg.solve(contrast @ cov @ contrast.T, apart)) / (len(names) - 1)
    return f, float(free), float(f_p(f, len(names) - 1, free))
