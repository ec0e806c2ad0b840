"""One inverse-variance analysis, numbers only: effects and variances in, the fields of a result out."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...methods import nagashima
from ...methods.henmi_copas import henmi_copas
from ...methods.heterogeneity import heterogeneity
from ...methods.intervals import CI_METHODS, PREDICTION_METHODS
from ...methods.tau2 import TAU2_METHODS, generalised_q
from ...numeric import wls
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
    """
    k = len(y)
    given = tau2 is not None
    se_tau2 = np.nan
    if tau2 is None:
        tau2, se_tau2 = _tau2(y, v, method, a)
    within = 0.0 if np.isnan(tau2) else tau2  # one trial: its own variance is all that is known
    fit = wls.fit(weights(v, within), y)
    het = heterogeneity(y, v, None, None if method == "CE" and not given else within)
    center, se, df, factor = _interval(fit, y, v, within, ci, level, a)
    half = factor * se
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = float(np.divide(center, se)) if ci != "HC" else np.nan
    if prediction == "NNF" and k > 1:
        low, high = nagashima.interval(y, v, level)
    else:
        low, high = _predict(fit, center, se, tau2, k, prediction, level)
    return {
        "estimate": center, "se": se, "ci_low": center - half, "ci_high": center + half,
        "statistic": statistic, "df": df, "p_value": float(two_sided_p(statistic, df)),
        "tau2": tau2, "prediction_low": low, "prediction_high": high,
        "k": k, "level": level, "weights": _shares(a if a is not None else 1 / v if ci == "HC" else fit.w),
        "se_tau2": se_tau2,
        "i2": float(het.i2) if k > 1 else np.nan, "h2": float(het.h2) if k > 1 else np.nan,
        "q": float(het.q), "q_df": int(het.q_df), "q_p": float(het.q_p), "typical_variance": float(het.typical),
        **_fit_statistics(y, v, within, method),
    }  # fmt: skip


def _tau2(y: Floats, v: Floats, method: str, a: Floats | None) -> tuple[float, float]:
    """Return tau² and its standard error; NaN where one trial cannot show it, or no standard error is defined."""
    if len(y) == 1 and method != "CE":
        return np.nan, np.nan
    if a is not None:
        return generalised_q(y, v, a)
    record = TAU2_METHODS[method]
    tau2 = float(record.estimate(y, v, None))
    return tau2, float(record.se(tau2, y, v, None)) if record.se and len(y) > 1 else np.nan


def _interval(
    fit: wls.Fit, y: Floats, v: Floats, tau2: float, ci: str, level: float, a: Floats | None
) -> tuple[float, float, float, float]:
    """Return estimate, standard error, degrees of freedom, and the factor of the half-width."""
    if ci == "HC" and len(y) > 1:
        hc = henmi_copas(y, v, tau2, level)
        return hc.estimate, hc.se, np.nan, hc.factor
    se, df = spread(fit, ci, len(y))
    center = float(fit.beta)
    if a is not None:  # weights of the user's: the variance of a weighted mean that is not the best one
        center, se = float((a * y).sum() / a.sum()), float(np.sqrt((a * a * (v + tau2)).sum()) / a.sum())
    return center, se, df, float(critical(level, df))


def spread(fit: wls.Fit, ci: str, k: int) -> tuple[float, float]:
    """Return the standard error and its degrees of freedom; of one trial Wald's, as nothing can be scaled by."""
    cov, df = CI_METHODS[ci if k > 1 else "wald"].adjust(fit, k - 1)
    return float(np.sqrt(cov)), float(df)


def _predict(
    fit: wls.Fit, center: float, own: float, tau2: float, k: int, prediction: str | None, level: float
) -> tuple[float, float]:
    record = PREDICTION_METHODS[prediction] if prediction else None
    if record is None or np.isnan(tau2):
        return np.nan, np.nan
    se, df = (own, k - 1.0) if record.ci is None else spread(fit, record.ci, k)
    if prediction == "wald":
        se = own
    if df - record.lost <= 0:
        return np.nan, np.nan
    half = float(critical(level, df - record.lost) * np.sqrt(tau2 + se**2))
    return center - half, center + half


def _shares(w: Floats) -> Floats:
    shares: Floats = 100 * w / w.sum()
    return shares


def _fit_statistics(y: Floats, v: Floats, tau2: float, method: str) -> dict[str, float]:
    restricted = method == "REML"
    parameters = 1 + (method != "CE")
    k = len(y)
    if k - restricted < 1:
        return {"loglik": np.nan, "aic": np.nan, "bic": np.nan}
    ll = float(log_likelihood(tau2, y, v, None, restricted))
    return {"loglik": ll, "aic": 2 * parameters - 2 * ll, "bic": parameters * np.log(k - restricted) - 2 * ll}
