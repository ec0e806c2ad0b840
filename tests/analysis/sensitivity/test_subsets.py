"""Leave-one-out and cumulative analyses against metafor's (tests/reference/permutation.R), and by pooling each."""

import itertools

import numpy as np
import pandas as pd
import pytest
from reference import pinned
from scipy.special import ndtri, stdtrit

import metaonc as mo
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.analysis.sensitivity.subsets_result import SubsetsResult
from metaonc.errors import DataError, OptionError

R = pinned.load("permutation")
CI = {"z": "wald", "t": "t", "knha": "HKSJ"}
VERBS = {"leave_one_out": mo.sensitivity.leave_one_out, "cumulative": mo.sensitivity.cumulative}
BCG = pd.DataFrame(R["sets"]["bcg"])
DOUBLE_ARCSINES = {"yi": [0.5, 0.6, 0.7, 0.4], "vi": [0.01, 0.02, 0.01, 0.02]}
NAMES = ("estimate", "se", "ci_low", "ci_high", "tau2", "q", "i2")
# (rows) where the likelihood has two maxima and metafor's scoring ends in the lower one
LOWER = {("leave_one_out", "wide", "ML"): [0, 4], ("cumulative", "wide", "ML"): [4]}


@pytest.mark.parametrize("case", R["steps"], ids=lambda c: "-".join(c[x] for x in ("verb", "set", "method", "test")))
def test_metafor(case):
    table = VERBS[case["verb"]](mo.pool(R["sets"][case["set"]], method=case["method"], ci=CI[case["test"]]))
    rows = np.setdiff1d(np.arange(len(table)), LOWER.get((case["verb"], case["set"], case["method"]), []))
    for name in NAMES:
        if case[name]:  # metafor has no tau² of a common effect
            theirs = np.array(case[name])[rows]
            np.testing.assert_allclose(table[name][rows], theirs, rtol=1e-7, atol=1e-9, err_msg=name)


def log_likelihood(y, v, tau2):
    w = 1 / (v + tau2)
    return 0.5 * (np.log(w).sum() - (w * (y - (w * y).sum() / w.sum()) ** 2).sum())


@pytest.mark.parametrize("verb", VERBS)
def test_the_higher_maximum_is_found_where_metafor_ends_in_a_lower_one(verb):
    (case,) = (c for c in R["steps"] if (c["verb"], c["set"], c["method"], c["test"]) == (verb, "wide", "ML", "z"))
    y, v = (np.array(R["sets"]["wide"][name]) for name in ("yi", "vi"))
    ours = VERBS[verb](mo.pool(R["sets"]["wide"], method="ML", ci="wald"))["tau2"]
    for row in LOWER[verb, "wide", "ML"]:
        inside = np.arange(7) != row if verb == "leave_one_out" else np.arange(7) <= row
        theirs = log_likelihood(y[inside], v[inside], case["tau2"][row])
        best = max(log_likelihood(y[inside], v[inside], t) for t in np.geomspace(1e-6, 10, 400))
        assert log_likelihood(y[inside], v[inside], ours[row]) >= best > theirs + 0.005


PLAIN = ["wald", "t", "HKSJ", "HKSJ-adhoc"]


@pytest.mark.parametrize(("method", "ci"), [*itertools.product(TAU2_METHODS, PLAIN), ("REML", "KR")])
def test_each_row_is_the_pool_of_its_trials(method, ci):
    whole = mo.pool(BCG, method=method, ci=ci, level=0.9)
    out, upto = mo.sensitivity.leave_one_out(whole), mo.sensitivity.cumulative(whole)
    for i in (0, 4, 12):
        for row, part in ((out.table.iloc[i], BCG.drop(index=i)), (upto.table.iloc[i], BCG.iloc[: i + 1])):
            r = mo.pool(part, method=method, ci=ci, level=0.9)
            same = ("estimate", "se", "ci_low", "ci_high") + (("tau2", "q", "i2") if r.k > 1 else ())
            for name in same:
                np.testing.assert_allclose(row[name], getattr(r, name), rtol=1e-9, atol=1e-12, err_msg=name)


def test_a_given_variance_stays_and_labels_name_the_trials():
    named = BCG.assign(trial=[f"T{i}" for i in range(13)])
    whole = mo.pool(named, study="trial", tau2=0.2)
    for verb in VERBS.values():
        table = verb(whole)
        assert table["study"].tolist() == list(whole.studies.labels)
        assert (table["tau2"] == 0.2).all()
    r = mo.pool(named.drop(index=3), study="trial", tau2=0.2)
    assert mo.sensitivity.leave_one_out(whole)["se"][3] == pytest.approx(r.se, rel=1e-13)


def test_what_cannot_be_pooled_again_is_refused():
    one = mo.pool({"yi": [0.1], "vi": [0.2]})
    assert len(mo.sensitivity.cumulative(one)) == 1
    with pytest.raises(DataError, match="one trial cannot be left out"):
        mo.sensitivity.leave_one_out(one)
    for verb in VERBS.values():
        with pytest.raises(DataError, match=r"result of a pooling function.* is wanted, not PermutationResult"):
            verb(mo.sensitivity.permutation_test(mo.pool(BCG[:6])))
        with pytest.raises(OptionError, match="ci='HC': subsets of its trials cannot be fitted with it"):
            verb(mo.pool(BCG, method="DL", ci="HC"))


@pytest.mark.parametrize("ci", ["wald", "HKSJ", "KR"])
@pytest.mark.parametrize("measure", ["HR", "PLO"])
def test_intervals_and_tests_are_those_of_the_pool_of_each_rows_trials(ci, measure):
    whole = mo.pool(BCG, ci=ci, measure=measure)
    result = mo.sensitivity.leave_one_out(whole)
    at_90, natural = result.confidence_interval(0.9), result.confidence_interval(0.9, transform=True)
    shown, own = result.tidy(transform=True), result.tidy()
    for i in (0, 7):
        r = mo.pool(BCG.drop(index=i), ci=ci, measure=measure)
        np.testing.assert_allclose(at_90.iloc[i], r.confidence_interval(0.9), rtol=1e-9)
        np.testing.assert_allclose(natural.iloc[i], r.confidence_interval(0.9, transform=True), rtol=1e-9)
        np.testing.assert_allclose(shown["estimate"][i], r.natural(r.estimate), rtol=1e-9)
        np.testing.assert_allclose(own["se"][i], r.se, rtol=1e-9)
        summary = r.tidy().set_index("term").loc["overall"]  # of a rate neither has a test
        np.testing.assert_allclose(own.loc[i, ["statistic", "p_value"]].astype(float),
                                   summary[["statistic", "p_value"]].astype(float), rtol=1e-9)  # fmt: skip
    np.testing.assert_allclose(result.confidence_interval(), result.table[["ci_low", "ci_high"]], rtol=1e-12)


def test_the_result_can_be_read_as_others_can():
    result = mo.sensitivity.cumulative(mo.pool(BCG, measure="RR"))
    assert isinstance(result, SubsetsResult)
    assert len(result) == result.glance()["k"][0] == 13
    assert result["tau2"].equals(result.table["tau2"])
    assert list(result.tidy()["term"]) == list(result["study"])
    assert result.tidy(transform=True)["se"].isna().all()
    line = result.glance().iloc[0]
    assert [line["estimate_low"], line["estimate_high"]] == [result["estimate"].min(), result["estimate"].max()]
    assert result.provenance.verb == "sensitivity.cumulative"
    columns = {column["name"]: column["values"] for column in result.to_dict()["table"]["columns"]}
    assert columns["estimate"] == result["estimate"].tolist()
    assert str(result.summary()).startswith("Pools of ever more trials: risk ratio, REML, HKSJ intervals (95 %)\n")


def test_a_scale_without_a_back_transform_is_shown_as_it_is():
    freeman_tukey = mo.sensitivity.leave_one_out(mo.pool(DOUBLE_ARCSINES, measure="PFT"))
    assert "double arcsine proportion" in str(freeman_tukey.summary()).splitlines()[0]
    with pytest.raises(DataError, match="measure 'PFT' has no back-transform without sample sizes"):
        freeman_tukey.tidy(transform=True)


def test_of_an_interaction_the_pools_are_of_differences():
    rows = pd.DataFrame({"trial": list("AABBCC"), "sex": list("fm") * 3, "yi": [0.1, 0.3, 0.2, -0.1, 0.4, 0.0],
                         "vi": [0.1] * 6})  # fmt: skip
    whole = mo.interaction(rows, study="trial", by="sex", contrast=("m", "f"), measure="HR")
    result = mo.sensitivity.leave_one_out(whole)
    assert result.record.natural == whole.record.natural == "ratio of hazard ratios"
    np.testing.assert_allclose(result.natural(whole.estimate), whole.natural(whole.estimate))


def test_a_narrow_figure_names_the_pools_whose_interval_is_narrower():
    table = {
        "trial": list("ABCDEF"),
        "yi": [-0.3, -0.32, -0.31, -0.29, -0.3, 0.8],
        "vi": [0.04, 0.03, 0.05, 0.04, 0.06, 0.03],
    }
    found = mo.sensitivity.leave_one_out(mo.pool(table, study="trial", measure="HR"))
    assert [c.of for c in found.cautions if c.beside] == ["the pool without F"]
    (made,) = (n for n in mo.plot.forest_rows(found).notes if n.is_caution)
    assert (
        made.shorter[-1]
        == "The Hartung-Knapp interval is narrower than the common-effect interval (the pool without F)."
    )


def test_intervals_that_print_alike_are_not_held_against_each_other():
    """An interval narrower by a thousandth of its width, and one by a hundredth."""
    v, k = 0.04, 8
    plain = (v / k) ** 0.5 * ndtri(0.975)
    for share, said in ((0.999, False), (0.99, True)):
        se = share * plain / stdtrit(k - 1, 0.975)
        y = np.array([-1.0, 1.0] * (k // 2)) * se * (k - 1) ** 0.5  # Hartung and Knapp's standard error is se
        r = mo.pool({"yi": y - 0.3, "vi": [v] * k}, measure="HR", method="CE", ci="HKSJ")
        assert r.se == pytest.approx(se)
        assert any("narrower" in c.text for c in r.cautions) == said
