"""The end of a line: its last drop, beside marks and other lines, and what of its last mark stands beyond it."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path as Shape

import metaonc as mo
from metaonc.data.digitize.raster.edges import Edges
from metaonc.data.digitize.raster.ends import hangs_to_zero, last_level, leg, with_whole_stroke
from metaonc.data.digitize.raster.marks import juts

DOWN = Shape([(0, 0), (0, -1)], [1, 2])
WIDTH, LEVEL, STOP = 2.0, 20, 60  # pixels: of a line, its row, and one beyond its last column


def line(columns=STOP):
    """A level line of two pixels' width by its edges."""
    rows = np.full(columns, float(LEVEL))
    top = np.full(columns, LEVEL - 1)
    return Edges(rows - 0.5, rows - 0.5, top, top + 1, WIDTH)


def ink(columns=80, rows=120):
    """Part of each pixel that such a line covers, in a panel beyond its end."""
    out = np.zeros((rows, columns))
    out[LEVEL - 1 : LEVEL + 1, :STOP] = 1.0
    return out


def with_stroke(edges, first, stop, bottom):
    """Let columns of a line reach down to a row."""
    edges.bottom[first:stop] = bottom
    edges.lower[first:stop] = bottom + 0.5 - WIDTH / 2
    return edges


def test_a_last_stroke_goes_on_below_a_line_that_it_crosses():
    own, others = ink(), np.zeros((120, 80))
    own[LEVEL:100, STOP - 2 : STOP] = 1.0
    own[50:53] = 0.0
    others[50:53] = 1.0
    others[50:53, STOP - 2 : STOP] = 0.2  # where both are drawn the pixels are of neither colour
    whole = with_whole_stroke(with_stroke(line(), STOP - 2, STOP, 49), own, others)
    assert whole.bottom[-2:].tolist() == [99, 99]
    np.testing.assert_allclose(whole.lower[-2:], 99.5 - WIDTH / 2)
    alone = with_whole_stroke(with_stroke(line(), STOP - 2, STOP, 49), own, np.zeros_like(others))
    assert alone.bottom[-1] == 49  # what follows after a gap is no part of it


def test_a_last_stroke_over_two_columns_that_covers_neither_is_seen():
    own = ink()
    own[LEVEL:100, STOP - 1], own[LEVEL:100, STOP] = 0.2, 0.45
    assert with_whole_stroke(line(), own, np.zeros_like(own)).bottom[-1] == 99
    own[:LEVEL, STOP - 1], own[:LEVEL, STOP] = 0.2, 0.45  # as far above: a mark
    own[50:] = 0.0
    assert with_whole_stroke(line(), own, np.zeros_like(own)).bottom[-1] == LEVEL


def test_a_last_stroke_that_begins_under_another_line_is_seen():
    own, others = ink(), np.zeros((120, 80))
    others[LEVEL + 1 : LEVEL + 3] = 1.0  # directly below it
    own[LEVEL + 3 : 100, STOP - 2 : STOP] = 1.0
    assert with_whole_stroke(line(), own, others).bottom[-1] == 99


def test_the_leg_of_a_cross_is_no_line():
    edges, legs = line(), 6
    for k in range(legs):
        right, left = STOP - legs + k, STOP - legs - 1 - k
        for values in (edges.upper, edges.lower, edges.top, edges.bottom):
            values[right] += k + 3
        edges.upper[left], edges.top[left] = LEVEL - 2.5 - k, LEVEL - 3 - k  # its left half, out of which it juts
        edges.lower[left], edges.bottom[left] = LEVEL + 1.5 + k, LEVEL + 2 + k
    assert leg(edges) == legs
    assert leg(line()) == 0
    plain = line()
    for values in (plain.upper, plain.lower, plain.top, plain.bottom):  # falls as steeply, without a cross
        values[-legs:] += np.arange(2, legs + 2)
    assert leg(plain) == 0


def test_half_a_tick_at_the_end_is_no_drop_but_a_stroke_to_survival_0_is():
    edges = line(90)
    for first in (10, 30, 50, 88):
        with_stroke(edges, first, first + 2, LEVEL + 11)
    found = last_level(edges, juts(edges), 110.0)
    assert (found.column, found.row) == (88, LEVEL - 0.5)
    assert last_level(edges, juts(edges), LEVEL + 11.0).row == LEVEL + 11.5 - WIDTH / 2
    fewer = with_stroke(line(90), 88, 90, LEVEL + 40)
    assert last_level(fewer, juts(fewer), 110.0).row == LEVEL + 40.5 - WIDTH / 2


def test_a_stroke_to_survival_0_may_be_half_a_tick_that_the_axis_cuts_where_others_hang_as_far():
    edges = line(90)
    for first in (10, 30, 50):
        with_stroke(edges, first, first + 2, LEVEL + 11)
    to_zero = with_stroke(edges, 88, 90, LEVEL + 8)
    assert hangs_to_zero(to_zero, LEVEL + 8.0) == LEVEL - 0.5
    assert hangs_to_zero(to_zero, 110.0) is None
    assert hangs_to_zero(with_stroke(edges, 88, 90, LEVEL + 40), LEVEL + 40.0) is None
    assert hangs_to_zero(with_stroke(line(90), 88, 90, LEVEL + 8), LEVEL + 8.0) is None
    raised = line(90)
    raised.upper[[10, 11, 30, 31, 50, 51]] -= 11
    assert hangs_to_zero(with_stroke(raised, 88, 90, LEVEL + 8), LEVEL + 8.0) is None  # half ticks above


@pytest.mark.parametrize("width", [1.0, 2.0])
@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
def test_a_drop_to_0_across_another_line_beside_a_cross_is_read(tmp_path, width):
    figure = Figure(figsize=(5.5, 4), dpi=150)
    ax = figure.subplots()
    times = np.arange(2.0, 32.0, 3.0)
    for colour, step, end in (("#1f77b4", 0.06, 38.3), ("#ff7f0e", 0.08, 43.0)):
        level = 1 - step * np.arange(1, len(times) + 1)
        x, y = [0, *times, end, end], [1, *level, level[-1], 0 if end < 40 else level[-1]]
        ax.step(x, y, where="post", color=colour, lw=width * 72 / 150)
        at = np.array([1, 4, 7])
        ax.plot([*(times[at] + 1), end - 0.25], [*level[at], level[-1]], "x", color=colour, ms=3, mew=width * 72 / 150)
    ax.set(xlim=(0, 44), ylim=(0, 1.02), xticks=range(0, 43, 6))
    figure.savefig(tmp_path / "figure.png")
    found = mo.curves.digitize(tmp_path / "figure.png", x_ticks=(0, 42), y_ticks=(0, 1), n_curves=2)
    last = sorted((c.survival[-1], c.time[-1]) for c in found.curves)
    assert last[0] == (pytest.approx(0, abs=0.008), pytest.approx(38.3, abs=0.2))
    assert last[1][0] == pytest.approx(0.2, abs=0.01)


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
def test_half_a_tick_below_the_last_patient_is_no_drop(tmp_path):
    figure = Figure(figsize=(5.5, 4), dpi=150)
    ax = figure.subplots()
    times = np.arange(2.0, 32.0, 3.0)
    level = 1 - 0.06 * np.arange(1, len(times) + 1)
    ax.step([0, *times, 40], [1, *level, level[-1]], where="post", color="#1f77b4", lw=0.96)
    ax.plot([*(times + 1), 40], [*level, level[-1]], marker=DOWN, ls="none", color="#1f77b4", ms=11.5, mew=0.96)
    ax.set(xlim=(0, 44), ylim=(0, 1.02), xticks=range(0, 43, 6))
    figure.savefig(tmp_path / "figure.png")
    found = mo.curves.digitize(tmp_path / "figure.png", x_ticks=(0, 42), y_ticks=(0, 1), n_curves=1)
    assert found.curves[0].survival[-1] == pytest.approx(0.4, abs=0.005)


@pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")
def test_half_a_tick_that_the_axis_cuts_is_told_of(tmp_path):
    figure = Figure(figsize=(5.5, 4), dpi=150)
    ax = figure.subplots()
    times = np.arange(2.0, 35.0, 3.0)
    level = 1 - 0.0815 * np.arange(1, len(times) + 1)
    level = np.append(level, 0.03)
    times = np.append(times, 37.0)
    ax.step([0, *times, 40], [1, *level, level[-1]], where="post", color="#1f77b4", lw=0.96)
    ax.plot([*(times + 1), 40], [*level, level[-1]], marker=DOWN, ls="none", color="#1f77b4", ms=20, mew=0.96)
    ax.set(xlim=(0, 44), ylim=(0, 1.02), xticks=range(0, 43, 6))
    figure.savefig(tmp_path / "figure.png")
    found = mo.curves.digitize(tmp_path / "figure.png", x_ticks=(0, 42), y_ticks=(0, 1), n_curves=1)
    assert found.curves[0].survival[-1] < 0.01
    [said] = [w for w in found.warnings if "may be a drop or a censoring mark" in w]
    off, since = re.fullmatch(r"curve 1 ends with .* off by (.*) from time (.*) on\.", said).groups()
    assert float(off) == pytest.approx(0.03, abs=0.004)
    assert float(since) == pytest.approx(40, abs=0.1)
