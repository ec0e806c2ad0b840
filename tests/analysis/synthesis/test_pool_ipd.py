"""One-stage models: numbers of R's survival, integrals over its likelihoods, coxme's where its data are at hand."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reference import pinned

import metaonc as mo
from metaonc.analysis.survival.cox.partial_likelihood import Terms
from metaonc.analysis.synthesis.one_stage import kept, two_stage
from metaonc.analysis.synthesis.one_stage.likelihoods import random_treatment, tabulated
from metaonc.errors import DataError, OptionError

R = pinned.load("one_stage")
DATA = pd.DataFrame(R["data"])
COX = 1e-9  # Newton's to the last digits on both sides
INTEGRAL = 1e-6  # R integrates splines through coxph's likelihoods, on a grid of 0.03
OPTIMUM = 1e-4  # R's Nelder-Mead stops where the likelihood is flat
SHARED = Path(__file__).parents[3].parent / "shared"


def pool(table=DATA, **options):
    return mo.survival.pool_ipd(table, study="trial", control=0, **options)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_common_effect_is_stratified_cox(ties):
    r, want = pool(treatment="common", ties=ties), R[ties]
    got = (r.estimate, r.se, r.robust_se, r.null_loglik, r.loglik)
    np.testing.assert_allclose(got, (want["b"], want["se"], want["robust"], *want["loglik"]), rtol=COX)


def tables():
    r = pool()
    trials, found, _ = kept.kept_of(r)
    return found, trials


def test_tables_are_the_likelihoods_with_their_derivatives():
    t, trials = tables()
    theta = np.linspace(-11, 11, 777)
    value, slope, curve = tabulated.likelihood(t, np.repeat(theta[:, None], len(trials), axis=1))
    factors = [np.logaddexp(0, theta[:, None] + x.terms.offset) - np.logaddexp(0, x.terms.offset) for x in trials]
    exact = np.stack([x.terms.events_t * theta - f.sum(1) for x, f in zip(trials, factors, strict=True)], axis=1)
    np.testing.assert_allclose(value, exact, atol=1e-11)
    scores = [[tabulated.score(x.terms, at) for x in trials] for at in theta]
    np.testing.assert_allclose(slope, scores, atol=1e-10)
    step = 1e-5
    ahead = tabulated.likelihood(t, np.repeat(theta[:, None] + step, len(trials), axis=1))[1]
    np.testing.assert_allclose((ahead - slope) / step, curve, atol=2e-4)


def test_tables_of_many_events_are_made_in_parts():
    rng = np.random.default_rng(5)
    sizes, theta = (1, 55, 56, 57, 16000), np.array([-12.0, 0.0, 0.3, 12.0])
    trials = [Terms(float(n // 2), rng.normal(0, 2, n)) for n in sizes]
    want = [[t.events_t * x - (np.logaddexp(0, x + t.offset) - np.logaddexp(0, t.offset)).sum() for x in theta]
            for t in trials]  # fmt: skip
    np.testing.assert_allclose(tabulated.exact(trials, theta), want, rtol=1e-12, atol=1e-11)


def test_the_likelihood_is_integrated_exactly():
    t, _ = tables()
    at = R["exact"]["at"]
    value, slope, curve = random_treatment.marginal(t, np.array(at["beta"]), np.array(at["tau"]))[:3]
    np.testing.assert_allclose(t.null.sum() + value, at["loglik"], rtol=0, atol=INTEGRAL)
    step = 1e-5
    ahead = random_treatment.marginal(t, np.array(at["beta"]) + step, np.array(at["tau"]))
    np.testing.assert_allclose((ahead[0] - value) / step, slope, atol=1e-3)
    np.testing.assert_allclose((ahead[1] - slope) / step, curve, atol=1e-3)


def test_maximum_limits_and_test_are_of_the_exact_likelihood():
    r, want = pool(), R["exact"]
    np.testing.assert_allclose((r.estimate, r.tau2), (want["b"], want["tau2"]), rtol=OPTIMUM)
    assert r.loglik == pytest.approx(want["loglik"], abs=INTEGRAL)
    np.testing.assert_allclose((r.ci_low, r.ci_high), want["limits"], atol=1e-5)
    assert r.p_value == pytest.approx(want["p"], rel=1e-5)


def test_limits_of_tau_are_where_the_profile_falls():
    r = pool()
    t, _ = tables()
    drop = r.loglik - t.null.sum() - 3.841458820694124 / 2
    high = random_treatment.exactly(t, np.sqrt([r.tau2_high])).loglik[0]
    assert high == pytest.approx(drop, abs=1e-8)
    low = random_treatment.exactly(t, np.sqrt([r.tau2_low])).loglik[0]
    assert low == pytest.approx(drop, abs=1e-8) if r.tau2_low else low > drop


def test_laplace_is_exact_where_likelihoods_are_normal():
    # a trial of very many events has a normal likelihood: the exact fit is that of a normal model, as metafor's ML
    big = [Terms(1000.0, np.zeros(2000) + 0.1 * i) for i in range(5)]
    t = tabulated.tabulated(big, [0.0] * 5)
    one = [random_treatment.METHODS[m](t, np.array([0.2])) for m in ("exact", "laplace")]
    assert one[0].beta[0] == pytest.approx(one[1].beta[0], abs=1e-5)
    assert one[0].se[0] == pytest.approx(one[1].se[0], rel=1e-3)


def test_the_posterior_is_that_of_a_plain_grid():
    r = pool(method="bayes", tau_prior=mo.HalfNormal(0.5))
    t, _ = tables()
    beta, tau = np.linspace(-2.4, 1.6, 161), (np.arange(90) + 0.5) / 45
    prior = mo.HalfNormal(0.5).log_density(tau)
    value = np.stack([random_treatment.marginal(t, beta, np.full(len(beta), x))[0] for x in tau]) + prior[:, None]
    mass = np.exp(value - value.max())
    mass /= mass.sum()
    of_beta = np.cumsum(mass.sum(0)) - mass.sum(0) / 2
    want = np.interp([0.5, 0.025, 0.975], of_beta, beta)
    np.testing.assert_allclose((r.estimate, r.ci_low, r.ci_high), want, atol=2e-3)
    mean = (mass.sum(0) * beta).sum()
    assert r.se == pytest.approx(np.sqrt((mass.sum(0) * (beta - mean) ** 2).sum()), rel=1e-3)
    of_tau = np.cumsum(mass.sum(1)) - mass.sum(1) / 2
    np.testing.assert_allclose(np.sqrt([r.tau2, r.tau2_high]), np.interp([0.5, 0.975], of_tau, tau), atol=3e-3)
    below = mass.sum(0)[beta < 0].sum() + mass.sum(0)[beta == 0].sum() / 2
    assert r.probability == pytest.approx(below, abs=2e-3)


def test_leaving_a_trial_out_is_the_pool_of_the_others():
    for options in ({}, {"method": "laplace"}, {"treatment": "common"}):
        r = pool(**options)
        out = r.leave_one_out().set_index("left_out")
        rest = pool(DATA[DATA["trial"] != "c"], **options)
        row = out.loc["c", ["estimate", "se", "tau2"]].astype(float)
        np.testing.assert_allclose(row, (rest.estimate, rest.se, rest.tau2), rtol=1e-6)


def test_without_heterogeneity_random_is_common():
    alike = pd.concat([DATA[DATA["trial"] == "b"].assign(trial=x) for x in "vwxyz"])
    random, common = pool(alike), pool(alike, treatment="common")
    assert random.tau2 == 0
    np.testing.assert_allclose((random.estimate, random.se), (common.estimate, common.se), rtol=1e-8)
    assert random.tau2_low == 0


def test_turning_the_arms_turns_the_sign():
    r, other = pool(), mo.survival.pool_ipd(DATA, study="trial", control=1)
    got = (other.estimate, other.ci_low, other.ci_high, other.tau2)
    np.testing.assert_allclose(got, (-r.estimate, -r.ci_high, -r.ci_low, r.tau2), rtol=1e-5)


def test_gamma_frailty_is_coxphs_at_its_theta_and_at_the_maximum():
    r, want = mo.survival.pool_frailty(DATA, study="trial", control=0, frailty="gamma"), R["gamma"]["best"]
    got = (r.estimate, r.se, r.loglik)
    np.testing.assert_allclose(got, (want["b"], want["se"], want["loglik"]), rtol=1e-6)
    assert r.baseline_variance == pytest.approx(want["theta"], rel=1e-3)


def test_an_interaction_is_centred_within_trials():
    r = mo.survival.ipd_interaction(DATA, by="z", study="trial", control=0)
    want, rows = R["interaction"], r.table.set_index("term")
    names = ["treatment where the covariate is 0", "within trials", "across trials"]
    np.testing.assert_allclose(rows.loc[names, "estimate"], want["b"], rtol=1e-7)
    np.testing.assert_allclose(rows.loc[names, "se"], want["se"], rtol=1e-7)
    np.testing.assert_allclose(rows.loc["not centred", ["estimate", "se"]].astype(float),
                               (want["naive"], want["naive_se"]), rtol=1e-7)  # fmt: skip
    labelled = DATA.assign(z=DATA["z"].map({1: "mut", 0: "wt"}))
    other = mo.survival.ipd_interaction(labelled, by="z", contrast=("mut", "wt"), study="trial", control=0)
    pd.testing.assert_frame_equal(other.table, r.table)


@pytest.mark.skipif(not SHARED.exists(), reason="data that stay elsewhere")
def test_coxme():
    folder = SHARED / "survival_refs"
    want = json.loads((folder / "D1_ipdmetan_expected.json").read_text())
    table = pd.read_csv(folder / "D1_ipdmetan_ipd_input.csv")
    names = {"study": "trialid", "time": "tcens", "event": "fail", "arm": "trt", "control": 0}
    common = mo.survival.pool_ipd(table, **names, treatment="common")
    own = want["one_stage_stratified_efron"]
    np.testing.assert_allclose((common.estimate, common.se), (own["b"], own["se"]), rtol=1e-6)
    robust = want["one_stage_stratified_cluster_robust"]["robust_se"]
    np.testing.assert_allclose(common.robust_se, robust, rtol=1e-6)
    r, own = mo.survival.pool_ipd(table, **names, method="laplace"), want["coxme_strata_randtrt_ML"]
    np.testing.assert_allclose((r.estimate, r.se), (own["fixef"], own["se"]), atol=1e-4)
    assert r.tau2 == pytest.approx(own["vc"], rel=2e-3)
    frail = mo.survival.pool_frailty(table, **names)
    own = want["coxme_randint"]
    np.testing.assert_allclose((frail.estimate, frail.se), (own["fixef"], own["se"]), atol=1e-4)
    assert frail.baseline_variance == pytest.approx(own["vc"], rel=3e-3)
    two = common.two_stage.set_index("model")
    own = want["two_stage_FE_efron"], want["two_stage_REML"]
    np.testing.assert_allclose(two.loc[["common effect", "REML"], "estimate"], [x["b"] for x in own], rtol=1e-5)


@pytest.mark.skipif(not SHARED.exists(), reason="data that stay elsewhere")
def test_coxmes_profile_is_met():
    folder = SHARED / "synthesis_refs"
    want = json.loads((folder / "M1_M2_expected.json").read_text())["random_treatment_stratified"]
    r = mo.survival.pool_ipd(pd.read_csv(folder / "M1_ipd_9trials_input.csv"), study="trial", control=0)
    rows = r.laplace_profile([x["vfixed"] for x in want["profile"]])
    for name, theirs in (("estimate", "b"), ("se", "se"), ("loglik", "IPL")):
        np.testing.assert_allclose(rows[name], [x[theirs] for x in want["profile"]], rtol=1e-10)


def test_a_trial_with_events_in_one_arm_only_counts_in_one_stage():
    lost = DATA.assign(event=DATA["event"].where((DATA["trial"] != "d") | (DATA["arm"] == 0), 0))
    r = pool(lost)
    assert r.k == 6
    assert r.trials.set_index("study")["estimate"].isna().tolist() == [x == "d" for x in "abcdef"]
    assert (r.two_stage["k"] == 5).all()
    assert any("trial 'd': all its events" in note for note in r.provenance.notes)
    assert r.estimate < pool(lost[lost["trial"] != "d"]).estimate
    assert np.isfinite(r.trials["effect"]).all()


def test_trials_that_tell_nothing_are_named():
    none = DATA.assign(event=DATA["event"].where(DATA["trial"] != "d", 0))
    r = pool(none[(none["trial"] != "a") | (none["arm"] == 0)])
    assert r.k == 4
    assert r.provenance.dropped == (
        "trial 'a': has no patients of arm '1', so that nothing compares.",
        "trial 'd': no event happened while both arms had patients at risk.",
    )
    assert "Left out: trial 'a'" in str(r)


def change(row, **values):
    table = DATA.astype(object)
    for name, value in values.items():
        table.loc[row, name] = value
    return table


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (change(45, time=-2), r"patient in row 45: time=-2 is negative"),
        (change(45, time=None), r"patient in row 45: time is missing"),
        (change(45, event=3), r"patient in row 45: event=3 is neither 0 \(censored\) nor 1"),
        (change(45, arm=2), r"'arm' has 3 values"),
        (DATA.assign(event=0), r"no trial tells of the effect of '1'"),
        (DATA.assign(event=DATA["event"] * DATA["arm"]), r"the hazard ratio of '1' to '0' is infinite: all events"),
    ],
)
def test_what_cannot_be_is_refused(table, said):
    with pytest.raises(DataError, match=said):
        pool(table)


def test_options_that_contradict_each_other():
    with pytest.raises(OptionError, match=r"control= is not given.*\['0', '1'\]"):
        mo.survival.pool_ipd(DATA, study="trial")
    with pytest.raises(OptionError, match="ci='profile' is of the exact likelihood"):
        pool(method="laplace", ci="profile")
    with pytest.raises(OptionError, match="of a gamma frailty it is common"):
        mo.survival.pool_frailty(DATA, study="trial", control=0, frailty="gamma", treatment="random")
    with pytest.raises(DataError, match="differs between patients in no trial"):
        mo.survival.ipd_interaction(DATA.assign(z=1), by="z", study="trial", control=0)


def test_few_trials_are_said():
    r = pool(DATA[DATA["trial"].isin(["a", "b", "c"])])
    assert "limits of 3 trials by likelihood are too narrow" in str(mo.results_text(r)).lower()


def test_words_say_why_stages_differ():
    r = pool()
    two = r.two_stage.set_index("model")["estimate"]
    assert f"{r.estimate - two['ML']:.4f}"[:6] in " ".join(r.differences)
    assert "by REML" in " ".join(r.differences)


def test_patients_without_a_trial_are_refused():
    with pytest.raises(DataError, match=r"row 7: trial is missing; name the trial"):
        pool(change(7, trial=None))


def test_times_that_differ_by_rounding_are_one_in_both_arms():
    tenths = DATA.assign(time=DATA["time"] / 10)
    noisy = tenths.assign(time=tenths["time"] + 1e-15 * (DATA["arm"] == 1) * (DATA["time"] % 3))
    assert pool(noisy, treatment="common").estimate == pytest.approx(R["efron"]["b"], rel=1e-12)
    gamma = mo.survival.pool_frailty(noisy, study="trial", control=0, frailty="gamma")
    assert gamma.estimate == pytest.approx(R["gamma"]["best"]["b"], rel=1e-6)


@pytest.mark.parametrize("method", ["exact", "laplace"])
def test_a_likelihood_without_a_maximum_is_told_wherever_the_pool_is(method):
    time = np.tile(np.arange(1.0, 21.0), 4)
    trial, arm = np.repeat(list("ABCD"), 20), np.tile(np.repeat([1, 0], 10), 4)
    first = np.isin(trial, ["A", "C"])
    time = np.where(first, time, time[::-1])  # of two trials treatment dies before all of control, of two after
    r = mo.survival.pool_ipd({"trial": trial, "arm": arm, "time": time, "event": np.ones(80)}, control=0, ci="wald",
                             method=method)  # fmt: skip
    assert r.tau2 == 9
    said = "likelihood still rises at a tau of 3"
    assert said in str(r)
    assert said in r._repr_html_()
    assert any(said in note for note in mo.table(r).footnotes)
    assert said in mo.results_text(r)
    assert said not in str(pool())


def _alike() -> pd.DataFrame:
    rng = np.random.default_rng(1)  # trials that agree better than their errors allow
    arm = np.tile(np.repeat(["c", "t"], 30), 4)
    died = np.concatenate([rng.exponential(np.where(arm[:60] == "t", 12, 9)) for _ in range(4)])
    trial = np.repeat(list("ABCD"), 60)
    return pd.DataFrame({"trial": trial, "arm": arm, "time": np.minimum(died, 25), "event": (died <= 25).astype(int)})


@pytest.mark.parametrize("treatment", ["random", "common"])
def test_a_narrow_interval_of_two_stages_is_said_as_pool_says_it(treatment):
    columns = {"study": "trial", "time": "time", "event": "event", "arm": "arm", "control": "c"}
    d = _alike()
    r = mo.survival.pool_ipd(d, treatment=treatment, **columns)
    own = r.trials.assign(yi=r.trials["estimate"], vi=r.trials["se"] ** 2)
    said = [c for c in mo.pool(own, study="study", measure="HR").cautions if "narrower" in c.text]
    found = [c for c in r.cautions if "narrower" in c.text]
    assert len(said) == 1
    assert [c.text for c in found] == [c.text for c in said]
    np.testing.assert_allclose(found[0].beside.analysed, said[0].beside.analysed, rtol=1e-9)
    assert found[0].of == "two stages, REML"
    assert "of two stages, REML: " in str(r)
    assert ("of two stages, REML" in str(mo.results_text(r))) == (treatment == "random")  # where REML is what it prints


def test_one_stage_and_two_that_disagree_about_no_effect_are_cautioned():
    """Log hazard ratio -0.242 (profile -0.489 to -0.047); two stages by REML and HKSJ -0.250 (-0.513 to 0.012)."""
    row = {"model": "REML", "estimate": -0.25011, "se": 0.094541, "ci_low": -0.5126, "ci_high": 0.012378, "k": 5}
    (said,) = two_stage.disagreeing(pd.DataFrame([row]), (-0.489, -0.047), 0.95)
    assert "do not come to one conclusion" in said.text
    assert "0.7787 (95 % CI 0.5989 to 1.012), p 0.0572" in str(said)
    assert not two_stage.disagreeing(pd.DataFrame([row]), (-0.489, 0.047), 0.95)
    assert not two_stage.disagreeing(pd.DataFrame([row | {"k": 1}]), (-0.489, -0.047), 0.95)
    assert not two_stage.disagreeing(pd.DataFrame([row])[:0], (-0.489, -0.047), 0.95)
