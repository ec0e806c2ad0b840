"""The likelihood with a smooth weight of the p-value: its integral by Gauss and Legendre's rule, all trials at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import erf, log_ndtr, ndtri

from ...numeric.wls import Floats
from .likelihood import LOG_2PI, NOWHERE, Likelihood, Terms, normal
from .weight_functions import Given, WeightFunction

CENTRE = 9.0  # beyond it p is below 1e-18 or above 1 - 1e-18
REACH = 9.0  # standard deviations to which the density is integrated
FARTHEST = 500.0  # |z| that panels go to
AROUND_0 = (
    1.0  # |z| below which p of both tails, which has a kink at 0 and a weight there maybe a pole, is taken by log z
)
# Panels of log z: at its lower end all of a weight like z^(δ - 1) is seen for δ above 0.05, of which 1e-15 is below.
TOWARDS_0 = (-690.0, -345.0, -180.0, -90.0, -60.0, -40.0, *map(float, range(-30, -4, 2)), *map(float, range(-4, 1)))


@dataclass(frozen=True, slots=True)
class Rule:
    """Gauss and Legendre's rule on panels.

    Attributes
    ----------
    nodes, weights
        Of a panel from -1 to 1.
    fine, coarse
        Widths of panels where p is neither 0 nor 1, in z, and elsewhere, in the least sd of what reaches there.
    """

    nodes: Floats
    weights: Floats
    fine: float
    coarse: float

    def over(self, edges: Floats) -> tuple[Floats, Floats]:
        """Return nodes and weights of all panels between edges that rise."""
        half = np.diff(edges) / 2
        nodes = (edges[:-1] + half)[:, None] + half[:, None] * self.nodes
        return nodes.ravel(), (half[:, None] * self.weights).ravel()


EXACT = Rule(*leggauss(16), 1.0, 2.0)  # to rounding
ROUGH = Rule(*leggauss(8), 1.0, 3.0)  # to 1e-6, from where the maximum is a step away


@dataclass(frozen=True, slots=True)
class Smooth:
    """A smooth weight of p-values.

    Attributes
    ----------
    function
        Its record.
    two_sided
        Whether p is of both tails.
    imprecision
        Of each trial, (k, 1), or 1.
    threshold
        p up to which the weight is 1; 0 without.
    p_min
        p is taken as no smaller, and no nearer to 1.
    """

    function: WeightFunction
    two_sided: bool
    imprecision: Any
    threshold: float
    p_min: float

    def given(self, z: Any) -> Given:
        """Return logarithms of p and 1 - p of test statistics, clipped at `p_min`."""
        if self.two_sided:
            log_p = np.log(2) + log_ndtr(-np.abs(z))
            with np.errstate(divide="ignore"):
                log_q = np.log(erf(np.abs(z) / np.sqrt(2)))
        else:
            log_p, log_q = log_ndtr(-z), log_ndtr(z)
        if self.p_min > 0:
            ends = np.log(self.p_min), np.log1p(-self.p_min)
            log_p, log_q = np.clip(log_p, *ends), np.clip(log_q, *ends)
        return Given(log_p, log_q, self.imprecision)

    def weight(self, z: Any, delta: Floats) -> tuple[Any, Any, Any]:
        """Return the logarithm of the weight, first and second derivatives, 1 in all below the threshold."""
        given = self.given(z)
        found = self.function.log_weight(given, delta)  # type: ignore[misc]
        if not self.threshold:
            return found.value, found.first, found.second
        inside = given.log_p > np.log(self.threshold)
        return found.value * inside, found.first * inside, found.second * inside

    def breaks(self) -> list[float]:
        """Return the z where the weight is not smooth, of both tails the |z|."""
        tails = 2 if self.two_sided else 1
        return [float(-ndtri(p / tails)) for p in (self.threshold, self.p_min, 1 - self.p_min) if 0 < p < 1]

    def tails(self, delta: Floats) -> tuple[float, float]:
        """Return the slopes of the log weight by -z²/2 in the lower and the upper tail; 0 where it is bounded."""
        if self.function.bounded or self.p_min > 0:
            return 0.0, 0.0
        return (delta[0] - 1, delta[0] - 1) if self.two_sided else (delta[1] - 1, delta[0] - 1)


def smooth(y: Floats, v: Floats, weight: Smooth, rule: Rule = EXACT) -> Likelihood:
    """Return the likelihood with a smooth weight; -infinity where the integral is."""
    se = np.sqrt(v)
    z = y / se
    own = z[:, None] if np.ndim(weight.imprecision) else z

    def at(theta: Floats) -> Terms:
        mu, tau2, delta = theta[0], theta[1], theta[2:]
        centre, width = mu / se, np.sqrt(1 + tau2 / v)
        edges = _edges(centre, width, weight.tails(delta), rule.coarse)
        if edges is None:
            return NOWHERE
        value, first, second = normal(y, v, mu, tau2)
        seen = [x if own is z else x[..., 0] for x in weight.weight(own, delta)]
        nodes, quadrature = _panels(rule, *edges, weight)
        log_w, w1, w2 = weight.weight(nodes, delta)
        t = (nodes - centre[:, None]) / width[:, None]
        log_f = log_w - 0.5 * t * t
        top = log_f.max(-1, keepdims=True)
        f = np.exp(log_f - top) * quadrature
        mass = f.sum(-1)
        log_norm = np.log(mass / width) + top[:, 0] - 0.5 * LOG_2PI
        q = f / mass[:, None]
        g, h = _moments(q, t, w1, w2, np.sqrt(v + tau2))
        g, h = -g, -h
        g[:2] += first
        h[:2, :2] += second
        g[2:] += seen[1]
        h[2:, 2:] += seen[2]
        total = float((value + seen[0] - log_norm).sum())
        return Terms(total, g.sum(-1), h.sum(-1)) if np.isfinite(total) else NOWHERE

    return at


def _edges(centre: Floats, width: Floats, tails: tuple[float, float], coarse: float) -> tuple[Floats, Floats] | None:
    """Return the |z| from CENTRE on between which panels lie, below and above; None where one reaches too far."""
    edges = []
    for side, tail in zip((-1, 1), tails, strict=True):
        curvature = width**-2 + tail
        if (curvature <= 0).any():
            return None
        slope = side * centre / width**2  # of the log of what is integrated, besides its curvature
        root = np.sqrt(np.minimum(slope, 0.0) ** 2 + REACH**2 * curvature)
        falling = REACH**2 / (root - np.minimum(slope, 0.0))  # so many nats down, also where the curvature is next to 0
        reach = falling + np.maximum(slope, 0.0) / curvature
        last, sd = reach.max(), np.minimum(width, curvature**-0.5)
        if last > FARTHEST:
            return None
        found = [CENTRE]
        while found[-1] < last:
            found.append(min(found[-1] + coarse * sd[reach > found[-1]].min(), last))
        edges.append(np.array(found))
    return edges[0], edges[1]


def _panels(rule: Rule, low: Floats, high: Floats, weight: Smooth) -> tuple[Floats, Floats]:
    """Return nodes and weights: panels are fine where p is neither 0 nor 1, and of log z next to a kink at 0."""
    fine = np.arange(-CENTRE, CENTRE + rule.fine / 2, rule.fine)
    breaks = weight.breaks()
    if not weight.two_sided:
        return rule.over(np.unique([*-low, *fine, *high, *(x for x in breaks if -low[-1] < x < high[-1])]))
    log_z, by_log = rule.over(np.unique([*TOWARDS_0, *(np.log(x) for x in breaks if 0 < x < AROUND_0)]))
    inner = np.exp(log_z)
    sides = [
        rule.over(
            np.unique([AROUND_0, *fine[fine > AROUND_0], *outer, *(x for x in breaks if AROUND_0 < x < outer[-1])])
        )
        for outer in (low, high)
    ]
    return (
        np.concatenate([-sides[0][0], -inner, inner, sides[1][0]]),
        np.concatenate([sides[0][1], by_log * inner, by_log * inner, sides[1][1]]),
    )


def _moments(q: Any, t: Any, w1: Any, w2: Any, sd: Floats) -> tuple[Any, Any]:
    """Return each trial's first and second derivatives of the logarithm of the integral, (2 + d, k) and so on.

    With q the density of effects that are published: means of the first derivatives of its logarithm, and of the
    second with the covariances of the first.
    """

    def mean(density: Any, x: Any) -> Any:
        """Return means (..., k) of what is alike for all trials, (..., j), or each trial's own, (..., k, j)."""
        return np.einsum("kj,...kj->...k", density, x) if x.shape[-2:] == q.shape else x @ density.T

    qt = q * t
    qt2 = qt * t
    m1, m2, m3, m4 = qt.sum(-1), qt2.sum(-1), (qt2 * t).sum(-1), np.einsum("kj,kj->k", qt2, t * t)
    own = mean(q, w1)
    g = np.concatenate([[m1 / sd, (m2 - 1) / (2 * sd**2)], own])
    mixed = (m3 - m1 * m2) / (2 * sd**3) - m1 / sd**3
    by_mean, by_tau2 = (mean(qt, w1) - own * m1) / sd, (mean(qt2, w1) - own * m2) / (2 * sd**2)
    h = np.empty((len(g), *g.shape))
    h[0, 0], h[0, 1], h[1, 0] = (m2 - m1 * m1 - 1) / sd**2, mixed, mixed
    h[1, 1] = ((m4 - m2 * m2) / 4 + 0.5 - m2) / sd**4
    h[0, 2:], h[1, 2:], h[2:, 0], h[2:, 1] = by_mean, by_tau2, by_mean, by_tau2
    h[2:, 2:] = mean(q, w1[:, None] * w1[None] + w2) - own[:, None] * own[None]
    return g, h
