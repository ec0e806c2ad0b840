"""Influence of pools without a closed form: against metafor's pools of counts, and as refits say."""

import numpy as np
import pytest
from reference import pinned

import metaonc as mo

R = pinned.load("case_deletion_counts")
DATA = {"trial": list("ABCDEFG"), **R["data"]}
ARMS = {"events_t": "a", "n_t": "n", "events_c": "c", "n_c": "m", "study": "trial"}
TIMES = {"events_t": "a", "time_t": "t", "events_c": "c", "time_c": "u", "study": "trial"}
EXACT = 1e-9
EFFECTS = {"trial": list("ABCDE"), "yi": [-0.6, -0.2, -0.4, 0.9, -0.3], "vi": [0.05, 0.03, 0.08, 0.06, 0.02]}
POOLS = {
    "glmm": lambda: mo.pool_glmm(DATA, measure="OR", **ARMS),
    "beta-binomial": lambda: mo.pool_beta_binomial(DATA, events="c", n="m", study="trial"),
    "bayes": lambda: mo.pool_bayes(EFFECTS, study="trial"),
    "hc": lambda: mo.pool(EFFECTS, study="trial", method="DL", ci="HC"),
    "weights": lambda: mo.pool(
        {**EFFECTS, "w": [1.0, 2.0, 1.0, 3.0, 2.0]}, study="trial", weights="w", method="GENQ", ci="wald"
    ),
}


def of(case):
    if case["model"] == "peto":
        return mo.pool_peto(DATA, **ARMS)
    return mo.pool_mantel_haenszel(DATA, measure=case["measure"], **(TIMES if "I" in case["measure"] else ARMS))


@pytest.mark.parametrize("case", R["pools"], ids=lambda case: case["measure"])
def test_r_says_the_same(case):
    found = mo.sensitivity.influence(of(case))
    np.testing.assert_allclose(found["rstudent"], case["rstudent"], rtol=EXACT)
    np.testing.assert_allclose(found["q"], case["q"], rtol=EXACT)
    estimate, se = case["whole"]
    moved = (estimate - np.array(case["estimate"])) / se
    for column, want in (("dfbeta", moved), ("dffits", moved), ("cook_d", moved**2),
                         ("cov_ratio", (np.array(case["se"]) / se) ** 2)):  # fmt: skip
        np.testing.assert_allclose(found[column], want, rtol=1e-7, atol=1e-12, err_msg=column)
    assert (found["reason"] == "").all()


@pytest.mark.parametrize("name", POOLS)
def test_columns_are_those_of_pools_without_each(name):
    r = POOLS[name]()
    found, one = mo.sensitivity.influence(r), mo.sensitivity.leave_one_out
    if name not in ("hc", "weights"):  # which leave_one_out does not take
        table = one(r).table
        np.testing.assert_allclose(found["dfbeta"], (r.estimate - table["estimate"]) / r.se, rtol=EXACT, atol=1e-12)
        np.testing.assert_allclose(found["cov_ratio"], (table["se"] / r.se) ** 2, rtol=EXACT)
    np.testing.assert_allclose(found["weight"], r.weights, rtol=EXACT)
    np.testing.assert_allclose(found["cook_d"], found["dfbeta"] ** 2, rtol=EXACT)


def test_leverage_is_the_weight_of_a_weighted_mean_and_else_not_known():
    peto = mo.sensitivity.influence(mo.pool_peto(DATA, **ARMS))
    np.testing.assert_allclose(peto["hat"], peto["weight"] / 100, rtol=EXACT)
    assert peto["hat"].sum() == pytest.approx(1)
    for name in ("glmm", "bayes"):
        found = mo.sensitivity.influence(POOLS[name]())
        assert found["hat"].isna().all()
        assert "hat" not in found.bounds
        assert any("leverage is not known" in note for note in found.provenance.notes)
        assert "  hat" not in str(found)


def test_leverage_of_a_common_effect_is_that_of_its_closed_form():
    """Peto's pool is that of (O - E) / V with variances 1 / V by inverse variance."""
    r = mo.pool_peto({name: values[:5] for name, values in DATA.items()}, **ARMS)
    plain = mo.pool({"yi": r.studies.yi, "vi": r.studies.vi}, method="CE", ci="wald")
    ours, closed = mo.sensitivity.influence(r), mo.sensitivity.influence(plain)
    for column in ("rstudent", "dffits", "cook_d", "cov_ratio", "q", "hat", "weight", "dfbeta"):
        np.testing.assert_allclose(ours[column], closed[column], rtol=1e-7, atol=1e-12, err_msg=column)


def test_bayesian_residuals_are_beside_the_predictive_distribution():
    r = POOLS["bayes"]()
    found = mo.sensitivity.influence(r)
    rest = r.refit(np.arange(5) != 3)
    want = (0.9 - rest.estimate) / np.sqrt(0.06 + rest.predictive.sd**2)
    assert found["rstudent"][3] == pytest.approx(want, rel=EXACT)


def test_residuals_that_are_not_known_are_said():
    found = mo.sensitivity.influence(POOLS["beta-binomial"]())
    assert found["rstudent"].isna().all()
    assert any("standardised residuals are not known" in note for note in found.provenance.notes)
    with pytest.raises(mo.DataError, match="there is nothing to draw"):
        mo.plot.influence(found)


def test_trials_with_correlated_rows_leave_whole():
    table = {"trial": ["A", "A", "B", "C", "D"], "yi": EFFECTS["yi"], "vi": EFFECTS["vi"]}
    cov = np.diag(EFFECTS["vi"])
    cov[0, 1] = cov[1, 0] = 0.01
    r = mo.pool(table, study="trial", covariance=cov, ci="wald")
    found = mo.sensitivity.influence(r)
    assert list(found["study"]) == list("ABCD")
    rest = r.refit(np.array([False, False, True, True, True]))
    away = np.array(EFFECTS["yi"][:2]) - rest.estimate
    total = cov[:2, :2] + rest.tau2 * np.eye(2) + rest.se**2
    assert found["x2"][0] == pytest.approx(away @ np.linalg.solve(total, away), rel=EXACT)
    assert found["hat"].sum() == pytest.approx(1)
    assert list(found["rows"]) == [2, 1, 1, 1]
    assert mo.plot.influence(found).get_xlabel() == "Leverage"


@pytest.mark.parametrize("name", POOLS)
def test_each_is_drawn_and_told(name):
    found = mo.sensitivity.influence(POOLS[name]())
    assert "left out in turn" in str(found)
    assert mo.results_text(found)
    if name != "beta-binomial":
        assert mo.plot.influence(found).get_xlabel() == ("Weight (%)" if found["hat"].isna().any() else "Leverage")


def test_logits_that_are_infinite_on_both_sides_have_no_weighted_mean():
    pool = mo.pool_glmm({"x": [0, 30, 5], "n": [20, 30, 40]}, events="x", n="n", measure="PLO")
    assert mo.sensitivity.influence(pool)["hat"].isna().all()


def test_an_infinite_effect_has_no_influence():
    pool = mo.pool_glmm({"x": [0, 0, 0], "n": [20, 30, 40]}, events="x", n="n", measure="PLO")
    with pytest.raises(mo.DataError, match="infinite: no change has a size"):
        mo.sensitivity.influence(pool)
