"""Maxima over the variance between trials of many models at once, by values and derivatives. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .....base.check import Floats
from .....errors import ConvergenceError

ROUNDS = 100
CLOSE = 1e-7
CUBICS = 2  # steps by cubics; later ones suffer from the rounding of values
ROUNDING = 1e-12  # of log likelihoods less those at 0


class Ends(NamedTuple):
    """Ends a < b of brackets of maxima, derivatives there and values; (m,) each."""

    a: Floats
    b: Floats
    ga: Floats
    gb: Floats
    fa: Floats
    fb: Floats

    def secant(self) -> Floats:
        """Return where the secant through the derivatives at both ends comes to 0."""
        gap = self.gb - self.ga
        at: Floats = (self.a * self.gb - self.b * self.ga) / np.where(gap == 0, 1.0, gap)
        return at

    def nearest(self, here: Floats, last: Floats, of_here: Floats, of_last: Floats) -> Floats:
        """Return where the secant through two points comes to 0, or that through the ends where it leaves these."""
        gap = of_here - of_last
        at = here - of_here * (here - last) / np.where(gap == 0, 1.0, gap)
        return np.where((at > self.a) & (at < self.b) & (gap != 0), at, self.secant())

    def cubic(self) -> Floats:
        """Return where the cubic through both ends, with these derivatives, is highest."""
        width = np.where(self.b > self.a, self.b - self.a, 1.0)
        z = 3 * (self.fb - self.fa) / width - self.ga - self.gb
        root = np.sqrt(np.maximum(z * z - self.ga * self.gb, 0.0))
        under = self.ga - self.gb + 2 * root
        at = self.b - width * (root - z - self.gb) / np.where(under == 0, 1.0, under)
        return np.where((at > self.a) & (at < self.b), at, self.secant())

    def closed(self, at: Floats, g: Floats, f: Floats, side: Floats) -> tuple[Ends, Floats]:
        """Return the brackets with a point of each for one end, and which; an end that stays twice loses half."""
        up = g > 0
        ga = np.where(up, g, np.where(side == -1, self.ga / 2, self.ga))
        gb = np.where(up, np.where(side == 1, self.gb / 2, self.gb), g)
        new = Ends(np.where(up, at, self.a), np.where(up, self.b, at), ga, gb, np.where(up, f, self.fa),
                    np.where(up, self.fb, f))  # fmt: skip
        return new, np.where(up, 1.0, -1.0)


class Bracket(NamedTuple):
    """Ends between which the maxima of m models lie.

    Attributes
    ----------
    ends
        Points of the grid.
    high
        Number of the upper one, (m,).
    at
        The end that is highest itself, where there is no maximum between them.
    inside
        Whether there is, (m,).
    """

    ends: Ends
    high: NDArray[np.intp]
    at: Floats
    inside: NDArray[np.bool_]


def bracketed(points: Floats, value: Floats, gain: Floats) -> Bracket:
    """Return brackets of the highest values; points (g,), with values and derivatives of each model there, (m, g).

    Values that are higher than those at the first point but for rounding are none.
    """
    rows = np.arange(len(value))
    best = value.argmax(1)
    best[value[rows, best] - value[:, 0] <= ROUNDING] = 0
    low = np.where(gain[rows, best] > 0, best, np.maximum(best - 1, 0))
    high = np.minimum(low + 1, len(points) - 1)
    ends = Ends(points[low], points[high], gain[rows, low], gain[rows, high], value[rows, low], value[rows, high])
    return Bracket(ends, high, np.where(ends.ga <= 0, ends.a, ends.b), (ends.ga > 0) & (ends.gb < 0))


def climbed(bracket: Bracket, fitted: Callable[[Floats, bool], tuple[Floats, Floats]], close: float = CLOSE) -> Floats:
    """Return where the likelihoods are highest, (m,).

    The derivatives are followed to their roots: by cubics through the ends at first, then by secants through the last
    two points, or through the ends where these leave them.

    Parameters
    ----------
    fitted
        Points (m,), and whether they are the last -> values and derivatives there.
    close
        Of a variance to that of the step before.
    """
    ends, at, side = bracket.ends, bracket.at, np.zeros(len(bracket.at))
    here = last = ends.b
    of_here = of_last = ends.gb
    for i in range(ROUNDS):
        moved = ends.cubic() if i < CUBICS else ends.nearest(here, last, of_here, of_last)
        moved = np.where(bracket.inside, moved, at)
        done = bool((np.abs(moved - at) <= close * (1e-3 + at)).all())
        at = moved
        value, gain = fitted(at, done)
        if done:
            return at
        last, of_last, here, of_here = here, of_here, at, gain
        ends, side = ends.closed(at, gain, value, side)
    raise ConvergenceError(f"the variance between trials has not reached its maximum in {ROUNDS} steps.")
