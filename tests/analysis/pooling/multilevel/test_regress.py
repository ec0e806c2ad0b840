"""regress_multilevel against R's rma.mv and clubSandwich, and against regress and pool_multilevel."""

import numpy as np
import pandas as pd
import pytest
from reference import model_scripts
from reference.pinned import Results, assert_same_script, load

import metaonc as mo
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError

REFERENCE = load("nested_regression")
SCRIPTS = load("model_scripts")
RESULTS = Results(SCRIPTS, model_scripts.results)
FITS = list(REFERENCE["fits"])
RTOL = 1e-6  # R's optimisers stop where the likelihood no longer changes, which leaves half the digits of its arguments
TIGHT = 1e-11
ASKED = {
    "schools": {"formula": "~ year + C(kind)", "levels": ["district", "school"]},
    "crossed": {"formula": "~ dose", "levels": ["study"], "crossed": ["outcome", "time"]},
}
NEW = {"schools": {"year": [-14.0, 5.0], "kind": ["a", "b"]}, "crossed": {"dose": [1.0, 4.0]}}
TRIALS = {"trial": list("AABBCCDDEE"), "arm": [1, 2] * 5,
          "yi": [-0.5, -0.3, -0.6, -0.2, 0.1, 0.0, -0.4, -0.5, -0.1, -0.2],
          "vi": [0.04, 0.03, 0.05, 0.04, 0.06, 0.05, 0.04, 0.03, 0.05, 0.04],
          "line": [1, 1, 1, 1, 3, 3, 2, 2, 3, 3]}  # fmt: skip


def fit(name, **change):
    of, method, test = name.split()
    asked = ASKED[of] | {"method": method, "ci": {"z": "wald", "t": "t"}[test]} | change
    return mo.regress_multilevel(REFERENCE["data"][of], asked.pop("formula"), **asked)


def close(got, want, err_msg=""):
    np.testing.assert_allclose(got, want, rtol=RTOL, atol=1e-9, err_msg=err_msg)


@pytest.mark.parametrize("name", FITS)
def test_fits_are_those_of_rma_mv(name):
    r, want = fit(name), REFERENCE["fits"][name]
    for column, value in want["coefficients"].items():
        close(r.coefficients[column], value, column)
    close(r.covariance, want["covariance"])
    np.testing.assert_allclose(r.sigma2, want["sigma2"], rtol=1e-5, atol=1e-8)
    for field in ("loglik", "aic", "bic", "q", "q_p"):
        np.testing.assert_allclose(getattr(r, field), want[field], rtol=TIGHT, err_msg=field)
    close([r.q_model, r.q_model_p], [want["q_model"], want["q_model_p"]])
    table = r.predict(NEW[name.split()[0]])
    for column, value in want["predicted"].items():
        close(table[column], value, column)


@pytest.mark.parametrize("name", FITS)
@pytest.mark.parametrize("kind", ["CR1", "CR2"])
def test_robust_tests_are_those_of_metafor_and_clubsandwich(name, kind):
    r, want = fit(name).robust(cluster=ASKED[name.split()[0]]["levels"][0], kind=kind), REFERENCE["fits"][name][kind]
    for column in ("estimate", "se", "ci_low", "ci_high", "p_value", "df"):
        close(r.coefficients[column], want[column], column)
    if kind == "CR1":
        close([r.q_model, r.q_model_p], [want["q_model"], want["q_model_p"]])
    elif len(want["estimate"]) > 2:
        assert np.isnan([r.q_model, r.q_model_p]).all()
        assert "have no robust test together by CR2" in str(r)
    else:
        close([r.q_model, r.q_model_p], [r.coefficients["statistic"].iloc[1] ** 2, want["p_value"][1]])


@pytest.mark.parametrize("name", FITS)
def test_predictions_by_cr2_have_the_degrees_of_freedom_of_their_own_contrast(name):
    of = name.split()[0]
    r, want = fit(name).robust(cluster=ASKED[of]["levels"][0]), REFERENCE["fits"][name]["CR2_predicted"]
    table = r.predict(NEW[of])
    for column in ("estimate", "se", "ci_low", "ci_high"):
        close(table[column], want[column], column)
    terms = list(r.coefficients.index)
    x = r.design.of(pd.DataFrame(NEW[of]))
    found = r.contrast({str(i): dict(zip(terms, row, strict=True)) for i, row in enumerate(x)})
    close(found["df"], want["df"])


def test_one_row_a_trial_is_regress():
    table = pd.DataFrame(TRIALS).iloc[::2]
    nested = mo.regress_multilevel(table, "~ line", levels=["trial"])
    plain = mo.regress(table, "~ line", study="trial", ci="wald")
    close(nested.coefficients.to_numpy(), plain.coefficients.to_numpy())
    close([nested.tau2, nested.q, nested.loglik], [plain.tau2, plain.q, plain.loglik])


def test_without_moderators_it_is_the_pool():
    r, pool = (
        mo.regress_multilevel(TRIALS, "~ 1", levels=["trial", "arm"]),
        mo.pool_multilevel(TRIALS, levels=["trial", "arm"]),
    )
    close(r.coefficients.loc["intercept", ["estimate", "se", "ci_low", "ci_high"]].astype(float),
          [pool.estimate, pool.se, pool.ci_low, pool.ci_high])  # fmt: skip
    close(r.sigma2, pool.sigma2)
    close(r.sigma2_ci("trial"), pool.sigma2_ci("trial"))


def test_likelihoods_of_other_moderators_are_compared_by_ml():
    large, small = (mo.regress_multilevel(TRIALS, f, levels=["trial"], method="ML") for f in ("~ line", "~ 1"))
    test = large.likelihood_ratio_test(small)
    close(test["statistic"], [2 * (large.loglik - small.loglik)])
    restricted = mo.regress_multilevel(TRIALS, "~ line", levels=["trial"])
    with pytest.raises(OptionError, match="restricted likelihoods"):
        restricted.likelihood_ratio_test(small)


def test_a_moderator_within_trials_is_said_to_mix():
    table = TRIALS | {"dose": [1, 2] * 5}
    assert "mixes both associations" in str(mo.regress_multilevel(table, "~ dose", levels=["trial"]))
    assert "mixes both associations" not in str(mo.regress_multilevel(TRIALS, "~ line", levels=["trial"]))


def test_a_level_is_only_asked_for_where_residuals_differ():
    """Rows of a trial that differ by their moderator alone need no level of their own."""
    table = TRIALS | {"yi": [0.0, 2.0, 0.1, 2.1, -0.1, 1.9, 0.05, 2.05, 0.0, 2.0], "dose": [1, 2] * 5}
    said = "there is no level for that"
    assert said in str(mo.pool_multilevel(table, levels=["trial"]))
    assert said not in str(mo.regress_multilevel(table, "~ dose", levels=["trial"]))
    assert said in str(mo.regress_multilevel(table, "~ line", levels=["trial"]))


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"levels": "trial"}, OptionError, "must be a list"),
        ({"levels": ["country"]}, ColumnError, "country"),
        ({"crossed": ["day"]}, ColumnError, "day"),
        ({"ci": "contain"}, OptionError, "wald"),
        ({"method": "DL"}, OptionError, "REML"),
    ],
)
def test_bad_options(change, error, said):
    with pytest.raises(error, match=said):
        mo.regress_multilevel(TRIALS, "~ line", **({"levels": ["trial"]} | change))


def test_bad_rows():
    with pytest.raises(DataError, match="arm is missing"):
        mo.regress_multilevel(TRIALS | {"arm": [1, 2] * 4 + [1, None]}, "~ line", levels=["trial", "arm"])
    with pytest.warns(DataWarning, match="a moderator is missing"):
        r = mo.regress_multilevel(TRIALS | {"line": [1, 1, 1, 1, 3, 3, 2, 2, 3, None]}, "~ line", levels=["trial"])
    assert (r.k, len(r.provenance.dropped)) == (9, 1)
    few = {name: values[:2] for name, values in TRIALS.items()} | {"line": [1, 2]}
    with pytest.raises(DataError, match="2 coefficients"):
        mo.regress_multilevel(few, "~ line", levels=["trial"])
    three = {name: values[:6] for name, values in TRIALS.items()} | {"a": [1, 2, 4, 3, 1, 5], "b": [3, 1, 1, 2, 5, 4]}
    r = mo.regress_multilevel(three, "~ a + b", levels=["trial"])
    with pytest.raises(DataError, match="3 clusters for 3 coefficients"):
        r.robust(cluster="trial")


@pytest.mark.parametrize("name", [n for n in SCRIPTS if n.startswith("regression")])
def test_r_scripts_run_to_the_same_numbers(name):
    r, pinned = RESULTS[name], SCRIPTS[name]
    assert_same_script(r.r_code(), pinned["script"])
    for field, want in pinned["r"].items():
        close(r.coefficients[field], want, field)


def test_a_bubble_plot_has_its_line_and_weights_by_all_variances():
    r = mo.regress_multilevel(TRIALS, "~ line", levels=["trial", "arm"])
    data = mo.plot.bubble_data(r)
    w = 1 / (np.array(TRIALS["vi"]) + r.sigma2.sum())
    close(data["weight"], 100 * w / w.sum())
    line = mo.plot.bubble_line(r, 1, 3)
    close(line["estimate"].iloc[[0, -1]], r.predict({"line": [1, 3]})["estimate"])
    assert mo.plot.bubble(r).get_xlabel() == "line"
