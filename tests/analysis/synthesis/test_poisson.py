"""One-stage models of hazards constant between cuts, beside R's glm and glmer."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, OptionError

DATA = pd.DataFrame(pinned.load("one_stage")["data"])
WANT = pinned.load("poisson_one_stage")
OPTIMISED = {"rtol": 0, "atol": 5e-7}  # glmer's bobyqa


def pool(**options):
    return mo.survival.pool_ipd(DATA, control=0, **options)


@pytest.mark.parametrize("name", WANT)
def test_estimates_are_those_of_r(name):
    want = WANT[name]
    r = pool(cuts=want["cuts"], treatment="common")
    assert np.allclose([r.estimate, r.se], [want["common"]["b"], want["common"]["se"]], rtol=1e-10)
    for method, key in (("laplace", "joint"), ("exact", "exact")):
        r = pool(cuts=want["cuts"], method=method, ci="wald")
        assert np.allclose([r.estimate, r.tau2], [want[key]["b"], want[key]["tau2"]], **OPTIMISED)
    assert pool(cuts=want["cuts"], method="laplace").loglik == pytest.approx(want["joint"]["loglik"], abs=1e-6)


def test_laplace_at_the_joint_mode_is_near_that_with_its_own_mean_and_free_baselines_shrink_tau():
    for want in WANT.values():
        r = pool(cuts=want["cuts"], method="laplace")
        assert abs(r.estimate - want["laplace"]["b"]) < 0.003
        assert abs(r.tau2 - want["laplace"]["tau2"]) < 5e-6
        assert want["baselines"]["tau2"] < 0.65 * r.tau2  # as the documentation says


def test_many_cuts_come_to_coxs_model():
    cuts = np.unique(DATA.loc[DATA["event"] == 1, "time"])
    near = [pool(cuts=cuts[::step], treatment="common").estimate for step in (6, 1)]
    cox = pool(treatment="common", ties="breslow").estimate
    assert abs(near[1] - cox) < 0.02
    # person-time of an interval is not the number at risk at its end, so that they are near, and not the same


def test_one_trial_with_constant_hazards_is_the_ratio_of_rates():
    one = DATA[DATA["trial"] == "a"]
    rate = one.groupby("arm")["event"].sum() / one.groupby("arm")["time"].sum()
    r = mo.survival.pool_ipd(one, control=0, cuts=[], treatment="common")
    assert r.estimate == pytest.approx(np.log(rate[1] / rate[0]), rel=1e-12)
    assert r.se == pytest.approx(np.sqrt((1 / one.groupby("arm")["event"].sum()).sum()), rel=1e-12)
    shifted = mo.survival.pool_ipd(one.assign(time=one["time"] * 30.4), control=0, cuts=[], treatment="common")
    assert shifted.estimate == pytest.approx(r.estimate, rel=1e-12)


def test_what_else_a_pool_gives_is_of_the_same_model():
    r = pool(cuts=[4, 10])
    low, high = r.confidence_interval(0.95)
    assert (low, high) == (r.ci_low, r.ci_high)
    without = r.leave_one_out().set_index("left_out")
    other = mo.survival.pool_ipd(DATA[DATA["trial"] != "c"], control=0, cuts=[4, 10])
    assert without.loc["c", "estimate"] == pytest.approx(other.estimate, abs=1e-8)
    assert "piecewise exponential (Poisson), a hazard a trial and interval, changing at 4, 10" in str(r)
    assert "a piecewise exponential (Poisson) model whose hazards change at 4 and 10," in str(mo.methods_text(r))
    assert "Cox" not in str(mo.methods_text(r))


def test_cuts_that_cannot_be_are_refused():
    with pytest.raises(DataError, match="cuts: 0 is not a time above 0"):
        pool(cuts=[0, 4])
    with pytest.raises(OptionError, match="ties='breslow' is of Cox's model"):
        pool(cuts=[4], ties="breslow")
    now = DATA.assign(time=DATA["time"].where(DATA.index != 3, 0), event=DATA["event"].where(DATA.index != 3, 1))
    with pytest.raises(DataError, match=r"row 3.*time=0 and the event happened"):
        mo.survival.pool_ipd(now, control=0, cuts=[4])
