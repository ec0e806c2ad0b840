"""Between which levels a curve may run, by all that is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from line_traces import ONE, drawn, trace

from metaonc.data.digitize.raster.doubts.ways import around, between, far

ROWS = ONE - 0.5
COVER = (drawn(ONE) > 0).astype(float)
NONE = np.zeros_like(COVER)


def test_a_bar_on_a_level_is_no_way():
    cover = COVER.copy()
    cover[20:42, 60:63] = 1.0
    high, low = between(cover, NONE, trace(ONE), ROWS, 9.5)
    drops = [50, 100, 150]
    np.testing.assert_allclose(np.delete(high, drops), np.delete(low, drops), atol=1.0)
    assert far(ROWS, high, low, 90.0) == []


def test_arms_that_lead_down_elsewhere_are_ways_and_told_of():
    cover = COVER.copy()
    cover[29:31, 100:112] = 1.0  # the arm of one mark, and another mark's that leads down from its end
    cover[29:51, 110:112] = 1.0
    high, low = between(cover, NONE, trace(ONE), ROWS, 9.5)
    assert high[105] == pytest.approx(29.5, abs=0.6)
    assert low[105] == pytest.approx(49.5, abs=0.6)
    [(first, last, off)] = far(ROWS, high, low, 90.0)
    assert 95 <= first <= 103
    assert 107 <= last <= 118
    assert off == pytest.approx(20 / 90 * 9 / 10, abs=0.05)


def test_what_hides_a_line_is_a_way_but_no_other_curve():
    other = np.full(200, 30)
    theirs = (drawn(other) > 0).astype(float)
    cover, mine = np.stack([COVER, theirs]), trace(ONE)
    own, others = around(cover, [mine, trace(other, colour=1)], mine)
    assert own.sum() == COVER.sum()
    assert others.sum() == 0
    unseen = trace(ONE, seen=100)
    others = around(cover, [unseen, trace(other, colour=1)], unseen)[1]
    assert others[:, 100:].sum() == theirs[:, 100:].sum()
