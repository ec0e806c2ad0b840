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

BEND = 0.1  # of the parabola, in widths of the transform: enough to end the integral, too little to near a singularity
STEP = 0.12  # of the rule, in widths of the saddle


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
    bend = (slope(at + 1e-3) - slope(at - 1e-3)) / (2e-3 * saddle)  # second derivative of the exponent
    width, wide = bend**-0.5, (bend - saddle**-2.0) ** -0.5  # with the pole at 0, and of the transform alone
    end = max(9 * wide, np.sqrt(370 * wide / q))  # where the integrand is below the last digit
    u = STEP * width * np.arange(int(end / (STEP * width)) + 1)
    s = saddle + 1j * u - BEND * u * u / wide
    terms = 1 + 2 * s[:, None] * scaled
    log = s * q - np.log(s) - 0.5 * (np.log(terms).sum(-1) + np.log((share / terms).sum(-1)))
    values = (np.exp(log) * (1j - 2 * BEND * u / wide)).imag
    value = float((values.sum() - 0.5 * values[0]) * STEP * width / np.pi)
    return min(max(value, 0.0), 1.0)


def generalised_q(y: Floats, a: Floats) -> float:
    """Return the sum of squared deviations from the weighted mean, with weights a."""
    mean = (a * y).sum() / a.sum()
    return float((a * (y - mean) ** 2).sum())


def interval(y: Floats, v: Floats, a: Floats, level: float) -> tuple[float, float]:
    """Return the interval of tau² in which Q_a, as it was observed, is not in either tail of its distribution."""
    q, tail = generalised_q(y, a), (1 - level) / 2
    return root(q, a, v, 1 - tail), root(q, a, v, tail)


def root(q: float, a: Floats, v: Floats, probability: float) -> float:
    """Return the tau² >= 0 at which q is this quantile; 0 where it lies lower already."""

    def below(tau2: float) -> float:
        return q_cdf(q, a, v + tau2) - probability

    if below(0.0) <= 0:
        return 0.0
    high = max(float(v.min()), q / a.sum())
    while below(high) > 0:
        high *= 4
    return float(optimize.brentq(below, 0.0, high, xtol=1e-300, rtol=1e-12))
