"""Confidence and prediction intervals by name: one record each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..numeric import wls


@dataclass(frozen=True, slots=True)
class IntervalMethod:
    """A confidence interval of pooled effects and regression coefficients.

    Attributes
    ----------
    code, label, reference
        Name in calls, name in a methods section, and its source.
    adjust
        (fits at the weights 1/(v + tau²), k - p of each) -> the covariance of the coefficients, and the degrees of
        freedom of each; in batches as the fits. HC, of an intercept alone, is made in ``henmi_copas``.
    """

    code: str
    label: str
    reference: str
    adjust: Callable[[wls.Fit, Any], tuple[Any, Any]]


def _wald(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    return f.cov, _each(f, np.inf)


def _t(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    return f.cov, _each(f, df)


def _hksj(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    return f.cov * _beside(f, wls.q(f) / df), _each(f, df)


def _hksj_adhoc(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    return f.cov * _beside(f, np.maximum(wls.q(f) / df, 1.0)), _each(f, df)


def _beside(f: wls.Fit, value: Any) -> Any:
    """Return one number a fit in a shape that stands beside its covariance."""
    return value if f.x is None else value[..., None, None]


def _each(f: wls.Fit, df: Any) -> Any:
    """Return the degrees of freedom of each coefficient."""
    return df if f.x is None else np.broadcast_to(np.asarray(df, dtype=float)[..., None], f.beta.shape)


def _kenward_roger(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    r"""Return the covariance inflated for the estimation of tau² by REML, and Satterthwaite's degrees of freedom.

    .. math:: \Phi_A = \Phi + \frac{2}{I}\Phi(Q - P\Phi P)\Phi, \quad P = X^T W^2 X, \; Q = X^T W^3 X,
              \; I = tr(PP)/2

    of one coefficient c: df = 2 I (c'\Phi_A c)^2 / (c'\Phi_A P \Phi_A c)^2. As Partlett and Riley (2017) do, and R's
    meta after them, the adjusted covariance stands here, where Kenward and Roger (1997) have the plain one.
    """
    information = wls.trace2(f) / 2
    w2 = f.w * f.w
    if f.x is None:
        p, q = w2.sum(-1), (w2 * f.w).sum(-1)
        cov = f.cov + 2 / information * f.cov**2 * (q - p * p * f.cov)
        return cov, 2 * information / (cov * p) ** 2
    p, q = wls.cross(f.x, w2), wls.cross(f.x, w2 * f.w)
    cov = f.cov + _beside(f, 2 / information) * (f.cov @ (q - p @ f.cov @ p) @ f.cov)
    spread = np.diagonal(cov @ p @ cov, axis1=-2, axis2=-1)
    return cov, 2 * information[..., None] * (np.diagonal(cov, axis1=-2, axis2=-1) / spread) ** 2


CI_METHODS = {
    m.code: m
    for m in (
        IntervalMethod("wald", "Wald (normal)", "", _wald),
        IntervalMethod("t", "Wald with t quantile", "", _t),
        IntervalMethod("HKSJ", "Hartung-Knapp-Sidik-Jonkman", "Knapp and Hartung 2003, doi:10.1002/sim.1482", _hksj),
        IntervalMethod(
            "HKSJ-adhoc",
            "Hartung-Knapp-Sidik-Jonkman, never narrower than Wald's standard error",
            "Jackson et al. 2017, doi:10.1002/sim.7411",
            _hksj_adhoc,
        ),
        IntervalMethod("HC", "Henmi-Copas", "Henmi and Copas 2010, doi:10.1002/sim.4029", _wald),
        IntervalMethod("KR", "Kenward-Roger", "Partlett and Riley 2017", _kenward_roger),
    )
}

FROM_COVARIANCE = [code for code in CI_METHODS if code != "HC"]  # those that `adjust` is the whole of


@dataclass(frozen=True, slots=True)
class PredictionMethod:
    """A prediction interval for the effect in a new trial: estimate -+ quantile * sqrt(tau² + se²).

    Attributes
    ----------
    code, label
        Name in calls, and in a methods section.
    ci
        The confidence interval whose standard error and degrees of freedom it takes; None is the result's own
        standard error with k - 1 degrees of freedom. NNF is made in ``nagashima``.
    lost
        Degrees of freedom taken off those.
    """

    code: str
    label: str
    ci: str | None
    lost: int = 0


PREDICTION_METHODS = {
    m.code: m
    for m in (
        PredictionMethod("wald", "normal quantile", "wald"),
        PredictionMethod("t", "t with k - 1 degrees of freedom", None),
        PredictionMethod("HTS", "Higgins-Thompson-Spiegelhalter, t with k - 2", "t", 1),
        PredictionMethod("HK", "Hartung-Knapp, t with k - 1", "HKSJ"),
        PredictionMethod("HK-PR", "Hartung-Knapp, t with k - 2 (Partlett-Riley)", "HKSJ", 1),
        PredictionMethod("NNF", "Nagashima-Noma-Furukawa, from the confidence distribution of tau²", None),
        PredictionMethod("KR", "Kenward-Roger", "KR"),
        PredictionMethod("KR-PR", "Kenward-Roger, one degree of freedom less (Partlett-Riley)", "KR", 1),
    )
}
