"""pool_ipd: the patients of all trials in one model."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.check import Floats, confidence_level, one_of
from ....base.lazy import later
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance
from ....errors import OptionError
from ...pooling.bayes.priors import HalfNormal, Normal, TauPrior
from ...survival.cox.partial_likelihood import TIES
from ...survival.two_arms.arms import times_of
from . import fit, sets
from .evidence import Trials, read_trials, refuse_one
from .kept import Kept, keep, likelihoods
from .likelihoods.laplace import LARGEST_TAU
from .likelihoods.random_treatment import METHODS as MODES
from .result import IpdPool
from .rows import new_trial
from .two_stage import in_words, own_effects, two_stages

TREATMENTS = ("random", "common")
METHODS = ("exact", "laplace", "bayes")
INTERVALS = ("profile", "wald")
HALF = HalfNormal(0.5)


def cuts_of(cuts: ArrayLike) -> Floats:
    """Return cuts, rising; none are a hazard that is constant throughout."""
    return times_of(cuts, "cuts") if np.size(cuts) else np.zeros(0)


@known_arguments
def pool_ipd(
    patients: Any,
    *,
    control: Any = None,
    study: str | None = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    entry: str | None = None,
    draw: str | None = None,
    treatment: str = "random",
    method: str = "exact",
    ci: str | None = None,
    tau_prior: TauPrior = HALF,
    effect_prior: Normal | None = None,
    cuts: ArrayLike | None = None,
    ties: str = "efron",
    level: float = 0.95,
) -> IpdPool:
    r"""Pool the patients of trials in one model: Cox's, each trial with a baseline hazard of its own.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: h_{ij}(t) = h_{0i}(t) e^{\theta_i x_{ij}}, \quad \theta_i \sim N(\beta, \tau^2)

    Each trial's partial likelihood is a function of its log hazard ratio alone. It is tabulated once; maximum
    likelihood with the effects integrated out exactly, Laplace's approximation, profiles, posteriors and leaving trials
    out then are sums over tables.

    Parameters
    ----------
    patients : dataframe
        One row a patient, real or reconstructed.
    control : label, optional
        The value of `arm` that the other arm is compared with.
    study : str, optional
        Column of the trial; ``trial`` or ``study``, whichever the table has, when not given.
    time, event, arm : str
        Columns of follow-up (>= 0, any unit), of the event (1, or 0 where censored) and of the arm.
    entry : str, optional
        Column of delayed entry (left truncation): the time, >= 0 and before that of `time`, from when the patient was
        under observation.
    draw : str, optional
        Column of the set, of plausible sets of the same patients, as ``.ensemble().frame`` of reconstructed patients
        has it: each set is pooled, with Wald's limits, and Rubin's rules combine the pools.
    treatment : {"random", "common"}
        Whether the treatment's effect differs between trials.
    method : {"exact", "laplace", "bayes"}
        Of random effects: maximum likelihood with the trials' effects integrated out by Gauss-Hermite quadrature; the
        same by Laplace's approximation, as R's coxme; or the posterior.
    ci : {"profile", "wald"}, optional
        Limits by the profile of the exact likelihood, with the likelihood-ratio test, or Wald's at the estimated tau.
        When not given, profile of ``exact`` and Wald otherwise; of ``bayes`` they are quantiles.
    tau_prior : HalfNormal, HalfCauchy, HalfT or LogNormal, default HalfNormal(0.5)
        Of tau, for ``bayes``; any of ``mo.HalfNormal``, ``HalfT``, ``HalfCauchy``, ``LogNormal``.
    effect_prior : Normal, optional
        Of the mean log hazard ratio, for ``bayes``; flat when not given.
    cuts : sequence of float, optional
        Times, above 0 and the same in all trials, between which each trial's hazards are constant (a piecewise
        exponential, or Poisson, model); empty for hazards constant throughout. Cox's model when not given.
    ties : {"efron", "breslow"}
        How events at the same time are treated.
    level : float, default 0.95
        Coverage of all limits.

    Returns
    -------
    IpdPool
        With the trials' own hazard ratios, the two-stage pools beside, and why these differ.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A row that cannot be used (none is dropped), arms that are not two, no trial that tells of the effect, or all
        its events of one arm; one trial alone where effects are random, but for a posterior; sets of patients that are
        not of the same trials, or that no `draw` tells apart.

    Notes
    -----
    A trial whose events are all of one arm has no hazard ratio of its own, and no two-stage pool can take it; here its
    likelihood, which rises to a bound, counts as it is. Beyond log hazard ratios of 12 likelihoods go on by their
    tangents. Trials without patients of one arm, or without events while both arms were at risk, tell nothing: they are
    left out, and named.

    With `cuts` the baseline hazards, one a trial and interval, are conditioned out: given the events of an interval,
    those of treatment are binomial. Of a common effect this is the Poisson model with a term for each of them; random
    effects are then by the likelihood of R's ``glmer`` of binomial counts (``laplace``: nAGQ = 0). A Poisson ``glmer``
    that estimates the baselines beside them has a smaller tau², by half or so in the six trials of
    tests/reference/poisson_one_stage.R.

    References
    ----------
    Ripatti and Palmgren 2000, Biometrics 56:1016 (Laplace's approximation; not read); Burke, Ensor and Riley 2017,
    Statistics in Medicine 36:855 (one and two stages; not read); Crowther et al. 2012, BMC Medical Research Methodology
    12:34 (Poisson models; not read). The approximation's numbers are those of R's coxme.

    Examples
    --------
    >>> import numpy as np
    >>> import metaonc as mo
    >>> rng = np.random.default_rng(1)
    >>> study, arm = np.repeat(list("ABCD"), 50), np.tile([0, 1], 100)
    >>> time = rng.exponential(np.where(arm == 1, 15.0, 10.0))
    >>> r = mo.survival.pool_ipd({"study": study, "time": time, "event": np.ones(200), "arm": arm}, control=0)
    >>> r.k, round(r.hr, 2)
    (4, 0.49)
    """
    level = confidence_level(level)
    one_of("treatment", treatment, TREATMENTS)
    one_of("method", method, METHODS)
    ties = one_of("ties", ties, TIES)
    model = "common" if treatment == "common" else method
    at = None if cuts is None else cuts_of(cuts)
    if draw is not None and (model == "bayes" or ci == "profile"):
        raise OptionError("Rubin's rules combine estimates and errors of the sets of draw=, so that limits are "
                          "Student's t: leave ci= out; method= is 'exact' or 'laplace'.")  # fmt: skip
    if at is not None and ties != "efron":
        raise OptionError(f"ties={ties!r} is of Cox's model; hazards constant between cuts know no ties: leave it out.")
    if ci is None:
        ci = "profile" if model == "exact" and draw is None else "wald"
    one_of("ci", ci, INTERVALS)
    if ci == "profile" and model != "exact":
        raise OptionError(
            f"ci='profile' is of the exact likelihood of random effects, not of {model!r}; take ci='wald'."
        )
    if draw is not None:
        own: dict[str, Any] = {
            "control": control, "study": study, "time": time, "event": event, "arm": arm, "entry": entry,
            "treatment": treatment, "method": method, "ci": ci, "cuts": cuts, "ties": ties, "level": level,
        }  # fmt: skip
        read = {"time": time, "event": event, "by": arm, "entry": entry}
        return _of_sets(sets.results_of(patients, draw, read, lambda one: pool_ipd(one, **own)), draw)
    found = read_trials(patients, study=study, time=time, event=event, arm=arm, control=control, ties=ties, cuts=at,
                        entry=entry)  # fmt: skip
    if model in MODES:
        refuse_one(found, "a random effect", f"take {option('treatment', 'common')}, which is its Cox model, or "
                   "survival.hazard_ratio of its patients")  # fmt: skip
    settings = {"study": found.study, "time": time, "event": event, "arm": arm, "control": found.control,
                "treatment": treatment, "method": method, "ci": ci, "ties": ties, "level": level}  # fmt: skip
    settings |= {} if at is None else {"cuts": at.tolist()}
    settings |= {} if entry is None else {"entry": entry}
    return _result(found, model, ci, ties, at, level, tau_prior, effect_prior, settings)


def _result(
    found: Trials, model: str, ci: str, ties: str, cuts: Floats | None, level: float, tau_prior: Any, effect_prior: Any,
    settings: dict[str, Any],
) -> IpdPool:  # fmt: skip
    kept = likelihoods(found.trials, random=model != "common")
    point, robust = fitted(kept, model, ci, level, tau_prior, effect_prior)
    own = cache(lambda: own_effects(found.trials))
    two = cache(lambda: two_stages(own(), level))
    if model == "bayes":
        ci = "credible"
    else:
        tau_prior = effect_prior = None
    k = len(found.trials)
    provenance = Provenance(
        verb="survival.pool_ipd", settings=settings | ({"tau_prior": str(tau_prior)} if tau_prior else {}),
        rows_in=found.rows_in, rows_used=found.n, dropped=found.dropped, notes=found.notes + found.one_sided,
        cautions=at_the_end(model, point.tau2) + found.doubts(times=cuts is not None),
    )  # fmt: skip
    names = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value", "probability", "tau2", "prediction_low",
             "prediction_high", "loglik", "penalised")  # fmt: skip
    r = IpdPool(
        **{name: getattr(point, name) for name in names}, hr=math.exp(point.estimate),
        tau2_low=later(lambda: point.tau2_limits()[0]), tau2_high=later(lambda: point.tau2_limits()[1]),
        null_loglik=sum(t.null for t in found.trials), robust_se=robust, k=k, n=found.n,
        events=float(found.events), level=level, method=model, ci=ci,
        prediction=None if math.isnan(point.prediction_low) else "posterior" if model == "bayes" else "t", ties=ties,
        cuts=None if cuts is None else tuple(cuts.tolist()), tau_prior=tau_prior, effect_prior=effect_prior,
        treatment=found.treatment, control=found.control, two_stage=later(two), patients=later(found.patients),
        trials=later(lambda: pd.DataFrame({**own(), "effect": point.effects})), sets=None, provenance=provenance,
        differences=later(lambda: in_words(point.estimate, two(), random=model != "common", bayes=model == "bayes",
                                           left_out=len(found.one_sided))),
    )  # fmt: skip
    keep(r, kept)
    return r


def at_the_end(model: str, tau2: float) -> tuple[str, ...]:
    """Return a caution where the likelihood has no maximum among the variances that are looked at."""
    if model not in MODES or not math.isclose(tau2, LARGEST_TAU**2, rel_tol=1e-9):
        return ()
    return (f"the likelihood still rises at a tau of {LARGEST_TAU:g}, the largest at which it is taken: tau² is given "
            f"as {LARGEST_TAU**2:g}, and limits and range of a new trial are those at it. Hazard ratios that differ so "
            "much between trials have no useful mean: look at those of the trials",)  # fmt: skip


def _of_sets(pools: list[IpdPool], draw: str) -> IpdPool:
    """Return the pools of sets of patients as one."""
    r, nan = pools[0], math.nan
    total = sets.rubin(pools, r.level)
    trials = sets.combined_rows([p.trials for p in pools], "study", r.level)
    two = sets.combined_rows([p.two_stage for p in pools], "model", r.level, of_means=True)[list(r.two_stage)]
    tau2, random = float(np.mean([p.tau2 for p in pools])), r.method != "common"
    low, high = new_trial(total.estimate, total.se, tau2, r.k, r.level) if random else (nan, nan)
    told = sets.told(total)
    del told["df"]
    return replace(
        r, **told, hr=math.exp(total.estimate), tau2=tau2, tau2_low=nan, tau2_high=nan, prediction_low=low,
        prediction_high=high, loglik=nan, null_loglik=nan, penalised=nan, robust_se=nan, ci="t", trials=trials,
        two_stage=two, sets=total, events=float(np.mean([p.events for p in pools])),
        differences=in_words(total.estimate, two, random=random, bayes=False,
                             left_out=int(trials["estimate"].isna().sum())),
        patients=sets.patients_of(pools), provenance=sets.provenance_of(pools, draw),
    )  # fmt: skip


def fitted(
    kept: Kept, model: str, ci: str, level: float, tau_prior: Any, effect_prior: Any
) -> tuple[fit.Fitted, float]:
    """Return the model of trials, and the standard error robust by trial where the effect is common."""
    if kept.tables is None:
        return fit.common([t.terms for t in kept.trials], sum(t.null for t in kept.trials), level)
    if model == "bayes":
        return fit.believed(kept.tables, tau_prior, effect_prior, level), math.nan
    return fit.random(kept.tables, kept.grid(), model, ci, level), math.nan
