"""Marginal posteriors: of tau, and of effects, which are normal given tau."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy

from ....base.check import confidence_level
from ....errors import OptionError
from ...numeric import mixtures
from ...numeric.wls import Floats
from .posterior import Posterior

CHUNK = 32  # trials at a time, so that arrays stay in the cache
LEAST_MASS = 1e-17  # a node with less does not show in a double


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marginal(ABC):
    """A marginal posterior, on the scale of analysis.

    Attributes
    ----------
    mean, sd
        Infinite where the integral diverges, NaN where it does not exist; never an artefact of the nodes.
    median, low, high
        Quantiles; the limits of the central interval of `level`.
    level
        Probability of the interval.
    """

    mean: float
    median: float
    sd: float
    low: float
    high: float
    level: float

    @abstractmethod
    def density(self, x: Any) -> Any:
        """Return the density at x, of any shape."""

    @abstractmethod
    def cdf(self, x: Any) -> Any:
        """Return the probability of values up to x, of any shape."""

    @abstractmethod
    def _quantile(self, p: Floats) -> Floats:
        """Return quantiles of probabilities strictly between 0 and 1, (m,)."""

    @abstractmethod
    def _least(self) -> float:
        """Return the probability from which the search for the shortest interval starts."""

    def quantile(self, p: Any) -> Any:
        """Return the value below which lies the probability p, of any shape.

        Raises
        ------
        OptionError
            When a probability is not strictly between 0 and 1.
        """
        q = np.asarray(p, float)
        if not ((q > 0) & (q < 1)).all():
            raise OptionError(f"quantile: probabilities lie between 0 and 1, not {p!r}.")
        return _shaped(self._quantile(q.ravel()), p)

    def interval(self, level: float | None = None) -> tuple[float, float]:
        """Return the central interval: as much probability below it as above."""
        level = self.level if level is None else confidence_level(level)
        low, high = self._quantile(np.array([(1 - level) / 2, (1 + level) / 2]))
        return float(low), float(high)

    def shortest(self, level: float | None = None) -> tuple[float, float]:
        """Return the shortest interval, where the density is equal at both ends; the posterior must have one peak.

        It is not invariant to transformation: exp of its limits is not the shortest interval of exp.
        """
        level = self.level if level is None else confidence_level(level)

        def ends(p: float) -> Floats:
            return np.concatenate(
                [self._quantile(np.array([p])) if p > 0 else [0.0], self._quantile(np.array([p + level]))]
            )

        def gap(p: float) -> float:
            low, high = self.density(ends(p))
            return float(low - high)

        least = self._least()
        p = least if gap(least) >= 0 else scipy.optimize.brentq(gap, least, (1 - level) * (1 - 1e-9), xtol=1e-15)
        low, high = ends(p)
        return float(low), float(high)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TauMarginal(Marginal):
    """The posterior of tau, the standard deviation between trials."""

    posterior: Posterior = field(repr=False)

    def density(self, x: Any) -> Any:
        """Return the density at x, of any shape; 0 below 0."""
        return _shaped(self.posterior.density(np.ravel(np.asarray(x, float))), x)

    def cdf(self, x: Any) -> Any:
        """Return the probability of values up to x, of any shape."""
        return _shaped(np.array([self.posterior.cdf(float(t)) for t in np.ravel(x)]), x)

    def _quantile(self, p: Floats) -> Floats:
        return np.array([self.posterior.quantile(float(q)) for q in p])

    def _least(self) -> float:
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EffectMarginal(Marginal):
    """The posterior of an effect: a mixture of normal distributions, one for each node of tau.

    Attributes
    ----------
    mass, centres, spreads
        Share, mean and standard deviation of each.
    """

    mass: Floats = field(repr=False)
    centres: Floats = field(repr=False)
    spreads: Floats = field(repr=False)

    def density(self, x: Any) -> Any:
        """Return the density at x, of any shape."""
        flat = mixtures.density(np.ravel(np.asarray(x, float)), self.mass, self.centres, self.spreads)
        return _shaped(flat, x)

    def cdf(self, x: Any) -> Any:
        """Return the probability of values up to x, of any shape."""
        return _shaped(mixtures.cdf(np.ravel(np.asarray(x, float)), self.mass, self.centres, self.spreads), x)

    def _quantile(self, p: Floats) -> Floats:
        return mixtures.quantile(p, self.mass, self.centres, self.spreads)

    def _least(self) -> float:
        return 1e-8


def _shaped(flat: Floats, x: Any) -> Any:
    """Return values in the shape of x; of one number, one."""
    return float(flat[0]) if np.ndim(x) == 0 else flat.reshape(np.shape(x))


def of_tau(posterior: Posterior, level: float) -> TauMarginal:
    """Return the marginal posterior of tau."""
    mean, square = posterior.moment(1), posterior.moment(2)
    if np.isinf(square):
        sd = np.inf if np.isfinite(mean) else np.nan
    else:
        sd = float(np.sqrt((posterior.mass * (posterior.tau - mean) ** 2).sum() + posterior.beyond(2)))
    low, median, high = (posterior.quantile(p) for p in ((1 - level) / 2, 0.5, (1 + level) / 2))
    return TauMarginal(mean=mean, median=median, sd=sd, low=low, high=high, level=level, posterior=posterior)


def of_mu(posterior: Posterior, level: float) -> EffectMarginal:
    """Return the marginal posterior of the pooled effect."""
    g = posterior.given()
    # without a prior that holds it, mu varies as tau / sqrt(k) where tau is large
    share = 1 / len(posterior.y) if posterior.mu_prior is None else 0.0
    return _effect(posterior, g.mean, g.var, share, level)


def of_new(posterior: Posterior, level: float) -> EffectMarginal:
    """Return the predictive posterior of the effect in a new trial."""
    g = posterior.given()
    share = 1 + (1 / len(posterior.y) if posterior.mu_prior is None else 0.0)
    return _effect(posterior, g.mean, g.var + posterior.tau**2, share, level)


def _effect(posterior: Posterior, centre: Floats, var: Floats, share: float, level: float) -> EffectMarginal:
    """Return the mixture whose variance grows as share * tau²."""
    mean = float(posterior.mass @ centre)
    sd = np.inf
    if not share or posterior.has_moment(2):
        tail = share * posterior.beyond(2) if share else 0.0
        sd = float(np.sqrt(posterior.mass @ (var + (centre - mean) ** 2) + tail))
    if share and not posterior.has_moment(1):
        mean = sd = np.nan
    there = posterior.mass > LEAST_MASS
    mass, centre, spread = posterior.mass[there], centre[there], np.sqrt(var[there])
    probabilities = np.array([(1 - level) / 2, 0.5, (1 + level) / 2])
    low, median, high = (float(x) for x in mixtures.quantile(probabilities, mass, centre, spread))
    return EffectMarginal(
        mean=mean, median=median, sd=sd, low=low, high=high, level=level, mass=mass, centres=centre, spreads=spread
    )


def shrinkage(posterior: Posterior, level: float) -> dict[str, Floats]:
    """Return mean, sd, median and central interval of each trial's own effect, and the posterior mean of its weight.

    Returns
    -------
    dict
        Columns, (k,); ``shrunk`` is the share of the estimate that comes from the pooled effect, ``weight`` the
        trial's share in the pooled effect, in percent.
    """
    there = posterior.mass > LEAST_MASS
    mass, tau2, g = posterior.mass[there], posterior.tau[there] ** 2, posterior.given()
    mu, var = g.mean[there], g.var[there]
    parts = []
    for rows in range(0, len(posterior.y), CHUNK):
        y, v = (x[rows : rows + CHUNK, None] for x in (posterior.y, posterior.v))
        pull = v / (v + tau2)
        centre, spread = y + pull * (mu - y), np.sqrt(pull * tau2 + pull**2 * var)
        mean = centre @ mass
        sd = np.sqrt((spread**2 + (centre - mean[:, None]) ** 2) @ mass)
        probabilities = np.array([(1 - level) / 2, 0.5, (1 + level) / 2])
        low, median, high = mixtures.quantile(probabilities, mass, centre, spread).T
        parts.append([mean, median, sd, low, high, pull @ mass, 100 * (var / (v + tau2)) @ mass])
    names = ("mean", "median", "sd", "low", "high", "shrunk", "weight")
    return {name: np.concatenate(part) for name, part in zip(names, zip(*parts, strict=True), strict=True)}
