r"""The likelihood of trials with one normal random effect, by adaptive Gauss-Hermite quadrature.

.. math:: \ell = \sum_i \log \int f_i(\mu + \tau z, a_i)\, \phi(z)\, dz

where :math:`f_i` is the likelihood of a trial's counts given its own effect, and :math:`a_i` a parameter of the trial
(its baseline), where the model has one. Gradient and Hessian are posterior moments of the same quadrature (Louis'
identity), so Newton's method converges to the last digits. The trials' own parameters are kept apart: each meets only
its own trial, so k of them cost what k trials cost.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial.hermite import hermgauss
from numpy.polynomial.legendre import leggauss

from .wls import Floats


class Derivatives(NamedTuple):
    """Log likelihood of a trial, with derivatives by its effect t and its own parameter a; any shape."""

    value: Any
    t: Any
    tt: Any
    a: Any = None
    ta: Any = None
    aa: Any = None


DEPTH = 24.0  # logarithm of how much smaller the density of chi-square is where its points end
MUCH = 1e4  # tau² times a trial's information, where the trial knows its effect far better than the others do
# (effects of shape (..., k, q), own parameters of shape (..., k, 1) or None) -> Derivatives of shape (..., k, q)
Kernel = Callable[[Any, Any], Derivatives]


class Start(NamedTuple):
    """The trials' own effects and their variances, (k,) and finite, roughly: where iterations start."""

    effect: Floats
    variance: Floats

    def mode(self, mu: Any, tau: Any) -> Any:
        """Return where z would be most probable if the guess were normal."""
        return tau * (self.effect - mu) / (tau**2 + self.variance)


class Terms(NamedTuple):
    """Log likelihood over all trials, its gradient and Hessian by p shared parameters and by the trials' own."""

    value: Any  # (...)
    g: Any  # (..., p)
    h: Any  # (..., p, p)
    own_g: Any = None  # (..., k)
    own_h: Any = None  # (..., k): the own parameters meet no other trial's
    cross: Any = None  # (..., p, k)


@lru_cache(maxsize=32)
def rule(points: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss and Hermite; they are shared, so they cannot be written to."""
    nodes, weights = hermgauss(points)
    nodes.flags.writeable = weights.flags.writeable = False
    return nodes, weights


@lru_cache(maxsize=8)
def unit_rule(points: int) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss and Legendre on the unit interval; they cannot be written to."""
    nodes, weights = leggauss(points)
    nodes, weights = nodes / 2 + 0.5, weights / 2
    nodes.flags.writeable = weights.flags.writeable = False
    return nodes, weights


@lru_cache(maxsize=64)
def chi_square_rule(df: float, width: float = 0.8) -> tuple[Floats, Floats]:
    """Return points of a chi-square variable over its degrees of freedom, even in its logarithm, and their shares.

    Over them Student's t is a mixture of normal distributions of variances 1/G.

    Parameters
    ----------
    df
        Degrees of freedom.
    width
        Between points, in standard deviations of log G, and in twos of log G at most: 0.8 integrates the distribution
        function of t to 1e-8, 0.3 what is far narrower.
    """
    depth = 2 * DEPTH / df  # the log density is df/2 (e^l - l - 1) below its peak at l = 0
    log = np.arange(-(depth + 1), np.sqrt(2 * depth), width * min(np.sqrt(2 / df), 0.5))
    density = np.exp(-0.5 * df * (np.expm1(log) - log))
    there = density > np.exp(-DEPTH)
    nodes, shares = np.exp(log[there]), density[there] / density[there].sum()
    nodes.flags.writeable = shares.flags.writeable = False
    return nodes, shares


def one_effect(kernel: Kernel, guess: Start, points: int) -> Callable[[Any, Any], Terms]:
    """Return the log likelihood as a function of (mu, tau), (..., 2), and the own parameters, (..., k) or None."""
    nodes, weights = rule(points)

    def surface(shared: Any, own: Any) -> Terms:
        mu, tau = shared[..., 0, None, None], shared[..., 1, None, None]
        a = None if own is None else own[..., None]
        mode, curvature = _mode(kernel, guess, mu, tau, a)
        scale = np.sqrt(2 / (1 - tau**2 * curvature))
        z = mode + scale * nodes
        d = kernel(mu + tau * z, a)
        log_f = d.value - 0.5 * z * z + nodes**2
        top = log_f.max(-1, keepdims=True)
        mass = weights * np.exp(log_f - top)
        total = mass.sum(-1)
        value = np.log(total) + top[..., 0] + np.log(scale[..., 0]) - 0.5 * np.log(2 * np.pi)
        apart = np.where(tau**2 * curvature < -MUCH, tau, 0.0)[..., 0]
        return _moments(value.sum(-1), mass / total[..., None], z, d, apart)

    return surface


def _mode(kernel: Kernel, guess: Start, mu: Any, tau: Any, a: Any) -> tuple[Any, Any]:
    """Return each trial's posterior mode of z and the curvature of its likelihood there, by Newton's method."""
    z = guess.mode(mu[..., 0], tau[..., 0])[..., None]
    for _ in range(60):
        d = kernel(mu + tau * z, a)
        step = np.clip((tau * d.t - z) / (1 - tau**2 * d.tt), -2.0, 2.0)
        z = z + step
        if np.abs(step).max() < 1e-6:  # the nodes need no more
            break
    return z, d.tt


def _moments(value: Any, posterior: Any, z: Any, d: Derivatives, tau: Any) -> Terms:
    """Return the terms: with the complete-data score s and curvature c, means of s and of c + ss' - Es Es'.

    `tau` is 0 but for trials whose score has no digits left for the others' part in it, see `_by_effects`.
    """

    def mean(x: Any) -> Any:
        return np.einsum("...q,...q->...", posterior, x)

    v = d.tt + d.t * d.t
    g1, g2 = mean(d.t), mean(d.t * z)
    h11, h12, h22 = mean(v) - g1 * g1, mean(v * z) - g1 * g2, mean(v * z * z) - g2 * g2
    if (much := tau != 0).any():
        better = _by_effects(mean, z, np.where(much, tau, 1.0))
        g1, g2, h11, h12, h22 = (np.where(much, *pair) for pair in zip(better, (g1, g2, h11, h12, h22), strict=True))
    g = np.stack([g1.sum(-1), g2.sum(-1)], -1)
    h = np.stack([h11.sum(-1), h12.sum(-1), h12.sum(-1), h22.sum(-1)], -1).reshape(*g.shape, 2)
    if d.a is None:
        return Terms(value, g, h)
    v = d.ta + d.t * d.a
    own = mean(d.a)
    cross = np.stack([mean(v) - g1 * own, mean(v * z) - g2 * own], -2)
    if much.any():
        away = d.a - own[..., None]
        by_effects = np.stack([mean(away * z), mean(away * z * z)], -2) / np.where(much, tau, 1.0)[..., None, :]
        cross = np.where(much[..., None, :], by_effects, cross)
    return Terms(value, g, h, own, mean(d.aa + d.a * d.a) - own * own, cross)


def _by_effects(mean: Callable[[Any], Any], z: Any, tau: Any) -> tuple[Any, ...]:
    """Return gradient and Hessian of trials by mu and tau from how their effects lie in the distribution of effects.

    The same numbers, since a posterior's mean score is 0: by the counts they are differences of numbers as large as
    the information, of millions of patients; but by the effects they have no digits where tau is next to 0.
    """
    z1, z2 = mean(z), mean(z * z)
    first, second = z - z1[..., None], z * z - z2[..., None]
    h11, h12, h22 = mean(first * first) - 1, mean(first * second) - 2 * z1, mean(second * second) + 1 - 3 * z2
    return z1 / tau, (z2 - 1) / tau, h11 / tau**2, h12 / tau**2, h22 / tau**2
