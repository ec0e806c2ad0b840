"""The axes of a vector figure: rows of ticks, the numbers beside them, and the panels that two of them span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option, setting
from ....errors import DataError
from ..limits import AXES, PANELS
from ..options import Pair, Points
from ..primitives import Box, Drawing
from .calibration import AxisFit, fit_given, fit_labels, fit_stated, numbers_in
from .numerals import Number, clusters, numbers_of

STRAIGHT = 0.1  # points: a line that leans by less is upright or level
_SAME = 0.3  # points: ends of ticks of one row differ by less
SHORT = 15.0  # points: a tick is no longer; a longer line is one of a grid
_BESIDE, _FAR = 0.6, 1.5  # of the font: how far a number may lie along and across the axis from its tick
_PANEL = 20.0  # points: no panel is smaller
_SPAN = 0.35  # of an axis: how far its ticks may stand from the other axis


@dataclass(frozen=True, slots=True, eq=False)
class Ticks:
    """One row of ticks.

    Attributes
    ----------
    name
        ``"x"``, or ``"y"`` for a column.
    at
        Positions along the axis, in the order of the page.
    outer
        Where they end, across the axis, on the side of the numbers.
    length
        Of each.
    labels
        Number -> for each tick, or NaN.
    powers
        Whether numbers have exponents.
    """

    name: str
    at: Floats
    outer: float
    length: float
    labels: Floats
    powers: bool = False

    @property
    def labelled(self) -> int:
        """How many ticks have a number."""
        return int(np.isfinite(self.labels).sum())

    @property
    def numbered(self) -> bool:
        """Whether most ticks have a number."""
        return self.labelled > max(1, len(self.at) // 2)

    @property
    def rank(self) -> tuple[int, bool, float]:
        """What makes it likelier to be the axis than another row in its place."""
        return self.labelled, self.length <= SHORT, min(self.length, SHORT)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Two axes and the box between them."""

    x: Ticks
    y: Ticks
    box: Box


def panels(drawing: Drawing) -> list[Panel]:
    """Return the panels, along rows; of several rows of ticks in one place the likeliest."""
    rows, columns = tick_rows(drawing, "x"), tick_rows(drawing, "y")
    if len(rows) * len(columns) > AXES:
        raise DataError(f"it has {len(rows)} rows and {len(columns)} columns of ticks, more than any figure has.")
    ends, tops = [_next(y, columns) for y in columns], [_next(x, rows) for x in rows]
    own = [
        (_from(x, y.outer, end), _from(y, top, x.outer))
        for x, top in zip(rows, tops, strict=True)
        for y, end in zip(columns, ends, strict=True)
    ]
    pairs = [
        Panel(x, y, (y.outer, float(y.at[0]), float(x.at[-1]), x.outer))
        for x, y in own
        if x is not None and y is not None and _meet(x, y)
    ]
    pairs.sort(key=_likely, reverse=True)
    kept: list[Panel] = []
    for pair in pairs:
        if not any(_overlap(pair.box, other.box) for other in kept):
            kept.append(pair)
    if len(kept) > PANELS:
        raise DataError(f"it has axes of {len(kept)} panels, more than any page has.")
    return _along_rows([_grown(panel, drawing) for panel in kept])


def stated_panel(drawing: Drawing, found: Sequence[Panel], x: Points, y: Points) -> Panel:
    """Return the panel that points of each axis lie in, one of those found where they lie in one."""
    (left, right), (top, bottom) = ((min(points)[0], max(points)[0]) for points in (x, y))
    box = (left, top, right, bottom)
    for panel in found:
        if _overlap(panel.box, box):
            return panel
    columns, rows = np.array([left, right]), np.array([top, bottom])
    return _grown(Panel(_bare("x", columns, bottom), _bare("y", rows, left), box), drawing)


def _bare(name: str, at: Floats, outer: float) -> Ticks:
    return Ticks(name, at, outer, 0.0, np.full(len(at), np.nan))


def tick_rows(drawing: Drawing, name: str) -> list[Ticks]:
    """Return the rows (or columns) of short or long parallel lines that end level."""
    along = 0 if name == "x" else 1
    lines = [s.points for s in drawing.strokes if s.colour]
    bars = np.array(
        [
            (p[:, along].mean(), p[:, 1 - along].min(), p[:, 1 - along].max())
            for p in lines
            if len(p) == 2 and abs(p[0, along] - p[1, along]) < STRAIGHT <= abs(p[0, 1 - along] - p[1, 1 - along])
        ]
    ).reshape(-1, 3)
    outward = 1.0 if name == "x" else -1.0
    numbers = numbers_of(drawing.words)
    found = []
    for low in clusters(bars[:, 1], _SAME):
        for part in clusters(bars[low, 2], _SAME):
            row = bars[low[part]]
            at = np.array([row[c, 0].mean() for c in clusters(row[:, 0], STRAIGHT)])
            length = float((row[:, 2] - row[:, 1]).mean())
            if len(at) > (1 if length <= SHORT else 2):  # two long lines are the sides of a frame
                outer = float(row[:, 2].max() if outward > 0 else row[:, 1].min())
                labels, powers = _labels(numbers, at, outer, along, outward)
                found.append(Ticks(name, at, outer, length, labels, powers))
    return found


def _next(row: Ticks, others: Sequence[Ticks]) -> float:
    """Return where the next panel begins: to the right of a column of ticks, or above a row.

    Panels side by side have their ticks in one row. The next is told by its numbers, or by ticks in the same places.
    """
    away = 1.0 if row.name == "y" else -1.0
    ends = []
    for other in others:
        apart = away * (other.outer - row.outer)
        mirrored = len(other.at) == len(row.at) and np.abs(other.at - row.at).max() < _SAME
        if apart > _PANEL and (other.numbered or mirrored):
            ends.append(other.outer + (0.0 if other.numbered else away * (other.length + 2.0)))
    return min(ends, default=np.inf) if away > 0 else max(ends, default=-np.inf)


def _from(row: Ticks, low: float, high: float) -> Ticks | None:
    """Return the ticks of a row between two places, or None when they are no row."""
    inside = (row.at > low - 2.0) & (row.at < high + 2.0)
    if inside.sum() < 2:
        return None
    return replace(row, at=row.at[inside], labels=row.labels[inside])


def fitted(ticks: Ticks, given: Pair | None, stated: Points | None = None) -> AxisFit:
    """Return the scale of an axis, from what the user states or says of it or from its numbers.

    Raises
    ------
    DataError
        When there is none that can be trusted.
    """
    if stated is not None:
        return fit_stated(ticks.name, stated)
    has = np.isfinite(ticks.labels)
    if given is not None:
        at = ticks.at[has] if has.sum() > 1 else ticks.at
        at = at if ticks.name == "x" else at[::-1]
        fit = fit_given(ticks.name, _evened(at, ticks, has), given)
        return _compared(fit, ticks.at[has], ticks.labels[has])
    if ticks.powers:
        raise DataError(f"the {ticks.name} axis is logarithmic (its labels are powers); linear axes only are read.")
    return fit_labels(ticks.name, ticks.at[has], ticks.labels[has])


def _evened(at: Floats, ticks: Ticks, has: np.ndarray) -> Floats:
    """Return the labelled ticks, with those between them that have lost their label."""
    inner = (ticks.at >= at.min()) & (ticks.at <= at.max())
    every = ticks.at[inner] if ticks.name == "x" else ticks.at[inner][::-1]
    return every if 1 < has.sum() < inner.sum() else at


def _compared(fit: AxisFit, at: Floats, labels: Floats) -> AxisFit:
    off = np.abs(fit.at(at) - labels) > 1e-3 * abs(fit.values[-1] - fit.values[0])
    if len(labels) > 1 and off.any():
        raise DataError(
            f"{setting(f'{fit.name}_ticks', (float(fit.values[0]), float(fit.values[-1])))} contradicts the number "
            f"{labels[off][0]:g} at one of the ticks ({fit.at(at[off][:1])[0]:g} by what was given); "
            f"leave {option(f'{fit.name}_ticks')} out to take the scale from the {len(labels)} labels."
        )
    return fit


def _labels(numbers: Sequence[Number], at: Floats, outer: float, along: int, outward: float) -> tuple[Floats, bool]:
    """Return the number nearest outside each tick, and whether the numbers have exponents."""
    near: dict[int, tuple[float, Number]] = {}
    for number in numbers:
        x0, y0, x1, y1 = number.box
        centre, edge = (((x0 + x1) / 2, y0), ((y0 + y1) / 2, x1))[along]
        away = outward * (edge - outer)
        i = int(np.abs(at - centre).argmin())
        close = abs(at[i] - centre) <= _BESIDE * number.size and -0.5 * number.size <= away <= _FAR * number.size
        if close and (i not in near or away < near[i][0]):
            near[i] = (away, number)
    labels = np.full(len(at), np.nan)
    first = min((away for away, _ in near.values()), default=0.0)
    level = {i: n for i, (away, n) in near.items() if away - first <= n.size or along == 1}
    for i, value in zip(level, numbers_in([n.text for n in level.values()]), strict=True):
        labels[i] = np.nan if value is None else value
    return labels, any(n.raised for n in level.values())


def _meet(x: Ticks, y: Ticks) -> bool:
    """Return whether a row lies at the foot of a column, and the column to the left of the row."""
    width, height = float(np.ptp(x.at)), float(np.ptp(y.at))
    below, left = x.outer - float(y.at[-1]), float(x.at[0]) - y.outer
    return -0.02 * height <= below <= _SPAN * height and -0.02 * width <= left <= _SPAN * width


def _likely(panel: Panel) -> tuple[object, ...]:
    """Return what makes a pair of rows likelier to be the axes than another in its place."""
    x, y = panel.x, panel.y
    short = (x.length <= SHORT) + (y.length <= SHORT)
    labelled = min(x.labelled, 2) + min(y.labelled, 2)
    area = 0 if labelled == 4 else round(float(np.ptp(x.at) * np.ptp(y.at)) / _PANEL**2)  # marks make rows too
    return labelled, short, area, _nearness(panel), x.rank, y.rank


def _nearness(panel: Panel) -> float:
    """Return how near the axes lie to each other, 0 at best."""
    below, left = panel.x.outer - float(panel.y.at[-1]), float(panel.x.at[0]) - panel.y.outer
    return -round((abs(below) + abs(left)) / 20.0)


def _overlap(a: Box, b: Box) -> bool:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    smaller = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return wide > 0 and high > 0 and wide * high > 0.2 * smaller


def _grown(panel: Panel, drawing: Drawing) -> Panel:
    """Return the panel out to the ends of what is drawn along its axes: frame, axis line, grid or curves."""
    left, top, right, bottom = panel.box
    width, height = right - left, bottom - top
    near = [s.box for s in drawing.strokes if s.colour and abs(s.box[0] - left) < _SPAN * width]
    across = [b for b in near if b[1] > top - 0.2 * height and b[3] <= bottom + 2 and b[2] - b[0] > 0.5 * width]
    up = [b for b in near if abs(b[3] - bottom) < SHORT and b[1] > top - 0.3 * height]
    right = max([right, *(b[2] for b in across if b[2] < right + 0.3 * width)])
    return Panel(panel.x, panel.y, (left, min([top, *(b[1] for b in up)]), right, bottom))


def _along_rows(found: list[Panel]) -> list[Panel]:
    if not found:
        return []
    heights = np.array([p.box[3] for p in found])
    rows = clusters(heights, 20.0)
    return [found[i] for row in rows for i in sorted(row, key=lambda i: found[i].box[0])]
