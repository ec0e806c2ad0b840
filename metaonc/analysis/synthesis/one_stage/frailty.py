"""pool_frailty: the patients of all trials with baseline hazards that are one but for a factor a trial."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level, one_of
from ....base.digits import plain
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance, Text
from ....errors import OptionError
from ...results.inside import NotOfEffects
from ...survival.cox.partial_likelihood import TIES
from ...survival.cox.result import LogHazardRatio, wald
from . import rcode
from .evidence import read_trials, refuse_one
from .likelihoods import cells, frailty_models
from .rows import new_trial, tidied, without_each
from .two_stage import own_effects

FRAILTIES = ("lognormal", "gamma")
TREATMENTS = ("common", "random", "correlated")
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
        study, time, event, arm (1 treatment).
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
    events: int
    ties: str
    treatment: str
    control: str
    trials: pd.DataFrame
    patients: pd.DataFrame
    refit_way: ClassVar[str] = "its own leave_one_out() leaves out each trial"
    _shown: ClassVar[tuple[str, ...]] = ("n", "events", "baseline_variance", "correlation", "loglik")

    def leave_one_out(self) -> pd.DataFrame:
        """Return the same model without each trial in turn: left_out, estimate, se, tau2, baseline_variance, reason.

        Estimates are log hazard ratios; reason says why there is none, where the model has no fit.

        Raises
        ------
        DataError
            When there are two trials only.
        """
        return without_each(self.trials["study"].tolist(), 2, lambda name: _without(self, name))

    def r_code(self) -> Text:
        """Return the R script, data inline: coxph of a gamma frailty, coxme of log-normal effects."""
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
            f"{self.treatment} against {self.control}: {self.k} trials, {self.n} patients, {self.events} events",
            *lines,
            f"{name} {plain(self.baseline_variance)}{more}; log likelihood {plain(self.loglik)}",
            *new,
        ]


@known_arguments
def pool_frailty(
    patients: Any,
    *,
    control: Any = None,
    study: str | None = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    frailty: str = "lognormal",
    treatment: str = "common",
    ties: str = "efron",
    level: float = 0.95,
) -> FrailtyPool:
    r"""Pool the patients of trials in Cox's model with a shared frailty: one baseline hazard but for a factor a trial.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: h_{ij}(t) = h_0(t) \, e^{u_i + \theta_i x_{ij}}

    Trials are then compared with each other, as treatment effects of a stratified model (`pool_ipd`) are not: the model
    asks that baseline hazards of all are proportional. It is for few patients a trial, not for trials of different
    settings.

    Parameters
    ----------
    patients : dataframe
        As of `pool_ipd`.
    control : label, optional
        As of `pool_ipd`.
    study : str, optional
        As of `pool_ipd`.
    time, event, arm : str
        As of `pool_ipd`.
    frailty : {"lognormal", "gamma"}
        Distribution of the factors: normal logarithms, by Laplace's approximation as R's coxme, or gamma of mean 1,
        whose integrated likelihood is exact.
    treatment : {"common", "random", "correlated"}
        Whether the treatment's effect differs between trials, independent of their factors or not; of a gamma frailty
        it is common.
    ties : str, default "efron"
        As of `pool_ipd`.
    level : float, default 0.95
        As of `pool_ipd`.

    Returns
    -------
    FrailtyPool
        The pooled log hazard ratio and the variances of both random effects.

    Raises
    ------
    ColumnError, OptionError, DataError
        As `pool_ipd`; one trial alone; effects that differ beside a gamma frailty.
    ConvergenceError
        When the likelihood's maximum is not found.

    Notes
    -----
    R's ``coxph`` with ``frailty()`` ends its search for theta after ten steps by default, which can be far from the
    maximum; here it is found. ``coxme`` can end short of it where effects are correlated, from its own start by 0.28 of
    the log likelihood in the trials of tests/reference/coxme.R; the likelihood as written in correlated_frailty.R there
    has its maximum where it is here.

    References
    ----------
    Ripatti and Palmgren 2000, Biometrics 56:1016; Therneau, Grambsch and Pankratz 2003, Journal of Computational and
    Graphical Statistics 12:156 (neither was read; numbers are those of coxme, and of coxph at given theta).

    Examples
    --------
    >>> import numpy as np
    >>> import metaonc as mo
    >>> rng = np.random.default_rng(1)
    >>> study, arm = np.repeat(list("ABCD"), 50), np.tile([0, 1], 100)
    >>> time = rng.exponential(np.where(arm == 1, 15.0, 10.0) * np.repeat([1, 2, 1, 0.5], 50))
    >>> r = mo.survival.pool_frailty({"study": study, "time": time, "event": np.ones(200), "arm": arm}, control=0)
    >>> round(r.hr, 2)
    0.53
    """
    level = confidence_level(level)
    one_of("frailty", frailty, FRAILTIES)
    one_of("treatment", treatment, TREATMENTS)
    ties = one_of("ties", ties, TIES)
    if frailty == "gamma" and treatment != "common":
        raise OptionError(f"treatment={treatment!r} is of frailty='lognormal'; of a gamma frailty it is common.")
    found = read_trials(patients, study=study, time=time, event=event, arm=arm, control=control, ties=ties)
    patients = found.patients()
    refuse_one(found, "a shared frailty", "take survival.hazard_ratio of its patients")
    fit = _fitted(patients, frailty, treatment, ties)
    k, random = len(found.trials), treatment != "common"
    sd = np.sqrt(np.diag(fit.variance))
    settings = {"study": found.study, "time": time, "event": event, "arm": arm, "control": found.control,
                "frailty": frailty, "treatment": treatment, "ties": ties, "level": level}  # fmt: skip
    own = pd.DataFrame({**own_effects(found.trials), "factor": np.exp(fit.effects[0]),
                        "effect": fit.estimate + (fit.effects[1] if random else np.zeros(k))})  # fmt: skip
    tau2 = float(fit.variance[-1, -1]) if random else 0.0
    low, high = new_trial(fit.estimate, fit.se, tau2, k, level) if random else (math.nan, math.nan)
    return FrailtyPool(
        **wald(fit.estimate, fit.se, level), method=f"{frailty} frailty, {ties} ties", frailty=frailty,
        effect=treatment, baseline_variance=float(fit.variance[0, 0]), tau2=tau2,
        prediction_low=low, prediction_high=high, prediction="t" if math.isfinite(low) else None,
        correlation=float(fit.variance[0, 1] / sd.prod()) if treatment == "correlated" else math.nan,
        loglik=fit.loglik, null_loglik=fit.null, penalised=fit.penalised, k=k, n=found.n,
        events=found.events, ties=ties, treatment=found.treatment, control=found.control,
        trials=own, patients=patients,
        provenance=Provenance(verb="survival.pool_frailty", settings=settings, rows_in=found.rows_in,
                              rows_used=found.n, dropped=found.dropped, notes=found.notes,
                              cautions=found.doubts(times=True)),
    )  # fmt: skip


def _without(r: FrailtyPool, name: str) -> dict[str, float]:
    fit = _fitted(r.patients[r.patients["study"] != name], r.frailty, r.effect, r.ties)
    tau2 = float(fit.variance[-1, -1]) if r.effect != "common" else 0.0
    return {"estimate": fit.estimate, "se": fit.se, "tau2": tau2, "baseline_variance": float(fit.variance[0, 0])}


def _fitted(p: pd.DataFrame, frailty: str, treatment: str, ties: str) -> frailty_models.Frailty:
    trial, names = pd.factorize(p["study"])
    k = len(names)
    cell = 2 * trial + p["arm"].to_numpy().astype(int)
    whole = cells.block(p["time"].to_numpy(), p["event"].to_numpy() == 1, cell, ties)
    number = np.arange(2 * k)
    x = frailty_models.design(number // 2, (number % 2).astype(float), random_treatment=treatment != "common")
    if frailty == "gamma":
        events = np.bincount(trial, weights=p["event"].to_numpy(), minlength=k).astype(float)
        return frailty_models.gamma([whole], x, k, events)
    return frailty_models.log_normal([whole], x, k, treatment)
