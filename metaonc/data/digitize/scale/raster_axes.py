"""The axes of an image: which lines they are, by the ticks and labels along them, and the scales that values make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option
from ....errors import DataError
from ..options import Pair
from .calibration import AxisFit
from .raster_fit import Side, fitted_side, stated_by
from .raster_labels import NONE, Labels, find_labels
from .raster_lines import Line, Strokes, grid, long_lines, strokes
from .raster_panels import panel_sides

_MAJOR = 0.75  # of the longest tick: shorter ones carry no numbers
_NEAR = 0.2  # of a step: how far a tick may stand from the middle of its label
_MATCHED = 0.5  # of the labelled steps that have a tick
_SNAP = 1.0  # pixel, or width of a tick where that is more: each is drawn on whole pixels of the picture it was
_EVERY = 3  # labels at every step that are taken for those of an axis without ticks; labels and ticks that attest one
_APART = 0.12  # of the axes: by which they may miss each other
_ELSEWHERE = 0.25  # of the image: as far apart are the axes of two panels
_ENOUGH = 8  # labels and ticks of an axis: more say no more
_PLAIN = 0.7  # of the largest panel: another as large as this is a second panel


def find_axes(
    darkness: Floats, ink: Floats, x_ticks: Pair | None, y_ticks: Pair | None, corner: tuple[int, int], unit: int = 1
) -> tuple[AxisFit | None, AxisFit | None]:
    """Return the scales that the values of the outermost labelled ticks make; None where none are given.

    Parameters
    ----------
    darkness, ink
        How dark each pixel is, and how far from white in any colour.
    x_ticks, y_ticks
        The values.
    corner, unit
        Pixels of the file to the left of the image and above it, and the side of one of its pixels; positions are those
        of the file.

    Raises
    ------
    DataError
        When no axes or ticks are found, or the values do not fit them. The message names the ticks.
    """
    x, y = _sides(darkness, ink, unit)
    fits, faults = [], []
    for name, side, values, start in (("x", x, x_ticks, corner[0]), ("y", y, y_ticks, corner[1])):
        try:
            fits.append(None if values is None else fitted_side(name, side, values, start))
        except DataError as problem:
            faults.append(str(problem))
    if faults:
        found = ((("x", x, x_ticks, corner[0])), ("y", y, y_ticks, corner[1]))
        raise DataError(f"{' '.join(faults)} {stated_by(found)}")
    return fits[0], fits[1]


def ticks_of(darkness: Floats, ink: Floats, corner: tuple[int, int], unit: int) -> str:
    """Return where ticks are found, in words, with the options that state the axes by them; as `find_axes` takes it."""
    try:
        x, y = _sides(darkness, ink, unit)
    except DataError as problem:  # of several panels
        return str(problem)
    return stated_by((("x", x, None, corner[0]), ("y", y, None, corner[1])))


def _sides(darkness: Floats, ink: Floats, unit: int) -> tuple[Side | None, Side | None]:
    """Return both axes: long lines, or the sides of a panel where ticks and labels attest these alone, or better."""
    across, wide, best = darkness.T[::-1], darkness.shape[1], list[tuple[Side | None, Side | None]]()
    for level, upright in _ways(darkness, ink):
        xs = [side_of(darkness, line, find_labels(darkness, line, "x")) for line in level]
        ys = [side_of(across, line, find_labels(across, line, "y")) for line in _on_their_side(upright, wide)]
        best.append(pair_of(xs, ys, darkness.shape))
        if _is_attested(best[-1], wide):
            break
    x, y = max(
        best, key=lambda pair: _is_attested(pair, wide) + min(0.0 if side is None else side.worth for side in pair)
    )
    if x is not None and y is not None and not _meet(x.line, y.line, wide):
        x, y = _reaching(darkness, x, y)
    return None if x is None else in_file(x, unit), None if y is None else in_file(y, unit)


def _reaching(darkness: Floats, x: Side, y: Side) -> tuple[Side, Side]:
    """Return axes from where they meet: of a line that begins elsewhere, as the tails of curves do, labels are lost."""
    left, bottom = round(darkness.shape[1] - 1 - y.line.middle), round(x.line.middle)
    level = replace(x.line, start=min(left, x.line.start))
    side = replace(y.line, stop=max(bottom, y.line.stop))
    across = darkness.T[::-1]
    whole = (
        side_of(darkness, level, find_labels(darkness, level, "x")),
        side_of(across, side, find_labels(across, side, "y")),
    )
    new_x, new_y = whole
    return new_x if new_x.worth > x.worth else x, new_y if new_y.worth > y.worth else y


def _ways(darkness: Floats, ink: Floats) -> Iterator[tuple[list[Line], list[Line]]]:
    yield long_lines(darkness), long_lines(darkness.T)
    yield panel_sides(ink)


def _is_attested(pair: tuple[Side | None, Side | None], wide: int) -> bool:
    """Return whether two axes meet, and as many ticks and labels stand along both as a scale needs.

    The long tails of curves in a pale frame have labels below them too, but for those to the left of them.
    """
    x, y = pair
    if x is None or y is None or not _meet(x.line, y.line, wide):
        return False
    return all(s.kind != "labels" and min(len(s.at), len(s.labels)) >= _EVERY for s in (x, y))


def axis_lines(darkness: Floats, ink: Floats) -> tuple[list[Line], list[Line]]:
    """Return the lines that may be axes of x, and those of y laid on their sides, with their labels below them."""
    (level, upright), panel = _ways(darkness, ink)
    return level or panel[0], _on_their_side(upright or panel[1], darkness.shape[1])


def _on_their_side(upright: Sequence[Line], wide: int) -> list[Line]:
    return [Line(wide - 1 - line.last, wide - 1 - line.first, line.start, line.stop) for line in upright]


def side_of(darkness: Floats, line: Line, ways: Sequence[Labels]) -> Side:
    """Return the ticks of a line and its labels: strokes below it, else above it, else the lines of a grid.

    Parameters
    ----------
    darkness
        Of each pixel, the line along rows and its labels below.
    line
        That may be an axis.
    ways
        In which its labels may be spaced, the likeliest first.
    """
    outer, inner = strokes(darkness, line, 1), strokes(darkness, line, -1)
    far = max(line.first - int(0.9 * line.length), 0)
    lines = grid(darkness, (far, line.first), (line.start, line.stop))
    for kind, marks in (("ticks", outer), ("ticks", inner), ("grid lines", lines)):
        sides = [_labelled(line, labels, marks, kind) for labels in ways]
        sides = [s for s in sides if len(s.steps) >= max(2, _MATCHED * len(s.labels))]
        if sides:
            return max(sides, key=lambda s: s.worth)
    if ways:
        one = _without_gaps(ways)
        return Side(line, one, one.step, one.at, (), "labels", _NEAR * one.line[1])
    best = next((m for m in (outer, inner) if len(_major(m)) > 2), outer)
    at = _major(best)
    return Side(line, NONE, np.arange(len(at)), at, (), "ticks", max(_SNAP, best.width))


def _without_gaps(ways: Sequence[Labels]) -> Labels:
    """Return the likeliest labels, those of every step where these are as good as pairs of which parts were taken."""
    whole = [one for one in ways if len(one) == one.step[-1] + 1 >= max(_EVERY, len(ways[0]) / 2)]
    return max(whole, key=len, default=ways[0])


def in_file(side: Side, unit: int) -> Side:
    """Return a side by pixels of the file, of which each of the image is a square."""
    return replace(side, at=side.at * unit + (unit - 1) / 2, tolerance=side.tolerance * unit)


def _major(marks: Strokes) -> Floats:
    return marks.at[marks.length >= _MAJOR * marks.length.max()] if len(marks) else marks.at


def _labelled(line: Line, labels: Labels, marks: Strokes, kind: str) -> Side:
    """Return the ticks that stand beside labels, and further ones like them."""
    start, step = labels.line
    steps, at, long = [], [], []
    for k in range(-2, int(labels.step[-1]) + 3):
        near = np.flatnonzero(np.abs(marks.at - (start + k * step)) <= _NEAR * step)
        if len(near):
            one = near[np.argmax(marks.length[near] - 1e-3 * np.abs(marks.at[near] - start - k * step))]
            steps.append(k)
            at.append(float(marks.at[one]))
            long.append(int(marks.length[one]))
    steps_, at_, long_ = np.array(steps, int), np.array(at), np.array(long)
    within = (steps_ >= 0) & (steps_ <= labels.step[-1])
    keep = within & (long_ >= (_MAJOR * np.median(long_[within]) if within.any() else 0))
    tolerance = max(_SNAP, marks.width)
    even = _on_line(steps_[keep], at_[keep], tolerance)
    beyond = steps_[~within & (long_ >= (_MAJOR * np.median(long_[keep]) if keep.any() else np.inf))]
    near_line = [
        k
        for k in beyond
        if even.sum() > 1 and _fits(steps_[keep][even], at_[keep][even], k, at_[steps_ == k][0], tolerance)
    ]
    return Side(
        line,
        labels,
        steps_[keep][even],
        at_[keep][even],
        tuple(map(int, near_line)),
        kind,
        tolerance,
        int((~even).sum()),
    )


def _on_line(steps: np.ndarray, at: Floats, tolerance: float) -> np.ndarray:
    """Return which ticks stand at even distances, as most of them do."""
    best = np.zeros(len(at), dtype=bool)
    for i, j in product(range(len(at)), repeat=2):
        if steps[j] - steps[i] < max(np.ptp(steps) / 3, 1):
            continue
        slope = (at[j] - at[i]) / (steps[j] - steps[i])
        on = np.abs(at[i] + slope * (steps - steps[i]) - at) <= tolerance
        if on.sum() > best.sum():
            best = on
    return best


def _fits(steps: np.ndarray, at: Floats, k: int, place: float, tolerance: float) -> bool:
    slope, start = np.polyfit(steps, at, 1)
    return bool(abs(start + slope * k - place) <= 2 * tolerance)


def pair_of(xs: list[Side], ys: list[Side], shape: tuple[int, ...]) -> tuple[Side | None, Side | None]:
    """Return the two axes that belong to each other and have most ticks and labels.

    Raises
    ------
    DataError
        When there are two panels of nearly one size.
    """
    pairs = [(a, b) for a in xs for b in ys if _meet(a.line, b.line, shape[1]) and len(a.at) > 1 and len(b.at) > 1]
    if not pairs:
        x, y = (max(sides, key=lambda s: s.worth, default=None) for sides in (xs, ys))
        return x, y
    largest = max(map(_size, pairs))
    best = max(pairs, key=lambda p: (_size(p) >= _PLAIN * largest, _worth(p), _size(p)))
    for x, y in pairs:
        apart = abs(x.line.middle - best[0].line.middle), abs(y.line.middle - best[1].line.middle)
        as_good = _size((x, y)) >= _PLAIN * largest and _worth((x, y)) >= _PLAIN * _worth(best)
        if as_good and (apart[0] > _ELSEWHERE * shape[0] or apart[1] > _ELSEWHERE * shape[1]):
            raise DataError(
                "several panels were found: crop the image to one of them, or give the box around it, such as "
                f"{option('panel', (0, 0, shape[1] // 2, shape[0]))}."
            )
    return best


def _worth(pair: tuple[Side, Side]) -> float:
    return min(pair[0].worth, _ENOUGH) + min(pair[1].worth, _ENOUGH)


def _size(pair: tuple[Side, Side]) -> float:
    return pair[0].line.length * pair[1].line.length * (min(pair[0].worth, pair[1].worth) > 2)


def _meet(level: Line, side: Line, wide: int) -> bool:
    """Return whether a line and an upright one, which lies on its side, are bottom and left of one panel."""
    column = wide - 1 - side.middle
    return abs(level.start - column) <= max(_APART * level.length, 4) and abs(side.stop - level.middle) <= max(
        _APART * side.length, 4
    )
