"""Between which levels a curve may run, by all that is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from line_traces import ONE, drawn, trace

from metaonc.data.digitize.raster.doubts.ways import around, beside, between, far

ROWS = ONE - 0.5
COVER = (drawn(ONE) > 0).astype(float)
NONE = np.zeros_like(COVER)
NOTHING = NONE > 0


def test_a_bar_on_a_level_is_no_way():
    cover = COVER.copy()
    cover[20:42, 60:63] = 1.0
    high, low = between(cover, NONE, trace(ONE), ROWS, 9.5)
    drops = [50, 100, 150]
    np.testing.assert_allclose(np.delete(high, drops), np.delete(low, drops), atol=1.0)
    assert far(ROWS, high, low, 90.0, 2.0) == []


def test_arms_that_lead_down_elsewhere_are_ways_and_told_of():
    cover = COVER.copy()
    cover[29:31, 100:112] = 1.0  # the arm of one mark, and another mark's that leads down from its end
    cover[29:51, 110:112] = 1.0
    high, low = between(cover, NONE, trace(ONE), ROWS, 9.5)
    assert high[105] == pytest.approx(29.5, abs=0.6)
    assert low[105] == pytest.approx(49.5, abs=0.6)
    [(first, last, off)] = far(ROWS, high, low, 90.0, 2.0)
    assert 95 <= first <= 103
    assert 107 <= last <= 118
    assert off == pytest.approx(20 / 90 * 9 / 10, abs=0.05)


def test_what_hides_a_line_is_a_way_but_no_other_curve():
    other = np.full(200, 30)
    theirs = (drawn(other) > 0).astype(float)
    cover, mine = np.stack([COVER, theirs]), trace(ONE)
    own, others = around(cover, NOTHING, [mine, trace(other, colour=1)], mine)
    assert own.sum() == COVER.sum()
    assert others.sum() == 0
    unseen = trace(ONE, seen=100)
    others = around(cover, NOTHING, [unseen, trace(other, colour=1)], unseen)[1]
    assert others[:, 100:].sum() == theirs[:, 100:].sum()


def test_where_colours_mix_so_that_they_are_of_none_a_curve_that_is_not_seen_may_run():
    mixed, unseen = NOTHING.copy(), trace(ONE, seen=60)
    mixed[40:45, [50, 60]] = True
    others = around(np.stack([COVER, NONE]), mixed, [unseen], unseen)[1]
    assert others[40:45, 60].all()
    assert others.sum() == 5


def test_rings_hide_a_line_where_other_colours_cut_their_rims():
    own, theirs = COVER.copy(), NONE.copy()
    for first in (20, 70, 120, 170):
        own[74:84, first : first + 10] = 1.0
        own[75:83, first + 1 : first + 9] = 0.0
        own[78:80, first + 9] = theirs[78:80, first + 9] = 0.3
    others = around(np.stack([own, theirs]), NOTHING, [trace(ONE)], trace(ONE))[1]
    assert others[75:83, 21:29].all()
    assert not others[60:70].any()


def test_a_line_that_was_followed_down_where_nothing_is_drawn_may_lie_under_another():
    other = np.where(np.arange(200) < 106, ONE + 8, ONE)  # comes down beside it, and hides where it does
    theirs = (drawn(other) > 0).astype(float)
    broken = COVER.copy()
    broken[32:48, 97:103] = 0.0  # of the drop after column 99
    cover, lines = np.stack([broken, theirs]), [trace(ONE), trace(other, colour=1)]
    lines[0].edges.lower[98:100], lines[0].edges.upper[100:102] = 50, 30  # its drop over four columns
    near = slice(100, 102)
    assert around(cover, NOTHING, lines, lines[0])[1][:, near].sum() == theirs[:, near].sum()
    cover[0] = COVER
    assert around(cover, NOTHING, lines, lines[0])[1][:, near].sum() == 0


def test_marks_that_hide_a_solid_line_make_no_dashes_of_it():
    line = trace(ONE)
    shown = np.arange(200) % 10 < 6
    line.along.drawn[:] = shown
    gaps = np.where(shown, 0.0, COVER)
    cover = np.where(shown, COVER, 0.0)
    cover[29:31, 100:112] = 1.0
    cover[29:51, 110:112] = 1.0
    hidden, open_ones = between(cover, gaps, line, ROWS, 9.5), between(cover, NONE, line, ROWS, 9.5)
    assert hidden[0][105] == pytest.approx(29.5, abs=1.0)
    np.testing.assert_array_equal(open_ones[0], ROWS)


def test_a_way_that_a_drop_may_take_within_its_pixels_is_the_same():
    high = np.append(ROWS[:4], ROWS[:-4])  # each drop four columns later, and 20 rows of 90 tall
    assert len(far(ROWS, high, ROWS, 90.0, 1.5)) > 0
    assert far(ROWS, high, ROWS, 90.0, 4.0) == []


def test_what_a_drop_may_be_off_goes_by_the_files_pixels_and_the_lines_room():
    assert beside(trace(ONE, width=1.0).edges, 1.0) == 1.5
    assert beside(trace(ONE, width=2.0).edges, 1.0) == 2.0  # half a pixel to either side
    assert beside(trace(ONE, width=1.0).edges, 2.0) == 3.0
