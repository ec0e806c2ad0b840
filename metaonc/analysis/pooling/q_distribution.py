r"""The exact distribution of generalised Q statistics, and the intervals of tau² made from it.

With fixed weights a the statistic :math:`Q_a = \sum a_i (y_i - \bar y_a)^2` is a quadratic form in normal effects of
variances :math:`\sigma_i^2 = v_i + \tau^2`. The Laplace transform of its density needs no eigenvalues:

.. math:: E[e^{-s Q_a}] = \Big[\prod_i (1 + 2 s a_i \sigma_i^2)\;
          \frac{\sum_i a_i / (1 + 2 s a_i \sigma_i^2)}{\sum_i a_i}\Big]^{-1/2}

All its singularities lie on the negative axis. The inversion integral therefore runs along a parabola that opens to
the left and crosses the positive axis at the saddle point, where the trapezoidal rule converges geometrically.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize

from .wls import Floats

BEND = 0.1  # of the parabola, in widths of the saddle: enough to end the integral, too little to near a singularity
U = 0.12 * np.arange(180)  # points on its upper half, in widths of the saddle


def q_cdf(q: float, a: Floats, variance: Floats) -> float:
    """Return P(Q_a <= q) where effects have these variances, v + tau².

    Parameters
    ----------
    q
        Value of the statistic, >= 0.
    a
        Weights, (k,).
    variance
        Variances of the effects, (k,).
    """
    if q <= 0:
        return 0.0
    scaled = a * variance
    share = a / a.sum()

    def slope(log_s: float) -> float:
        """Return the derivative of the integrand's exponent by s; it rises along the positive axis."""
        terms = 1 + 2 * np.exp(log_s) * scaled
        inner = share / terms
        drop = (scaled / terms).sum() - (inner * scaled / terms).sum() / inner.sum()
        return float(q - drop - np.exp(-log_s))

    at = float(optimize.brentq(slope, -np.log(q), np.log((1 + 0.5 * len(a)) / q), xtol=1e-6))
    saddle = np.exp(at)
    width = np.sqrt(saddle * 2e-3 / (slope(at + 1e-3) - slope(at - 1e-3)))  # 1 / sqrt of the curvature
    u = U * width
    s = saddle + 1j * u - BEND * u * u / width
    terms = 1 + 2 * s[:, None] * scaled
    log = s * q - np.log(s) - 0.5 * (np.log(terms).sum(-1) + np.log((share / terms).sum(-1)))
    values = (np.exp(log) * (1j - 2 * BEND * u / width)).imag
    value = float((values.sum() - 0.5 * values[0]) * (u[1] - u[0]) / np.pi)
    return min(max(value, 0.0), 1.0)


def generalised_q(y: Floats, a: Floats) -> float:
    """Return the sum of squared deviations from the weighted mean, with weights a."""
    mean = (a * y).sum() / a.sum()
    return float((a * (y - mean) ** 2).sum())


def interval(y: Floats, v: Floats, a: Floats, level: float) -> tuple[float, float]:
    """Return the interval of tau² in which Q_a, as it was observed, is not in either tail of its distribution."""
    q, tail = generalised_q(y, a), (1 - level) / 2
    return _solve(q, a, v, 1 - tail), _solve(q, a, v, tail)


def _solve(q: float, a: Floats, v: Floats, probability: float) -> float:
    """Return the tau² >= 0 at which q is this quantile; 0 where it lies lower already."""

    def below(tau2: float) -> float:
        return q_cdf(q, a, v + tau2) - probability

    if below(0.0) <= 0:
        return 0.0
    high = max(float(v.min()), q / a.sum())
    while below(high) > 0:
        high *= 4
    return float(optimize.brentq(below, 0.0, high, xtol=1e-300, rtol=1e-12))
