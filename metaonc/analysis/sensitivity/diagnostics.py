"""The numbers behind diagnostic figures: where each trial stands among the others, as data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ...base.check import Floats, one_of
from ...base.messages.arguments import known_arguments
from ...base.numbers import sequence
from ...errors import DataError, OptionError
from ..effects.measures import MEASURES
from ..methods.intervals import CI_METHODS, from_covariance
from ..numeric import wls
from ..numeric.correlated import turned
from ..numeric.distributions import two_sided_p
from ..numeric.normal_likelihood import weights
from ..pooling.counts.result import CountResult
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.moderators.coefficients import CoefficientsResult
from ..results.pooled import PooledResult
from ..results.studies import Studies
from .subsets import leave_one_out
from .subsets_result import members

OTHER_LIMITS = ("profile", "exact", "credible")  # intervals of likelihoods that are not estimate -+ factor * se


@known_arguments
def baujat(result: MetaResult) -> pd.DataFrame:
    r"""Return how much each trial adds to heterogeneity, and how far it moves the pooled effect.

    .. math:: x_i = \frac{(y_i - \hat\mu)^2}{v_i + \tau^2}, \quad
        y_i = \frac{(\hat\mu - \hat\mu_{(i)})^2}{se(\hat\mu_{(i)})^2}

    A trial of several rows has the sum of their contributions, and the influence of all of them together.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned. Of a common effect tau² is 0, and x adds up to Q.

    Returns
    -------
    pandas.DataFrame
        One row a trial: study, contribution (x), influence (y).

    Raises
    ------
    DataError, OptionError
        As ``leave_one_out``.

    Examples
    --------
    >>> import metaonc as mo
    >>> from metaonc.analysis.sensitivity.diagnostics import baujat
    >>> r = mo.pool({"yi": [-0.5, -0.3, 0.4], "vi": [0.04, 0.03, 0.05]}, method="CE", ci="wald")
    >>> table = baujat(r)
    >>> round(float(table["contribution"].sum() / r.q), 12)
    1.0
    """
    out = leave_one_out(result)
    of = members(result, "leave_one_out", out.by).codes
    columns = {
        "study": out["study"],
        "contribution": np.bincount(of, weights=standardised(result) ** 2),
        "influence": (result.estimate - out["estimate"]) ** 2 / out["se"] ** 2,
    }
    return pd.DataFrame(columns)


@known_arguments
def radial(result: PooledResult) -> pd.DataFrame:
    r"""Return the coordinates of a radial (Galbraith) plot.

    .. math:: x_i = 1/\sqrt{v_i + \tau^2}, \quad z_i = y_i x_i

    so that the line from the origin through a trial has its effect as slope.

    Parameters
    ----------
    result : PooledResult
        What a pooling function returned, with a tau²; of a common effect it is 0.

    Returns
    -------
    pandas.DataFrame
        One row a trial: study, precision (x), z.

    Raises
    ------
    DataError
        When the result is none of pooling, or has no tau².

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> list(mo.plot.radial_data(r))
    ['study', 'precision', 'z']
    """
    studies = pooled_studies(result)
    x = 1 / np.sqrt(studies.vi + between(result))
    z = np.where(has_effect(studies), studies.yi, np.nan) * x
    return pd.DataFrame({"study": list(studies.labels), "precision": x, "z": z})


@known_arguments
def p_value_function(result: PooledResult, at: ArrayLike) -> pd.DataFrame:
    r"""Return the p-value of each trial, and of the pooled effect, for every value that is taken as no effect.

    A value has p at least 1 - level where it lies in the confidence interval of that level.

    Parameters
    ----------
    result : PooledResult
        What a pooling function returned, with an interval of the form estimate -+ factor * se.
    at : array
        Values on the scale of analysis.

    Returns
    -------
    pandas.DataFrame
        One row a curve and value: row (number of the trial from 0; -1 is the pooled effect), study, x, p. The p-values
        of trials are Wald's.

    Raises
    ------
    DataError
        When the result is none of pooling.
    OptionError
        When its interval has no p-value function of this form (``HC``, ``profile``, ``exact``, credible intervals).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.1], "vi": [0.04, 0.03, 0.05]}, measure="HR", method="DL", ci="wald")
    >>> list(mo.plot.drapery_data(r, at=[0.0, -0.3]))
    ['row', 'study', 'x', 'p']
    """
    studies = pooled_studies(result)
    if result.ci in OTHER_LIMITS or (result.ci in CI_METHODS and result.ci not in from_covariance()):
        raise OptionError(f"a result with {result.ci!r} intervals has no p-value function; pool with ci='wald' or 't'.")
    x = sequence(at if np.ndim(at) else [at], "at")
    centre, spread = np.append(studies.yi, result.estimate), np.append(np.sqrt(studies.vi), result.se)
    df = np.append(np.full(len(studies.yi), np.inf), result.df)
    with np.errstate(
        invalid="ignore", divide="ignore"
    ):  # an infinite effect has no curve, and one without error a line
        away = x - centre[:, None]
        p = two_sided_p(np.where(away == 0.0, 0.0, away / spread[:, None]), df[:, None])
    rows = np.append(np.arange(len(studies.yi)), -1)
    columns = {
        "row": np.repeat(rows, len(x)),
        "study": np.repeat(np.array([*studies.labels, "pooled"], dtype=object), len(x)),
        "x": np.tile(x, len(rows)),
        "p": p.ravel(),
    }
    return pd.DataFrame(columns)


def expected_response(result: PooledResult, control: ArrayLike, effect: float) -> Floats:
    """Return the response (proportion, or rate over time) of treated arms that an effect makes of that of controls.

    Parameters
    ----------
    result
        A pool of two arms; its measure says what the effect does.
    control
        Responses of control arms.
    effect
        On the scale of analysis.

    Raises
    ------
    OptionError
        When the measure does not compare two responses.
    """
    compared = {code: record.response for code, record in MEASURES.items() if record.response is not None}
    of = compared[one_of("measure of a pool of two arms", result.measure, compared)]
    with np.errstate(divide="ignore"):  # the logit of 0 and 1
        return np.asarray(of(np.asarray(control, dtype=float), effect), dtype=float)


def common_estimate(result: PooledResult) -> float:
    """Return the inverse-variance mean of the trials' effects, tau² = 0; trials without a finite effect are left out.

    Raises
    ------
    DataError
        When the result is none of pooling, or no trial has a finite effect.
    """
    studies = pooled_studies(result)
    there = has_effect(studies)
    if studies.covariance is not None and there.all():
        alike = turned(studies.yi, studies.covariance)
        return float(wls.fit(1 / alike.v, alike.y, alike.x).beta[0])
    return float(wls.fit(1 / studies.vi[there], studies.yi[there]).beta)


def standardised(result: PooledResult) -> Floats:
    """Return each trial's distance from the pooled effect in standard deviations, those between trials included."""
    studies = pooled_studies(result)
    with np.errstate(invalid="ignore"):  # an infinite logit, of an infinite error too
        return np.asarray((studies.yi - result.estimate) / np.sqrt(studies.vi + between(result)))


@known_arguments
def regression_points(result: CoefficientsResult) -> pd.DataFrame:
    """Return each trial of a regression of one moderator.

    Parameters
    ----------
    result : RegressionResult or MultilevelRegressionResult
        What ``regress`` or ``regress_multilevel`` returned for one moderator.

    Returns
    -------
    pandas.DataFrame
        Columns study, moderator (its value), estimate, weight (percent, by 1/(v + tau²), of several levels by the sum
        of their variances), and residual (in standard deviations of effects about the line).

    Raises
    ------
    DataError
        When the result is none of these, or does not have one moderator.

    Examples
    --------
    >>> import metaonc as mo
    >>> table = {"trial": list("ABCDE"), "yi": [0.1, 0.3, 0.2, 0.5, 0.6], "vi": [0.02] * 5, "dose": [1, 2, 2, 4, 5]}
    >>> r = mo.regress(table, "~ dose", study="trial", method="DL", ci="wald")
    >>> list(mo.plot.bubble_data(r))
    ['study', 'moderator', 'estimate', 'weight', 'residual']
    """
    name = moderator(result)
    s = result.studies
    w = weights(s.vi, float(np.nan_to_num(result.spread)))
    fitted = result.design.x @ result.coefficients["estimate"].to_numpy()
    columns = {
        "study": list(s.labels),
        "moderator": s.data[name].to_numpy(),
        "estimate": s.yi,
        "weight": 100 * w / w.sum(),
        "residual": (s.yi - fitted) * np.sqrt(w),
    }
    return pd.DataFrame(columns)


def moderator(result: CoefficientsResult) -> str:
    """Return the column of the one moderator of a regression."""
    if not isinstance(result, CoefficientsResult):
        raise DataError(f"a result of regress is wanted, not {type(result).__name__}.")
    names = [str(v) for v in result.design.rows.columns]
    if len(names) != 1:
        have = f"{len(names)} ({', '.join(names)})" if names else "none"
        raise DataError(
            f"a regression on one moderator is wanted; {result.formula!r} has {have}: give "
            f"regress(..., '~ {names[0] if names else 'moderator'}')."
        )
    return names[0]


def pooled_studies(result: Any) -> Studies:
    """Return the trials of a pool, or raise a DataError when the result is none."""
    if not isinstance(result, PooledResult):
        raise DataError(f"a pooled result is wanted, not {type(result).__name__}.")
    return result.studies


def has_effect(studies: Studies) -> Any:
    """Return which trials have a finite effect with a finite variance, (k,); where none has, raise a DataError."""
    there = np.isfinite(studies.yi) & np.isfinite(studies.vi)
    if not there.any():
        raise DataError("no trial has a finite effect of its own; plot.forest shows their counts.")
    return there


def between(result: PooledResult) -> float:
    """Return tau² of a pool, 0 of one trial alone; a model without a tau² is refused."""
    if np.isnan(result.tau2) and isinstance(result, CountResult) and result.k > 1:
        raise DataError(f"this {result.method} pool has no tau² on the scale of single trials' effects.")
    return float(np.nan_to_num(result.tau2))
