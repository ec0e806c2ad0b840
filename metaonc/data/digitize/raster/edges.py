"""The edges of a line along a path of pixels, and the level between them without what is drawn on the line.

A line of width w shows the level before a drop w/2 too long at its upper edge, and the level after it w/2 too early at
its lower edge. Both edges only fall; where one juts out and comes back, something sits on the line: a censoring mark.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import isotonic_regression

from ....base.check import Floats

_ON = 0.5  # covered part from which a pixel is of the line
_FOREIGN = 0.35  # covered part from which a pixel beside it is of another
_USUAL = 0.3  # quantile of the heights of columns that is the width of a line: marks and drops make others taller
_NEAR = 2  # rows that the line may be off the path
_JUT, _PART = 1.0, 0.5  # pixels, and widths, by which a mark juts out
_DASHED = 0.9  # of the columns: a line that is seen in fewer may have dashes
_TALL = 0.5  # of the usual height of marks: what is lower is none


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """A line, column by column; NaN where it is not seen.

    Attributes
    ----------
    upper, lower
        Levels by its upper and its lower edge: rows, growing downwards.
    top, bottom
        First and last row of its pixels, empty (bottom < top) where none is seen.
    width
        Of the line.
    """

    upper: Floats
    lower: Floats
    top: np.ndarray
    bottom: np.ndarray
    width: float

    @property
    def seen(self) -> np.ndarray:
        """Whether a level is known."""
        return np.isfinite(self.upper) | np.isfinite(self.lower)


def find_edges(cover: Floats, others: Floats, path: np.ndarray) -> Edges:
    """Return the edges of the line through a path.

    Parameters
    ----------
    cover
        Part of each pixel that the line's colour covers.
    others
        The same of all other colours.
    path
        Row in each column.
    """
    rows, columns = cover.shape
    c = np.arange(columns)
    on = cover > _ON
    at = path.copy()
    for off in (-1, 1, -2, 2)[: 2 * _NEAR]:
        other = np.clip(path + off, 0, rows - 1)
        at = np.where(~on[at, c] & on[other, c], other, at)
    index = np.arange(rows)[:, None]
    above = np.maximum.accumulate(np.where(on, -1, index), axis=0)[at, c]
    below = np.minimum.accumulate(np.where(on, rows, index)[::-1], axis=0)[::-1][at, c]
    seen = on[at, c]
    top, bottom = np.where(seen, above + 1, 0), np.where(seen, below - 1, -1)
    padded, foreign = np.pad(cover, ((1, 2), (0, 0))), np.pad(others, ((2, 3), (0, 0)))
    first = top + 0.5 - padded[top + 1, c] - padded[top, c]
    last = bottom - 0.5 + padded[bottom + 1, c] + padded[np.where(seen, bottom + 2, 0), c]
    height = last - first
    width = float(np.quantile(height[seen], _USUAL)) if seen.any() else 1.0
    free_above = np.maximum(foreign[top + 1, c], foreign[top, c]) < _FOREIGN
    free_below = (
        np.maximum(foreign[np.where(seen, bottom + 3, 0), c], foreign[np.where(seen, bottom + 4, 0), c]) < _FOREIGN
    )
    thin = height <= width - max(_JUT, _PART * width)
    seen &= ~(thin & free_above & free_below)  # the end of a dash, off its level
    upper = np.where(seen & free_above, first + width / 2, np.nan)
    lower = np.where(seen & free_below, last - width / 2, np.nan)
    return Edges(upper, lower, top, bottom, width)


@dataclass(frozen=True, slots=True, eq=False)
class Along:
    """The pixels along a line, those of its drops too.

    Attributes
    ----------
    columns
        Where they are; those of a drop where the level before it ends.
    drop
        Whether they are of a drop.
    drawn
        Whether they are drawn.
    """

    columns: np.ndarray
    drop: np.ndarray
    drawn: np.ndarray

    def part(self, start: int, stop: int) -> Along:
        """Return those between columns."""
        chosen = (self.columns >= start) & (self.columns < stop)
        return Along(self.columns[chosen], self.drop[chosen], self.drawn[chosen])


def find_along(cover: Floats, path: np.ndarray, edges: Edges) -> Along:
    """Return the pixels along a line.

    Parameters
    ----------
    cover, path
        As for `find_edges`.
    edges
        What that returned.
    """
    between = np.maximum(np.diff(path, append=path[-1]) - 1, 0)
    columns = np.repeat(np.arange(len(path)), between + 1)
    first = np.cumsum(between + 1) - between - 1
    down = np.arange(len(columns)) - first[columns]  # 0 on the level, then the rows of the drop after it
    beside = np.clip(columns + np.arange(3)[:, None], 0, cover.shape[1] - 1)
    dropping = (cover[path[columns] + down, beside] > _ON).any(axis=0)
    return Along(columns, down > 0, np.where(down == 0, (edges.bottom >= edges.top)[columns], dropping))


def level(edges: Edges, along: Along, covered: Floats, first_row: float) -> Floats:
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
    """
    jut = juts(edges)
    upper = np.where(jut > 0, np.nan, edges.upper)
    lower = np.where(jut > 0, np.nan, edges.lower)
    upper, lower = np.where(np.isnan(upper), lower, upper), np.where(np.isnan(lower), upper, lower)
    drops = np.bincount(along.columns[along.drop & along.drawn], minlength=len(upper))
    upper, lower = (_filled(values, covered, first_row, drops) for values in (upper, lower))
    shift, c = edges.width / 2, np.arange(len(upper), dtype=float)
    moved = (np.interp(c + shift, c, upper) + np.interp(c - shift, c, lower)) / 2
    moved[_last_drop(edges, jut) :] = lower[-1]
    return np.asarray(isotonic_regression(moved).x)


def _last_drop(edges: Edges, jut: Floats) -> int:
    """Return the column of a drop with which a line ends, that of its end where it ends level or with a mark."""
    stop = len(edges.lower)
    tall = edges.lower - edges.upper > max(_JUT, _PART * edges.width)
    stroke = stop - int(np.argmin(np.append(tall[::-1], False)))  # where the columns begin that show the drop whole
    if stroke == stop or (jut[stroke:] > 0).any():
        return stop
    return min(stroke + round(edges.width / 2), stop - 1)


def juts(edges: Edges) -> Floats:
    """Return by how many rows something juts out of the line in each column, above or below; 0 where nothing does."""
    upper = np.where(np.isnan(edges.upper), -np.inf, edges.upper)
    lower = np.where(np.isnan(edges.lower), np.inf, edges.lower)
    out_above = np.maximum.accumulate(upper) - edges.upper
    out_below = edges.lower - np.minimum.accumulate(lower[::-1])[::-1]
    least = max(_JUT, _PART * edges.width)
    out = np.fmax(np.nan_to_num(out_above, nan=0.0), np.nan_to_num(out_below, nan=0.0))
    return np.where(out > least, out, 0.0)


def marks(edges: Edges) -> Floats:
    """Return the middles of the columns where marks sit on the line."""
    jut = juts(edges)
    out = np.flatnonzero(jut > 0)
    if not len(out):
        return np.array([])
    groups = np.split(out, np.flatnonzero(np.diff(out) > max(1.5 * edges.width, 2)) + 1)
    heights = np.array([jut[g].max() for g in groups])
    least = edges.width if edges.seen.mean() < _DASHED else 0.0  # drops that end between dashes jut out by less
    tall = heights >= max(_TALL * np.median(heights), least)
    return np.array([np.average(g, weights=jut[g]) for g, high in zip(groups, tall, strict=True) if high])


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
