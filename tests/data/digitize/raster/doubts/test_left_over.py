"""Lines that are drawn and of no curve are said, or the figure is refused."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from curve_renders import curve, patients
from line_traces import ONE, drawn, trace

import metaonc as mo
from metaonc.data.digitize.raster.doubts.left_over import left_over, lines_of
from metaonc.errors import DataWarning

OTHER = np.repeat([10, 18, 20, 24], 50)


def test_a_line_that_falls_away_from_a_curve_is_of_none():
    ink = drawn(ONE, OTHER)
    lines = [trace(ONE)]
    [one] = left_over(lines_of(ink, lines), lines, 90.0)
    assert (one.curves, one.stop) == ((0,), 200)
    assert 50 <= one.start <= 60
    assert one.fall == pytest.approx(6, abs=3)


@pytest.mark.parametrize("more", [ONE, np.full(200, 25)], ids=["the curve's own", "level"])
def test_what_is_the_curves_own_or_level_is_nothing(more):
    ink = drawn(ONE, more)
    assert left_over(lines_of(ink, [trace(ONE)]), [trace(ONE)], 90.0) == []


def test_a_part_that_two_curves_leave_between_them_is_of_both():
    ink = drawn(ONE, OTHER)
    mixed = np.where(np.arange(200) < 100, OTHER, ONE)  # leaves the one between columns 50 and 100
    lines = [trace(mixed), trace(np.where(np.arange(200) < 60, 10, OTHER))]
    assert {i for one in left_over(lines_of(ink, lines), lines, 90.0) for i in one.curves} >= {0}


def test_a_figure_whose_line_is_lost_to_another_of_its_colours_is_refused_or_right(tmp_path):
    data = patients(4, 7012)
    figure, ax = plt.subplots(figsize=(5.5, 4.0))
    for arm, colour in zip(data, ("#000000", "#808080", "#b0b0b0", "#505050"), strict=True):
        t, _, _, s = curve(*arm)
        ax.plot(np.append(0, t), np.append(1, s), drawstyle="steps-post", color=colour, lw=72 / 150)
    ax.set(xlim=(0, 44), ylim=(0, 1.02), xticks=range(0, 43, 6))
    figure.savefig(tmp_path / "figure.png", dpi=150)
    plt.close(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        with pytest.raises(mo.errors.DataError, match=r"one line was read as two curves, and another one as none"):
            mo.curves.digitize(tmp_path / "figure.png", x_ticks=(0, 42), y_ticks=(0, 1), n_curves=4)
