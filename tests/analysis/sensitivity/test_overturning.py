"""tipping_point and e_value: R's roots, the limit that touches no effect, whole patients, and published E-values."""

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.sensitivity.overturning.e_value import strength
from metaonc.analysis.sensitivity.overturning.first_crossing import first_crossing, first_whole
from metaonc.errors import DataError, OptionError

R = load("overturning")
TRIALS = pd.DataFrame(R["trials"])
CI = {"knha": "HKSJ", "z": "wald"}
ARMS = pd.DataFrame(R["arms"]).assign(trial=list("ABCD"))
COUNTS = {"trial": list("PQRS"), "a": [8, 12, 9, 14], "n": [60, 80, 70, 91], "b": [19, 27, 21, 31],
          "m": [60, 80, 70, 88]}  # fmt: skip
TWO = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "m", "study": "trial"}


def pool(**options):
    return mo.pool(TRIALS, study="trial", **{"measure": "HR"} | options)


def arms(measure="PLO", **options):
    return mo.pool(mo.effect_sizes(ARMS, measure=measure, events="x", n="n"), study="trial", **options)


def with_trial(r, effect, vi):
    table = pd.DataFrame({"yi": np.append(r.studies.yi, effect), "vi": np.append(r.studies.vi, vi)})
    return mo.pool(table, measure=r.measure, method=r.method, ci=r.ci, level=r.level)


@pytest.mark.parametrize("case", R["tip"], ids=lambda case: f"{case['method']} {case['test']}")
def test_r_finds_the_same_roots(case):
    found = mo.sensitivity.tipping_point(pool(method=case["method"], ci=CI[case["test"]]), sizes=case["events"])
    np.testing.assert_allclose(found["effect"], case["effect"], rtol=1e-8)
    np.testing.assert_allclose(found["found"], np.exp(case["effect"]), rtol=1e-8)
    np.testing.assert_allclose(found["vi"], 4 / np.array(case["events"]), rtol=1e-15)


@pytest.mark.parametrize(
    "options", [{}, {"method": "PM", "ci": "HKSJ-adhoc"}, {"ci": "t"}, {"method": "CE", "ci": "t"}]
)
def test_the_limit_of_the_pool_with_the_trial_is_no_effect(options):
    r = pool(**options)
    found = mo.sensitivity.tipping_point(r)
    assert len(found) == 40
    assert found["effect"].notna().all()
    np.testing.assert_allclose(found["ci_high"], 0, atol=1e-12)
    for row in found.table.iloc[::13].itertuples():
        new = with_trial(r, row.effect, row.vi)
        assert new.ci_high == pytest.approx(0, abs=1e-10)
        assert new.estimate == pytest.approx(row.estimate, rel=1e-9)
        assert new.weights[-1] == pytest.approx(row.weight, rel=1e-9)


def test_a_trial_that_agrees_can_overturn_too():
    """By Kenward and Roger a trial that outweighs all others leaves hardly a degree of freedom."""
    found = mo.sensitivity.tipping_point(pool(ci="KR"), sizes=[100, 100_000])
    assert found["ci_high"][0] == pytest.approx(0, abs=1e-12)
    assert found["effect"][1] == found.whole.estimate
    assert found["ci_high"][1] > 0


def test_the_size_of_a_trial_without_effect():
    found = mo.sensitivity.tipping_point(pool(method="CE", ci="wald"))
    assert found.null_size == pytest.approx(R["null_size"], rel=1e-8)
    assert with_trial(pool(method="CE", ci="wald"), 0.0, 4 / found.null_size).ci_high == pytest.approx(0, abs=1e-12)
    assert "overturns it from 7246 events on" in str(found)
    never = mo.sensitivity.tipping_point(mo.pool({"yi": [-0.9, -1.0, -1.1, -1.0], "vi": [0.02] * 4}, measure="HR"))
    assert np.isnan(never.null_size)
    assert "No trial with an effect of 1 overturns it, however large" in str(never)


def test_what_includes_no_effect_is_overturned_the_other_way():
    r = mo.pool({"yi": [-0.3, 0.1, -0.2], "vi": [0.05, 0.06, 0.04]}, measure="HR", method="CE", ci="wald")
    found = mo.sensitivity.tipping_point(r, sizes=[200])
    assert not found.significant
    assert np.isnan(found.null_size)
    assert with_trial(r, found["effect"][0], 0.02).ci_high == pytest.approx(0, abs=1e-12)
    assert with_trial(r, found["effect"][0] - 0.01, 0.02).ci_high < 0


def test_r_tries_every_number_of_responders():
    found = mo.sensitivity.tipping_point(arms(), benchmark=0.2, sizes=R["sizes"])
    np.testing.assert_array_equal(found["found"], R["responders"])
    assert found.counted
    row = found.table.iloc[1]
    assert row["effect"] == pytest.approx(np.log(10 / 50))
    assert row["ci_low"] <= np.log(0.2 / 0.8)
    more = mo.effect_sizes({"x": [11], "n": [60]}, measure="PLO", events="x", n="n")
    assert with_trial(arms(), more["yi"][0], more["vi"][0]).ci_low > np.log(0.2 / 0.8)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_events_of_two_arms_are_whole_and_the_first_that_overturn(measure):
    r = mo.pool(mo.effect_sizes(COUNTS, measure=measure, **TWO), study="trial", method="DL", ci="wald")
    found = mo.sensitivity.tipping_point(r, sizes=[100, 300])
    risk = (19 + 27 + 21 + 31) / (60 + 80 + 70 + 88)
    for size, events in zip(found["size"], found["found"], strict=True):
        limits = []
        for x in (events - 1, events):
            a, n = np.array([x]), np.array([size / 2])
            y, v = mo.MEASURES[measure].compute({"events_t": a, "n_t": n, "events_c": risk * n, "n_c": n})
            limits.append(with_trial(r, y[0], v[0]).ci_high)
        assert limits[0] < 0 <= limits[1]
    known = mo.pool({"yi": r.studies.yi, "vi": r.studies.vi}, measure=measure)
    with pytest.raises(DataError, match=r"counts of this pool are not known \(n_t\)"):
        mo.sensitivity.tipping_point(known)


def test_other_measures_are_sized_by_information():
    r = mo.pool({"yi": [1.2, 0.8, 1.1], "vi": [0.04, 0.02, 0.08]}, measure="MD", method="CE", ci="wald")
    found = mo.sensitivity.tipping_point(r, sizes=[1, 4])
    np.testing.assert_allclose(found["vi"], [0.04, 0.01])
    np.testing.assert_allclose(found["ci_low"], 0, atol=1e-13)
    assert found.size_name == "median trials of information"


def test_what_is_refused():
    with pytest.raises(OptionError, match=r"has no line of no effect: say what .* by benchmark="):
        mo.sensitivity.tipping_point(arms())
    with pytest.raises(OptionError, match=r"benchmark=1\.2 is no proportion strictly within its limits"):
        mo.sensitivity.tipping_point(arms(), benchmark=1.2)
    with pytest.raises(OptionError, match=r"sizes=-3\.0 must be numbers of events above 0"):
        mo.sensitivity.tipping_point(pool(), sizes=[10, -3])
    with pytest.raises(OptionError, match="sizes='big' must be numbers of events above 0"):
        mo.sensitivity.tipping_point(pool(), sizes="big")
    with pytest.raises(DataError, match="a result of pool is wanted, not list"):
        mo.sensitivity.tipping_point([1])
    with pytest.raises(OptionError, match="cannot be fitted with it"):
        mo.sensitivity.tipping_point(pool(method="DL", ci="HC"))


def test_first_crossings():
    grid = np.tile(np.linspace(0, 10, 64), (3, 1))
    shift = np.array([[2.0], [np.pi], [20.0]])
    found = first_crossing(lambda x: shift - x, grid)
    np.testing.assert_allclose(found[:2], [2, np.pi], rtol=1e-15)
    assert np.isnan(found[2])
    start, end = np.array([100.0, 0.0, 5.0]), np.array([0.0, 5000.0, 0.0])
    at = np.array([[37.0], [4321.0], [-1.0]])
    below = lambda x: np.where(at < 1, 1.0, np.where(start[:, None] > end[:, None], x - at, at - x))  # noqa: E731
    np.testing.assert_array_equal(first_whole(below, start, end), [37, 4321, np.nan])


@pytest.mark.parametrize(
    ("rr", "low", "high", "e", "limit"),
    [(0.80, 0.71, 0.91, 1.81, 1.43), (3.9, 1.8, 8.7, 7.26, 3.0)],  # VanderWeele and Ding 2017, as others quote it
)
def test_published_e_values(rr, low, high, e, limit):
    assert strength(rr) == pytest.approx(e, abs=0.006)
    near = low if rr > 1 else high
    assert strength(near) == pytest.approx(limit, abs=0.006)


def test_confounding_as_strong_as_the_e_value_explains_the_ratio():
    for ratio in (0.3, 0.9, 1.0, 1.7, 6.0):
        e = strength(ratio)
        assert e * e / (2 * e - 1) == pytest.approx(max(ratio, 1 / ratio))  # the bound of Ding and VanderWeele


def test_ratios_are_converted_where_outcomes_are_common():
    r = pool(method="CE", ci="wald")
    hr = np.exp(r.estimate)
    common, rare = (mo.sensitivity.e_value(r, rare=flag) for flag in (False, True))
    assert common.risk_ratio == pytest.approx((1 - 0.5**hr**0.5) / (1 - 0.5**hr**-0.5))
    assert rare.estimate == pytest.approx(strength(hr))
    assert rare.limit == pytest.approx(strength(np.exp(r.ci_high)))
    odds = mo.pool(mo.effect_sizes(COUNTS, measure="OR", **TWO), study="trial")
    assert mo.sensitivity.e_value(odds, rare=False).risk_ratio == pytest.approx(np.exp(odds.estimate / 2))
    crossing = mo.pool({"yi": [0.1, -0.1], "vi": [0.1, 0.1]}, measure="RR", method="CE", ci="wald")
    assert mo.sensitivity.e_value(crossing).limit == 1
    with pytest.raises(OptionError, match=r"rare=None: say by rare=True or rare=False"):
        mo.sensitivity.e_value(r)
    with pytest.raises(OptionError, match="'PLO' is not an option"):
        mo.sensitivity.e_value(arms())
    with pytest.raises(DataError, match="a result of a pooling function"):
        mo.sensitivity.e_value(0.8)
