"""Patients made from a summary: what was published comes out of them, and exact identities of the model."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.data.curves.summary import survival_at
from metaonc.errors import DataError, OptionError

make = mo.curves.ipd_from_summary
LUNG = json.loads((Path(__file__).parents[2] / "reference" / "survfit.json").read_text("utf-8"))["cases"]["lung_sex"]


def survival(ipd, times):
    return mo.survival.kaplan_meier(ipd).at(times)["survival"].to_numpy()


def test_published_figures_come_out():
    made = make(n=200, median=6.5, landmarks={3: 0.74, 12: 0.29, 24: 0.08}, events=150)
    assert len(made.ipd) == 200
    assert made.ipd["event"].sum() == 150
    np.testing.assert_allclose(survival(made.ipd, [3, 12, 24]), [0.74, 0.29, 0.08], atol=1.5 / 200)
    median = mo.survival.kaplan_meier(made.ipd).medians["median"].iloc[0]
    assert median == pytest.approx(6.5, rel=0.02)
    assert made.agreement.query("what == 'median'")["model"].iloc[0] == median
    assert made.agreement.query("what == 'events'")["model"].iloc[0] == pytest.approx(150, rel=1e-6)


def test_a_median_alone_is_an_exponential_curve():
    made = make(n=1000, median=10, events=600)
    times = np.array([2.0, 5, 10, 20])
    np.testing.assert_allclose(survival(made.ipd, times), 0.5 ** (times / 10), atol=0.003)


def test_events_of_even_entry_have_their_closed_form():
    # constant hazard h, entry even over F: the share with an event is 1 - (1 - exp(-h F)) / (h F)
    made = make(n=10_000, median=10, follow_up=(0, 30))
    x = np.log(2) / 10 * 30
    assert made.ipd["event"].sum() == pytest.approx(10_000 * (1 - (1 - np.exp(-x)) / x), abs=1)
    back = make(n=10_000, median=10, events=int(made.ipd["event"].sum()))
    assert back.follow_up[1] == pytest.approx(30, rel=1e-3)


def test_nobody_is_censored_before_the_shortest_follow_up():
    made = make(n=300, landmarks={6: 0.8, 12: 0.6, 24: 0.55}, follow_up=(18, 40))
    censored = made.ipd.query("event == 0")["time"]
    assert 18 <= censored.min() <= censored.max() <= 40


def test_a_model_of_real_patients_has_about_their_hazard_ratio():
    data = pd.DataFrame(LUNG["data"])
    truth = mo.survival.hazard_ratio(data.rename(columns={"status": "event", "group": "arm"}), control=1)
    parts = []
    for arm, rows in data.groupby("group"):
        km = mo.survival.kaplan_meier(rows, event="status")
        marks = {t: float(km.at([t])["survival"].iloc[0]) for t in (180, 365, 540)}
        made = make(n=len(rows), median=float(km.medians["median"].iloc[0]), landmarks=marks,
                    events=int(rows["status"].sum()))  # fmt: skip
        parts.append(made.ipd.assign(arm=arm))
    model = mo.survival.hazard_ratio(pd.concat(parts), control=1)
    assert model.estimate == pytest.approx(truth.estimate, abs=0.4 * truth.se)


def test_it_says_that_it_is_a_model():
    made = make(n=116, median=6.5, median_low=4.7, median_high=8.4, events=80)
    assert str(made).startswith("A model of 116 patients with 80 events, not a reconstruction")
    assert "patients are a model" in made.provenance.notes[0]
    assert "beyond time 6.5 nothing was published" in made.provenance.notes[1]
    assert len(made.provenance.notes) == 2
    narrow = make(n=116, median=6.5, median_low=6.3, median_high=6.7, events=80)
    assert "is not what 80 events of a constant hazard give" in narrow.provenance.notes[-1]
    assert made.to_dict()["provenance"]["verb"] == "curves.ipd_from_summary"


def test_the_same_summary_gives_the_same_patients():
    one, two = (make(n=50, median=8, events=30).ipd for _ in range(2))
    pd.testing.assert_frame_equal(one, two)


def test_survival_goes_on_with_the_last_hazard():
    times, levels = np.array([0.0, 10, 20]), np.array([1.0, 0.5, 0.4])
    np.testing.assert_allclose(survival_at(np.array([5.0, 30]), times, levels), [np.sqrt(0.5), 0.32])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"median": 5}, OptionError, "how long patients were followed is not known"),
        ({"events": 5}, OptionError, "nothing about survival is given"),
        ({"median": 5, "events": 11}, DataError, "events=11 is not a number of events among n=10"),
        ({"median": 5, "events": 2.5}, DataError, "events=2.5"),
        ({"median": 0, "events": 5}, DataError, "median=0 is not a time above 0"),
        ({"landmarks": {12: 31}, "events": 5}, DataError, r"landmarks\[12\]=31: .*not percent"),
        (
            {"median": 5, "landmarks": {12: 0.6}, "events": 5},
            DataError,
            r"does not fall from time 5 \(0.5\) to time 12",
        ),
        ({"median": 12, "landmarks": {12: 0.6}, "events": 5}, DataError, "contradict each other"),
        ({"median": 5, "median_low": 6, "events": 5}, DataError, "median_low=6 does not lie about median=5"),
        ({"median_high": 6, "landmarks": {3: 0.7}, "events": 5}, DataError, "does not lie about median=None"),
        ({"median": 5, "follow_up": (10, 5)}, OptionError, "the shortest must be at least 0 and below the longest"),
        ({"n": 0, "median": 5, "events": 5}, DataError, "n=0 is not a number of patients"),
    ],
)
def test_what_contradicts_itself_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        make(**{"n": 10} | options)
