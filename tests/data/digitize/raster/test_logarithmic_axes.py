"""Logarithmic axes are refused by name; none is read as a linear one."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from curve_renders import curve, patients
from matplotlib.ticker import NullFormatter, ScalarFormatter

import metaonc as mo
from metaonc.errors import DataError, OptionError

GIVEN = {"x": {"y_ticks": (0, 1)}, "y": {"x_ticks": (0, 42)}}
AXES = {
    "1 to 1000": ("x", 1, 1000, None),
    "doubled": ("x", 3, 48, [3, 6, 12, 24, 48]),
    "survival, two labels": ("y", 0.1, 1, None),
    "survival, three labels": ("y", 0.01, 1, None),
}


@pytest.fixture(scope="module", params=AXES)
def figure(request, tmp_path_factory):
    """A figure with one logarithmic axis, as pixels and as lines, and its outermost labels."""
    axis, low, high, ticks = AXES[request.param]
    t, _, _, s = curve(*patients(1, 5, 100)[0])
    fig, ax = plt.subplots(figsize=(5.5, 4))
    ax.plot(np.append(0, t) + (low if axis == "x" else 0), np.append(1, s), drawstyle="steps-post", lw=1.4)
    ax.set_xlim(0, 44)
    ax.set_xticks(range(0, 43, 6))
    ax.set_ylim(0, 1.03)
    getattr(ax, f"set_{axis}scale")("log")
    getattr(ax, f"set_{axis}lim")(0.9 * low, 1.1 * high)
    scale = getattr(ax, f"{axis}axis")
    if ticks:
        scale.set_ticks(ticks)
    scale.set_major_formatter(ScalarFormatter())
    scale.set_minor_formatter(NullFormatter())
    path = tmp_path_factory.mktemp("log")
    with plt.rc_context({"svg.fonttype": "none"}):
        for kind in ("png", "svg"):
            fig.savefig(path / f"figure.{kind}", dpi=120)
    plt.close(fig)
    return path, axis, (low, high)


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_ends_of_a_logarithmic_axis_make_no_linear_one(figure, kind):
    path, axis, ends = figure
    with pytest.raises(DataError, match=r"logarithmic|contradicts|no one would print"):
        mo.curves.digitize(path / f"figure.{kind}", **GIVEN[axis], **{f"{axis}_ticks": ends})


def test_labels_that_are_text_say_that_an_axis_is_logarithmic(figure):
    path, _, _ = figure
    with pytest.raises(DataError, match="logarithmic"):
        mo.curves.digitize(path / "figure.svg")


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(94, 1), (339, 10), (584, 100)], r"10 at 339 \(-133\.\d\).* The axis is logarithmic"),
        ([(94, 0), (200, 50), (584, 100)], "broken or logarithmic, or a point is misplaced"),
    ],
)
def test_three_stated_points_lie_on_a_line(figure, points, message):
    with pytest.raises(DataError, match=message):
        mo.curves.digitize(figure[0] / "figure.png", x_axis=points, y_axis=[(400, 0), (50, 1)])


@pytest.mark.parametrize("points", [[(94, 0), (94, 3)], [(94, 0)], [(94, 0), (200, 50), (584, 50)]])
def test_points_that_state_nothing(figure, points):
    with pytest.raises(OptionError, match="is not two points of the axis or more"):
        mo.curves.digitize(figure[0] / "figure.png", x_axis=points)
