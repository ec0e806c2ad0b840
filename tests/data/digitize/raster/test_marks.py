"""Censoring marks of every kind, drawn on lines of known patients: none moves a level without a word."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from curve_renders import COLOURS, curve, patients, root_mean_square
from matplotlib.path import Path as Shape
from PIL import Image

import metaonc as mo
from metaonc.data.digitize.options import apart
from metaonc.data.digitize.raster.edges import Edges
from metaonc.data.digitize.raster.levels import open_parts
from metaonc.data.digitize.raster.marks import without_rising
from metaonc.errors import DataWarning

RMSE, BIAS = 0.008, 0.01  # root mean square error of survival, and mean error over a twentieth of the follow-up
SLASH = Shape([(-0.6, -1), (0.6, 1)], [1, 2])
UP, DOWN = Shape([(0, 0), (0, 1)], [1, 2]), Shape([(0, 0), (0, -1)], [1, 2])
MARKS = {
    "half ticks above": {"marker": UP, "ms": 12},  # as survival draws "|" raised, and SPSS
    "half ticks below": {"marker": DOWN, "ms": 12},
    "slashes": {"marker": SLASH, "ms": 14},  # a half of the last one lies beyond the line's end, and above it
    "ticks": {"marker": "|"},
    "pluses": {"marker": "+"},  # survminer and ggsurvfit
    "crosses": {"marker": "x"},
    "open circles": {"marker": "o", "mfc": "none"},  # SAS
    "circles on white": {"marker": "o", "mfc": "white"},
    "dots": {"marker": "o"},
    "triangles": {"marker": "^"},
    "black pluses": {"marker": "+", "color": "black"},
    "black ticks": {"marker": "|", "color": "black"},
}
CASES = [
    *((name, 2, 7, 150, None) for name in MARKS),
    *((name, 6, 18, 300, None) for name in ("pluses", "circles on white", "half ticks above")),
    ("slashes", 2, 14, 150, 75),
    *((name, 2, 7, 150, 75) for name in ("half ticks above", "pluses", "open circles")),
]


def drawn(path, data, mark, width, size, dpi, quality=None):
    """Draw arms with lines and marks of some pixels."""
    figure, ax = plt.subplots(figsize=(5.5, 4.0))
    point = 72 / dpi
    for arm, colour in zip(data, COLOURS, strict=False):
        t, _, _, s = curve(*arm)
        x, y = np.append(0, t), np.append(1, s)
        ax.plot(x, y, drawstyle="steps-post", color=colour, lw=width * point)
        at = np.unique(arm[0][arm[1] == 0])
        look = {"color": colour, "ms": size, "mew": width * point, "ls": "none"} | mark
        ax.plot(at, y[np.searchsorted(x, at, side="right") - 1], **(look | {"ms": look["ms"] * point}))
    ax.set_xlim(0, 44)
    ax.set_ylim(0, 1.02)
    ax.set_xticks(range(0, 43, 6))
    figure.savefig(path.with_suffix(".png"), dpi=dpi)
    plt.close(figure)
    if quality is not None:
        with Image.open(path.with_suffix(".png")) as image:
            image.convert("RGB").save(path, format="JPEG", quality=quality)
    return path


def digitized(path, arms):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mo.curves.digitize(path, x_ticks=(0, 42), y_ticks=(0, 1), n_curves=arms)


def bias(got, arm):
    """Mean error of survival over the twentieth of the follow-up where it is largest."""
    t, _, _, s = curve(*arm)
    grid = np.linspace(0, t[-1], 1000)
    times = np.append(got.time[0], (got.time[1:] + got.time[:-1]) / 2)
    read = got.survival[np.maximum(np.searchsorted(times, grid, side="right") - 1, 0)]
    error = read - np.append(1, s)[np.searchsorted(t, grid, side="right")]
    return float(np.abs(np.convolve(error, np.full(50, 0.02), "valid")).max())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_marks_do_not_move_a_level(tmp_path, case):
    name, width, size, dpi, quality = case
    data = patients(2, 102, 80)
    path = tmp_path / ("figure.png" if quality is None else "figure.jpg")
    found = digitized(drawn(path, data, MARKS[name], width, size, dpi, quality), 2)
    for arm, colour in zip(data, COLOURS, strict=False):
        got = min(found.curves, key=lambda c: apart(c.colour, colour))
        t, _, _, s = curve(*arm)
        assert root_mean_square(got, t, s, t[-1]) < RMSE
        assert bias(got, arm) < BIAS


def test_a_line_of_which_another_covers_a_part_keeps_its_width_and_its_end(tmp_path):
    """The rest of a line that lies half under another one is thinner than it."""
    data = patients(2, 122, 60)
    found = digitized(drawn(tmp_path / "figure.png", data, {"marker": ""}, 6, 1, 300), 2)
    for arm, colour in zip(data, COLOURS, strict=False):
        got = min(found.curves, key=lambda c: apart(c.colour, colour))
        t, _, _, s = curve(*arm)
        assert root_mean_square(got, t, s, t[-1]) < RMSE


def line(upper, lower):
    """A line of two pixels' width by its edges."""
    top, bottom = np.floor(upper), np.where(np.isnan(upper), -1, np.ceil(lower))
    return Edges(upper, lower, np.nan_to_num(top).astype(int), bottom.astype(int), 2.0)


def test_where_a_line_is_not_seen_and_falls_it_is_said():
    rows = np.where(np.arange(400) < 200, 100.0, 140.0)
    seen = rows.copy()
    seen[190:215] = np.nan
    nothing = np.full(400, np.nan)
    assert open_parts(line(seen, seen), rows, nothing, 400.0) == [(189, 215, 0.1)]
    assert open_parts(line(seen, seen), rows, rows, 400.0) == []  # another curve covers it
    flat = np.where(np.isnan(seen), np.nan, 100.0)
    assert open_parts(line(flat, flat), np.full(400, 100.0), nothing, 400.0) == []


def test_where_large_marks_hide_a_line_for_long_it_is_said():
    upper, lower = np.full(400, 100.0), np.full(400, 100.0)
    for first, last in ((20, 30), (60, 70), (150, 200)):
        upper[first:last], lower[first:last] = 85.0, 115.0
    [(first, last, off)] = open_parts(line(upper, lower), np.full(400, 100.0), np.full(400, np.nan), 400.0)
    assert (first, last) == (150, 199)
    assert 0.01 < off < 0.03


def test_where_marks_hide_many_drops_it_is_said():
    """Marks as thick as eight lines, one after the other."""
    rows = np.interp(np.arange(400), [0, 100, 160, 400], [0.0, 20.0, 80.0, 90.0])
    upper, lower = rows.copy(), rows.copy()
    for first in (102, 120, 138):
        upper[first : first + 14] -= 8.0
        lower[first : first + 14] += 8.0
    nothing = np.full(400, np.nan)
    [(first, last, off)] = open_parts(line(upper, lower), rows, nothing, 400.0)
    assert (first, last) == (102, 151)
    assert 0.01 < off < 0.03  # half of their fall, 15 rows of 400
    flat = np.full(400, 20.0)
    assert open_parts(line(flat + (upper - rows), flat + (lower - rows)), flat, nothing, 400.0) == []


@pytest.mark.parametrize("at_the_end", [True, False])
def test_columns_above_those_before_them_are_of_a_mark(at_the_end):
    rows = np.where(np.arange(100) < 30, 10.0, 40.0)
    off = rows.copy()
    where = slice(94, 100) if at_the_end else slice(30, 36)
    off[where] += -8.0 if at_the_end else 8.0
    kept = without_rising(line(off, off))
    np.testing.assert_array_equal(np.flatnonzero(~kept.seen), np.arange(100)[where])
    assert without_rising(line(rows, rows)).seen.all()


def test_a_steep_line_without_marks_is_not_said_to_have_some():
    """Its edges, each moved by half its width, tell one level."""
    rows = np.interp(np.arange(400), [0, 100, 140, 400], [0.0, 20.0, 220.0, 230.0])
    columns = np.arange(400.0)
    upper, lower = np.interp(columns - 1, columns, rows), np.interp(columns + 1, columns, rows)
    nothing = np.full(400, np.nan)
    assert (lower - upper)[102:138].min() > 9  # as tall as if something were drawn on it
    assert open_parts(line(upper, lower), rows, nothing, 400.0) == []
    upper[102:138] -= 12.0
    lower[102:138] += 12.0
    assert open_parts(line(upper, lower), rows, nothing, 400.0) != []
