"""Between which levels a curve may run: all lines that fall from its beginning to its end through what is drawn.

A bar, or a dot, on a level line is no way of a line that only falls: from below the line none leads back to it. Where
marks lie on drops, or other marks on the line, their arms make other ways than the one that was read, and each of them
may be the line.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from .....base.check import Floats
from ...scale.raster_lines import runs
from ..curves import Trace
from ..edges import Edges
from ..marks import in_rings, juts, least_jut
from ..tracing import undrawn_falls

_ON = 0.5  # covered part of a pixel that is of a line
_SOME = 0.3  # the same on which something is drawn
_SOLID = 0.8  # of its columns in which a line is seen that has no dashes
_SOFT = 0.75  # of a pixel: by which a line may be drawn thinner than it is
_USUAL = 0.5  # quantile of what marks jut out
_ASIDE = 1.5  # pixels of the file by which a drop may be off in time
_OFF, _WINDOW = 0.01, 0.05  # of survival in the mean over a part of the line: as far away another way is told of


def around(cover: Floats, drawn: np.ndarray, traces: Sequence[Trace], trace: Trace) -> tuple[Floats, Floats]:
    """Return which part of each pixel a curve's colour covers, and which all else may that hides it; no other curves.

    Other curves have what they cover to themselves, but for columns in which this one is not seen.

    Parameters
    ----------
    cover
        Colours by rows by columns, survival falling downwards.
    drawn
        Which pixels are as dark as curves are, those too in which colours mix so that they are of none.
    traces
        All curves.
    trace
        The one.
    """
    own = cover[trace.colour]
    others = np.max(np.delete(cover, trace.colour, axis=0), axis=0, initial=0.0)
    mixed = drawn & (own + others <= _ON)
    lines = [(_line(t, own.shape), t.colour == trace.colour) for t in traces if t is not trace]
    unseen = np.ones(own.shape[1], dtype=bool)
    unseen[trace.start : trace.stop] = _unsure(trace, (own + others)[:, trace.start : trace.stop] > _SOME)
    hidden = in_rings(np.where(mixed, 1.0, np.minimum(own + others, 1.0)))
    others = np.where(mixed & unseen, 1.0, others)
    for line, alike in lines:
        others = np.where(line & ~unseen, 0.0, others)
        if alike:
            own = np.where(line & ~unseen, 0.0, own)
    return own, others if hidden is None else np.where(hidden, 1.0, others)


def _unsure(trace: Trace, ink: np.ndarray) -> np.ndarray:
    """Return in which columns a line is not seen, or what is seen may be of marks.

    It is of marks where something juts out, and as far as one reaches from a drop where nothing is drawn.
    """
    edges = trace.edges
    broken = np.zeros(len(edges.top), dtype=bool)
    broken[undrawn_falls(ink, trace.path, edges.width)] = True
    broken = ndimage.maximum_filter1d(broken, 2 * int(np.ceil(_reach(edges))) + 1) & ~_plain(edges)
    return np.asarray(~edges.seen | (juts(edges) > 0) | broken)


def _line(trace: Trace, shape: tuple[int, ...]) -> np.ndarray:
    """Return which pixels a line takes, without what sits on it."""
    index, out = np.arange(shape[0])[:, None], np.zeros(shape, dtype=bool)
    half = (trace.edges.width + 1) / 2
    before = np.append(trace.path[0], trace.path[:-1])
    out[:, trace.start : trace.stop] = (index >= before - half) & (index <= trace.path + half)
    return np.asarray(ndimage.maximum_filter1d(out, 2 * int(half) + 1, axis=1))


def between(own: Floats, others: Floats, trace: Trace, rows: Floats, first_row: float) -> tuple[Floats, Floats]:
    """Return the highest and the lowest level, as rows, that a curve may have in each column.

    Parameters
    ----------
    own, others
        What `around` returned.
    trace
        The line.
    rows
        Its level in each column, as read.
    first_row
        Row of survival 1.
    """
    edges, high = trace.edges, len(own)
    columns = slice(trace.start, trace.stop)
    levels = trace.along.columns[~trace.along.drop]
    over = others[trace.path[levels], trace.start + levels] > _ON
    if (trace.along.drawn[~trace.along.drop] | over).mean() < _SOLID:
        return rows, rows
    ink = own[:, columns] + np.where(_plain(edges), 0.0, others[:, columns]) > _ON
    side = _side(edges)
    room = ndimage.minimum_filter(ink, side, origin=-((side - 1) // 2), mode="constant")  # a square begins here
    at = np.clip(np.round(rows - (side - 1) / 2).astype(int), 0, high - 1)
    before = np.append(min(max(int(first_row), 0), at[0]), at[:-1])
    index = np.arange(high)[:, None]
    read = (index >= before) & (index <= at)
    room |= read
    ways = _reached(room, read[:, 0]) & _reached(room[::-1, ::-1], read[::-1, -1])[::-1, ::-1]
    middle, slack = (side - 1) / 2, (edges.width - side) / 2
    top, bottom = ways.argmax(axis=0) + middle + slack, high - 1 - ways[::-1].argmax(axis=0) + middle - slack
    return np.minimum(top, rows), np.maximum(bottom, rows)


def _side(edges: Edges) -> int:
    """Return the side of the square that a line covers wherever it runs."""
    return max(int(edges.width - _SOFT), 1)


def beside(edges: Edges, zoom: float) -> float:
    """Return by how many columns ways may be apart that are one: by a drop's in time, and what they have room for.

    `zoom` is how much larger the panel is than in the file.
    """
    return _ASIDE * zoom + (edges.width - _side(edges)) / 2


def far(rows: Floats, high: Floats, low: Floats, span: float, aside: float) -> list[tuple[int, int, float]]:
    """Return where a curve may run elsewhere: first and last column, and by how much of survival in the mean.

    Parameters
    ----------
    rows, high, low
        Its level as read, and what `between` returned.
    span
        Rows between survival 1 and 0.
    aside
        What `beside` returned.
    """
    columns, window = np.arange(len(rows), dtype=float), max(round(_WINDOW * len(rows)), 1)
    above = rows - np.interp(columns + aside, columns, high)
    below = np.interp(columns - aside, columns, low) - rows
    off = np.maximum(np.stack([above, below]), 0.0) / span
    mean = ndimage.uniform_filter1d(off, window, axis=1, mode="constant").max(axis=0)
    told = ndimage.maximum_filter1d(mean > _OFF, window) & (off > 0).any(axis=0)
    found = np.flatnonzero(told)
    groups = np.split(found, np.flatnonzero(np.diff(found) > window) + 1) if len(found) else []
    return [(int(g[0]), int(g[-1]), float(mean[g].max())) for g in groups]


def _plain(edges: Edges) -> np.ndarray:
    """Return in which columns a line is seen for longer than a mark is wide, so that it is the line."""
    reach = _reach(edges)
    plain = np.asarray(edges.lower - edges.upper < least_jut(edges))
    for start, stop in zip(*runs(plain), strict=True):
        plain[start:stop] = stop - start > reach
    return plain


def _reach(edges: Edges) -> float:
    """Return how long and high a mark is, by what marks jut out of a line."""
    out = juts(edges)
    return edges.width + (2 * float(np.quantile(out[out > 0], _USUAL)) if (out > 0).any() else 0.0)


def _reached(room: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return where lines come to that go right and down from rows of the first column."""
    index = np.arange(len(room))
    out = np.zeros_like(room)
    source = first
    for column in range(room.shape[1]):
        free = room[:, column]
        wall = np.maximum.accumulate(np.where(free, -1, index))
        begins = np.maximum.accumulate(np.where(source & free, index, -1))
        source = out[:, column] = free & (begins > wall)
    return out
