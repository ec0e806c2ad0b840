"""pool_subgroups against R's metafor, group by group."""

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load

import metaonc as mo
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.errors import ConvergenceError, DataError, DataWarning

REFERENCE = load("pooling")["subgroups"]
CI = {"z": "wald", "t": "t", "knha": "HKSJ", "adhoc": "HKSJ-adhoc"}
CASES = [
    pytest.param(c, id=f"{c['method']}-{c['test']}-{'common' if c['common'] else 'separate'}-{len(c['levels'])}")
    for c in REFERENCE
]
RTOL = 1e-8  # metafor's iterations stop at steps of 1e-12
FIELDS = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value")
POOLED = {
    "yi": [-0.4, -0.2, 0.3, 0.1, 0.9],
    "vi": [0.04, 0.06, 0.05, 0.1, 0.2],
    "kras": ["mut", "wt", "mut", "wt", "mut"],
}


def pool(case):
    return mo.pool_subgroups(
        case["data"], by="group", method=case["method"], ci=CI[case["test"]], common_tau2=case["common"]
    )


def agree(result, want):
    for field in FIELDS:
        np.testing.assert_allclose(getattr(result, field), want[field], rtol=RTOL, err_msg=field)


def test_every_method_has_a_reference():
    assert {c["method"] for c in REFERENCE} == {code for code, method in TAU2_METHODS.items() if method.r_method}


@pytest.mark.parametrize("case", CASES)
def test_subgroups_are_those_of_metafor(case):
    r = pool(case)
    assert list(r.groups) == case["levels"]
    assert r.common_tau2 is case["common"]
    for result, want in zip(r.groups.values(), case["groups"], strict=True):
        agree(result, want)
    agree(r.overall, case["overall"])
    np.testing.assert_allclose(r.overall.tau2, case["overall_tau2"], rtol=RTOL)
    got = [r.q_between, r.q_between_df, r.q_between_p]
    np.testing.assert_allclose(got, [case["q_between"], case["q_between_df"], case["q_between_p"]], rtol=RTOL)


@pytest.mark.parametrize("case", CASES)
def test_variances_between_trials_are_those_of_metafor(case):
    for result, want, k in zip(
        pool(case).groups.values(), np.broadcast_to(case["tau2"], len(case["k"])), case["k"], strict=True
    ):
        assert result.k == k
        if k > 1 or case["method"] == "CE":
            np.testing.assert_allclose(result.tau2, want, rtol=RTOL)
        else:
            assert np.isnan(result.tau2)  # metafor says 0: it is not known


@pytest.mark.parametrize("common", [False, True])
def test_a_subgroup_of_one_trial_keeps_its_estimate(common):
    table = {"yi": [0.1, 0.5, 0.3, -0.7], "vi": [0.1, 0.2, 0.05, 0.09], "by": ["a", "a", "a", "b"]}
    single = mo.pool_subgroups(table, by="by", ci="wald", common_tau2=common).groups["b"]
    assert single.estimate == -0.7
    if not common:
        assert single.se == pytest.approx(0.3)
        assert any("one trial" in note for note in single.provenance.notes)
    else:  # a tau2 that is known makes its interval one of the mean of such trials
        assert single.se == pytest.approx(np.sqrt(0.09 + single.tau2))


def test_one_trial_in_each_subgroup():
    r = mo.pool_subgroups({"yi": [0.1, 0.6], "vi": [0.04, 0.09], "by": ["a", "b"]}, by="by", common_tau2=True)
    assert r.q_between == pytest.approx((0.1 - 0.6) ** 2 / (0.04 + 0.09))
    assert r.q_between_df == 1


def test_a_single_subgroup_is_the_whole():
    r = mo.pool_subgroups({"yi": [0.1, 0.6, 0.2], "vi": [0.04, 0.09, 0.1], "by": ["a"] * 3}, by="by")
    assert r.groups["a"].estimate == r.overall.estimate
    assert (r.q_between_df, r.q_between_p) == (0, 1.0)
    assert r.q_between == pytest.approx(0, abs=1e-20)


def test_levels_keep_their_order_and_numbers_become_text():
    r = mo.pool_subgroups(
        {"yi": [0.1, 0.6, 0.2], "vi": [0.04, 0.09, 0.1], "by": [2, 1, 2]}, by="by", method="DL", ci="wald"
    )
    assert list(r.groups) == ["2", "1"]


def test_infinite_estimates_are_not_tested():
    all_respond = {"x": [7, 9, 3, 4], "n": [7, 9, 9, 8], "by": list("aabb")}
    r = mo.pool_subgroups(all_respond, by="by", using=mo.pool_glmm, events="x", n="n")
    assert np.isnan([r.q_between, r.q_between_p]).all()
    assert any("no test between subgroups" in note for note in r.provenance.notes)


def test_a_certain_estimate_leaves_the_test_with_one_tau2():
    """Under Hartung-Knapp equal effects have a standard error of 0: there is no chi-square, but F."""
    equal = {"yi": [0.1, 0.1, 0.2, 0.4], "vi": [0.1] * 4, "by": list("aabb")}
    r = mo.pool_subgroups(equal, by="by")
    assert np.isnan([r.q_between, r.q_between_p]).all()
    np.testing.assert_allclose(r.f_between, 0.2**2 / (0.02 / 2))  # of equal variances an analysis of variance
    assert not any("no test between subgroups" in note for note in r.provenance.notes)


def test_difference_without_a_control_arm_has_a_note():
    data = {"x": [25, 7, 9, 4], "n": [57, 10, 52, 9], "kras": ["mut", "mut", "wt", "wt"]}
    r = mo.pool_subgroups(data, by="kras", using=mo.pool_glmm, events="x", n="n")
    assert any("without a control arm" in note for note in r.provenance.notes)
    assert not mo.pool_subgroups(POOLED, by="kras").provenance.notes


def test_binomial_subgroups_are_pools_of_their_rows():
    data = {"x": [25, 7, 9, 4, 3], "n": [57, 10, 52, 9, 30], "kras": ["mut", "mut", "wt", "wt", "wt"]}
    r = mo.pool_subgroups(data, by="kras", using=mo.pool_glmm, events="x", n="n", ci="t")
    alone = mo.pool_glmm({"x": [9, 4, 3], "n": [52, 9, 30]}, events="x", n="n", ci="t")
    assert r.groups["wt"].estimate == alone.estimate
    assert r.groups["wt"].ci_low == alone.ci_low


def test_bayesian_pools_are_not_tested_against_each_other():
    """A posterior's standard deviation is no standard error: it holds the prior too."""
    r = mo.pool_subgroups(POOLED, by="kras", using=mo.pool_bayes)
    assert np.isnan([r.q_between, r.q_between_p, r.f_between]).all()
    assert any("posterior standard deviations are no standard errors" in note for note in r.provenance.notes)
    assert "Between subgroups: no test" in str(r)
    assert "nan" not in str(r).lower()
    assert "pchisq" not in r.r_code()


COUNTS = {
    "kras": ["wt", "mut", "wt", "mut", "wt", "mut", "other"],
    "x": [9, 0, None, 20, 4, 0, 3],
    "n": [40, 10, 20, 20, 30, 30, 12],
}


def test_rows_of_a_subgroup_are_those_of_the_table():
    table = POOLED | {"yi": [-0.4, -0.2, None, 0.1, 0.9]}
    with pytest.warns(DataWarning, match="1 of 5 rows left out"):
        r = mo.pool_subgroups(table, by="kras")
    assert r.provenance.dropped == ("trial '3' (row 2): missing: yi",)
    assert r.groups["mut"].provenance.dropped == r.provenance.dropped
    assert r.groups["mut"].studies.labels == ("1", "5")
    assert r.groups["wt"].studies.labels == ("2", "4")
    assert r.overall.studies.labels == ("1", "2", "4", "5")


def test_rows_keep_their_numbers_when_a_subgroup_of_one_is_left_out():
    table = {"yi": [0.1, 0.2, None, 0.3, 0.4], "vi": [0.1] * 5, "by": ["b", "a", "a", "a", "a"]}
    with pytest.warns(DataWarning, match="2 of 5 rows left out"):
        r = mo.pool_subgroups(table, by="by", singletons="leave out")
    assert r.provenance.rows_in == 5
    assert r.provenance.dropped == ("trial '1' (row 0): the only one of by 'b'", "trial '3' (row 2): missing: yi")
    assert r.groups["a"].studies.labels == ("2", "4", "5")


def test_an_error_of_one_subgroup_names_it():
    table = COUNTS | {"x": [9, 1, None, 20, 4, 0, None]}
    with pytest.raises(DataError, match=r"kras 'other': no row has both responders \(x\) and patients \(n\)"):
        mo.pool_subgroups(table, by="kras", using=mo.pool_glmm, events="x", n="n")


def test_a_subgroup_without_a_pooled_effect_is_named_with_what_to_do():
    with pytest.raises(ConvergenceError, match=r"kras 'mut': 2 of 3 trials have no responder.*measure='PAS'"):
        mo.pool_subgroups(COUNTS, by="kras", using=mo.pool_glmm, events="x", n="n")
    es = mo.effect_sizes(COUNTS, measure="PAS", events="x", n="n")  # what the message says to do
    with pytest.warns(DataWarning):
        r = mo.pool_subgroups(es, by="kras")
    assert np.isfinite(r.groups["mut"].estimate)


def test_a_part_of_a_pandas_table_keeps_its_rows_numbers():
    part = pd.DataFrame(POOLED).query("kras == 'mut'")
    assert mo.pool(part).studies.labels == ("1", "3", "5")
    with pytest.raises(DataError, match=r"trial '5' \(row 4\): vi=-1"):
        mo.pool(part.assign(vi=[0.1, 0.1, -1.0]))
    years = part.set_index(pd.Index([2004, 2006, 2009], name="year"))
    assert mo.pool(years).studies.labels == ("1", "2", "3")


def test_a_level_called_all_keeps_its_interval():
    d = {"yi": [0.1, 0.3, -0.4, -0.2], "vi": [0.1, 0.2, 0.1, 0.3], "g": ["all", "all", "some", "some"]}
    r = mo.pool_subgroups(d, by="g")
    found = r.confidence_interval(0.8)
    assert list(found.index) == ["all", "some", "overall"]
    want = [part.confidence_interval(0.8) for part in (*r.groups.values(), r.overall)]
    np.testing.assert_array_equal(found.to_numpy(), want)
