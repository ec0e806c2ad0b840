"""Where a level lies off all ink, though the line was followed there: marks were taken for the line."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .....base.check import Floats
from ...scale.raster_lines import runs
from ..curves import Trace

_OFF, _WINDOW = 0.01, 0.05  # of survival in the mean over a part of the line, from which it is told of


def off_ink(drawn: np.ndarray, trace: Trace, rows: Floats, span: float) -> list[tuple[int, int, float]]:
    """Return first and last column, from the line's start, and by how much of survival it lies off the nearest ink.

    Parameters
    ----------
    drawn
        Which pixels are drawn, survival falling downwards.
    trace
        The line.
    rows
        Its level in each column.
    span
        Rows between survival 1 and 0.
    """
    part = drawn[:, trace.start : trace.stop]
    reach = int(np.ceil(trace.edges.width))
    part = ndimage.maximum_filter1d(part, 2 * reach + 1, axis=1)  # a drop may lie a little to either side
    high, index = len(part), np.arange(len(part))[:, None]
    above = np.maximum.accumulate(np.where(part, index, -high), axis=0)
    below = np.minimum.accumulate(np.where(part, index, 2 * high)[::-1], axis=0)[::-1]
    at, columns = np.clip(np.round(rows).astype(int), 0, high - 1), np.arange(part.shape[1])
    off = np.minimum(rows - above[at, columns], below[at, columns] - rows) - trace.edges.width / 2 - 1
    off = np.where(trace.edges.seen, np.clip(off, 0.0, span), 0.0) / span
    window = max(round(_WINDOW * len(off)), 1)
    much = ndimage.maximum_filter1d(ndimage.uniform_filter1d(off, window, mode="constant") > _OFF, window)
    return [(int(a), int(b) - 1, float(off[a:b].max())) for a, b in zip(*runs(much & (off > 0)), strict=True)]
