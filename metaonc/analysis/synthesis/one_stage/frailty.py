"""pool_frailty: the patients of all trials with baseline hazards that are one but for a factor a trial."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance
from ....errors import OptionError
from ...survival.cox.partial_likelihood import TIES
from ...survival.cox.result import wald
from . import sets
from .evidence import read_trials, refuse_one
from .frailty_result import FrailtyPool
from .likelihoods import cells, frailty_models
from .rows import new_trial
from .two_stage import own_effects

FRAILTIES = ("lognormal", "gamma")
TREATMENTS = ("common", "random", "correlated")


@known_arguments
def pool_frailty(
    patients: Any,
    *,
    control: Any = None,
    study: str | None = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    draw: str | None = None,
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
    draw : str, optional
        As of `pool_ipd`; variances between trials are means over the sets.
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
    if draw is not None:
        same: dict[str, Any] = {"control": control, "study": study, "time": time, "event": event, "arm": arm,
                                "frailty": frailty, "treatment": treatment, "ties": ties, "level": level}  # fmt: skip
        read = {"time": time, "event": event, "by": arm}
        return _of_sets(sets.results_of(patients, draw, read, lambda one: pool_frailty(one, **same)), draw)
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
        events=float(found.events), ties=ties, treatment=found.treatment, control=found.control,
        trials=own, patients=patients, sets=None,
        provenance=Provenance(verb="survival.pool_frailty", settings=settings, rows_in=found.rows_in,
                              rows_used=found.n, dropped=found.dropped, notes=found.notes,
                              cautions=found.doubts(times=True)),
    )  # fmt: skip


def _of_sets(pools: list[FrailtyPool], draw: str) -> FrailtyPool:
    """Return the pools of sets of patients as one."""
    r, nan = pools[0], math.nan
    total = sets.rubin(pools, r.level)
    mean: dict[str, Any] = {name: float(np.mean([getattr(p, name) for p in pools]))
            for name in ("events", "baseline_variance", "tau2", "correlation")}  # fmt: skip
    low, high = nan, nan
    if r.effect != "common":
        low, high = new_trial(total.estimate, total.se, mean["tau2"], r.k, r.level)
    told = {name: x for name, x in sets.told(total).items() if name not in ("statistic", "df")}
    return replace(
        r, **told, **mean, hr=math.exp(total.estimate), prediction_low=low, prediction_high=high, loglik=nan,
        null_loglik=nan, penalised=nan, trials=sets.combined_rows([p.trials for p in pools], "study", r.level),
        patients=sets.patients_of(pools), sets=total, provenance=sets.provenance_of(pools, draw),
    )  # fmt: skip


def without(r: FrailtyPool, name: str) -> dict[str, float]:
    """Return the same model without a trial."""
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
