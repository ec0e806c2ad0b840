"""The path of a line among marks of its own."""

from __future__ import annotations

import numpy as np

from metaonc.data.digitize.raster.tracing import falling_path, leaves_ink


def test_a_solid_line_does_not_leap_from_arm_to_arm_of_marks():
    """It runs under what another colour draws, and arms of its marks stand out of that."""
    own, other = np.zeros((60, 80)), np.zeros((60, 80))
    own[5, :20] = own[50, 60:] = 1.0
    for step in range(8):  # the line, hidden
        other[5 + 5 * step : 12 + 5 * step, 20 + 5 * step : 26 + 5 * step] = 1.0
    other[45:51, 58:62] = 1.0
    for row, first, stop in ((20, 20, 32), (32, 30, 42), (44, 40, 62)):  # arms beside it
        own[row, first:stop] = 1.0
    match, ink = np.maximum(own, 0.1 * other), (own + other) > 0.3
    leapt = falling_path(match, 5.0, 3.0)
    assert leaves_ink(ink, leapt, 2.0)
    path = falling_path(match, 5.0, 3.0, (), ink)
    assert not leaves_ink(ink, path, 2.0)
    assert path[45] < leapt[45]


def test_dashes_leave_their_ink():
    ink = np.zeros((60, 80), dtype=bool)
    ink[10, :40:2] = ink[40, 40::2] = True
    path = np.repeat([10, 40], 40)
    assert not leaves_ink(ink, path, 2.0)
