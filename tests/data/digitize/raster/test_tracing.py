"""The path of a line among marks of its own."""

from __future__ import annotations

import numpy as np

from metaonc.data.digitize.raster.tracing import falling_path, leaves_ink


def test_a_solid_line_does_not_leap_to_an_arm_of_a_mark():
    """It runs on under another colour and then falls; the arm stands free of it, and would gather more."""
    own, other = np.zeros((60, 80)), np.zeros((60, 80))
    own[5, :20] = own[40, 40:] = 1.0
    other[5, 20:40], other[5:40, 38:40] = 1.0, 1.0
    own[38, 28:40] = 1.0
    match, ink = np.maximum(own, 0.1 * other), (own + other) > 0.3
    leapt, path = falling_path(match, 5.0, 3.0), falling_path(match, 5.0, 3.0, (), ink)
    assert leapt[30] == 38
    assert leaves_ink(ink, leapt, 2.0)
    assert path[30] == 5
    assert path[-1] == leapt[-1] == 40


def test_dashes_leave_their_ink():
    ink = np.zeros((60, 80), dtype=bool)
    ink[10, :40:2] = ink[40, 40::2] = True
    path = np.repeat([10, 40], 40)
    assert not leaves_ink(ink, path, 2.0)
