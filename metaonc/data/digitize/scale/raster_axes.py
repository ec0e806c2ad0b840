"""The axes of an image: which lines they are, by the ticks and labels along them, and the scales that values make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option, setting
from ....errors import DataError
from ..limits import listed
from ..options import Pair
from .calibration import AxisFit, is_round, is_usual, usual_ticks
from .raster_labels import NONE, Labels, find_labels
from .raster_lines import Line, Strokes, grid, long_lines, shaded_sides, strokes

_MAJOR = 0.75  # of the longest tick: shorter ones carry no numbers
_NEAR = 0.2  # of a step: how far a tick may stand from the middle of its label
_MATCHED = 0.5  # of the labelled steps that have a tick
_SNAP = 1.0  # pixel, or width of a tick where that is more: each is drawn on whole pixels of the picture it was
_APART = 0.12  # of the axes: by which they may miss each other
_OFF = 0.34  # of the ticks of an axis: how many may be off its scale
_FEWEST = 3  # ticks that a scale rests on, unless there are two in all
_PLAIN = 0.7  # of the largest panel: another as large as this is a second panel


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What stands along one line.

    Attributes
    ----------
    line
        The line, with its labels below it.
    labels
        Those at even distances.
    ticks
        Their places along the line: steps, counted as those of the labels, and positions.
    beyond
        Steps outside of the labelled ones where a tick stands as well.
    kind
        What the ticks are: "ticks", "grid lines" or "labels" where there are neither.
    tolerance
        Pixels by which a tick may be off its place.
    off
        How many that stand beside labels are off it by more.
    """

    line: Line
    labels: Labels
    steps: np.ndarray
    at: Floats
    beyond: tuple[int, ...]
    kind: str
    tolerance: float
    off: int = 0

    @property
    def worth(self) -> float:
        """How well it is attested that this is an axis."""
        empty = int(np.ptp(self.steps)) + 1 - len(self.steps) if len(self.steps) else 0
        return len(self.labels) + (len(self.steps) - 0.5 * empty) * (self.kind != "labels")


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
    high, wide = darkness.shape
    level, upright = long_lines(darkness), long_lines(darkness.T)
    sides = shaded_sides(ink)
    level, upright = level or sides[0], upright or sides[1]
    # on its side the axis of y is a line with its labels below it
    turned = [Line(wide - 1 - b.last, wide - 1 - b.first, b.start, b.stop) for b in upright]
    xs = [_side(darkness, line, "x") for line in level]
    ys = [_side(darkness.T[::-1], line, "y") for line in turned]
    x, y = (None if side is None else _in_file(side, unit) for side in _pair(xs, ys, (high, wide)))
    fits, faults = [], []
    for name, side, values, start in (("x", x, x_ticks, corner[0]), ("y", y, y_ticks, corner[1])):
        try:
            fits.append(None if values is None else _fit(name, side, values, start))
        except DataError as problem:
            faults.append(str(problem))
    if faults:
        found = ((("x", x, x_ticks, corner[0])), ("y", y, y_ticks, corner[1]))
        raise DataError(f"{' '.join(faults)} {_state(found)}")
    return fits[0], fits[1]


def _side(darkness: Floats, line: Line, name: str) -> Side:
    """Return the ticks of a line and its labels: strokes below it, else above it, else the lines of a grid."""
    ways = find_labels(darkness, line, name)
    outer, inner = strokes(darkness, line, 1), strokes(darkness, line, -1)
    far = max(line.first - int(0.9 * line.length), 0)
    lines = grid(darkness, (far, line.first), (line.start, line.stop))
    for kind, marks in (("ticks", outer), ("ticks", inner), ("grid lines", lines)):
        sides = [_labelled(line, labels, marks, kind) for labels in ways]
        sides = [s for s in sides if len(s.steps) >= max(2, _MATCHED * len(s.labels))]
        if sides:
            return max(sides, key=lambda s: s.worth)
    if ways:
        return Side(line, ways[0], ways[0].step, ways[0].at, (), "labels", _NEAR * ways[0].line[1])
    best = next((m for m in (outer, inner) if len(_major(m)) > 2), outer)
    at = _major(best)
    return Side(line, NONE, np.arange(len(at)), at, (), "ticks", max(_SNAP, best.width))


def _in_file(side: Side, unit: int) -> Side:
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
            steps.append(k), at.append(float(marks.at[one])), long.append(int(marks.length[one]))
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


def _pair(xs: list[Side], ys: list[Side], shape: tuple[int, int]) -> tuple[Side | None, Side | None]:
    """Return the two axes that belong to each other and have most ticks and labels.

    Raises
    ------
    DataError
        When there are two panels of nearly one size.
    """
    high, wide = shape
    pairs = [(a, b) for a in xs for b in ys if _meet(a.line, b.line, wide) and len(a.at) > 1 and len(b.at) > 1]
    if not pairs:
        single = [max(sides, key=lambda s: s.worth, default=None) for sides in (xs, ys)]
        return single[0], single[1]
    best = max(
        pairs,
        key=lambda p: (_size(p) > _PLAIN * max(map(_size, pairs)), min(p[0].worth, 8) + min(p[1].worth, 8), _size(p)),
    )
    return best


def _size(pair: tuple[Side, Side]) -> float:
    return pair[0].line.length * pair[1].line.length * (min(pair[0].worth, pair[1].worth) > 2)


def _meet(level: Line, side: Line, wide: int) -> bool:
    """Return whether a line and an upright one, which lies on its side, are bottom and left of one panel."""
    column = wide - 1 - side.middle
    return abs(level.start - column) <= max(_APART * level.length, 4) and abs(side.stop - level.middle) <= max(
        _APART * side.length, 4
    )


def _fit(name: str, side: Side | None, values: Pair, start: int) -> AxisFit:
    """Return the scale of an axis."""
    if side is None or len(side.at) < 2:
        raise DataError(f"no ticks of the {name} axis were found.")
    if len(side.labels) > 1 and len(side.at) < min(_FEWEST, int(side.labels.step[-1]) + 1):
        raise DataError(f"{len(side.at)} ticks of the {name} axis were found, too few to check its scale.")
    steps, at, last = side.steps, side.at, int(side.labels.step[-1]) if len(side.labels) > 1 else None
    given = values if name == "x" else values[::-1]  # from the top
    doubts: tuple[str, ...] = ()
    if last is None:
        first, last = _unlabelled(name, side, given)
    else:
        first, last, doubt = _ends(name, side, given, last)
        if side.off > _OFF * len(at):
            raise DataError(f"the ticks of the {name} axis are not evenly spaced: it is logarithmic or broken.")
        if side.off:
            doubt = f"{side.off} of {side.off + len(at)} ticks of the {name} axis are off an even scale: check it."
        elif side.kind == "labels":
            doubt = f"the {name} axis has no ticks: its scale rests on the middles of its labels."
        elif len(at) < _FEWEST:
            doubt = f"the {name} axis has two labelled ticks only: its scale cannot be checked."
        doubts = (doubt,) if doubt else ()
    numbers = given[0] + (given[1] - given[0]) * (steps - first) / (last - first)
    slope, intercept = np.polyfit(at + start, numbers, 1)
    residual = float(np.abs((numbers - intercept) / slope - at - start).max() / abs(np.ptp(at)))
    positions = tuple((at + start).tolist())
    return AxisFit(
        name, positions, tuple(numbers.tolist()), float(slope), float(intercept), residual, "given", doubts=doubts
    )


def _ends(name: str, side: Side, given: Pair, last: int) -> tuple[int, int, str]:
    """Return the steps of the values given, those of the outermost labels, and a doubt or nothing.

    A label at the corner may belong to neither axis, and one may be lost where a tick stands: only where values so make
    a round step that they do not make otherwise, others are taken.
    """
    span = abs(given[1] - given[0])
    inner = side.steps if side.kind != "labels" else np.array([0, last])
    before, after = {0, int(inner[0]), *side.beyond}, {last, int(inner[-1]), *side.beyond}
    ways = {(a, b) for a in before for b in after if a < b and is_round(span / (b - a))}
    if is_usual(span / last):
        lost = [way for way in ways if side.beyond and way != (0, last)]
        place = _at(side, side.beyond[0]) if lost else 0.0
        return (
            0,
            last,
            f"the {name} axis has a tick at pixel {place:.0f} whose label was not found: check its scale."
            if lost
            else "",
        )
    if len(ways) == 1:
        return *ways.pop(), ""
    raise DataError(
        f"{setting(f'{name}_ticks', _in_order(name, given))} makes {span / last:.6g} from label to label "
        f"({last + 1} were found on the {name} axis), which no one would print."
    )


def _at(side: Side, step: int) -> float:
    slope, start = np.polyfit(side.steps, side.at, 1)
    return float(start + slope * step)


def _unlabelled(name: str, side: Side, given: Pair) -> Pair:
    """Return the first and last step of an axis whose labels were not found."""
    if len(side.at) < 3:
        raise DataError(
            f"the {name} axis has {len(side.at)} ticks that could be found, and no labels; three at least are needed."
        )
    even = np.linspace(side.at[0], side.at[-1], len(side.at))
    if np.abs(side.at - even).max() > side.tolerance:
        raise DataError(
            f"the ticks of the {name} axis are not evenly spaced: it is logarithmic or broken, or some are no ticks."
        )
    if not is_usual(abs(given[1] - given[0]) / (len(side.at) - 1)):
        raise DataError(f"{setting(f'{name}_ticks', _in_order(name, given))} makes {usual_ticks(given, len(side.at))}.")
    return 0, len(side.at) - 1


def _in_order(name: str, given: Pair) -> Pair:
    return given if name == "x" else (given[1], given[0])


def _state(found: tuple[tuple[str, Side | None, Pair | None, int], ...]) -> str:
    """Return where ticks were found, and the options that state the axes by them."""
    said, paste = [], []
    for name, side, values, start in found:
        at = [] if side is None else [round(float(p) + start, 1) for p in side.at]
        said.append(f"{name}: {listed(at, 20) if at else 'none'}")
        low, high = values or (0, 1)
        ends = (at[0], at[-1]) if len(at) > 1 else (57.0, 612.0)
        points = [(ends[0], low), (ends[1], high)] if name == "x" else [(ends[1], low), (ends[0], high)]
        paste.append(option(f"{name}_axis", points))
    return (
        f"Ticks found, in pixels: {'; '.join(said)}. Look at them in the figure and state the axes: {', '.join(paste)}."
    )
