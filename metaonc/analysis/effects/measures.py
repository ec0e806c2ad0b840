"""The measures of effect: one record each, from which checks, axes, labels and back-transforms follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from . import proportions, reported, two_arms

ONE_ARM = ("events", "n")
TWO_ARMS = ("events_t", "n_t", "events_c", "n_c")


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
        Column keywords of ``effect_sizes`` that it needs; none for effects given as yi and vi.
    compute
        Roles -> (yi, vi).
    inverse
        Analysis scale -> natural scale; of the double arcsine it takes the sample size as well.
    null
        The value of no effect on the analysis scale; None where there is none, as for one arm.
    scale
        How the natural scale is drawn: ``log``, ``percent`` or ``linear``.
    corrected
        Whether a zero cell needs a continuity correction.
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

    @property
    def inverse_needs_n(self) -> bool:
        """Whether the back-transform depends on a sample size (Freeman-Tukey), and so is not one function."""
        return self.inverse is proportions.freeman_tukey_inverse

    @property
    def is_proportion(self) -> bool:
        """Whether it is the proportion of one arm, for which single studies have exact intervals."""
        return self.roles == ONE_ARM

    @property
    def is_reported(self) -> bool:
        """Whether reports state it with an interval of their own."""
        return "ci_low" in self.roles


def _same(x: Any) -> Any:
    return x


def _unit(x: Any) -> Any:
    return np.clip(x, 0.0, 1.0)


def _exp_unit(x: Any) -> Any:
    return np.minimum(np.exp(x), 1.0)


def _sine(x: Any) -> Any:
    return np.sin(np.clip(x, 0.0, np.pi / 2)) ** 2


_HR = ("hr", "ci_low", "ci_high")
_TIME = ("median", "ci_low", "ci_high")

MEASURES = {
    m.code: m
    for m in (
        Measure("PR", "proportion", "proportion", ONE_ARM, proportions.raw, _unit, None, "percent", True),
        Measure("PLN", "log proportion", "proportion", ONE_ARM, proportions.log, _exp_unit, None, "percent", True),
        Measure(
            "PLO", "logit proportion", "proportion", ONE_ARM, proportions.logit, special.expit, None, "percent", True
        ),
        Measure("PAS", "arcsine proportion", "proportion", ONE_ARM, proportions.arcsine, _sine, None, "percent"),
        Measure(
            "PFT",
            "double arcsine proportion",
            "proportion",
            ONE_ARM,
            proportions.freeman_tukey,
            proportions.freeman_tukey_inverse,
            None,
            "percent",
        ),
        Measure("RR", "log risk ratio", "risk ratio", TWO_ARMS, two_arms.log_risk_ratio, np.exp, 0.0, "log", True),
        Measure("OR", "log odds ratio", "odds ratio", TWO_ARMS, two_arms.log_odds_ratio, np.exp, 0.0, "log", True),
        Measure(
            "RD", "risk difference", "risk difference", TWO_ARMS, two_arms.risk_difference, _same, 0.0, "linear", True
        ),
        Measure(
            "AS",
            "arcsine difference",
            "arcsine difference",
            TWO_ARMS,
            two_arms.arcsine_difference,
            _same,
            0.0,
            "linear",
        ),
        Measure(
            "PETO",
            "log odds ratio (Peto)",
            "odds ratio",
            TWO_ARMS,
            two_arms.peto_log_odds_ratio,
            np.exp,
            0.0,
            "log",
            True,
        ),
        Measure("HR", "log hazard ratio", "hazard ratio", _HR, reported.log_from_interval, np.exp, 0.0, "log"),
        Measure("MEDLN", "log median time", "median time", _TIME, reported.log_from_interval, np.exp, None, "log"),
        Measure("GEN", "effect", "effect", (), None, _same, 0.0, "linear"),
    )
}
