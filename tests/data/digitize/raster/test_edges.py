"""The width of a line, which marks make taller in most of its columns."""

from __future__ import annotations

import numpy as np
import pytest

from metaonc.data.digitize.raster.edges import find_edges


def test_dense_marks_are_no_width():
    cover = np.zeros((60, 200))
    cover[29:31] = 1.0
    for start in range(0, 200, 10):
        for step in range(8):  # a triangle, which leaves two columns of each ten
            cover[29 - step // 2 : 36, start + step] = 1.0
    edges = find_edges(cover, np.zeros_like(cover), np.full(200, 30))
    assert edges.width == pytest.approx(2.0)
    assert edges.seen.all()
