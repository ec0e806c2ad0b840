"""One inverse-variance analysis, numbers only: effects and variances in, the fields of a result out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...methods.heterogeneity import heterogeneity
from ...methods.intervals import CI_METHODS, PREDICTION_METHODS, Limits
from ...methods.tau2 import TAU2_METHODS, generalised_q, is_common, is_restricted
from ...numeric import wls
from ...numeric.correlated import Turned
from ...numeric.distributions import critical, two_sided_p
from ...numeric.normal_likelihood import log_likelihood, weights
from ...numeric.wls import Floats


def estimate(
    y: Floats,
    v: Floats,
    method: str,
    ci: str,
    prediction: str | None,
    level: float,
    tau2: float | None = None,
    a: Floats | None = None,
    turned: Turned | None = None,
) -> dict[str, Any]:
    """Return the fields of a ``MetaResult`` that are numbers.

    Parameters
    ----------
    y, v
        Effects and sampling variances, (k,).
    method, ci, prediction
        Codes in ``TAU2_METHODS``, ``CI_METHODS`` and ``PREDICTION_METHODS``.
    level
        Of the intervals.
    tau2
        Variance between trials when it is known from elsewhere (common to all subgroups); otherwise estimated.
    a
        Weights of the user's, for GENQ.
    turned
        The same effects as such that are independent, where their sampling errors are correlated.
    """
    k = len(y)
    x = None
    if turned is not None:
        y, v, x = turned.y, turned.v, turned.x
    given = tau2 is not None
    se_tau2 = np.nan
    if tau2 is None:
        tau2, se_tau2 = _tau2(y, v, x, method, a)
    within = 0.0 if np.isnan(tau2) else tau2  # one trial: its own variance is all that is known
    fit = wls.fit(weights(v, within), y, x)
    het = heterogeneity(y, v, x, None if is_common(method) and not given else within)
    own = turned.shares(within) if turned is not None else 1 / v if CI_METHODS[ci].common_weights else fit.w
    found, df = _interval(fit, y, v, within, ci, level, a)
    statistic = found.estimate / found.se if found.se > 0 and not math.isnan(df) else np.nan
    low, high = _predict(fit, found, y, v, tau2, prediction, level)
    return {
        "estimate": found.estimate, "se": found.se, "ci_low": found.low, "ci_high": found.high,
        "statistic": statistic, "df": df, "p_value": float(two_sided_p(statistic, df)),
        "tau2": tau2, "prediction_low": low, "prediction_high": high,
        "k": k, "level": level, "weights": _shares(own if a is None else a),
        "se_tau2": se_tau2,
        "i2": float(het.i2) if k > 1 else np.nan, "h2": float(het.h2) if k > 1 else np.nan,
        "q": float(het.q), "q_df": int(het.q_df), "q_p": float(het.q_p), "typical_variance": float(het.typical),
        **_fit_statistics(y, v, x, within, method),
    }  # fmt: skip


def _tau2(y: Floats, v: Floats, x: Floats | None, method: str, a: Floats | None) -> tuple[float, float]:
    """Return tau² and its standard error; NaN where one trial cannot show it, or no standard error is defined."""
    if len(y) == 1 and not is_common(method):
        return np.nan, np.nan
    if a is not None:
        return generalised_q(y, v, a)
    record = TAU2_METHODS[method]
    tau2 = float(record.estimate(y, v, x))
    return tau2, float(record.se(tau2, y, v, x)) if record.se and len(y) > 1 else np.nan


def _interval(
    fit: wls.Fit, y: Floats, v: Floats, tau2: float, ci: str, level: float, a: Floats | None
) -> tuple[Limits, float]:
    """Return estimate and limits, and the degrees of freedom, NaN of an interval by its own rule."""
    own_limits = CI_METHODS[ci].own_limits
    if own_limits is not None and len(y) > 1:
        return own_limits(y, v, tau2, level), np.nan
    se, df = spread(fit, ci, len(y))
    center = fit.beta.item()
    if a is not None:  # weights of the user's: the variance of a weighted mean that is not the best one
        center, se = float((a * y).sum() / a.sum()), float(np.sqrt((a * a * (v + tau2)).sum()) / a.sum())
    half = float(critical(level, df)) * se
    return Limits(center, se, center - half, center + half), df


def spread(fit: wls.Fit, ci: str, k: int) -> tuple[float, float]:
    """Return the standard error and its degrees of freedom; of one trial Wald's, as nothing can be scaled by."""
    cov, df = CI_METHODS[ci if k > 1 else "wald"].adjust(fit, k - 1)
    return math.sqrt(cov.item()), np.asarray(df, float).item()


def _predict(
    fit: wls.Fit, found: Limits, y: Floats, v: Floats, tau2: float, prediction: str | None, level: float
) -> tuple[float, float]:
    record = PREDICTION_METHODS[prediction] if prediction else None
    if record is None or np.isnan(tau2):
        return np.nan, np.nan
    k = len(y)
    if k == 1 and not record.is_normal:  # their quantiles have k - 1 degrees of freedom, or fewer
        return np.nan, np.nan
    if record.own_limits is not None:
        return record.own_limits(y, v, level)
    se, df = spread(fit, record.ci, k) if record.ci else (found.se, np.inf if record.is_normal else k - 1.0)
    if df - record.lost <= 0:
        return np.nan, np.nan
    half = float(critical(level, df - record.lost) * np.sqrt(tau2 + se**2))
    return found.estimate - half, found.estimate + half


def _shares(w: Floats) -> Floats:
    shares: Floats = 100 * w / w.sum()
    return shares


def _fit_statistics(y: Floats, v: Floats, x: Floats | None, tau2: float, method: str) -> dict[str, float]:
    restricted = is_restricted(method)
    parameters = 1 + (not is_common(method))
    k = len(y)
    if k - restricted < 1:
        return {"loglik": np.nan, "aic": np.nan, "bic": np.nan}
    ll = float(log_likelihood(tau2, y, v, x, restricted))
    return {"loglik": ll, "aic": 2 * parameters - 2 * ll, "bic": parameters * np.log(k - restricted) - 2 * ll}
