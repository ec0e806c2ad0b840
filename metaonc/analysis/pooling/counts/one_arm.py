"""Counts of one arm: the mean rate over trials, and exact results where there is nothing to model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial.hermite import hermgauss
from scipy import special

from ...effects.formulas.proportions import exact_interval
from ...numeric.wls import Floats
from .likelihoods import Arm, binomial, poisson


class PooledCounts(NamedTuple):
    """The summed counts of all trials as one sample, with an exact interval, on the analysis scale."""

    mu: float
    se: float
    low: float
    high: float
    loglik: float


@dataclass(frozen=True, slots=True)
class OneArm:
    """What a measure of one arm is made of.

    Attributes
    ----------
    roles
        Column keywords: events and their denominator.
    arm
        Events and denominators -> likelihood.
    link
        Natural scale -> analysis scale.
    interval
        Events, denominator and level -> exact limits of the rate.
    marginal
        mu and tau -> mean rate over trials.
    bounded
        Whether events cannot be more than the denominator.
    """

    roles: tuple[str, str]
    arm: Callable[[Floats, Floats], Arm]
    link: Callable[[Any], Any]
    interval: Callable[[Any, Any, float], tuple[Any, Any]]
    marginal: Callable[[float, float], float]
    bounded: bool

    def summed(self, c: Mapping[str, Floats], level: float) -> PooledCounts | None:
        """Return the exact result of one trial, or of trials without any event or with events only; None of others."""
        x, size = (c[role] for role in self.roles)
        certain = x.sum() == 0 or (self.bounded and x.sum() == size.sum())
        if len(x) > 1 and not certain:
            return None
        whole = self.arm(x.sum(keepdims=True), size.sum(keepdims=True))
        with np.errstate(divide="ignore"):
            se = 1 / np.sqrt(whole.information[0])
            low, high = (float(self.link(p)) for p in self.interval(x.sum(), size.sum(), level))
        return PooledCounts(float(whole.best[0]), float(se), low, high, float(self.arm(x, size).top.sum()))


_HERMITE = hermgauss(61)


def _exact_rate(x: Any, time: Any, level: float) -> tuple[Any, Any]:
    """Return the exact interval of a rate: the two tails of the Poisson distribution have (1 - level)/2 each."""
    tail = (1 - level) / 2
    low = special.gammaincinv(x, tail) if x > 0 else 0.0
    return low / time, special.gammainccinv(x + 1, tail) / time


def _mean_proportion(mu: float, tau: float) -> float:
    r"""Return :math:`\int expit(\mu + \tau z)\phi(z)dz`; expit(mu) is the median."""
    t, w = _HERMITE
    return float((w * special.expit(mu + tau * np.sqrt(2) * t)).sum() / np.sqrt(np.pi))


def _mean_rate(mu: float, tau: float) -> float:
    return float(np.exp(mu + tau**2 / 2))


ONE_ARMED = {
    "PLO": OneArm(("events", "n"), binomial, special.logit, exact_interval, _mean_proportion, True),
    "IRLN": OneArm(("events", "time"), poisson, np.log, _exact_rate, _mean_rate, False),
}
