"""Patients whose times are of another order than those of the others of their arm."""

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
