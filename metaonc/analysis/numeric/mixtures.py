"""Mixtures of normal distributions, in batches: what the posterior of an effect is when tau is not known."""

from __future__ import annotations

import numpy as np
from scipy import special

from .wls import Floats

ROOT = float(np.sqrt(2 * np.pi))
NEAR = 1e-6  # of a probit to the one wanted: the next step is the last


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
    """Return quantiles of normal mixtures, (..., p), by Halley's method on the probit scale inside a bracket.

    A mixture of one component is a straight line on that scale, and others are close to it, so few steps do. Where
    components lie apart it has stairs, and steps that do not bring it nearer by half are halvings of the bracket.
    """
    z = special.ndtri(p)
    # the error after a step is of the order of its cube; far out, rounding of the probability is felt
    near = NEAR + 1e-15 * np.exp(0.5 * z * z)
    each = mean[..., None, :] + sd[..., None, :] * z[:, None]
    low, high, x, last = each.min(-1), each.max(-1), each @ mass, np.full(each.shape[:-1], np.inf)
    inverse = 1 / sd[..., None, :]
    centre, first = mean[..., None, :] * inverse, mass[:, None] * np.swapaxes(inverse, -1, -2) / ROOT
    second = first * np.swapaxes(inverse, -1, -2)
    for _ in range(200):
        u = x[..., None] * inverse - centre
        at = special.ndtri(np.minimum(np.maximum(special.ndtr(u) @ mass, 1e-300), 1 - 1e-16))
        bell = np.exp(-0.5 * u * u)
        height, fall = (bell @ first)[..., 0], ((bell * u) @ second)[..., 0]
        off = at - z
        low, high = np.where(off < 0, x, low), np.where(off < 0, high, x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            slope = height * ROOT * np.exp(0.5 * at * at)
            newton = off / slope
            halley = x - newton / np.maximum(1 - 0.5 * newton * (at * slope - fall / height), 0.5)
        off = np.abs(off)
        inside = (halley >= low) & (halley <= high) & ((off < near) | (off < 0.5 * last))
        new = np.where(inside, halley, (low + high) / 2)
        settled = (inside & (off < near)) | (np.abs(new - x) <= 1e-15 * np.abs(x))
        x, last = new, off
        if settled.all():
            break
    return x
