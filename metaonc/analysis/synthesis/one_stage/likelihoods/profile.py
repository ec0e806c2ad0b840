"""Profiles of the exact likelihood of random treatment effects, by tau and by beta. Arrays in, arrays out.

Newton's step to the maximum over beta is taken for what it adds: values are then right to its cube, derivatives to its
square.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .....base.check import Floats
from .....errors import ConvergenceError
from . import climb
from .laplace import GRID, LARGEST_TAU, ROUNDS, Fit
from .random_treatment import Marginal, marginal
from .tabulated import REACH, Tables

FOR_ITS_VALUE = 1e-3  # of a maximum's last step
AT_FIRST = 1e-3  # of beta to its maximum, at the points of the grid
NEAR = 1e-4  # of beta to its maximum, elsewhere
CLOSE = 1e-6  # of a limit's last step by Newton, whose error is of the order of its square
BEYOND = np.array([3.6, 4.6])  # tau above `LARGEST_TAU`, where a maximum is looked for too
FINE = np.linspace(0.0, 1.0, 33)


class Profile(NamedTuple):
    """The exact likelihood at m variances between trials.

    Attributes
    ----------
    variance
        Rising, (m,), as all others but `centre`.
    value, slope
        Maximum of the log likelihood over beta, less that at 0, and its derivative by the variance.
    beta, moves
        Where that is, and the derivative of this by the variance.
    centre
        Modes of the effects, (m, k).
    """

    variance: Floats
    value: Floats
    slope: Floats
    beta: Floats
    moves: Floats
    centre: Floats

    def of(self, rows: list[int]) -> Profile:
        """Return some of them."""
        return Profile(*(x[rows] for x in self))


def profile(tables: Tables, variance: Floats, beta: Floats, centre: Floats, near: float = NEAR) -> Profile:
    """Return the profile at variances (m,), from where beta (m,) and modes (m, k) are near; beta to `near`."""
    for _ in range(ROUNDS):
        found = marginal(tables, beta, np.sqrt(variance), centre)
        step = np.minimum(np.maximum(-found.slope / found.curve, -1.0), 1.0)
        beta, centre = beta + step, found.centre
        if np.abs(step).max() < near:
            return Profile(variance, found.value + found.slope * step / 2, found.by_variance + found.mixed * step, beta,
                           -found.mixed / found.curve, centre)  # fmt: skip
    raise ConvergenceError(f"the likelihood has not reached its maximum in {ROUNDS} steps.")


def on_grid(tables: Tables, near: Fit) -> Profile:
    """Return the profile at Laplace's `GRID`, given the fits there; at `BEYOND` too where it has its maximum there.

    Where it rises beyond these, the highest is that at `LARGEST_TAU`.
    """
    found = profile(tables, GRID**2, near.beta, near.theta, AT_FIRST)
    if found.slope[-1] <= 0 or found.value.argmax() < len(GRID) - 1:
        return found
    more = profile(tables, BEYOND**2, found.beta[[-1, -1]],
                   found.centre[[-1, -1]])  # fmt: skip
    if more.slope[-1] > 0:
        return found
    return Profile(*(np.concatenate(pair) for pair in zip(found, more, strict=True)))


def highest(tables: Tables, grid: Profile, close: float = climb.CLOSE) -> Profile:
    """Return the profile where it is highest, (1,); at 0 where it falls from there.

    `close` is as `climbed` has it; the value is then right to its square.
    """
    bracket = climb.bracketed(grid.variance, grid.value[None], grid.slope[None])
    at = grid.of(bracket.high.tolist())

    def fitted(variance: Floats, _last: bool) -> tuple[Floats, Floats]:
        nonlocal at
        at = _from(tables, at, variance)
        return at.value, at.slope

    climb.climbed(bracket, fitted, close)
    return at


def _from(tables: Tables, near: Profile, variance: Floats) -> Profile:
    return profile(tables, variance, near.beta + near.moves * (variance - near.variance), near.centre)


def limits(tables: Tables, grid: Profile, top: Profile, drop: float) -> tuple[float, float]:
    """Return the variances about the maximum at which the profile is `drop`: 0 or infinite where it is above there.

    An upper limit of tau beyond `LARGEST_TAU` is infinite.

    Between points of the grid a cubic shows where to begin; Newton's steps that leave them are halved.
    """
    place = int(np.searchsorted(grid.variance, top.variance[0]))
    known = Profile(*(np.concatenate([x[:place], y, x[place:]]) for x, y in zip(grid, top, strict=True)))
    under = (known.value < drop) & (known.variance <= LARGEST_TAU**2)
    below, above = np.flatnonzero(under[:place]), place + 1 + np.flatnonzero(under[place + 1 :])
    outer = [*below[-1:].tolist(), *above[:1].tolist()]
    inner = [i + 1 if i < place else i - 1 for i in outer]
    found = _roots(tables, known.of(outer), known.of(inner), drop) if outer else []
    return found.pop(0) if len(below) else 0.0, found.pop() if len(above) else math.inf


def _roots(tables: Tables, outer: Profile, inner: Profile, drop: float) -> list[float]:
    low, high = outer.variance, inner.variance  # of the likelihood, not of variances
    width = (high - low)[:, None]
    far = 1 - FINE
    cubic = (outer.value[:, None] * (1 + 2 * FINE) + width * outer.slope[:, None] * FINE) * far**2
    cubic += (inner.value[:, None] * (1 + 2 * far) - width * inner.slope[:, None] * far) * FINE**2
    first = (cubic >= drop).argmax(1)
    rows = np.arange(len(low))
    before, after = cubic[rows, first - 1], cubic[rows, first]
    share = (first - 1 + (drop - before) / (after - before)) / (len(FINE) - 1)
    at, near = low + share * (high - low), inner
    for _ in range(ROUNDS):
        near = _from(tables, near, at)
        over = near.value - drop
        low, high = np.where(over < 0, at, low), np.where(over < 0, high, at)
        moved = at - over / near.slope
        within = np.abs(moved - (low + high) / 2) <= 0.51 * np.abs(high - low)  # ends may be off by what is left out
        moved = np.where(within, moved, (low + high) / 2)
        done = (np.abs(moved - at) <= CLOSE * (1e-3 + at)).all()
        at = moved
        if done:
            return [float(x) for x in at]
    raise ConvergenceError("the limit of a profile interval was not found.")


def over_tau(tables: Tables, beta: Floats) -> tuple[Floats, Floats]:
    """Return the maxima of the log likelihood over tau given beta, (m,), and their derivatives by beta."""
    m, size = len(beta), len(GRID)
    grid = marginal(tables, np.repeat(beta, size), np.tile(GRID, m))
    bracket = climb.bracketed(GRID**2, grid.value.reshape(m, size), grid.by_variance.reshape(m, size))
    found = Marginal(*(x[np.arange(m) * size + bracket.high] for x in grid))

    def fitted(variance: Floats, _last: bool) -> tuple[Floats, Floats]:
        nonlocal found
        found = marginal(tables, beta, np.sqrt(variance), found.centre)
        return found.value, found.by_variance

    climb.climbed(bracket, fitted, FOR_ITS_VALUE)
    return found.value, found.slope


def limits_of_beta(tables: Tables, top: float, se: float, drop: float) -> tuple[Floats, float]:
    """Return the limits of beta where the maximum over tau is `drop`, or `REACH` where it is above, and that at 0.

    By Newton's steps from a standard error's multiple; those that leave what is known of a limit are halved, those
    beyond twice the distance cut.

    Parameters
    ----------
    top
        Where the likelihood is highest.
    se
        How far from there the limits may be.
    """
    inner, outer, sign = np.full(2, top), np.array([-np.inf, np.inf]), np.array([-1.0, 1.0])
    at = np.clip(top + sign * se, -REACH, REACH)
    value, slope = over_tau(tables, np.append(at, 0.0))
    null, value, slope = float(value[2]), value[:2], slope[:2]
    for _ in range(ROUNDS):
        over = value - drop
        inner, outer = np.where(over >= 0, at, inner), np.where(over < 0, at, outer)
        falls = sign * slope < 0
        step = np.where(falls, -over / np.where(falls, slope, 1.0), sign * np.inf)
        cut = np.minimum(np.maximum(at + step, top - 2 * np.abs(at - top)), top + 2 * np.abs(at - top))
        known = np.isfinite(outer)
        past = known & ((cut - inner) * (cut - np.where(known, outer, 0.0)) > 0)
        moved = np.clip(np.where(past, (inner + np.where(known, outer, 0.0)) / 2, cut), -REACH, REACH)
        done = (np.abs(moved - at) <= CLOSE * (1e-3 + np.abs(at))).all()
        at = moved
        if done:
            return at, null
        value, slope = over_tau(tables, at)
    raise ConvergenceError("the limit of a profile interval was not found.")
