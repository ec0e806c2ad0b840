"""Lines that come from above survival 1: no curve does, so that another level was taken for it."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from .....base.check import Floats
from ..curves import Trace
from ..marks import juts

_ON = 0.5  # covered part from which a pixel is of the line
_FIRST = 5  # columns of a line that lead to what it comes from
_RISE = 0.04  # of survival: no mark reaches as far above a line
_MARKS = 2.0  # times what marks jut out of this line


def from_above(over: Floats, own: Floats, trace: Trace, first_row: float, span: float) -> float:
    """Return by how much of survival a curve comes from above survival 1; 0 where nothing leads up from its beginning.

    Parameters
    ----------
    over, own
        Part of each pixel that its colour covers: above the panel, in the first of its columns, and in the panel, other
        curves taken away.
    trace
        The line.
    first_row, span
        Row of survival 1, and rows from there to 0.
    """
    edges = trace.edges
    columns = int(np.argmax(edges.seen)) + np.arange(_FIRST)
    columns = columns[trace.start + columns < min(over.shape[1], trace.stop)]
    if not len(columns):
        return 0.0
    before = slice(trace.start + int(columns[-1]) + 1)
    parts, _ = ndimage.label(np.concatenate([over[:, before], own[:, before]]) > _ON, np.ones((3, 3)))
    index = np.arange(len(own))[:, None]
    line = (index >= edges.top[columns]) & (index <= edges.bottom[columns])
    joined = np.isin(parts, np.setdiff1d(parts[len(over) :, trace.start + columns][line], [0])).any(axis=1)
    if not joined.any():
        return 0.0
    rise = first_row - edges.width / 2 - (float(joined.argmax()) - len(over))
    return rise / span if rise > max(_RISE * span, _MARKS * float(juts(edges).max())) else 0.0
