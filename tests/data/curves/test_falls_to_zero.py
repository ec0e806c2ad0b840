"""Pictures of curves that end at 0: the last patient has the event, and the level before is that of the line."""

import warnings

import numpy as np
import pytest
from curve_renders import LOOKS, curve, in_order, render, ticks_of

import metaonc as mo
from metaonc.errors import DataWarning

LEVEL = 0.02  # of survival, for the level before the last fall: that of few patients, whose levels lie far apart
EVENTS = 2  # of a table, as of curves that end elsewhere


def trial(seed):
    """Return two arms of 60 patients of whom the last has the event."""
    rng = np.random.default_rng(seed)
    arms = []
    for _ in range(2):
        died, left = rng.exponential(9, 60), rng.exponential(16, 60)
        time, event = np.minimum(died, left), (died <= left).astype(int)
        event[time.argmax()] = 1
        arms.append((np.minimum(time, 41.0), event))
    return arms


@pytest.mark.parametrize("seed", [1, 3, 6])
def test_the_last_patient_of_a_picture_has_the_event_at_the_level_of_the_line(tmp_path, seed):
    """They were censored, at half of that level or less: a reading on the fall was taken for it."""
    arms = trial(seed)
    render(arms, LOOKS["plain"], tmp_path / "figure.png")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found = mo.curves.digitize(tmp_path / "figure.png", n_curves=2, **ticks_of(LOOKS["plain"]))
    for read, (time, event) in zip(in_order(found.curves, arms, LOOKS["plain"]), arms, strict=True):
        rows = np.arange(0.0, 0.7 * time.max(), 6.0)
        table, total = (rows, [(time >= row).sum() for row in rows]), int(event.sum())
        for known in ({"at_risk": table}, {"at_risk": table, "events": total}, {"n": 60, "events": total}):
            got = mo.curves.reconstruct_ipd(read.time, read.survival, points=read.points, **known)
            assert got.life_table["survival"].iloc[-1] == 0
            if "at_risk" in known:
                assert got.life_table["survival"].iloc[-2] == pytest.approx(curve(time, event)[3][-2], abs=LEVEL)
            assert got.quality.events_found == pytest.approx(total, abs=EVENTS)


def test_a_total_beside_a_table_does_not_take_the_event_that_makes_the_fall():
    """It was the cheapest to leave out: what it costs was counted by the level it leaves, which is 0."""
    at = np.linspace(0, 20, 401)
    s = np.select([at < 19.9, at >= 19.9], [np.round(200 * np.exp(-at / 9)) / 200, 0.0])
    rows = ([0, 5, 10, 15], [60, 26, 10, 3])
    free = mo.curves.reconstruct_ipd(at, s, points="pixels", at_risk=rows)
    for less in (1, 2, 3):
        total = free.quality.events_found - less
        got = mo.curves.reconstruct_ipd(at, s, points="pixels", at_risk=rows, events=total)
        assert got.quality.events_found == total
        assert got.life_table["survival"].iloc[-1] == 0
