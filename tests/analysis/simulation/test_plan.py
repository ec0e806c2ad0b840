"""Plans against R's power.t.test and normal test, and by simulation."""

import numpy as np
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import OptionError

S = mo.simulation
R = pinned.load("plan")
FIVE = 5.0  # Monte Carlo standard errors


@pytest.mark.parametrize("test", ["t", "z"])
def test_power_is_that_of_r(test):
    for d in R["designs"]:
        r = mo.plan(ratio=d["ratio"], k=d["k"], events=d["events"], tau=d["tau"], share=d["share"], test=test)
        assert r.power == pytest.approx(d[test], rel=1e-7), d


def test_numbers_of_trials_are_r_s_rounded_up():
    r = mo.plan(ratio=0.8, events=150, power=0.8, tau=0.1)
    assert r.k == np.ceil(R["trials_for_80"])
    assert mo.plan(ratio=0.8, events=150, k=r.k - 1, tau=0.1).power < 0.8 <= r.power


def test_the_smallest_size_and_the_effect_that_is_detected():
    r = mo.plan(ratio=0.75, k=6, power=0.9, tau=0.1)
    assert mo.plan(ratio=0.75, k=6, events=r.size - 1, tau=0.1).power < 0.9 <= r.power
    found = mo.plan(k=6, events=200, power=0.8, tau=0.1)
    assert found.ratio < 1
    assert mo.plan(ratio=1 / found.ratio, k=6, events=200, tau=0.1).power == pytest.approx(0.8, abs=1e-9)
    odds = mo.plan("OR", k=6, patients=300, power=0.8, rate=0.2, share=0.4)
    assert odds.ratio > 1
    assert odds.power == pytest.approx(0.8, abs=1e-9)


def test_events_and_patients_in_all():
    r = mo.plan(ratio=0.7, k=5, events=70, event_share=0.7)
    assert (r.events, r.patients) == (350, 500)
    odds = mo.plan("OR", ratio=2, k=5, patients=80, rate=0.3)
    assert (odds.events, odds.patients) == (None, 400)


@pytest.mark.parametrize("plan", [
    lambda: mo.plan(ratio=0.75, k=5, events=120, tau=0.15),
    lambda: mo.plan(ratio=0.6, k=8, events=250, share=0.35, tau=0.1),
    lambda: mo.plan("OR", ratio=1.8, k=6, patients=300, rate=0.3),
    lambda: mo.plan("OR", ratio=2.5, k=6, patients=600, rate=0.3, share=0.4),
])  # fmt: skip
def test_plans_hold_in_simulation(plan):
    r = plan()
    found = S.study(r.scenario(), r.analysis(), n=6000, seed=1).table.iloc[0]
    # odds ratios: the variance of a log odds ratio is that of large trials, a percent of power away
    assert found["rejection"] == pytest.approx(r.power, abs=FIVE * found["rejection_mcse"] + 0.01 * (r.measure == "OR"))


def test_a_power_that_no_size_reaches_says_how_many_trials_do():
    with pytest.raises(mo.OptionError, match="Give k=17 or more") as said:
        mo.plan(ratio=0.8, k=4, power=0.8, tau=0.3)
    assert "below 0.185" in str(said.value)
    assert mo.plan(ratio=0.8, k=17, power=0.8, tau=0.3).size > 0


@pytest.mark.parametrize(("options", "said"), [
    ({"ratio": 0.8}, "Lacking: k, size, power"),
    ({"ratio": 0.8, "k": 3, "events": 90, "power": 0.8}, "All are given"),
    ({"ratio": 1, "k": 3, "events": 90}, "not 1"),
    ({"ratio": 0.8, "k": 1, "events": 90}, "from 2"),
    ({"ratio": 0.8, "k": 3, "events": 0}, "whole number"),
    ({"ratio": 0.8, "k": 3, "patients": 9}, "events= and event_share="),
    ({"measure": "OR", "ratio": 0.8, "k": 3, "events": 9}, "patients= and rate="),
    ({"measure": "OR", "ratio": 0.8, "k": 3, "patients": 9}, "rate=None"),
    ({"measure": "OR", "ratio": 0.8, "k": 3, "patients": 9, "rate": 0.2, "allocation": 0.6}, "one size"),
    ({"ratio": 0.8, "k": 3, "power": 80}, "between 0 and 1"),
    ({"ratio": 0.8, "k": 3, "events": 90, "share": 0}, "between 0 and 1"),
    ({"ratio": 0.8, "k": 3, "events": 90, "tau": -1}, "standard deviation"),
    ({"ratio": 0.8, "k": 3, "events": 90, "event_share": 2}, "between 0 and 1"),
    ({"k": 3, "events": 90, "power": 0.8, "tau": 20}, "no ratio"),
    ({"measure": "RR", "ratio": 0.8, "k": 3, "events": 90}, "measure"),
])  # fmt: skip
def test_errors_name_what_is_wrong(options, said):
    with pytest.raises(mo.OptionError, match=said):
        mo.plan(**options)


def test_the_result():
    r = mo.plan(ratio=0.7, k=6, events=300, share=0.4)
    assert "an interaction within trials: a ratio of hazard ratios of 0.7, 40 % of patients" in str(r)
    assert r.tidy(transform=True)["estimate"][0] == 0.7
    assert r.glance()["events"][0] == 1800
    assert mo.results.from_dict(r.to_dict()).power == r.power


def test_a_trial_of_two_arms_has_two_patients():
    with pytest.raises(OptionError, match="patients=1: a trial of two arms has 2 patients or more"):
        mo.plan(measure="OR", ratio=0.5, k=5, patients=1, rate=0.3)
    assert mo.plan(measure="OR", ratio=20.0, k=100, rate=0.3, power=0.06).size == 2
