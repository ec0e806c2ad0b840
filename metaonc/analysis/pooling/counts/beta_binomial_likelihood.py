r"""The beta-binomial likelihood in its mean p and correlation rho, sound where rho is 0.

.. math:: P(x) = \binom{n}{x} \frac{\prod_{j<x} (p(1-\rho) + j\rho) \prod_{j<n-x} ((1-p)(1-\rho) + j\rho)}
    {\prod_{j<n} (1 - \rho + j\rho)}

The products have no 0/0 at rho = 0, where beta functions of a and b have; their logarithms are summed over j once for
all trials, each with the number of trials that reach it. What is summed is smooth where j is large, so that few j stand
for many there.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import scipy
from scipy import special

from ....errors import ConvergenceError
from ...numeric.ascent import climb
from ...numeric.distributions import chi2_quantile
from ...numeric.quadrature import Terms
from ...numeric.wls import Floats

# Starting values of rho: the likelihood is looked at everywhere before Newton's method takes over.
RHOS = np.concatenate([[0.0], np.geomspace(1e-4, 0.95, 12), [1 - 1e-6]])
DENSE, NODES = 500, 16  # numbers summed one by one, and nodes of the rule that sums those beyond
FLAT = 1e-9  # of a log likelihood, and of a slope by its standard error: less is rounding


class Maximum(NamedTuple):
    """Where the likelihood is highest: logit of the mean, rho, the logit's standard error, the log likelihood."""

    logit: float
    rho: float
    se: float
    loglik: float


class BetaBinomial:
    """The likelihood of x responders of n patients, each (k,).

    Notes
    -----
    Cost of an evaluation is the number of sizes times the logarithm of the largest.
    """

    def __init__(self, x: Floats, n: Floats) -> None:
        self.x, self.n = x, n
        self._reach = tuple(_reached(size) for size in (x, n - x, n))
        self._constant = float((special.gammaln(n + 1) - special.gammaln(x + 1) - special.gammaln(n - x + 1)).sum())

    def terms(self, logit: float, rho: float) -> tuple[float, Floats, Floats]:
        """Return log likelihood, gradient and Hessian by logit(p) and rho."""
        p, q = float(special.expit(logit)), float(special.expit(-logit))
        value, g, h = self._constant, np.zeros(2), np.zeros((2, 2))
        # factors m (1 - rho) + j rho: of responders, of the others, and, below the line, of all
        for sign, m, slope, (j, reach) in zip((1, 1, -1), (p, q, 1.0), (1.0, -1.0, 0.0), self._reach, strict=True):
            factor, weight = m * (1 - rho) + j * rho, sign * reach
            by_p, by_rho = slope * (1 - rho) / factor, (j - m) / factor
            value += float(weight @ np.log(factor))
            g += [weight @ by_p, weight @ by_rho]
            both = weight @ (slope / factor + by_p * by_rho)
            h -= [[weight @ by_p**2, both], [both, weight @ by_rho**2]]
        v = p * q  # derivative of p by its logit
        h[0, 0] = v * v * h[0, 0] + v * (q - p) * g[0]
        h[0, 1] = h[1, 0] = v * h[0, 1]
        return value, np.array([v * g[0], g[1]]), h

    def equal_rates(self) -> float:
        """Return the likelihood ratio statistic of one rate for all against one for each trial."""
        x, n = self.x, self.n
        p = x.sum() / n.sum()
        own = special.xlogy(x, x / n) + special.xlog1py(n - x, -x / n)
        return max(2 * float((own - special.xlogy(x, p) - special.xlog1py(n - x, -p)).sum()), 0.0)

    def maximise(self) -> Maximum:
        """Return the maximum; there must be a responder and a non-responder in all trials together.

        Raises
        ------
        ConvergenceError
            When every trial has responders only or none, so that rho tends to 1.
        """
        if self.n.max() > 1 and ((self.x == 0) | (self.x == self.n)).all():
            raise ConvergenceError(
                "every trial has responders only, or none: rho tends to 1, and no beta-binomial model describes them."
            )
        crude = float(special.logit(self.x.sum() / self.n.sum()))
        starts, logit = [], crude
        for rho in RHOS[:-1]:
            logit, height = self._best_logit(logit, float(rho))
            starts.append((logit, height))
        best = int(np.argmax([value for _, value in starts]))
        value, g, h = self.terms(crude, 0.0)
        common = Maximum(crude, 0.0, float(1 / np.sqrt(-h[0, 0])), value)
        falls = g[1] <= FLAT * np.sqrt(abs(h[1, 1])) or self.n.max() == 1
        if starts[best][1] <= value + FLAT and falls:  # neither the scan nor the slope leads away from rho = 0
            return common
        best = max(best, 1)
        inside = self._climb(starts[best][0], float(RHOS[best]))
        return inside if inside.loglik > value else common

    def _best_logit(self, logit: float, rho: float) -> tuple[float, float]:
        """Return the best logit at a rho and the log likelihood there, both roughly."""
        for _ in range(4):
            value, g, h = self.terms(logit, rho)
            step = float(np.clip(-g[0] / min(h[0, 0], -1e-12), -1, 1))
            logit += step
            if abs(step) < 0.05:
                break
        return logit, value

    def _climb(self, logit: float, rho: float) -> Maximum:
        """Climb to a maximum with rho above 0, by Newton's method on logits of both."""

        def surface(at: Any, _: Any) -> Terms:
            rho = float(special.expit(at[1]))
            value, g, h = self.terms(float(at[0]), rho)
            w = rho * (1 - rho)  # derivative of rho by its logit
            bend = np.array([[0.0, 0.0], [0.0, w * (1 - 2 * rho) * g[1]]])
            return Terms(np.float64(value), g * [1, w], h * np.outer([1, w], [1, w]) + bend)

        peak = climb(surface, np.array([logit, special.logit(rho)]), None, np.arange(2))
        se = float(np.sqrt(peak.covariance()[0, 0]))
        return Maximum(float(peak.shared[0]), float(special.expit(peak.shared[1])), se, peak.value)

    def profile_limits(self, fit: Maximum, level: float) -> tuple[float, float]:
        """Return the logits at which the profile likelihood has fallen by half the quantile of chi-square."""
        drop = 0.5 * float(chi2_quantile(level, 1))

        def below(logit: float) -> float:
            return self._profile(logit) - fit.loglik + drop

        limits = []
        for side in (-1, 1):
            reach = 2 * np.sqrt(2 * drop) * fit.se
            while below(fit.logit + side * reach) > 0:
                reach *= 2
            limits.append(float(scipy.optimize.brentq(below, fit.logit, fit.logit + side * reach, xtol=1e-12)))
        return limits[0], limits[1]

    def _profile(self, logit: float) -> float:
        """Return the highest log likelihood at a logit over all rho."""
        heights, slopes = zip(*((v, g[1]) for v, g, _ in (self.terms(logit, rho) for rho in RHOS)), strict=True)
        best = int(np.argmax(heights))
        left = best if slopes[best] > 0 else best - 1
        if left < 0 or left + 1 == len(RHOS) or slopes[left] <= 0 or slopes[left + 1] >= 0:
            return float(heights[best])
        rho = scipy.optimize.brentq(lambda r: self.terms(logit, r)[1][1], RHOS[left], RHOS[left + 1], xtol=1e-14)
        return self.terms(logit, rho)[0]


def _reached(sizes: Floats) -> tuple[Floats, Floats]:
    """Return numbers j and how many of the sizes are above each, for sums over all j below each size.

    Numbers below 500 stand for themselves; those of a stretch to twice its start, or to the next size, are summed by
    the rule of Gauss for equally spaced points, which is exact to the last digit.
    """
    most, ordered = sizes.max(), np.sort(sizes)
    starts = [np.arange(min(DENSE, most))]
    weights = [np.ones(len(starts[0]))]
    ends = np.unique(np.concatenate([DENSE * 2.0 ** np.arange(60), ordered]))
    ends = ends[(ends >= DENSE) & (ends <= most)]
    for start, count in zip(ends[:-1], np.diff(ends), strict=True):
        nodes, own = _stretch(int(count))
        starts.append(start + nodes)
        weights.append(own)
    j = np.concatenate(starts)
    return j, np.concatenate(weights) * (len(sizes) - np.searchsorted(ordered, j, side="right"))


@lru_cache(maxsize=256)
def _stretch(count: int) -> tuple[Floats, Floats]:
    """Return nodes and weights that sum a smooth function over 0, 1, ..., count - 1.

    The rule of Gauss with Chebyshev's (Gram's) polynomials of a discrete variable, from their recurrence as Golub and
    Welsch (1969) do.
    """
    if count <= NODES:
        return np.arange(float(count)), np.ones(count)
    k = np.arange(1.0, NODES)
    off = 0.5 * np.sqrt((float(count) ** 2 - k * k) / (4 - 1 / k**2))
    nodes, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    return nodes + 0.5 * (count - 1), count * vectors[0] ** 2
