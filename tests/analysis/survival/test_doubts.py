"""Patients whose times are of another order than those of the others of their arm."""

import copy
import dataclasses
import pickle

import numpy as np
import pandas as pd
import pytest

import metaonc as mo

SAID = "times of some patients of {} are of another order than those of the others"


def patients(in_days=0, scale=12.0, seed=3):
    rng = np.random.default_rng(seed)
    time, event = rng.exponential(scale, 240), rng.random(240) < 0.7
    time[:in_days] *= 30.44
    return pd.DataFrame({"time": time, "event": event.astype(int), "arm": ["x", "y"] * 120, "trial": ["A", "B"] * 120})


def said(result):
    return [caution.text for caution in result.cautions if "another order" in caution.text]


@pytest.mark.parametrize(("in_days", "told"), [(61, True), (20, True), (0, False)])
def test_days_among_months_are_a_caution(in_days, told):
    r = mo.survival.kaplan_meier(patients(in_days), time="time", event="event")
    assert said(r) == [SAID.format("the table")] * told
    assert ("another order" in str(mo.results_text(r))) is told


def test_of_groups_each_is_asked():
    rows = patients()
    rows.loc[rows["arm"].eq("y") & (rows.index < 60), "time"] *= 30.44
    r = mo.survival.kaplan_meier(rows, time="time", event="event", by="arm")
    assert [text.replace("arm ", "") for text in said(r)] == [SAID.format("y")]


def test_long_survivors_are_none():
    """A tenth of patients followed for 3 years beside a median of 3 months."""
    rng = np.random.default_rng(5)
    time = np.where(rng.random(200) < 0.1, rng.uniform(30, 40, 200), rng.exponential(4, 200))
    rows = pd.DataFrame({"time": time, "event": (time < 30).astype(int)})
    assert said(mo.survival.kaplan_meier(rows, time="time", event="event")) == []


def test_cautions_are_worked_out_when_read_and_go_with_every_copy():
    """Each copy is of a result whose cautions nobody has read."""
    rows = patients(61)
    made = {
        "rmst": lambda: mo.survival.rmst(rows, horizons=12, control="x"),
        "milestone": lambda: mo.survival.milestone(rows, times=12, control="x"),
        "hazard_ratio": lambda: mo.survival.hazard_ratio(rows, control="x"),
        "kaplan_meier": lambda: mo.survival.kaplan_meier(rows, by="arm"),
    }
    for name, make in made.items():
        read = make().provenance.cautions
        assert any("another order" in text for text in read), name
        assert pickle.loads(pickle.dumps(make())).provenance.cautions == read
        assert copy.deepcopy(make()).provenance.cautions == read
        assert dataclasses.replace(make().provenance, notes=("more",)).cautions == read
        assert mo.results.from_dict(make().to_dict()).provenance.cautions == read
        assert dataclasses.asdict(make().provenance)["cautions"] == read
        assert make().provenance == make().provenance


def test_cautions_are_of_the_patients_that_were_read():
    rows = patients(61)
    result = mo.survival.rmst(rows, horizons=12, control="x")
    rows["time"] = 1.0
    assert said(result) == [SAID.format(arm) for arm in ("x", "y")]


@pytest.mark.parametrize("kind", ["int64", "uint8", "float64", "float32", "Int64", "object", "category"])
@pytest.mark.parametrize("n", [60, 1500])
def test_groups_named_by_numbers_are_in_their_order(kind, n):
    rng = np.random.default_rng(n)
    arm = rng.permutation(np.arange(n) % 3) * 5
    rows = pd.DataFrame({"time": rng.exponential(9, n), "event": 1, "arm": pd.Series(arm).astype(kind)})
    curves = mo.survival.kaplan_meier(rows, by="arm").curves
    assert list(curves) == ["0", "5", "10"]
    for label, curve in curves.items():
        assert curve.n == np.count_nonzero(arm == int(label))
