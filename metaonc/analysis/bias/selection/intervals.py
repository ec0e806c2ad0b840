"""Likelihoods with weights that are constant in intervals, whose probabilities are known in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr

from ...numeric.wls import Floats
from .likelihood import NOWHERE, Likelihood, Terms, normal

SMALLEST = 1e-290  # probability that has its digits yet


def probabilities(cuts: Floats, v: Floats, mu: float, tau2: float) -> tuple[Any, Any, Any]:
    """Return how probable each interval of effects is, (k, c + 1), with first (2, ...) and second derivatives.

    Parameters
    ----------
    cuts
        Its ends, falling: (k, c), the first interval is above the first of them.
    v, mu, tau2
        Sampling variances (k,), mean and variance of true effects.
    """
    total = (v + tau2)[:, None]
    b = (cuts - mu) / np.sqrt(total)
    density = np.exp(-0.5 * b * b) / np.sqrt(2 * np.pi)
    b1 = np.array([-1 / np.sqrt(total) * np.ones_like(b), -b / (2 * total)])
    b12 = 1 / (2 * total**1.5) * np.ones_like(b)
    b2 = np.array([[np.zeros_like(b), b12], [b12, 3 * b / (4 * total**2)]])
    below = density * b1
    below2 = density * (b2 - b * b1[:, None] * b1[None])
    high = np.column_stack([np.full(len(v), np.inf), b])
    low = np.column_stack([b, np.full(len(v), -np.inf)])
    upper = low > 0  # differences of small numbers, not of numbers near 1
    p = np.where(upper, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))
    return p, _between(below), _between(below2)


def _between(x: Any) -> Any:
    """Return differences along the last axis of what is 0 beyond both ends."""
    edges = np.zeros((*x.shape[:-1], 1))
    return np.concatenate([edges, x], -1) - np.concatenate([x, edges], -1)


def in_intervals(y: Floats, v: Floats, cuts: Floats, weight_of: Any, group: Any) -> Likelihood:
    """Return the likelihood of mu, tau² and the weights but the first, which is 1.

    Parameters
    ----------
    y, v
        Effects and their sampling variances, (k,).
    cuts
        Ends of the intervals of effects, falling: (k, c).
    weight_of
        The number of the weight that each interval has, (c + 1,).
    group
        The number of the weight that each trial has, (k,).
    """
    observed = np.bincount(group, minlength=int(weight_of.max()) + 1).astype(float)
    member = np.eye(len(observed))[weight_of]

    def at(theta: Floats) -> Terms:
        mu, tau2, *others = theta
        delta = np.array([1.0, *others])
        if (delta[observed > 0] <= 0).any():
            return NOWHERE
        value, first, second = normal(y, v, mu, tau2)
        p, p1, p2 = (x @ member for x in probabilities(cuts, v, mu, tau2))
        norm = p @ delta
        if not (norm > SMALLEST).all():
            return NOWHERE
        a1 = np.concatenate([p1 @ delta, p.T[1:]]) / norm
        a2 = np.zeros((len(theta), len(theta), len(y)))
        a2[:2, :2] = p2 @ delta
        a2[:2, 2:] = np.moveaxis(p1, -1, 1)[:, 1:]
        a2[2:, :2] = np.swapaxes(a2[:2, 2:], 0, 1)
        g, h = -a1.sum(-1), (a1 @ a1.T) - (a2 / norm).sum(-1)
        g[:2] += first.sum(-1)
        h[:2, :2] += second.sum(-1)
        there = np.where(delta > 0, delta, 1.0)  # a weight of 0 has no trial
        g[2:] += (observed / there)[1:]
        h[2:, 2:] -= np.diag((observed / there**2)[1:])
        return Terms(float((value - np.log(norm)).sum() + observed @ np.log(there)), g, h)

    return at


def conditional(y: Floats, v: Floats, cuts: Floats, group: Any) -> Likelihood:
    """Return the likelihood of mu and tau², each trial given its interval: the likelihood of p-uniform*."""
    rows = np.arange(len(y))

    def at(theta: Floats) -> Terms:
        value, first, second = normal(y, v, *theta)
        p, p1, p2 = (x[..., rows, group] for x in probabilities(cuts, v, *theta))
        if not (p > SMALLEST).all():
            return NOWHERE
        share = p1 / p
        g, h = first - share, second - p2 / p + share[:, None] * share[None]
        return Terms(float((value - np.log(p)).sum()), g.sum(-1), h.sum(-1))

    return at
