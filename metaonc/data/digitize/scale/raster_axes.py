"""The axes of an image: their lines, the ticks on them, and the scales that the values given make of these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....base.check import Floats
from ....errors import DataError
from .calibration import RESIDUAL, AxisFit, fit_given

_DARK = 0.35  # darkness of a line, also of one pixel that is drawn over two
_LONG = 0.3  # of the image: the shortest axis line
_GAP = 0.02  # of the image: by which the lines of two axes may miss each other
_REACH = 0.03  # of the image: the longest tick
_WIDE = 0.012  # of the image: the widest tick
_SHADE = (0.03, 0.25)  # darkness of a panel's background
_SNAP = 1.0  # pixel: each tick is drawn within half a pixel of its place
_STEP = 1.5  # pixels: the same for the distance of two
_MAJOR = 0.75  # of the longest tick: shorter ones carry no numbers
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A line along the rows of an image.

    Attributes
    ----------
    first, last
        Rows that it covers.
    start, stop
        Columns of its ends.
    """

    first: int
    last: int
    start: int
    stop: int

    @property
    def middle(self) -> float:
        """Row of its middle."""
        return (self.first + self.last) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Two axis lines and the middles of their ticks, from left and from the bottom."""

    bottom: Line
    left: Line
    x_ticks: Floats
    y_ticks: Floats


def find_axes(
    darkness: Floats, ink: Floats, x_ticks: tuple[float, float] | None, y_ticks: tuple[float, float] | None
) -> tuple[AxisFit | None, AxisFit | None]:
    """Return the scales that the values of the outermost ticks make; None where none are given.

    Raises
    ------
    DataError
        When no axes or ticks are found, or the ticks are not evenly spaced.
    """
    found = _axes(darkness, ink)
    return (
        None if x_ticks is None else _axis("x", found.x_ticks, x_ticks),
        None if y_ticks is None else _axis("y", found.y_ticks, y_ticks),
    )


def _axes(darkness: Floats, ink: Floats) -> Axes:
    """Return the two lines that meet as axes do and have ticks."""
    high, wide = darkness.shape
    level, upright = _lines(darkness), _lines(darkness.T)
    if not level and not upright:
        level, upright = _sides(darkness)
    for name, lines in (("x", level), ("y", upright)):
        if not lines:
            raise DataError(f"no line of the {name} axis was found: crop the image to one panel with its axes.")
    meeting = [
        (a, b)
        for a in level
        for b in upright
        if abs(a.start - b.middle) <= max(_GAP * wide, 4) and abs(b.stop - a.middle) <= max(_GAP * high, 4)
    ]
    # on its side the axis of y is a line with its ticks below it
    sides = [Line(wide - 1 - b.last, wide - 1 - b.first, b.start, b.stop) for _, b in meeting]
    ticks = [
        (_ticks(darkness, None, a), _ticks(darkness.T[::-1], ink.T[::-1], side)[::-1])
        for (a, _), side in zip(meeting, sides, strict=True)
    ]
    found = [Axes(*pair, x, y) for pair, (x, y) in zip(meeting, ticks, strict=True) if len(x) > 1 and len(y) > 1]
    if not found:
        what = "no two lines meet as axes do" if not meeting else "the axes have no ticks that could be found"
        raise DataError(f"{what}: crop the image to one panel with its axes and ticks.")
    best = max(found, key=lambda axes: (axes.bottom.middle, -axes.left.middle))
    if any(
        abs(axes.bottom.middle - best.bottom.middle) > _LONG * high
        or abs(axes.left.middle - best.left.middle) > _LONG * wide
        for axes in found
    ):
        raise DataError("several panels were found: crop the image to one of them.")
    return best


def _lines(darkness: Floats) -> list[Line]:
    """Return the long dark lines along rows, those of neighbouring rows as one."""
    dark = darkness > _DARK
    found: list[Line] = []
    for row in np.flatnonzero(dark.sum(axis=1) >= _LONG * dark.shape[1]):
        starts, ends = runs(dark[row])
        k = int(np.argmax(ends - starts))
        if ends[k] - starts[k] < _LONG * dark.shape[1]:
            continue
        if found and row == found[-1].last + 1 and abs(starts[k] - found[-1].start) < _GAP * dark.shape[1]:
            last = found.pop()
            found.append(Line(last.first, int(row), min(last.start, int(starts[k])), max(last.stop, int(ends[k]) - 1)))
        else:
            found.append(Line(int(row), int(row), int(starts[k]), int(ends[k]) - 1))
    return found


def _sides(darkness: Floats) -> tuple[list[Line], list[Line]]:
    """Return the lowest row and the first column of a shaded panel that has no axis lines."""
    shaded = (darkness > _SHADE[0]) & (darkness < _SHADE[1])
    rows = np.flatnonzero(shaded.mean(axis=1) > _LONG)
    columns = np.flatnonzero(shaded.mean(axis=0) > _LONG)
    if not len(rows) or not len(columns):
        return [], []
    top, bottom, left, right = (int(v) for v in (rows[0], rows[-1], columns[0], columns[-1]))
    return [Line(bottom, bottom, left, right)], [Line(left, left, top, bottom)]


def _ticks(darkness: Floats, ink: Floats | None, line: Line) -> Floats:
    """Return the middles of the longest strokes that stand across a line, below it or else above."""
    reach = max(int(_REACH * max(darkness.shape)), 4)
    for rows in (range(line.last + 1, line.last + 1 + reach), range(line.first - 1, line.first - 1 - reach, -1)):
        found = _across(darkness, ink, line, [r for r in rows if 0 <= r < len(darkness)])
        if len(found) > 1:
            return found
    return np.array([])


def _across(darkness: Floats, ink: Floats | None, line: Line, rows: list[int]) -> Floats:
    """Return the middles of the strokes that leave a line through the next `rows` and end there.

    What goes on is the other axis or a frame: one step from the outermost ticks it hides another. On the axis of y the
    curves themselves may, where they begin; if they do not begin at that tick, no curve will be found at survival 1.
    """
    if len(rows) < 2:
        return np.array([])
    at, long = _strokes(darkness, line, rows)
    ends = long < len(rows)
    if ends.sum() < 2:
        return np.array([])
    ticks = at[ends & (long >= _MAJOR * long[ends].max())]
    step = float(np.median(np.diff(ticks))) if len(ticks) > 1 else np.inf
    frame = at[~ends]
    beyond = [p for p in (ticks[0] - step, ticks[-1] + step) if line.start - _STEP <= p <= line.stop + _STEP]
    for place in beyond:
        near = frame[np.abs(frame - place) <= _STEP]
        if len(near):
            ticks = np.append(ticks, near[np.abs(near - place).argmin()])
        elif ink is not None and (ink[rows[:2], round(place)] > _DARK).all():
            ticks = np.append(ticks, place)
    return np.sort(ticks)


def _strokes(dark: Floats, line: Line, rows: list[int]) -> tuple[Floats, np.ndarray]:
    """Return the middles of narrow strokes across the next rows of a line, and how many of the rows each goes on."""
    widest = max(int(_WIDE * max(dark.shape)), 3)
    aside = max(widest // 4, 3)
    a, b = max(line.start - aside, 0), line.stop + aside + 1
    strip = dark[rows, a:b]
    unbroken = np.minimum.accumulate(strip > _DARK * 0.8, axis=0)
    middles, lengths = [], []
    for start, end in zip(*runs(unbroken[1]), strict=True):
        if end - start > widest:
            continue
        first = max(start - 1, 0)
        weight = strip[:2, first : end + 1].mean(axis=0)
        middles.append(np.average(np.arange(first, first + len(weight)), weights=weight) + a)
        lengths.append(int(unbroken[:, start:end].any(axis=1).sum()))
    return np.array(middles), np.array(lengths, dtype=int)


def _axis(name: str, positions: Floats, given: tuple[float, float]) -> AxisFit:
    length = float(np.ptp(positions))
    return fit_given(name, positions, given, tolerance=max(RESIDUAL, _SNAP / length) if length else RESIDUAL)


def runs(dark: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where runs of True begin and, one beyond, end."""
    edges = np.diff(np.concatenate([[0], dark.astype(int), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
