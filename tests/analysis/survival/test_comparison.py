"""Several groups compared, against R's survdiff and coxph (reference/log_rank.R)."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, OptionError

R = pinned.load("log_rank")
CASES = R["cases"]
TIGHT = {"rtol": 1e-9, "atol": 1e-11}
COX = {"rtol": 1e-7, "atol": 1e-9}  # coxph stops at a relative change of the likelihood of 1e-14


def fit(data, **options):
    return mo.survival.kaplan_meier(data, by="group", **options)


@pytest.mark.parametrize("name", CASES)
def test_the_test_is_that_of_survdiff(name):
    want = CASES[name]
    test = mo.survival.log_rank(fit(want["data"]))
    assert test.groups["group"].tolist() == want["groups"]
    assert test.groups["n"].tolist() == want["n"]
    np.testing.assert_allclose(test.groups["observed"], want["observed"], **TIGHT)
    np.testing.assert_allclose(test.groups["expected"], want["expected"], **TIGHT)
    assert test.df == want["df"]
    np.testing.assert_allclose([test.chi2, test.p_value], [want["chi2"], want["p"]], **TIGHT)


@pytest.mark.parametrize("name", CASES)
def test_ratios_are_those_of_coxph_of_two_groups(name):
    want = CASES[name]
    ratios = mo.survival.pairwise_hazard_ratios(fit(want["data"]), reference=want["reference"]).table.set_index("group")
    assert ratios.index.tolist() == [row["group"] for row in want["rows"]]
    for row in want["rows"]:
        got = ratios.loc[row["group"]]
        np.testing.assert_allclose([got["estimate"], got["se"]], [row["estimate"], row["se"]], **COX)
        np.testing.assert_allclose(got["logrank_p"], row["logrank_p"], rtol=1e-8)
        half = 1.959963984540054 * row["se"]
        np.testing.assert_allclose(np.log(got["hr"]), row["estimate"], **COX)
        np.testing.assert_allclose(got["ci_high"] - got["ci_low"], 2 * half, **COX)


def test_delayed_entry_is_taken_by_both():
    want = R["entry"]
    result = fit(want["data"], entry="entry")
    assert mo.survival.log_rank(result).chi2 == pytest.approx(want["chi2"], rel=1e-8)
    ratios = mo.survival.pairwise_hazard_ratios(result, reference="b").table.set_index("group")
    for row in want["rows"]:
        got = ratios.loc[row["group"], ["estimate", "se"]].to_numpy(dtype=float)
        np.testing.assert_allclose(got, [row["estimate"], row["se"]], **COX)


def test_two_groups_are_the_hazard_ratio_of_two_arms():
    data = CASES["two"]["data"]
    one = mo.survival.hazard_ratio(data, arm="group", control="x")
    ratios = mo.survival.pairwise_hazard_ratios(fit(data), reference="x")
    assert ratios["estimate"].item() == pytest.approx(one.estimate, rel=1e-12)
    assert ratios["ci_low"].item() == pytest.approx(one.ci_low, rel=1e-12)
    assert mo.survival.log_rank(fit(data)).chi2 == pytest.approx(one.logrank_chi2, rel=1e-10)


def test_the_order_of_rows_and_groups_changes_nothing():
    data = pd.DataFrame(CASES["four"]["data"])
    mixed = data.sample(frac=1, random_state=3)
    mixed["group"] = pd.Categorical(mixed["group"], ["d", "b", "a", "c"])
    assert mo.survival.log_rank(fit(mixed)).chi2 == pytest.approx(CASES["four"]["chi2"], rel=1e-12)


def test_groups_never_at_risk_together_cannot_be_tested():
    data = {"entry": [0, 0, 0, 5, 5, 5], "time": [1, 2, 3, 6, 7, 8], "event": [1] * 6, "group": list("aaabbb")}
    result = fit(data, entry="entry")
    test = mo.survival.log_rank(result)
    assert np.isnan(test.chi2)
    assert np.isnan(test.p_value)
    assert mo.survival.pairwise_hazard_ratios(result, reference="a")["hr"].isna().all()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: mo.survival.log_rank(3), DataError, "not int"),
        (lambda: mo.survival.log_rank(mo.survival.kaplan_meier({"time": [1], "event": [1]})), DataError, "give by="),
        (
            lambda: mo.survival.log_rank(fit({"time": [1, 2], "event": [0, 0], "group": ["a", "b"]})),
            DataError,
            "no patient had the event",
        ),
        (
            lambda: mo.survival.pairwise_hazard_ratios(fit(CASES["two"]["data"]), reference="z"),
            OptionError,
            "reference='z'.*'x', 'y'",
        ),
        (
            lambda: mo.survival.pairwise_hazard_ratios(fit(CASES["two"]["data"]), reference="x", ties="exact"),
            OptionError,
            "ties",
        ),
    ],
)
def test_what_cannot_be_compared_is_an_error(call, error, words):
    with pytest.raises(error, match=words):
        call()
