"""Between which levels a curve may run: all lines that fall from its beginning to its end through what is drawn.

A bar, or a dot, on a level line is no way of a line that only falls: from below the line none leads back to it. Where
marks lie on drops, their arms make other ways than the one that was read, and each of them may be the line.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .....base.check import Floats
from ..curves import Trace

_ON = 0.5  # covered part of a pixel that is of a line
_SOFT = 0.75  # of a pixel: by which a line may be drawn thinner than it is
_BESIDE = 2  # columns by which a drop may be off: 1.5 pixels in time


def between(own: Floats, others: Floats, trace: Trace, rows: Floats, first_row: float) -> tuple[Floats, Floats]:
    """Return the highest and the lowest level, as rows, that a curve may have in each column.

    Parameters
    ----------
    own, others
        Part of each pixel that its colour covers, but for other curves of it, and that all else does; survival falling
        downwards.
    trace
        The line.
    rows
        Its level in each column, as read.
    first_row
        Row of survival 1.
    """
    columns = slice(trace.start, trace.stop)
    edges, high = trace.edges, len(own)
    hidden = np.isnan(edges.upper) | np.isnan(edges.lower)
    ink = (own[:, columns] > _ON) | ((others[:, columns] > _ON) & hidden)
    side = max(int(edges.width - _SOFT), 1)
    room = np.flip(ndimage.minimum_filter(np.flip(ink), side, origin=-((side - 1) // 2) - 0 if side > 1 else 0))
    room = _eroded(ink, side)
    at = np.clip(np.round(rows - (side - 1) / 2).astype(int), 0, high - 1)
    before = np.append(min(int(max(first_row, 0)), at[0]), at[:-1])
    index = np.arange(high)[:, None]
    read = (index >= np.minimum(before, at)) & (index <= at)
    room |= read
    ways = _reached(room, read[:, 0]) & _reached(room[::-1, ::-1], read[::-1, -1])[::-1, ::-1]
    slack = (edges.width - side) / 2
    top = ways.argmax(axis=0) + (side - 1) / 2 + slack
    bottom = high - 1 - ways[::-1].argmax(axis=0) + (side - 1) / 2 - slack
    return np.minimum(top, rows), np.maximum(bottom, rows)


def _eroded(ink: np.ndarray, side: int) -> np.ndarray:
    """Return where a square of ink begins, of so many rows and columns."""
    room = ink.copy()
    for axis in (0, 1):
        whole = room.copy()
        for k in range(1, side):
            moved = np.zeros_like(room)
            if axis == 0:
                moved[:-k] = room[k:]
            else:
                moved[:, :-k] = room[:, k:]
            whole &= moved
        room = whole
    return room


def _reached(room: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return where lines come to that go right and down from rows of the first column."""
    high = len(room)
    index = np.arange(high)
    out = np.zeros_like(room)
    from_left = first
    for column in range(room.shape[1]):
        free = room[:, column]
        wall = np.maximum.accumulate(np.where(free, -1, index))
        source = np.maximum.accumulate(np.where(from_left & free, index, -1))
        out[:, column] = free & (source > wall)
        from_left = out[:, column]
    return out
