"""What pool_frailty returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import plain
from ....base.result import Text
from ...results.inside import NotOfEffects
from ...survival.cox.result import LogHazardRatio
from ...survival.ensembles.combine import Combined
from . import rcode, sets
from .rows import tidied, without_each

EDGE = 0.999  # a correlation from here on is at the edge of what can be


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FrailtyPool(NotOfEffects, LogHazardRatio):
    """A hazard ratio from a shared frailty model of all trials; the fields of `LogHazardRatio`, and these.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    frailty
        ``lognormal`` or ``gamma``.
    effect
        Of treatment: ``common``, ``random``, or ``correlated`` with the baselines.
    baseline_variance
        Of the trials' log baseline factors; of a gamma frailty of the factors themselves (theta).
    tau2, correlation
        Variance of the treatment's effect, 0 of a common one, and its correlation with the log factors; NaN where it
        has none.
    prediction_low, prediction_high
        For the log hazard ratio in a new trial, where effects differ: estimate -/+ t with k - 1 degrees of freedom
        times the root of tau² + se²; NaN otherwise.
    prediction
        Kind of the prediction interval, ``t``; None where there is none.
    loglik, null_loglik, penalised
        Integrated log likelihood, that of no effect at all, and the penalised one.
    k, n, events
        Trials, patients, events.
    ties, treatment, control
        Treatment of tied times, and the arms compared.
    trials
        One row a trial: study, n_t, events_t, n_c, events_c; estimate and se of its own Cox model; factor (of its
        baseline hazard), effect (its log hazard ratio), as the model has them.
    patients
        study, time, event, arm (1 treatment), and of several sets ``draw``, the set.
    sets
        Of plausible sets of patients, what Rubin's rules made of their pools; None of one set. Limits are then
        Student's t; events, variances, correlation and factors are means over the sets, and likelihoods NaN.
    """

    frailty: str
    effect: str
    baseline_variance: float
    tau2: float
    correlation: float
    prediction_low: float
    prediction_high: float
    prediction: str | None
    loglik: float
    null_loglik: float
    penalised: float
    k: int
    n: int
    events: float
    ties: str
    treatment: str
    control: str
    trials: pd.DataFrame
    patients: pd.DataFrame
    sets: Combined | None
    refit_way: ClassVar[str] = "its own leave_one_out() leaves out each trial"
    _shown: ClassVar[tuple[str, ...]] = ("n", "events", "baseline_variance", "correlation", "loglik")

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "wald" if self.sets is None else "t"

    def leave_one_out(self) -> pd.DataFrame:
        """Return the same model without each trial in turn: left_out, estimate, se, tau2, baseline_variance, reason.

        Estimates are log hazard ratios; reason says why there is none, where the model has no fit.

        Raises
        ------
        DataError
            When there are two trials only.
        """
        from .frailty import without

        if self.sets is not None:
            return sets.left_out_of([one.leave_one_out() for one in sets.one_by_one(self)], self.level)
        return pd.DataFrame(without_each(self.trials["study"].tolist(), 2, lambda name: without(self, name)))

    def _limits(self, level: float) -> tuple[float, float]:
        return LogHazardRatio._limits(self, level) if self.sets is None else self.sets.confidence_interval(level)

    def r_code(self) -> Text:
        """Return the R script, data inline: coxph of a gamma frailty, coxme of log-normal effects.

        Of several sets of patients it combines their estimates; the patients are not in it.
        """
        if self.sets is not None:
            return sets.r_code(self.sets, "log hazard ratios")
        return Text(rcode.frailty(self.patients, frailty=self.frailty, effect=self.effect, ties=self.ties,
                                  theta=self.baseline_variance, arms=(self.treatment, self.control)))  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial by its own Cox model, and one for the pool (type ``study`` or ``summary``)."""
        pooled = {name: getattr(self, name) for name in ("estimate", "se", "ci_low", "ci_high")}
        tests = {"statistic": self.estimate / self.se, "p_value": self.p_value}
        return tidied(self.trials, self.level, {**pooled, "interval": self.ci}, tests, transform,
                      shrunken=self.effect != "common")  # fmt: skip

    def _cautions(self) -> list[Caution]:
        found = [Caution(text="baseline hazards of all trials are taken as one but for a factor",
                         more="a model stratified by trial does not need that")]  # fmt: skip
        if abs(self.correlation) > EDGE:
            found.append(Caution(text="the correlation of baselines and effects is at the edge of what can be",
                                 more="the data hardly inform it"))  # fmt: skip
        return found

    def _lines(self) -> list[str]:
        lines = LogHazardRatio._lines(self)
        name = "variance of baseline factors" if self.frailty == "gamma" else "variance of log baselines"
        more = "" if self.effect == "common" else f", tau² {plain(self.tau2)}"
        if self.effect == "correlated":
            more += f", correlation {plain(self.correlation)}"
        new: list[str] = []
        if np.isfinite(self.prediction_low):
            low, high = plain.of(*np.exp([self.prediction_low, self.prediction_high]))
            new = [f"hazard ratio in a new trial: {low} to {high}"]
        return [
            f"{self.treatment} against {self.control}: {self.k} trials, {self.n} patients, "
            f"{sets.count(self.events)} events",
            *lines,
            f"{name} {plain(self.baseline_variance)}{more}; "
            + (f"log likelihood {plain(self.loglik)}" if self.sets is None else "means over the sets"),
            *new,
            *([] if self.sets is None else [sets.in_words(self.sets)]),
        ]
