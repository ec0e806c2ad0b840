"""What marks tell of the censoring: all of it in a file of lines, the least of it in a picture."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError

TIME = np.arange(1.0, 11.0)
SURVIVAL = 1 - 0.06 * TIME
CORNERS = {"time": [0, 2, 2, 5, 5, 8], "survival": [1, 1, 0.75, 0.75, 0.375, 0.375]}


@pytest.mark.parametrize("points", ["pixels", "clicks"])
def test_marks_of_a_picture_and_n_identify_nothing(points):
    marks = {"n": 100, "censor_times": [4.0, 6.0, 9.0]}
    with pytest.raises(DataError, match=r"3 censoring marks are of (pixels|clicks).*the least.*events.*ensemble\(20"):
        mo.curves.reconstruct_ipd(TIME, SURVIVAL, points=points, **marks)
    got = mo.curves.reconstruct_ipd(TIME, SURVIVAL, points=points, **marks, accept_unidentified=True)
    assert not got.identified
    assert any("not identified" in flag for flag in got.quality.flags)
    assert "beside one patient a mark" in str(got.ensemble(20, seed=1))


@pytest.mark.parametrize("known", [{"events": 60}, {"at_risk": {"time": [0, 5], "n_risk": [100, 60]}}])
def test_a_total_or_a_table_beside_them_does(known):
    assert mo.curves.reconstruct_ipd(
        TIME, SURVIVAL, points="pixels", n=100, censor_times=[4.0, 9.0], **known
    ).identified


def test_marks_that_add_up_to_n_with_the_events_are_all_there_are():
    """Ten patients, of whom six have the event, and the four others a mark."""
    end = np.array([1, 2, 2.5, 3, 4, 4.5, 5, 6, 6.5, 7])
    event = np.array([1, 1, 0, 1, 1, 0, 1, 1, 0, 0])
    at = np.linspace(0, 7, 281)
    curve = mo.survival.kaplan_meier({"time": end, "event": event}, time="time", event="event").curves["all"]
    level = curve.survival[np.searchsorted(curve.time, at, side="right") - 1]
    got = mo.curves.reconstruct_ipd(at, level, points="pixels", n=10, events=6, censor_times=end[event == 0])
    for one in got.ensemble(5, seed=1):
        np.testing.assert_allclose(one.loc[one["event"] == 0, "time"], end[event == 0], rtol=0, atol=0.1)


def test_marks_of_a_file_of_lines_are_all_there_are():
    assert mo.curves.reconstruct_ipd(**CORNERS, n=4, censor_times=[3.0, 8.0]).identified
    with pytest.raises(DataError, match=r"events= or censor_times="):
        mo.curves.reconstruct_ipd(**CORNERS, n=4)


def test_the_ratio_of_patients_that_nothing_identifies_carries_a_caution_wherever_it_stands():
    table = pd.concat(
        [pd.DataFrame({"arm": a, "time": TIME, "survival": SURVIVAL**p}) for a, p in (("A", 0.7), ("B", 1))]
    )
    how = {"points": "pixels", "censor_times": {"A": [4.0], "B": [6.0]}, "accept_unidentified": True}
    loose = mo.curves.reconstruct_arms(table, n={"A": 90, "B": 90}, **how)
    check = mo.survival.check_published(loose, hr=0.7, ci_low=0.4, ci_high=1.2, control="B")
    said = "the censoring of 'A' and 'B' is not identified"
    for result in (check, check.ratio):
        assert any(said in caution.text for caution in result.cautions)
        assert said in str(result)
    known = mo.curves.reconstruct_arms(table, n={"A": 90, "B": 90}, events={"A": 40, "B": 50}, **how)
    assert not mo.survival.check_published(known, hr=0.7, ci_low=0.4, ci_high=1.2, control="B").cautions
