r"""The likelihood of trials of two arms whose baselines vary at random as their effects do.

.. math:: \eta_{i1}, \eta_{i2} = m + \sigma z_{i1} \pm (\mu + \tau z_{i2})/2, \quad z_{i1}, z_{i2} \sim N(0, 1)

Shared parameters are (m, mu, sigma, tau). One quadrature point is Laplace's approximation with its exact gradient,
which is what R's glmer maximises; more points integrate over both effects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...numeric.quadrature import MUCH, Start, Terms, rule
from .likelihoods import Arm

STEP = 1e-4  # of the central differences of Laplace's gradient: their error is its square
SHARE = 0.01  # of the standard error of the largest trial's own effects, which they are no larger than
SIGNS = np.array([0.5, -0.5])


class _Mode(NamedTuple):
    """Where each trial's z are most probable, and the negative Hessian [[a, b], [b, c]] there; all (..., k)."""

    z1: Any
    z2: Any
    a: Any
    b: Any
    c: Any


class Trials(NamedTuple):
    """The arms of trials, and guesses of their baselines and of their effects."""

    first: Arm
    second: Arm
    baseline: Start
    effect: Start


def two_effects(trials: Trials, points: int) -> Callable[[Any, Any], Terms]:
    """Return the log likelihood as a function of (m, mu, sigma, tau), (..., 4); trials have no own parameters."""
    if points > 1:
        return lambda shared, _: _integrated(trials, shared, points)

    known = float((trials.first.information + trials.second.information).max())
    step = min(STEP, SHARE / max(known, 1.0) ** 0.5)

    def surface(shared: Any, _: Any) -> Terms:
        nearby = shared[..., None, :] + step * np.vstack([np.zeros(4), np.eye(4), -np.eye(4)])
        value, g = _laplace(trials, nearby)
        h = (g[..., 1:5, :] - g[..., 5:9, :]) / (2 * step)
        return Terms(value[..., 0], g[..., 0, :], 0.5 * (h + np.swapaxes(h, -1, -2)))

    return surface


def _predictors(shared: Any, z1: Any, z2: Any) -> tuple[Any, Any]:
    """Return the predictors of both arms; `shared` has the parameters first."""
    m, mu, sigma, tau = shared
    base, half = m + sigma * z1, 0.5 * (mu + tau * z2)
    return base + half, base - half


def _mode(trials: Trials, shared: Any) -> _Mode:
    """Find the modes by Newton's method on a concave function; `shared` is four arrays (..., 1)."""
    m, mu, sigma, tau = shared
    z1, z2 = trials.baseline.mode(m, sigma), trials.effect.mode(mu, tau)
    for _ in range(60):
        eta = _predictors(shared, z1, z2)
        (_, r1, c1), (_, r2, c2) = (_flat(arm, e) for arm, e in zip(trials[:2], eta, strict=True))
        g1, g2 = sigma * (r1 + r2) - z1, 0.5 * tau * (r1 - r2) - z2
        a, b, c = 1 - sigma**2 * (c1 + c2), -0.5 * sigma * tau * (c1 - c2), 1 - 0.25 * tau**2 * (c1 + c2)
        det = a * c - b * b
        step = (c * g1 - b * g2) / det, (a * g2 - b * g1) / det
        z1, z2 = z1 + np.clip(step[0], -2, 2), z2 + np.clip(step[1], -2, 2)
        if max(np.abs(s).max() for s in step) < 1e-9:
            break
    return _Mode(z1, z2, a, b, c)


def _flat(arm: Arm, eta: Any) -> tuple[Any, ...]:
    return tuple(d[..., 0] for d in arm.derivatives(eta[..., None]))


def _laplace(trials: Trials, shared: Any) -> tuple[Any, Any]:
    """Return Laplace's log likelihood and its gradient, the modes' own movement included."""
    p = tuple(shared[..., i, None] for i in range(4))
    _m, _mu, sigma, tau = p
    at = _mode(trials, p)
    eta = _predictors(p, at.z1, at.z2)
    (l1, r1, c1), (l2, r2, c2) = (_flat(arm, e) for arm, e in zip(trials[:2], eta, strict=True))
    t1, t2 = (_third(arm, e) for arm, e in zip(trials[:2], eta, strict=True))
    s2, q = sigma**2, 0.25 * tau**2
    # at the mode both balance: of millions of patients the scores have no digits left, the modes have
    total = np.where(-s2 * (c1 + c2) > MUCH, at.z1 / np.where(sigma == 0, 1, sigma), r1 + r2)
    half = np.where(-q * (c1 + c2) > MUCH, at.z2 / np.where(tau == 0, 1, tau), 0.5 * (r1 - r2))
    r1, r2 = 0.5 * total + half, 0.5 * total - half
    det = 1 - (s2 + q) * (c1 + c2) + 4 * s2 * q * c1 * c2
    det1, det2 = -(s2 + q) + 4 * s2 * q * c2, -(s2 + q) + 4 * s2 * q * c1  # by the curvatures of the arms
    value = l1 + l2 - 0.5 * (at.z1**2 + at.z2**2) - 0.5 * np.log(det)
    one = np.ones_like(at.z1)
    gradient = []
    # how each parameter moves the predictors at fixed z, the slope of the exponent by z, and the determinant
    for e1, e2, s1, s2_, d in (
        (one, one, 0.0, 0.0, 0.0),
        (0.5 * one, -0.5 * one, 0.0, 0.0, 0.0),
        (at.z1, at.z1, r1 + r2, 0.0, 2 * sigma * (4 * q * c1 * c2 - c1 - c2)),
        (0.5 * at.z2, -0.5 * at.z2, 0.0, 0.5 * (r1 - r2), 0.5 * tau * (4 * s2 * c1 * c2 - c1 - c2)),
    ):
        f1 = s1 + sigma * (c1 * e1 + c2 * e2)
        f2 = s2_ + 0.5 * tau * (c1 * e1 - c2 * e2)
        z1, z2 = (at.c * f1 - at.b * f2) / det, (at.a * f2 - at.b * f1) / det
        moved1, moved2 = e1 + sigma * z1 + 0.5 * tau * z2, e2 + sigma * z1 - 0.5 * tau * z2
        by_det = d + det1 * t1 * moved1 + det2 * t2 * moved2
        gradient.append((r1 * e1 + r2 * e2 - 0.5 * by_det / det).sum(-1))
    return value.sum(-1), np.stack(gradient, -1)


def _third(arm: Arm, eta: Any) -> Any:
    assert arm.third is not None
    return arm.third(eta[..., None])[..., 0]


def _integrated(trials: Trials, shared: Any, points: int) -> Terms:
    """Return the log likelihood by quadrature on a grid laid along the modes' curvature, with Louis' derivatives."""
    nodes, weights = rule(points)
    x, y = (g.ravel() for g in np.meshgrid(nodes, nodes))
    at = _mode(trials, tuple(shared[..., i, None] for i in range(4)))
    # Cholesky factor of the inverse of [[a, b], [b, c]], by hand
    root = np.sqrt(at.c / (at.a * at.c - at.b**2))
    below, last = -at.b / at.c * root, 1 / np.sqrt(at.c)
    z1 = at.z1[..., None] + np.sqrt(2) * root[..., None] * x
    z2 = at.z2[..., None] + np.sqrt(2) * (below[..., None] * x + last[..., None] * y)
    eta = _predictors(tuple(shared[..., i, None, None] for i in range(4)), z1, z2)
    (l1, r1, c1), (l2, r2, c2) = (arm.derivatives(e) for arm, e in zip(trials[:2], eta, strict=True))
    log_f = l1 + l2 - 0.5 * (z1**2 + z2**2) + x**2 + y**2
    top = log_f.max(-1, keepdims=True)
    mass = np.outer(weights, weights).ravel() * np.exp(log_f - top)
    total = mass.sum(-1)
    value = np.log(total) + top[..., 0] + np.log(root * last / np.pi)
    mass /= total[..., None]
    # parameters act on the sum and on half the difference of the arms, alone or times z
    sides = [(0, np.ones_like(z1)), (1, np.ones_like(z1)), (0, z1), (1, z2)]
    r, c = (r1 + r2, 0.5 * (r1 - r2)), ((c1 + c2, 0.5 * (c1 - c2)), (0.5 * (c1 - c2), 0.25 * (c1 + c2)))
    s = np.stack([r[i] * z for i, z in sides], -2)
    g = np.einsum("...q,...pq->...p", mass, s)
    h = np.einsum("...q,...aq,...bq->...ab", mass, s, s, optimize=True) - g[..., :, None] * g[..., None, :]
    for row, (i, z) in enumerate(sides):
        for column, (j, w) in enumerate(sides):
            h[..., row, column] += np.einsum("...q,...q->...", mass, c[i][j] * z * w)
    return Terms(value.sum(-1), g.sum(-2), h.sum(-3))
