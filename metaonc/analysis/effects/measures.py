"""The measures of effect: one record each, from which checks, axes, labels and back-transforms follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ...data.schema.magnitudes import MOST
from .formulas import control_arm, proportions, rates, responses, two_arms
from .roles import ONE_ARM as ONE_ARM
from .roles import ONE_RATE, TWO_RATES
from .roles import TWO_ARMS as TWO_ARMS
from .route import Route
from .routes import DIFFERENCE_ROUTE, HR_ROUTES, MEDIAN_ROUTE, MEDIANS_ROUTE, STANDARDISED_ROUTE


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of effect.

    Attributes
    ----------
    code
        metafor's code where it has one.
    label, natural
        Its name on the scale of analysis, and on the natural scale.
    roles
        Column keywords of ``effect_sizes`` that it needs, by its first route; none for effects given as yi and vi.
    compute
        Roles -> (yi, vi).
    inverse
        Analysis scale -> natural scale; of a Freeman-Tukey transform it takes the size of the sample as well.
    null
        The value of no effect on the analysis scale; None where there is none, as for one arm.
    scale
        How the natural scale is drawn: ``log``, ``percent`` or ``linear``.
    corrected
        Whether a zero cell needs a continuity correction.
    inverse_needs
        Role of the sample's size that the back-transform depends on, so that it is not one function.
    routes
        The ways to it from reported numbers; none of effects counted as events, which have one way.
    response
        (response of the control arm, effect) -> that of the treated arm, of a measure that compares two responses.
    control
        Roles -> what the control arm has in the variance, the covariance of effects that share it; None where it has no
        part of its own.
    r_inverse
        R function of the inverse; empty where R needs none, or has none of one argument.
    bounds
        Least and greatest value on the scale of analysis that a trial can have.
    usual
        How far from 0 on the scale of analysis hardly any trial is; infinite where nothing is known of that.
    """

    code: str
    label: str
    natural: str
    roles: tuple[str, ...]
    compute: Callable[[Any], tuple[Any, Any]] | None
    inverse: Callable[..., Any]
    null: float | None
    scale: str
    corrected: bool = False
    inverse_needs: str | None = None
    routes: tuple[Route, ...] = ()
    response: Callable[[Any, Any], Any] | None = None
    control: Callable[[Any], Any] | None = None
    r_inverse: str = ""
    bounds: tuple[float, float] = (-np.inf, np.inf)
    usual: float = np.inf

    @property
    def r_counts(self) -> dict[str, str]:
        """What metafor calls the columns of its counts: role -> argument; empty of effects that are not counted."""
        return dict(zip(self.roles, R_COUNTS.get(self.roles, ()), strict=False))

    @property
    def is_proportion(self) -> bool:
        """Whether it is the proportion of one arm, for which single studies have exact intervals."""
        return self.roles == ONE_ARM

    @property
    def is_reported(self) -> bool:
        """Whether reports state it with an interval of their own."""
        return "ci_low" in self.roles


R_COUNTS = {
    ONE_ARM: ("xi", "ni"),
    ONE_RATE: ("xi", "ti"),
    TWO_ARMS: ("ai", "n1i", "ci", "n2i"),
    TWO_RATES: ("x1i", "t1i", "x2i", "t2i"),
}


LOGIT = 10.0  # of a proportion of 99.995 %, which a trial of fewer than 10 000 patients cannot have
NOT_NEGATIVE, QUARTER_TURN = (0.0, np.inf), (0.0, np.pi / 2)


def _same(x: Any) -> Any:
    return x


def _unit(x: Any) -> Any:
    return np.clip(x, 0.0, 1.0)


def _exp_unit(x: Any) -> Any:
    return np.minimum(np.exp(x), 1.0)


def _positive(x: Any) -> Any:
    return np.maximum(x, 0.0)


def _square(x: Any) -> Any:
    return np.maximum(x, 0.0) ** 2


def _survival(x: Any) -> Any:
    return np.exp(-np.exp(-x))


def _sine(x: Any) -> Any:
    return np.sin(np.clip(x, 0.0, np.pi / 2)) ** 2


def _reported(
    code: str,
    label: str,
    natural: str,
    routes: tuple[Route, ...],
    inverse: Callable[..., Any],
    null: float | None,
    control: Callable[[Any], Any] | None = None,
    usual: float = np.inf,
) -> Measure:
    """Return the record of a measure that has routes; ratios and times are drawn on a log scale."""
    scale = "log" if inverse is np.exp else "linear"
    return Measure(
        code, label, natural, routes[0].roles, routes[0].compute, inverse, null, scale, routes=routes,
        control=control, r_inverse="exp" if inverse is np.exp else "", usual=usual,
    )  # fmt: skip


MEASURES = {
    m.code: m
    for m in (
        Measure("PR", "proportion", "proportion", ONE_ARM, proportions.raw, _unit, None, "percent", True,
                bounds=(0.0, 1.0)),
        Measure("PLN", "log proportion", "proportion", ONE_ARM, proportions.log, _exp_unit, None, "percent", True,
                bounds=(-np.inf, 0.0)),
        Measure("PLO", "logit proportion", "proportion", ONE_ARM, proportions.logit, special.expit, None, "percent",
                True, r_inverse="plogis", usual=LOGIT),
        Measure("PAS", "arcsine proportion", "proportion", ONE_ARM, proportions.arcsine, _sine, None, "percent",
                bounds=QUARTER_TURN),
        Measure("PFT", "double arcsine proportion", "proportion", ONE_ARM, proportions.freeman_tukey,
                proportions.freeman_tukey_inverse, None, "percent", inverse_needs="n", bounds=QUARTER_TURN),
        Measure("IR", "incidence rate", "incidence rate", ONE_RATE, rates.raw, _positive, None, "linear", True,
                bounds=NOT_NEGATIVE),
        Measure("IRLN", "log incidence rate", "incidence rate", ONE_RATE, rates.log, np.exp, None, "log", True,
                r_inverse="exp"),
        Measure("IRS", "square root incidence rate", "incidence rate", ONE_RATE, rates.square_root, _square, None,
                "linear", bounds=NOT_NEGATIVE),
        Measure("IRFT", "Freeman-Tukey incidence rate", "incidence rate", ONE_RATE, rates.freeman_tukey,
                rates.freeman_tukey_inverse, None, "linear", inverse_needs="time", bounds=NOT_NEGATIVE),
        Measure("RR", "log risk ratio", "risk ratio", TWO_ARMS, two_arms.log_risk_ratio, np.exp, 0.0, "log", True,
                response=responses.by_ratio, control=control_arm.log_risk, r_inverse="exp"),
        Measure("OR", "log odds ratio", "odds ratio", TWO_ARMS, two_arms.log_odds_ratio, np.exp, 0.0, "log", True,
                response=responses.by_odds, control=control_arm.log_odds, r_inverse="exp"),
        Measure("RD", "risk difference", "risk difference", TWO_ARMS, two_arms.risk_difference, _same, 0.0, "linear",
                True, response=responses.by_difference, control=control_arm.risk, bounds=(-1.0, 1.0)),
        Measure("AS", "arcsine difference", "arcsine difference", TWO_ARMS, two_arms.arcsine_difference, _same, 0.0,
                "linear", response=responses.by_arcsine, control=control_arm.arcsine, bounds=(-np.pi / 2, np.pi / 2)),
        Measure("PETO", "log odds ratio (Peto)", "odds ratio", TWO_ARMS, two_arms.peto_log_odds_ratio, np.exp, 0.0,
                "log", True, response=responses.by_odds, r_inverse="exp"),
        Measure("IRR", "log rate ratio", "rate ratio", TWO_RATES, rates.log_ratio, np.exp, 0.0, "log", True,
                response=responses.by_ratio, control=control_arm.log_rate, r_inverse="exp"),
        Measure("IRD", "rate difference", "rate difference", TWO_RATES, rates.difference, _same, 0.0, "linear", True,
                response=responses.by_difference, control=control_arm.rate),
        Measure("IRSD", "difference of square root rates", "difference of square root rates", TWO_RATES,
                rates.square_root_difference, _same, 0.0, "linear", response=responses.by_square_root,
                control=control_arm.square_root_rate),
        _reported("MD", "mean difference", "mean difference", (DIFFERENCE_ROUTE,), _same, 0.0, control_arm.mean),
        _reported("SMD", "standardised mean difference", "standardised mean difference", (STANDARDISED_ROUTE,), _same,
                  0.0),
        _reported("HR", "log hazard ratio", "hazard ratio", tuple(HR_ROUTES.values()), np.exp, 0.0,
                  control_arm.log_rate, usual=np.log(MOST)),
        _reported("MEDLN", "log median time", "median time", (MEDIAN_ROUTE,), np.exp, None),
        _reported("MEDR", "log ratio of medians", "ratio of medians", (MEDIANS_ROUTE,), np.exp, 0.0,
                  usual=np.log(MOST)),
        Measure("SURV", "-log(-log) survival", "survival", (), None, _survival, None, "percent"),
        Measure("GEN", "effect", "effect", (), None, _same, 0.0, "linear"),
    )
}  # fmt: skip
"""Measures of effect and their scales, by their code in ``measure=``, which is metafor's where it has the measure."""
