"""Mixtures of normal distributions, in batches: what the posterior of an effect is when tau is not known."""

from __future__ import annotations

import numpy as np
from scipy import special

from .wls import Floats


def cdf(x: Floats, mass: Floats, mean: Floats, sd: Floats) -> Floats:
    """Return the distribution function of normal mixtures; x is (..., p), mass (m,), mean and sd (..., m)."""
    p: Floats = special.ndtr((x[..., None] - mean[..., None, :]) / sd[..., None, :]) @ mass
    return p


def density(x: Floats, mass: Floats, mean: Floats, sd: Floats) -> Floats:
    """Return the density of normal mixtures; shapes as in ``cdf``."""
    z = (x[..., None] - mean[..., None, :]) / sd[..., None, :]
    d: Floats = (np.exp(-0.5 * z * z) / (np.sqrt(2 * np.pi) * sd[..., None, :])) @ mass
    return d


def quantile(p: Floats, mass: Floats, mean: Floats, sd: Floats) -> Floats:
    """Return quantiles of normal mixtures, (..., p), by Newton's method on the probit scale inside a bracket.

    A mixture of one component is a straight line on that scale, and others are close to it, so few steps do.
    """
    z = special.ndtri(p)
    # the error after a Newton step is of the order of its square; far out, rounding of the probability is felt
    near = 1e-8 + 1e-15 * np.exp(0.5 * z * z)
    each = mean[..., None, :] + sd[..., None, :] * z[:, None]
    low, high = each.min(-1), each.max(-1)
    x = each[..., int(np.searchsorted(np.cumsum(mass), 0.5))]
    for _ in range(200):
        at = special.ndtri(np.clip(cdf(x, mass, mean, sd), 1e-300, 1 - 1e-16))
        low, high = np.where(at < z, x, low), np.where(at < z, high, x)
        slope = density(x, mass, mean, sd) * np.sqrt(2 * np.pi) * np.exp(0.5 * at * at)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = x - (at - z) / slope
        inside = (newton >= low) & (newton <= high)
        new = np.where(inside, newton, (low + high) / 2)
        settled = (inside & (np.abs(at - z) < near)) | (np.abs(new - x) <= 1e-15 * np.abs(x))
        x = new
        if settled.all():
            break
    return x
