"""The confidence intervals of mixed models of counts by name: one record each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ....base.messages.advice import option
from ....errors import ConvergenceError
from ...numeric.ascent import FLAT, TAUS, Surface, limit
from ...numeric.distributions import chi2_quantile, critical, two_sided_p
from .glmm_models import Fit

GRID = np.append(TAUS, 12.0)  # of tau; beyond, on the log or logit scale, the quadrature has not the digits
HALVINGS, NEAR = 60, 1e-8


class Interval(NamedTuple):
    """Confidence limits, and the test of no effect that goes with them: statistic, degrees of freedom, p-value."""

    low: float
    high: float
    statistic: float
    df: float
    p_value: float


@dataclass(frozen=True, slots=True)
class GlmmInterval:
    """A confidence interval of the mean of a mixed model of counts.

    Attributes
    ----------
    code, label
        Name in calls, and in words.
    made
        (fit, number of trials, level) -> the interval.
    of_likelihood
        Whether it is read off the likelihood of mean and tau², which a fit then must bring with it.
    """

    code: str
    label: str
    made: Callable[[Fit, int, float], Interval]
    of_likelihood: bool = False


def _by_error(fit: Fit, df: float, level: float) -> Interval:
    half, statistic = float(critical(level, df)) * fit.se, fit.mu / fit.se
    return Interval(fit.mu - half, fit.mu + half, statistic, df, float(two_sided_p(statistic, df)))


def _wald(fit: Fit, k: int, level: float) -> Interval:
    return _by_error(fit, np.inf, level)


def _t(fit: Fit, k: int, level: float) -> Interval:
    return _by_error(fit, k - 1.0, level)


def _profile(fit: Fit, k: int, level: float) -> Interval:
    """Return the means that the likelihood, maximised over tau, does not reject by chi-square on one df.

    The statistic is the root of that of no effect, with the sign of the effect.
    """
    surface = fit.surface
    assert surface is not None  # only models that bring it offer this interval

    def drop(mu: float) -> float:
        return max(2 * (fit.loglik - highest(surface, mu)[0]), 0.0)

    most = float(chi2_quantile(level, 1))
    low, high = (limit(drop, fit.mu, side * 2 * fit.se, most) for side in (-1, 1))
    for end in (low, high):
        if np.isinf(end) or highest(surface, end)[1] == GRID[-1]:
            raise ConvergenceError(
                f"at the {'lower' if end == low else 'upper'} limit of the profile likelihood the standard deviation "
                f"between trials would be {GRID[-1]:g} or more on the log or logit scale: no limit of it can be "
                f"relied on. Use {option('ci', 't')}."
            )
    statistic = float(np.copysign(np.sqrt(drop(0.0)), fit.mu))
    return Interval(low, high, statistic, np.inf, float(two_sided_p(statistic)))


def highest(surface: Surface, mu: float) -> tuple[float, float]:
    """Return the highest log likelihood over tau at a mean, and that tau; it is looked for up to the end of `GRID`."""
    t = surface(np.column_stack([np.full(len(GRID), mu), GRID]), None)
    best, slope = int(np.argmax(t.value)), t.g[:, 1]
    at_end = best == len(GRID) - 1 and slope[best] > 0
    if at_end or (best == 0 and t.h[0, 1, 1] <= FLAT * np.abs(t.h[0]).max()):  # or it falls from tau = 0 on
        return float(t.value[best]), float(GRID[best])
    left = best if slope[best] > 0 or best == 0 else best - 1
    value, tau = _between(surface, mu, float(GRID[left]), float(GRID[left + 1]))
    return max((value, tau), (float(t.value[best]), float(GRID[best])))


def _between(surface: Surface, mu: float, low: float, high: float) -> tuple[float, float]:
    """Return the highest log likelihood between two values of tau, and where, by Newton's method and halvings."""
    tau = 0.5 * (low + high)
    for _ in range(HALVINGS):
        t = surface(np.array([mu, tau]), None)
        slope, bend = float(t.g[1]), float(t.h[1, 1])
        low, high = (tau, high) if slope > 0 else (low, tau)
        new = tau - slope / bend if bend < 0 else np.inf
        new = new if low < new < high else 0.5 * (low + high)
        if abs(new - tau) < NEAR * (1 + tau):  # the height is flat in tau: its error is the square of this
            break
        tau = new
    return float(t.value), tau


GLMM_INTERVALS = {
    record.code: record
    for record in (
        GlmmInterval("wald", "Wald (normal)", _wald),
        GlmmInterval("t", "t with k - 1 degrees of freedom", _t),
        GlmmInterval("profile", "profile likelihood", _profile, of_likelihood=True),
    )
}
