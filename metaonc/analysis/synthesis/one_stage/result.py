"""What pool_ipd returns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import finer, in_percent, p_said, plain
from ....base.html import listed
from ....base.lazy import worked_out_later
from ....base.result import Provenance, Result, Text
from ....errors import DataError
from ...numeric.distributions import critical
from ...pooling.bayes.pool import ALONE
from ...pooling.bayes.priors import Normal, TauPrior
from ...results.cautions import FLAT
from ...results.inside import NotOfEffects
from ...survival.ensembles.combine import Combined
from . import rcode, sets, two_stage
from .rows import tidied

MODELS = {
    "common": "one effect common to all trials",
    "exact": "random treatment effects, exact likelihood",
    "laplace": "random treatment effects, Laplace's approximation",
    "bayes": "random treatment effects, posterior",
}
FEW = 5  # trials; of fewer, limits by likelihood are too narrow


@worked_out_later("tau2_low", "tau2_high", "trials", "two_stage", "differences", "patients")
@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True, eq=False, repr=False)
class IpdPool(NotOfEffects, Result):
    """A hazard ratio from the patients of all trials in one model, each trial with a baseline hazard of its own.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    estimate, se
        Log hazard ratio, below 0 where treatment has the lower hazard, and its standard error (of random effects at the
        estimated tau); of a posterior its median and standard deviation.
    ci_low, ci_high
        Limits of the type `ci`.
    hr
        exp(estimate).
    statistic, p_value
        z of Wald, or the signed root of the likelihood ratio; NaN of a posterior.
    probability
        Of a posterior, that the hazard ratio is below 1; NaN otherwise.
    tau2, tau2_low, tau2_high
        Variance of the treatment's effect between trials, 0 of a common one, with limits by profile (of a posterior:
        its median and quantiles).
    prediction_low, prediction_high
        For the log hazard ratio in a new trial: estimate -/+ t with k - 1 degrees of freedom times the root of tau² +
        se²; of a posterior its predictive distribution.
    loglik, null_loglik, penalised
        Log likelihood at the estimate and at no effect and no tau; of Laplace's approximation the penalised one too.
    robust_se
        Of a common effect in several trials, the standard error robust by trial; NaN otherwise.
    k, n, events
        Trials, patients and events.
    level, method, ci, prediction, ties, treatment, control
        As they were asked for; the arms compared.
    trials
        One row a trial: study, n_t, events_t, n_c, events_c; estimate and se of its own Cox model; effect, as the model
        has it (shrunken).
    two_stage
        The pools of the trials' own hazard ratios: model, estimate, se, ci_low, ci_high, tau2, interval, k; empty of
        one trial.
    differences
        Why one stage and two differ, in words.
    cuts
        Between which hazards of a trial are constant; None of Cox's model. `loglik` is then of the binomial counts of
        treatment, without coefficients.
    tau_prior, effect_prior
        Of a posterior; None where there is none, or the effect's is flat.
    patients
        study, time, event, arm (1 treatment), with delayed entry that too, and of several sets ``draw``, the set.
    sets
        Of plausible sets of patients, what Rubin's rules made of their pools; None of one set. Limits are then
        Student's t; events and tau2 are means over the sets, and limits of tau2 and likelihoods NaN.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    hr: float
    statistic: float
    p_value: float
    probability: float
    tau2: float
    tau2_low: float
    tau2_high: float
    prediction_low: float
    prediction_high: float
    loglik: float
    null_loglik: float
    penalised: float
    robust_se: float
    k: int
    n: int
    events: float
    level: float
    method: str
    ci: str
    prediction: str | None
    ties: str
    cuts: tuple[float, ...] | None
    tau_prior: TauPrior | None
    effect_prior: Normal | None
    treatment: str
    control: str
    trials: pd.DataFrame
    two_stage: pd.DataFrame
    differences: tuple[str, ...]
    patients: pd.DataFrame
    sets: Combined | None
    provenance: Provenance
    refit_way: ClassVar[str] = (
        "its own leave_one_out() leaves out each trial; the trials' own hazard ratios are pooled by survival.pool_mixed"
    )
    _shown: ClassVar[tuple[str, ...]] = ("n", "events", "tau2_low", "tau2_high", "loglik", "robust_se", "probability")

    @property
    def measure(self) -> str:
        """Code of the measure."""
        return "HR"

    @property
    def baseline(self) -> str:
        """What is taken of the baseline hazards, in words."""
        if self.cuts is None:
            return "stratified by trial"
        between = f", changing at {', '.join(f'{x:g}' for x in self.cuts)}" if self.cuts else " throughout"
        return f"piecewise exponential (Poisson), a hazard a trial and interval{between}"

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the limits at another level, by the same method."""
        if level is None or confidence_level(level) == self.level:
            low, high = self.ci_low, self.ci_high
        elif self.sets is not None:
            low, high = self.sets.confidence_interval(level)
        elif self.ci == "wald":
            half = float(critical(level)) * self.se
            low, high = self.estimate - half, self.estimate + half
        else:
            from .again import limits

            low, high = limits(self, level)
        return (float(np.exp(low)), float(np.exp(high))) if transform else (float(low), float(high))

    def leave_one_out(self) -> pd.DataFrame:
        """Return the same model without each trial in turn: left_out, estimate, se, tau2, reason, caution.

        Estimates are log hazard ratios; reason says why there is none, and caution where the likelihood still rises at
        the largest tau at which it is taken, as of the whole pool.

        Raises
        ------
        DataError
            When there is one trial only.
        """
        from .again import without_each

        if self.k < 2:
            raise DataError("one trial cannot be left out.")
        return without_each(self)

    def laplace_profile(self, tau2: Any) -> pd.DataFrame:
        """Return Laplace's approximation at given variances between trials: tau2, estimate, se, loglik.

        Parameters
        ----------
        tau2 : sequence of float
            Not negative.

        Raises
        ------
        DataError
            When a variance is negative, or the pool is of several sets of patients.
        """
        from .again import profiled

        if self.sets is not None:
            raise DataError(f"the likelihood is of one set of patients, here are {self.sets.k}: pool one of them.")
        return profiled(self, tau2)

    def row(self, *, study: str) -> dict[str, Any]:
        """Return a row for a table of trials that ``pool`` takes: study, yi, vi, measure and route."""
        return {"study": study, "yi": self.estimate, "vi": self.se**2, "measure": "HR",
                "route": f"one-stage model of {self.k} trials"}  # fmt: skip

    def r_code(self) -> Text:
        """Return an R script, data inline: coxph of a common effect; of random ones the likelihood over coxph's.

        Of several sets of patients it combines their estimates; the patients are not in it.
        """
        if self.sets is not None:
            return sets.r_code(self.sets, "log hazard ratios")
        return Text(rcode.script(self.patients, method=self.method, ci=self.ci, ties=self.ties, cuts=self.cuts,
                                 level=self.level, arms=(self.treatment, self.control)))  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial by its own Cox model, and one for the pool (type ``study`` or ``summary``)."""
        pooled = {name: getattr(self, name) for name in ("estimate", "se", "ci_low", "ci_high")}
        tests = {"statistic": self.statistic, "p_value": self.p_value}
        return tidied(self.trials, self.level, {**pooled, "interval": self.ci}, tests, transform, shrunken=True)

    def _glance(self) -> list[dict[str, Any]]:
        return self._row()

    def _cautions(self) -> list[Caution]:
        found = []
        if self.method in ("exact", "laplace") and self.k < FEW:
            by = "by likelihood" if self.sets is None else "by the likelihood of each set"
            text = f"limits of {self.k} trials {by} are too narrow, as what is not known of tau² is left out"
            beside = "the two-stage interval by REML and Student's t stands beside them"
            known = self.two_stage["k"].max() > 1 if len(self.two_stage) else False
            found.append(Caution(text=text, more=beside if known else ""))
        if self.method != "common":
            found += two_stage.disagreeing(self.two_stage, (self.ci_low, self.ci_high), self.level)
        if self.method in ("exact", "laplace") and self.tau2 == 0:
            found.append(Caution(text=FLAT))
        if self.method == "bayes" and self.k < FEW:
            told = f"with {self.k} trials the posterior depends on the prior of τ" if self.k > 1 else ALONE
            found.append(Caution(text=told))
        if self.sets is None:  # of several sets the limits hold what they differ by
            short = two_stage.narrow(self.two_stage, self.trials["se"].to_numpy(dtype=float), self.level)
            found += [replace(one, of_summary=self.method == "common") for one in short]
        return found

    def _lines(self) -> list[str]:
        hr, low, high = plain.of(*np.exp([self.estimate, self.ci_low, self.ci_high]))
        tested = f"P(HR < 1) {plain(self.probability)}" if self.method == "bayes" else p_said(self.p_value, " =")
        prior = f", prior of tau {self.tau_prior}" if self.tau_prior else ""
        lines = [
            f"{self.treatment} against {self.control}: {self.k} trial{'s' * (self.k != 1)}, {self.n} patients, "
            f"{sets.count(self.events)} events",
            f"One stage, {self.baseline}: {MODELS[self.method]}{prior}",
            f"Hazard ratio {hr} ({in_percent(self.level)} % {self.ci} interval {low} to {high}), {tested}",
            f"log HR {finer(self.estimate)}, standard error {finer(self.se)}",
        ]
        if self.method == "common":
            if np.isfinite(self.robust_se):
                lines[-1] += f" (robust by trial {finer(self.robust_se)})"
        else:
            between = f"({in_percent(self.level)} % interval {plain(self.tau2_low)} to {plain(self.tau2_high)})"
            lines.append(f"tau² {plain(self.tau2)} {between if self.sets is None else '(mean over the sets)'}")
            if np.isfinite(self.prediction_low):
                new = plain.of(*np.exp([self.prediction_low, self.prediction_high]))
                lines.append(f"hazard ratio in a new trial: {new[0]} to {new[1]}")
        if self.sets is not None:
            lines.append(sets.in_words(self.sets))
        if len(self.two_stage):
            lines += ["", "Two stages (log hazard ratios)", listed(self.two_stage, finer)]
        return [*lines, *self.differences]
