"""The edges of a line along a path of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....base.check import Floats

_ON = 0.5  # covered part from which a pixel is of the line
_FOREIGN = 0.35  # covered part from which a pixel beside it is of another
_USUAL = 0.3  # quantile of the heights of columns that is the width of a line: marks and drops make others taller
_SOLID = 0.9  # of the columns up to its end in which a solid line is seen
_LOWEST, _FEWER = 0.5, 0.1  # pixels around a height, and part of the columns that have it, by which it may be a line's
_MARKED = 1.5  # times that, from which the usual height is one of marks
_FREE = 0.1  # of the columns of a line: as many show its width where no other touches it
_NEAR = 2  # rows that the line may be off the path
_ASIDE = 8.0  # widths to either side of a drop in which a line may fall that went along the arm of a mark
_OFF, _PART = 1.0, 0.5  # pixels, and widths, by which a column is too thin for its line


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

    def part(self, start: int, stop: int) -> Edges:
        """Return those between columns."""
        cut = slice(start, stop)
        return Edges(self.upper[cut], self.lower[cut], self.top[cut], self.bottom[cut], self.width)

    def extended(self, columns: int) -> Edges:
        """Return those with so many further columns in which the line is not seen."""
        upper, lower = (np.append(v, np.full(columns, np.nan)) for v in (self.upper, self.lower))
        top, bottom = np.append(self.top, np.zeros(columns, int)), np.append(self.bottom, np.full(columns, -1))
        return Edges(upper, lower, top, bottom, self.width)


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
    free_above = np.maximum(foreign[top + 1, c], foreign[top, c]) < _FOREIGN
    free_below = (
        np.maximum(foreign[np.where(seen, bottom + 3, 0), c], foreign[np.where(seen, bottom + 4, 0), c]) < _FOREIGN
    )
    free = seen & free_above & free_below
    whole = free if free.mean() > _FREE * seen.mean() else seen  # another line that covers a part makes it thinner
    solid = seen.any() and seen[: int(np.flatnonzero(seen)[-1]) + 1].mean() > _SOLID
    width = _width(height[whole], solid) if seen.any() else 1.0
    thin = height <= width - max(_OFF, _PART * width)
    seen &= ~(thin & free_above & free_below)  # the end of a dash, off its level
    upper = np.where(seen & free_above, first + width / 2, np.nan)
    lower = np.where(seen & free_below, last - width / 2, np.nan)
    return Edges(upper, lower, top, bottom, width)


def _width(heights: Floats, solid: bool) -> float:
    """Return the width of a line by the heights of its columns, most of which may be those of marks.

    Columns of a solid line without a mark have one height, and marks have many, so that the lowest that several have is
    the line's; ends of dashes are lower.
    """
    heights = np.sort(heights)
    usual = float(np.quantile(heights, _USUAL))
    alike = np.searchsorted(heights, heights + _LOWEST) - np.searchsorted(heights, heights - _LOWEST)
    several = np.flatnonzero(alike > _FEWER * len(heights))
    if not solid or not len(several):
        return usual
    lowest = float(heights[several[0]])
    return lowest if usual > _MARKED * lowest else usual


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
    aside
        Whether their row is drawn in columns around, where the line may fall instead.
    """

    columns: np.ndarray
    drop: np.ndarray
    drawn: np.ndarray
    aside: np.ndarray

    def part(self, start: int, stop: int) -> Along:
        """Return those between columns."""
        chosen = (self.columns >= start) & (self.columns < stop)
        return Along(self.columns[chosen], self.drop[chosen], self.drawn[chosen], self.aside[chosen])


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
    row = path[columns] + down
    dropping = (cover[row, beside] > _ON).any(axis=0)
    count, reach = np.pad(np.cumsum(cover > _ON, axis=1), ((0, 0), (1, 0))), int(np.ceil(_ASIDE * edges.width))
    last = cover.shape[1]
    aside = count[row, np.minimum(columns + reach + 1, last)] > count[row, np.maximum(columns - reach, 0)]
    return Along(columns, down > 0, np.where(down == 0, (edges.bottom >= edges.top)[columns], dropping), aside)
