"""From how well pixels match a colour to the one falling path through them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....base.check import Floats

_STEP = 0.3  # cost of any drop, in pixels of full match
_ROW, _DRAWN = 0.02, 0.9  # cost of each row of a drop, and the part of it that is spared where the row is drawn
_BLANK = 0.15  # cost of a column without any match: less than a dotted line has left of its dots


def falling_path(match: Floats, start: float, slack: float, through: Sequence[tuple[int, float]] = ()) -> np.ndarray:
    """Return the row in each column of the path that never rises and gathers most match (dynamic programming).

    The path ends where nothing is worth what lies between; its last row stands for the columns after that.

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
    gain = np.where(match > 0, match, -_BLANK)
    for column, row in through:
        gain[np.abs(index - row) > slack, column] -= columns
    down = np.cumsum(_ROW * (1.0 - _DRAWN * match), axis=0)
    best = np.where(np.abs(index - start) <= slack, gain[:, 0], -np.inf)
    came = np.zeros((columns, rows), dtype=np.int32)
    least = max((column for column, _ in through), default=0)
    end, last, most = 0, int(np.argmax(best)), -np.inf
    for c in range(1, columns):
        raised = best + down[:, c]
        top = np.maximum.accumulate(raised)
        holder = np.maximum.accumulate(np.where(raised >= top, index, 0))
        dropped = top - down[:, c] - _STEP
        stay = best >= dropped
        came[c] = np.where(stay, index, holder)
        best = np.where(stay, best, dropped) + gain[:, c]
        row = int(np.argmax(best))
        if c >= least and best[row] > most:
            end, last, most = c, row, float(best[row])
    path = np.full(columns, last, dtype=np.int64)
    for c in range(end, 0, -1):
        path[c - 1] = came[c, path[c]]
    return path
