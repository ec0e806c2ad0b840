"""Axes that are stated, and ticks and labels as figures draw them: of renders whose scale matplotlib itself tells."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from curve_renders import PIXEL_LOOKS, curve, in_order, patients, reading_error, render, ticks_of
from PIL import Image, ImageFilter

import metaonc as mo
from metaonc.errors import DataError, DataWarning, OptionError

CLOSE = 0.005  # root mean square of survival, of lines two pixels thick
ARMS = patients(2, 41)
COLOURS = ("#b5651d", "#2a6f97")


def drawn(path, change=lambda ax: None, dpi=120, arms=ARMS):
    """Draw a figure and return two points of each axis, in pixels, as matplotlib places them."""
    fig, ax = plt.subplots(figsize=(5, 3.6))
    for arm, colour in zip(arms, COLOURS, strict=False):
        t, _, _, s = curve(*arm)
        ax.plot(np.append(0, t), np.append(1, s), drawstyle="steps-post", color=colour, lw=1.5)
    ax.set(xlim=(0, 44), ylim=(0, 1.03), xticks=range(0, 43, 6))
    change(ax)
    fig.savefig(path, dpi=dpi)
    high = fig.get_size_inches()[1] * dpi
    (x0, y0), (x1, y1) = ax.transData.transform([(0, 0), (42, 1)])
    plt.close(fig)
    scale = dpi / fig.dpi
    return [(x0 * scale - 0.5, 0), (x1 * scale - 0.5, 42)], [(high - y0 * scale - 0.5, 0), (high - y1 * scale - 0.5, 1)]


def read(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mo.curves.digitize(path, n_curves=2, **options)


def check(found, arms=ARMS):
    for arm, colour in zip(arms, COLOURS, strict=True):
        goal = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        got = min(
            found.curves,
            key=lambda c: sum(abs(int(c.colour[i : i + 2], 16) - g) for i, g in zip((1, 3, 5), goal, strict=True)),
        )
        t, _, _, s = curve(*arm)
        at = np.linspace(0.2, min(t[-1], got.time[-1]), 500)
        true = np.append(1, s)[np.searchsorted(t, at, side="right")]
        assert np.sqrt(np.mean((np.interp(at, got.time, got.survival) - true) ** 2)) < 2 * CLOSE
        assert abs(got.time[-1] - t[-1]) < 0.6


BARE = {
    "no ticks or labels": lambda ax: ax.set(xticks=[], yticks=[]),
    "no axes at all": lambda ax: ax.axis("off"),
    "a grid over everything": lambda ax: ax.grid(color="0.6"),
}


@pytest.mark.parametrize("case", BARE)
def test_stated_axes_need_nothing_in_the_figure(tmp_path, case):
    x, y = drawn(tmp_path / "figure.png", BARE[case])
    found = read(tmp_path / "figure.png", x_axis=x, y_axis=y)
    check(found)
    assert "stated as 0 at" in str(found)
    assert found.calibration.x.by == "stated"


def test_one_axis_may_be_stated_and_the_other_found(tmp_path):
    x, _ = drawn(tmp_path / "figure.png")
    check(read(tmp_path / "figure.png", x_axis=x, y_ticks=(0, 1)))


def test_a_panel_is_a_box_of_a_larger_picture(tmp_path):
    drawn(tmp_path / "one.png")
    with Image.open(tmp_path / "one.png") as one:
        both = Image.new("RGB", (2 * one.width, one.height), "white")
        both.paste(one.convert("RGB"), (0, 0))
        both.paste(one.convert("RGB"), (one.width, 0))
    both.save(tmp_path / "both.png")
    ticks = {"x_ticks": (0, 42), "y_ticks": (0, 1)}
    with pytest.raises(DataError, match=r"several panels were found.*panel=\("):
        read(tmp_path / "both.png", **ticks)
    box = (both.width // 2, 0, both.width, both.height)
    found = read(tmp_path / "both.png", panel=box, **ticks)
    check(found)
    assert found.calibration.panel[0] >= box[0]
    with pytest.raises(DataError, match="too few to read"):
        read(tmp_path / "both.png", panel=(0, 0, 20, 20), **ticks)


TICKS = {
    "inside": lambda ax: ax.tick_params(direction="in"),
    "minor ones": lambda ax: ax.minorticks_on(),
    "only a grid": lambda ax: (ax.tick_params(length=0), ax.grid(color="0.85")),
    "axes apart": lambda ax: (
        ax.spines[["top", "right"]].set_visible(False),
        ax.spines.left.set_position(("outward", 8)),
    ),
    "faint": lambda ax: (ax.spines[:].set_color("0.7"), ax.tick_params(color="0.4")),
    "upright labels": lambda ax: ax.tick_params(axis="y", labelrotation=90),
    "labels left out": lambda ax: ax.set_xticks([0, 6, 12, 24, 42]),
    "three ticks of survival": lambda ax: ax.set_yticks([0, 0.5, 1]),
}


@pytest.mark.parametrize("case", TICKS)
def test_ticks_are_found_however_they_are_drawn(tmp_path, case):
    x, y = drawn(tmp_path / "figure.png", TICKS[case])
    found = read(tmp_path / "figure.png", x_ticks=(0, 42), y_ticks=(0, 1))
    check(found)
    for fit, points in ((found.calibration.x, x), (found.calibration.y, y)):
        assert max(abs(fit.place(value) - at) for at, value in points) < 1.5


def test_a_picture_that_was_enlarged_is_read_by_its_own_blur(tmp_path):
    drawn(tmp_path / "small.png", dpi=60)
    with Image.open(tmp_path / "small.png") as small:
        large = small.convert("RGB").resize((3 * small.width, 3 * small.height), Image.Resampling.BICUBIC)
    large.filter(ImageFilter.GaussianBlur(1)).save(tmp_path / "large.png")
    check(read(tmp_path / "large.png", x_ticks=(0, 42), y_ticks=(0, 1)))


def test_refusals_at_the_axes_name_the_ticks_and_state_them(tmp_path):
    drawn(tmp_path / "figure.png")
    with pytest.raises(
        DataError, match=r"Ticks found, in pixels: x: 75\.\d.*state the axes: x_axis=\[\(75\.\d, 0.*y_axis=\["
    ):
        read(tmp_path / "figure.png", x_ticks=(0, 43), y_ticks=(0, 1))


STATED = {
    "one point": ({"x_axis": [(57, 0)]}, "is not two points of the axis"),
    "one position": ({"x_axis": [(57, 0), (57, 60)]}, "is not two points of the axis"),
    "words": ({"y_axis": "left"}, "is not two points of the axis"),
    "both ways": ({"x_axis": [(57, 0), (612, 60)], "x_ticks": (0, 60)}, "leave x_ticks= out"),
    "a box of three": ({"panel": (1, 2, 3)}, "neither a number from 1 nor a box"),
}


@pytest.mark.parametrize("case", STATED)
def test_what_states_no_axis_is_refused(tmp_path, case):
    options, message = STATED[case]
    with pytest.raises(OptionError, match=message):
        mo.curves.digitize(tmp_path / "none.png", **options)


def test_scales_that_leave_nothing_are_refused(tmp_path):
    drawn(tmp_path / "figure.png")
    with pytest.raises(DataError, match="the scales leave"):
        read(tmp_path / "figure.png", x_axis=[(5000, 0), (6000, 42)], y_axis=[(400, 0), (20, 1)])


def test_marks_in_black_over_coloured_lines_are_no_curve(tmp_path):
    def crosses(ax):
        for arm in ARMS:
            t, _, _, s = curve(*arm)
            on = np.isin(t, arm[0][arm[1] == 0])
            ax.plot(t[on], s[on], "k+", markersize=6)

    drawn(tmp_path / "figure.png", crosses, dpi=150)
    check(read(tmp_path / "figure.png", x_ticks=(0, 42), y_ticks=(0, 1)))


@pytest.mark.parametrize("look", ["plain", "bars"])
def test_a_large_picture_is_shrunk_first_and_read_in_its_own_pixels(tmp_path, look):
    data, style = patients(2, 3), PIXEL_LOOKS[look]
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    render(data, style, small, dpi=182)
    render(data, style, large, dpi=546)  # 3003 pixels wide, its decimal points as high as small type elsewhere
    a, b = (read(path, **ticks_of(style)) for path in (small, large))
    for name in "xy":
        one, other = getattr(a.calibration, name), getattr(b.calibration, name)
        assert other.values == one.values
        np.testing.assert_allclose(np.array(other.positions), 3 * np.array(one.positions) + 1, atol=3.0)
    for found, arm in zip(in_order(b.curves, data, style), data, strict=True):
        assert reading_error(found, arm)[0] < 0.004
