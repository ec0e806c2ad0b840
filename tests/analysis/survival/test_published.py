"""Patients beside published numbers: R's own output on lung, from a figure that R drew of it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import metaonc as mo
from metaonc.errors import DataError, OptionError

SURVMINER = Path(__file__).parents[2] / "data" / "digitize" / "figures" / "survminer.pdf"
# summary(coxph(Surv(time, status) ~ sex, lung)): women to men 0.5880, 0.4237 to 0.8160
RATIO = {"hr": 0.588, "ci_low": 0.4237, "ci_high": 0.816, "control": "Male"}
# survfit(Surv(time, status) ~ sex, lung): 270 and 426 days; the figure's unit is 30.4375 days
MEDIANS = {"Male": round(270 / 30.4375, 1), "Female": round(426 / 30.4375, 1)}


@pytest.fixture(scope="module")
def lung():
    with pytest.warns(mo.DataWarning, match="goes on outside"):
        return mo.curves.reconstruct_arms(mo.curves.digitize(SURVMINER))


def test_published_numbers_of_the_same_patients_agree(lung):
    before = lung.ipd.copy()
    check = mo.survival.check_published(lung, **RATIO, medians=MEDIANS)
    assert check.agrees
    assert check.provenance.notes == ()
    table = check.tidy(transform=True)
    assert table["term"].tolist() == ["HR", "standard error", "median", "median"]
    assert table["published"].tolist() == [
        pytest.approx(0.588),
        pytest.approx(np.log(0.816 / 0.4237) / 2 / 1.959964),
        *MEDIANS.values(),
    ]
    # the figure holds times to 0.01 pt: ties of events and censorings move the log hazard ratio in the third digit
    assert table["estimate"].iloc[0] == pytest.approx(0.5880, abs=5e-4)
    assert check.ratio.estimate == mo.survival.hazard_ratio(lung.ipd, control="Male").estimate
    assert lung.ipd.equals(before)


def test_a_ratio_the_other_way_round_is_recognised(lung):
    check = mo.survival.check_published(lung, **RATIO | {"control": "Female"})
    assert not check.agrees
    (note,) = check.provenance.notes
    # twice log 0.588 by its standard error: 6.35
    assert re.search(
        "0.588 was published, the patients have 1.7, 6.[34] standard errors away; the inverse agrees", note
    )


@pytest.mark.parametrize(("times", "agrees"), [(0.29, True), (0.31, False)])
def test_the_tolerance_is_in_published_standard_errors(lung, times, agrees):
    own = mo.survival.hazard_ratio(lung.ipd, control="Male")
    published = np.exp(own.estimate + times * own.se + np.array([0, -1, 1]) * 1.959963984540054 * own.se)
    hr = dict(zip(("hr", "ci_low", "ci_high"), published, strict=True))
    check = mo.survival.check_published(lung, control="Male", **hr)
    assert check.tidy().loc[0, "off"] == pytest.approx(-times, rel=1e-6)
    assert check.agrees is agrees


def test_too_narrow_an_interval_asks_for_the_events(lung):
    check = mo.survival.check_published(lung, control="Male", hr=0.588, ci_low=0.47, ci_high=0.735)
    (note,) = check.provenance.notes
    assert "the patients with their 165 events have 0.167" in note


def test_medians_that_are_not_there(lung):
    check = mo.survival.check_published(lung, medians={"Male": None, "Female": 9.0})
    assert check.ratio is None
    assert check.tidy()["agrees"].tolist() == [False, False]
    assert check.provenance.notes == (
        "median of 'Male': not reached was published, the patients have 8.871.",
        "median of 'Female': 9 was published, the patients have 14.",
    )


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, DataError, "nothing published is given"),
        ({"hr": 0.6}, DataError, r"hr= needs control=.*\['Male', 'Female'\]"),
        ({"hr": 0.6, "control": "Male"}, DataError, "has no interval"),
        ({**RATIO, "control": "Men"}, DataError, r"control names 'Men', which is no arm; the arms are \['Male'"),
        ({**RATIO, "ci_low": 0.7}, DataError, "hr=0.588 lies outside its interval"),
        ({"medians": {"Male": -3}}, DataError, "-3 of 'Male' is no median"),
        ({"medians": {"Male": 9}, "control": "Male"}, OptionError, "control= has no use without hr="),
    ],
)
def test_what_cannot_be_compared_is_refused(lung, options, error, message):
    with pytest.raises(error, match=message):
        mo.survival.check_published(lung, **options)


def test_three_arms_are_compared_two_by_two():
    one = {"time": [0, 2, 2, 6], "survival": [1, 1, 0.75, 0.75]}
    two = {"time": [0, 3, 3, 6], "survival": [1, 1, 0.5, 0.5]}
    points = {k: one[k] + two[k] + two[k] for k in one} | {"arm": ["A"] * 4 + ["B"] * 4 + ["C"] * 4}
    got = mo.curves.reconstruct_arms(points, n=dict.fromkeys("ABC", 40), events={"A": 10, "B": 20, "C": 20})
    own = mo.survival.hazard_ratio(got.ipd[got.ipd["arm"] != "C"], control="B")
    low, high = np.exp(own.confidence_interval())
    published = {"hr": own.hr, "ci_low": low, "ci_high": high, "control": "B"}
    with pytest.raises(DataError, match=r"treatment= is needed: beside the control 'B' there are \['A', 'C'\]"):
        mo.survival.check_published(got, **published)
    check = mo.survival.check_published(got, treatment="A", **published)
    assert check.tidy()["off"].tolist() == pytest.approx([0, 0], abs=1e-9)
