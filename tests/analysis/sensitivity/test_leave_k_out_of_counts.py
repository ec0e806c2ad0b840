"""leave_k_out of pools of counts: metafor's pools without each pair, and what is said where one has no estimate."""

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load

import metaonc as mo

R = load("left_out_counts")
TRIALS = pd.DataFrame(R["trials"])
ARMS = {"events_t": "a", "n_t": "n1", "events_c": "b", "n_c": "n2", "study": "trial"}
ONE = {"events": "a", "n": "n1", "study": "trial"}
POOLS = {
    "MH": lambda: mo.pool_mantel_haenszel(TRIALS, **ARMS),
    "MH RR": lambda: mo.pool_mantel_haenszel(TRIALS, measure="RR", **ARMS),
    "Peto": lambda: mo.pool_peto(TRIALS, **ARMS),
    "UM.FS": lambda: mo.pool_glmm(TRIALS, measure="OR", **ARMS),
    "PLO": lambda: mo.pool_glmm(TRIALS, ci="t", **ONE),
}
RTOL = {"UM.FS": 2e-3, "PLO": 5e-5}  # lme4's optimiser stops early, the more the more parameters
# closed forms: the other digits are R's output


@pytest.mark.parametrize("name", POOLS)
def test_r_pools_the_same_without_each_pair(name):
    found = mo.sensitivity.leave_k_out(POOLS[name]())
    assert found["left_out"].tolist() == R["names"]
    assert (found["reason"] == "").all()
    for column, want in R["pools"][name].items():
        if column == "p_value" and name == "PLO":
            assert found[column].isna().all()  # nobody asks whether a rate is 50 %
            continue
        rtol = RTOL.get(name, 1e-9)
        np.testing.assert_allclose(found[column], want, rtol=rtol, atol=rtol / 10, err_msg=column)


@pytest.mark.parametrize("name", ["MH", "Peto", "UM.FS"])
def test_one_at_a_time_is_leave_one_out(name):
    r = POOLS[name]()
    one, want = mo.sensitivity.leave_k_out(r, k=1), mo.sensitivity.leave_one_out(r)
    for column in ("estimate", "se", "ci_low", "ci_high"):
        np.testing.assert_allclose(one[column], want[column], rtol=1e-12)


def test_sets_without_an_estimate_are_told_and_change_nothing():
    found = mo.sensitivity.leave_k_out(POOLS["UM.FS"](), k=5)
    none = found.lacking
    assert len(none) == 2
    assert none["reason"].str.contains("every trial's events are as extreme").all()
    assert none[["estimate", "ci_low", "p_value"]].isna().all(axis=None)
    assert (none["conclusion"] == "").all()
    assert not found.changed["reason"].any()
    for text in (str(found), str(mo.results_text(found))):
        assert "without 2 of 6 sets there is no estimate" in text.lower()
    assert np.isfinite(found.drivers["estimate_without"]).any()


def test_intervals_of_the_likelihood_have_no_p():
    found = mo.sensitivity.leave_k_out(mo.pool_beta_binomial(TRIALS, ci="profile", **ONE), benchmark=0.3)
    assert found["p_value"].isna().all()
    assert set(found["conclusion"]) <= {"below", "includes"}
    assert "left out of dat" in found.r_code()


def test_sets_that_are_drawn_are_fewer_where_each_is_fitted_alone():
    table = {"t": [f"T{i}" for i in range(70)], "a": [3] * 70, "n": [20] * 70, "b": [5] * 70, "m": [21] * 70}
    r = mo.pool_mantel_haenszel(table, events_t="a", n_t="n", events_c="b", n_c="m", study="t")
    found = mo.sensitivity.leave_k_out(r, seed=1)
    assert (len(found), found.exact) == (1000, False)
