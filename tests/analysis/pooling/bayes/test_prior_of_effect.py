"""A prior of the effect: told where the trials do not go with it, on both scales, and counted where weights are."""

import math

import numpy as np
import pytest
from scipy import special

import metaonc as mo

TABLE = {"study": list("ABCD"), "yi": [-0.42, -0.24, -0.30, -0.35], "vi": [0.0144, 0.0081, 0.02, 0.03]}


def pooled(prior=None, measure="HR", **options):
    return mo.pool_bayes(TABLE, study="study", measure=measure, mu_prior=prior, **options)


def said(result):
    return " ".join(map(str, result.cautions))


def test_a_prior_far_from_the_trials_is_told_with_its_hazard_ratio():
    r = pooled(mo.Normal(1, 0.2))
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r))):
        assert "the prior of the effect is centred at hazard ratio 2.72, the trials alone give 0.729" in text
        assert "on the scale of the log hazard ratio the prior has mean 1 and standard deviation 0.2" in text.lower()
    assert "math.log" in str(r)
    assert "2·72" in str(mo.results_text(r, journal="Lancet"))


def test_what_the_trials_say_alone_is_the_pool_with_a_flat_prior():
    r, flat = pooled(mo.Normal(1, 0.2)), pooled()
    assert (r.flat_estimate, r.flat_se) == (flat.estimate, flat.flat_se)
    low, high = flat.confidence_interval(0.95)
    assert r.flat_se == pytest.approx((high - low) / (2 * special.ndtri(0.975)), rel=1e-9)


@pytest.mark.parametrize(("times", "told"), [(1.99, False), (2.01, True), (-2.01, True)])
def test_far_is_more_than_twice_the_root_of_both_variances(times, told):
    flat = pooled()
    mean = flat.estimate + times * math.hypot(0.3, flat.flat_se)
    assert ("prior and trials disagree" in said(pooled(mo.Normal(mean, 0.3)))) is told


def test_priors_that_go_with_the_trials_are_not_told():
    for prior in (None, mo.Normal(0, 0.5), mo.Normal(math.log(0.8), 0.2)):
        assert "disagree" not in said(pooled(prior))
        assert "Advice" not in str(pooled(prior))


def test_the_summary_names_the_scale_of_the_prior():
    assert "of the effect normal(0, 0.5) of the log hazard ratio, centred at 1" in str(pooled(mo.Normal(0, 0.5)))
    assert "normal(0, 0.5) of the mean difference\n" in str(pooled(mo.Normal(0, 0.5), "MD"))
    methods = str(mo.methods_text(pooled(mo.Normal(0, 0.5))))
    assert "the prior normal(0, 0.5) of the effect on the scale of the log hazard ratio" in methods


def test_the_rest_of_the_weights_is_the_priors_wherever_they_are_shown():
    r = pooled(mo.Normal(0, 0.5))
    share = np.sum(r.weights)
    assert share < 99
    for table in (r.tidy(), r.tidy(transform=True)):
        assert table["weight"].iloc[-1] == pytest.approx(share, rel=1e-12)
    text = str(mo.table(r))
    assert f"The prior of the effect has {100 - share:.1f}% of the weight." in text
    assert pooled().tidy()["weight"].iloc[-1] == pytest.approx(100)
    assert "of the weight" not in str(mo.table(pooled()))


def test_the_header_names_the_intervals_of_trials_and_of_the_pool():
    text = str(mo.table(pooled()))
    assert "95%\u00a0CI; of pools CrI" in text or "95% CI; of pools CrI" in text
    assert "Intervals of single trials: Wald" in text
