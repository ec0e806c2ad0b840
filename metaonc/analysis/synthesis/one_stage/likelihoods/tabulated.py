r"""The log partial likelihood of each trial as a function of its log hazard ratio, tabulated once. Arrays in and out.

With one covariate, the arm, the partial likelihood of a trial with risk sets of a treated and b control patients,
:math:`\ell(\theta) = d_1\theta - \sum \log(a e^\theta + b)`, has its nearest singularities at a distance of :math:`\pi`
from the real line. On pieces of width 1 its Chebyshev interpolant of degree 14 is exact to the last digits, and any
number of models of the trial's effect then costs no pass over its patients.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial import chebyshev
from scipy.special import expit

from .....base.check import Floats
from ....survival.cox.partial_likelihood import Terms

REACH = 12.0  # of log hazard ratios; beyond it a log likelihood is a straight line to the last digits that matter
PIECES = 24
DEGREE = 14


class Tables(NamedTuple):
    """Log partial likelihoods of trials.

    Attributes
    ----------
    coefficients
        Powers of the place within a piece, -1 to 1, highest last: (k, pieces, degree + 1).
    null
        Log partial likelihood of each trial at 0, (k,).
    """

    coefficients: Floats
    null: Floats

    def of(self, rows: list[int]) -> Tables:
        """Return those of some trials."""
        return Tables(self.coefficients[rows], self.null[rows])


def exact(terms: Terms, theta: Floats) -> Floats:
    """Return the log partial likelihood of a trial less that at 0, at each theta."""
    moved = np.logaddexp(0.0, theta[..., None] + terms.offset) - np.logaddexp(0.0, terms.offset)
    out: Floats = terms.events_t * theta - moved.sum(-1)
    return out


def tabulated(trials: list[Terms], null: list[float]) -> Tables:
    """Return the tables of trials, given their log partial likelihoods at 0."""
    ends = np.linspace(-REACH, REACH, PIECES + 1)
    middle, half = (ends[1:] + ends[:-1]) / 2, (ends[1] - ends[0]) / 2
    nodes = np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
    theta = middle[:, None] + half * nodes
    to_series = np.linalg.inv(chebyshev.chebvander(nodes, DEGREE))
    to_powers = np.stack([_padded(chebyshev.cheb2poly(row)) for row in np.eye(DEGREE + 1)])
    values = np.stack([exact(t, theta) for t in trials])
    return Tables(values @ to_series.T @ to_powers, np.array(null))


def _padded(powers: Any) -> Floats:
    return np.concatenate([powers, np.zeros(DEGREE + 1 - len(powers))])


def likelihood(tables: Tables, theta: Floats) -> tuple[Floats, Floats, Floats]:
    """Return log partial likelihoods less those at 0, and their first and second derivatives.

    Parameters
    ----------
    theta
        Log hazard ratios, (..., k); beyond `REACH` by the tangent there.
    """
    inside = np.clip(theta, -REACH, REACH)
    scale = PIECES / (2 * REACH)
    place = np.minimum(((inside + REACH) * scale).astype(int), PIECES - 1)
    x = 2 * ((inside + REACH) * scale - place) - 1
    rows = np.arange(tables.coefficients.shape[0])
    c = np.moveaxis(tables.coefficients, -1, 0)[:, rows, place]
    value, slope, curve = c[-1].copy(), np.zeros_like(x), np.zeros_like(x)
    for power in c[-2::-1]:  # Horner, with both derivatives
        curve = curve * x + slope
        slope = slope * x + value
        value = value * x + power
    slope, curve = slope * 2 * scale, curve * 2 * (2 * scale) ** 2
    beyond = theta - inside
    return value + slope * beyond, slope, np.where(beyond == 0, curve, -1e-12)


def score(terms: Terms, theta: float) -> float:
    """Return the derivative of a trial's log partial likelihood."""
    return terms.events_t - float(expit(theta + terms.offset).sum())
