"""The likelihood with a smooth weight of the p-value: its integral by Gauss and Legendre's rule, all trials at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy.special import log_ndtr, ndtr, ndtri

from ...numeric.wls import Floats
from .likelihood import LOG_2PI, NOWHERE, Likelihood, Terms, normal
from .weight_functions import Given, WeightFunction

NODES, WEIGHTS = leggauss(12)
CENTRE = 9.0  # beyond it p is below 1e-18 or above 1 - 1e-18
FINE, COARSE = 0.5, 2.0  # widths of panels; in z, where the density of a trial's effects is never narrower than 1
REACH = 9.0  # standard deviations to which the density is integrated
FARTHEST = 500.0  # |z| that panels go to
HALVES = 40  # panels towards z = 0, where weights of 1 - p of both tails have a root or a pole


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
                log_q = np.log(1 - 2 * ndtr(-np.abs(z)))
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
        """Return the z where the weight is not smooth."""
        tails = 2 if self.two_sided else 1
        ends = [float(-ndtri(p / tails)) for p in (self.threshold, self.p_min, 1 - self.p_min) if 0 < p < 1]
        if not self.two_sided:
            return ends
        towards_0 = list(0.5 ** np.arange(2, HALVES)) if self.function.of_log_q and not self.p_min else []
        return [0.0, *(sign * float(x) for x in [*ends, *towards_0] for sign in (-1, 1))]

    def tails(self, delta: Floats) -> tuple[float, float]:
        """Return the slopes of the log weight by -z²/2 in the lower and the upper tail; 0 where it is bounded."""
        if self.function.bounded or self.p_min > 0:
            return 0.0, 0.0
        return (delta[0] - 1, delta[0] - 1) if self.two_sided else (delta[1] - 1, delta[0] - 1)


def smooth(y: Floats, v: Floats, weight: Smooth) -> Likelihood:
    """Return the likelihood with a smooth weight; -infinity where the integral is."""
    se = np.sqrt(v)
    z = y / se
    own = z[:, None] if np.ndim(weight.imprecision) else z

    def at(theta: Floats) -> Terms:
        mu, tau2, delta = theta[0], theta[1], theta[2:]
        centre, width = mu / se, np.sqrt(1 + tau2 / v)
        ends = _ends(centre, width, weight.tails(delta))
        if ends is None:
            return NOWHERE
        value, first, second = normal(y, v, mu, tau2)
        seen = [x if own is z else x[..., 0] for x in weight.weight(own, delta)]
        nodes, quadrature = _panels(ends, weight.breaks())
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


def _ends(centre: Floats, width: Floats, tails: tuple[float, float]) -> tuple[float, float] | None:
    """Return between which z all of the integrals is; None where one is infinite, or reaches too far."""
    ends = []
    for side, tail in zip((-1, 1), tails, strict=True):
        curvature = width**-2 + tail
        if (curvature <= 0).any():
            return None
        slope = side * centre / width**2  # of the log of what is integrated, besides its curvature
        root = np.sqrt(np.minimum(slope, 0.0) ** 2 + REACH**2 * curvature)
        falling = REACH**2 / (root - np.minimum(slope, 0.0))  # so many nats down, also where the curvature is next to 0
        ends.append(max(CENTRE, float((falling + np.maximum(slope, 0.0) / curvature).max())))
    return None if max(ends) > FARTHEST else (ends[0], ends[1])


def _panels(ends: tuple[float, float], breaks: list[float]) -> tuple[Floats, Floats]:
    """Return nodes and weights of Gauss and Legendre, on panels that are fine where p is neither 0 nor 1."""
    fine = np.arange(-CENTRE, CENTRE + FINE / 2, FINE)
    low, high = (np.linspace(CENTRE, end, int(np.ceil((end - CENTRE) / COARSE)) + 1)[1:] for end in ends)
    edges = np.unique(np.concatenate([-low, fine, high, [x for x in breaks if -ends[0] < x < ends[1]]]))
    half = np.diff(edges) / 2
    nodes = (edges[:-1] + half)[:, None] + half[:, None] * NODES
    return nodes.ravel(), (half[:, None] * WEIGHTS).ravel()


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
