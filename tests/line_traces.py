"""Lines of pixels and their ink, made by hand."""

from __future__ import annotations

import numpy as np

from metaonc.data.digitize.raster.curves import Trace
from metaonc.data.digitize.raster.edges import Along, Edges


def trace(path, start=0, colour=0, width=2.0, seen=None):
    """Return a line along a path, of which that many columns are seen; all by default."""
    path = np.asarray(path)
    level = np.where(np.arange(len(path)) < (len(path) if seen is None else seen), path, np.nan)
    edges = Edges(level, level.copy(), path - 1, path, width)
    columns = np.arange(len(path))
    return Trace(colour, start, edges, path, 0, Along(columns, columns < 0, columns >= 0, columns < 0))


def drawn(*paths, high=100):
    """Return the ink of lines of two pixels, with their drops."""
    ink = np.zeros((high, len(paths[0])))
    for path in paths:
        for c, row in enumerate(path):
            ink[row - 1 : row + 1, c] = 200.0
            if c and path[c - 1] < row:
                ink[path[c - 1] : row, c] = 200.0
    return ink


ONE = np.repeat([10, 30, 50, 70], 50)
