r"""The exact distribution of generalised Q statistics, and the intervals of tau² made from it.

With fixed weights a the statistic :math:`Q_a = \sum a_i (y_i - \bar y_a)^2` is a quadratic form in normal effects of
variances :math:`\sigma_i^2 = v_i + \tau^2`. The Laplace transform of its density needs no eigenvalues:

.. math:: E[e^{-s Q_a}] = \Big[\prod_i (1 + 2 s a_i \sigma_i^2)\;
          \frac{\sum_i a_i / (1 + 2 s a_i \sigma_i^2)}{\sum_i a_i}\Big]^{-1/2}

All its singularities lie on the negative axis. The inversion integral therefore runs along a parabola that opens to
the left and crosses the axis at a saddle point, where the trapezoidal rule converges geometrically.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import scipy

from .wls import Floats

BEND = 0.1  # of the parabola, in widths of the transform: enough to end the integral, too little to near a singularity
LAST = -40.0  # logarithm of a probability beyond the last digit of 1
NEAR, FAR = 0.01, 25.0  # of the search left of 0, in logarithms: from beside the singularity, and up to 0
HALVINGS_OF_EDGE = 30
STEPS, CLOSE = 40, 0.02  # of that search, in log |s|: where the path crosses decides how many points it takes only


class Rule(NamedTuple):
    """Step of the trapezoidal rule in widths of the saddle, and widths and exponent at which it ends."""

    step: float
    widths: float
    exponent: float


EXACT = Rule(0.12, 9.0, 370.0)  # to the last digit
FINE = Rule(0.3, 9.0, 370.0)  # to 1e-9
ROUGH = Rule(0.38, 6.5, 190.0)  # to 1e-7


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
    return _inverted(q, a, variance, EXACT)[0]


def q_cdf_and_slope(q: float, a: Floats, variance: Floats, rule: Rule = FINE) -> tuple[Any, Any]:
    """Return P(Q_a <= q) and its derivative by tau², as exactly as the rule is; see `q_cdf`."""
    return _inverted(q, a, variance, rule)


def _inverted(q: float, a: Floats, variance: Floats, rule: Rule) -> tuple[Any, Any]:
    """Return the probability, and its derivative unless the rule is exact, else 0."""
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
        s, ds = path(q, saddle[seen], bend[seen], rule)
        terms = 1 + 2 * s[..., None] * scaled[seen][:, None]
        integrand = np.exp(_exponent(s, q, terms, share)) * ds
        value[seen] += (integrand / s).imag.sum(-1) / np.pi
        if rule is not EXACT:
            parts = 1 / terms
            by_tau2 = (parts * parts) @ (share * a) / (parts @ share) - parts @ a
            slope[seen] = (integrand * by_tau2).imag.sum(-1) / np.pi
    return np.clip(value, 0.0, 1.0).reshape(shape)[()], slope.reshape(shape)[()]


def _exponent(s: Any, q: float, terms: Any, share: Floats) -> Any:
    """Return the logarithm of e^(sq) times the transform at s; terms are 1 + 2 s a (v + tau²), (..., k)."""
    real, imaginary = terms.real, terms.imag  # on the axis they may be below 0, two factors together above it
    square = real * real + imaginary * imaginary
    log = 0.5 * np.log(square).sum(-1) + 1j * np.arctan2(imaginary, real).sum(-1)  # several times faster than complex
    return s * q - 0.5 * (log + np.log((np.conj(terms) / square) @ share + 0j))


def path(q: float, saddle: Floats, bend: Floats, rule: Rule = EXACT) -> tuple[Any, Any]:
    """Return the points of the paths of integration from the axis upwards, and the steps between them, (m, n).

    Each crosses the axis at the saddle point of the tail that q is in: the pole at 0 is too near to that of the other.

    Parameters
    ----------
    q
        Value of the statistic, above 0.
    saddle, bend
        As `_saddles` finds them, (m,).
    rule
        How dense and how long they are.
    """
    width, wide = bend**-0.5, (bend - saddle**-2.0) ** -0.5  # with the pole at 0, and of the transform alone
    end = np.maximum(rule.widths * wide, np.sqrt(rule.exponent * wide / q))  # beyond it the integrand does not count
    each = (rule.step * width)[:, None]
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

    def slopes(s: Floats) -> tuple[Any, Any]:
        """Return first and second derivative of the integrand's exponent by s; the first rises on each side of 0."""
        part = 1 / (1 + 2 * s[:, None] * scaled)
        drop = scaled * part
        square = drop * part
        whole, first, second = part @ share, square @ share, (drop * square) @ share
        slope = q - drop.sum(-1) + first / whole - 1 / s
        return slope, 2 * np.vecdot(drop, drop) - 4 * second / whole + 2 * (first / whole) ** 2 + s**-2.0

    edge = -np.log(2 * scaled.max(-1)) - NEAR  # the nearest that a singularity can be
    upper = q > scaled @ (1 - share)
    left = upper & (slopes(-np.exp(edge))[0] < 0)
    beyond = np.flatnonzero(upper & ~left)
    if len(beyond):  # the largest of the k is none where one row's stands out
        edge[beyond] = -np.log(2 * _largest(scaled[beyond], share)) - NEAR
        left = upper
    sign = np.where(left, -1.0, 1.0)
    low = np.where(left, edge - FAR, -np.log(q))
    high = np.where(left, edge, np.log((1 + 0.5 * len(share)) / q))
    at = np.clip(_of_gamma(q, scaled, share, sign), low, high)
    for _ in range(STEPS):
        saddle = sign * np.exp(at)
        slope, bend = slopes(saddle)
        below = sign * slope < 0
        low, high = np.where(below, at, low), np.where(below, high, at)
        new = at - slope / (slope + saddle * bend)  # of s times the slope, by log s: without the pole at 0
        new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
        moved, at = np.abs(new - at).max(), new
        if moved < CLOSE:
            break
    saddle = sign * np.exp(at)
    return saddle, slopes(saddle)[1]


def _of_gamma(q: float, scaled: Floats, share: Floats, sign: Floats) -> Any:
    """Return log |s| of the saddle that there were if the statistic were gamma of its exact mean and variance."""
    of_share = scaled @ share
    mean = scaled.sum(-1) - of_share
    half = np.vecdot(scaled, scaled) - 2 * (scaled * scaled) @ share + of_share**2
    scale = 2 * half / mean
    b = q - mean - scale
    return np.log((np.sqrt(b * b + 4 * q * scale) - sign * b) / (2 * q * scale))


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
