"""Restricted means, time-varying hazard ratios and flexible models over trials, against R (survival_models.R)."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, DataWarning, OptionError

R = pinned.load("survival_models")
TRIALS = pd.DataFrame(R["trials"])
BY = {"control": 0}
OPTIMUM = {"rtol": 1e-5, "atol": 1e-7}  # R's climbs end where the likelihood gains 1e-14 of it: 1e-6 from the optimum
CLOSED = {"rtol": 1e-8, "atol": 1e-10}
COX = {"rtol": 1e-6, "atol": 1e-8}  # as coxph stops
SHARED = Path(__file__).parents[3].parent / "shared" / "survival_refs"


def test_univariate_pools_are_those_of_r_of_the_trials_that_reach_the_horizon():
    r = mo.survival.pool_rmst(TRIALS, horizons=[12, 20], **BY)
    for j, (want, name) in enumerate(zip(R["means"], ("12", "20"), strict=True)):
        there = np.isfinite(r.differences[:, j])
        assert [label for label, ok in zip(r.labels, there, strict=True) if ok] == want["k"]
        np.testing.assert_allclose(r.differences[there, j], want["y"], **CLOSED)
        np.testing.assert_allclose(r.within[there, j, j], want["v"], **CLOSED)
        one = r.univariate[name]
        np.testing.assert_allclose([one.estimate, one.ci_low, one.ci_high], want["pooled"][:3], **OPTIMUM)
        np.testing.assert_allclose(one.tau2, want["pooled"][3], rtol=1e-4, atol=1e-8)
    assert r.k_at == (5, 4)
    assert "not followed to 20: D (13.06)." in r.provenance.notes  # B's controls had all died by then
    assert "Up to 20 fewer trials are followed" in str(mo.results_text(r))


def test_a_horizon_alone_is_the_same_pool():
    both, one = (mo.survival.pool_rmst(TRIALS, horizons=h, **BY) for h in ([12, 20], 12))
    assert not one.multivariate
    assert one.univariate["12"].estimate == pytest.approx(both.univariate["12"].estimate, rel=1e-12)


def test_multivariate_pools_are_those_of_several_outcomes():
    r = mo.survival.pool_rmst(TRIALS, horizons=[12, 20], **BY)
    there = np.isfinite(r.differences[:, 1])
    table = pd.DataFrame({"y1": r.differences[:, 0], "y2": r.differences[:, 1], "v1": r.within[:, 0, 0],
                          "v2": np.where(there, r.within[:, 1, 1], np.nan),
                          "c": np.where(there, r.within[:, 0, 1], np.nan)})  # fmt: skip
    for method in ("REML", "MM"):
        whole = mo.pool_multivariate(table, yi=["y1", "y2"], cov=[["v1", "c"], ["c", "v2"]], method=method)
        np.testing.assert_allclose(r.multivariate[method].estimate, whole.estimate, rtol=1e-10)
        np.testing.assert_allclose(r.multivariate[method].cov, whole.cov, rtol=1e-10)


def test_trials_that_reach_no_horizon_are_left_out_and_named():
    with pytest.warns(DataWarning, match="trial 'D'"):
        r = mo.survival.pool_rmst(TRIALS, horizons=[16, 20], **BY)
    assert r.provenance.dropped[0].startswith("trial 'D': both arms are followed to 1")
    assert r.provenance.rows_used == r.k == 4
    with pytest.raises(DataError, match="60 is beyond the follow-up of every trial; the longest is 'C'"):
        mo.survival.pool_rmst(TRIALS[TRIALS["trial"] != "B"], horizons=[12, 60], **BY)


def test_an_arm_that_a_trial_lacks_and_times_of_another_unit():
    with pytest.raises(DataError, match="trial 'B' has no patient with arm='1'"):
        mo.survival.pool_rmst(TRIALS[(TRIALS["trial"] != "B") | (TRIALS["arm"] == 0)], horizons=12, **BY)
    days = TRIALS.assign(time=np.where(TRIALS["trial"] == "B", TRIALS["time"] * 30.4, TRIALS["time"]))
    r = mo.survival.pool_rmst(days, horizons=12, **BY)
    assert "follow-up of B is of another order" in str(r)
    assert "ollow-up of B is of another order" in str(mo.results_text(r))


def test_coefficients_on_log_time_are_those_of_coxph():
    r = mo.survival.pool_time_varying(TRIALS, **BY)
    for i, name in enumerate(r.labels):
        want = R["varying"]["first"][name]
        np.testing.assert_allclose(r.pool.yi[i], want["y"], **COX)
        np.testing.assert_allclose(r.pool.within[i], want["v"], **COX)
    want = R["varying"]["reml"]
    np.testing.assert_allclose(r.pool.estimate, want["estimate"], rtol=1e-4)
    np.testing.assert_allclose(r.pool.cov, want["cov"], rtol=1e-3)
    assert r.pool.loglik >= want["loglik"] - 1e-8


def test_the_band_and_the_crossing_follow_from_the_coefficients():
    r = mo.survival.pool_time_varying(TRIALS, **BY)
    at = r.hr_at([1, 10, 50])
    assert at["log_hr"].iloc[0] == pytest.approx(r.pool.estimate[0])
    x = np.array([1, np.log(10)])
    assert at["se"].iloc[1] == pytest.approx(np.sqrt(x @ r.pool.cov @ x))
    assert at["trials"].tolist() == [5, 5, 0]
    cross = r.hr_at(r.crossing)
    assert cross["hr"].iloc[0] == pytest.approx(1, rel=1e-9)
    if np.isfinite(r.crossing_low):  # Fieller's limits: there a limit of the hazard ratio is 1
        ends = r.hr_at([r.crossing_low, r.crossing_high])
        assert min(abs(np.log(ends[["ci_low", "ci_high"]].to_numpy())).min(1)) < 1e-6


def test_intervals_are_pooled_as_single_hazard_ratios():
    r = mo.survival.pool_time_varying(TRIALS, cuts=6, **BY)
    got = np.stack([r.pool.estimate, r.pool.se, np.diag(r.pool.tau2)], 1)
    np.testing.assert_allclose(got[:, :2], np.array(R["piecewise"])[:, :2], rtol=1e-4)
    np.testing.assert_allclose(got[:, 2], np.array(R["piecewise"])[:, 2], rtol=1e-3, atol=1e-7)
    assert r.hr_at([3, 20])["log_hr"].tolist() == pytest.approx(r.pool.estimate.tolist())


def test_an_interval_that_one_trial_tells_is_not_pooled_and_said():
    with pytest.warns(DataWarning, match="is not pooled"):
        r = mo.survival.pool_time_varying(TRIALS, cuts=[6, 28], **BY)
    assert [n for n in r.provenance.notes if n.startswith("log HR after 28 is not pooled")]


def test_a_trial_whose_ratio_is_infinite_is_left_out():
    none = TRIALS.assign(event=np.where((TRIALS["trial"] == "C") & (TRIALS["arm"] == 1), 0, TRIALS["event"]))
    for call in (mo.survival.pool_time_varying, mo.survival.pool_flexible):
        with pytest.warns(DataWarning, match="trial 'C'"):
            r = call(none, **BY)
        assert "C" not in r.labels
        assert r.provenance.dropped[0].startswith("trial 'C': ")
    at_0 = TRIALS.assign(time=np.where(TRIALS.index == 0, 0.0, TRIALS["time"]))
    with pytest.raises(DataError, match="time 0"):
        mo.survival.pool_flexible(at_0, **BY)


def test_fractional_polynomials_are_poisson_models_of_glm():
    want = R["fractional"]
    r = mo.survival.pool_flexible(TRIALS, **BY)
    np.testing.assert_allclose(r.choices["aic"], want["aic"], rtol=1e-9)
    assert r.chosen == want["powers"][int(np.argmin(want["aic"]))]
    half = mo.survival.pool_flexible(TRIALS, power=0.5, method="CE", **BY)
    for i, first in enumerate(want["first"]):
        np.testing.assert_allclose(half.pool.yi[i], first["y"], **COX)
        np.testing.assert_allclose(half.pool.within[i], first["v"], **COX)
        control = half.baselines[half.baselines["study"] == half.labels[i]]
        assert control["term"].tolist() == ["constant", "slope"]
        np.testing.assert_allclose(control["estimate"], first["control"], **COX)
        np.testing.assert_allclose(control["se"], first["control_se"], **COX)
    np.testing.assert_allclose(half.pool.estimate, want["common"]["estimate"], rtol=1e-7)
    np.testing.assert_allclose(half.pool.cov, want["common"]["cov"], rtol=1e-7)
    reml = mo.survival.pool_flexible(TRIALS, power=0.5, **BY).pool
    np.testing.assert_allclose(reml.estimate, want["reml"]["estimate"], rtol=1e-3)
    assert reml.loglik >= want["reml"]["loglik"] - 1e-8


def test_a_weibull_stage_is_the_model_of_one_trial():
    r = mo.survival.pool_flexible(TRIALS, model="weibull", **BY)
    one = mo.survival.parametric(TRIALS[TRIALS["trial"] == "B"], distribution="weibullPH", shape_effect=True, **BY)
    i = r.labels.index("B")
    np.testing.assert_allclose(r.pool.yi[i], one.estimate[2:], rtol=1e-10)
    np.testing.assert_allclose(r.pool.within[i], one.cov[2:, 2:], rtol=1e-10)
    control = r.baselines[r.baselines["study"] == "B"]
    assert control["term"].tolist() == list(one.names[:2])
    np.testing.assert_allclose(control[["estimate", "se"]], np.stack([one.estimate, one.se], 1)[:2], rtol=1e-10)
    with pytest.raises(OptionError, match="depends on the shape of the control arm"):
        r.hr_at(3)


def test_a_spline_without_knots_is_the_weibull_model_in_other_parameters():
    rp = mo.survival.pool_flexible(TRIALS, model="royston-parmar", knots=0, **BY)
    i = rp.labels.index("A")
    one = mo.survival.parametric(TRIALS[TRIALS["trial"] == "A"], distribution="weibullPH", shape_effect=True, **BY)
    shape, ratio = np.exp(one.estimate[0]), np.exp(one.estimate[3])
    np.testing.assert_allclose(rp.pool.yi[i], [one.estimate[2], shape * (ratio - 1)], rtol=1e-5)


def test_trials_are_left_out_of_the_pools_within():
    r = mo.survival.pool_rmst(TRIALS, horizons=[8, 12], **BY)
    left = mo.sensitivity.leave_one_out(r.univariate["12"]).table.set_index("study")
    less = mo.survival.pool_rmst(TRIALS[TRIALS["trial"] != "B"], horizons=[8, 12], **BY)
    assert left.loc["B", "estimate"] == pytest.approx(less.univariate["12"].estimate, rel=1e-9)
    varying = mo.survival.pool_time_varying(TRIALS, cuts=6, **BY)
    left = mo.sensitivity.leave_one_out(varying.pool).table
    less = mo.survival.pool_time_varying(TRIALS[TRIALS["trial"] != "B"], cuts=6, **BY).pool
    np.testing.assert_allclose(left.loc[left["study"] == "B", "estimate"], less.estimate, rtol=1e-6)


def test_what_no_trial_tells_is_an_error():
    none = TRIALS.assign(event=0)
    with pytest.raises(DataError, match="no trial tells a difference up to a horizon"):
        mo.survival.pool_rmst(none, horizons=8, **BY)
    for call in (mo.survival.pool_time_varying, mo.survival.pool_flexible):
        with pytest.raises(DataError, match=r"pooling (it )?needs two"):
            call(none, **BY)
    with pytest.raises(DataError, match="trial is missing; name the trial"):
        mo.survival.pool_rmst(TRIALS.assign(trial=[None, *TRIALS["trial"][1:]]), horizons=8, **BY)
    with pytest.raises(DataError, match="'arm' has 3 values"):
        mo.survival.pool_rmst(TRIALS.assign(arm=np.arange(len(TRIALS)) % 3), horizons=8, **BY)


def test_horizons_that_follow_from_one_event_have_no_multivariate_pool():
    few = {"trial": ["A"] * 8 + ["B"] * 8, "arm": [0, 1] * 8, "time": [1.0, *[9] * 7, 2, *[9] * 7],
           "event": [1, *[0] * 7] * 2}  # fmt: skip
    r = mo.survival.pool_rmst(few, horizons=[4, 6], **BY)
    assert not r.multivariate
    assert "horizons of a trial tell the same" in str(r)


def test_options_of_other_models_are_refused():
    with pytest.raises(OptionError, match="knots= has no use with model='fractional polynomial'"):
        mo.survival.pool_flexible(TRIALS, knots=1, **BY)
    with pytest.raises(OptionError, match=r"power=1\.5 is not an option"):
        mo.survival.pool_flexible(TRIALS, power=1.5, **BY)
    with pytest.raises(OptionError, match="width=0 is no time above 0"):
        mo.survival.pool_flexible(TRIALS, width=0, **BY)


@pytest.mark.skipif(not SHARED.exists(), reason="made where the data are")
def test_trials_of_aortic_stenosis():
    d = pd.read_csv(SHARED / "C1_rmst_aortic_ipd_input.csv")
    names = {"study": "trialID", "time": "Time", "event": "Event", "arm": "Arm", "control": 0}
    r = mo.survival.pool_rmst(d, horizons=[12, 24, 36], method="DL", ci="wald", **names)
    found = r.pooled.set_index(["model", "horizon"])
    single = found.loc["univariate"]
    np.testing.assert_allclose(single["estimate"], [0.236922033834407, 0.358299064339923, 1.44517900391686], rtol=1e-6)
    np.testing.assert_allclose(single["se"], [0.103410456744005, 0.21133520596538, 0.67092942754146], rtol=1e-6)
    assert single["k"].tolist() == [5, 5, 2]
    # with the exact covariance within trials, as a bootstrap of patients gave it too (.3632 at 36)
    np.testing.assert_allclose(found.loc["multivariate MM"]["estimate"], [0.2553, 0.4125, 0.3563], atol=5e-5)
    np.testing.assert_allclose(found.loc["multivariate REML"]["estimate"], [0.2463, 0.4025, 0.5939], atol=5e-5)
    varying = mo.survival.pool_time_varying(d, **names)
    np.testing.assert_allclose(
        [*varying.pool.estimate, varying.crossing], [-0.2469, 0.08380, 19.0], atol=5e-2 * 1e-3, rtol=2e-3
    )
    pieces = mo.survival.pool_time_varying(d, cuts=[6, 24], **names)
    np.testing.assert_allclose(pieces.pool.estimate, [-0.3259, 0.0799, 0.1974], atol=5e-5)


@pytest.mark.parametrize("days", [30.4375, 1 / 12, 730.5])
@pytest.mark.parametrize("power", [-2, -1, -0.5, 0, 0.5, 1, 2, 3])
def test_flexible_models_are_the_same_in_any_unit_of_time(power, days):
    months = mo.survival.pool_flexible(TRIALS, power=power, **BY)
    other = mo.survival.pool_flexible(TRIALS.assign(time=TRIALS["time"] * days), power=power, width=days, **BY)
    at = np.array([2.0, 6.0, 12.0, 24.0])
    want, got = months.hr_at(at), other.hr_at(at * days)
    for column in ("log_hr", "se", "ci_low", "ci_high", "prediction_low", "prediction_high"):
        np.testing.assert_allclose(got[column], want[column], rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(other.trial_aic, months.trial_aic, rtol=1e-11)
    # each slope is multiplied by days^-p, and so is the density of k - 1 contrasts of them
    shift = (months.k - 1) * power * np.log(days)
    assert other.pool.loglik - shift == pytest.approx(months.pool.loglik, abs=1e-8)


def test_where_one_trial_reaches_a_horizon_nothing_is_said_of_several():
    r = mo.survival.pool_rmst(TRIALS[TRIALS["trial"] != "B"], horizons=[12, 30], **BY)
    assert r.k_at == (4, 1)
    assert not r.multivariate
    for text in (str(r), str(mo.results_text(r)), str(mo.methods_text(r))):
        assert "multivariate estimate" not in text
        assert "short follow-up" not in text
    assert "Up to 30 one trial alone is followed" in str(mo.methods_text(r))


def test_trials_of_an_interval_are_those_that_tell_its_ratio():
    r = mo.survival.pool_time_varying(TRIALS, cuts=6, **BY)
    assert r.hr_at(r.grid())["trials"].tolist() == list(r.pool.reported) == [5, 5]
    assert "followed so far" not in str(mo.results_text(r))
    assert "also informs the others" not in str(mo.methods_text(r))  # intervals are pooled as if each were alone
    assert "also informs the others" in str(mo.methods_text(mo.survival.pool_time_varying(TRIALS, **BY)))
    with pytest.warns(DataWarning, match="not pooled"):
        whole = mo.survival.pool_time_varying(TRIALS, cuts=1000, **BY)
    at = whole.hr_at([*whole.grid(), 2000])
    assert at["trials"].tolist() == [5, 0]
    assert at["hr"].isna().tolist() == [False, True]


def test_nothing_is_quoted_beyond_the_follow_up():
    late = pd.DataFrame({"trial": "C", "arm": 1, "time": [55.0], "event": [1]})
    d = pd.concat([TRIALS, late])
    for call in (mo.survival.pool_time_varying, mo.survival.pool_flexible):
        r = call(d, **BY)
        assert r.last == 55
        assert max(r.ends.values()) < 40
        assert (r.hr_at(r.grid())["trials"] > 0).all()
        assert "0 trials" not in str(mo.results_text(r))
        assert mo.plot.hr_over_time_data(r)["trials"].min() > 0


def test_cautions_of_ratios_over_time():
    few = TRIALS[TRIALS["trial"].isin(["A", "B"])]
    for call in (mo.survival.pool_time_varying, mo.survival.pool_flexible):
        assert "later hazard ratios are of the patients who are still at risk" in str(call(TRIALS, **BY))
        assert "Wald intervals of 2 trials are too narrow" in str(call(few, **BY))
    none = TRIALS.assign(event=np.where((TRIALS["trial"] == "C") & (TRIALS["arm"] == 1), 0, TRIALS["event"]))
    for call, options in ((mo.survival.pool_time_varying, {}), (mo.survival.pool_time_varying, {"cuts": 6}),
                          (mo.survival.pool_flexible, {"power": 0})):  # fmt: skip
        with pytest.warns(DataWarning, match="'C'"):
            r = call(none, **BY, **options)
        for text in (str(r), str(mo.results_text(r))):
            assert "biased towards 1" in text
