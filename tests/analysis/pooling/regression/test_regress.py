"""Meta-regression against metafor (tests/reference/regression.R)."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo

R = pinned.load("regression")
DATA = pd.DataFrame(R["data"])
CI = {"z": "wald", "t": "t", "knha": "HKSJ", "adhoc": "HKSJ-adhoc"}
RTOL = 1e-8  # metafor with its iterations run to the end
AT_ZERO = 1e-10  # where tau² is 0, metafor's scoring ends a hair above it (I² is in percent)


def fit(formula, method="REML", ci="HKSJ", table=DATA, **options):
    return mo.regress(table, formula, method=method, ci=ci, **options)


@pytest.mark.parametrize("case", R["cases"], ids=lambda c: f"{c['formula']}-{c['method']}-{c['test']}")
def test_metafor(case):
    r = fit(case["formula"], case["method"], CI[case["test"]])
    c = r.coefficients
    for column, name in (("estimate", "beta"), ("se", "se"), ("p_value", "p"), ("ci_low", "low"), ("ci_high", "high")):
        np.testing.assert_allclose(c[column], case[name], rtol=RTOL, err_msg=name)
    names = {"tau2": r.tau2, "qe": r.q, "qm": r.q_model, "qm_p": r.q_model_p, "i2": r.i2, "h2": r.h2,
             "loglik": r.loglik, "aic": r.aic, "bic": r.bic}  # fmt: skip
    for name, value in names.items():
        np.testing.assert_allclose(value, case[name], rtol=RTOL, atol=AT_ZERO, err_msg=name)
    if case["method"] != "CE":
        np.testing.assert_allclose(r.se_tau2, case["se_tau2"], rtol=1e-6)
        if "- 1" not in case["formula"]:  # R² compares with a model that this one does not hold
            np.testing.assert_allclose(r.r2, case["r2"], rtol=1e-6, atol=1e-9)


def test_predictions():
    with pytest.warns(mo.MethodWarning, match="beyond 13 to 55 of the trials"):
        p = fit("~ ablat").predict({"ablat": R["predict"]["new"]})
    names = {"estimate": "estimate", "se": "se", "ci_low": "low", "ci_high": "high",
             "prediction_low": "pi_low", "prediction_high": "pi_high"}  # fmt: skip
    for ours, theirs in names.items():
        np.testing.assert_allclose(p[ours], R["predict"][theirs], rtol=RTOL, err_msg=ours)


def test_likelihood_ratio():
    lrt = fit("~ ablat + year", "ML", "wald").likelihood_ratio_test(fit("~ ablat", "ML", "wald")).iloc[0]
    np.testing.assert_allclose([lrt["statistic"], lrt["p_value"]], [R["lrt"]["statistic"], R["lrt"]["p"]], rtol=1e-6)
    assert lrt["df"] == 1


def test_variance_inflation():
    np.testing.assert_allclose(fit("~ ablat + year", ci="wald").vif(), R["vif"], rtol=RTOL)


def test_contrasts():
    r = fit("~ alloc")
    second, third = r.coefficients.index[1:]
    table = r.contrast({"random v alternate": {second: 1}, "random v systematic": {second: 1, third: -1}})
    for column, name in (("estimate", "estimate"), ("se", "se"), ("p_value", "p")):
        np.testing.assert_allclose(table[column], R["contrast"][name], rtol=RTOL)


@pytest.mark.parametrize("method", ["QP", "PL"])
def test_interval_of_residual_tau2(method):
    np.testing.assert_allclose(fit("~ ablat").tau2_ci(method), R[f"tau2_{method.lower()}"], rtol=1e-8)


def test_intercept_alone_is_the_pool():
    r, p = fit("~ 1"), mo.pool(DATA)
    c = r.coefficients.iloc[0]
    np.testing.assert_allclose([c["estimate"], c["se"], c["ci_low"], r.tau2, r.loglik, r.i2],
                               [p.estimate, p.se, p.ci_low, p.tau2, p.loglik, p.i2], rtol=1e-12)  # fmt: skip


def test_kenward_roger_of_an_intercept_is_that_of_the_pool():
    c, p = fit("~ 1", ci="KR").coefficients.iloc[0], mo.pool(DATA, ci="KR")
    np.testing.assert_allclose([c["se"], c["df"], c["ci_high"]], [p.se, p.df, p.ci_high], rtol=1e-10)


def test_kenward_roger_does_not_depend_on_coding():
    levels = fit("~ alloc - 1", ci="KR").coefficients
    shifted = fit("~ ablat", ci="KR", table=DATA.assign(ablat=DATA["ablat"] * 10)).coefficients
    plain = fit("~ ablat", ci="KR").coefficients
    np.testing.assert_allclose(shifted["p_value"].iloc[1], plain["p_value"].iloc[1], rtol=1e-9)
    assert (levels["df"] > 0).all()


def test_moderators_far_from_zero_lose_no_digits():
    near = fit("~ year", table=DATA.assign(year=DATA["year"] - 1960))
    far = fit("~ year", table=DATA.assign(year=DATA["year"] + 1e6))
    np.testing.assert_allclose(far.coefficients.loc["year"], near.coefficients.loc["year"], rtol=1e-6)
    np.testing.assert_allclose(far.tau2, near.tau2, rtol=1e-8)


def test_missing_moderators_are_left_out_with_a_word():
    table = DATA.assign(ablat=DATA["ablat"].where(DATA.index != 2))
    with pytest.warns(
        mo.DataWarning, match=r"1 of 13 rows left out. trial '3' \(row 2\): a moderator is missing"
    ) as caught:
        r = fit("~ ablat", table=table)
    assert caught[0].filename == __file__
    assert (r.k, len(r.provenance.dropped)) == (12, 1)
    np.testing.assert_allclose(r.tau2, fit("~ ablat", table=DATA.drop(index=2)).tau2, rtol=1e-12)


INSIDE = ["~ center(ablat)", "~ poly(ablat, 2)", "~ bs(`the year`, df=3)", "~ np.log(ablat)"]


@pytest.mark.parametrize("formula", INSIDE)
def test_missing_moderators_inside_of_transforms_are_left_out_too(formula):
    table = DATA.assign(ablat=DATA["ablat"].where(DATA.index != 2))
    table["the year"] = DATA["year"].where(DATA.index != 2)
    with pytest.warns(mo.DataWarning, match=r"1 of 13 rows left out. trial '3' \(row 2\): a moderator is missing"):
        r = fit(formula, table=table)
    whole = fit(formula, table=table.drop(index=2))
    pd.testing.assert_frame_equal(r.coefficients, whole.coefficients, rtol=1e-10)
    pd.testing.assert_frame_equal(r.predict(table.iloc[:1]), whole.predict(table.iloc[:1]), rtol=1e-10)


@pytest.mark.parametrize(
    ("formula", "options", "error", "match"),
    [
        ("~ abalt", {}, mo.ColumnError, "names 'abalt', which is no column.*Did you mean 'ablat'"),
        ("ablat", {}, mo.OptionError, "not a formula"),
        ("yi ~ ablat", {}, mo.OptionError, "left side"),
        ("~ ablat +", {}, mo.OptionError, "cannot be read"),
        ("~ ablat + twice", {}, mo.DataError, "moderator 'twice' follows from intercept, ablat"),
        ("~ same", {}, mo.DataError, "moderator 'same' is the same in all rows"),
        ("~ C(name)", {}, mo.DataError, "13 rows cannot determine 13 coefficients"),
        ("~ ablat", {"ci": "HC"}, mo.OptionError, "ci='HC' is not an option"),
        ("~ ablat", {"ci": "KR", "method": "ML"}, mo.OptionError, "Kenward-Roger is made for method='REML', not 'ML'"),
        ("~ ablat", {"level": 95}, mo.OptionError, "write level=0.95"),
        ("~ nothing", {}, mo.DataError, "no row has all moderators"),
    ],
)
def test_errors(formula, options, error, match):
    table = DATA.assign(twice=2 * DATA["ablat"], same=1.0, name=[f"t{i}" for i in range(13)], nothing=np.nan)
    with pytest.raises(error, match=match):
        mo.regress(table, formula, **options)


def test_prediction_at_an_unknown_level():
    r = fit("~ alloc")
    with pytest.raises(mo.DataError, match="alloc='coin' is not among the levels fitted"):
        r.predict({"alloc": ["coin"]})
    with pytest.raises(mo.DataError, match="row 1 of the new values lacks a moderator"):
        r.predict({"alloc": ["random", None]})


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        (("~ ablat", "REML"), ("~ 1", "REML"), "use method='ML'"),
        (("~ ablat", "ML"), ("~ year", "ML"), "fewer moderators"),
        (("~ ablat + year", "ML"), ("~ alloc", "ML"), "fewer moderators"),
    ],
)
def test_likelihood_ratio_of_models_that_cannot_be_compared(one, other, match):
    with pytest.raises(mo.OptionError, match=match):
        fit(one[0], one[1], "wald").likelihood_ratio_test(fit(other[0], other[1], "wald"))


def test_protocol():
    import json

    r = fit("~ ablat + alloc")
    assert list(r.tidy().dropna(axis="columns", how="all").columns) == [
        *("term", "type", "estimate", "se", "statistic", "p_value", "ci_low", "ci_high", "interval", "df")
    ]
    assert r.glance()["k"].item() == 13
    assert "moderators: F" in str(r)
    assert "<pre>" in r._repr_html_()
    json.dumps(r.to_dict())
    np.testing.assert_allclose(
        r.confidence_interval(0.8), fit("~ ablat + alloc", level=0.8).coefficients[["ci_low", "ci_high"]]
    )
    script = r.r_code()
    assert "btt = c(2, 3, 4)" in script
    assert 'test = "knha"' in script


def test_kenward_roger_says_what_metafor_lacks_and_which_degrees_of_freedom_predictions_have():
    r = fit("~ ablat", ci="KR")
    assert "# KR is not in metafor" in r.r_code()
    assert any("use k - p" in note for note in r.provenance.notes)


def test_what_is_not_estimable_is_said_and_never_nan():
    """Effects closer together than sampling: tau² without moderators is 0, and R² a share of nothing."""
    t = {"yi": [0.2, 0.21, 0.19, 0.2, 0.22, 0.18], "vi": [0.05] * 6, "x": [3.0, 1.0, 2.0, 5.0, 4.5, 6.0]}
    r = mo.regress(t, "~ x")
    assert np.isnan(r.r2)
    assert "R² not estimable" in r.summary()
    assert "nan" not in r.summary()
    assert "R² not defined of a common effect" in mo.regress(t, "~ x", method="CE", ci="wald").summary()


@pytest.mark.parametrize("first", [1950, 1999, 2015])
def test_effects_on_a_line_of_years_have_none_either(first):
    """The intercept is far from all years; R's metafor (3.8-1) gives QM NA for such."""
    rng = np.random.default_rng(first)
    year = first + rng.integers(0, 20, 9)
    r = mo.regress({"yi": 0.02 * (year - 2000), "vi": rng.uniform(0.01, 0.2, 9), "year": year}, "~ year")
    assert (r.coefficients["se"] == 0).all()
    assert np.isnan([r.q_model, r.q_model_p]).all()


@pytest.mark.parametrize("slope", [0.0, 0.7])
def test_effects_on_a_line_have_no_test_by_their_scatter(slope):
    """metafor 3.8-1 says the same: s2w 0, standard errors 0, QM NA; what is not 0 in the scatter is rounding."""
    rng = np.random.default_rng(3)
    x, v = rng.normal(size=10).round(2), rng.uniform(0.01, 0.3, 10)
    table = {"yi": 0.3 + slope * x, "vi": v, "x": x}
    r, adhoc = mo.regress(table, "~ x"), mo.regress(table, "~ x", ci="HKSJ-adhoc")
    assert (r.coefficients["se"] == 0).all()
    assert r.coefficients[["statistic", "p_value"]].isna().all(axis=None)
    assert np.isnan([r.q_model, r.q_model_p]).all()
    assert (r.q, r.tau2) == (0, 0)
    assert "ci='HKSJ-adhoc' gives intervals that are never narrower" in str(r)
    said = str(mo.results_text(r))
    assert "without a test, per unit of X" in said
    assert "Test of moderators: not estimable, as effects are as the coefficients have them, but for rounding" in said
    assert "no width and there is no test by it, as effects are as the coefficients have them" in str(mo.table(r))
    assert np.isfinite(adhoc.q_model)
    with pytest.raises(mo.DataError, match="are as the model has them"):
        mo.sensitivity.permutation_test(r)
    assert mo.sensitivity.permutation_test(adhoc, n=50, exact=False, seed=1).p_value.notna().all()


AGREED = {
    "trial": list("AABBCC"), "yi": [-0.48, -0.21, -0.52, -0.2, -0.5, -0.18], "vi": [0.04, 0.05, 0.03, 0.07, 0.02, 0.06],
    "level": ["mut", "wt"] * 3, "share": [0.3, 0.41, 0.55, 0.6, 0.2, 0.63],
}  # fmt: skip


def test_f_of_levels_is_that_of_subgroups_and_has_the_one_with_its_scale_at_least_1():
    """Of two levels the regression is the model with one mean a subgroup and one tau²."""
    r = mo.regress(AGREED, "~ C(level)", study="trial", measure="HR")
    s = mo.pool_subgroups(AGREED, by="level", study="trial", measure="HR")
    assert s.is_fragile
    got = (r.q_model, r.q_model_p, r.floor.f, r.floor.p, r.floor.scale, r.floor.is_fragile)
    assert got == pytest.approx((s.f_between, s.f_between_p, s.f_floor, s.f_floor_p, s.f_between_scale, True))
    adhoc = mo.regress(AGREED, "~ C(level)", study="trial", measure="HR", ci="HKSJ-adhoc")
    assert r.floor.f == pytest.approx(adhoc.q_model)  # which is the F of that interval
    assert not adhoc.floor.is_fragile
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), " ".join(mo.plot.forest_rows(r).footnotes)):
        assert "so that F may be large by chance" in text
        assert "rows are of the same trials" in text.lower()
    assert f"it is {r.floor.scale:.3g}): F = {r.floor.f:.3g} (df 1 and 4), p = " in str(mo.results_text(r))
    assert "also with its scale at least 1" in str(mo.methods_text(r))


@pytest.mark.parametrize(("formula", "said"), [("~ share", True), ("~ C(level)", False), ("~ percent", True)])
def test_a_share_of_patients_is_not_read_within_trials(formula, said):
    r = mo.regress({**AGREED, "percent": [41, 38, 35, 45, 30, 47]}, formula, study="trial", measure="HR")
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r))):
        assert ("aggregation bias" in text) == said
    years = mo.regress({**AGREED, "share": [2001, 2003, 2004, 2010, 2008, 2012]}, "~ share")
    assert not any("aggregation" in c.text for c in years.cautions)


def test_predictions_beyond_the_trials_are_named_with_their_range():
    rows = {"kras": [30, 38, 41, 47, 35], "site": list("aabba"), "yi": [0.1, 0.3, 0.2, 0.5, 0.4], "vi": [0.02] * 5}
    r = mo.regress(rows, "~ kras", measure="HR")
    with pytest.warns(mo.MethodWarning, match=r"kras: 0, 100 beyond 30 to 47 of the trials: this extrapolates"):
        far = r.predict({"kras": [0, 100, 40]})
    within = r.predict({"kras": [30, 40, 47]})  # warnings are errors here
    assert far["estimate"].iloc[2] == within["estimate"].iloc[1]
    assert len(mo.regress(rows, "~ site", measure="HR").predict({"site": ["b"]})) == 1
