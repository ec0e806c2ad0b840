"""Models of all patients without each trial, and the range of a new one."""

import numpy as np
import pandas as pd
import pytest
import result_kinds

import metaonc as mo
from metaonc.errors import DataError

TABLE = result_kinds.trials(4, 40)


@pytest.mark.parametrize(
    "options",
    [{"frailty": "gamma"}, {"treatment": "random"}],
    ids=["gamma", "random"],
)
def test_a_frailty_without_a_trial_is_that_of_the_other_patients(options):
    r = mo.survival.pool_frailty(TABLE, control="old", **options)
    rows = r.leave_one_out().set_index("left_out")
    assert (rows["reason"] == "").all()
    again = mo.survival.pool_frailty(TABLE[TABLE["trial"] != "B"], control="old", **options)
    want = [again.estimate, again.se, again.tau2, again.baseline_variance]
    assert np.allclose(rows.loc["B", ["estimate", "se", "tau2", "baseline_variance"]].astype(float), want, rtol=1e-7)
    with pytest.raises(DataError, match="of 2 trials none can be left out: the model needs 2"):
        mo.survival.pool_frailty(TABLE[TABLE["trial"] < "C"], control="old", **options).leave_one_out()


def test_a_new_trial_of_random_effects():
    r = mo.survival.pool_frailty(TABLE, control="old", treatment="random")
    half = 3.182446305284263 * np.hypot(np.sqrt(r.tau2), r.se)  # R: qt(.975, 3)
    assert r.k == 4
    assert np.allclose([r.prediction_low, r.prediction_high], [r.estimate - half, r.estimate + half], rtol=1e-12)
    assert "hazard ratio in a new trial" in str(r)
    assert np.isnan(mo.survival.pool_frailty(TABLE, control="old").prediction_low)


def test_an_interaction_without_a_trial_and_where_the_covariate_is_left_alike():
    options = {"by": "kras", "contrast": ("mut", "wt"), "control": "old"}
    r = mo.survival.ipd_interaction(TABLE, **options)
    rows = r.leave_one_out().set_index("left_out")
    again = mo.survival.ipd_interaction(TABLE[TABLE["trial"] != "C"], **options)
    assert np.allclose(rows.loc["C", ["estimate", "se"]].astype(float), [again.estimate, again.se], rtol=1e-7)
    alike = TABLE.assign(kras=TABLE["kras"].where(TABLE["trial"] == "A", "wt"))
    rows = mo.survival.ipd_interaction(alike, **options).leave_one_out().set_index("left_out")
    assert np.isnan(rows.loc["A", "estimate"])
    assert "differs between patients in no trial" in rows.loc["A", "reason"]


def split(k):
    """Return trials of 20 patients: in some treatment dies before all of control, in the others after."""
    time = np.tile(np.arange(1.0, 21.0), k)
    trial, arm = np.repeat(list("ABCDEF"[:k]), 20), np.tile(np.repeat([1, 0], 10), k)
    return {"trial": trial, "arm": arm, "time": np.where(np.isin(trial, ["A", "C"]), time, time[::-1]),
            "event": np.ones(20 * k)}  # fmt: skip


@pytest.mark.parametrize("method", ["exact", "laplace"])
def test_a_likelihood_without_a_maximum_is_told_of_the_trial_left_out(method):
    options = {"control": 0, "ci": "wald", "method": method}
    rows = mo.survival.pool_ipd(split(4), **options).leave_one_out()
    said = "the likelihood still rises at a tau of 3, the largest at which it is taken"
    assert (rows["tau2"] == 9).all()
    assert rows["caution"].str.startswith(said).all()
    assert (mo.survival.pool_ipd(TABLE, **options | {"control": "old"}).leave_one_out()["caution"] == "").all()


def test_it_is_told_of_sets_of_patients_too():
    sets = pd.concat([pd.DataFrame(split(4)).assign(draw=i, time=lambda d, i=i: d["time"] + i) for i in range(2)])
    rows = mo.survival.pool_ipd(sets, control=0, draw="draw").leave_one_out()
    assert rows["caution"].str.count("the likelihood still rises at a tau of 3").tolist() == [1, 1, 1, 1]
