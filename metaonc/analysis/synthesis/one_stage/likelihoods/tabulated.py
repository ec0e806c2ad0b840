r"""The log partial likelihood of each trial as a function of its log hazard ratio, tabulated once. Arrays in and out.

With one covariate, the arm, the partial likelihood of a trial with risk sets of a treated and b control patients,
:math:`\ell(\theta) = d_1\theta - \sum \log(a e^\theta + b)`, has its nearest singularities at a distance of :math:`\pi`
from the real line. On pieces of width 1 its Chebyshev interpolant of degree 14 is exact to the last digits, and any
number of models of the trial's effect then costs no pass over its patients.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import expit

from .....base.check import Floats
from ....survival.cox.partial_likelihood import Terms

REACH = 12.0  # of log hazard ratios; beyond it a log likelihood is a straight line to the last digits that matter
PIECES = 24
DEGREE = 14
MANY = 1000  # thetas from which on Horner's rule takes less time
TOGETHER = 8  # factors, whose product is a polynomial in the hazard ratio
PRODUCTS = 7  # of polynomials, whose 56 factors are e^672 at most and cannot overflow
AT_ONCE = 256  # such products, for little memory


class Tables(NamedTuple):
    """Log partial likelihoods of trials.

    Attributes
    ----------
    coefficients
        Of the powers of the place within a piece, -1 to 1, highest last, for the value and its three derivatives: (k,
        pieces, 4, degree + 1).
    null
        Log partial likelihood of each trial at 0, (k,).
    """

    coefficients: Floats
    null: Floats

    def of(self, rows: list[int]) -> Tables:
        """Return those of some trials."""
        return Tables(self.coefficients[rows], self.null[rows])


def exact(trials: list[Terms], theta: Floats) -> Floats:
    """Return the log partial likelihoods of k trials less those at 0, at each theta, -12 to 12: (k, ...).

    Each event's factor is p + q times the hazard ratio, and lies between e^-12 and e^12. A few of them make a
    polynomial, whose coefficients are above 0, so that none of their digits is lost; logarithms are taken of the
    products of a few polynomials.
    """
    sizes = np.array([len(t.offset) for t in trials])
    some = -(-sizes // TOGETHER)  # polynomials of each trial
    groups = -(-some // PRODUCTS)
    width = TOGETHER * PRODUCTS
    first = groups.cumsum() - groups
    offset = np.full(int(groups.sum()) * width, -np.inf)  # whose factor is 1
    own = np.arange(int(sizes.sum())) + np.repeat(first * width - (sizes.cumsum() - sizes), sizes)
    offset[own] = np.concatenate([t.offset for t in trials])
    powers = np.exp(theta.ravel() * np.arange(TOGETHER + 1)[:, None])
    polynomials = _polynomials(offset.reshape(-1, TOGETHER)).reshape(-1, PRODUCTS, TOGETHER + 1)
    blocks = (polynomials[i : i + AT_ONCE] @ powers for i in range(0, len(polynomials), AT_ONCE))
    logs = np.concatenate([np.log(np.multiply.reduce(block, axis=1)) for block in blocks])
    events = np.array([t.events_t for t in trials])
    out: Floats = (events[:, None] * theta.ravel() - np.add.reduceat(logs, first)).reshape(-1, *theta.shape)
    return out


def _polynomials(offset: Floats) -> Floats:
    """Return the coefficients of the products of each row's factors, lowest first."""
    p, q = expit(-offset), expit(offset)
    out = np.zeros((len(offset), TOGETHER + 1))
    out[:, 0] = 1.0
    for i in range(TOGETHER):
        risen = out[:, : i + 1] * q[:, i, None]
        out[:, : i + 1] *= p[:, i, None]
        out[:, 1 : i + 2] += risen
    return out


def tabulated(trials: list[Terms], null: list[float]) -> Tables:
    """Return the tables of trials, given their log partial likelihoods at 0."""
    theta, to_series, to_powers = _nodes()
    series = exact(trials, theta).reshape(-1, DEGREE + 1) @ to_series  # terms fall, so that powers lose no digits
    found = series @ to_powers.reshape(DEGREE + 1, -1)
    return Tables(found.reshape(len(trials), PIECES, -1, DEGREE + 1), np.array(null))


@cache
def _nodes() -> tuple[Floats, Floats, Floats]:
    """Return thetas of the pieces' nodes, what makes Chebyshev series of values there, and powers of the series."""
    ends = np.linspace(-REACH, REACH, PIECES + 1)
    middle, half = (ends[1:] + ends[:-1]) / 2, (ends[1] - ends[0]) / 2
    nodes = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
    to_series: Floats = np.asarray(np.linalg.inv(chebyshev.chebvander(nodes, DEGREE)).T, dtype=np.float64)
    to_powers = np.stack([_padded(chebyshev.cheb2poly(row)) for row in np.eye(DEGREE + 1)])
    slope = np.pad(to_powers[:, 1:] * np.arange(1, DEGREE + 1), ((0, 0), (0, 1))) / half
    curve = np.pad(slope[:, 1:] * np.arange(1, DEGREE + 1), ((0, 0), (0, 1))) / half
    bend = np.pad(curve[:, 1:] * np.arange(1, DEGREE + 1), ((0, 0), (0, 1))) / half
    return middle[:, None] + half * nodes, to_series, np.stack([to_powers, slope, curve, bend], axis=1)


def _padded(powers: Any) -> Floats:
    return np.concatenate([powers, np.zeros(DEGREE + 1 - len(powers))])


def likelihood(tables: Tables, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return log partial likelihoods less those at 0, and their first and second derivatives.

    Parameters
    ----------
    theta
        Log hazard ratios, (..., k); beyond `REACH` by the tangent there.
    """
    value, slope, curve = _derived(tables, theta, 3)
    return value, slope, curve


def values(tables: Tables, theta: Floats) -> Floats:
    """Return the values alone."""
    return _derived(tables, theta, 2)[0]


def with_bend(tables: Tables, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the same with the third derivatives, which are 0 beyond `REACH`."""
    value, slope, curve, bend = _derived(tables, theta, 4)
    return value, slope, curve, bend


def _derived(tables: Tables, theta: Floats, orders: int) -> list[Floats]:
    scale = PIECES / (2 * REACH)
    along = (theta + REACH) * scale  # in pieces
    outside = along.min() < 0 or along.max() > PIECES
    if outside:
        along = np.minimum(np.maximum(along, 0.0), float(PIECES))
    place = np.minimum(along.astype(np.intp), PIECES - 1)
    found = (_few if theta.size < MANY else _many)(tables.coefficients, place, 2 * (along - place) - 1, orders)
    if outside:
        beyond = theta - np.minimum(np.maximum(theta, -REACH), REACH)
        found[0] = found[0] + found[1] * beyond
        found[2:] = [np.where(beyond == 0, x, flat) for x, flat in zip(found[2:], (-1e-12, 0.0), strict=False)]
    return found


def _few(coefficients: Floats, place: Any, x: Floats, orders: int) -> list[Floats]:
    """Return values and derivatives by one product with the powers of x: few calls."""
    c = coefficients[np.arange(len(coefficients)), place]
    powers = np.empty((*x.shape, DEGREE + 1))
    powers[..., 0] = 1.0
    powers[..., 1:] = x[..., None]
    found = c[..., :orders, :] @ np.multiply.accumulate(powers, axis=-1, out=powers)[..., None]
    return [found[..., i, 0] for i in range(orders)]


def _many(coefficients: Floats, place: Any, x: Floats, orders: int) -> list[Floats]:
    """Return the same by Horner's rule: little memory."""
    k, pieces = coefficients.shape[:2]
    powers = np.ascontiguousarray(coefficients[:, :, 0].reshape(k * pieces, -1).T)
    c = powers.take((place + pieces * np.arange(k)).ravel(), axis=1).reshape(-1, *x.shape)
    found = [c[-1].copy(), *(np.zeros_like(x) for _ in range(orders - 1))]
    for power in c[-2::-1]:
        for order in range(orders - 1, 0, -1):
            found[order] *= x
            found[order] += found[order - 1]
        found[0] *= x
        found[0] += power
    scale = PIECES / REACH  # of x by theta
    return [value * math.factorial(order) * scale**order for order, value in enumerate(found)]


def score(terms: Terms, theta: float) -> float:
    """Return the derivative of a trial's log partial likelihood."""
    return terms.events_t - float(expit(theta + terms.offset).sum())
