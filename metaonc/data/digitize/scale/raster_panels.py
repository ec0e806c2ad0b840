"""Panels without axis lines: where their shade, or the faint lines of their grid, ends."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from ....base.check import Floats
from .raster_lines import Line, Span, runs

_LONG = 0.25  # of the image: the shortest side of a panel
_SHADE = 0.03  # ink of a panel's background
_GRID = 10  # pixels: the widest line of a grid on it
_FAINT, _STRONG = 0.015, 0.4  # ink of a line of a grid on white, beyond that of what lies around it
_AROUND = 9  # pixels: what is wider is no such line
_DRAWN = 0.6  # of its columns: curves, marks and words cross it in the others
_PART = 0.01  # of the image: the shortest part of such a line between two that cross it; ticks and rims are shorter
_FEWEST, _SHARED = 2, 0.5  # lines of a grid in either direction, and part of them that is drawn in each column


def panel_sides(ink: Floats) -> tuple[list[Line], list[Line]]:
    """Return the lowest row and the first column of a panel that has a grid on white, else of one that is shaded.

    Bands shade much of a panel too, which then has a grid.

    Parameters
    ----------
    ink
        How far from white each pixel is in any colour.
    """
    gridded = _gridded(ink)
    return gridded if gridded[0] else _shaded(ink)


def _shaded(ink: Floats) -> tuple[list[Line], list[Line]]:
    rows, columns = (runs((ink > _SHADE).mean(axis=k) > _LONG) for k in (1, 0))
    if not len(rows[0]) or not len(columns[0]):
        return [], []
    (top, bottom), (left, right) = (_longest(*part) for part in (rows, columns))
    if bottom - top < _LONG * ink.shape[0] or right - left < _LONG * ink.shape[1]:
        return [], []
    return [Line(bottom, bottom, left, right)], [Line(left, left, top, bottom)]


def _longest(starts: np.ndarray, ends: np.ndarray) -> Span:
    """Return the first and last place of the longest run, bridging the lines of a grid."""
    apart = np.flatnonzero(starts[1:] - ends[:-1] > _GRID)
    starts, ends = starts[np.append(0, apart + 1)], ends[np.append(apart, len(ends) - 1)]
    k = int(np.argmax(ends - starts))
    return int(starts[k]), int(ends[k]) - 1


def _gridded(ink: Floats) -> tuple[list[Line], list[Line]]:
    level, upright = _ends(ink), _ends(ink.T)
    if level is None or upright is None:
        return [], []
    (left, right), (top, bottom) = level, upright
    return [Line(bottom, bottom, left, right)], [Line(left, left, top, bottom)]


def _ends(ink: Floats) -> Span | None:
    """Return the first and last column that the faint lines along rows share, of the widest panel; None without any."""
    off = ink - np.asarray(ndimage.median_filter(ink, size=(_AROUND, 1)))
    faint = (off > _FAINT) & (off < _STRONG)
    lines = faint[faint.sum(axis=1) >= _DRAWN * _LONG * ink.shape[1]]
    if len(lines) < _FEWEST:
        return None
    part = max(_AROUND, round(_PART * ink.shape[1]))
    lines = ndimage.binary_opening(lines, np.ones((1, part), dtype=bool))
    starts, ends = runs(lines.mean(axis=0) > _SHARED)
    if not len(starts):
        return None
    first, last = _longest(starts, ends)
    return (first, last) if last - first >= _LONG * ink.shape[1] else None
