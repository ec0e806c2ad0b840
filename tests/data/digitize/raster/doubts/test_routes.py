"""Lines that cross a sample of their colour in a key, or leave their level for another line's: read right, or said."""

from __future__ import annotations

import re
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from curve_renders import COLOURS, curve, patients, root_mean_square

import metaonc as mo
from metaonc.data.digitize.curve import level_at
from metaonc.data.digitize.options import apart
from metaonc.data.digitize.raster.doubts.routes import doubtful, other_routes, undrawn_drops
from metaonc.data.digitize.raster.edges import Along, Edges
from metaonc.errors import DataWarning

DATA = patients(2, 523)


def read(path, sample):
    """Return the first arm's curve and its warnings, of a figure with a level line of its colour somewhere on it."""
    figure, ax = plt.subplots(figsize=(6, 4.5))
    for arm, colour, dash in zip(DATA, COLOURS, ("-", "--"), strict=False):
        t, _, _, s = curve(*arm)
        ax.plot(np.append(0, t), np.append(1, s), drawstyle="steps-post", color=colour, ls=dash, lw=1.4)
    ax.plot(*sample, color=COLOURS[0], lw=1.4)
    ax.set(xlim=(0, 44), ylim=(0, 1.02), xticks=range(0, 43, 6))
    figure.savefig(path, dpi=130)
    plt.close(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found = mo.curves.digitize(path, x_ticks=(0, 42), y_ticks=(0, 1), n_curves=2)
    got = min(found.curves, key=lambda c: apart(c.colour, COLOURS[0]))
    return got, [w for w in found.warnings if w.startswith(f"curve {found.curves.index(got) + 1} ")]


@pytest.mark.parametrize(("at", "right"), [(0.2, True), (0.33, False), (0.5, True)])
def test_a_line_that_crosses_a_sample_is_read_right_or_the_times_are_said(tmp_path, at, right):
    t, _, _, s = curve(*DATA[0])
    i = int(at * len(s))
    got, said = read(tmp_path / "figure.png", ([t[i] - 1.5, t[i] + 1.5], [s[i], s[i]]))
    if right:
        assert root_mean_square(got, t, s, t[-1]) < 0.005
        return
    [times] = [re.findall(r"from time ([\d.]+) to ([\d.]+\d)", w) for w in said if "might go another way" in w]
    first, last = float(times[0][0]), float(times[-1][1])
    assert t[i] - 1.8 <= first <= last <= t[i] + 1.8
    grid = np.linspace(0, t[-1], 4000)
    told = (grid > first - 0.3) & (grid < last + 0.3)
    truth, found = np.append(1, s)[np.searchsorted(t, grid, side="right")], level_at(got, grid)
    assert np.sqrt(np.mean((truth - found)[~told] ** 2)) < 0.005  # all else is read right


def test_a_sample_elsewhere_is_of_no_account(tmp_path):
    t, _, _, s = curve(*DATA[0])
    got, said = read(tmp_path / "figure.png", ([30, 34], [0.8, 0.8]))
    assert root_mean_square(got, t, s, t[-1]) < 0.005
    assert said == []


def test_what_leaves_a_line_and_comes_back_is_a_route():
    rows = np.full(200, 50)
    edges = Edges(rows.astype(float), rows.astype(float), rows - 1, rows, 2.0)
    left = np.zeros((100, 220))
    left[45, 30:61] = 1.0  # from the line's 20th column on, and back
    for step in range(5):
        left[46 + step, [30, 60]] = 1.0
    left[20, 100:150] = 1.0  # touches nothing
    assert other_routes(left, 10, edges) == ((20, 50, pytest.approx(4.5, abs=0.7)),)


def test_a_tall_drop_that_is_not_drawn_in_its_colour_is_known():
    columns = np.repeat(np.arange(100), np.where(np.isin(np.arange(100), (30, 60)), 31, 1))
    drop = np.append(False, columns[1:] == columns[:-1])
    drawn = ~(drop & (columns == 60))
    alone, together = np.full(100, np.nan), np.full(100, 5.0)
    assert undrawn_drops(Along(columns, drop, drawn, ~drop), alone, 8.0) == [(60, 30)]
    assert undrawn_drops(Along(columns, drop, drawn, ~drop), together, 8.0) == []
    dashed = drawn & ~(~drop & (columns % 2 == 0))
    assert undrawn_drops(Along(columns, drop, dashed, ~drop), alone, 8.0) == []


def test_a_line_that_falls_beside_the_path_past_the_arm_of_a_mark_is_known():
    """A part of the drop after the arm is drawn, as by another mark, and the rest stands in columns before it."""
    columns = np.repeat(np.arange(100), np.where(np.arange(100) == 60, 41, 1))
    drop = np.append(False, columns[1:] == columns[:-1])
    rows, alone = np.cumsum(drop), np.full(100, np.nan)
    drawn = ~drop | (rows > 26)
    beside = Along(columns, drop, drawn, drop & (rows <= 24))
    assert undrawn_drops(beside, alone, 30.0) == [(60, 40)]
    assert undrawn_drops(Along(columns, drop, drawn, ~drop & drop), alone, 30.0) == []


def test_routes_are_told_of_by_what_they_make_together():
    one, two, far = (10, 29, 6.0), (32, 51, 6.0), (300, 319, 6.0)  # 20 of 1000 columns by 0.015 of survival
    assert doubtful([one], 1000, 400.0) == []
    assert doubtful([one, two, far], 1000, 400.0) == [one, two]
    assert doubtful([(1000, 1030, 90.0)], 1000, 400.0) == []  # beyond the end
