"""The part of an image that curves may take, by the scales of its axes; lines of axes and frames are cut off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import ndimage

from ....base.check import Floats
from ....base.messages.advice import option
from ....errors import DataError
from ..scale.calibration import AxisFit, Calibration
from ..scale.raster_lines import runs
from .areas import without_areas
from .colours import Inks, coverage
from .image import Raster, least, line_width, most, resized

_DARK = 0.12  # darkness, beyond that of the background, of the line of an axis or a frame
_LONG = 0.5  # of the distance between two stated points: the shortest axis line
_BESIDE = 0.15  # of the same: how far from its lowest value the line of an axis may lie
_ABOVE = 0.03  # of the distance between survival 1 and 0: what a line and its marks take above 1, or below 0
_EDGE = 0.02  # of the panel: how far inside of it the line of its frame may lie
_BEYOND = 0.1  # of the distance between the points of x: where nothing shows the panel's end
_FEWEST = 20  # pixels of either side
_CROSSING, _LED, _FURTHER = (3, 10), 0.1, 0.5  # pixels before and after an axis's end of lines that cross it; of the
# panel: how far they come from, and how far they may go
_AFTER = 0.03  # of the panel: where curves that are cut at its end go on
_OVER, _BEGIN = 0.15, 0.05  # of the panel: rows above it, and first columns, in which a curve may come from above
_THICK, _MUCH, _SHRINK = (
    3.0,
    0.8,
    700,
)  # pixels: width of lines that are reduced; to which part at most, and to which side
_WIDE = 1500  # pixels of the longer side: a large figure
_THIN, _ENLARGE, _LARGEST = 2.0, 2.0, 3_000_000  # pixels: lines that are enlarged, by how much, to how many at most
_LIGHT, _NEUTRAL, _BACKGROUND = 190.0, 12.0, 0.03  # of 255: a background, and its tint; the least part of a panel
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """The inside of a panel.

    Attributes
    ----------
    rgb
        Its pixels, on white.
    flat
        The same without pale areas.
    x, y
        Scales by its columns and rows, from 0.
    calibration
        The scales by pixels of the file.
    blurred
        Whether colours are smeared.
    beyond
        What of the image follows to the right of it, in its rows.
    over
        What of the image lies above it, in the first of its columns.
    zoom
        How much larger it is than in the file.
    """

    rgb: Floats
    flat: Floats
    x: AxisFit
    y: AxisFit
    calibration: Calibration
    blurred: bool
    beyond: Floats
    over: Floats
    zoom: float = 1.0

    def covered(self, inks: Inks) -> Floats:
        """Return which part of each pixel lines of each colour cover: as drawn, or below an area that tints them."""
        cover = coverage(self.rgb, inks)
        return cover if self.flat is self.rgb else np.maximum(cover, coverage(self.flat, inks))

    def covered_over(self, inks: Inks) -> Floats:
        """Return the same of what lies above, without a row where the curves are turned over: there it is an axis."""
        return coverage(self.over if self.calibration.kind == "survival" else self.over[:0], inks)


def panel_of(image: Raster, x: AxisFit, y: AxisFit, kind: str | None) -> Panel:
    """Return the inside of a panel, from time 0 to its end and from survival 1 down to 0, as far as it is shown.

    Parameters
    ----------
    image
        The image, or the part of it that holds the panel.
    x, y
        Scales by pixels of the file.
    kind
        What the y axis shows, as given.

    Raises
    ------
    DataError
        When the scales leave nothing of it in the image.
    """
    percent = kind == "percent" or max(abs(v) for v in y.values) > 1.5
    across, down = (fit.moved(first, image.unit) for fit, first in zip((x, y), image.corner, strict=True))
    rows, columns = _bounds(image.darkness, across, down, 100.0 if percent else 1.0)
    if min(rows[1] - rows[0], columns[1] - columns[0]) < _FEWEST:
        raise DataError(
            f"the scales leave {max(columns[1] - columns[0], 0)} by {max(rows[1] - rows[0], 0)} pixels between time 0 "
            f"and the end, and survival 1 and 0: check {option('x_axis')} and {option('y_axis')}."
        )
    columns = _goes_on(image.ink, rows, columns)
    (left, right), (top, bottom) = ([v * image.unit for v in span] for span in (columns, rows))
    box = (left + image.left, top + image.top, right - 1 + image.left, bottom - 1 + image.top)
    calibration = Calibration(x=x, y=y, panel=box, kind="event" if kind == "event" else "survival", percent=percent)
    inner = _on_white(image.rgb[rows[0] : rows[1], columns[0] : columns[1]].astype(float))
    moved = across.moved(columns[0], 1.0), down.moved(rows[0], 1.0)
    after = columns[1] + max(round(_AFTER * inner.shape[1]), _FEWEST)
    beyond = image.rgb[rows[0] : rows[1], columns[1] : after].astype(float)
    high, wide = round(_OVER * inner.shape[0]), max(round(_BEGIN * inner.shape[1]), _FEWEST)
    over = image.rgb[max(rows[0] - high, 0) : rows[0], columns[0] : min(columns[0] + wide, columns[1])].astype(float)
    return resampled(Panel(inner, inner, *moved, calibration, image.blurred, beyond, over, 1.0 / image.unit))


def resampled(panel: Panel) -> Panel:
    """Return a panel with lines of some pixels' width: larger where they are thin, smaller where they are thick."""
    width = line_width(panel.rgb)
    zoom = _zoom(width, max(panel.rgb.shape[:2]))
    high, wide = (round(zoom * side) for side in panel.rgb.shape[:2])
    if zoom == 1.0 or (zoom > 1.0 and high * wide > _LARGEST):
        return replace(panel, flat=without_areas(panel.rgb, width))
    rgb = resized(panel.rgb, (high, wide)).astype(float)
    x, y = (
        fit.moved(side / new / 2 - 0.5, side / new)
        for fit, side, new in ((panel.x, panel.rgb.shape[1], wide), (panel.y, panel.rgb.shape[0], high))
    )
    beyond = panel.beyond[np.arange(high) * len(panel.beyond) // high]
    flat = without_areas(rgb, zoom * width)
    above = tuple(round(zoom * side) for side in panel.over.shape[:2])
    over = resized(panel.over, above).astype(float) if min(above) else np.zeros((0, above[1], 3))
    return replace(panel, rgb=rgb, flat=flat, beyond=beyond, over=over, x=x, y=y, zoom=zoom * panel.zoom)


def _zoom(width: float, side: int) -> float:
    if width < _THIN:
        return _ENLARGE
    wanted = _THICK if side < _WIDE else _THIN  # large figures take long, and have pixels to spare
    zoom = max(wanted / width, _SHRINK / side)
    return zoom if zoom < _MUCH else 1.0


def _bounds(darkness: Floats, x: AxisFit, y: AxisFit, one: float) -> tuple[Span, Span]:
    """Return the first row and column, and one beyond the last, of what curves may take."""
    high, wide = darkness.shape
    ends = sorted((y.place(0.0), y.place(one)))
    span, first, last = ends[1] - ends[0], min(x.positions), max(x.positions)
    above = ends[0] - _ABOVE * span
    low = max(y.positions)  # of what the axis shows
    part = _clipped(first, last + 1, wide)
    stood = [line for line in _lines(darkness, part) if low - 2 < line[1] and line[0] < ends[1] + _BESIDE * span]
    bottom = min([ends[1] + _ABOVE * span, *(line[0] - 1.0 for line in stood)])
    right = max((line[3] for line in stood), default=last + _BEYOND * (last - first))
    rows, columns = _clipped(above, bottom + 1, high), _clipped(x.place(0.0), right + 1, wide)
    return _unframed(darkness, rows, columns)


def _clipped(first: float, stop: float, most: int) -> Span:
    return max(int(np.floor(first)), 0), min(int(np.ceil(stop)), most)


def _goes_on(ink: Floats, rows: Span, columns: Span) -> Span:
    """Return columns up to where lines end that go on beyond them, as beyond the last tick of an axis that R draws."""
    (top, bottom), (left, right) = rows, columns
    part, end = ink[top:bottom, left:], right - left
    drawn = np.asarray(part - np.median(part) > _DARK)
    near = drawn[:, max(end - _CROSSING[0], 0) : end + _CROSSING[1]]
    crossing = near.all(axis=1) & (part.shape[1] >= end + _CROSSING[1])
    if not crossing.any() or near.mean(axis=0).max() > _LONG:  # a frame stands there
        return columns
    found, _ = ndimage.label(drawn, structure=np.ones((3, 3)))
    led = np.intersect1d(found[crossing, end], found[:, : end - int(_LED * end)])  # words do not come from as far
    lines = np.flatnonzero(np.isin(found[:, end:], led).any(axis=0))
    further = min(int(lines[-1]) + _FEWEST, int(_FURTHER * end)) if len(lines) else 0  # and what shows their end
    return left, min(right + further, ink.shape[1])


def _lines(darkness: Floats, columns: Span) -> list[tuple[int, int, int, int]]:
    """Return the lines that go through most of some columns: first and last row, first and last column."""
    if columns[0] >= columns[1]:
        return []
    dark = np.asarray(darkness - np.median(darkness[:, columns[0] : columns[1]]) > _DARK)
    rows = np.asarray(dark[:, columns[0] : columns[1]].mean(axis=1) > _LONG)
    found = []
    for first, stop in zip(*runs(rows), strict=True):
        drawn = np.asarray(dark[first:stop].any(axis=0))
        starts, ends = runs(drawn)
        longest = int(np.argmax(ends - starts))
        if ends[longest] - starts[longest] > _LONG * (columns[1] - columns[0]):  # not of dashes, as a grid's are
            found.append((int(first), int(stop) - 1, int(starts[longest]), int(ends[longest]) - 1))
    return found


def _unframed(darkness: Floats, rows: Span, columns: Span) -> tuple[Span, Span]:
    """Return the bounds within lines that go along them: of an axis, or of a frame, but for what is only touched."""
    (top, bottom), (left, right) = rows, columns
    if top >= bottom or left >= right:
        return rows, columns
    inner = darkness[top:bottom, left:right]
    dark = inner - np.median(inner) > _DARK
    across, upright = dark.mean(axis=1) > _LONG, dark.mean(axis=0) > _LONG
    near = max(int(_EDGE * min(inner.shape)), 3)
    top += _rim(across[:near])
    bottom -= _rim(across[::-1][:near])
    left += _rim(upright[:near])
    right -= _rim(upright[::-1][:near])
    return (top, bottom), (left, right)


def _rim(lines: np.ndarray) -> int:
    """Return how many of the outermost rows or columns a line takes, with what lies outside of it."""
    drawn = np.flatnonzero(lines)
    return int(drawn[-1]) + 1 if len(drawn) else 0


def _on_white(inner: Floats) -> Floats:
    """Return a panel with its background, the light grey that most of it has, made white."""
    part = inner[:: max(len(inner) // 200, 1)].reshape(-1, 3)
    grey = part[(least(part) >= _LIGHT) & (most(part) - least(part) <= _NEUTRAL)]
    if len(grey) < _BACKGROUND * len(part):
        return inner
    levels = np.bincount(np.round(grey.mean(axis=1)).astype(int), minlength=256)
    background = np.median(grey[np.abs(grey.mean(axis=1) - levels.argmax()) <= 1], axis=0)
    if (background == 255.0).all():
        return inner
    return np.asarray(np.minimum(inner * (255.0 / background), 255.0))
