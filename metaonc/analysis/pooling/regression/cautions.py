"""What must be said with a meta-regression: of R², of tests and intervals by how well effects agree, of moderators."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ....base.caution import Caution
from ....base.labels import alike
from ...methods.heterogeneity import heterogeneity
from ...methods.intervals import CI_METHODS
from ...methods.narrower import is_fragile, is_narrower
from ...numeric import wls
from ...numeric.distributions import f_p
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...results.cautions import assumed, like_one, narrower, writes_alike
from ...results.doubts import of_studies

FEW = "R² of {k} rows is hardly known: with so few it can be far off by chance"
FITTED = "effects are as the coefficients have them, but for rounding"
FRAGILE = "effects agree with the model far better than their variances allow, so that F may be large by chance"
WITHIN = (
    "rows are of the same trials, of which the regression makes no use; a test of interaction compares them within "
    "trials"
)
OVER_TRIALS = (
    "the association is one over trials: with an average or a share of their patients, it need not hold within trials "
    "(aggregation bias)"
)
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


def of_rows(r: Any) -> list[Caution]:
    """Return the cautions of effects by assumption, levels that look like one, moderators within trials, and averages.

    Any number of more than two values but years may be an average of patients: median ages are whole numbers too.
    """
    rows = r.studies.data[list(r.design.rows.columns)]
    of_trials = rows.groupby(np.asarray(r.studies.labels, dtype=object), sort=False)
    found = assumed(r.measure, r.studies.data, r.studies.labels) + of_studies(r.measure, r.studies)
    found += [
        Caution(text=like_one(column, a, b, "are kept apart")) for column, of in _like(r).items() for b, a in of.items()
    ]
    found += [Caution(text=WITHIN)] if (of_trials.nunique() > 1).to_numpy().any() else []
    numbers = [np.asarray(x, float) for _, x in rows.items() if x.dtype.kind in "fiu"]
    return found + [Caution(text=OVER_TRIALS)] * any(map(_may_be_average, numbers))


def advice_on_labels(r: Any) -> list[str]:
    """Return what to do about levels that look like one."""
    return [line for column, of in _like(r).items() for line in writes_alike(column, of)]


def _like(r: Any) -> dict[str, dict[str, str]]:
    """Return, by column of labels that the formula names, its levels that look like others, by these."""
    columns = ((str(name), [x for x in of.unique() if isinstance(x, str)]) for name, of in r.design.rows.items())
    return {name: found for name, levels in columns if (found := alike(levels))}


def _may_be_average(x: Floats) -> bool:
    years = (x == np.round(x)).all() and x.min() > 1900 and x.max() < 2100
    return len(np.unique(x)) > 2 and not years


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
