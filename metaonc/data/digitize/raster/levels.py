"""The level of a line between its edges, without what is drawn on the line.

A line of width w shows the level before a drop w/2 too long at its upper edge, and the level after it w/2 too early at
its lower edge. Both edges only fall; where one juts out and comes back, something sits on the line: a censoring mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy import ndimage
from scipy.optimize import isotonic_regression

from ....base.check import Floats
from ..scale.raster_lines import runs
from .curves import Trace
from .edges import Along, Edges
from .ends import last_level
from .marks import are_centred, juts, least_jut

_HIDDEN = 0.001  # of the panel: area between the levels before and after a gap, from which it is told of
_MARKED = 0.03  # of the panel: length of marks in a row, from which they are
_OFF = 0.01  # of survival by which the middle of such marks may be off
_HALF = 0.5  # part of what they reach above the line, or of the line's fall under them, that this is
_MOST = 0.9  # quantile of the rows between the edges, moved to where they belong, by which marks part them
_WINDOW = 0.05  # of the panel: over which a level may not be off by more in the mean
_ON = 0.5  # covered part of a pixel that is of a colour
_BAR, _ARM = 2.5, 1.5  # widths of a line: the least height of a mark of another colour, and the most of its arms
_BARS, _LOW = 4, 0.25  # columns of such marks that show their height, and quantile of these that one alone has
_SHIFT = 1.5  # columns by which drops may be aside
_SOFT = 2  # columns by which the rims of a stroke widen it


def level(edges: Edges, along: Along, covered: Floats, first_row: float, last_row: float) -> Floats:
    """Return the level in each column, the edges moved to where they belong, marks left out.

    Parameters
    ----------
    edges
        Of the line, from its first column to its last.
    along
        What is drawn of its drops.
    covered
        Level of the line that lies over this one in columns where it is not seen, NaN where none does.
    first_row
        Row of survival 1, where the line begins if its first columns are not seen.
    last_row
        Row of survival 0, or the last that the panel shows.
    """
    jut = juts(edges)
    upper = np.where(jut > 0, np.nan, edges.upper)
    lower = np.where(jut > 0, np.nan, edges.lower)
    middle = _middles(edges, jut)
    upper, lower = (np.where(np.isnan(middle), values, middle) for values in (upper, lower))
    upper, lower = np.where(np.isnan(upper), lower, upper), np.where(np.isnan(lower), upper, lower)
    drops = np.bincount(along.columns[along.drop & along.drawn], minlength=len(upper))
    upper, lower = (_within(_filled(values, covered, first_row, drops), edges, jut) for values in (upper, lower))
    moved = np.mean(_moved(lower, upper, edges.width), axis=0)
    last = last_level(edges, jut, last_row)
    if last is not None:
        moved[last.column :] = last.row
    return np.asarray(isotonic_regression(moved).x)


def _moved(lower: Floats, upper: Floats, width: float) -> tuple[Floats, Floats]:
    """Return both edges moved to where they belong: they tell one level where nothing but the line is drawn."""
    c = np.arange(len(upper), dtype=float)
    return np.interp(c - width / 2, c, lower), np.interp(c + width / 2, c, upper)


def open_parts(edges: Edges, rows: Floats, covered: Floats, span: float) -> list[tuple[int, int, float]]:
    """Return where little is seen of a line: first column, last column, and by how much of survival it may be off.

    Parameters
    ----------
    edges, covered
        As for `level`.
    rows
        What that returned.
    span
        Rows between survival 1 and 0.
    """
    wide, found = len(rows), []
    for start, stop in zip(*runs(~edges.seen & np.isnan(covered)), strict=True):
        first, last = max(start - 1, 0), min(stop, wide - 1)
        fall = (rows[last] - rows[first]) / span
        if fall * (stop - start) > _HIDDEN * wide:
            found.append((int(first), int(last), float(fall)))
    hidden = np.isfinite(_middles(edges, juts(edges)))
    for start, stop in zip(*runs(hidden), strict=True):
        height = float(np.median((edges.lower - edges.upper)[start:stop])) / 2 / span
        if stop - start > _MARKED * wide and _HALF * height > _OFF:
            found.append((int(start), int(stop) - 1, _HALF * height))
    told = np.zeros(wide, dtype=bool)
    for first, last, _ in found:
        told[first : last + 1] = True
    return sorted(found + _falls_under_marks(edges, rows, told, span))


def _falls_under_marks(edges: Edges, rows: Floats, told: np.ndarray, span: float) -> list[tuple[int, int, float]]:
    """Return where marks hide so many drops that the level may be off over a window, but for columns told of."""
    height = np.where(edges.seen, edges.bottom - edges.top + 1 - edges.width, 0.0)
    off, window = np.zeros(len(rows)), max(round(_WINDOW * len(rows)), 1)
    apart = np.nan_to_num(np.maximum(np.subtract(*_moved(edges.lower, edges.upper, edges.width)), 0.0), nan=span)
    for start, stop in zip(*runs((juts(edges) > 0) | (height > least_jut(edges))), strict=True):
        if stop - start > edges.width + _SOFT:  # else a drop
            fall = rows[min(stop, len(rows) - 1)] - rows[max(start - 1, 0)]
            between = float(np.quantile(apart[start:stop], _MOST))
            off[start:stop] = _HALF * min(fall, float(np.median(height[start:stop])), between) / span
    c = np.arange(len(rows), dtype=float)
    shifted = (np.interp(c + _SHIFT, c, rows) - np.interp(c - _SHIFT, c, rows)) / 2 / span
    off = np.where(told, 0.0, np.maximum(off - shifted, 0.0))  # a steep part a column aside is as off by much
    much = ndimage.uniform_filter1d(off, window, mode="constant") > _OFF
    near = ndimage.maximum_filter1d(much, window) & (off > 0)
    columns = np.flatnonzero(near)
    groups = np.split(columns, np.flatnonzero(np.diff(columns) > window) + 1) if len(columns) else []
    return [(int(g[0]), int(g[-1]), float(off[g].max())) for g in groups]


def _middles(edges: Edges, jut: Floats) -> Floats:
    """Return the middle of the line where marks that have the line in their middle hide it for longer; NaN elsewhere.

    No drop takes more columns than the line is wide.
    """
    if not are_centred(edges, jut):
        return np.full(len(jut), np.nan)
    height = edges.lower - edges.upper
    covered = (jut > 0) | (height > least_jut(edges))
    for start, stop in zip(*runs(covered), strict=True):
        if stop - start <= edges.width + _SOFT or not jut[start:stop].any():
            covered[start:stop] = False
    return np.where(covered, (edges.upper + edges.lower) / 2, np.nan)


def _within(values: Floats, edges: Edges, jut: Floats) -> Floats:
    """Return levels that lie on the marks where these are, or a width beside them: somewhere in them runs the line.

    An edge that another line hides bounds nothing.
    """
    first = np.where(np.isnan(edges.upper), -np.inf, np.fmin(edges.upper, edges.lower) - edges.width)
    last = np.where(np.isnan(edges.lower), np.inf, np.fmax(edges.upper, edges.lower) + edges.width)
    return np.where(jut > 0, np.clip(values, first, last), values)


def _filled(values: Floats, covered: Floats, first_row: float, drops: np.ndarray) -> Floats:
    """Return levels for columns without one: those of the line that covers it, within the levels on both sides.

    Where no line covers it, as between dashes, the drop is where most of its rows are drawn, else in the middle.
    """
    c = np.arange(len(values))
    known = np.append(-1, np.flatnonzero(np.isfinite(values)))  # before the first column the line is at its beginning
    levels = np.append(min(first_row, np.nanmin(values)), values[known[1:]])
    left = np.searchsorted(known, c, side="right") - 1
    right = np.minimum(np.searchsorted(known, c), len(known) - 1)
    before, after = levels[left], levels[right]
    inside = np.clip(covered, np.minimum(before, after), np.maximum(before, after))
    turn = (known[:-1] + known[1:]) / 2
    for k, (a, b) in enumerate(pairwise(known)):
        if b > a + 1 and drops[max(a, 0) : b].any():
            turn[k] = max(a, 0) + np.argmax(drops[max(a, 0) : b]) + 0.5
    either = np.where(c < np.append(turn, np.inf)[left], before, after)
    return np.where(np.isfinite(values), values, np.where(np.isfinite(covered), inside, either))


def under_marks(trace: Trace, marked: Floats, others: Sequence[Trace]) -> tuple[Trace, Floats]:
    """Return a line with what marks of another colour cover of its end, and its level in each column that they cover.

    Such marks have the line in their middle: a stroke as high as that of one mark alone shows it, and so does one as
    thin as their arms. NaN where strokes of several touch, where another curve is near, and where no mark is.

    Parameters
    ----------
    trace
        The line.
    marked
        Part of each pixel that colours cover of which no curve is.
    others
        The other curves.
    """
    wide = len(trace.path)
    whole = trace.extended(marked.shape[1] - trace.stop)
    top, bottom = _strokes(marked[:, trace.start :] > _ON, whole.path)
    high = bottom - top + 1
    tall = high[(high > _BAR * trace.edges.width) & ~whole.edges.seen]
    if len(tall) < _BARS:
        return trace, np.full(wide, np.nan)
    usual = float(np.quantile(tall, _LOW))
    bar = np.abs(high - usual) <= 1
    middle = np.where(bar | ((high > 0) & (high <= _ARM * trace.edges.width)), (top + bottom) / 2, np.nan)
    for other in others:
        first, stop = max(other.start, trace.start), min(other.stop, whole.stop)
        mine, theirs = whole.path[first - trace.start : stop - trace.start], other.path[first - other.start :]
        near = np.abs(mine - theirs[: stop - first]) <= usual
        middle[first - trace.start : stop - trace.start][near] = np.nan
    middle[whole.edges.seen] = np.nan
    last = np.fmax(trace.edges.upper, trace.edges.lower)[trace.edges.seen][-1]
    starts, ends = runs(~(np.abs(middle[wide:] - last) <= 1))
    apart = starts[ends - starts > usual / 2]  # arms of marks that belong to each other touch, but for soft edges
    bars = np.flatnonzero((bar & (np.abs(middle - last) <= 1))[wide:][: int(apart[0]) if len(apart) else None])
    more = int(bars[-1]) + 1 if len(bars) else 0
    return trace.extended(more), middle[: wide + more]


def _strokes(on: np.ndarray, path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return first and last row of what is drawn at a path, empty where nothing is."""
    c, index = np.arange(len(path)), np.arange(len(on))[:, None]
    above = np.maximum.accumulate(np.where(on, -1, index), axis=0)
    below = np.minimum.accumulate(np.where(on, len(on), index)[::-1], axis=0)[::-1]
    drawn = on[path, c]
    return np.where(drawn, above[path, c] + 1, 0), np.where(drawn, below[path, c] - 1, -1)
