"""Horizons beyond the last time of an arm whose curve comes to 0, against means of times and R's survfit."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import ColumnError, DataError, OptionError

DIED = {"time": [1, 2, 3, 4, 3, 6, 9, 12], "event": [1] * 6 + [0] * 2, "arm": [0] * 4 + [1] * 4}


def test_the_restricted_mean_of_an_arm_that_died_is_its_mean_time():
    r = mo.survival.rmst(DIED, horizons=[4, 10], control=0)
    control = r.of("rmst").query("group == '0'")
    np.testing.assert_allclose(control["estimate"], 2.5, rtol=1e-14)
    np.testing.assert_allclose(control["se"], np.sqrt(1.25 / 4), rtol=1e-14)  # variance of times over their number
    last = r.of("difference").iloc[1]
    np.testing.assert_allclose(last[["estimate", "se"]].tolist(), [4.75, 1.57619], rtol=1e-6)  # its r_code() by R 4.5
    assert r.over_horizons()["time"].iloc[-1] == 12
    assert mo.survival.milestone(DIED, times=10, control=0).of("difference")["estimate"].tolist() == [0.5]


def test_a_curve_that_does_not_come_to_0_is_not_known_beyond():
    censored_there = {"time": [1, 2, 3, 4, 4, 3, 6, 9, 12], "event": [1] * 4 + [0] + [1] * 4, "arm": [0] * 5 + [1] * 4}
    for call in (lambda d: mo.survival.rmst(d, horizons=10, control=0),
                 lambda d: mo.survival.milestone(d, times=10, control=0)):  # fmt: skip
        with pytest.raises(DataError, match="beyond the follow-up of '0', whose last time is 4"):
            call(censored_there)


def test_a_trial_whose_arm_died_stays_in_the_pool():
    rng = np.random.default_rng(3)
    parts = [pd.DataFrame({"trial": name, "arm": [0, 1] * 30, "time": rng.exponential(8, 60)}) for name in "AB"]
    d = pd.concat(parts).assign(event=lambda x: x["time"] < 12, time=lambda x: x["time"].clip(upper=12))
    d = pd.concat([d, pd.DataFrame(DIED).assign(trial="C", event=lambda x: x["event"] == 1)])
    r = mo.survival.pool_rmst(d, horizons=[3, 10], control=0)
    assert r.k_at == (3, 3)
    assert r.differences[2, 1] == pytest.approx(4.75)
    assert not any("not followed" in note for note in r.provenance.notes)


@pytest.mark.parametrize("verb", [lambda d: mo.survival.rmst(d, horizons=10, control=0),
                                  lambda d: mo.survival.milestone(d, times=10, control=0)])  # fmt: skip
def test_without_any_event_nothing_is_compared(verb):
    r = verb({**DIED, "time": [3, 6, 9, 12] * 2, "event": [0] * 8})
    assert r.of("difference")[["estimate", "se", "ci_low", "p_value"]].isna().all(axis=None)
    assert "no event in either arm up to 10" in str(r)
    assert "other arm" not in str(r)
    assert "difference" in (text := str(mo.results_text(r)))
    assert "was not estimable" in text


def test_an_arm_without_events_is_said_whole_in_figures():
    d = {"time": [3, 6, 9, 12] * 2, "event": [1, 1, 1, 0] + [0] * 4, "arm": [0] * 4 + [1] * 4}
    said = [c.text for c in mo.survival.rmst(d, horizons=10, control=0).cautions]
    assert said[0].endswith("its estimate has no error there, and the interval of the comparison is too narrow")


def test_few_at_risk_are_said_of_restricted_means():
    d = {"time": [*range(1, 41), 60] * 2, "event": [1] * 40 + [0] + [1] * 40 + [0], "arm": [0] * 41 + [1] * 41}
    assert "at 50 fewer than a tenth of the patients are at risk" in str(mo.survival.rmst(d, horizons=50, control=0))
    assert "tenth" not in str(mo.survival.rmst(d, horizons=20, control=0))


def test_errors_name_the_option_the_value_and_the_row():
    for verb in (
        lambda d: mo.survival.rmst(d, horizons=4, control=0),
        lambda d: mo.survival.hazard_ratio(d, control=0),
    ):
        with pytest.raises(ColumnError, match=r"^arm='arm' is not a column"):
            verb({name: DIED[name] for name in ("time", "event")})
    with pytest.raises(OptionError, match="horizons= is None"):
        mo.survival.rmst(DIED, horizons=None, control=0)
    with pytest.raises(OptionError, match="distributions='exp' is no list"):
        mo.survival.compare_models(DIED, distributions="exp", control=0)
    with pytest.raises(OptionError, match="nothing to compare"):
        mo.survival.compare_models(DIED, distributions=[], knots=[], control=0)
    with pytest.raises(DataError, match="too few for 1 inner knot: "):
        mo.survival.royston_parmar({"time": [1, 1, 2, 2], "event": [1] * 4, "arm": [0, 1] * 2}, control=0, knots=1)
    d = {**DIED, "study": ["A"] * 8, "ras": ["wild", None] + ["wild", "mutant"] * 3}
    with pytest.raises(DataError, match="patient in row 1: ras is missing"):
        mo.survival.ipd_interaction(d, by="ras", contrast=("wild", "mutant"), control=0)
