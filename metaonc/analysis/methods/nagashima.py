r"""The prediction interval of Nagashima, Noma and Furukawa (2019), without its bootstrap.

They draw tau² from its confidence distribution :math:`H(\tau^2) = P(Q \ge q; \tau^2)`, and with each draw a new effect

.. math:: \theta_{new} = \hat\mu(\tau^2) + \tau Z - T_{k-1}\, se_{HK}(\tau^2)

whose quantiles are the interval. Here the three variables are integrated over instead, so that the interval has no
Monte Carlo error and needs no seed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import special

from ...errors import ConvergenceError
from ..numeric import q_distribution, wls
from ..numeric.normal_likelihood import weights
from ..numeric.quadrature import unit_rule
from ..numeric.wls import Floats

DRAWS = 64  # points of the unit interval that stand for random draws of t
COARSE, FINE = 12, (24, 48, 96, 192)  # points of tau²: to find where it lies, and to integrate, until they agree
LEAST, SURE = 1e-8, 1e-6  # probabilities: that are left out at the ends, and to which the points must agree
STEPS = 100


class _Drawn(NamedTuple):
    """What draws of tau² come to: mean, Hartung-Knapp standard error and tau of each, and its probability, (m,)."""

    mean: Floats
    se: Floats
    tau: Floats
    share: Floats


def interval(y: Floats, v: Floats, level: float) -> tuple[float, float]:
    """Return the limits for the effect in a new trial.

    Parameters
    ----------
    y, v
        Effects and sampling variances, (k,), of two trials or more.
    level
        Of the interval.
    """
    df = len(y) - 1
    tau2, share = _confidence_distribution(y, v)
    fit = wls.fit(weights(v, tau2), np.broadcast_to(y, (len(tau2), len(y))))
    drawn = _Drawn(fit.beta, np.sqrt(wls.q(fit) / df * fit.cov), np.sqrt(tau2), share)
    if not drawn.se[0] > 0:  # equal effects: tau² is 0 for certain
        return float(drawn.mean[0]), float(drawn.mean[0])
    tail = (1 - level) / 2
    low, high = _quantiles(drawn, df, np.array([tail, 1 - tail]))
    return float(low), float(high)


def _confidence_distribution(y: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return points of tau² and their probabilities; what H puts below 0 is at 0.

    The points are those of Gauss and Legendre in log(1 + tau²/s²), s² the typical variance, in which the density is
    smooth: at 0 and in its tail, a power of tau².
    """
    a, df = 1 / v, len(y) - 1
    q = q_distribution.generalised_q(y, a)
    typical = df / (a.sum() - (a * a).sum() / a.sum())
    ends = np.linspace(0, np.logaddexp(0, _log_end(q, a) - np.log(typical)), COARSE) if q > 0 else np.zeros(1)
    below = q_distribution.q_cdf(q, a, v + typical * np.expm1(ends)[:, None])
    at_zero, inside = 1 - below[0], below[0]
    if inside <= LEAST:
        return np.zeros(1), np.ones(1)
    first = ends[max(int((inside - below > LEAST).argmax()) - 1, 0)]
    last = ends[int((below < LEAST).argmax())] if (below < LEAST).any() else ends[-1]
    for points in FINE:
        nodes, node_weights = unit_rule(points)
        tau2 = typical * np.expm1(first + (last - first) * nodes)
        slope = q_distribution.q_cdf_and_slope(q, a, v + tau2[:, None])[1]
        share = -slope * (tau2 + typical) * (last - first) * node_weights
        if abs(share.sum() - inside) < SURE:
            return np.array([0.0, *tau2]), np.array([at_zero, *(share * inside / share.sum())])
    raise ConvergenceError("the confidence distribution of tau² did not settle; take another prediction interval.")


def _log_end(q: float, a: Floats) -> float:
    """Return log(tau²) beyond which H lacks at most ``LEAST`` of 1, from the transform of Q as tau² grows."""
    k = len(a)
    constant = -0.5 * (np.log(a).sum() + np.log(k) - np.log(a.sum())) - special.gammaln((k + 1) / 2)
    return float(np.log(q / 2) + 2 / (k - 1) * (constant - np.log(LEAST)))


@lru_cache(maxsize=64)
def _rule(df: float) -> tuple[Floats, Floats]:
    """Return points and weights that stand for draws of t; denser in the tails, which an even rule would miss."""
    nodes, node_weights = unit_rule(DRAWS)
    lower = nodes[nodes < 0.5]
    below = _quantile(df, lower**3 * (10 - 15 * lower + 6 * lower**2))
    return np.concatenate([below, -below[::-1]]), 30 * (nodes * (1 - nodes)) ** 2 * node_weights


def _quantile(df: float, p: Floats) -> Floats:
    return np.asarray(special.ndtri(p) if np.isinf(df) else special.stdtrit(df, p))


def _t_density(t: Floats, df: int) -> Floats:
    peak = np.exp(-special.betaln(0.5, df / 2)) / np.sqrt(df)
    return np.asarray(peak * (1 + t * t / df) ** (-(df + 1) / 2))


def _quantiles(drawn: _Drawn, df: int, p: Floats) -> Floats:
    """Return the effects below which a new one lies with these probabilities, by Newton's steps inside brackets."""
    mean, se, tau, share = drawn
    wide = tau >= se  # the wider of the two distributions is summed exactly: where draws of it are wide apart, it jumps
    (t, t_weights), (z, z_weights) = _rule(df), _rule(np.inf)
    normal = mean[wide, None] + se[wide, None] * t, tau[wide, None], share[wide]
    student = mean[~wide, None] + tau[~wide, None] * z, se[~wide, None], share[~wide]

    def cdf(x: Floats) -> tuple[Floats, Floats]:
        u = (x[:, None, None] - normal[0]) / normal[1]
        w = (x[:, None, None] - student[0]) / student[1]
        value = special.ndtr(u) @ t_weights @ normal[2] + special.stdtr(df, w) @ z_weights @ student[2]
        dense = np.exp(-0.5 * u * u) @ t_weights @ (normal[2] / normal[1][:, 0]) / np.sqrt(2 * np.pi)
        return value, dense + _t_density(w, df) @ z_weights @ (student[2] / student[1][:, 0])

    spread = np.sqrt((tau**2 + se**2) @ share) if df > 2 else np.median(np.hypot(tau, se))
    x = mean @ share + special.ndtri(p) * spread
    low, high = np.full(len(p), -np.inf), np.full(len(p), np.inf)
    for _ in range(STEPS):
        value, density = cdf(x)
        over = value > p
        low, high = np.where(over, low, x), np.where(over, x, high)
        step = np.clip(x - (value - p) / np.maximum(density, 1e-300), x - 4 * spread, x + 4 * spread)
        within = (step >= low) & (step <= high)
        new = np.where(within, step, 0.5 * (low + high))
        spread = np.where(np.isfinite(low) & np.isfinite(high), spread, 2 * spread)
        if (np.abs(new - x) <= 1e-10 * spread).all():
            return new
        x = new
    raise ConvergenceError("the prediction interval did not settle; take another one.")
