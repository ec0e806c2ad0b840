"""Log likelihoods of counts, with derivatives: of one arm, of two arms, and of two arms given their sum.

Constants are included: values are logarithms of probabilities, so that fits of different models compare.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from ...numeric.quadrature import Derivatives, Kernel
from ...numeric.wls import Floats

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
    """Return the likelihood of x of n with logit(p) = predictor + offset."""
    constant = _log_choose(n, x)
    x_, n_, shift = x[:, None], n[:, None], np.broadcast_to(offset, x.shape)[:, None]

    def derivatives(eta: Any) -> tuple[Any, Any, Any]:
        eta = eta + shift
        p = special.expit(eta)
        mean = n_ * p
        return constant[:, None] + x_ * eta - n_ * np.logaddexp(0, eta), x_ - mean, mean * (p - 1)

    def third(eta: Any) -> Any:
        p = special.expit(eta + shift)
        return n_ * p * (p - 1) * (1 - 2 * p)

    with np.errstate(divide="ignore"):
        best = special.logit(x / n) - offset
    top = constant + special.xlogy(x, x / n) + special.xlog1py(n - x, -x / n)
    return Arm(derivatives, best, x * (1 - x / n), top, third)


def poisson(x: Floats, time: Floats) -> Arm:
    """Return the likelihood of x events with log(rate) = predictor, during `time`."""
    constant = -special.gammaln(x + 1)
    x_, shift = x[:, None], np.log(time)[:, None]

    def derivatives(eta: Any) -> tuple[Any, Any, Any]:
        eta = np.minimum(eta + shift, HIGHEST)
        mean = np.exp(eta)
        return constant[:, None] + x_ * eta - mean, x_ - mean, -mean

    def third(eta: Any) -> Any:
        return -np.exp(np.minimum(eta + shift, HIGHEST))

    with np.errstate(divide="ignore"):
        best = np.log(x / time)
    return Arm(derivatives, best, x, constant + special.xlogy(x, x) - x, third)


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
