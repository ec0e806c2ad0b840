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
STEP, WIDE_STEP = 0.12, 0.3  # of the rule, in widths of the saddle: to the last digit, and to 1e-9
LAST = -40.0  # logarithm of a probability beyond the last digit of 1
NEAR, FAR = 0.01, 25.0  # of the search left of 0, in logarithms: from beside the singularity, and up to 0
HALVINGS_OF_EDGE = 30
HALVINGS = 14  # of that search: where the path crosses the axis decides how many points it takes, not the integral


def q_cdf(q: float, a: Floats, variance: Floats) -> Any:
    """Return P(Q_a <= q) where effects have these variances, v + tau².

    Parameters
    ----------
    q
        Value of the statistic, >= 0.
    a
        Weights, (k,).
    variance
        Variances of the effects, (..., k).
    """
    return _inverted(q, a, variance, STEP)[0]


def q_cdf_and_slope(q: float, a: Floats, variance: Floats) -> tuple[Any, Any]:
    """Return P(Q_a <= q), to 1e-9, and its derivative by tau²; see `q_cdf`."""
    return _inverted(q, a, variance, WIDE_STEP)


def _inverted(q: float, a: Floats, variance: Floats, step: float) -> tuple[Any, Any]:
    """Return the probability, and its derivative where the step is wide, else 0."""
    shape = variance.shape[:-1]
    if q <= 0:
        return np.zeros(shape)[()], np.zeros(shape)[()]
    scaled, share = (a * variance).reshape(-1, len(a)), a / a.sum()
    saddle, bend = _saddles(q, scaled, share)
    # Chernoff's bounds, of the tail that the saddle is of, and of the upper one
    bounds = [_exponent(s, q, 1 + 2 * s[:, None] * scaled, share).real for s in (saddle, -0.45 / scaled.max(-1))]
    certain = bounds[1] < LAST
    value = np.where(certain | (saddle < 0), 1.0, 0.0)  # left of the pole at 0 the integral is minus the other tail
    slope = np.zeros(len(value))
    seen = np.flatnonzero(~certain & (bounds[0] > LAST))
    if len(seen):
        s, ds = path(q, saddle[seen], bend[seen], step)
        terms = 1 + 2 * s[..., None] * scaled[seen][:, None]
        integrand = np.exp(_exponent(s, q, terms, share)) * ds
        value[seen] += (integrand / s).imag.sum(-1) / np.pi
        if step == WIDE_STEP:
            parts = 1 / terms
            by_tau2 = (parts * parts) @ (share * a) / (parts @ share) - parts @ a
            slope[seen] = (integrand * by_tau2).imag.sum(-1) / np.pi
    return np.clip(value, 0.0, 1.0).reshape(shape)[()], slope.reshape(shape)[()]


def _exponent(s: Any, q: float, terms: Any, share: Floats) -> Any:
    """Return the logarithm of e^(sq) times the transform at s; terms are 1 + 2 s a (v + tau²), (..., k)."""
    terms = terms.astype(complex, copy=False)  # on the axis they may be below 0, two factors together above it
    return s * q - 0.5 * (np.log(terms).sum(-1) + np.log((1 / terms) @ share))


def path(q: float, saddle: Floats, bend: Floats, step: float = STEP) -> tuple[Any, Any]:
    """Return the points of the paths of integration from the axis upwards, and the steps between them, (m, n).

    Each crosses the axis at the saddle point of the tail that q is in: the pole at 0 is too near to that of the other.

    Parameters
    ----------
    q
        Value of the statistic, above 0.
    saddle, bend
        As `_saddles` finds them, (m,).
    step
        In widths of the saddle.
    """
    width, wide = bend**-0.5, (bend - saddle**-2.0) ** -0.5  # with the pole at 0, and of the transform alone
    end = np.maximum(9 * wide, np.sqrt(370 * wide / q))  # where the integrand is below the last digit
    each = (step * width)[:, None]
    u = each * (np.arange(int((end / each[:, 0]).max()) + 1) + 0.5)
    steps = each * (1j - 2 * BEND * u / wide[:, None])
    return saddle[:, None] + 1j * u - BEND * u * u / wide[:, None], steps


def _saddles(q: float, scaled: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Return the points of the axis where the integrand is least, and the second derivatives of its exponent there.

    Parameters
    ----------
    q
        Value of the statistic, above 0.
    scaled, share
        Weights times variances, (m, k), and weights as shares of their sum, (k,).
    """

    def slope(s: Floats) -> Any:
        """Return the derivative of the integrand's exponent by s; it rises along the axis, on each side of 0."""
        terms = 1 + 2 * s[:, None] * scaled
        drop = scaled / terms
        return q - drop.sum(-1) + (drop / terms) @ share / ((1 / terms) @ share) - 1 / s

    edge = -np.log(2 * scaled.max(-1)) - NEAR  # the nearest that a singularity can be
    upper = q > scaled @ (1 - share)
    left = upper & (slope(-np.exp(edge)) < 0)
    beyond = np.flatnonzero(upper & ~left)
    if len(beyond):  # the largest of the k is none where one row's stands out
        edge[beyond] = -np.log(2 * _largest(scaled[beyond], share)) - NEAR
        left = upper
    sign = np.where(left, -1.0, 1.0)
    low = np.where(left, edge - FAR, -np.log(q))
    high = np.where(left, edge, np.log((1 + 0.5 * len(share)) / q))
    for _ in range(HALVINGS):
        at = 0.5 * (low + high)
        below = sign * slope(sign * np.exp(at)) < 0
        low, high = np.where(below, at, low), np.where(below, high, at)
    at = 0.5 * (low + high)
    saddle = sign * np.exp(at)
    ahead, behind = slope(sign * np.exp(at + 1e-3)), slope(sign * np.exp(at - 1e-3))
    return saddle, (ahead - behind) / (2e-3 * saddle)


def _largest(scaled: Floats, share: Floats) -> Floats:
    """Return the largest eigenvalue of each quadratic form, (m,), between the two largest weights times variances.

    There the sum in the transform, of shares over 1 + 2 s a (v + tau²), is 0.
    """
    low, high = np.moveaxis(np.partition(scaled, -2)[:, -2:], -1, 0)
    for _ in range(HALVINGS_OF_EDGE):
        at = 0.5 * (low + high)
        with np.errstate(divide="ignore", invalid="ignore"):  # where the two are equal
            above = (share / (1 - scaled / at[:, None])).sum(-1) < 0
        low, high = np.where(above, low, at), np.where(above, at, high)
    return np.asarray(high)


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
        return float(q_cdf(q, a, v + tau2)) - probability

    if below(0.0) <= 0:
        return 0.0
    high = max(float(v.min()), q / a.sum())
    while below(high) > 0:
        high *= 4
    return float(scipy.optimize.brentq(below, 0.0, high, xtol=1e-300, rtol=1e-12))
