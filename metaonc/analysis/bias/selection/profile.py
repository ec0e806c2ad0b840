"""The profile likelihoods of mean and tau² of p-uniform*, and limits by them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from ...numeric.ascent import limit
from ...numeric.distributions import chi2_quantile
from .intervals import conditional
from .likelihood import Likelihood
from .maximise import Peak, climbs, maximise
from .published import Published

FIX = "Pool with a common effect (method='CE')."


@dataclass(frozen=True, slots=True)
class Profiles:
    """The likelihood of p-uniform* with the profiles of mean and tau².

    Attributes
    ----------
    p
        The trials.
    likelihood
        Of mean and tau², of effects that are turned to the favoured side.
    top
        Its maximum.
    endless
        Whether it rises higher still as tau² grows.
    significant
        How many trials are significant on that side.
    """

    p: Published
    likelihood: Likelihood
    top: Peak
    endless: bool
    significant: int

    @classmethod
    def of(cls, p: Published, alpha: float) -> Profiles:
        """Return it for trials that were selected by this two-sided level of significance."""
        cuts = -ndtri(alpha / 2) * np.sqrt(p.v)[:, None]
        group = (p.y < cuts[:, 0]).astype(int)
        likelihood = conditional(p.y, p.v, cuts, group)
        mean, tau2 = p.start
        starts = [p.start, np.array([0.0, tau2]), np.array([mean, tau2 + p.scale[1]])]
        bounds = np.array([-np.inf, p.tau2[0]]), np.array([np.inf, p.tau2[1]])
        top, endless = maximise(likelihood, starts, *bounds, p.scale, FIX)
        return cls(p, likelihood, top, endless, int((group == 0).sum()))

    def _drop(self, low: list[float], high: list[float]) -> float:
        """Return twice how much lower the likelihood is within these bounds."""
        starts = [self.top.theta, self.p.start]
        within = climbs(self.likelihood, starts, np.array(low), np.array(high), self.p.scale)
        return max(2 * (self.top.terms.value - within[0].terms.value), 0.0) if within else np.inf

    def drop(self, mean: float) -> float:
        """Return twice how much lower the likelihood is with this mean."""
        return self._drop([mean, self.p.tau2[0]], [mean, self.p.tau2[1]])

    def mean_limits(self, level: float) -> tuple[float, float]:
        """Return profile limits of the mean, turned back to the scale of analysis."""
        most, step = float(chi2_quantile(level, 1)), float(self.p.without.se)
        top = float(self.top.theta[0])
        low, high = sorted(self.p.sign * limit(self.drop, top, side * step, most) for side in (-1, 1))
        return low, high

    def tau2_limits(self, level: float) -> tuple[float, float]:
        """Return profile limits of tau²; NaN where it is not estimated."""
        if self.p.tau2[0] == self.p.tau2[1]:
            return np.nan, np.nan

        def drop(tau2: float) -> float:
            return self._drop([-np.inf, tau2], [np.inf, tau2])

        most, step, top = float(chi2_quantile(level, 1)), float(self.p.scale[1]), float(self.top.theta[1])
        return limit(drop, top, -step, most, 0.0) if top > 0 else 0.0, limit(drop, top, step, most)
