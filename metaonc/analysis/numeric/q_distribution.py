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
TOGETHER = 16  # trials whose terms are multiplied before a logarithm is taken: far from overflow
STEPS, CLOSE = (
    40,
    0.2,
)  # of that search, in widths of the saddle: it only decides how many points paths take


class Rule(NamedTuple):
    """Step of the trapezoidal rule and its end, in widths of the saddle and by exponent, and how the path curves.

    `least` is the logarithm of the integrand that may be left at the end.
    """

    step: float
    widths: float
    exponent: float
    least: float
    curve: float = BEND


EXACT = Rule(0.12, 9.0, 370.0, -34.0)  # to the last digit
FINE = Rule(0.3, 9.0, 370.0, -24.0)  # to 1e-9
ROUGH = Rule(0.38, 6.5, 190.0, -17.0)  # to 1e-7
LONGEST = 300.0  # in widths of the saddle


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
    bounds = [s * q + _log_transform(1 + 2 * s[:, None] * scaled, share) for s in (saddle, -0.45 / scaled.max(-1))]
    certain = bounds[1] < LAST
    value = np.where(certain | (saddle < 0), 1.0, 0.0)  # left of the pole at 0 the integral is minus the other tail
    slope = np.zeros(len(value))
    seen = np.flatnonzero(~certain & (bounds[0] > LAST))
    if len(seen):
        integral, slope[seen] = _integrals(q, a, scaled[seen], saddle[seen], bend[seen], bounds[0][seen], rule)
        value[seen] += integral
    return np.clip(value, 0.0, 1.0).reshape(shape)[()], slope.reshape(shape)[()]


def _integrals(
    q: float, a: Floats, scaled: Floats, saddle: Floats, bend: Floats, height: Floats, rule: Rule
) -> tuple[Any, Any]:
    """Return the integrals along paths, of the distribution function and of its derivative by tau².

    Paths at whose ends the integrand still counts, as where some trials stand out of many, are taken again, longer and
    as far to the left: nearer to the axis they would pass by the singularities of the other trials.
    `height` is the logarithm of the integrand at the saddles, all (m,) but `scaled`, (m, k).
    """
    s, ds = path(q, saddle, bend, rule)
    log, by_tau2 = _along(s - saddle[:, None], q, a, 1 / (1 + 2 * saddle[:, None] * scaled), scaled)
    log += height[:, None]
    integrand = np.exp(log) * ds
    value = (integrand / s).imag.sum(-1) / np.pi
    slope = (integrand * by_tau2).imag.sum(-1) / np.pi
    short = log.real[:, -1] > rule.least
    if short.any() and rule.widths < LONGEST:
        longer = rule._replace(widths=2 * rule.widths, exponent=4 * rule.exponent, curve=rule.curve / 4)
        shape = scaled[short], saddle[short], bend[short], height[short]
        value[short], slope[short] = _integrals(q, a, *shape, longer)
    return value, slope


def _log_transform(terms: Floats, share: Floats) -> Any:
    """Return the logarithm of the transform on the axis, where terms are 1 + 2 s a (v + tau²), (..., k).

    There some may be below 0, two factors of the transform together above it.
    """
    return -0.5 * (np.log(np.abs(terms)).sum(-1) + np.log(np.abs((1 / terms) @ share)))


def _along(away: Any, q: float, a: Floats, inverse: Floats, scaled: Floats) -> tuple[Any, Any]:
    """Return log(e^(sq) times the transform) less its value at the saddle, and its derivative by tau², over s.

    A term 1 + 2 s a (v + tau²) is its value at the saddle times 1 + (s - saddle) h. Logarithms are of products of some
    trials, of angles known but for whole turns, see `_unwound`: along the path e^(sq) undoes nearly all turning of
    the transform.

    Parameters
    ----------
    away
        Points of the paths less their saddles, (m, n).
    q, a
        Value of the statistic, and weights, (k,).
    inverse, scaled
        Terms at the saddles, inverted, and weights times variances, (m, k).
    """
    h, first = 2 * scaled * inverse, a * inverse
    second = first / first.sum(-1, keepdims=True)
    third = first * second
    log: Any = -2 * q * away
    sums: Any = 0.0
    squares: Any = 0.0
    for start in range(0, len(a), TOGETHER):
        some = slice(start, start + TOGETHER)
        terms = away[:, None] * h[:, some, None]
        terms += 1
        log += np.log(terms.prod(1))
        parts = 1 / terms
        sums += np.stack([first[:, some], second[:, some]], 1) @ parts
        squares += third[:, None, some] @ (parts * parts)
    lead, of_share = np.moveaxis(sums, 1, 0)
    log += np.log(of_share)
    return -0.5 * log.real - 1j * np.pi * _unwound(log.imag / (2 * np.pi)), squares[:, 0] / of_share - lead


def _unwound(turns: Floats) -> Any:
    """Return angles along paths, (m, n), in turns, known but for whole ones, with the least second differences.

    At half a step from the axis an angle is next to none, and on its other side as large below 0.
    """
    turns = turns - np.rint(turns)
    before = turns[:, :1] * np.array([-3.0, -1.0])
    bend = np.diff(turns, 2, prepend=before)
    return turns - np.rint(bend).cumsum(-1).cumsum(-1)


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
    points = int((end / (rule.step * width)).max()) + 1
    each = (end / points)[:, None]
    u = each * (np.arange(points) + 0.5)
    steps = each * (1j - 2 * rule.curve * u / wide[:, None])
    return saddle[:, None] + 1j * u - rule.curve * u * u / wide[:, None], steps


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
        if (np.abs((new - at) * saddle) * np.sqrt(bend)).max() < CLOSE:
            break
        at = new
    return saddle, bend


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
