"""Numbers at risk of vector figures: each table belongs to its panel, each line to its curve, or to none."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from curve_renders import FORMATS, curve, patients

import metaonc as mo
from metaonc.data.digitize.vector.risk_lines import Line, fitting
from metaonc.errors import DataWarning

ROWS = np.arange(0, 43, 6)


def true_table(arm):
    return [int((arm[0] >= row).sum()) for row in ROWS]


def draw_panel(ax, data, headings):
    """Curves with a key, and the table below with its own headings, in the order of these."""
    for i, arm in enumerate(data):
        t, _, _, s = curve(*arm)
        ax.plot(
            np.append(0, t),
            np.append(1, s),
            drawstyle="steps-post",
            color=f"C{i}",
            label=f"Arm {'ABC'[i]}",
            markevery=1,
        )
    place = ax.get_xaxis_transform()
    ax.text(-12, -0.28, "Number at risk", transform=place)
    for line, (heading, i) in enumerate(headings.items()):
        y = -0.36 - 0.08 * line
        ax.text(-12, y, heading, transform=place)
        for at, n in zip(ROWS, true_table(data[i]), strict=True):
            ax.text(at, y, str(n), ha="center", transform=place)
    ax.set(xlim=(0, 44), ylim=(0, 1.02), xlabel="Months")
    ax.set_xticks(ROWS)
    ax.legend()


def figure_of(path, form, panels, shape=(1, 1), headings=None):
    headings = headings or {"Arm A": 0, "Arm B": 1}
    with plt.rc_context({**FORMATS[form], "path.simplify": False}):
        size = (6 * shape[1], 4.6 * shape[0])
        fig, axes = plt.subplots(*shape, figsize=size, layout="none", squeeze=False)
        fig.subplots_adjust(bottom=0.25 / shape[0], left=0.15, wspace=0.5, hspace=0.8)
        for ax, data in zip(axes.flat, panels, strict=True):
            draw_panel(ax, data, headings)
        fig.savefig(path)
        plt.close(fig)
    return path


@pytest.mark.parametrize("form", ["svg-text", "pdf-truetype"])
@pytest.mark.parametrize("shape", [(1, 2), (2, 1)])
def test_each_panel_has_its_own_table(tmp_path, shape, form):
    panels = [patients(2, 5), patients(2, 6)]
    path = figure_of(tmp_path / f"figure.{form[:3]}", form, panels, shape)
    for k, data in enumerate(panels, 1):
        found = mo.curves.digitize(path, panel=k)
        assert [c.label for c in found.curves] == ["Arm A", "Arm B"]
        assert [c.at_risk["n_risk"].tolist() for c in found.curves] == [true_table(arm) for arm in data]
        assert found.warnings == ()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_lines_by_other_names_are_given_in_the_only_possible_order(tmp_path, order):
    data = patients(2, 41)
    headings = {f"Group {i + 1}": arm for i, arm in enumerate(order)}
    path = figure_of(tmp_path / "figure.svg", "svg-text", [data], headings=headings)
    with pytest.warns(DataWarning, match=f"only way that these allow: 'Group {order.index(0) + 1}' to 'Arm A'"):
        found = mo.curves.digitize(path)
    assert [c.at_risk["n_risk"].tolist() for c in found.curves] == [true_table(arm) for arm in data]


def test_lines_that_could_be_either_curves_are_given_to_none(tmp_path):
    arm = patients(1, 41)[0]
    other = (arm[0][:-1], arm[1][:-1])
    path = figure_of(tmp_path / "figure.svg", "svg-text", [[arm, other]], headings={"X": 0, "Y": 1})
    with pytest.warns(DataWarning, match=r"printed \(X, Y\), but not to which curve they belong"):
        found = mo.curves.digitize(path)
    assert [c.at_risk for c in found.curves] == [None, None]


def flat(level):
    return lambda at: (np.full(len(at), level), np.full(len(at), level))


def falling(*levels):
    return lambda at: (np.array(levels), np.array(levels))


@pytest.mark.parametrize(
    ("numbers", "levels", "order"),
    [
        ([[100, 50], [100, 90]], [falling(1, 0.9), falling(1, 0.5)], [1, 0]),  # 90 cannot be at risk where half died
        ([[100, 50], [100, 40]], [falling(1, 0.9), falling(1, 0.5)], None),  # both can be either's
        ([[100, 95], [100, 90]], [falling(1, 0.5), falling(1, 0.5)], None),  # none can be any's
        ([[50, 45], [100, 90]], [flat(1.0), flat(1.0), flat(1.0)], None),  # more curves than lines
    ],
)
def test_what_survival_allows(numbers, levels, order):
    lines = [Line("", "#000000", np.array(n, dtype=float), 0.0) for n in numbers]
    assert fitting(lines, levels, np.array([0.0, 6.0])) == order


def test_headings_that_end_in_a_number_are_whole(tmp_path):
    data = patients(2, 41)
    path = figure_of(tmp_path / "figure.svg", "svg-text", [data], headings={"Arm A 1": 0, "Arm B 2": 1})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mo.curves.digitize(path)
    assert "'Arm A 1' to 'Arm A', 'Arm B 2' to 'Arm B'" in str(caught[0].message)
