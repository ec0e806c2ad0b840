"""What must be said with a meta-regression: of R², of tests and intervals by how well effects agree, of moderators."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ....base.caution import Caution
from ...methods.heterogeneity import heterogeneity
from ...methods.intervals import CI_METHODS
from ...methods.narrower import is_fragile, is_narrower
from ...numeric import wls
from ...numeric.distributions import f_p
from ...numeric.normal_likelihood import weights
from ...results.cautions import narrower

FEW = "R² of {k} rows is hardly known: with so few it can be far off by chance"
FITTED = "effects are as the coefficients have them, but for rounding"
FRAGILE = "effects agree with the model far better than their variances allow, so that F may be large by chance"
OF_NOTHING = "R² is a share of a variance between trials which these trials do not show to be above 0"


class FloorTest(NamedTuple):
    """F of the moderators with its scale at least 1, its p, the scale, and whether it must stand beside F."""

    f: float
    p: float
    scale: float
    is_fragile: bool


def floor_test(r: Any) -> FloorTest:
    """Return the test; NaN where the intervals have no scale, or nothing is left to scale by."""
    q = np.linalg.qr(r.design.x)[0]
    scale = float(wls.scatter(wls.fit(weights(r.studies.vi, r.tau2), r.studies.yi, q))) / r.q_df
    if CI_METHODS[r.ci].safeguard is None or not scale > 0:
        return FloorTest(np.nan, np.nan, scale, False)
    f = r.q_model * min(scale, 1.0)
    return FloorTest(f, float(f_p(f, r.q_model_df, r.q_df)), scale, is_fragile(scale, r.q_model_df, r.q_df, r.level))


def of_f(r: Any) -> list[Caution]:
    """Return the caution of an F that stands beside the one with its scale at least 1."""
    return [Caution(text=FRAGILE)] * floor_test(r).is_fragile


def of_r2(r: Any) -> list[Caution]:
    """Return the cautions of R²: of few rows, and of a variance between trials that may be none.

    Parameters
    ----------
    r
        A ``RegressionResult``.
    """
    if not r.r2 > 0:
        return []
    moderators = sum(name != "intercept" for name in r.design.names)
    found = [Caution(text=FEW.format(k=r.k))] if r.k < 10 * moderators else []
    without = heterogeneity(r.studies.yi, r.studies.vi, None, None)
    return found + [Caution(text=OF_NOTHING)] * bool(without.q_p > 1 - r.level)


def of_intervals(r: Any) -> list[Caution]:
    """Return the cautions of coefficients whose intervals are narrower than those by the variances as they are."""
    c, (q, triangle) = r.coefficients, np.linalg.qr(r.design.x)
    back = np.linalg.inv(triangle)
    plain = np.sqrt(np.diag(back @ wls.fit(weights(r.studies.vi, r.tau2), r.studies.yi, q).cov @ back.T))
    short = is_narrower(r.ci, c["se"].to_numpy(), c["df"].to_numpy(), plain, r.level)
    rows = zip(c.index[short], *(c[name][short] for name in ("estimate", "df", "se")), plain[short], strict=True)
    return [
        narrower(r.ci, r.tau2, value, se, df, r.level, r.record_of(str(name)), scaled=scaled, why=FITTED,
                 of=str(name))
        for name, value, df, scaled, se in rows
    ]  # fmt: skip
