"""Confidence and prediction intervals by name: one record each.

To add one, write a function and add a record. Nothing else names it: what it may go with, how it is called in print and
what R calls it are traits of the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...base.messages.advice import option
from ...errors import OptionError
from ..numeric import wls
from ..numeric.wls import Floats
from . import kenward_roger, nagashima
from .henmi_copas import R_FUNCTION as HENMI_COPAS
from .henmi_copas import henmi_copas
from .tau2 import is_common


class Limits(NamedTuple):
    """An estimate, its standard error and its confidence limits."""

    estimate: float
    se: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class IntervalMethod:
    """A confidence interval of pooled effects and regression coefficients.

    Attributes
    ----------
    code, short, label, reference
        Name in calls, below a figure, and in a methods section, and its source.
    adjust
        (fits at the weights 1/(v + tau²), k - p of each) -> the covariance of the coefficients, and the degrees of
        freedom of each; in batches as the fits.
    own_limits
        (y, v, tau², level) -> Limits, for an interval of an intercept alone that is not estimate -+ quantile * se; it
        then stands in for `adjust`, and k is 2 or more.
    is_normal
        Whether its degrees of freedom are infinite, and moderators are tested by chi-square instead of F.
    own_df
        Whether each coefficient has degrees of freedom of its own, other than k - p.
    common_weights
        Whether its estimate weighs trials by 1/v, whatever tau² is.
    any_weights
        Whether it holds for a mean with weights of the user's.
    for_methods
        Codes of the estimators of tau² that it is made for; empty where it goes with all.
    safeguard
        Code of the interval to take where this one is narrower than that of a common effect.
    r_test
        What `test` of R's metafor calls it; None where metafor does not have it so.
    r_function, r_definition
        Name of an R function of metafor's fit that returns beta, se, ddf, ci.lb and ci.ub, for an interval that `test`
        does not name; and what defines it, where metafor does not, with a comment that says so.
    """

    code: str
    short: str
    label: str
    reference: str
    adjust: Callable[[wls.Fit, Any], tuple[Any, Any]]
    own_limits: Callable[[Floats, Floats, float, float], Limits] | None = None
    is_normal: bool = False
    own_df: bool = False
    common_weights: bool = False
    any_weights: bool = False
    for_methods: tuple[str, ...] = ()
    safeguard: str | None = None
    r_test: str | None = None
    r_function: str = ""
    r_definition: str = ""

    @property
    def takes_covariance(self) -> bool:
        """Whether it is defined where sampling errors are correlated: by the pooled effect's variance and Q alone."""
        return not (self.own_df or self.own_limits)

    @property
    def is_t(self) -> bool:
        """Whether its quantile is that of t with k - p degrees of freedom, so that an F test goes with it."""
        return not (self.is_normal or self.own_df or self.own_limits)

    def check(self, method: str) -> None:
        """Raise an OptionError unless it may go with this estimator of tau²."""
        if self.for_methods and method not in self.for_methods:
            first, *others = self.for_methods
            made_for = " or ".join([option("method", first), *map(repr, others)])
            raise OptionError(f"{self.label} is made for {made_for}, not {method!r}.")


def _wald(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    return f.cov, _each(f, np.inf)


def _t(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    return f.cov, _each(f, df)


def _hksj(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    return f.cov * _beside(f, wls.scatter(f) / df), _each(f, df)


def _hksj_adhoc(f: wls.Fit, df: Any) -> tuple[Any, Any]:
    return f.cov * _beside(f, np.maximum(wls.q(f) / df, 1.0)), _each(f, df)


def _beside(f: wls.Fit, value: Any) -> Any:
    """Return one number a fit in a shape that stands beside its covariance."""
    return value if f.x is None else value[..., None, None]


def _each(f: wls.Fit, df: Any) -> Any:
    """Return the degrees of freedom of each coefficient."""
    return df if f.x is None else np.broadcast_to(np.asarray(df, dtype=float)[..., None], f.beta.shape)


def _henmi_copas(y: Floats, v: Floats, tau2: float, level: float) -> Limits:
    hc = henmi_copas(y, v, tau2, level)
    half = hc.factor * hc.se
    return Limits(hc.estimate, hc.se, hc.estimate - half, hc.estimate + half)


CI_METHODS = {
    m.code: m
    for m in (
        IntervalMethod("wald", "Wald", "Wald (normal)", "", _wald, is_normal=True, any_weights=True, r_test="z"),
        IntervalMethod("t", "t", "Wald with t quantile", "", _t, any_weights=True, r_test="t"),
        IntervalMethod(
            "HKSJ",
            "Hartung-Knapp",
            "Hartung-Knapp-Sidik-Jonkman",
            "Knapp and Hartung 2003, doi:10.1002/sim.1482",
            _hksj,
            safeguard="HKSJ-adhoc",
            r_test="knha",
        ),
        IntervalMethod(
            "HKSJ-adhoc",
            "Hartung-Knapp (ad hoc)",
            "Hartung-Knapp-Sidik-Jonkman, never narrower than Wald's standard error",
            "Jackson et al. 2017, doi:10.1002/sim.7411",
            _hksj_adhoc,
            r_test="adhoc",
        ),
        IntervalMethod(
            "HC",
            "Henmi-Copas",
            "Henmi-Copas",
            "Henmi and Copas 2010, doi:10.1002/sim.4029",
            _wald,
            own_limits=_henmi_copas,
            common_weights=True,
            for_methods=("DL",),
            r_function="henmi_copas",
            r_definition=HENMI_COPAS,
        ),
        IntervalMethod(
            "KR",
            "Kenward-Roger",
            "Kenward-Roger",
            "Partlett and Riley 2017",
            kenward_roger.adjust,
            own_df=True,
            for_methods=("REML",),
            r_function="kenward_roger",
            r_definition=kenward_roger.R_FUNCTION,
        ),
    )
}
"""Confidence intervals of a pooled effect, by their code in ``ci=``."""


def from_covariance() -> list[str]:
    """Return the codes of the intervals that are estimate -+ quantile * se: those of moderators and of batches too."""
    return [code for code, method in CI_METHODS.items() if method.own_limits is None]


@dataclass(frozen=True, slots=True)
class PredictionMethod:
    """A prediction interval for the effect in a new trial: estimate -+ quantile * sqrt(tau² + se²).

    Attributes
    ----------
    code, label
        Name in calls, and in a methods section.
    ci
        The confidence interval whose standard error and degrees of freedom it takes; None is the result's own
        standard error with k - 1 degrees of freedom.
    lost
        Degrees of freedom taken off those.
    is_normal
        Whether the quantile is normal.
    own_limits
        (y, v, level) -> limits, for an interval that is not of this form; of two trials or more.
    """

    code: str
    label: str
    ci: str | None = None
    lost: int = 0
    is_normal: bool = False
    own_limits: Callable[[Floats, Floats, float], tuple[float, float]] | None = None

    @property
    def takes_covariance(self) -> bool:
        """Whether it is defined where sampling errors are correlated."""
        return self.own_limits is None and (self.ci is None or CI_METHODS[self.ci].takes_covariance)

    @property
    def any_weights(self) -> bool:
        """Whether it holds for a mean with weights of the user's."""
        return self.ci is None and self.own_limits is None


def usual_interval(method: str, tau2: float | None = None) -> str:
    """Return the code of the interval that a pool has when none is asked for.

    Parameters
    ----------
    method
        Code in ``TAU2_METHODS``.
    tau2
        Variance between trials where it is known from elsewhere.
    """
    return "wald" if tau2 is None and is_common(method) else "HKSJ"


PREDICTION_METHODS = {
    m.code: m
    for m in (
        PredictionMethod("wald", "normal quantile", is_normal=True),
        PredictionMethod("t", "t with k - 1 degrees of freedom"),
        PredictionMethod("HTS", "Higgins-Thompson-Spiegelhalter, t with k - 2", "t", 1),
        PredictionMethod("HK", "Hartung-Knapp, t with k - 1", "HKSJ"),
        PredictionMethod("HK-PR", "Hartung-Knapp, t with k - 2 (Partlett-Riley)", "HKSJ", 1),
        PredictionMethod(
            "NNF",
            "Nagashima-Noma-Furukawa, from the confidence distribution of tau²",
            own_limits=nagashima.interval,
        ),
        PredictionMethod("KR", "Kenward-Roger", "KR"),
        PredictionMethod("KR-PR", "Kenward-Roger, one degree of freedom less (Partlett-Riley)", "KR", 1),
    )
}
"""Prediction intervals of the effect in a further trial, by their code in ``prediction=``."""
