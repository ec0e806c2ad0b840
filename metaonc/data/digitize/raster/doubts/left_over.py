"""Lines that are drawn and of no curve: what is left of a panel's ink where each curve is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from .....base.check import Floats
from ..curves import Trace

_STRONG = 0.5  # of the ink of the palest curve: a line has as much, and bands, grids and soft edges have less
_SHORTEST = (4.0, 0.01)  # widths of a line, and part of the panel: what is shorter is of a mark
_FALL = 0.02  # of survival: what falls by less is of a key, a guide or a grid
_LONG = 0.1  # of the panel: a line that ends on no curve is longer
_THIN, _PART = 2.5, 0.4  # widths of a line, and part of the columns in which it is no thicker: text is
_REACH = 4  # pixels, beyond the width of a curve, within which a line begins at it


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A line of no curve.

    Attributes
    ----------
    start, stop
        First column, and one beyond the last.
    fall
        Rows by which it falls.
    curves
        Those that it comes from or leads to, counted from 0.
    """

    start: int
    stop: int
    fall: float
    curves: tuple[int, ...]


def lines_of(ink: Floats, traces: Sequence[Trace]) -> np.ndarray:
    """Return which pixels are as dark as curves are."""
    return np.asarray(ink > _STRONG * min(_strength(ink, t) for t in traces))


def left_over(drawn: np.ndarray, traces: Sequence[Trace], span: float) -> list[LeftOver]:
    """Return the lines that fall away from curves and are of none, those that lead to another one or far.

    Parameters
    ----------
    drawn
        Which pixels are as dark as curves are, survival falling downwards.
    traces
        The curves.
    span
        Rows between survival 1 and 0.
    """
    drawn = drawn.copy()
    for trace in traces:
        _take(drawn, trace)
    parts, _ = ndimage.label(drawn, np.ones((3, 3)))
    width = float(np.median([t.edges.width for t in traces]))
    least, wide = max(_SHORTEST[0] * width, _SHORTEST[1] * drawn.shape[1]), drawn.shape[1]
    found = []
    for number, (rows, columns) in enumerate(ndimage.find_objects(parts), 1):
        long = columns.stop - columns.start
        if long < least or rows.stop - rows.start < _FALL * span:
            continue
        part = parts[rows, columns] == number
        count = part.sum(axis=0)
        middle = (np.arange(rows.start, rows.stop)[:, None] * part).sum(axis=0) / np.maximum(count, 1)
        fall = float(middle[-1] - middle[0])
        if fall < _FALL * span or (count <= _THIN * width + 1).mean() < _PART:
            continue
        left, right = (_near(traces, rows.start + np.flatnonzero(part[:, k]), columns.start + k) for k in (0, long - 1))
        if left and (right or long > _LONG * wide):
            curves = tuple(sorted({*left, *right}))
            found.append(LeftOver(columns.start, columns.stop, fall, curves))
    return found


def _strength(ink: Floats, trace: Trace) -> float:
    seen = np.flatnonzero(trace.edges.bottom >= trace.edges.top)
    return float(np.median(ink[(trace.edges.top[seen] + trace.edges.bottom[seen]) // 2, trace.start + seen]))


def _take(drawn: np.ndarray, trace: Trace) -> None:
    """Take a curve away, with its drops, what sits on it, and the soft edge around it."""
    edges, margin = trace.edges, int(np.ceil(trace.edges.width / 2)) + 2
    seen = edges.bottom >= edges.top
    top = ndimage.minimum_filter1d(trace.path, 2 * margin + 1, mode="nearest") - margin
    bottom = ndimage.maximum_filter1d(trace.path, 2 * margin + 1, mode="nearest") + margin
    top = np.where(seen, np.minimum(top, edges.top - 1), top)
    bottom = np.where(seen, np.maximum(bottom, edges.bottom + 1), bottom)
    index = np.arange(len(drawn))[:, None]
    drawn[:, trace.start : trace.stop] &= (index < top) | (index > bottom)


def _near(traces: Sequence[Trace], rows: np.ndarray, column: int) -> list[int]:
    """Return the curves that are close to some rows of a column."""
    found = []
    for i, trace in enumerate(traces):
        reach = int(np.ceil(trace.edges.width)) + _REACH
        first = column - trace.start
        near = trace.path[max(first - reach, 0) : max(first + reach + 1, 0)]
        if len(near) and near.min() - reach <= rows.max() and rows.min() <= near.max() + reach:
            found.append(i)
    return found
