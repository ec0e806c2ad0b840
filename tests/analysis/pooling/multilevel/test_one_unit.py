"""Levels whose variance the rows tell nothing of, against rma.mv (tests/reference/one_unit.R) and the model without."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo

R = pinned.load("one_unit")
DATA = pd.DataFrame(R["data"])
RTOL = 1e-6  # where metafor's optimiser stops
TAKEN = "there is one unit of one, so that no variance between units is estimated and it is taken as 0"


def fit(want):
    options = {"levels": want["levels"], "crossed": want["crossed"] or (), "method": want["method"]}
    if want["formula"] == "~1":
        return mo.pool_multilevel(DATA, **options)
    return mo.regress_multilevel(DATA, want["formula"], **options)


@pytest.mark.parametrize("name", list(R["fits"]))
def test_a_level_of_one_unit_has_the_variance_0_as_in_metafor(name):
    want = R["fits"][name]
    r = fit(want)
    table = getattr(r, "coefficients", None)
    got = ([r.estimate], [r.se]) if table is None else (table["estimate"], table["se"])
    np.testing.assert_allclose(got, [want["estimate"], want["se"]], rtol=RTOL)
    np.testing.assert_allclose(r.sigma2, want["sigma2"], rtol=10 * RTOL)
    assert r.sigma2[0] == 0
    np.testing.assert_allclose([r.loglik, r.aic, r.bic], [want["loglik"], want["aic"], want["bic"]], rtol=RTOL)
    for text in (str(r), str(mo.results_text(r))):
        assert TAKEN in text.replace("There is", "there is")
    fixed = ", ".join(["0", *["NA"] * (len(r.sigma2) - 1)])
    assert f"sigma2 = c({fixed})" in r.r_code()


def test_the_pool_is_that_without_the_level_and_no_advice_is_given_that_cannot_be_followed():
    r, without = (mo.pool_multilevel(DATA, levels=levels) for levels in (["one", "trial"], ["trial"]))
    np.testing.assert_allclose([r.estimate, r.se, r.sigma2[1]], [without.estimate, without.se, without.tau2], rtol=1e-9)
    assert "hardly known" not in str(r)
    assert "contain" not in str(r)
    assert "robust(" not in str(r)
    assert "one: 1 unit, sigma² taken as 0" in str(r)
    with pytest.raises(mo.DataError, match=r"one unit of one.*has no interval"):
        r.sigma2_ci("one")
    np.testing.assert_allclose(r.sigma2_ci("trial"), without.sigma2_ci("trial"), rtol=1e-7)
    common = mo.pool(DATA, method="CE", ci="wald")
    alone = mo.pool_multilevel(DATA, levels=["one"])
    np.testing.assert_allclose([alone.estimate, alone.se], [common.estimate, common.se], rtol=1e-12)


def test_subgroups_of_one_unit_each_are_pooled_without_it():
    table = DATA.assign(region=["EU"] * 3 + ["US"] * 3)
    options = {"by": "region", "using": mo.pool_multilevel}
    r = mo.pool_subgroups(table, levels=["region", "trial"], **options)
    without = mo.pool_subgroups(table, levels=["trial"], **options)
    for name in ("EU", "US"):
        assert r.groups[name].se == pytest.approx(without.groups[name].se, rel=1e-9)
    assert "there is one unit of region" in str(r)


def test_a_level_whose_means_are_coefficients_has_the_variance_0():
    """The restricted likelihood is the same for all of its variances; the model is that without the level."""
    table = DATA.assign(region=["EU"] * 3 + ["US"] * 3)
    r = mo.regress_multilevel(table, "~ region", levels=["region", "trial"])
    without = mo.regress(table, "~ region", ci="wald")
    np.testing.assert_allclose(r.coefficients["se"], without.coefficients["se"], rtol=1e-7)
    assert "means of units of region are coefficients, so that no variance between units is estimated" in str(r)
    assert "sigma2 = c(0, NA)" in r.r_code()


def test_crossed_units_that_are_the_same_rows_are_said_to_be():
    table = DATA.assign(row=range(6))
    r = mo.pool_multilevel(table, levels=["trial"], crossed=["aside", "row"])
    assert "each unit of trial has one of aside and row, so that their 3 variances cannot be told apart" in str(r)
    two = mo.pool_multilevel(table, levels=["one"], crossed=["aside", "row"])
    assert "told apart" not in str(two)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"levels": ["nope"]}, mo.ColumnError, "^levels='nope' is not a column"),
        ({"levels": ["trial"], "crossed": ["nope"]}, mo.ColumnError, "^crossed='nope' is not a column"),
        ({"levels": ["trial", "trial"]}, mo.OptionError, "'trial' is named twice; name each column once"),
        ({"levels": ["trial"], "crossed": ["trial"]}, mo.OptionError, "'trial' is named twice; name each column once"),
    ],
)
def test_columns_of_units_are_there_and_named_once(options, error, says):
    with pytest.raises(error, match=says):
        mo.pool_multilevel(DATA, **options)
    with pytest.raises(error, match=says):
        mo.regress_multilevel(DATA, "~ dose", **options)


def test_trials_are_those_of_a_level_called_so():
    r = mo.pool_multilevel(DATA, levels=["one", "trial"])
    assert r.studies.labels == tuple("ABCDEF")
    assert "6 trials" in str(r)
    assert mo.pool_multilevel(DATA.assign(trial=range(6)), levels=["one", "trial"]).trials == 1  # counted in each unit
