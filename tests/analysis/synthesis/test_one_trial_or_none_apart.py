"""One-stage models at their edges: one trial alone, no variance between trials; and how they print."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError

DATA = pd.DataFrame(pinned.load("one_stage")["data"]).rename(columns={"trial": "study"})
ONE = DATA[DATA["study"] == "a"]


def test_random_effects_refuse_one_trial():
    for method in ("exact", "laplace"):
        with pytest.raises(DataError, match=r"one trial alone .* 'a'; a random effect asks .*treatment='common'"):
            mo.survival.pool_ipd(ONE, control=0, method=method)
    for frailty in ("lognormal", "gamma"):
        with pytest.raises(DataError, match=r"one trial alone .* survival\.hazard_ratio of its patients"):
            mo.survival.pool_frailty(ONE, control=0, frailty=frailty)
    other = ONE.assign(study="b", arm=0)  # a trial that is left out does not make two
    with pytest.raises(DataError, match=r"one trial alone .* trial 'b': has no patients of arm"):
        mo.survival.pool_ipd(pd.concat([ONE, other]), control=0)


def test_a_common_effect_of_one_trial_is_its_cox_model():
    r, cox = mo.survival.pool_ipd(ONE, control=0, treatment="common"), mo.survival.hazard_ratio(ONE, control=0)
    np.testing.assert_allclose((r.estimate, r.se, r.ci_low, r.ci_high), (cox.estimate, cox.se, cox.ci_low, cox.ci_high),
                               rtol=1e-10)  # fmt: skip
    assert np.isnan(r.robust_se)
    assert not len(r.two_stage)
    for text in (str(r), str(mo.methods_text(r)), str(mo.results_text(r))):
        assert "wo stages" not in text
        assert "1 trials" not in text


def test_of_two_trials_the_one_that_is_left_has_no_variance_between():
    two = DATA[DATA["study"].isin(["a", "b"])]
    left = mo.survival.pool_ipd(two, control=0).leave_one_out()
    assert left["tau2"].isna().all()
    alone = mo.survival.hazard_ratio(ONE, control=0)
    np.testing.assert_allclose(left.loc[left["left_out"] == "b", "estimate"], alone.estimate, rtol=1e-8)


@pytest.mark.parametrize("method", ["exact", "laplace"])
def test_no_variance_between_trials_is_0_and_no_proof(method):
    alike = pd.concat([ONE.assign(study=name) for name in "xyzuvw"])
    r = mo.survival.pool_ipd(alike, control=0, method=method)
    assert r.tau2 == 0
    for printed in (r, mo.results_text(r), mo.table(r)):
        assert "no proof that effects do not vary" in str(printed)
    common = mo.survival.pool_ipd(alike, control=0, treatment="common")
    np.testing.assert_allclose((r.estimate, r.se), (common.estimate, common.se), rtol=1e-6)
    assert "no proof" not in str(common)


def test_tables_name_what_their_ratios_are():
    r = mo.survival.pool_frailty(DATA, control=0)
    table = mo.table(r)
    assert table.title == "Hazard ratio, 1 to 0, 6 trials"
    assert table.headers[1] == "Hazard ratio (95% CI)"
    assert f"{r.hr:.2f} (" in str(table)
    covariate = DATA.assign(z=np.random.default_rng(1).integers(0, 2, len(DATA)))
    table = mo.table(mo.survival.ipd_interaction(covariate, by="z", control=0))
    assert table.title == "Ratio of hazard ratios by z (one unit more), 6 trials"
    measures = {row[0]: row[1] for row in table.rows}
    assert measures["within trials"] == "ratio of hazard ratios"
    assert measures["treatment where the covariate is 0"] == "hazard ratio"


def test_an_interaction_in_one_trial_has_no_row_across_trials_and_says_nothing_of_it():
    z = np.arange(len(ONE)) % 3
    r = mo.survival.ipd_interaction(ONE.assign(z=z), by="z", control=0)
    assert "across trials" not in str(r)
    assert "log ratios of hazard ratios" in str(r)
    terms = r.table.set_index("term")["estimate"]
    moved = mo.survival.ipd_interaction(ONE.assign(z=z + 5.0), by="z", control=0).table.set_index("term")["estimate"]
    for name in ("within trials", "treatment at the covariate's mean"):  # neither depends on where z begins
        assert moved[name] == pytest.approx(terms[name], rel=1e-7)
