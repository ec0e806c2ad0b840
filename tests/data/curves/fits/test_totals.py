"""Totals of events beside a curve that was read from a picture, with few of its censoring marks."""

import numpy as np
import pytest

import metaonc as mo
from metaonc.data.curves.fits.quality import kaplan_meier
from metaonc.data.curves.reconstruct import _other_totals


def picture(seed=3, n=200):
    """Return what is read of known patients, a reading a column, and one in six of their marks."""
    rng = np.random.default_rng(seed)
    died, left = rng.exponential(16, n), np.minimum(rng.uniform(10, 24, n), 22)
    time, event = np.minimum(died, left), (died <= left).astype(float)
    t, _, _, s = kaplan_meier(time, event)
    at = np.arange(0, time.max(), 22 / 400)
    level = np.append(1.0, s)[np.searchsorted(t, at, side="right")]
    read = np.clip(np.minimum.accumulate(level + rng.normal(0, 4e-4, len(at))), 0, 1)
    return at, read, np.sort(time[event == 0])[::6], event


@pytest.mark.parametrize("events", range(40, 121, 5))
def test_every_total_that_the_curve_allows_is_met(events):
    """Many of the totals had patients off by 0.02 to 0.08: all who were censored stood on the few marks."""
    time, survival, marks, _ = picture()
    got = mo.curves.reconstruct_ipd(time, survival, points="pixels", n=200, events=events, censor_times=marks)
    assert got.quality.events_found == events
    assert got.quality.rmse < (0.01 if events >= 60 else 0.02)  # fewer events have taller steps
    censored = got.ipd.loc[got.ipd["event"] == 0, "time"].to_numpy()
    assert np.abs(marks[:, None] - censored).min(axis=1).max() < 1e-6


@pytest.mark.parametrize("events", [5, 165])
def test_of_a_total_that_no_patients_have_it_is_said_which_do(events):
    time, survival, marks, event = picture()
    got = mo.curves.reconstruct_ipd(time, survival, points="pixels", n=200, events=events, censor_times=marks)
    said = next(flag for flag in got.quality.flags if "are found with a total of" in flag)
    least, most = (int(word) for word in said.split() if word.isdigit())
    assert 5 < least < event.sum() < most <= 200 * (1 - survival[-1]) + 4
    assert any("miss the curve" in flag or "no fall shows them" in flag for flag in got.quality.flags)


def test_a_range_of_sets_holds_the_patients_of_whom_few_marks_were_read():
    time, survival, marks, event = picture()
    got = mo.curves.reconstruct_ipd(
        time, survival, points="pixels", n=200, censor_times=marks, accept_unidentified=True
    )
    sets = got.ensemble(40, seed=1)
    low, high = np.quantile([one["event"].sum() for one in sets], [0.05, 0.95])
    assert low < event.sum() < high
    for one in sets:
        assert np.isin(marks, one.loc[one["event"] == 0, "time"]).all()


@pytest.mark.parametrize(("seed", "events"), [(3, 76), (4, 70), (4, 112)])
def test_a_fit_whose_events_show_is_taken_before_one_whose_events_do_not(seed, events):
    """The cheapest fit had events at the end, below what was read, where another followed the curve."""
    time, survival, _, _ = picture(seed)
    got = mo.curves.reconstruct_ipd(time, survival, points="pixels", n=200, events=events)
    assert got.quality.events_found == events
    assert not any("no fall shows them" in flag for flag in got.quality.flags)
    assert got.quality.rmse < 0.01


def test_of_a_total_among_those_that_fit_it_is_said_that_it_does_not():
    assert _other_totals((18, 48), 22) == (
        "patients that follow the curve are found with a total of 18 to 48 events, though not with 22: is the one "
        "given its own?"
    )
    assert "with a total of 7 events: is" in _other_totals((7, 7), 22)
    assert _other_totals(None, 22).startswith("no total of events is found")
