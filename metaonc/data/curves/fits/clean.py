"""From points read off a figure to one falling curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BACKWARDS = 0.03  # of the time range: a hand that clicks along the curve does not step back further than this
_TALLEST, _LOWEST = 0.005, 0.0003  # a figure is 200 to 3000 pixels high
_OFF_GRID = 0.05  # of a pixel: what rounding of the readings may add
_ON_GRID = 0.9  # mean resultant length of phases: 1 when all readings are on one grid
_ON_AXIS = 0.01  # survival: up to here a reading may be of a line that ends on the axis
_ONE_LEFT = 0.4  # of a level: less is left by the event of the last patient alone, as one of two leaves half
_CROSSED = 5  # columns of pixels that a fall may be read on the way of
_LEVEL = 0.1  # of a pixel: readings of one plateau differ by less
_CLICK_NOISE = 0.0013  # of each axis: standard error of a careful click


@dataclass(frozen=True, slots=True)
class Reading:
    """A curve as read: the points, and the falling line through them.

    Attributes
    ----------
    px, py
        The points, sorted by time (survival as a proportion).
    x, y
        Corners of the falling line, from (0, 1); linear in between, vertical where x repeats.
    noise_x, noise_y
        Standard error of one point, in the units of each axis.
    """

    px: Floats
    py: Floats
    x: Floats
    y: Floats
    noise_x: float
    noise_y: float
    _falls: tuple[Floats, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Keep what every crossing asks of the line: the piece that ends at each corner, and none beyond the last."""
        before = np.maximum(np.arange(len(self.x)) - 1, 0)
        fall = self.y[before] - self.y
        pieces = (self.x[before], self.y[before], np.where(fall > 0, fall, 1.0), self.x - self.x[before])
        beyond = (np.inf, 0.0, 1.0, 0.0)
        known = (-self.y, *(np.append(piece, one) for piece, one in zip(pieces, beyond, strict=True)))
        object.__setattr__(self, "_falls", known)

    @property
    def end(self) -> float:
        """Where the curve ends."""
        return float(self.x[-1])

    def at(self, t: Floats) -> Floats:
        """Return the survival read at the times `t`."""
        return np.asarray(np.interp(t, self.x, self.y))

    def level(self, t: float) -> float:
        """Return the survival read at one time."""
        return float(np.interp(t, self.x, self.y))

    def crossing(self, level: Floats) -> Floats:
        """Return the first times at which the line is at or below each level; infinity where it never is."""
        down, left, above, fall, width = self._falls
        k = down.searchsorted(-level)
        return np.asarray(left[k] + (above[k] - level) / fall[k] * width[k])

    def points_in(self, a: float, b: float, last: bool) -> tuple[Floats, Floats]:
        """Return the points with a <= time < b, or all from a on when `last`."""
        lo = np.searchsorted(self.px, a, side="left")
        hi = len(self.px) if last else np.searchsorted(self.px, b, side="left")
        return self.px[lo:hi], self.py[lo:hi]

    def extended(self, t: float) -> Reading:
        """Return the same curve, flat up to `t`."""
        x, y = np.append(self.x, t), np.append(self.y, self.y[-1])
        return Reading(self.px, self.py, x, y, self.noise_x, self.noise_y)


def read_clicks(time: Floats, survival: Floats, width: float) -> Reading:
    """Return the curve through points clicked along it.

    Clicks in the order of the hand move right and down only, so that both coordinates are monotone regressions in
    that order; on a tall step this averages the times of its clicks, on a long plateau their heights.

    Parameters
    ----------
    time, survival
        The clicks, in the order in which they were made; in any other order they are sorted along the curve.
    width
        Length of the time axis.
    """
    if np.any(np.diff(time) < -_BACKWARDS * width):
        along = np.argsort(time / width - survival, kind="stable")  # both grow along the curve, even on a tall step
        time, survival = time[along], survival[along]
    x = np.maximum(scipy.optimize.isotonic_regression(time).x, 0.0)
    y = np.clip(scipy.optimize.isotonic_regression(survival, increasing=False).x, 0.0, 1.0)
    return _reading(x, survival, x, y, _CLICK_NOISE * width, _CLICK_NOISE)


def read_pixels(time: Floats, survival: Floats, width: float) -> Reading:
    """Return the curve through a raster trace, one reading a column of pixels.

    Heights come in whole pixels, and the centre of a thick line lies a constant fraction of one off. The start of
    every curve is known to be 1, which gives that fraction; between two steps the truth is within half a pixel. So is 0
    known where a curve falls to it: the level before that fall is then as read.
    """
    time, survival = _sorted(time, survival)
    pixel = _pixel(survival)
    s = _fallen(survival - _shift(survival, pixel), pixel)
    y = np.clip(scipy.optimize.isotonic_regression(s, increasing=False).x, 0.0, 1.0)
    fall = np.flatnonzero(np.diff(y) < 0)
    across = np.repeat((time[fall] + time[fall + 1]) / 2, 2)
    middle = (y[fall] + y[fall + 1]) / 2
    down = np.column_stack([np.maximum(y[fall] - pixel / 2, middle), np.minimum(y[fall + 1] + pixel / 2, middle)])
    down = np.where((y[fall + 1] > 0)[:, None], down, np.column_stack([y[fall], y[fall + 1]]))
    x, y = np.append(across, time[-1]), np.append(down.ravel(), y[-1])
    column = float(np.median(np.diff(time))) if len(time) > 1 else 0.0
    ends = np.unique(np.concatenate([[0], fall, fall + 1, [len(s) - 1]]))  # a run of equal readings is two points
    return _reading(time[ends], s[ends], x, y, max(0.6 * column, 1e-6 * width), max(0.4 * pixel, 1e-6))


READERS: dict[str, Callable[[Floats, Floats, float], Reading]] = {"clicks": read_clicks, "pixels": read_pixels}


def staircase(time: Floats, survival: Floats) -> tuple[Floats, Floats]:
    """Return the times of the drops of a staircase given by its corners, and the levels: one more than drops."""
    time, survival = _sorted(time, survival)
    y = np.clip(scipy.optimize.isotonic_regression(survival, increasing=False).x, 0.0, 1.0)
    t, first = np.unique(time, return_index=True)
    low = np.minimum.reduceat(y, first)
    fall = np.flatnonzero(np.diff(np.append(1.0, low)) < 0)
    return t[fall], np.append(1.0, low[fall])


def _sorted(time: Floats, survival: Floats) -> tuple[Floats, Floats]:
    order = np.lexsort((-survival, time))
    return time[order], survival[order]


def _pixel(values: Floats) -> float:
    """Return the height of a pixel: the largest grid of which every difference between readings is a multiple."""
    gaps = np.diff(_inner(values))
    if not len(gaps):
        return _TALLEST
    for parts in range(int(np.ceil(gaps.min() / _TALLEST)), int(gaps.min() / _LOWEST) + 1):
        steps = gaps * (parts / gaps.min())
        if np.all(np.abs(steps - np.round(steps)) < _OFF_GRID):
            return float(gaps.min() / parts)
    return _TALLEST  # readings between pixels, by how much of each a line covers, lie on no grid


def _shift(values: Floats, pixel: float) -> float:
    """Return by what fraction of a pixel the readings lie above whole pixels counted down from 1."""
    part = np.exp(2j * np.pi * (_inner(values) - 1.0) / pixel).mean() if len(_inner(values)) else 1.0
    return float(np.angle(part) / (2 * np.pi) * pixel) if abs(part) > _ON_GRID else 0.0


def _fallen(s: Floats, pixel: float) -> Floats:
    """Return the readings with a last fall to the axis made whole.

    The axis hides half of a line that ends on it, which is then read above 0; and a column that the fall crosses is
    read on its way. One event of several patients leaves half of the level before or more; 0 is left by the last alone.
    """
    end = int(np.argmax(s <= max(s[-1] + pixel / 2, 0.0)))
    top = end - 1
    while end - top <= _CROSSED and top > 0 and s[top - 1] - s[top] > _LEVEL * pixel:
        top -= 1
    if top < 0 or s[-1] > _ON_AXIS or s[-1] > _ONE_LEFT * s[top]:
        return s
    crossed = np.where(s[top:end] > s[top] / 2, s[top], 0.0)
    return np.concatenate([s[:top], crossed, np.zeros(len(s) - end)])


def _inner(values: Floats) -> Floats:
    """Return the distinct readings but those at 0 and 1, where a trace may have been cut."""
    inside = values[(values > 0) & (values < 1)]
    return np.unique(np.round(inside, 6))


def _reading(time: Floats, survival: Floats, x: Floats, y: Floats, noise_x: float, noise_y: float) -> Reading:
    order = np.argsort(time, kind="stable")
    x, y = np.append(0.0, x), np.append(1.0, y)
    return Reading(time[order], survival[order], x, y, noise_x, noise_y)
