"""Guyot's algorithm: the patients of an R implementation (survHE's digitise), and what it promises on any input."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import metaonc as mo
from metaonc.errors import OptionError

PINNED = json.loads((Path(__file__).parents[3] / "reference" / "guyot.json").read_text(encoding="utf-8"))
SAME = 1e-9  # months: the same sums of the same times, up to rounding of double precision
EXPONENTIAL = np.linspace(0, 20, 150), np.exp(-np.linspace(0, 20, 150) / 12)


def reconstructed(case, **change):
    rows = {"time": np.atleast_1d(case["row_time"]), "n_risk": np.atleast_1d(case["nrisk"])}
    known = {"at_risk": rows, "events": case["events"], "method": "guyot"}
    return mo.curves.reconstruct_ipd(case["time"], case["survival"], points="clicks", **known | change)


@pytest.mark.parametrize("name", PINNED)
def test_patients_are_those_of_survhe(name):
    case = PINNED[name]
    event = np.array(case["ipd_event"])
    order = np.lexsort((-event, case["ipd_time"]))
    found = reconstructed(case).ipd
    np.testing.assert_array_equal(found["event"], event[order])
    np.testing.assert_allclose(found["time"], np.array(case["ipd_time"])[order], atol=SAME)


def test_the_total_of_events_is_met_where_censoring_after_the_last_row_allows_it():
    for name in ("heavy_table_total", "heavy_no_table_total"):
        assert reconstructed(PINNED[name]).quality.events_difference == 0
    missed = reconstructed(PINNED["heavy_total_reached_before_last_row"])
    assert missed.ipd["event"].sum() == 83
    assert "60 events were given, 83 fit the curve and the table." in missed.quality.flags


def test_without_censoring_the_patients_come_back():
    # 1 - k / 10 at times 1, 2, ..., 10: one event a step, whatever the rows say
    t, s = np.arange(11.0), 1 - np.arange(11) / 10
    got = mo.curves.reconstruct_ipd(t, s, at_risk={"time": [0, 5], "n_risk": [10, 6]}, method="guyot")
    assert got.ipd["time"].tolist() == list(range(1, 11))
    assert got.ipd["event"].all()


def test_a_row_without_a_point_between_is_kept():
    t, s = [0.0, 1, 2, 9, 10], [1.0, 0.9, 0.8, 0.6, 0.5]
    rows = {"time": [0, 3, 5, 7], "n_risk": [100, 75, 70, 66]}
    got = mo.curves.reconstruct_ipd(t, s, points="clicks", at_risk=rows, method="guyot")
    assert got.quality.row_found == (100, 75, 70, 66)


@pytest.mark.parametrize("end", [10.0, 12.0])
def test_a_last_row_of_nobody_closes_the_curve(end):
    # 10 patients, events at 2, 4, 6, 8, 10: the curve falls to 0 at 10 and the axis ends at 12
    t = np.repeat([2.0, 4, 6, 8, 10], 2)
    s = np.array([1.0, 0.8, 0.8, 0.6, 0.6, 0.4, 0.4, 0.2, 0.2, 0.0])
    rows = {"time": [0, 5, end], "n_risk": [10, 6, 0 if end > 10 else 2]}
    got = mo.curves.reconstruct_ipd(t, s, at_risk=rows, method="guyot")
    assert got.ipd["time"].tolist() == np.repeat([2, 4, 6, 8, 10], 2).tolist()
    assert not any(got.quality.row_difference)


def test_the_method_is_on_record():
    known = {"at_risk": {"time": [0, 10], "n_risk": [200, 80]}, "points": "clicks"}
    for method in ("metaonc", "guyot"):
        got = mo.curves.reconstruct_ipd(*EXPONENTIAL, method=method, **known)
        assert got.provenance.settings["method"] == method
    assert mo.curves.reconstruct_ipd(*EXPONENTIAL, **known).provenance.settings["method"] == "metaonc"


def test_options_it_cannot_use_are_refused():
    known = {"n": 200, "events": 120, "points": "clicks"}
    with pytest.raises(OptionError, match="'guyott' is not an option; choose from 'metaonc', 'guyot'"):
        mo.curves.reconstruct_ipd(*EXPONENTIAL, method="guyott", **known)
    with pytest.raises(OptionError, match="'guyot' has no use for censor_times: leave them out, or choose from 'meta"):
        mo.curves.reconstruct_ipd(*EXPONENTIAL, method="guyot", censor_times=[3.0], **known)


@settings(max_examples=150, deadline=None)
@example(points=[(0.0, 0.0), (2e-311, 1.0), (0.0, 0.0)], gone=[1], events=None)
@example(points=[(0.0, 0.0), (2e-311, 1.0), (0.0, 0.0)], gone=[1], events=20)
@given(
    points=st.lists(st.tuples(st.floats(0, 30), st.floats(0, 1)), min_size=2, max_size=40),
    gone=st.lists(st.integers(0, 40), min_size=1, max_size=6),
    events=st.none() | st.integers(0, 60),
)
def test_any_curve_and_table_give_n_patients_in_bounded_time(points, gone, events):
    n = 60
    n_risk = np.maximum(n - np.cumsum([0, *gone]), 0)
    rows = {"time": np.arange(len(n_risk)) * 6.0, "n_risk": n_risk}
    t, s = np.array(points).T
    t[-1], s[0], t[0] = 30.0, 1.0, 0.0  # the least that makes it a falling curve with an axis
    got = mo.curves.reconstruct_ipd(t, s, points="clicks", at_risk=rows, events=events, method="guyot")
    assert len(got.ipd) == n
    assert got.ipd["event"].isin([0, 1]).all()
    assert got.ipd["time"].between(0, 36).all()
