"""Cox's model of patients who came under observation late: identities, and R's numbers."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError, OptionError


@pytest.fixture(scope="module")
def late():
    rng = np.random.default_rng(7)
    d = pd.DataFrame(
        {"arm": np.arange(160) % 2, "age": rng.integers(50, 60, 160), "site": rng.choice(list("abc"), 160)}
    )
    d["time"] = (rng.exponential(12 * np.exp(-0.04 * (d["age"] - 55) + 0.5 * d["arm"])) + 1).round(0)
    d["event"] = (rng.random(160) < 0.7).astype(int)
    return d.assign(late=(d["time"] * rng.uniform(0, 0.9, 160)).round(0)).query("late < time").reset_index(drop=True)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_two_arms_are_the_hazard_ratio(late, ties):
    r = mo.survival.cox_model(late, covariates=["arm"], entry="late", ties=ties)
    own = mo.survival.hazard_ratio(late, control=0, entry="late", ties=ties)
    assert np.allclose([r.estimate[0], r.se[0]], [own.estimate, own.se], rtol=1e-9)


@pytest.mark.parametrize("strata", [None, "site"])
def test_follow_up_cut_in_two_is_the_same_likelihood(late, strata):
    r = mo.survival.cox_model(late, covariates=["arm", "age"], strata=strata, entry="late")
    over = (late["late"] < 6) & (late["time"] > 6)
    first = late[over].assign(time=6.0, event=0)
    cut = pd.concat([late[~over], first, late[over].assign(late=6.0)], ignore_index=True)
    again = mo.survival.cox_model(cut, covariates=["arm", "age"], strata=strata, entry="late")
    assert over.sum() > 20
    assert np.allclose(again.estimate, r.estimate, rtol=1e-9)
    assert np.allclose(again.cov, r.cov, rtol=1e-9)
    assert again.loglik == pytest.approx(r.loglik, rel=1e-12)


def test_late_entry_matters_and_is_told(late):
    r = mo.survival.cox_model(late, covariates=["arm", "age"], entry="late")
    # R: coxph(Surv(late, time, event) ~ arm + age)
    assert np.allclose(
        [*r.estimate, *r.se], [-0.056458722807, 0.063609782002, 0.197345172931, 0.034379168656], atol=1e-11
    )
    assert not np.allclose(r.estimate, mo.survival.cox_model(late, covariates=["arm", "age"]).estimate, atol=1e-3)
    assert "at risk from their entry on (late; left truncation)" in str(mo.methods_text(r))
    assert "Surv(entry, time, event)" in str(r.r_code())


def test_what_is_wrong_is_named(late):
    with pytest.raises(DataError, match="row 3: late=99 is not before time="):
        mo.survival.cox_model(
            late.assign(late=late["late"].where(late.index != 3, 99)), covariates=["arm"], entry="late"
        )
    with pytest.raises(OptionError, match="rename the covariate"):
        mo.survival.cox_model(late.rename(columns={"age": "stratum"}), covariates=["arm", "stratum"])
