"""Numbers of greenwood, another package of survival in Python (greenwood_numbers.py), beside those of R elsewhere."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo

W = pinned.load("greenwood_numbers")
DATA = pd.DataFrame(pinned.load("survrm2")["trials"])
SCORED = {"rtol": 1e-6, "atol": 1e-8}  # it stops where the likelihood gains 1e-9


@pytest.mark.parametrize("name", W["trials"])
def test_one_trial(name):
    want, own = W["trials"][name], DATA[DATA["trial"] == name]
    cox = mo.survival.hazard_ratio(own, control=0)
    np.testing.assert_allclose([cox.estimate, cox.se], want["cox"], **SCORED)
    means = mo.survival.rmst(own, control=0, horizons=9)
    arms, difference = means.of("rmst"), means.of("difference").iloc[0]
    low = want["rmst"]
    for arm, (value, se) in zip(
        arms.itertuples(), ((low["rmst2"], low["se2"]), (low["rmst1"], low["se1"])), strict=True
    ):
        np.testing.assert_allclose([arm.estimate, arm.se], [value, se], rtol=1e-10)
    got, told = (abs(difference["estimate"]), difference["se"]), (abs(low["estimate"]), low["se"])
    np.testing.assert_allclose(got, told, rtol=1e-9)
    combo = mo.survival.max_combo(own, control=0)
    assert abs(combo.statistic) == pytest.approx(abs(want["combo"]["statistic"][0]), rel=1e-9)
    assert combo.p_value == pytest.approx(want["combo"]["p_value"][0], abs=2e-4)  # by simulation or quadrature
    spline = mo.survival.royston_parmar(own, control=0, knots=1)
    assert spline.loglik == pytest.approx(want["royston_parmar"]["loglik"], abs=1e-4)


def test_trials_together_and_late_entry():
    one = mo.survival.pool_ipd(DATA, control=0, treatment="common")
    np.testing.assert_allclose([one.estimate, one.se], W["stratified"], **SCORED)
    late = DATA[DATA["time"] > 2].assign(entry=W["late"]["entry"])
    model = mo.survival.cox_model(late, covariates=["arm"], entry="entry")
    np.testing.assert_allclose([model.estimate[0], model.se[0]], W["late"]["cox"], **SCORED)
