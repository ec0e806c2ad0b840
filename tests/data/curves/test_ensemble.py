"""Sets of patients that a published curve leaves plausible."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.data.curves.fits.quality import kaplan_meier

TIME = np.linspace(0.2, 10, 50)
SURVIVAL = 0.3 + 0.7 * np.exp(-0.5 * TIME)
ROWS = ([0, 2.5, 5, 7.5], [80, 38, 22, 11])
BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
CLICK = 0.0013  # of the axis: standard error of one click


def clicks(**known):
    return mo.curves.reconstruct_ipd(TIME, SURVIVAL, points="clicks", **known)


def level(ipd, at):
    t, _, _, s = kaplan_meier(ipd["time"].to_numpy(), ipd["event"].to_numpy(dtype=float))
    return np.append(1.0, s)[np.searchsorted(t, at, side="right")]


def test_n_alone_is_refused_and_the_refusal_names_the_ensemble():
    with pytest.raises(mo.errors.DataError, match=r"accept_unidentified=True\)\.ensemble\(20, seed=1\)"):
        clicks(n=80)


def test_n_alone_leaves_the_number_of_events_open():
    got = clicks(n=400, accept_unidentified=True)
    assert any("not identified" in flag for flag in got.quality.flags)
    ensemble = got.ensemble(40, seed=1)
    assert {len(s) for s in ensemble} == {400}
    events = ensemble.tidy()["events"]
    assert events.max() <= 400 * 0.7 + 4, "more than without any censoring"
    assert events.max() >= 260
    assert events.min() < 200
    assert "not identified" in str(ensemble)


@pytest.mark.parametrize("events", [None, 45])
def test_table_and_total_are_met_by_every_set(events):
    got = clicks(at_risk=ROWS, events=events)
    for one in got.ensemble(20, seed=3):
        assert tuple((one["time"] >= t).sum() for t in ROWS[0]) == got.quality.row_found
        assert events is None or one["event"].sum() == got.quality.events_found


def test_a_total_without_a_table_is_met():
    assert set(clicks(n=80, events=40).ensemble(20, seed=3).tidy()["events"]) == {40}


@pytest.mark.parametrize("n", [60, 500])
def test_no_event_in_a_flat_tail(n):
    t = np.linspace(0.2, 20, 80)
    s = np.where(t < 10, np.exp(-0.08 * t), np.exp(-0.8))
    got = mo.curves.reconstruct_ipd(t, s, points="clicks", n=n, accept_unidentified=True)
    for one in got.ensemble(20, seed=1):
        assert one.loc[one["event"] == 1, "time"].max() <= t[t >= 10][0] + 5 * CLICK * 20


def test_each_curve_lies_within_the_error_of_reading():
    for one in clicks(at_risk=([0, 2.5, 5, 7.5], [800, 400, 260, 130])).ensemble(20, seed=1):
        off = np.minimum(np.abs(level(one, TIME) - SURVIVAL), np.abs(level(one, TIME - 0.02) - SURVIVAL))
        assert np.sqrt((off**2).mean()) < 0.005
        assert off.max() < 0.02


def test_the_seed_decides():
    got = clicks(at_risk=ROWS)
    one, same, other = (got.ensemble(3, seed=s) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one.frame, same.frame)
    assert not one.frame.equals(other.frame)
    assert list(one.frame.columns) == ["draw", "time", "event"]
    pd.testing.assert_frame_equal(one[2], one.frame.query("draw == 2")[["time", "event"]].reset_index(drop=True))


def test_exact_corners_keep_their_counts():
    corners = {"time": [0, 2, 2, 5, 5, 8], "survival": [1, 1, 0.75, 0.75, 0.375, 0.375]}
    got = mo.curves.reconstruct_ipd(**corners, at_risk={"time": [0, 4], "n_risk": [4, 2]})
    sets = list(got.ensemble(20, seed=1))
    for one in sets:
        events = one["event"] == 1
        assert list(one.loc[events, "time"]) == list(got.ipd.loc[got.ipd["event"] == 1, "time"])
        assert (one["time"] >= 4).sum() == 2
    free = [one.loc[(one["event"] == 0) & (one["time"] < 4), "time"].iloc[0] for one in sets]
    assert 2 <= min(free) < max(free) < 4


def test_censoring_stays_on_the_marks_of_a_file_of_lines():
    known = {"n": 80, "events": 50, "censor_times": [3.0, 6.0, 9.0]}
    got = mo.curves.reconstruct_ipd(TIME, SURVIVAL, points="corners", **known)
    for one in got.ensemble(5, seed=1):
        assert set(one.loc[one["event"] == 0, "time"]) <= {3.0, 6.0, 9.0, one["time"].max()}


def test_each_mark_of_a_picture_is_one_patient_and_others_are_censored_beside_them():
    known = {"n": 80, "events": 50, "censor_times": [3.0, 6.0, 9.0]}
    got = mo.curves.reconstruct_ipd(TIME, SURVIVAL, points="clicks", **known)
    beside = set()
    for one in got.ensemble(10, seed=1):
        censored = one.loc[one["event"] == 0, "time"]
        assert {3.0, 6.0, 9.0} <= set(censored)
        beside |= set(censored) - {3.0, 6.0, 9.0, one["time"].max()}
    assert len(beside) > 20


@pytest.mark.parametrize(("k", "seed", "said"), [(1, 1, "k=1"), (2.5, 1, "k=2.5"), (5, -1, "seed=-1")])
def test_what_cannot_be_drawn(k, seed, said):
    with pytest.raises(mo.errors.OptionError, match=said):
        clicks(at_risk=ROWS).ensemble(k, seed=seed)


def test_arms_with_one_curve_and_one_seed_each_go_their_way():
    table = pd.concat(
        [pd.DataFrame({"arm": a, "time": TIME, "survival": SURVIVAL**p}) for a, p in (("new", 0.8), ("old", 1.0))]
    )
    arms = mo.curves.reconstruct_arms(table, points="clicks", n={"new": 200, "old": 200}, accept_unidentified=True)
    ensemble = arms.ensemble(60, seed=1)
    events = ensemble.frame.groupby(["draw", "arm"])["event"].sum().unstack()
    assert abs(events.corr().loc["new", "old"]) < 0.35
    assert ensemble.glance().loc[0, "n"] == 400


def test_every_set_of_a_small_arm_has_the_events_that_its_curve_shows():
    # 13 patients, five drops to 0.58, few points: most censorings that a wide prior draws leave nobody to die
    time, survival = [0, 11.6, 11.6, 15.3, 15.3, 18.5, 18.5, 40.3], [1, 1, 0.85, 0.85, 0.69, 0.69, 0.58, 0.58]
    one = mo.curves.reconstruct_ipd(time, survival, points="clicks", n=13, accept_unidentified=True)
    for draw in one.ensemble(60, seed=2):
        assert draw["event"].sum() >= 1
        assert draw["time"].max() == pytest.approx(40.3, rel=0.02)


def columns_of(times, n, *, end):
    """Return a trace of 700 columns by 450 rows of an arm without censoring, to the last column before its end."""
    at = (np.arange(700) + 0.3) * end / 700
    s = 1 - np.searchsorted(np.sort(times), at, side="right") / n
    return at, 1 - np.round((1 - s) * 450) / 450


def test_the_last_patient_of_a_low_curve_may_have_the_event_that_no_column_shows():
    # all of 20 have the event, the last where the trace ends: in the last span 9 falls are seen, and 10 leave
    died = np.arange(1, 21) * 0.5
    time, survival = columns_of(died, 20, end=10)
    assert survival[-1] == pytest.approx(0.05, abs=0.002)
    got = mo.curves.reconstruct_ipd(time, survival, points="pixels", at_risk=([0, 5.25], [20, 10]))
    sets = list(got.ensemble(200, seed=1))
    total = np.array([one["event"].sum() for one in sets])
    assert total.max() == 20
    assert np.mean(total == 20) == pytest.approx(9.5 / 11, abs=0.12)
    for one in sets:
        assert (one["time"] >= 5.25).sum() == 10
        assert one["time"].max() == pytest.approx(10, rel=0.01)


def test_the_last_patient_of_a_high_curve_keeps_the_censoring_that_is_seen():
    time, survival = columns_of(np.array([3.0]), 2, end=10)
    got = mo.curves.reconstruct_ipd(time, survival, points="pixels", at_risk=([0, 5], [2, 1]))
    assert np.mean([one["event"].sum() == 1 for one in got.ensemble(60, seed=1)]) > 0.95  # 0.75 if it might fall


@pytest.mark.slow
def test_simulated_trials_are_held_as_pinned():
    pinned = json.loads((BENCHMARKS / "ensembles.json").read_text())
    spec = importlib.util.spec_from_file_location("ensembles", BENCHMARKS / "ensembles.py")
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    rows = [bench.measured(pinned["seed"], i, pinned["axes"], "table") for i in (0, 6, 12)]
    assert {row["censoring"] for row in rows} == {"nobody"}
    assert [row["width"] for row in rows] == pytest.approx(pinned["width_nobody"][:3], rel=0.5)
    assert sum(row["held"] for row in rows) >= 2, rows


TABLE = {"time": [0, 1, 5], "n_risk": [3, 3, 1]}


@pytest.mark.parametrize(
    ("times", "event", "known"),
    [
        ([3.0, 7.0], [0, 1], {"n": 2}),
        ([2.0, 4.0, 7.0], [1, 1, 1], {"n": 3}),
        ([2, 4, 7.0], [1, 1, 1], {"at_risk": TABLE}),
    ],
)
def test_an_event_that_no_column_shows_is_the_last_patients_and_stays_at_the_end(times, event, known):
    """Not at 0, where no fall is read, nor at the last fall that is read, where somebody is still alive."""
    t, x = np.array(times), np.arange(0.0, 7.0, 1 / 60)
    left = 1 - np.array(event) / (len(t) - np.arange(len(t)))
    s = np.prod(np.where(t[:, None] <= x, left[:, None], 1), axis=0)
    found = mo.curves.reconstruct_ipd(x, s, points="pixels", events=sum(event), **known)
    for one in found.ensemble(10, seed=1):
        assert one.loc[one["event"] == 1, "time"].max() == pytest.approx(7.0, abs=0.05)
