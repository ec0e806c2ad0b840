"""The fit of one model to the tabulated trials: estimates, limits, tests. Arrays in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from ....base.check import Floats
from ....errors import DataError
from ...numeric.distributions import chi2_p, chi2_quantile, critical, two_sided_p
from ...survival.cox.partial_likelihood import Terms, maximise
from .likelihoods.laplace import Fit, Slope, best_laplace, on_grid
from .likelihoods.posterior import Posterior, posterior
from .likelihoods.profile import FOR_ITS_VALUE, highest, limits, limits_of_beta
from .likelihoods.profile import on_grid as profiled
from .likelihoods.random_treatment import exactly
from .likelihoods.tabulated import REACH, Tables, score
from .rows import new_trial

NAN = math.nan


class Fitted(NamedTuple):
    """One model; log hazard ratios, and NaN where it has none of a kind. See `IpdPool`.

    Limits of tau² are worked out at the first call, and are the same at the next ones.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    p_value: float
    tau2: float
    tau2_limits: Callable[[], tuple[float, float]]
    prediction_low: float
    prediction_high: float
    loglik: float
    penalised: float
    effects: Floats
    probability: float


def common(trials: list[Terms], null: float, level: float) -> tuple[Fitted, float]:
    """Return Cox's model stratified by trial, one effect, and the standard error robust by trial, NaN of one."""
    whole = Terms(sum(t.events_t for t in trials), np.concatenate([t.offset for t in trials]))
    beta, se = maximise(whole)
    half, z = float(critical(level)) * se, beta / se
    value = sum(t.events_t * beta - float((np.logaddexp(0, beta + t.offset) - np.logaddexp(0, t.offset)).sum())
                for t in trials)  # fmt: skip
    robust = se**2 * math.sqrt(sum(score(t, beta) ** 2 for t in trials)) if len(trials) > 1 else NAN
    fitted = Fitted(beta, se, beta - half, beta + half, z, float(two_sided_p(z)), 0.0, no_limits, NAN, NAN,
                    null + value, NAN, np.full(len(trials), beta), NAN)  # fmt: skip
    return fitted, robust


def no_limits() -> tuple[float, float]:
    """Return limits of what has none."""
    return NAN, NAN


class Point(NamedTuple):
    """An estimate without limits."""

    estimate: float
    se: float
    tau2: float


def point(tables: Tables, method: str) -> Point:
    """Return random treatment effects by maximum likelihood, without limits."""
    grid = on_grid(tables)
    if method == "laplace":
        tau, fit = best_laplace(tables, found=grid)
    else:
        tau = np.sqrt(highest(tables, profiled(tables, grid[0])).variance)
        fit = exactly(tables, tau)
    return Point(float(fit.beta[0]), float(fit.se[0]), float(tau[0]) ** 2)


def points_without_each(tables: Tables, grid: tuple[Fit, Slope]) -> list[Point]:
    """Return random treatment effects by Laplace's approximation without each trial, all at once.

    `grid` is what `on_grid` returns of the tables.
    """
    tau, found = best_laplace(tables, 1.0 - np.eye(len(tables.null)), grid)
    return [Point(*each) for each in zip(found.beta.tolist(), found.se.tolist(), (tau**2).tolist(), strict=True)]


def random(tables: Tables, grid: tuple[Fit, Slope], method: str, ci: str, level: float) -> Fitted:
    """Return random treatment effects by maximum likelihood, exact or by Laplace's approximation."""
    exact = summit = None
    if method == "laplace":
        taus, fit = best_laplace(tables, found=grid)
    else:
        exact = profiled(tables, grid[0])
        summit = highest(tables, exact)
        taus = np.sqrt(summit.variance)
        fit = exactly(tables, taus)
    tau, beta, se, top = float(taus[0]), float(fit.beta[0]), float(fit.se[0]), float(fit.loglik[0])
    null, k = float(tables.null.sum()), len(tables.null)
    if ci == "wald":
        half, z = float(critical(level)) * se, beta / se
        low, high, p = beta - half, beta + half, float(two_sided_p(z))
    else:
        half = float(critical(level)) * se
        ends, at_none = limits_of_beta(tables, beta, half, top - float(chi2_quantile(level, 1)) / 2)
        low, high = float(ends[0]), float(ends[1])
        if -REACH in (low, high) or REACH in (low, high):
            raise DataError("the profile likelihood does not fall on one side: take ci='wald', or treatment='common'.")
        ratio = max(0.0, 2 * (top - at_none))
        z, p = math.copysign(math.sqrt(ratio), beta), float(chi2_p(ratio, 1))

    @cache
    def tau2_limits() -> tuple[float, float]:
        known = profiled(tables, grid[0]) if exact is None else exact
        top = highest(tables, known, FOR_ITS_VALUE) if summit is None else summit
        return limits(tables, known, top, float(top.value[0]) - float(chi2_quantile(level, 1)) / 2)

    new = new_trial(beta, se, tau**2, k, level)
    return Fitted(beta, se, low, high, z, p, tau**2, tau2_limits, *new, null + top,
                  null + float(fit.penalised[0]), fit.theta[0], NAN)  # fmt: skip


def believed(tables: Tables, prior: Any, prior_beta: Any, level: float) -> Fitted:
    """Return the posterior's median and central limits, of beta, tau and the effect in a new trial."""
    found: Posterior = posterior(
        tables, prior.log_density, lambda b: np.zeros_like(b) if prior_beta is None else _log(prior_beta.density(b)),
        prior.size,
    )  # fmt: skip
    p = np.array([(1 - level) / 2, 0.5, (1 + level) / 2])
    (low, median, high), (t_low, t_median, t_high) = found.quantiles(p), found.tau_quantiles(p)
    new_low, _, new_high = found.predictive(p)
    effects = exactly(tables, np.array([t_median])).theta[0]
    of_tau2 = float(t_low**2), float(t_high**2)
    return Fitted(float(median), found.sd(), float(low), float(high), NAN, NAN, float(t_median**2), lambda: of_tau2,
                  float(new_low), float(new_high), NAN, NAN, effects, found.below(0.0))  # fmt: skip


def _log(density: Floats) -> Floats:
    out: Floats = np.log(np.maximum(density, 1e-300))
    return out
