"""Digitised curves as files: read back they are the same curves, and make the same patients."""

import warnings

import pandas as pd
import pytest
from curve_renders import LOOKS, draw, patients

import metaonc as mo
from metaonc.errors import DataError, DataWarning, OptionError

EVENTS = int(patients(2, 3)[0][1].sum())
NAMED = {"trial": "Trial 1", "outcome": "pfs", "unit": "months"}


@pytest.fixture
def found(tmp_path):
    draw(patients(2, 3), LOOKS["table"], tmp_path / "figure 2.svg", "svg-text")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return mo.curves.digitize(tmp_path / "figure 2.svg")


def test_files_make_the_same_patients(tmp_path, found):
    path = found.to_curves(tmp_path / "mine.csv", **NAMED, events={"Arm A": EVENTS}, page=4, source="NEJM 2020")
    read = mo.read_curves(path)
    assert [c.arm for c in read] == ["Arm A", "Arm B"]
    for curve, own, events in zip(read, found.curves, (EVENTS, None), strict=True):
        assert curve.time == pytest.approx(own.time, rel=1e-13)
        assert curve.survival == pytest.approx(own.survival, rel=1e-13)
        assert curve.censor_times == pytest.approx(own.censor_times, rel=1e-13)
        again = mo.curves.reconstruct_ipd(
            own.time, own.survival, points=own.points, at_risk=own.at_risk, censor_times=own.censor_times, events=events
        )
        pd.testing.assert_frame_equal(curve.reconstruct().ipd, again.ipd)
    row = read.table.iloc[0]
    assert row[["curve_id", "unit", "points", "page", "source"]].tolist() == [
        "trial-1-arm-a-pfs", "months", "corners", 4, "NEJM 2020"]  # fmt: skip
    assert row["digitized_with"].endswith("curves.digitize of figure 2.svg")
    assert len(mo.audit(read)) == 0


def test_arms_by_their_own_names(tmp_path, found):
    read = mo.read_curves(found.to_curves(tmp_path / "mine.csv", **NAMED, arms={"Arm A": "drug", "Arm B": "placebo"}))
    assert [c.arm for c in read] == ["drug", "placebo"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"arms": {"Arm C": "x"}}, OptionError, "arms= names 'Arm C', which is no curve; they are 'Arm A', 'Arm B'"),
        ({"n": {"A": 5}}, OptionError, "n= names 'A'"),
        ({"colour": "red"}, OptionError, "colour= is no column of the table"),
        ({"arms": {"Arm A": "drug", "Arm B": "Drug"}}, DataError, "name their arms apart"),
    ],
)
def test_what_cannot_be_written(tmp_path, found, options, error, message):
    with pytest.raises(error, match=message):
        found.to_curves(tmp_path / "mine.csv", **NAMED, **options)
    assert not (tmp_path / "mine.csv").exists()


def test_a_folder_that_is_not_there(tmp_path, found):
    with pytest.raises(DataError, match="cannot be written: No such file"):
        found.to_curves(tmp_path / "none" / "mine.csv", **NAMED)
