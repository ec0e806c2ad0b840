"""The curves of a panel of pixels: which lines of which colours fall from survival 1, and where each ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ....base.check import Floats
from ..scale.raster_lines import runs
from .areas import is_grid
from .colours import Inks, is_mixture
from .doubts.routes import Route, other_routes
from .edges import Along, Edges, find_along, find_edges
from .ends import hidden_before, leg, may_begin, near, with_whole_stroke
from .marks import without_rising
from .tracing import falling_path, leaves_ink

_ON = 0.5  # covered part of a pixel that is of a line
_LEFT = 0.3  # the same of what no line has taken
_START = 0.02  # of the axis: by which a curve may begin off survival 1
_HIDDEN = 0.1  # match of pixels of other lines, under which this one may lie
_GAP = 0.04  # of the panel: the longest part that may be missing, but where another line covers it
_SHORT = 0.1  # of the panel: the shortest curve
_CLOSE = 3.5  # widths of a line within which marks lie
_ALONG = 0.75  # of a line's columns that lie so close to another: marks along it
_SHORTER = 0.35  # of the line before: a second line of the same colour is longer, or it is a key
_DENSE = 0.3  # of its columns in which a line is seen or covered, also a dotted one
_ASIDE = 2.5  # widths by which the bar of a cross reaches beyond a drop
_JOINED = {True: 0.4, False: 0.15}  # of the rows of a tall drop that are drawn, of a solid and of a dashed line
_SOLID = 0.95  # of the columns in which a solid line is seen
_SOFT = 0.3  # covered part of a pixel on which something is drawn
_MOST = 6  # lines of one colour
_THICK = 0.03  # of the panel's height: what is thicker is an area
_BESIDE = 0.5  # of a line's columns in which it touches others: it may be their mixture
_NEAR_SEED = 4  # pixels around a seed in which its line is drawn


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One line of pixels.

    Attributes
    ----------
    colour
        Number of its ink.
    start
        First column.
    edges
        From there to its end.
    path
        Rows that it was found along.
    rest
        Columns after its end in which more of its colour is seen.
    along, routes
        The pixels along it, and where it might have gone another way.
    """

    colour: int
    start: int
    edges: Edges
    path: np.ndarray
    rest: int
    along: Along
    routes: tuple[Route, ...] = ()

    @property
    def stop(self) -> int:
        """One beyond its last column."""
        return self.start + len(self.path)

    def extended(self, columns: int) -> Trace:
        """Return it with so many further columns, in which it goes on level and is not seen."""
        path = np.append(self.path, np.full(columns, self.path[-1]))
        return replace(self, path=path, edges=self.edges.extended(columns))


def find_traces(cover: Floats, inks: Inks, first_row: float, span: float, start: int) -> list[Trace]:
    """Return the lines that fall from a row, those of each colour with the best seen first.

    Parameters
    ----------
    cover
        Which part of each pixel of the panel lines of each colour cover, survival falling downwards.
    inks
        The colours.
    first_row
        Row of survival 1.
    span
        Rows between survival 1 and 0.
    start
        Column of time 0.
    """
    found: list[Trace] = []
    grey = inks.grey
    for k in range(len(inks) - inks.beside):
        own = cover[k].copy()
        if is_grid(own) or (own > _ON).any(axis=0).mean() < _SHORT / 2:
            continue
        others = np.max(np.delete(cover, k, axis=0), axis=0, initial=0.0)
        faint = _ON if grey[k] else _SOFT  # what is as faint may be of letters, where it has no colour
        for _ in range(_MOST):
            trace = _best(own, others, k, first_row, span, start, faint=faint)
            if trace is None or _is_rest(trace, [t for t in found if t.colour == k]):
                break
            found.append(trace)
            taken = _pixels(trace, own.shape)
            others, own = np.maximum(others, np.where(taken, own, 0.0)), np.where(taken, 0.0, own)
        found = [_with_rest(t, own) if t.colour == k else t for t in found]
    return _unmixed(found, inks, cover.shape[1:])


def _with_rest(trace: Trace, left: Floats) -> Trace:
    """Return a line that tells of what is left of its colour: after its end, level with it or below, and beside it."""
    below = int(trace.path[-1] - 2 * trace.edges.width)
    further = int((left[max(below, 0) :, trace.stop :] > _LEFT).any(axis=0).sum())
    return replace(trace, rest=max(trace.rest, further), routes=other_routes(left, trace.start, trace.edges))


def seeded_traces(
    cover: Floats, first_row: float, span: float, start: int, seeds: Sequence[Sequence[tuple[int, float]]]
) -> list[Trace | None]:
    """Return the line through each set of columns and rows; None where no line of one colour goes there."""
    colours = [int(np.argmax(sum(_around(cover, *place) for place in points))) for points in seeds]

    def traced(i: int, own: Floats, taken: Floats) -> Trace | None:
        k = colours[i]
        others = np.maximum(np.max(np.delete(cover, k, axis=0), axis=0, initial=0.0), taken)
        return _best(own, others, k, first_row, span, start, seeds[i])

    first = [traced(i, cover[k], np.zeros_like(cover[k])) for i, k in enumerate(colours)]
    seen = [0 if trace is None else int(trace.edges.seen.sum()) for trace in first]
    found: list[Trace | None] = [None] * len(seeds)
    left, taken = cover.copy(), np.zeros_like(cover)
    for i in sorted(
        range(len(seeds)), key=lambda i: -seen[i]
    ):  # the best seen first, as a solid line before a dashed one
        k = colours[i]
        trace = found[i] = traced(i, left[k], taken[k])
        if trace is not None:
            gone = _pixels(trace, left[k].shape)
            taken[k], left[k] = np.maximum(taken[k], np.where(gone, left[k], 0.0)), np.where(gone, 0.0, left[k])
    return found


def _around(cover: Floats, column: int, row: float) -> Floats:
    """Return how much of a pixel near a place each colour covers."""
    rows = slice(max(round(row) - _NEAR_SEED, 0), round(row) + _NEAR_SEED + 1)
    columns = slice(max(column - _NEAR_SEED, 0), column + _NEAR_SEED + 1)
    return np.asarray(cover[:, rows, columns].max(axis=(1, 2), initial=0.0))


def _is_rest(trace: Trace, before: list[Trace]) -> bool:
    """Return whether a line is what is left of those before: a key, or marks along them."""
    if not before:
        return False
    close = np.zeros(len(trace.path), dtype=bool)
    for other in before:
        stop = min(len(trace.path), len(other.path))
        close[:stop] |= np.abs(trace.path[:stop] - other.path[:stop]) <= _CLOSE * other.edges.width + 2
    return len(trace.path) < _SHORTER * len(before[-1].path) or bool(close[trace.edges.seen].mean() > _ALONG)


def _unmixed(found: list[Trace], inks: Inks, shape: tuple[int, ...]) -> list[Trace]:
    """Return the traces without those of colours that other lines make where they touch."""
    strong = sorted(found, key=lambda t: -int(t.edges.seen.sum()))
    kept: list[Trace] = []
    drawn = np.zeros(shape, dtype=bool)
    for trace in strong:
        e = trace.edges
        columns = np.flatnonzero(e.seen)
        top, bottom = e.top[columns], e.bottom[columns]
        rows = np.clip(np.stack([top - 2, top, bottom, bottom + 2]), 0, shape[0] - 1)
        beside = drawn[rows, trace.start + columns].any(axis=0).mean()
        if beside > _BESIDE and is_mixture(inks, trace.colour, [t.colour for t in kept]):
            continue
        kept.append(trace)
        drawn |= _pixels(trace, shape)
    return [t for t in found if any(t is k for k in kept)]


def _best(
    own: Floats,
    others: Floats,
    k: int,
    first_row: float,
    span: float,
    start: int,
    through: Sequence[tuple[int, float]] = (),
    faint: float = _ON,
) -> Trace | None:
    """Return the line of a colour that is best seen, None where none of it is a curve.

    Strokes that lead to it and down from it cover more than a `faint` part of a pixel.

    Where more of it follows below a short last level, that may be a key's line which it crosses: it is followed once
    more without it, and the longer one is taken.
    """
    trace = _followed(own, others, k, (first_row, span, start), through, faint)
    while trace is not None and trace.rest > _GAP * own.shape[1]:
        level = np.flatnonzero(np.abs(trace.path - trace.path[-1]) <= trace.edges.width)
        if len(level) > _SHORT * own.shape[1]:
            break
        own = own.copy()
        row, reach = int(trace.path[-1]), int(np.ceil(trace.edges.width)) + 1
        own[max(row - reach, 0) : row + reach + 1, trace.start + level] = 0.0
        other = _followed(own, others, k, (first_row, span, start), through, faint, again=True)
        if other is None or other.edges.seen.sum() <= trace.edges.seen.sum():
            break
        trace = other
    return trace


def _followed(
    own: Floats,
    others: Floats,
    k: int,
    scale: tuple[float, float, int],
    through: Sequence[tuple[int, float]],
    faint: float,
    again: bool = False,
) -> Trace | None:
    """Return the line along the best path through a colour, None where it is no curve.

    Where it is followed `again`, without a level that may be its own, a tall drop is one only where it is drawn.
    """
    first_row, span, start = scale
    slack, wide = max(_START * span, 3.0), own.shape[1]
    if (own[:, start:] > _ON).any(axis=0).sum() < _SHORT * wide / 2 or not may_begin(
        own, others, first_row, span, start
    ):
        return None
    match = np.clip((own[:, start:] - 0.3) / 0.45, 0.0, 1.0)
    passed = [(column - start, row) for column, row in through if start <= column < own.shape[1]]
    match = np.maximum(match, _HIDDEN * (others[:, start:] > _ON))
    path = falling_path(match, first_row, slack, passed)
    edges = find_edges(own[:, start:], others[:, start:], path)
    ink = np.maximum(own, others)[:, start:] > _SOFT
    if edges.seen.any() and leaves_ink(ink, path[: int(np.flatnonzero(edges.seen)[-1]) + 1], edges.width):
        path = falling_path(match, first_row, slack, passed, ink)
        edges = find_edges(own[:, start:], others[:, start:], path)
    if not edges.seen.any() or edges.width > max(_THICK * len(own), 6.0):
        return None
    hidden = near(others[:, start:], path, int(np.ceil(edges.width)) + 1)
    late = hidden_before(own, others, edges, start, (first_row, slack), faint)
    if late is None:
        return None
    hidden[:late] = True
    stop = _end(np.maximum(own, others)[:, start:] > faint, edges, hidden, again)
    stop -= leg(edges.part(0, stop))
    part = with_whole_stroke(edges.part(0, stop), own[:, start:], others[:, start:])
    if stop < _SHORT * wide or part.seen.sum() < max(_DENSE * (~hidden[:stop]).sum(), _SHORT * wide / 2):
        return None
    if float(np.nanmax(np.fmax(part.lower, part.upper))) - first_row <= slack:
        return None
    along = find_along(own[:, start:], path[:stop], part)
    return Trace(k, start, without_rising(part), path[:stop], int(edges.seen[stop:].sum()), along)


def _end(drawn: np.ndarray, edges: Edges, hidden: np.ndarray, again: bool) -> int:
    """Return the column after which nothing of the line follows that hangs together with it."""
    seen = edges.seen
    missing = ~(seen | hidden | (edges.bottom >= edges.top))  # ink beside another line's has no edge
    starts, ends = runs(missing)
    long = ends - starts > max(_GAP * len(seen), 4)
    stop = int(starts[long][0]) if long.any() else len(seen)
    stop = min(stop, int(np.flatnonzero(seen)[-1]) + 1) if seen.any() else 0
    where = np.flatnonzero(seen[:stop])
    joined = _JOINED[again or bool(seen[:stop].sum() >= _SOLID * (~hidden[:stop]).sum())]
    tall, aside = max(4 * edges.width, 8.0), int(np.ceil(_ASIDE * edges.width)) + 1  # a mark may hide a drop's place
    for a, b in pairwise(where):
        high, low = edges.bottom[a], edges.top[b]
        if low - high > tall and drawn[high : low + 1, max(a - aside, 0) : b + 1 + aside].any(axis=1).mean() < joined:
            return int(a) + 1
    return stop


def _pixels(trace: Trace, shape: tuple[int, ...]) -> np.ndarray:
    """Return which pixels a line takes, with what sits on it and the soft edge around it."""
    index, taken = np.arange(shape[0])[:, None], np.zeros(shape, dtype=bool)
    e = trace.edges
    taken[:, trace.start : trace.stop] = (index >= e.top - 1) & (index <= e.bottom + 1) & e.seen
    return taken
