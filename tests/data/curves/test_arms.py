"""Several arms at once: each as if alone, in one table; and bad input by the name of its arm."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import ColumnError, DataError, OptionError

SURVMINER = Path(__file__).parents[1] / "digitize" / "figures" / "survminer.pdf"  # lung of R's survival package, by sex
POINTS = pd.DataFrame(
    {
        "arm": ["A"] * 6 + ["B"] * 6,
        "time": [0, 2, 2, 5, 5, 8, 0, 3, 3, 6, 6, 9],
        "survival": [1, 1, 0.75, 0.75, 0.375, 0.375, 1, 1, 0.5, 0.5, 0.25, 0.25],
    }
)
ROWS = pd.DataFrame({"arm": ["A", "A", "B", "B"], "time": [0, 4, 0, 4], "n_risk": [4, 2, 4, 2]})


def rows_of(arm):
    return ROWS.loc[ROWS["arm"] == arm, ["time", "n_risk"]]


@pytest.fixture(scope="module")
def figure():
    with pytest.warns(mo.DataWarning, match="goes on outside"):
        return mo.curves.digitize(SURVMINER)


def test_each_arm_is_what_it_is_alone():
    got = mo.curves.reconstruct_arms(POINTS, at_risk=ROWS)
    assert list(got.arms) == ["A", "B"]
    assert list(got.ipd.columns) == ["time", "event", "arm"]
    for arm, own in got.ipd.groupby("arm"):
        points = POINTS[POINTS["arm"] == arm]
        alone = mo.curves.reconstruct_ipd(points["time"], points["survival"], at_risk=rows_of(arm))
        pd.testing.assert_frame_equal(own[["time", "event"]].reset_index(drop=True), alone.ipd)
        pd.testing.assert_frame_equal(got.arms[arm].ipd, alone.ipd)
    assert got.quality[["arm", "n", "events"]].to_numpy().tolist() == [["A", 4, 2], ["B", 4, 3]]
    assert got.glance().loc[0, ["arms", "n", "events"]].tolist() == [2, 8, 5]


def test_a_table_an_arm_is_the_same_as_one_table():
    one = mo.curves.reconstruct_arms(POINTS, at_risk=ROWS)
    several = mo.curves.reconstruct_arms(
        POINTS.rename(columns={"arm": "drug"}), arm="drug", at_risk={"B": rows_of("B"), "A": rows_of("A")}
    )
    pd.testing.assert_frame_equal(one.ipd, several.ipd)


def test_a_digitised_figure_brings_its_table_and_marks(figure):
    got = mo.curves.reconstruct_arms(figure)
    # 138 men with 112 deaths, 90 women with 53
    assert got.quality[["arm", "n", "events"]].to_numpy().tolist() == [["Male", 138, 112], ["Female", 90, 53]]
    assert got.provenance.notes == ()


def test_marks_that_a_method_cannot_use_are_said_to_be_left_out(figure):
    got = mo.curves.reconstruct_arms(figure, method="guyot")
    assert got.provenance.notes[0] == "Male: the figure's censoring marks were not used, since 'guyot' uses none."
    assert {one.provenance.settings["method"] for one in got.arms.values()} == {"guyot"}
    with pytest.raises(OptionError, match="'guyot' has no use for censor_times"):
        mo.curves.reconstruct_arms(POINTS, at_risk=ROWS, censor_times={"A": [3.0]}, method="guyot")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, DataError, r"arm 'A': n is missing"),
        ({"at_risk": ROWS, "events": {"C": 2}}, DataError, r"events names 'C', which has no curve; the arms are \['A'"),
        ({"at_risk": ROWS, "events": 5}, DataError, r"events=5 is given for no arm; give a mapping, as \{'A': ...\}"),
        ({"at_risk": ROWS.iloc[:2]}, DataError, "arm 'B': n is missing"),
        ({"at_risk": ROWS.rename(columns={"n_risk": "patients"})}, ColumnError, "'n_risk' is not a column"),
        ({"at_risk": ROWS, "arm": "drug"}, ColumnError, "arm='drug' is not a column"),
        ({"at_risk": ROWS, "method": "iKM"}, OptionError, "choose from 'metaonc', 'guyot'"),
    ],
)
def test_bad_input_is_named_by_its_arm(options, error, message):
    with pytest.raises(error, match=message):
        mo.curves.reconstruct_arms(POINTS, **options)


def test_a_point_without_arm_and_points_of_a_figure_are_refused(figure):
    with pytest.raises(DataError, match="row 3: arm is missing"):
        mo.curves.reconstruct_arms(POINTS.assign(arm=["A", "A", "A", None] + ["B"] * 8), at_risk=ROWS)
    with pytest.raises(OptionError, match="points='clicks' has no use here"):
        mo.curves.reconstruct_arms(figure, points="clicks")
