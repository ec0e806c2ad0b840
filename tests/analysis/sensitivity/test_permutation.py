"""Permutation tests against metafor's exact ones (tests/reference/permutation.R)."""

import itertools

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.analysis.sensitivity.rearrangements import RowOrders, SignFlips
from metaonc.errors import DataError, OptionError

R = pinned.load("permutation")
CI = {"z": "wald", "t": "t", "knha": "HKSJ", "adhoc": "HKSJ-adhoc"}
SIX = R["sets"]["six"]
permute = mo.sensitivity.permutation_test


def pool(name, method="REML", ci="HKSJ", **options):
    return mo.pool(R["sets"][name], method=method, ci=ci, **options)


def regress(formula="~ ablat", method="DL", ci="HKSJ", **options):
    return mo.regress(SIX, formula, method=method, ci=ci, **options)


@pytest.mark.parametrize("case", R["pools"], ids=lambda c: f"{c['set']}-{c['method']}-{c['test']}")
def test_pools(case):
    r = pool(case["set"], case["method"], CI[case["test"]])
    t = permute(r, exact=True)
    assert t.p_value == pytest.approx(case["p"], rel=1e-12)
    assert t.statistic == pytest.approx(r.statistic, rel=1e-12)
    assert t.statistic == pytest.approx(case["statistic"], rel=1e-8)
    assert (t.n_permutations, t.exact) == (2**r.k, True)


def test_a_given_variance_stays():
    t = permute(pool("six", "DL", "wald", tau2=R["given_tau2"]["tau2"]))
    assert t.p_value == R["given_tau2"]["p"]
    assert t.statistic == pytest.approx(R["given_tau2"]["statistic"], rel=1e-12)


@pytest.mark.parametrize("case", R["regressions"], ids=lambda c: f"{c['formula']}-{c['method']}-{c['test']}")
def test_regressions(case):
    r = regress(case["formula"], case["method"], CI[case["test"]])
    t = permute(r, exact=True)
    np.testing.assert_allclose(t.p_value, case["p"], rtol=1e-12)
    np.testing.assert_allclose(t.statistic, case["statistic"], rtol=1e-8)
    np.testing.assert_allclose(t.statistic, r.coefficients["statistic"], rtol=1e-10)
    assert t.omnibus_p == pytest.approx(case["qm_p"], rel=1e-12)
    assert t.omnibus_statistic == pytest.approx(case["qm"], rel=1e-8)
    assert t.n_permutations == case["n"]


@pytest.mark.parametrize("kinds", [[0, 1, 2, 3], [0, 0, 1, 2, 1], [1, 0, 0, 0], [0, 0]])
def test_orders_are_all_that_differ(kinds):
    orders = RowOrders(np.array(kinds))
    all_of_them = sorted(set(itertools.permutations(kinds)))
    assert orders.numbered(np.arange(orders.count)).tolist() == [list(o) for o in all_of_them]


def test_signs_are_half_of_all_and_the_first_is_no_flip():
    signs = SignFlips(4)
    half = signs.numbered(np.arange(signs.distinct))
    assert half[0].tolist() == [1, 1, 1, 1]
    assert {tuple(s) for s in [*half, *-half]} == set(itertools.product([1, -1], repeat=4))


@pytest.mark.parametrize("result", [lambda: pool("bcg", "DL"), lambda: regress()], ids=["pool", "regression"])
def test_random_permutations_come_near_the_exact_test_and_repeat_by_seed(result):
    exact, drawn = (permute(result(), exact=kind, n=20_000, seed=1) for kind in (True, False))
    p, q = np.asarray(exact.p_value), np.asarray(drawn.p_value)
    assert (np.abs(p - q) < 5 * np.sqrt(p * (1 - p) / 20_000)).all()
    assert (drawn.exact, drawn.n_permutations, drawn.provenance.settings["seed"]) == (False, 20_000, 1)
    np.testing.assert_array_equal(permute(result(), exact=False, n=20_000, seed=1).p_value, q)


def test_a_seed_that_was_drawn_is_told():
    r = pool("bcg", "DL")
    first = permute(r, exact=False, n=300)
    again = permute(r, exact=False, n=300, seed=first.provenance.settings["seed"])
    assert again.p_value == first.p_value
    assert first.p_value >= 1 / 300


def test_few_rearrangements_are_gone_through_and_many_are_drawn():
    many = mo.pool({"yi": np.linspace(-1, 2, 30), "vi": np.full(30, 0.1)}, method="DL")
    assert permute(pool("six")).exact
    assert not permute(many, seed=3).exact
    with pytest.raises(OptionError, match=r"1.07e\+09 rearrangements are too many"):
        permute(many, exact=True)


def test_kenward_roger_statistics_are_those_of_single_pools():
    """R has no such permutation test: each rearrangement is pooled by itself here."""
    data = R["sets"]["six"]
    signs = np.array(list(itertools.product([1, -1], repeat=6)))
    each = [mo.pool(data | {"yi": s * np.array(data["yi"])}, ci="KR").statistic for s in signs]
    want = np.mean(np.abs(each) >= abs(pool("six", ci="KR").statistic) - 1e-9)
    assert permute(pool("six", ci="KR")).p_value == pytest.approx(want, rel=1e-12)


def test_few_trials_are_warned_of():
    (note,) = permute(pool("two", "DL")).provenance.notes
    assert note == "with 4 rearrangements p cannot be below 0.5, whatever the effects."


@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        (lambda: pd.DataFrame(), DataError, "result of pool, regress or pool_subgroups is wanted, not DataFrame"),
        (lambda: mo.pool({"yi": [0.1], "vi": [0.2]}), DataError, "one trial"),
        (lambda: mo.pool({"yi": [0.1, 0.3], "vi": [0.2, 0.2]}, measure="PLO"), DataError, "no line of no effect"),
        (lambda: mo.pool({"yi": [0.0, 0.0], "vi": [0.2, 0.2]}), DataError, "the standard error is 0"),
        (lambda: pool("six", "DL", "HC"), OptionError, "ci='HC': permutations of its trials cannot be fitted with it"),
        (lambda: regress("~ 1"), DataError, "no moderators"),
    ],
)
def test_what_cannot_be_permuted_is_refused(result, error, message):
    with pytest.raises(error, match=message):
        permute(result())


@pytest.mark.parametrize("n", [1, 10.5, True])
def test_impossible_numbers_are_refused(n):
    with pytest.raises(OptionError, match="whole number from 2"):
        permute(pool("six"), n=n)


def test_results_read_like_others():
    t, one = permute(regress("~ ablat")), permute(pool("six"))
    assert t.tidy()["term"].tolist() == ["intercept", "ablat", "moderators"]
    plain = t.to_dict()["p_value"]
    assert dict(zip(plain["index"]["values"], plain["values"], strict=True)) == t.p_value.to_dict()
    assert t.glance()["n_permutations"].tolist() == [360]
    assert "all 360 orders of the moderators, DL, HKSJ" in t.summary()
    assert "all 64 signs of the effects" in one.summary()
    assert one.tidy()["p_value"].tolist() == [one.p_value]
    assert one.r_code().endswith("permutest(res, exact = TRUE, progbar = FALSE)")


LEVELS = {"trial": list("ABCDEFGH"), "yi": [-0.5, -0.3, -0.6, -0.2, 0.1, -0.1, 0.2, -0.3],
          "vi": [0.04, 0.02, 0.05, 0.03] * 2,
          "line": ["first", "later", "first", "later", "later", "later", "first", "first"]}  # fmt: skip


def test_subgroups_are_a_regression_on_the_level():
    for options in ({}, {"method": "DL", "ci": "wald"}):
        groups = mo.pool_subgroups(LEVELS, by="line", study="trial", measure="HR", **options)
        found = mo.sensitivity.permutation_test(groups)
        line = mo.regress(LEVELS, "~ line", study="trial", measure="HR", method=groups.overall.method)
        want = mo.sensitivity.permutation_test(line)
        assert found.n_permutations == want.n_permutations == 70
        assert found.statistic == pytest.approx(groups.f_between, rel=1e-9)
        assert found.statistic == pytest.approx(want.omnibus_statistic, rel=1e-9)
        assert found.p_value == want.omnibus_p


def test_subgroups_that_cannot_be_permuted():
    twice = LEVELS | {"trial": list("ABCDABCD"), "line": ["a"] * 4 + ["b"] * 4}
    with pytest.raises(OptionError, match="a level cannot leave its trial: compare within trials by interaction"):
        mo.sensitivity.permutation_test(mo.pool_subgroups(twice, by="line", study="trial"))
    one = LEVELS | {"line": ["a"] * 8}
    with pytest.raises(DataError, match="two subgroups or more are wanted"):
        mo.sensitivity.permutation_test(mo.pool_subgroups(one, by="line", study="trial"))
