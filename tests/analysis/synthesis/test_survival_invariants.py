"""What does not depend on how arms are named, on the unit of time or on the order of patients."""

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo

TRIALS = pd.DataFrame(pinned.load("survival_models")["trials"])
ONE = TRIALS[TRIALS["trial"] == "C"]
NEAR = {"rtol": 1e-6, "atol": 1e-9}


def estimates(data, scale=1.0, control=0):
    """Return what depends on the arms only by its sign, of data whose unit of time is this many times smaller."""
    at = [6 * scale, 12 * scale]
    one = data[data["trial"] == "C"]
    flexible = mo.survival.pool_flexible(data, control=control, power=0.5, width=scale)
    spline = mo.survival.pool_flexible(data, control=control, model="royston-parmar", knots=1, method="CE")
    return {
        "rmst": mo.survival.rmst(one, control=control, horizons=at).of("difference")["estimate"] / scale,
        "milestone": mo.survival.milestone(one, control=control, times=at).of("difference")["estimate"],
        "weighted": mo.survival.max_combo(one, control=control).tests["statistic"],
        "cumulative": mo.survival.milestone(one, control=control, times=at).of("cumulative_hazard_ratio")["estimate"],
        "pooled rmst": mo.survival.pool_rmst(data, control=control, horizons=at).pooled["estimate"] / scale,
        "varying": mo.survival.pool_time_varying(data, control=control, method="CE").hr_at(at)["log_hr"],
        "pieces": mo.survival.pool_time_varying(data, control=control, cuts=6 * scale).pool.estimate,
        "flexible": flexible.hr_at(at)["log_hr"],
        "spline": spline.hr_at(at)["log_hr"],
    }


HERE = estimates(TRIALS)


def test_arms_that_change_places_change_the_sign():
    turned = estimates(TRIALS, control=1)
    for name in ("rmst", "milestone", "weighted", "cumulative", "varying", "pieces", "flexible"):
        np.testing.assert_allclose(-np.asarray(turned[name]), HERE[name], rtol=1e-4, atol=1e-6, err_msg=name)


def test_the_unit_of_time_does_not_matter():
    days = estimates(TRIALS.assign(time=TRIALS["time"] * 30), scale=30.0)
    for name, want in HERE.items():
        rtol = 2e-3 if name in ("pooled rmst", "flexible") else 1e-5  # climbs to an edge end where they began
        np.testing.assert_allclose(days[name], want, rtol=rtol, atol=1e-6, err_msg=name)


def test_the_order_of_patients_does_not_matter():
    mixed = estimates(TRIALS.sample(frac=1, random_state=4))
    for name, want in HERE.items():
        if name in ("pooled rmst", "flexible"):  # of the same trials in another order
            np.testing.assert_allclose(mixed[name], want, rtol=2e-3, atol=1e-5, err_msg=name)
        else:
            np.testing.assert_allclose(mixed[name], want, **NEAR, err_msg=name)


def test_ph_tests_do_not_depend_on_who_is_the_control():
    for transform in ("km", "rank", "identity", "log"):
        a, b = (mo.survival.ph_test(ONE, control=c, transform=transform) for c in (0, 1))
        assert a.statistic == pytest.approx(b.statistic, rel=1e-8)
        assert a.direction == -b.direction


def test_models_do_not_depend_on_the_unit_but_for_their_scale():
    days = ONE.assign(time=ONE["time"] * 30)
    moved = ONE["event"].sum() * np.log(30)
    for code in ("exp", "weibull", "gompertz", "gamma", "lnorm", "llogis", "gengamma"):
        a = mo.survival.parametric(ONE, control=0, distribution=code)
        b = mo.survival.parametric(days, control=0, distribution=code)
        assert b.loglik == pytest.approx(a.loglik - moved, abs=1e-6)
        assert b.estimate[-1] == pytest.approx(a.estimate[-1], abs=1e-4)
    for scale in ("hazard", "odds", "normal"):
        a, b = (mo.survival.royston_parmar(d, control=0, knots=2, scale=scale) for d in (ONE, days))
        assert b.loglik == pytest.approx(a.loglik - moved, abs=1e-7)
        assert b.estimate[-1] == pytest.approx(a.estimate[-1], abs=1e-5)
