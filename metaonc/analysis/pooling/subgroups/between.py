r"""The tests between subgroups: F with one tau², which holds its size with few trials, and the chi-square of R's meta.

Chi-square of pooled estimates over their standard errors takes these as known. With two or three trials a subgroup they
are not: its size at 5 % is then 12 to 20 % under Hartung-Knapp standard errors (docs/test_sizes.md). In the model with
one mean a subgroup and one tau²

.. math:: F = \frac{1}{G-1} \sum_g \frac{(\hat\mu_g - \bar\mu)^2}{s^2 v_g}, \quad
          s^2 = \frac{1}{k - G} \sum_i w_i (y_i - \hat\mu_{g(i)})^2

has G - 1 and k - G degrees of freedom (Knapp and Hartung 2003, doi:10.1002/sim.1482).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from ...methods.tau2 import TAU2_METHODS
from ...numeric import wls
from ...numeric.distributions import chi2_p, f_p
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...results.pooled import Compared, PooledResult


class FTest(NamedTuple):
    """F between subgroups, its denominator degrees of freedom and p; the scale s²; and F and p with s² at least 1."""

    f: float
    df: float
    p: float
    scale: float
    floor: float
    floor_p: float


NONE = FTest(*[np.nan] * 6)


class OneTau2(NamedTuple):
    """The model with one mean a subgroup and one tau².

    Attributes
    ----------
    mean, variance
        Of each subgroup, (G,); variances by the sampling variances and tau² as they are.
    scale, df
        s² and k - G; s² is NaN where no degrees of freedom are left.
    tau2
        The variance between trials.
    """

    mean: Floats
    variance: Floats
    scale: float
    df: int
    tau2: float


def one_tau2(parts: Iterable[PooledResult], overall: PooledResult) -> OneTau2 | None:
    """Return the model over all rows of the subgroups.

    None where F is not the test of such pools, a pool is infinite, or each subgroup has one row.
    """
    parts = list(parts)
    rows = [c for c in (part.compared for part in parts) if c is not None]
    whole, sizes = overall.compared, [len(c.yi) for c in rows]
    finite = all(np.isfinite(part.estimate) for part in parts)
    if whole is None or len(rows) < len(parts) or not finite or sum(sizes) == len(sizes):
        return None
    return fit(np.concatenate([c.yi for c in rows]), np.concatenate([c.vi for c in rows]), sizes, whole)


def fit(y: Floats, v: Floats, sizes: list[int], how: Compared) -> OneTau2:
    """Return the model of rows that are ordered by subgroup; `how` names the estimator of tau², or gives it."""
    x = np.repeat(np.eye(len(sizes)), sizes, axis=0)
    tau2 = float(TAU2_METHODS[how.method].estimate(y, v, x)) if how.tau2 is None else how.tau2
    f = wls.fit(weights(v, tau2), y, x)
    df = len(y) - len(sizes)
    q = float(wls.scatter(f))
    return OneTau2(f.beta, np.diag(f.cov), q / df if df else np.nan, df, tau2)


def f_test(m: OneTau2 | None) -> FTest:
    """Return the test; F is NaN where effects within subgroups are equal, and nothing is left to scale by."""
    groups = 0 if m is None else len(m.mean)
    if m is None or groups < 2 or not m.df:
        return NONE
    w = 1 / m.variance
    plain = float((w * (m.mean - (w * m.mean).sum() / w.sum()) ** 2).sum()) / (groups - 1)
    floor = plain / max(m.scale, 1.0)
    f = plain / m.scale if m.scale > 0 else np.nan
    p, floor_p = (float(f_p(value, groups - 1, m.df)) for value in (f, floor))
    return FTest(f, float(m.df), p, m.scale, floor, floor_p)


def chi_square(results: list[PooledResult]) -> tuple[float, int, float]:
    """Return the test of pooled estimates by their standard errors, as R's meta has it: Q, degrees of freedom, p.

    NaN where an estimate is infinite or certain, and of Bayesian pools: their standard deviations hold the priors too,
    and their posteriors are not normal.
    """
    estimates: Floats = np.array([r.estimate for r in results])
    with np.errstate(divide="ignore"):  # equal effects have a standard error of 0 under Hartung-Knapp
        w: Floats = np.array([r.se for r in results]) ** -2.0
    df = len(results) - 1
    tested = all(r.model_facts.has_test for r in results)
    if not (tested and np.isfinite(estimates).all() and np.isfinite(w).all()):
        return np.nan, df, np.nan
    q = float((w * (estimates - (w * estimates).sum() / w.sum()) ** 2).sum())
    return q, df, float(chi2_p(q, df))
