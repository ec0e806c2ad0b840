r"""The exact distribution of generalised Q statistics, and the intervals of tau² made from it.

With fixed weights a the statistic :math:`Q_a = \sum a_i (y_i - \bar y_a)^2` is a quadratic form in normal effects of
variances :math:`\sigma_i^2 = v_i + \tau^2`. The Laplace transform of its density needs no eigenvalues:

.. math:: E[e^{-s Q_a}] = \Big[\prod_i (1 + 2 s a_i \sigma_i^2)\;
          \frac{\sum_i a_i / (1 + 2 s a_i \sigma_i^2)}{\sum_i a_i}\Big]^{-1/2}

All its singularities lie on the negative axis. The inversion integral therefore runs along a parabola that opens to
the left and crosses the axis at a saddle point, where the trapezoidal rule converges geometrically.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy

from .wls import Floats

BEND = 0.1  # of the parabola, in widths of the transform: enough to end the integral, too little to near a singularity
STEP = 0.12  # of the rule, in widths of the saddle
LAST = -40.0  # logarithm of a probability beyond the last digit of 1
NEAR, FAR = 0.01, 25.0  # of the search left of 0, in logarithms: from beside the singularity, and up to 0


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
    scaled, share = a * variance, a / a.sum()
    if _exponent(-0.25 / scaled.max(), q, scaled, share) < LAST:  # Chernoff's bound of the other tail
        return 1.0
    s, ds = path(q, scaled, share)
    value = float((np.exp(_exponent(s, q, scaled, share)) / s * ds).imag.sum() / np.pi)
    other = 1.0 if s[0].real < 0 else 0.0  # left of the pole at 0 it is minus the other tail
    return min(max(other + value, 0.0), 1.0)


def _exponent(s: Any, q: float, scaled: Floats, share: Floats) -> Any:
    """Return the logarithm of e^(sq) times the transform at s."""
    terms = 1 + 2 * np.asarray(s)[..., None] * scaled
    return s * q - 0.5 * (np.log(terms).sum(-1) + np.log((share / terms).sum(-1)))


def path(q: float, scaled: Floats, share: Floats) -> tuple[Any, Any]:
    """Return the points of the path of integration from the axis upwards, and the steps between them.

    It crosses the axis at the saddle point of the tail that q is in: the pole at 0 is too near to that of the other.

    Parameters
    ----------
    q
        Value of the statistic, above 0.
    scaled, share
        Weights times variances, and weights as shares of their sum, (k,).
    """
    saddle, bend = _saddle(q, scaled, share)
    width, wide = bend**-0.5, (bend - saddle**-2.0) ** -0.5  # with the pole at 0, and of the transform alone
    end = max(9 * wide, np.sqrt(370 * wide / q))  # where the integrand is below the last digit
    u = STEP * width * np.arange(int(end / (STEP * width)) + 1)
    steps = STEP * width * (1j - 2 * BEND * u / wide)
    steps[0] /= 2
    return saddle + 1j * u - BEND * u * u / wide, steps


def _saddle(q: float, scaled: Floats, share: Floats) -> tuple[float, float]:
    """Return the point of the axis where the integrand is least, and the second derivative of its exponent there."""

    def slope(log_s: float, sign: float = 1.0) -> float:
        """Return the derivative of the integrand's exponent by s; it rises along the axis, on each side of 0."""
        s = sign * np.exp(log_s)
        terms = 1 + 2 * s * scaled
        inner = share / terms
        drop = (scaled / terms).sum() - (inner * scaled / terms).sum() / inner.sum()
        return float(q - drop - 1 / s)

    sign, ends = 1.0, (-np.log(q), np.log((1 + 0.5 * len(scaled)) / q))
    edge = -np.log(2 * scaled.max()) - NEAR  # the nearest that a singularity can be
    if q > (scaled * (1 - share)).sum() and slope(edge, -1.0) < 0:
        sign, ends = -1.0, (edge - FAR, edge)
    at = float(scipy.optimize.brentq(slope, *ends, args=(sign,), xtol=1e-6))
    saddle = sign * np.exp(at)
    return saddle, (slope(at + 1e-3, sign) - slope(at - 1e-3, sign)) / (2e-3 * saddle)


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
    return float(scipy.optimize.brentq(below, 0.0, high, xtol=1e-300, rtol=1e-12))
