"""The mixed models of counts by measure and code: one record each, from counts to the maximum-likelihood fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from ....errors import ConvergenceError
from ...numeric.ascent import FLAT, MORE, Peak, Surface, climb, maximise
from ...numeric.quadrature import Start, Terms, one_effect
from ...numeric.wls import Floats
from .likelihoods import Arm, above_control, alone, between, binomial, hypergeometric, poisson
from .two_effects import Trials, two_effects

Counts = Mapping[str, Floats]  # role -> numbers, (k,)
SPREADS = (0.7,)  # standard deviations of baselines and of effects that are climbed from
TEST_POINTS = 21  # of the likelihoods that are compared for the tests of equal effects


class Fit(NamedTuple):
    """A maximum-likelihood fit and the tests that all trials have one effect."""

    mu: float
    se: float
    tau: float
    loglik: float
    q_lrt: float
    q_wald: float
    points: int
    sigma: float = np.nan  # standard deviation of baselines, where they are random
    surface: Surface | None = None  # of mean and tau where there is nothing else, by as many points as there are


@dataclass(frozen=True, slots=True)
class GlmmModel:
    """A mixed model of counts.

    Attributes
    ----------
    measure
        Code in ``MEASURES``.
    code
        metafor's name of the model of two arms; empty for one arm.
    label, reference
        Its name in a methods section, and its source.
    roles
        Column keywords it needs.
    fit
        Counts and quadrature points (None: as many as needed) -> fit.
    laplace
        Whether one quadrature point, Laplace's approximation, is its default.
    r_packages
        R packages by which metafor integrates its likelihood, without quadrature points; empty where it needs none.
    r_one_trial
        R's measure whose plain estimate is that of one trial by this model, which metafor fits to two or more; empty
        where there is none.
    r_probability
        R's log probability of a row of counts ``d`` at effects ``e``, where it depends on nothing else; empty where
        trials have baselines.
    """

    measure: str
    code: str
    label: str
    reference: str
    roles: tuple[str, ...]
    fit: Callable[[Counts, int | None], Fit]
    laplace: bool = False
    r_packages: str = ""
    r_one_trial: str = ""
    r_probability: str = ""

    @property
    def has_own_ratio(self) -> bool:
        """Whether its estimate of one trial is the rate or ratio that the trial's own counts give."""
        return not self.code or self.r_one_trial == self.measure

    @property
    def has_profile(self) -> bool:
        """Whether the mean has a profile likelihood over tau alone; with k baselines it would not hold its level."""
        return bool(self.r_probability)


def _guess(c: Counts, end: str = "") -> Start:
    """Return an arm's log odds or log rates, with 1/2 added, and their variances."""
    x = c["events" + end] + 0.5
    if "time" + end in c:
        return Start(np.log(x / c["time" + end]), 1 / x)
    rest = c["n" + end] + 1 - x
    return Start(np.log(x / rest), 1 / x + 1 / rest)


def _guess_effect(c: Counts) -> Start:
    """Return the trials' log ratio of odds or rates, roughly."""
    (t, vt), (u, vu) = _guess(c, "_t"), _guess(c, "_c")
    return Start(t - u, vt + vu)


def _mean(g: Start) -> float:
    return float((g.effect / g.variance).sum() / (1 / g.variance).sum())


def _arms(c: Counts) -> tuple[Arm, Arm]:
    """Return treatment and control."""
    if "time_t" in c:
        return poisson(c["events_t"], c["time_t"]), poisson(c["events_c"], c["time_c"])
    return binomial(c["events_t"], c["n_t"]), binomial(c["events_c"], c["n_c"])


def _given_sum(c: Counts) -> Arm:
    """Return treatment's events given those of both arms: binomial, with the arms' sizes as offset."""
    size = "time" if "time_t" in c else "n"
    offset = np.log(c[size + "_t"] / c[size + "_c"])
    return binomial(c["events_t"], c["events_t"] + c["events_c"], offset)


def _tables(c: Counts) -> Arm:
    return hypergeometric(c["events_t"], c["n_t"], c["events_c"], c["n_c"])


def _wald(best: Floats, information: Floats) -> float:
    """Return Cochran's Q of the trials' own estimates; those that are infinite have no weight."""
    there = information > 0
    y, w = best[there], information[there]
    return float((w * (y - (w * y).sum() / w.sum()) ** 2).sum()) if there.any() else 0.0


def _single(arm: Callable[[Counts], Arm], guess: Callable[[Counts], Start], c: Counts, points: int | None) -> Fit:
    """Fit a model whose likelihood of a trial depends on its effect alone."""
    a, g = arm(c), guess(c)
    likelihood = partial(one_effect, alone(a), g)
    peak, common, used = maximise(likelihood, points, np.array([_mean(g), 0.0]), None, scale=1)
    fit = _fit(peak, 0, 1, 2 * (a.top.sum() - common.value), _wald(a.best, a.information), used)
    return fit._replace(surface=likelihood(points or MORE[-1]))


def _fixed_baselines(c: Counts, points: int | None) -> Fit:
    """Fit the unconditional model with a baseline of its own for each trial."""
    (t, u), g = _arms(c), _guess_effect(c)
    own = 0.5 * (_guess(c, "_t").effect + _guess(c, "_c").effect)
    likelihood = partial(one_effect, between(t, u), g)
    peak, common, used = maximise(likelihood, points, np.array([_mean(g), 0.0]), own, scale=1)
    there = (t.information > 0) & (u.information > 0)
    best, information = np.zeros_like(own), np.zeros_like(own)
    best[there] = (t.best - u.best)[there]
    information[there] = 1 / (1 / t.information[there] + 1 / u.information[there])
    return _fit(peak, 0, 1, 2 * ((t.top + u.top).sum() - common.value), _wald(best, information), used)


def _random_baselines(c: Counts, points: int | None) -> Fit:
    """Fit the unconditional model with normal baselines, independent of the effects."""
    (t, u), g = _arms(c), _guess_effect(c)
    (y1, v1), (y2, v2) = _guess(c, "_t"), _guess(c, "_c")
    baseline = Start(0.5 * (y1 + y2), 0.25 * (v1 + v2))
    start = np.array([baseline.effect.mean(), _mean(g), baseline.effect.std(), 0.0])
    likelihood = partial(two_effects, Trials(t, u, baseline, g))
    peak, common, used = maximise(likelihood, points, start, None, scale=3)
    # a baseline's standard deviation of 0 is flat, and may be a saddle or the lower of two maxima
    surface, every = likelihood(used), np.arange(4)
    common = _highest(surface, common, every[:3], product(SPREADS, [0.0]))
    peak = _highest(surface, peak if peak.value > common.value else common, every, product(SPREADS, SPREADS))
    common = climb(likelihood(TEST_POINTS), common.shared, None, np.arange(3))
    lrt, wald = _equal_effects(c, common)
    sigma = abs(float(peak.shared[2]))
    # where baselines do not differ, Newton's method comes as near to 0 as rounding lets it
    return _fit(peak, 1, 3, lrt, wald, used)._replace(sigma=sigma if sigma > 1e-6 else 0.0)


def _highest(surface: Surface, peak: Peak, free: Any, spreads: Iterable[tuple[float, float]]) -> Peak:
    """Return the highest of a peak and those reached from other standard deviations of baselines and effects."""
    for pair in spreads:
        start = np.array([*peak.shared[:2], *pair])
        try:
            other = climb(surface, start, None, free, 3 if 3 in free else None)
        except ConvergenceError:
            continue
        if other.value > peak.value + FLAT:
            peak = other
    return peak


def _equal_effects(c: Counts, common: Peak) -> tuple[float, float]:
    """Return likelihood ratio and Wald test against random baselines of control and an effect for each trial, or NaN.

    A treatment arm without events, or of events only, has an infinite effect that explains it wholly: its trial
    counts with its control arm.
    """
    inside = _arms(c)[0].information > 0
    if not inside.any():
        return np.nan, np.nan
    some, rest = ({role: x[rows] for role, x in c.items()} for rows in (inside, ~inside))
    surface = one_effect(above_control(*_arms(some)), _guess(some, "_c"), TEST_POINTS)
    if not inside.all():
        surface = _both(surface, one_effect(alone(_arms(rest)[1]), _guess(rest, "_c"), TEST_POINTS))
    m, mu, sigma, _tau = common.shared
    start = np.array([m - 0.5 * mu, sigma])
    try:
        peak = climb(surface, start, _guess_effect(some).effect, np.arange(2))
    except ConvergenceError:  # the model with an effect for each trial can lack a maximum where the pooled one has it
        return np.nan, np.nan
    t = peak.terms
    precision = -np.diag(t.own_h) + t.cross.T @ np.linalg.solve(t.h, t.cross)
    total = precision.sum(0)
    assert peak.own is not None
    q = peak.own @ precision @ peak.own - (total @ peak.own) ** 2 / total.sum()
    return 2 * (peak.value - common.value), float(q)


def _both(first: Surface, second: Surface) -> Surface:
    """Return the likelihood of the trials of both, the second without own parameters."""

    def surface(shared: Any, own: Any) -> Terms:
        a, b = first(shared, own), second(shared, None)
        return a._replace(value=a.value + b.value, g=a.g + b.g, h=a.h + b.h)

    return surface


def _fit(peak: Peak, effect: int, scale: int, lrt: float, wald: float, points: int) -> Fit:
    se = float(np.sqrt(peak.covariance()[effect, effect]))
    mu, tau = (float(peak.shared[i]) for i in (effect, scale))
    return Fit(mu, se, abs(tau), peak.value, max(float(lrt), 0.0), wald, points)


ONE_ARM, ONE_RATE = ("events", "n"), ("events", "time")
TWO_ARMS, TWO_RATES = ("events_t", "n_t", "events_c", "n_c"), ("events_t", "time_t", "events_c", "time_c")
BINOMIAL, POISSON = "binomial-normal model", "Poisson-normal model"
STIJNEN = "Stijnen, Hamza and Ozdemir 2010, doi:10.1002/sim.4040"
TURNER = "Turner et al. 2000"
FIXED, RANDOM = ", a baseline of its own for each trial", ", random baselines"

GLMM_MODELS = {
    (m.measure, m.code): m
    for m in (
        GlmmModel(
            "PLO",
            "",
            BINOMIAL,
            STIJNEN,
            ONE_ARM,
            partial(_single, lambda c: binomial(c["events"], c["n"]), _guess),
            r_probability="dbinom(d$xi, d$ni, plogis(e), log = TRUE)",
        ),
        GlmmModel(
            "IRLN",
            "",
            POISSON,
            STIJNEN,
            ONE_RATE,
            partial(_single, lambda c: poisson(c["events"], c["time"]), _guess),
            r_probability="dpois(d$xi, d$ti * exp(e), log = TRUE)",
        ),
        GlmmModel("OR", "UM.FS", BINOMIAL + FIXED, TURNER, TWO_ARMS, _fixed_baselines, r_one_trial="OR"),
        GlmmModel(
            "OR", "UM.RS", BINOMIAL + RANDOM, TURNER, TWO_ARMS, _random_baselines, laplace=True, r_one_trial="OR"
        ),
        GlmmModel(
            "OR",
            "CM.EL",
            "hypergeometric-normal model, given each trial's events",
            STIJNEN,
            TWO_ARMS,
            partial(_single, _tables, _guess_effect),
            r_packages="BiasedUrn and numDeriv",
            r_probability="tables(d, e)",
        ),
        GlmmModel(
            "OR",
            "CM.AL",
            BINOMIAL + ", given each trial's events, for rare ones",
            STIJNEN,
            TWO_ARMS,
            partial(_single, _given_sum, _guess_effect),
            r_one_trial="IRR",
            r_probability="dbinom(d$ai, d$ai + d$ci, plogis(e + log(d$n1i / d$n2i)), log = TRUE)",
        ),
        GlmmModel("IRR", "UM.FS", POISSON + FIXED, STIJNEN, TWO_RATES, _fixed_baselines, r_one_trial="IRR"),
        GlmmModel(
            "IRR", "UM.RS", POISSON + RANDOM, STIJNEN, TWO_RATES, _random_baselines, laplace=True, r_one_trial="IRR"
        ),
        GlmmModel(
            "IRR",
            "CM.EL",
            BINOMIAL + ", given each trial's events",
            STIJNEN,
            TWO_RATES,
            partial(_single, _given_sum, _guess_effect),
            r_one_trial="IRR",
            r_probability="dbinom(d$x1i, d$x1i + d$x2i, plogis(e + log(d$t1i / d$t2i)), log = TRUE)",
        ),
    )
}
