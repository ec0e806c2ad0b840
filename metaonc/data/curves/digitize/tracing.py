"""From how well pixels match a colour to the one falling path through them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...._check import Floats

_STEP = 0.3  # cost of any drop, in pixels of full match
_ROW = 0.02  # cost of each row of a drop


def falling_path(match: Floats, start: float, slack: float, through: Sequence[tuple[int, float]] = ()) -> np.ndarray:
    """Return the row in each column of the path that never rises and gathers most match (dynamic programming).

    Parameters
    ----------
    match
        Rows by columns, 0 to 1; rows count downwards.
    start, slack
        Row where it begins, and how far off that and `through` may be.
    through
        Columns and rows that it passes.
    """
    rows, columns = match.shape
    index = np.arange(rows)
    match = match.copy()
    for column, row in through:
        match[np.abs(index - row) > slack, column] -= columns
    best = np.where(np.abs(index - start) <= slack, match[:, 0], -np.inf)
    came = np.zeros((columns, rows), dtype=np.int32)
    for c in range(1, columns):
        raised = best + _ROW * index
        top = np.maximum.accumulate(raised)
        holder = np.maximum.accumulate(np.where(raised >= top, index, 0))
        dropped = top - _ROW * index - _STEP
        stay = best >= dropped
        came[c] = np.where(stay, index, holder)
        best = np.where(stay, best, dropped) + match[:, c]
    path = np.empty(columns, dtype=np.int64)
    path[-1] = int(np.argmax(best))
    for c in range(columns - 1, 0, -1):
        path[c - 1] = came[c, path[c]]
    return path
