"""Figures in the styles of ggplot's themes, of prodlim and of base R: axes, marks, ends and beginnings of lines."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import metaonc as mo

TICKS = {"x_ticks": (0, 36), "y_ticks": (0, 1)}
pytestmark = pytest.mark.filterwarnings("ignore::metaonc.errors.DataWarning")


def staircase(seed, scale, n=60, end=34.0):
    """Return times, from 0 to the end, and survival from 1."""
    rng = np.random.default_rng(seed)
    times = np.sort(rng.exponential(scale, n))
    kept = times < end
    level = 1 - np.arange(1, n + 1)[kept] / n
    return np.concatenate([[0], times[kept], [end]]), np.concatenate([[1], level, level[-1:]])


ARMS = {"#f8766d": staircase(1, 14), "#00bfc4": staircase(2, 30)}


def panel(size=(6, 4.5), dpi=100, arms=ARMS, width=1.5):
    """Return a figure and its axes, with curves and labels at even steps."""
    figure, ax = plt.subplots(figsize=size, dpi=dpi)
    for colour, (t, s) in arms.items():
        ax.step(t, s, where="post", color=colour, lw=width)
    ax.set(xlim=(-1.8, 37.8), ylim=(-0.05, 1.05), xticks=range(0, 37, 6), yticks=np.linspace(0, 1, 5))
    return figure, ax


def minimal(ax, *, ticks):
    """Leave of axes a grid, with lines between those of labels, as ggplot's theme_minimal does."""
    ax.spines[:].set_visible(False)
    ax.set_xticks(range(3, 36, 6), minor=True)
    ax.set_yticks(np.linspace(0.125, 0.875, 4), minor=True)
    ax.grid(which="major", color="#ebebeb", lw=1.1)
    ax.grid(which="minor", color="#ebebeb", lw=0.55)
    ax.set_axisbelow(True)
    ax.tick_params(which="minor", length=0)
    ax.tick_params(which="major", length=3 if ticks else 0, pad=6)


def saved(figure, path, **options):
    figure.savefig(path, **options)
    plt.close(figure)
    return path


def errors(found, arms=ARMS):
    """Return the root mean square error of each arm over its follow-up, by the order of levels, the highest first."""
    out, grid = [], np.linspace(0, 33, 2000)
    truths = [s[np.searchsorted(t, grid, side="right") - 1] for t, s in arms.values()]
    for curve, truth in zip(found.curves, sorted(truths, key=lambda v: -v.mean()), strict=True):
        read = curve.survival[np.maximum(np.searchsorted(curve.time, grid, side="right") - 1, 0)]
        out.append(float(np.sqrt(np.mean((read - truth) ** 2))))
    return out


@pytest.mark.parametrize("ticks", [False, True])
@pytest.mark.parametrize("dpi", [72, 100, 200])
def test_a_grid_without_axis_lines_has_its_ticks_where_labels_stand(tmp_path, dpi, ticks):
    figure, ax = panel(dpi=dpi)
    minimal(ax, ticks=ticks)
    found = mo.curves.digitize(saved(figure, tmp_path / "figure.png"), n_curves=2, **TICKS)
    assert max(errors(found)) < 0.01
    assert (len(found.calibration.x.values), len(found.calibration.y.values)) == (7, 5)


def test_bands_do_not_end_a_panel_and_the_grid_of_a_table_is_none_of_it(tmp_path):
    figure, (ax, table) = plt.subplots(2, 1, figsize=(6, 5), dpi=100, height_ratios=(4, 1), gridspec_kw={"hspace": 0.6})
    for colour, (t, s) in ARMS.items():
        ax.step(t, s, where="post", color=colour, lw=1.5)
        ax.fill_between(t, s - 0.12, np.minimum(s + 0.12, 1), step="post", color=colour, alpha=0.3, lw=0)
    for each in (ax, table):
        each.set(xlim=(-1.8, 37.8), xticks=range(0, 37, 6))
    ax.set(ylim=(-0.05, 1.05), yticks=np.linspace(0, 1, 5))
    table.set(ylim=(0, 3), yticks=(1, 2), yticklabels=("A", "B"))
    for k, at in enumerate(range(0, 37, 6)):
        for row in (1, 2):
            table.text(at, row, str(40 - 5 * k), ha="center", va="center")
    for each in (ax, table):
        each.spines[:].set_visible(False)
        each.grid(color="#ebebeb", lw=1.1)
        each.set_axisbelow(True)
        each.tick_params(length=3)
    found = mo.curves.digitize(saved(figure, tmp_path / "figure.png"), n_curves=2, **TICKS)
    assert max(errors(found)) < 0.01


@pytest.mark.parametrize("dpi", [100, 150])
def test_turned_labels_with_a_space_before_the_percent_sign_are_one_each(tmp_path, dpi):
    figure, ax = panel(dpi=dpi)
    ax.set_yticks(np.linspace(0, 1, 5), [f"{v:.0f} %" for v in np.linspace(0, 100, 5)], rotation=90, va="center")
    ax.spines[:].set_color("0.6")
    ax.tick_params(length=8, pad=6)
    ax.set_ylabel("Survival probability", labelpad=12)
    path = saved(figure, tmp_path / "figure.png")
    found = mo.curves.digitize(path, n_curves=2, x_ticks=(0, 36), y_ticks=(0, 100))
    assert max(errors(found)) < 0.01
    assert not any("middles" in w for w in found.warnings)


@pytest.mark.parametrize(("arms", "top"), [(ARMS, 0.75), ({"#000000": staircase(6, 50, n=200)}, 0.85)])
def test_a_line_that_comes_from_above_survival_1_by_its_scale_is_refused(tmp_path, arms, top):
    path = saved(panel(arms=arms)[0], tmp_path / "figure.png")
    y = mo.curves.digitize(path, n_curves=len(arms), **TICKS).calibration.y
    with pytest.raises(mo.MetaoncError, match="no curve that falls from survival 1"):
        mo.curves.digitize(path, n_curves=len(arms), x_ticks=(0, 36), y_axis=[(y.place(0), 0), (y.place(top), 1)])


def test_a_line_that_leaves_another_by_a_drop_in_a_jpeg_is_found(tmp_path):
    arms = {
        "#ff0000": (np.array([0, 1.9, 5, 9, 14, 21, 30]), np.array([1, 0.92, 0.84, 0.77, 0.69, 0.54, 0.54])),
        "#0000ff": (np.array([0, 11.6, 12, 15, 18, 34]), np.array([1, 0.92, 0.85, 0.75, 0.56, 0.56])),
    }
    saved(panel(size=(6, 5), dpi=120, arms=arms, width=2.25)[0], tmp_path / "figure.png")
    with Image.open(tmp_path / "figure.png") as image:
        image.convert("RGB").save(tmp_path / "figure.jpg", quality=80)
    found = mo.curves.digitize(tmp_path / "figure.jpg", n_curves=2, **TICKS)
    assert max(c.time[-1] for c in found.curves) == pytest.approx(34, abs=0.3)
    assert min(c.survival[-1] for c in found.curves) == pytest.approx(0.54, abs=0.01)


def test_a_last_drop_beside_a_line_that_goes_on_is_read(tmp_path):
    arms = {
        "#42b540": (np.array([0, 1, 2, 3, 4, 5.3, 6.1]), np.array([1, 0.7, 0.4, 0.2, 0.058, 0.041, 0])),
        "#ed0000": (np.array([0, 1.5, 3, 5, 24]), np.array([1, 0.8, 0.5, 0.058, 0.058])),
    }
    path = saved(panel(dpi=150, arms=arms, width=2.2)[0], tmp_path / "figure.png")
    found = mo.curves.digitize(path, n_curves=2, **TICKS)
    ends = sorted((float(c.time[-1]), float(c.survival[-1])) for c in found.curves)
    assert ends[0] == (pytest.approx(6.1, abs=0.2), pytest.approx(0, abs=0.01))


@pytest.mark.parametrize(("count", "close"), [(40, 0.002), (120, 0.006)])
def test_marks_of_another_colour_have_the_line_in_their_middle(tmp_path, count, close):
    t, s = staircase(3, 40, n=200, end=33.0)
    figure, ax = panel(dpi=150, arms={"#619cff": (t, s)}, width=1.0)
    at = np.sort(np.append(np.random.default_rng(3).uniform(15, 33, count), 33.0))
    ax.plot(at, s[np.searchsorted(t, at, side="right") - 1], "+", color="black", ms=5, mew=0.8)
    found = mo.curves.digitize(saved(figure, tmp_path / "figure.png"), n_curves=1, **TICKS)
    assert errors(found, {"": (t, s)})[0] < close
    assert found.curves[0].time[-1] == pytest.approx(33, abs=0.15)
    assert not any("cut short" in w for w in found.warnings)


def test_a_line_that_goes_on_beyond_the_line_of_the_axis_is_read_to_its_end(tmp_path):
    figure, ax = panel(arms={"#1f4e9c": staircase(2, 30, end=37.0)}, size=(7, 4.5))
    ax.set_xlim(0, 40)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines["bottom"].set_bounds(0, 30)
    ax.set_xticks(range(0, 31, 6))
    found = mo.curves.digitize(saved(figure, tmp_path / "figure.png"), n_curves=1, x_ticks=(0, 30), y_ticks=(0, 1))
    assert found.curves[0].time[-1] == pytest.approx(37, abs=0.15)
    assert not any("cut short" in w for w in found.warnings)


def test_a_steep_part_is_not_doubted_for_drops_a_pixel_aside(tmp_path):
    t, s = staircase(5, 4, n=60, end=30.0)
    path = saved(panel(arms={"#1f4e9c": (t, s)})[0], tmp_path / "figure.png")
    found = mo.curves.digitize(path, n_curves=1, **TICKS)
    assert not any("may be off" in w for w in found.warnings)
    assert errors(found, {"": (t, s)})[0] < 0.01
