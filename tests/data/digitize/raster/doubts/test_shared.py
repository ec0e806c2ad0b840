"""Curves that run along one line, or one along the other's end."""

from __future__ import annotations

import numpy as np
from line_traces import ONE, trace

from metaonc.data.digitize.raster.doubts.shared import beside, ends_along, one_line


def test_lines_of_two_colours_on_one_another_may_be_one():
    other = trace(np.where(np.arange(200) < 40, ONE + 9, ONE + 1), colour=1)
    assert one_line([trace(ONE), other]) == [(0, 1, 0.8), (1, 0, 0.8)]
    assert one_line([trace(ONE), trace(ONE + 9, colour=1)]) == []


def test_lines_that_start_later_are_compared_where_both_are():
    assert beside(trace(ONE), trace(ONE[50:], start=50)).tolist() == [False] * 50 + [True] * 150


def test_a_curve_that_ends_along_another_may_have_ended_before():
    down = np.repeat([5, 15, 25, 70], 50)
    assert ends_along([trace(ONE), trace(down)]) == [(0, 1, 150), (1, 0, 150)]
    assert ends_along([trace(ONE, seen=160), trace(down, colour=1)]) == [(0, 1, 150)]  # ink of its own shows the other
    assert ends_along([trace(ONE), trace(down[:120], colour=1)]) == []


def test_a_curve_that_goes_on_where_one_of_its_colour_ends_on_it_may_be_that_one():
    other = np.append(np.full(100, 5), np.full(60, 50))
    assert (0, 1, 140) in ends_along([trace(ONE), trace(other[:140])])
    assert ends_along([trace(ONE), trace(other[:140], colour=1, seen=110)]) == [(1, 0, 100)]
