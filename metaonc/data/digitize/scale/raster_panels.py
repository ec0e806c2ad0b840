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
_PART = 0.01  # of the image: the shortest part of such a line between two that cross it
_FEWEST = 2  # lines of a grid in either direction
_SAME = 0.02  # of the image: by which they may end apart


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
    """Return the first and last column of the faint lines along rows, as most of them have them; None without any."""
    off = ink - np.asarray(ndimage.median_filter(ink, size=(_AROUND, 1)))
    faint = (off > _FAINT) & (off < _STRONG)
    found = []
    for row in faint[faint.sum(axis=1) >= _DRAWN * _LONG * ink.shape[1]]:
        starts, stops = runs(row)
        long = stops - starts >= max(_AROUND, _PART * ink.shape[1])  # the rim of a character is shorter
        if not long.any():
            continue
        first, last = int(starts[long][0]), int(stops[long][-1]) - 1
        if last - first >= _LONG * ink.shape[1] and row[first : last + 1].mean() >= _DRAWN:
            found.append((first, last))
    if len(found) < _FEWEST:
        return None
    usual = np.median(found, axis=0)
    alike = (np.abs(np.array(found) - usual) <= _SAME * ink.shape[1]).all(axis=1)
    if alike.sum() < _FEWEST:
        return None
    first, last = np.median(np.array(found)[alike], axis=0).round().astype(int).tolist()
    return first, last
