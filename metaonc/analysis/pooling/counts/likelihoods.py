"""Log likelihoods of counts, with derivatives: of one arm, of two arms, and of two arms given their sum.

Constants are included: values are logarithms of probabilities, so that fits of different models compare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ....errors import OptionError
from ...numeric.quadrature import Derivatives, Kernel
from ...numeric.wls import Floats

LARGE, NEAR = 1e4, 0.005  # of so many, and so near to a trial's own predictor, series have the digits that others lose
MOST_TABLES = 500_000  # more take minutes and gigabytes
HIGHEST = 300.0  # of a log rate in the tails of the quadrature, where the likelihood is 0 long since


@dataclass(frozen=True, slots=True)
class Arm:
    """The counts of an arm of each trial, as a likelihood of a linear predictor.

    Attributes
    ----------
    derivatives
        Predictor of shape (..., k, q) -> log likelihood and its first two derivatives.
    best
        The trials' own best predictors, (k,); infinite at 0 events, and where all have one.
    information
        Of `best`, (k,): the inverse of its variance; 0 where it is infinite.
    top
        Log likelihood at `best`, (k,).
    third
        Predictor -> third derivative, where a model needs it.
    """

    derivatives: Callable[[Any], tuple[Any, Any, Any]]
    best: Floats
    information: Floats
    top: Floats
    third: Callable[[Any], Any] | None = None


def binomial(x: Floats, n: Floats, offset: Any = 0.0) -> Arm:
    """Return the likelihood of x of n with logit(p) = predictor + offset.

    It is taken from a trial's own logit and by the rarer of both outcomes, so that with millions of patients no digits
    are lost in differences of large numbers.
    """
    inside, side = (x > 0) & (x < n), np.where(2 * x <= n, 1.0, -1.0)
    p, q = np.where(inside, [x, n - x], [x + 0.5, n - x + 0.5]) / np.where(inside, n, n + 1)
    at, rare = np.log(p / q) - offset, np.minimum(p, q)
    top = np.where(inside, _binomial_top(x, n), 0.0)
    here = np.where(inside, top, special.xlogy(x, p) + special.xlogy(n - x, q))[:, None]
    off, large = np.where(inside, 0.0, x - n * p)[:, None], n.max() > LARGE
    at_, side_, rare_, n_, npq = (each[:, None] for each in (at, side, rare, n, n * p * q))
    tilt, slope = off * side_, side_ * npq

    def moved(eta: Any) -> tuple[Any, Any, Any]:
        """Return the logit of the rarer outcome less its own, the growth of its odds, and of all odds together."""
        u = np.minimum(side_ * (eta - at_), HIGHEST)
        growth = np.expm1(u)
        return u, growth, 1 + rare_ * growth

    def derivatives(eta: Any) -> tuple[Any, Any, Any]:
        u, growth, total = moved(eta)
        if large:
            lost = np.where(np.abs(u) < NEAR, _bernoulli_rest(u, rare_), np.log1p(rare_ * growth) - rare_ * u)
        else:
            lost = np.log(total) - rare_ * u
        second = (growth + 1) / (total * total)
        return here + tilt * u - n_ * lost, off - slope * growth / total, -npq * second

    def third(eta: Any) -> Any:
        _, growth, total = moved(eta)
        share = rare_ * (1 + growth) / total
        return -side_ * npq * (1 + growth) / total**2 * (1 - 2 * share)

    best = np.where(inside, at, np.where(x > 0, np.inf, -np.inf))
    return Arm(derivatives, best, x * (1 - x / n), top, third)


def poisson(x: Floats, time: Floats) -> Arm:
    """Return the likelihood of x events with log(rate) = predictor, during `time`, taken from a trial's own rate."""
    inside = x > 0
    mean = np.where(inside, x, 0.5)
    at = np.log(mean / time)
    off = (x - mean)[:, None]
    top, large = np.where(inside, _poisson_top(mean), 0.0), x.max() > LARGE
    here, at_, mean_ = np.where(inside, top, -mean)[:, None], at[:, None], mean[:, None]

    def derivatives(eta: Any) -> tuple[Any, Any, Any]:
        d = np.minimum(eta - at_, HIGHEST)
        e = np.expm1(d)
        lost = np.where(np.abs(d) < NEAR, _exponential_rest(d), e - d) if large else e - d
        return here + off * d - mean_ * lost, off - mean_ * e, -mean_ * (1 + e)

    def third(eta: Any) -> Any:
        return -mean_ * np.exp(np.minimum(eta - at_, HIGHEST))

    return Arm(derivatives, np.where(inside, at, -np.inf), x, top, third)


def _bernoulli_rest(u: Any, p: Any) -> Any:
    """Return log(1 + p (exp(u) - 1)) - p u for u next to 0, by the cumulants of one patient."""
    v, skew = p * (1 - p), 1 - 2 * p
    beyond = skew * (1 - 12 * v) / 120 + u * (1 - 30 * v + 120 * v * v) / 720
    return v * u * u * (1 / 2 + u * (skew / 6 + u * ((1 - 6 * v) / 24 + u * beyond)))


def _exponential_rest(d: Any) -> Any:
    """Return exp(d) - 1 - d for d next to 0."""
    return d * d * (1 / 2 + d * (1 / 6 + d * (1 / 24 + d * (1 / 120 + d / 720))))


def _binomial_top(x: Floats, n: Floats) -> Any:
    """Return the log of the binomial probability of x at its own p, by Stirling's formula (Loader 2000)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return _beyond(n) - _beyond(x) - _beyond(n - x) - 0.5 * np.log(2 * np.pi * x * (1 - x / n))


def _poisson_top(x: Floats) -> Any:
    """Return the log of the Poisson probability of x at its own mean."""
    return -_beyond(x) - 0.5 * np.log(2 * np.pi * x)


def _beyond(x: Any) -> Any:
    """Return what Stirling's formula lacks of the log of x!."""
    small, large = np.minimum(x, 30.0), np.maximum(x, 30.0)
    series = (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / large**2) / large**2) / large**2) / large
    exact = special.gammaln(small + 1) - special.xlogy(small + 0.5, small) + small - 0.5 * np.log(2 * np.pi)
    return np.where(x > 30, series, exact)


def alone(arm: Arm) -> Kernel:
    """Return the kernel of trials of one arm, whose effect is its predictor."""

    def kernel(t: Any, _: Any) -> Derivatives:
        value, d1, d2 = arm.derivatives(t)
        return Derivatives(value, d1, d2)

    return kernel


def between(first: Arm, second: Arm) -> Kernel:
    """Return the kernel of trials of two arms with predictors a + t/2 and a - t/2: effect t, baseline a."""

    def kernel(t: Any, a: Any) -> Derivatives:
        (l1, d1, c1), (l2, d2, c2) = first.derivatives(a + 0.5 * t), second.derivatives(a - 0.5 * t)
        return Derivatives(l1 + l2, 0.5 * (d1 - d2), 0.25 * (c1 + c2), d1 + d2, 0.5 * (c1 - c2), c1 + c2)

    return kernel


def above_control(first: Arm, second: Arm) -> Kernel:
    """Return the kernel of trials whose random effect t is the predictor of control, and t + a that of treatment."""

    def kernel(t: Any, a: Any) -> Derivatives:
        (l1, d1, c1), (l2, d2, c2) = first.derivatives(t + a), second.derivatives(t)
        return Derivatives(l1 + l2, d1 + d2, c1 + c2, d1, c1, c1)

    return kernel


def hypergeometric(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Arm:
    r"""Return the likelihood of x1 given x1 + x2, with the log odds ratio as predictor.

    .. math:: P(x_1 = j) \propto \binom{n_1}{j} \binom{n_2}{m - j} e^{j\theta}, \quad m = x_1 + x_2

    Its cost is the number of possible tables, min(m, n1) - max(0, m - n2) + 1 a trial.
    """
    m = x1 + x2
    low, high = np.maximum(0, m - n2), np.minimum(m, n1)
    sizes = (high - low + 1).astype(int)
    if sizes.sum() > MOST_TABLES:
        raise OptionError(
            f"model='CM.EL' sums over all tables with the trials' margins, {sizes.sum():,} of these counts, more than "
            f"{MOST_TABLES:,}: use model='UM.FS', or 'CM.AL' where events are rare."
        )
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    trial = np.repeat(np.arange(len(x1)), sizes)
    away = np.arange(sizes.sum()) - starts[trial] + (low - x1)[trial]  # tables, counted from the observed one
    log_ways = _log_choose(n1[trial], x1[trial] + away) + _log_choose(n2[trial], x2[trial] - away)
    log_ways -= (_log_choose(n1, x1) + _log_choose(n2, x2))[trial]

    def derivatives(theta: Any) -> tuple[Any, Any, Any]:
        theta = np.broadcast_to(theta, (*theta.shape[:-2], len(x1), theta.shape[-1]))
        log_p = log_ways[:, None] + away[:, None] * theta[..., trial, :]
        top = np.maximum.reduceat(log_p, starts, -2)
        p = np.exp(log_p - top[..., trial, :])
        total = np.add.reduceat(p, starts, -2)
        p *= away[:, None]
        mean = np.add.reduceat(p, starts, -2) / total
        p *= away[:, None]
        variance = np.maximum(np.add.reduceat(p, starts, -2) / total - mean**2, 0.0)
        return -top - np.log(total), -mean, -variance

    best, inside = _log_odds_ratio(x1, n1, x2, n2), (x1 > low) & (x1 < high)
    best = _own_best(derivatives, best, inside)
    value, _, curvature = (d[:, 0] for d in derivatives(best[:, None]))
    edge = np.where(x1 == low, -np.inf, np.inf)
    return Arm(
        derivatives, np.where(inside, best, edge), np.where(inside, -curvature, 0.0), np.where(inside, value, 0.0)
    )


def _log_odds_ratio(x1: Floats, n1: Floats, x2: Floats, n2: Floats) -> Any:
    """Return the log odds ratio with 1/2 added to each cell, a start of iterations."""
    return np.log((x1 + 0.5) * (n2 - x2 + 0.5) / ((n1 - x1 + 0.5) * (x2 + 0.5)))


def _own_best(derivatives: Any, start: Any, inside: Any) -> Any:
    """Return each trial's conditional estimate by Newton's method; rows that are not `inside` have none and stay."""
    theta = start
    for _ in range(100):
        slope, curvature = (d[:, 0] for d in derivatives(theta[:, None])[1:])
        step = np.where(inside, np.clip(-slope / np.where(inside, curvature, -1.0), -1, 1), 0.0)
        theta = theta + step
        if np.abs(step).max() < 1e-12:
            break
    return theta


def _log_choose(n: Any, k: Any) -> Any:
    return special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
