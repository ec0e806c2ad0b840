"""Long lines of an image, which may be the axes of its panels, and the strokes that stand across them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from ....base.check import Floats

_DARK = (0.35, 0.18)  # darkness of a line beyond that of what lies around it: strong ones first, then faint ones
_LONG = 0.25  # of the image: the shortest axis line
_GAP = 0.015  # of the image: the longest gap in a line
_PART = 0.06  # of the image: the shortest part of a broken line
_MOST = 14  # lines that may be axes, the longest
_SHADE = 0.25  # darkness of a panel's background at most
_REACH = 0.03  # of the image: the longest tick
_WIDE = 0.012  # of the image: the widest tick
_TICK = 0.25  # darkness of a tick
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

    @property
    def length(self) -> int:
        """How many columns it takes."""
        return self.stop - self.start + 1


@dataclass(frozen=True, slots=True, eq=False)
class Strokes:
    """Short strokes that stand across a line.

    Attributes
    ----------
    at
        Columns of their middles.
    length
        Rows that each goes on.
    width
        Of the usual one, in columns.
    """

    at: Floats
    length: np.ndarray
    width: float

    def __len__(self) -> int:
        return len(self.at)


def long_lines(darkness: Floats) -> list[Line]:
    """Return the long lines along rows, those of neighbouring rows as one; faint ones where no strong one is."""
    around = np.minimum(darkness, np.median(darkness))
    found: list[Line] = []
    for least in _DARK:
        more = _lines(darkness - around > least)
        found += [line for line in more if not any(_near(line, other) for other in found)]
    return sorted(found, key=lambda line: -line.length)[:_MOST]


def _lines(dark: np.ndarray) -> list[Line]:
    wide = dark.shape[1]
    found: list[Line] = []
    for row in np.flatnonzero(dark.sum(axis=1) >= 0.8 * _LONG * wide):
        for line in _in_row(dark[row], int(row)):
            before = next((k for k, one in enumerate(found) if row == one.last + 1 and _share(one, line) > 0.8), None)
            if before is None:
                found.append(line)
            else:
                one = found[before]
                found[before] = Line(one.first, line.last, min(one.start, line.start), max(one.stop, line.stop))
    return found


def _in_row(dark: np.ndarray, row: int) -> list[Line]:
    """Return the long lines in a row, gaps in them bridged."""
    wide = len(dark)
    starts, ends = runs(dark)
    parts = ends - starts >= _PART * wide  # of a broken line; a label in the same row is shorter
    starts, ends = starts[parts], ends[parts]
    if not len(starts):
        return []
    apart = np.flatnonzero(starts[1:] - ends[:-1] > max(int(_GAP * wide), 2))
    whole = zip(starts[np.append(0, apart + 1)].tolist(), ends[np.append(apart, len(ends) - 1)].tolist(), strict=True)
    return [Line(row, row, a, b - 1) for a, b in whole if b - a >= _LONG * wide]


def _near(a: Line, b: Line) -> bool:
    return a.first <= b.last + 1 and b.first <= a.last + 1 and _share(a, b) > 0


def _share(a: Line, b: Line) -> float:
    both = min(a.stop, b.stop) - max(a.start, b.start)
    return both / max(min(a.length, b.length), 1)


def strokes(darkness: Floats, line: Line, side: int) -> Strokes:
    """Return the narrow strokes that leave a line to one side (1 below, -1 above) and end within the longest tick."""
    reach = max(int(_REACH * max(darkness.shape)), 5)
    first = line.last + 1 if side > 0 else line.first - 1
    rows = [r for r in range(first, first + side * reach, side) if 0 <= r < len(darkness)]
    if len(rows) < 3:
        return Strokes(np.array([]), np.array([], int), 1.0)
    widest = max(int(_WIDE * max(darkness.shape)), 4)
    a, b = max(line.start - widest, 0), line.stop + widest + 1
    strip = darkness[rows, a:b]
    strip = strip - np.minimum(np.median(strip), _SHADE)
    unbroken = np.minimum.accumulate(strip > _TICK, axis=0)
    middles, lengths, widths = [], [], []
    for start, end in zip(*runs(unbroken[1]), strict=True):
        length = int(unbroken[:, start:end].any(axis=1).sum())
        if end - start > widest or length >= len(rows):
            continue
        low, high = max(start - 2, 0), min(end + 2, strip.shape[1])
        weight = np.maximum(strip[1 : max(length - 1, 2), low:high].mean(axis=0), 0.0)
        middles.append(float(np.average(np.arange(low, high), weights=weight)) + a)
        lengths.append(length)
        widths.append(float(weight.sum() / weight.max()))
    return Strokes(np.array(middles), np.array(lengths, int), float(np.median(widths)) if widths else 1.0)


def grid(image: Floats, rows: Span, columns: Span) -> Strokes:
    """Return the thin lines that go down through a panel, darker or lighter than its background."""
    part = image[rows[0] : rows[1] : max((rows[1] - rows[0]) // 200, 1), columns[0] : columns[1]]
    if min(part.shape) < 10:
        return Strokes(np.array([]), np.array([], int), 1.0)
    usual = np.median(part, axis=0)
    off = np.abs(usual - ndimage.median_filter(usual, size=max(int(_WIDE * 4 * part.shape[1]) | 1, 9)))
    starts, ends = runs(off > 0.01)
    narrow = ends - starts <= max(int(_WIDE * part.shape[1]), 5)
    at = [
        float(np.average(np.arange(s, e), weights=off[s:e])) for s, e in zip(starts[narrow], ends[narrow], strict=True)
    ]
    length = [float(off[s:e].sum()) for s, e in zip(starts[narrow], ends[narrow], strict=True)]
    return Strokes(np.array(at) + columns[0], np.round(1e3 * np.array(length)).astype(int), 1.0)


def runs(dark: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where runs of True begin and, one beyond, end."""
    edges = np.diff(np.concatenate([[0], dark.astype(int), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
