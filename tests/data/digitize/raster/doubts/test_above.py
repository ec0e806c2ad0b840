"""A curve that comes down from above survival 1 is told of: another level was taken for 1."""

from __future__ import annotations

import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from line_traces import ONE, drawn, trace

import metaonc as mo
from metaonc.data.digitize.raster.doubts.above import from_above
from metaonc.errors import DataWarning

INK = (drawn(ONE) > 0).astype(float)
NONE = np.zeros((15, 10))


def steep(path, top, median=2.0, mark=0.0, colour="#1f77b4"):
    """Return what is said of a steep curve on whose y axis the level `top` is stated as survival 1."""
    time = np.sort(np.random.default_rng(3).exponential(median / np.log(2), 200))
    fig, ax = plt.subplots(figsize=(6.5, 4.6), dpi=150)
    ax.step(np.append(0, time), np.linspace(1, 0, 201), where="post", color=colour, lw=1.4)
    ax.plot(mark, 1.0, "|", ms=9, color=colour)
    ax.set(xlim=(0, 36), ylim=(0, 1.05))
    fig.savefig(path)
    (x0, y0), (x1, y1) = ax.transData.transform([(0, 0), (36, top)])
    high = fig.bbox.height - 0.5
    plt.close(fig)
    axes = {"x_axis": [(x0 - 0.5, 0), (x1 - 0.5, 36)], "y_axis": [(high - y0, 0), (high - y1, 1)]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found = mo.curves.digitize(path, n_curves=1, ocr=False, **axes)
    return [said for said in found.warnings if "above survival 1" in said]


@pytest.mark.parametrize(("top", "least"), [(0.95, "0.05"), (0.9, "0.11")])
@pytest.mark.parametrize("median", [0.6, 2.0])
def test_a_steep_curve_that_begins_above_the_level_stated_as_1_is_told_of(tmp_path, top, least, median):
    [said] = steep(tmp_path / "figure.png", top, median)
    amount = float(said.split("at least ")[1].split()[0])
    assert amount == pytest.approx(1 / top - 1, abs=0.01), said
    assert f"{amount:.2f}" == least


@pytest.mark.parametrize("colour", ["#1f77b4", "#000000"])
@pytest.mark.parametrize("mark", [0.0, 0.3])
def test_a_steep_curve_that_begins_at_1_is_not_whatever_mark_stands_there(tmp_path, mark, colour):
    assert steep(tmp_path / "figure.png", 1.0, mark=mark, colour=colour) == []


def test_what_leads_up_from_a_beginning_is_measured_to_the_row_of_1():
    over = NONE.copy()
    own = INK.copy()
    assert from_above(over, own, trace(ONE), 9.0, 90.0) == 0.0
    own[:10, 2:4] = 1.0
    over[5:, 2:4] = 1.0
    assert from_above(over, own, trace(ONE), 9.0, 90.0) == pytest.approx((9 - 1 + 10) / 90)


def test_ink_above_that_does_not_lead_down_to_the_line_is_of_another():
    over = NONE.copy()
    over[:12, 2:4] = 1.0
    assert from_above(over, INK, trace(ONE), 9.0, 90.0) == 0.0
    assert from_above(over[:, :0], INK, trace(ONE), 9.0, 90.0) == 0.0
