"""Simulated trials have the moments that their scenario says, by laws that are known."""

import numpy as np
import pytest
from scipy import integrate, special

import metaonc as mo

S = mo.simulation
FOUR = 4.5  # standard errors of a mean of draws: passed by chance once in 100,000


def within(draws, want, sd):
    assert np.mean(draws) == pytest.approx(want, abs=FOUR * sd / np.sqrt(np.size(draws)))


@pytest.mark.parametrize("code", S.HETEROGENEITY)
def test_distributions_of_effects_have_mean_0_variance_1_and_their_distribution_function(code):
    h = S.HETEROGENEITY[code]
    x = h.draw(np.random.default_rng(1), (100, 400))
    within(x, 0, 1)
    assert np.var(x) == pytest.approx(1, abs=0.1)
    for point in (-0.8, 0.3, 1.7):
        within(x < point, h.cdf(np.array(point)), 0.5)
    upper = integrate.quad(lambda u: 1 - float(h.cdf(np.array(u))), 0, np.inf)[0]
    lower = integrate.quad(lambda u: float(h.cdf(np.array(-u))), 0, np.inf)[0]
    assert upper == pytest.approx(lower, abs=1e-6)  # mean 0


def test_effects_vary_by_tau_and_by_their_variances():
    s = mo.simulate(S.EffectTrials(k=4, mu=-0.3, tau=0.2, variances=[0.01, 0.02, 0.05, 0.4]), n=20_000, seed=2)
    assert s.yi.shape == s.vi.shape == s.effects.shape == (20_000, 4)
    np.testing.assert_allclose(s.yi.var(0), 0.04 + s.vi[0], rtol=0.05)
    within(s.yi, -0.3, 0.4)
    within(s.effects, -0.3, 0.2)


def test_one_arm_and_rare_rates():
    s = mo.simulate(S.ResponseTrials(k=5, rate=0.02, n=(10, 40)), n=4000, seed=3)
    assert set(s.counts) == {"events", "n"}
    assert s.counts["n"].min() == 10
    assert s.counts["n"].max() == 40
    within(s.counts["events"] / s.counts["n"], 0.02, 0.03)
    es = mo.effect_sizes(s.table(0)[["events", "n"]], measure="PLO", events="events", n="n", add=0.5, to="all")
    np.testing.assert_allclose(s.yi[0], es["yi"], rtol=1e-12)
    np.testing.assert_allclose(s.vi[0], es["vi"], rtol=1e-12)


def test_two_arms_and_an_interaction_within_trials():
    scenario = S.ResponseTrials(k=3, rate=0.3, odds_ratio=2.0, n=400, split="within", interaction=-0.4, share=0.25)
    s = mo.simulate(scenario, n=500, seed=4)
    assert s.counts["n_t"][0].tolist() == [300, 100] * 3
    assert s.table(0)["subgroup"].tolist() == ["wild type", "mutant"] * 3
    np.testing.assert_allclose(s.effects[0], np.log(2) + np.tile([0, -0.4], 3))
    rate = special.expit(special.logit(0.3) + np.log(2) - 0.4)
    within(s.counts["events_t"][:, 1::2] / 100, rate, 0.05)
    within(s.counts["events_c"][:, ::2] / 300, 0.3, 0.03)


def test_interactions_differ_between_trials():
    scenario = S.EffectTrials(k=5, split="within", interaction=0.3, tau_interaction=0.2, tau=0.5)
    s = mo.simulate(scenario, n=4000, seed=5)
    apart = s.effects[:, 1::2] - s.effects[:, ::2]
    within(apart, 0.3, 0.2)
    assert apart.std() == pytest.approx(0.2, rel=0.05)


def test_events_give_the_variance_of_a_log_hazard_ratio():
    s = mo.simulate(S.SurvivalTrials(k=2, hr=0.7, events=[100, 200], allocation=0.6), n=3000, seed=6)
    np.testing.assert_allclose(s.vi[0], [1 / 24, 1 / 48])
    within(s.yi, np.log(0.7), 0.2)


def test_split_between_trials():
    s = mo.simulate(S.SurvivalTrials(k=5, split="between", share=0.4, interaction=0.5, events=100), n=2, seed=1)
    assert s.level.tolist() == [0, 0, 0, 1, 1]
    np.testing.assert_allclose(s.effects[0], np.log(0.8) + 0.5 * s.level)


def test_patients_have_the_cox_hazard_ratio_of_the_verb_that_r_witnesses():
    times = S.PatientTimes(median=8, shape=1.3, accrual=10, follow_up=6)
    scenario = S.SurvivalTrials(k=1, hr=0.6, n=150, times=times)
    patients = scenario.patients(seed=7)
    assert len(patients) == 150
    assert set(patients["arm"]) == {"treatment", "control"}
    whole = mo.survival.hazard_ratio(patients, control="control")
    from metaonc.analysis.simulation.scenarios.two_arm_cox import log_hazard_ratio

    columns = (patients["time"], patients["event"], patients["arm"] == "treatment")
    beta, variance = log_hazard_ratio(*(np.asarray(x, float)[None] for x in columns))
    np.testing.assert_allclose([beta[0], np.sqrt(variance[0])], [whole.estimate, whole.se], rtol=1e-8)


def test_times_are_weibull_with_administrative_censoring():
    times = S.PatientTimes(median=8, shape=1.5, accrual=0, follow_up=20)
    time, event = times.draw(np.random.default_rng(8), np.full(20_000, np.log(0.5)))
    for at in (3.0, 12.0):
        within(time > at, 2 ** (-0.5 * (at / 8) ** 1.5), 0.5)
    assert time.max() == 20
    assert set(event[time == 20]) == {0.0}


def test_an_arm_without_events_has_no_hazard_ratio():
    from metaonc.analysis.simulation.scenarios.two_arm_cox import log_hazard_ratio

    beta, variance = log_hazard_ratio(
        np.array([[1.0, 2, 3, 4]]), np.array([[1.0, 1, 0, 0]]), np.array([[1.0, 1, 0, 0]])
    )
    assert np.isnan([beta, variance]).all()


def test_a_table_of_all_goes_into_pool_many():
    s = mo.simulate(S.SurvivalTrials(k=4, tau=0.1), n=5, seed=9)
    many = mo.pool_many(s.table(), by="simulation")
    np.testing.assert_allclose(many["estimate"], mo.pool_many(s.yi, s.vi)["estimate"], rtol=1e-12)
    assert repr(s) == "Simulated: 5 meta-analyses of 4 trials, 4 rows, HR"
    assert len(mo.simulate(S.EffectTrials(k=2), n=3)) == 3


@pytest.mark.parametrize(("make", "said"), [
    (lambda: S.EffectTrials(k=0), "k=0 must be a whole number"),
    (lambda: S.EffectTrials(tau=-1), "tau=-1 is a standard deviation"),
    (lambda: S.EffectTrials(distribution="cauchy"), "distribution"),
    (lambda: S.EffectTrials(k=3, variances=[0.1, 0.2]), "a list of 3"),
    (lambda: S.EffectTrials(variances=(0.2, 0.1)), "wrong form"),
    (lambda: S.EffectTrials(variances=0), "is not a number from"),
    (lambda: S.EffectTrials(interaction=0.2), "split='within'"),
    (lambda: S.EffectTrials(split="between", tau_interaction=0.2), "within trials"),
    (lambda: S.EffectTrials(k=3, split="between", share=0.1), "leaves a level without one"),
    (lambda: S.EffectTrials(share=1), "between 0 and 1"),
    (lambda: S.ResponseTrials(rate=1.2), "between 0 and 1"),
    (lambda: S.ResponseTrials(odds_ratio=0), "above 0"),
    (lambda: S.ResponseTrials(n=2.5), "whole number from 1"),
    (lambda: S.ResponseTrials(baseline_sd=0.2), "of two arms"),
    (lambda: S.SurvivalTrials(hr=0), "above 0"),
    (lambda: S.SurvivalTrials(allocation=1), "between 0 and 1"),
    (lambda: S.SurvivalTrials().patients(), "PatientTimes"),
    (lambda: S.PatientTimes(median=0), "above 0"),
    (lambda: S.PatientTimes(accrual=-1), "from 0"),
    (lambda: mo.simulate("HR"), "no scenario"),
    (lambda: mo.simulate(S.EffectTrials(), n=0), "whole number from 1"),
    (lambda: mo.simulate(S.EffectTrials(), n=2).table(2), "from 0 to 1"),
])  # fmt: skip
def test_errors_name_what_is_wrong_and_the_fix(make, said):
    with pytest.raises(mo.OptionError, match=said):
        make()
