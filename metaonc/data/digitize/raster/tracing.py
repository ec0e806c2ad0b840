"""From how well pixels match a colour to the one falling path through them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import ndimage

from ....base.check import Floats

_STEP = 0.3  # cost of any drop, in pixels of full match
_ROW, _DRAWN = 0.04, 0.95  # cost of each row of a drop, and the part of it that is spared where the row is drawn
_BLANK = 0.15  # cost of a column without any match: less than a dotted line has left of its dots
_SOLID = 0.95  # of its columns that are drawn of a line without dashes
_WHITE = (0.5, 0.4)  # costs of a column and of a row without any ink of a line that has no gaps
_SEEN = 0.5  # match of a pixel that is of the line


def falling_path(
    match: Floats,
    start: float,
    slack: float,
    through: Sequence[tuple[int, float]] = (),
    ink: np.ndarray | None = None,
) -> np.ndarray:
    """Return the row in each column of the path that never rises and gathers most match (dynamic programming).

    The path ends where nothing is worth what lies between, on a pixel that matches: along what only may hide it, it
    would go on past its last drop. Its last row stands for the columns after that.

    Parameters
    ----------
    match
        Rows by columns, 0 to 1; rows count downwards.
    start, slack
        Row where it begins, and how far off that and `through` may be.
    through
        Columns and rows that it passes.
    ink
        Where anything is drawn, for a line without gaps, which runs nowhere else.
    """
    rows, columns = match.shape
    index = np.arange(rows)
    along = np.ascontiguousarray(match.T)  # columns one after the other, as they are gone through
    gain = np.where(along > 0, along, -_BLANK)
    down = np.cumsum(_ROW * (1.0 - _DRAWN * along), axis=1)
    if ink is not None:
        gain -= _WHITE[0] * ~ink.T
        # a stroke that lies over two columns covers neither
        down += np.cumsum(_WHITE[1] * ~ndimage.maximum_filter1d(ink.T, 3, axis=0), axis=1)
    for column, row in through:
        gain[column, np.abs(index - row) > slack] -= columns
    best = np.empty((columns, rows))
    best[0] = np.where(np.abs(index - start) <= slack, gain[0], -np.inf)
    least = max((column for column, _ in through), default=0)
    end, last, most = 0, int(np.argmax(best[0])), -np.inf
    for c in range(1, columns):
        dropped = _dropped(best[c - 1], down[c])
        np.maximum(best[c - 1], dropped, out=best[c])
        best[c] += gain[c]
        ends = np.where(along[c] > _SEEN, best[c], -np.inf)
        row = int(ends.argmax())
        if c >= least and best[c, row] > most:
            end, last, most = c, row, float(best[c, row])
    path = np.full(columns, last, dtype=np.int64)
    for c in range(end, 0, -1):
        path[c - 1] = _before(best[c - 1], down[c], int(path[c]))
    return path


def leaves_ink(ink: np.ndarray, path: np.ndarray, width: float) -> bool:
    """Return whether a solid line was followed down where nothing is drawn, as from arm to arm of marks.

    Parameters
    ----------
    ink
        Where anything is drawn.
    path
        Row in each column, up to the line's end.
    width
        Of the line.
    """
    if ink[path, np.arange(len(path))].mean() < _SOLID:
        return False
    return len(undrawn_falls(ink, path, width)) > 0


def undrawn_falls(ink: np.ndarray, path: np.ndarray, width: float) -> np.ndarray:
    """Return the columns after which a path falls by more rows where nothing is drawn than its line is wide."""
    beside, most = ndimage.maximum_filter1d(ink, 3, axis=1), width + 1
    falls = np.flatnonzero(np.diff(path) > most)
    return np.array([c for c in falls if (~beside[path[c] : path[c + 1] + 1, c]).sum() > most], dtype=int)


def _dropped(best: Floats, down: Floats) -> Floats:
    """Return the best that each row can have by a drop from one above or from itself."""
    top = best + down
    np.maximum.accumulate(top, out=top)
    top -= down
    top -= _STEP
    return top


def _before(best: Floats, down: Floats, row: int) -> int:
    """Return the row from which the best path came to one: the same, or the lowest of the best ones above."""
    raised = best[: row + 1] + down[: row + 1]
    top = raised.max()
    if best[row] >= top - down[row] - _STEP:
        return row
    return row - int(np.argmax(raised[::-1] >= top))
