"""Restricted means, milestones, tests and Cox's model of two arms, against R's survival (reference/two_arms.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.analysis.numeric.product_limit import by_time
from metaonc.analysis.numeric.time_to_event.restricted_mean import restricted_means
from metaonc.analysis.numeric.time_to_event.weighted_log_rank import largest_p
from metaonc.errors import ConvergenceError, DataError, OptionError

R = pinned.load("two_arms")
TIGHT = {"rtol": 1e-9, "atol": 1e-11}
COX = {"rtol": 1e-7, "atol": 1e-9}  # coxph stops at a relative change of the likelihood of 1e-14
SHARED = Path(__file__).parents[4].parent / "shared" / "survival_refs"
SMALL = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}


@pytest.mark.parametrize("name", R)
def test_restricted_means_are_those_of_survfit(name):
    want = R[name]
    r = mo.survival.rmst(want["data"], control=0, horizons=want["horizons"])
    rows = r.of("rmst")
    for arm, side in (("1", "treatment"), ("0", "control")):
        own = rows[rows["group"] == arm]
        np.testing.assert_allclose(own["estimate"], want[side]["rmst"], **TIGHT)
        np.testing.assert_allclose(own["se"], want[side]["rmst_se"], **TIGHT)
    t, c = (np.array(want[side]["rmst"]) for side in ("treatment", "control"))
    vt, vc = (np.array(want[side]["rmst_se"]) ** 2 for side in ("treatment", "control"))
    np.testing.assert_allclose(r.of("difference")["estimate"], t - c, **TIGHT)
    np.testing.assert_allclose(np.diag(r.difference_cov), vt + vc, **TIGHT)
    np.testing.assert_allclose(r.of("rmst_ratio")["se"], np.sqrt(vt / t**2 + vc / c**2), **TIGHT)
    np.testing.assert_allclose(r.of("rmtl_ratio")["estimate"], np.log((r.times - t) / (r.times - c)), rtol=1e-8)


def test_the_covariance_between_horizons_is_that_of_resampled_patients():
    d = pd.DataFrame(R["crossing"]["data"]).query("arm == 1")
    time, event = d["time"].to_numpy(), d["event"].to_numpy() == 1
    at, rng = np.array([3.0, 12.0, 24.0]), np.random.default_rng(6)
    draws = []
    for _ in range(4000):
        i = rng.integers(0, len(time), len(time))
        draws.append(restricted_means([by_time(time[i], event[i])], at).mean[0])
    got = restricted_means([by_time(time, event)], at).cov[0]
    np.testing.assert_allclose(got, np.cov(np.array(draws).T), rtol=0.08)


def test_a_difference_of_two_horizons_has_the_variance_of_the_area_between():
    d = R["crossing"]["data"]
    r = mo.survival.rmst(d, control=0, horizons=[12, 12.0001])
    change = np.array([-1.0, 1.0])
    at = mo.survival.milestone(d, control=0, times=12).of("difference")["se"].iloc[0]
    assert np.sqrt(change @ r.difference_cov @ change) == pytest.approx(at * 0.0001, rel=1e-3)


@pytest.mark.parametrize("name", R)
def test_milestones_are_those_of_survfit(name):
    want = R[name]
    r = mo.survival.milestone(want["data"], control=0, times=want["horizons"])
    rows = r.of("survival")
    for arm, side in (("1", "treatment"), ("0", "control")):
        own, said = rows[rows["group"] == arm], want[side]
        for ours, theirs in (("estimate", "survival"), ("se", "se"), ("ci_low", "low"), ("ci_high", "high")):
            np.testing.assert_allclose(own[ours], said[theirs], **TIGHT)
    s, v = (np.stack([np.array(want[x][f]) for x in ("treatment", "control")]) for f in ("survival", "se"))
    np.testing.assert_allclose(r.of("difference")["se"], np.sqrt((v**2).sum(0)), **TIGHT)
    cloglog = np.log(-np.log(s))
    hazards = r.of("cumulative_hazard_ratio")
    np.testing.assert_allclose(hazards["estimate"], cloglog[0] - cloglog[1], **TIGHT)
    np.testing.assert_allclose(hazards["se"], np.sqrt(((v / (s * np.log(s))) ** 2).sum(0)), **TIGHT)


@pytest.mark.parametrize("name", R)
@pytest.mark.parametrize("transform", ["km", "rank", "identity", "log"])
def test_proportional_hazards_are_tested_as_by_cox_zph(name, transform):
    want = R[name]["ph"][transform]
    r = mo.survival.ph_test(R[name]["data"], control=0, transform=transform)
    np.testing.assert_allclose([r.statistic, r.df, r.p_value], want, rtol=1e-7)


@pytest.mark.parametrize("name", R)
def test_cox_is_coxph_with_strata_and_covariates(name):
    d = R[name]["data"]
    for key, r in (
        ("cox", mo.survival.cox_model(d, covariates=["arm", "age"], strata="site")),
        ("breslow", mo.survival.cox_model(d, covariates=["arm", "age"], ties="breslow")),
    ):
        want = R[name][key]
        np.testing.assert_allclose(r.estimate, want["estimate"], **COX)
        np.testing.assert_allclose(r.cov, want["cov"], **COX)
        np.testing.assert_allclose([r.loglik_null, r.loglik], want["loglik"], rtol=1e-11)


@pytest.mark.parametrize("name", R)
def test_one_covariate_is_the_hazard_ratio_of_two_arms(name):
    d = R[name]["data"]
    one, two = mo.survival.cox_model(d, covariates=["arm"]), mo.survival.hazard_ratio(d, control=0)
    np.testing.assert_allclose([one.estimate[0], one.se[0]], [two.estimate, two.se], rtol=1e-10)


@pytest.mark.parametrize("name", R)
def test_follow_up_is_the_reverse_survfit(name):
    r = mo.survival.follow_up(R[name]["data"], by="arm")
    np.testing.assert_allclose(r.medians[["median", "ci_low", "ci_high"]], R[name]["follow_up"], **TIGHT)


@pytest.mark.parametrize("name", R)
def test_weights_of_0_are_the_log_rank_test(name):
    r = mo.survival.weighted_log_rank(R[name]["data"], control=0)
    np.testing.assert_allclose(r.tests[["u", "v"]].to_numpy()[0], R[name]["log_rank"], **TIGHT)
    assert r.p_value == pytest.approx(r.tests["p_value"].iloc[0], rel=1e-12)


def test_the_log_rank_test_is_that_of_early_and_late_events_together():
    r = mo.survival.weighted_log_rank(R["crossing"]["data"], control=0, weights=[(0, 0), (1, 0), (0, 1)])
    whole, early, late = r.tests["u"]
    assert whole == pytest.approx(early + late, rel=1e-12)


def test_the_largest_of_correlated_statistics_against_closed_forms_and_draws():
    from scipy.special import ndtr

    assert largest_p(2.0, np.eye(3)) == pytest.approx(1 - (1 - 2 * ndtr(-2.0)) ** 3, abs=2e-6)
    assert largest_p(1.7, np.ones((4, 4))) == pytest.approx(2 * ndtr(-1.7), abs=1e-12)
    x, w = np.polynomial.hermite_e.hermegauss(200)  # of equal correlations it is an integral over what they share
    for m, rho, z in ((2, 0.7, 2.2), (4, 0.7, 2.2), (6, 0.3, 3.0), (6, 0.7, 1.5)):
        shared, own = np.sqrt(rho) * x, np.sqrt(1 - rho)
        inside = (ndtr((z - shared) / own) - ndtr((-z - shared) / own)) ** m
        same = np.full((m, m), rho) + (1 - rho) * np.eye(m)
        assert largest_p(z, same) == pytest.approx(1 - (w @ inside) / w.sum(), abs=2e-5)
    c = mo.survival.max_combo(R["crossing"]["data"], control=0).correlation
    x = np.abs(np.random.default_rng(3).multivariate_normal(np.zeros(4), c, 400_000)).max(1)
    for z in (1.5, 2.2, 2.8):
        assert largest_p(z, c) == pytest.approx((x > z).mean(), abs=1.5e-3)


# of R["crossing"], by sums of mvtnorm::pmvnorm over which statistic is the first beyond z (as r_code() has them), and
# by importance sampling with 8 million draws, which gave .243620, .0118424, 2.49457e-6, 3.57065e-10
TAIL = {1.5: 0.2435906, 2.8: 0.01184153, 4.93: 2.494892e-06, 6.46: 3.570868e-10}


def test_the_largest_is_as_exact_in_the_tail():
    from scipy.special import ndtr

    c = mo.survival.max_combo(R["crossing"]["data"], control=0).correlation
    for z, want in TAIL.items():
        assert largest_p(z, c) == pytest.approx(want, rel=1e-4)
    for z in (0.1, 1.0, 3.0, 8.0, 20.0, 37.0):
        assert 2 * ndtr(-z) <= largest_p(z, c) <= min(8 * ndtr(-z), 1.0)
    assert largest_p(60.0, c) == 0.0


def test_ranges_and_arms_that_cannot_be_compared_are_named():
    with pytest.raises(DataError, match=r"horizons: 7 is beyond the follow-up of 'b', whose last time is 6"):
        mo.survival.rmst(SMALL, control="b", horizons=[3, 7])
    with pytest.raises(DataError, match="times: -1 is not a time above 0"):
        mo.survival.milestone(SMALL, control="b", times=[-1])
    with pytest.raises(DataError, match="event=2 is neither 0"):
        mo.survival.rmst(SMALL | {"event": [1, 2, 0, 1, 1, 1, 1, 0]}, control="b", horizons=3)
    with pytest.raises(DataError, match="time=-2 is negative"):
        mo.survival.rmst(SMALL | {"time": [3, 5, 7, 9, -2, 4, 5, 6]}, control="b", horizons=3)
    with pytest.raises(DataError, match="3 values"):
        mo.survival.ph_test(SMALL | {"arm": list("aaaabbbc")}, control="b")
    with pytest.raises(OptionError, match="no pairs of rho and gamma"):
        mo.survival.max_combo(SMALL, control="b", weights=[1, 2])
    nobody = SMALL | {"event": [0] * 8}
    for call in (mo.survival.ph_test, mo.survival.max_combo):
        with pytest.raises(DataError):
            call(nobody, control="b")
    with pytest.raises(ConvergenceError, match="no maximum"):
        mo.survival.cox_model(SMALL | {"event": [0, 0, 0, 0, 1, 1, 1, 0], "x": [1] * 4 + [0] * 4}, covariates=["x"])
    with pytest.raises(DataError, match="'x' is 1 in all patients"):
        mo.survival.cox_model(SMALL | {"x": [1] * 8}, covariates=["x"])


def test_an_arm_without_events_is_said():
    d = SMALL | {"event": [0, 0, 0, 0, 1, 1, 1, 0]}
    r = mo.survival.rmst(d, control="b", horizons=[3, 6])
    assert [(c.of, c.text[:19]) for c in r.cautions] == [("a", "no event up to 3, 6")]
    assert r.of("rmtl_ratio")["estimate"].isna().all()
    assert np.isfinite(r.of("difference")["se"]).all()
    assert "No event up to 3" in str(mo.results_text(r))
    assert "survival is 0 or 1 in an arm at 3" in str(mo.survival.milestone(d, control="b", times=3))
    both = mo.survival.rmst(SMALL | {"event": [0] * 8}, control="b", horizons=3)
    assert both.of("difference")[["estimate", "se"]].isna().all(axis=None)
    assert np.isnan(both.of("difference")["p_value"].iloc[0])


def test_a_row_for_a_pool_is_the_difference():
    r = mo.survival.rmst(SMALL, control="b", horizons=[3, 6])
    assert r.row(study="x", time=3)["yi"] == r.of("difference")["estimate"].iloc[0]
    assert r.row(study="x")["time"] == 6
    with pytest.raises(OptionError, match="none of the times"):
        r.row(study="x", time=4)


@pytest.mark.skipif(not SHARED.exists(), reason="made where the data are")
def test_trials_of_aortic_stenosis():
    d = pd.read_csv(SHARED / "C1_rmst_aortic_ipd_input.csv")
    c1, c2 = (json.loads((SHARED / name).read_text()) for name in (
        "C1_rmst_expected.json", "C2_per_trial_survRM2_cox_zph_logrank_expected.json"))  # fmt: skip
    names = {"time": "Time", "event": "Event", "arm": "Arm", "control": 0}
    for trial, patients in d.groupby("trialID"):
        want, i = c2[str(trial)], int(trial) - 1
        r = mo.survival.rmst(patients, horizons=[12, 24], **names)
        difference = r.of("difference")
        np.testing.assert_allclose(difference["estimate"], c1["uni"]["rmstd"][i][:2], rtol=1e-6)
        np.testing.assert_allclose(difference["se"], c1["uni"]["se_rmstd"][i][:2], rtol=1e-6)
        first = difference.iloc[0][["estimate", "ci_low", "ci_high", "p_value"]].to_numpy(dtype=float)
        np.testing.assert_allclose(first, want["diff"], rtol=1e-6)
        ratio = r.of("rmst_ratio").iloc[0]
        np.testing.assert_allclose([*np.exp(ratio[["estimate", "ci_low", "ci_high"]].to_numpy(dtype=float)),
                                    ratio["p_value"]], want["ratio"], rtol=1e-6)  # fmt: skip
        for transform, key in (("km", "zph_km"), ("rank", "zph_rank"), ("identity", "zph_id")):
            test = mo.survival.ph_test(patients, transform=transform, **names)
            np.testing.assert_allclose(test.statistic, want[key][0], rtol=1e-6)
        s = mo.survival.milestone(patients, times=12, **names).of("survival")
        np.testing.assert_allclose(s["estimate"], want["S12"][::-1], rtol=1e-6)
