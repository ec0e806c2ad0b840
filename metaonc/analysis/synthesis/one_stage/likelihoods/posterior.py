"""The posterior of a random treatment effect, any prior of tau, by sums over a grid. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from .....base.check import Floats
from .random_treatment import exactly, marginal
from .tabulated import Tables

TAUS, BETAS = 61, 105
NEGLIGIBLE = 1e-10  # of the density at its highest, where the grid of tau ends
WIDE = 6.5  # standard errors of beta to either side of its mode at each tau


class Posterior(NamedTuple):
    """A posterior on a grid of tau and, at each, of beta.

    Attributes
    ----------
    tau
        Shape (t,).
    beta
        Shape (t, b).
    mass
        Probabilities, (t, b), of sum 1.
    """

    tau: Floats
    beta: Floats
    mass: Floats

    def mean(self) -> float:
        """Return the mean of beta."""
        return float((self.mass * self.beta).sum())

    def sd(self) -> float:
        """Return the standard deviation of beta."""
        return float(np.sqrt((self.mass * (self.beta - self.mean()) ** 2).sum()))

    def quantiles(self, p: Floats) -> Floats:
        """Return quantiles of beta."""
        spread = np.diff(self.beta, axis=1)[:, :1] / 2
        return _quantiles(
            self.beta.ravel(), np.repeat(spread, self.beta.shape[1], axis=1).ravel(), self.mass.ravel(), p
        )

    def predictive(self, p: Floats) -> Floats:
        """Return quantiles of the effect in a new trial."""
        own = np.diff(self.beta, axis=1)[:, :1] / np.sqrt(12)
        sd = np.sqrt(np.broadcast_to(self.tau[:, None], self.beta.shape) ** 2 + own**2)
        return _normal_quantiles(self.beta.ravel(), sd.ravel(), self.mass.ravel(), p)

    def tau_quantiles(self, p: Floats) -> Floats:
        """Return quantiles of tau."""
        mass = self.mass.sum(1)
        width = np.gradient(self.tau) / 2
        return np.maximum(_quantiles(self.tau, width, mass, p), 0.0)

    def below(self, x: float) -> float:
        """Return the probability that beta lies below x."""
        spread = np.diff(self.beta, axis=1)[:, :1]
        return float((self.mass * np.clip((x - self.beta) / spread + 0.5, 0, 1)).sum())


def posterior(
    tables: Tables, log_prior: Callable[[Floats], Floats], log_prior_beta: Callable[[Floats], Floats], size: float
) -> Posterior:
    """Return the posterior.

    Parameters
    ----------
    tables
        The trials' likelihoods.
    log_prior, log_prior_beta
        Log densities of tau and of beta.
    size
        A typical tau of its prior, from which the grid takes its bearings.
    """
    x, w = np.polynomial.legendre.leggauss(TAUS)
    coarse = np.linspace(1e-6, 1.0, 40) ** 2 * max(8 * size, 4.0)
    fit = exactly(tables, coarse)
    height = fit.loglik + np.log(fit.se) + log_prior(coarse)
    known = coarse[height - height.max() > np.log(NEGLIGIBLE)]
    end = float(coarse[min(np.searchsorted(coarse, known[-1]) + 1, len(coarse) - 1)])
    # tau = end s², so that points are dense near 0
    s, tau_weight = (x + 1) / 2, w / 2
    tau = end * s**2
    fit = exactly(tables, tau)
    offsets = np.linspace(-WIDE, WIDE, BETAS)
    beta = fit.beta[:, None] + fit.se[:, None] * offsets
    value = marginal(tables, beta.ravel(), np.repeat(tau, BETAS))[0].reshape(beta.shape)
    log_mass = (
        value + log_prior_beta(beta) + (np.log(fit.se) + log_prior(tau) + np.log(tau_weight * 2 * end * s))[:, None]
    )
    mass = np.exp(log_mass - log_mass.max())
    return Posterior(tau, beta, mass / mass.sum())


def _quantiles(at: Floats, half: Floats, mass: Floats, p: Floats) -> Floats:
    """Return quantiles of a mixture of uniform distributions, by bisection."""
    return _invert(lambda x: float((mass * np.clip((x - at + half) / (2 * half), 0, 1)).sum()), at, half, p)


def _normal_quantiles(mean: Floats, sd: Floats, mass: Floats, p: Floats) -> Floats:
    return _invert(lambda x: float(mass @ ndtr((x - mean) / sd)), mean, 9 * sd, p)


def _invert(cdf: Callable[[float], float], at: Floats, reach: Floats, p: Floats) -> Floats:
    out = []
    for wanted in p:
        low, high = float((at - reach).min()), float((at + reach).max())
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if cdf(middle) < wanted else (low, middle)
        out.append((low + high) / 2)
    return np.array(out)
