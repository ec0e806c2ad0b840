"""Figures in styles that journals, repositories and screen shots show: what is read of them, and what is told."""

import io
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import metaonc as mo
from metaonc.data.digitize.limits import read_source
from metaonc.data.digitize.options import check_options
from metaonc.data.digitize.raster import figure
from metaonc.data.digitize.raster.edges import Edges
from metaonc.data.digitize.raster.ends import hidden_before
from metaonc.data.digitize.scale.raster_axes import find_axes
from metaonc.errors import DataError

TICKS = {"x_ticks": (0, 36), "y_ticks": (0, 1), "n_curves": 2}
pytestmark = pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")


def staircase(seed, scale, n=60, end=34.0):
    """Return times, from 0 to the end, and survival from 1."""
    rng = np.random.default_rng(seed)
    times = np.sort(rng.exponential(scale, n))
    times = times[times < end]
    level = 1 - np.arange(1, len(times) + 1) / n
    return np.concatenate([[0], times, [end]]), np.concatenate([[1], level, level[-1:]])


LOW, HIGH = staircase(1, 14), staircase(2, 30)


def panel(arms, size=(6, 4.5), dpi=100, **line):
    """Return a figure and its axes, with curves (colour -> times and survival) and labels at even steps."""
    figure, ax = plt.subplots(figsize=size, dpi=dpi)
    for colour, (t, s) in arms.items():
        ax.step(t, s, where="post", color=colour, **line)
    ax.set(xlim=(-1, 37), ylim=(-0.03, 1.03), xticks=range(0, 37, 6), yticks=np.linspace(0, 1, 6))
    return figure, ax


def saved(figure, path, smaller=1.0, **options):
    """Save a figure, made smaller as a screen shot is."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    plt.close(figure)
    image = Image.open(stream).convert("RGB")
    image.resize([round(side / smaller) for side in image.size], Image.Resampling.LANCZOS).save(path, **options)
    return path


def error(curve, arm, end=33.0):
    """Return the root mean square error of a curve over an arm's follow-up."""
    grid, (t, s) = np.linspace(0, end, 2000), arm
    truth = s[np.searchsorted(t, grid, side="right") - 1]
    read = curve.survival[np.maximum(np.searchsorted(curve.time, grid, side="right") - 1, 0)]
    return float(np.sqrt(np.mean((read - truth) ** 2)))


def test_lines_go_on_beyond_the_last_tick_of_an_axis_without_a_frame(tmp_path):
    image, ax = panel({"#c1656b": LOW, "#307791": HIGH}, lw=2)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines["bottom"].set_bounds(0, 30)
    ax.set_xticks(range(0, 31, 6))
    path = saved(image, tmp_path / "base.png")
    found = mo.curves.digitize(path, **TICKS | {"x_ticks": (0, 30)})
    assert [curve.time[-1] for curve in found.curves] == pytest.approx([34, 34], abs=0.3)
    assert max(map(error, found.curves, (HIGH, LOW))) < 0.006
    assert not [w for w in found.warnings if "cut short" in w]


def test_letters_beyond_the_end_of_an_axis_are_no_lines(tmp_path):
    image, ax = panel({"#c1656b": LOW, "#307791": HIGH}, lw=2)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines["bottom"].set_bounds(0, 36)
    ax.text(36, 0.8, "________placebo", ha="center", clip_on=False)
    found = mo.curves.digitize(saved(image, tmp_path / "words.png"), **TICKS)
    assert found.calibration.x.at(np.array([found.calibration.panel[2]]))[0] == pytest.approx(36, abs=1.5)


def test_a_line_that_falls_under_another_may_be_cut_short(tmp_path):
    above = np.array([0, 5, 10, 20, 34.0]), np.array([1, 0.8, 0.607, 0.6, 0.6])
    cover = np.array([0, 3, 6, 34.0]), np.array([1, 0.75, 0.6, 0.6])
    image, _ = panel({"#e41a1c": above, "#377eb8": cover}, lw=2)
    found = mo.curves.digitize(saved(image, tmp_path / "under.png"), **TICKS)
    red = next(i for i, c in enumerate(found.curves, 1) if int(c.colour[1:3], 16) > 150)
    ended = found.curves[red - 1].time[-1]
    assert ended > 33 or any(f"curve {red} is read to time" in w for w in found.warnings)


def test_the_tails_of_curves_are_no_axis_in_a_pale_frame():
    darkness = np.zeros((589, 874))
    darkness[[11, 550], 30:810] = darkness[11:551, [30, 809]] = 0.2
    darkness[515:524, 296:811] = 0.5
    at = [*np.round(np.linspace(30, 794, 9)).astype(int)], [*np.round(np.linspace(32, 525, 6)).astype(int)]
    for column in at[0]:
        darkness[11:551, column] = np.maximum(darkness[11:551, column], 0.2)
        darkness[558:567, column - 3 : column + 4] = 0.9
    for row in at[1]:
        darkness[row, 30:810] = np.maximum(darkness[row, 30:810], 0.2)
        darkness[row - 4 : row + 5, 10:17] = 0.9
    x, y = find_axes(darkness, np.where(darkness > 0, 0.3, 0.0), (0, 160), (0, 1), (0, 0))
    assert x.values == pytest.approx(tuple(range(0, 161, 20)))
    assert x.positions == pytest.approx(at[0], abs=1)
    assert [y.at(np.array([p]))[0] for p in (32, 525)] == pytest.approx([1, 0], abs=0.005)


def test_a_line_begins_under_one_that_a_band_tints():
    own, others = np.zeros((100, 300)), np.zeros((100, 300))
    for column in range(12):
        others[5 + column : 7 + column, column] = 0.45
    own[20:22, 12:] = 1.0
    rows = np.where(np.arange(300) < 12, np.nan, 20.5)
    top = np.where(np.isnan(rows), 0, 20)
    line = Edges(rows, rows, top, np.where(np.isnan(rows), -1, 21), 2.0)
    assert hidden_before(own, others, line, 0, (5.0, 3.0), 0.3) == 12
    assert hidden_before(own, others, line, 0, (5.0, 3.0), 0.5) is None  # as faint as letters


def test_thin_smeared_lines_of_which_one_begins_under_the_other(tmp_path):
    red = (
        np.array([0, 5.7, 6.1, 8, 12.5, 14.3, 16, 18, 21, 23, 24.5, 30]),
        np.array([1, 0.955, 0.91, 0.865, 0.82, 0.77, 0.72, 0.67, 0.58, 0.44, 0.29, 0.29]),
    )
    blue = (
        np.array([0, 7.3, 7.6, 7.8, 11.6, 15.3, 17.5, 18.6, 19.5, 32]),
        np.array([1, 0.95, 0.9, 0.85, 0.8, 0.69, 0.63, 0.56, 0.49, 0.49]),
    )
    image, ax = panel({"#ff2020": red, "#000090": blue}, size=(6, 4), lw=1.2)
    ax.spines[["top", "right"]].set_visible(False)
    found = mo.curves.digitize(saved(image, tmp_path / "thin.jpg", smaller=1.5, quality=75), **TICKS)
    assert max(error(c, a, 29) for c, a in zip(found.curves, (blue, red), strict=True)) < 0.012


def test_a_grey_line_beside_black_characters_of_a_jpeg(tmp_path):
    image, ax = panel({"#808080": LOW, "#d9a040": HIGH}, size=(8, 5), lw=3)
    ax.text(14, 0.93, "Chemotherapy alone\nNivolumab plus chemotherapy\nHazard ratio 0.57", fontsize=15, va="top")
    found = mo.curves.digitize(saved(image, tmp_path / "grey.jpg", quality=75), **TICKS)
    assert max(map(error, found.curves, (HIGH, LOW))) < 0.008


@pytest.mark.parametrize(("looks", "coloured"), [(("#597593", "#75363d"), True), (("#494849", "#adaeae"), False)])
def test_what_is_no_jpeg_is_read_as_it_is_where_colours_tell_the_curves(monkeypatch, tmp_path, looks, coloured):
    image, _ = panel({looks[0]: HIGH, looks[1]: LOW}, lw=2)
    path = saved(image, tmp_path / "shot.png")
    read, smeared = figure._read, []

    def of_a_jpeg(image, options):
        smeared.append(image.panel.blurred)
        if image.panel.blurred:
            raise DataError("its colours are smeared")
        return read(image, options)

    options = check_options(page=1, panel=None, x_axis=None, y_axis=None, colours=None, kind=None, masks=(), seeds=(),
                            ocr=None, labels=None, **TICKS)  # fmt: skip
    ready = figure.prepared(read_source(path), options)
    ready = replace(ready, panel=replace(ready.panel, blurred=True))
    monkeypatch.setattr(figure, "_read", of_a_jpeg)
    if coloured:
        found = figure.read_prepared(ready, options)
        assert max(map(error, found.curves, (HIGH, LOW))) < 0.008
    else:  # greys may be smears of other colours
        with pytest.raises(DataError, match="smeared"):
            figure.read_prepared(ready, options)
    assert smeared == [True, False]
