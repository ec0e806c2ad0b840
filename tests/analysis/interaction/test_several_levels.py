"""Differences between several levels, and floating effects under random effects."""

import json

import numpy as np
import pandas as pd
import pytest
from reference import pinned, subgroup_scripts

import metaonc as mo

R = pinned.load("interaction")
# of numbers whose likelihood R's optimisers climb; their last steps are of this order
OPTIMISED = {"rtol": 2e-5, "atol": 2e-6}
EXACT = {"rtol": 1e-8, "atol": 1e-12}
ANALYSES = {
    "common": {"method": "CE"},
    "trend_common": {"method": "CE", "trend": True},
    "unstructured": {},
    "exchangeable": {"structure": "exchangeable"},
    "trend": {"trend": True},
    "ml": {"method": "ML"},
}
KINDS = [(name, kind) for name, data in R.items() for kind in data if kind in ANALYSES]


def several(name, **options):
    return subgroup_scripts.several(name, **options)


def close(got, want, tolerance, what):
    want = np.asarray(want, dtype=float)
    np.testing.assert_allclose(np.reshape(got, want.shape), want, err_msg=what, **tolerance)


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_differences_and_floating_effects_are_those_of_metafor(name, kind):
    """rma.mv with trials as fixed effects, or of contrasts; floating effects with whole matrices."""
    want, r = R[name][kind], several(name, **ANALYSES[kind])
    tolerance = EXACT if kind.endswith("common") else OPTIMISED
    d = r.design[1:]
    gamma = np.atleast_1d(want["gamma"])
    close(r.interactions["estimate"], d @ gamma, tolerance, "differences")
    close(r.cov, d @ np.atleast_2d(want["cov"]) @ d.T, tolerance, "their covariance")
    if want["tau2"] is not None:
        close(r.tau2, d @ np.atleast_2d(want["tau2"]) @ d.T, tolerance, "between trials")
    close(r.loglik, want["loglik"], {"rtol": 1e-7}, "log likelihood")
    if "q" in want:
        close(r.q, want["q"], EXACT, "Q")
        f = want["floating"]
        close(r.floating["estimate"], f["estimate"], tolerance, "floating")
        close(r.floating_cov, f["cov"], tolerance, "covariance of floating effects")
        close(r.floating_tau2, f["tau2"], {"rtol": 2e-4, "atol": 2e-6}, "floating between trials")


@pytest.mark.parametrize("kind", ["common", "unstructured", "exchangeable"])
@pytest.mark.parametrize("name", ["three", "four"])
def test_the_choice_of_reference_changes_nothing(name, kind):
    data = pd.DataFrame(R[name]["data"])
    names = sorted(set(data["level"]))
    one, other = (
        mo.interaction(data, study="trial", by="level", levels=order, **ANALYSES[kind])
        for order in (names, names[::-1])
    )
    back = other.floating.set_index("level").loc[names]
    np.testing.assert_allclose(one.floating[["estimate", "se"]], back[["estimate", "se"]], rtol=1e-6)
    np.testing.assert_allclose(one.floating_tau2, other.floating_tau2[::-1, ::-1], rtol=1e-4, atol=1e-8)
    np.testing.assert_allclose([one.test.statistic, one.loglik], [other.test.statistic, other.loglik], rtol=1e-6)


@pytest.mark.parametrize("kind", list(ANALYSES))
def test_differences_of_floating_effects_are_the_differences(kind):
    r = several("three", **ANALYSES[kind])
    f = r.floating["estimate"].to_numpy()
    np.testing.assert_allclose(f[1:] - f[0], r.interactions["estimate"], atol=1e-12)
    m = np.column_stack([-np.ones(2), np.eye(2)])
    np.testing.assert_allclose(m @ r.floating_cov @ m.T, r.cov, atol=1e-12)
    np.testing.assert_allclose(m @ r.floating_tau2 @ m.T, r.tau2, atol=1e-9)


@pytest.mark.parametrize("method", ["CE", "REML", "ML"])
def test_two_levels_named_either_way_are_one_analysis(method):
    data = pd.DataFrame(R["three"]["data"])
    one = mo.interaction(data, study="trial", by="level", contrast=("c", "a"), method=method, ci="wald")
    several = mo.interaction(data, study="trial", by="level", levels=("a", "c"), method=method)
    row = several.interactions.iloc[0]
    np.testing.assert_allclose(
        [one.estimate, one.se, one.p_value, one.tau2, one.q],
        [row["estimate"], row["se"], row["p_value"], several.tau2[0, 0], several.q],
        rtol=1e-6,
    )
    np.testing.assert_allclose(one.floating[["estimate", "se"]], several.floating[["estimate", "se"]][::-1], rtol=1e-6)
    assert one.provenance.notes[0] == several.provenance.notes[0]
    assert one.provenance.rows_used == several.provenance.rows_used


def test_one_trial_keeps_its_own_estimates():
    table = {"trial": ["A"] * 3, "stage": ["I", "II", "III"], "yi": [0.1, -0.2, 0.5], "vi": [0.04, 0.05, 0.09]}
    r = mo.interaction(table, study="trial", by="stage", levels=("I", "II", "III"), method="CE")
    np.testing.assert_allclose(r.floating["estimate"], table["yi"], atol=1e-14)
    np.testing.assert_allclose(r.floating_cov, np.diag(table["vi"]), atol=1e-14)
    two = mo.interaction(table, study="trial", by="stage", contrast=("II", "I"))
    np.testing.assert_allclose(two.floating["estimate"], [-0.2, 0.1], atol=1e-14)
    np.testing.assert_allclose(two.floating["se"] ** 2, [0.05, 0.04], atol=1e-14)


def test_random_effects_that_vanish_are_common():
    data = {
        "trial": list("AABBCC"),
        "by": ["x", "y"] * 3,
        "yi": [0.1, 0.3, 0.11, 0.32, 0.09, 0.3],
        "vi": [0.1, 0.2] * 3,
    }
    common, random = (
        mo.interaction(data, study="trial", by="by", contrast=("y", "x"), method=m, ci="wald") for m in ("CE", "REML")
    )
    assert random.tau2 == 0
    np.testing.assert_allclose(random.floating[["estimate", "se"]], common.floating[["estimate", "se"]], rtol=1e-9)
    assert (common.floating_model, random.floating_model) == ("common effect", "random effects, unstructured")


def test_balanced_trials_have_the_multivariate_closed_form():
    """With one covariance within all trials REML has the sample covariance less it, and means as effects."""
    rng = np.random.default_rng(7)
    y = rng.normal(0, [0.5, 0.8, 0.6], (12, 3)) + rng.normal(0, 0.4, (12, 1))
    table = pd.DataFrame(
        {"trial": np.repeat(np.arange(12), 3), "by": ["a", "b", "c"] * 12, "yi": y.ravel(), "vi": 0.02}
    )
    r = mo.interaction(table, study="trial", by="by", levels=("a", "b", "c"))
    np.testing.assert_allclose(r.floating["estimate"], y.mean(0), atol=1e-10)
    np.testing.assert_allclose(r.floating_tau2, np.cov(y.T) - 0.02 * np.eye(3), atol=1e-7)
    np.testing.assert_allclose(r.floating["se"], y.std(0, ddof=1) / np.sqrt(12), rtol=1e-6)


def test_printout_names_both_sides_and_the_bias():
    text = str(several("three"))
    assert "within trials" in text
    assert "across trials" in text
    assert "aggregation bias" in text
    assert "4 trials report one level only, informing the floating effects" in text
    assert "b against a" in text
    assert "random effects, unstructured" in text
    assert "<pre>" in several("three")._repr_html_()


def test_tables(tmp_path):
    r = several("three", trend=True)
    json.dumps(r.to_dict())
    assert r.levels == ("a", "b", "c")
    assert r.trials == 18
    tidy = r.tidy()
    assert tidy["type"].tolist() == ["study"] * 39 + ["interaction"] * 2 + ["floating"] * 3 + ["across"] * 2
    natural = r.tidy(transform=True)
    assert natural["se"].isna().all()
    np.testing.assert_allclose(natural["estimate"], tidy["estimate"])  # GEN has no natural scale
    glance = r.glance().iloc[0]
    assert glance["k"] == r.k == 14
    assert glance["trend"] == r.trend.estimate
    np.testing.assert_allclose(r.interactions["estimate"], np.array([1, 3]) * r.trend.estimate)
    np.testing.assert_allclose(r.test.statistic, r.trend.statistic**2)
    assert "trend imposed" in str(r)


GOOD = {"trial": list("AABBCC"), "by": ["x", "y", "y", "z", "x", "z"], "yi": [0.1, 0.3, 0.2, 0.4, 0.1, 0.2], "vi": 0.05}


@pytest.mark.parametrize(
    ("change", "options", "error", "match"),
    [
        ({}, {"contrast": ("x", "y")}, mo.OptionError, "one of both"),
        ({}, {"levels": None}, mo.OptionError, r"'by' has \d levels, .* name two by contrast="),
        ({}, {"levels": "xyz"}, mo.OptionError, "must list two different levels or more, the reference first"),
        ({}, {"levels": ("x", "x")}, mo.OptionError, "must list two different levels or more"),
        ({}, {"levels": ("x", "w")}, mo.DataError, "levels names 'w', which is not a level of 'by'; it has"),
        ({}, {"trend": [0, 1]}, mo.OptionError, r"trend=\[0, 1\] must be one finite score for each of"),
        ({}, {"trend": [1, 1, 1]}, mo.OptionError, "not all the same"),
        ({}, {"trend": 3}, mo.OptionError, "must be True or one score a level"),
        ({}, {"trend": True, "structure": "exchangeable"}, mo.OptionError, "has no use under a trend"),
        ({}, {"structure": "diagonal"}, mo.OptionError, "structure='diagonal'"),
        ({}, {"method": "DL"}, mo.OptionError, "method='DL'|DL"),
        ({}, {"ci": "HKSJ"}, mo.OptionError, "with levels= intervals are 'wald'"),
        ({}, {"prediction": "t"}, mo.OptionError, "prediction= is for contrast="),
        ({}, {"level": 95}, mo.OptionError, "level"),
        ({}, {"by": "steroid"}, mo.ColumnError, "steroid"),
        ({"by": ["x", None, "y", "z", "x", "z"]}, {}, mo.DataError, "row 1 has no by"),
        ({"trial": ["A", None, "B", "B", "C", "C"]}, {}, mo.DataError, "row 1 has no trial"),
        ({"by": ["x", "y", "y", "y", "x", "z"]}, {}, mo.DataError, r"trial 'B' reports level 'y' twice \(row 3\)"),
        ({"trial": list("AABCDE")}, {"method": "CE"}, mo.DataError, "no trial reports both 'x' and 'z', and no chain"),
        ({"vi": [0.1, -0.1, 0.1, 0.1, 0.1, 0.1]}, {}, mo.DataError, r"trial 'A' \(row 1\): vi=-0.1 is not above 0"),
        ({"yi": ["a", 1, 1, 1, 1, 1]}, {}, mo.DataError, r"trial 'A' \(row 0\): yi='a' is not a number"),
        ({"trial": list("AAAAAA"), "by": list("xyzuvw")}, {}, mo.DataError, "do not determine how differences vary"),
        ({"trial": list("AABBCC"), "by": list("xyxzxz")}, {}, mo.DataError, "structure='exchangeable' has one number"),
    ],
)
def test_errors(change, options, error, match):
    call = {"study": "trial", "by": "by", "levels": ("x", "y", "z")} | options
    with pytest.raises(error, match=match):
        mo.interaction(pd.DataFrame(GOOD | change), **call)


@pytest.mark.parametrize(
    ("change", "options", "match"),
    [
        ({}, {"contrast": "xy"}, "must name two different levels"),
        ({}, {"contrast": 5}, "must name two different levels"),
        ({}, {"contrast": ("x", "y", "z")}, "must name two different levels"),
        ({}, {"method": "GENQ"}, "method='GENQ'|GENQ"),
        ({}, {"trend": True}, "trend= is for levels="),
    ],
)
def test_errors_of_two_levels(change, options, match):
    call = {"study": "trial", "by": "by", "contrast": ("x", "y")} | options
    with pytest.raises(mo.OptionError, match=match):
        mo.interaction(pd.DataFrame(GOOD | change), **call)


def test_rows_without_a_number_are_named_by_their_place_in_the_table():
    table = pd.DataFrame(GOOD)
    table.loc[4, "yi"] = None
    with pytest.warns(mo.DataWarning, match="row 4"):
        r = mo.interaction(table, study="trial", by="by", contrast=("z", "y"), method="CE", ci="wald")
    assert r.provenance.dropped == (
        "1 row of by 'x': not in contrast",
        "trial 'C' (row 4): missing: yi",
    )
    assert r.provenance.notes[0].endswith("not the difference within trials: 'A', 'C'.")
    table.loc[[2, 1], "yi"] = None
    with pytest.warns(mo.DataWarning), pytest.raises(mo.DataError, match="no row of by 'y' has both an effect"):
        mo.interaction(table, study="trial", by="by", contrast=("z", "y"))
