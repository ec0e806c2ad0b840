"""Where a line might have gone another way: ink of its colour that leaves it and comes back to it further on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from .....base.check import Floats
from ..edges import Along, Edges

_ON = 0.5  # covered part of a pixel that is of a line
_SHORTEST = (4.0, 0.01)  # widths of the line, and part of the panel: what is shorter is of a mark
_SOLID, _JOINED = 0.8, 0.3  # of its columns in which a solid line is seen; of the rows of a drop that are drawn
_MISSING = 0.7  # of the height of a drop that is looked at: rows of it that are not drawn
_ASIDE = 0.8  # of these rows that are drawn beside the drop
_NEAR = 2  # pixels, beyond the width, within which it leaves the line
_OFF, _WINDOW = 0.01, 0.05  # of survival in the mean over a part of the line, from which it is told of
Route = tuple[int, int, float]  # first and last column from the line's start, and rows that lie between


def other_routes(left: Floats, start: int, edges: Edges) -> tuple[Route, ...]:
    """Return where what is left of a colour, all lines of it taken away, leaves a line and comes back.

    A sample in a key that a line crosses does so, and so does the line where its path went along the sample.

    Parameters
    ----------
    left
        Covered part of each pixel.
    start
        First column of the line.
    edges
        From there to its end.
    """
    stop = start + len(edges.top)
    parts, _ = ndimage.label(left[:, start:stop] > _ON, np.ones((3, 3)))
    least = max(_SHORTEST[0] * edges.width, _SHORTEST[1] * left.shape[1])
    found = []
    for number, (rows, columns) in enumerate(ndimage.find_objects(parts), 1):
        if columns.stop - columns.start < least:
            continue
        drawn = parts[rows, columns] == number
        index = np.arange(rows.start, rows.stop)[:, None]
        middle = (index * drawn).sum(axis=0) / np.maximum(drawn.sum(axis=0), 1)
        off = np.abs(middle - (edges.top + edges.bottom)[columns] / 2)[edges.seen[columns]]
        ends = ((columns.start, middle[0]), (columns.stop - 1, middle[-1]))
        if len(off) and all(_touches(edges, column, row) for column, row in ends):
            found.append((columns.start, columns.stop - 1, float(off.mean())))
    return tuple(found)


def doubtful(routes: Sequence[Route], length: int, span: float) -> list[Route]:
    """Return the routes by which a line may be off in the mean over a part of it, alone or together.

    `length` are its columns, `span` the rows between survival 1 and 0.
    """
    off, window = np.zeros(length), max(round(_WINDOW * length), 1)
    kept = [route for route in routes if route[0] < length]
    for first, last, rows in kept:
        part = slice(first, min(last, length - 1) + 1)
        off[part] = np.maximum(off[part], rows / span)
    much = ndimage.uniform_filter1d(off, window, mode="constant") > _OFF
    near = ndimage.maximum_filter1d(much, window)
    return [route for route in kept if near[route[0] : route[1] + 1].any()]


def undrawn_drops(along: Along, covered: Floats, tall: float) -> list[tuple[int, int]]:
    """Return column and rows of drops, taller than so many rows, that a solid line does not show in its own colour.

    Where another line is near before it and after it (`covered`, NaN elsewhere), both fall together and that hides it.
    """
    if along.drawn[~along.drop].mean() < _SOLID:
        return []
    columns, drop = along.columns[along.drop], along.drawn[along.drop]
    rows, drawn = np.bincount(columns), np.bincount(columns, drop)
    aside = np.bincount(columns, along.aside[along.drop] & ~drop)  # the line may have fallen there, past a mark's arm
    past = (aside > _MISSING * tall) & (aside > _ASIDE * (rows - drawn))
    found = np.flatnonzero((rows > tall) & ((drawn < _JOINED * rows) | past))
    last = len(covered) - 1
    beside = np.isfinite(covered[np.maximum(found - 1, 0)]) & np.isfinite(covered[np.minimum(found + 2, last)])
    return [(int(c), int(rows[c])) for c in found[~beside]]


def _touches(edges: Edges, column: int, row: float) -> bool:
    """Return whether a line is seen close to a place."""
    reach = int(np.ceil(edges.width)) + _NEAR
    near = slice(max(column - reach, 0), column + reach + 1)
    high, low = edges.top[near][edges.seen[near]], edges.bottom[near][edges.seen[near]]
    return bool(((high - reach <= row) & (row <= low + reach)).any())
