"""Cases where R at its defaults stops short: R with tightened stopping rules has metaonc's numbers."""

import pytest
from reference.pinned import load

import metaonc as mo

PINNED = load("disputed")
PRIORS = {"half_normal": mo.HalfNormal(0.5), "half_cauchy": mo.HalfCauchy(0.5)}
ROLES = {"events_t": "a", "n_t": "n1", "events_c": "c", "n_c": "n2"}
RTOL_ROOT = 1e-8  # roots run to 1e-15, of a distribution that farebrother() has to 1e-10
RTOL_GRID = 6e-4  # bayesmeta at delta = 0.001
RTOL_GLMER = 1e-6  # with inner iterations to 1e-11


@pytest.mark.parametrize("case", PINNED["tau2"], ids=lambda c: f"{c['set']}-{c['type']}")
def test_limits_of_tau2_are_those_of_metafor_with_its_root_finder_run_to_the_end(case):
    interval, _, method = case["type"].partition("_")
    got = mo.pool(PINNED["data"][case["set"]], method=method or "REML").tau2_ci(interval)
    assert list(got) == pytest.approx(case["converged"], rel=RTOL_ROOT, abs=1e-14)
    far = [abs(d - c) for d, c in zip(case["default"], case["converged"], strict=True)]
    assert max(far) < 2**-13  # uniroot()'s default tolerance is .Machine$double.eps^0.25, absolute


@pytest.mark.parametrize("case", PINNED["bayes"], ids=lambda c: f"{c['set']}-{c['prior']}")
def test_bayesmeta_comes_nearer_to_the_posterior_as_its_grid_of_tau_is_refined(case):
    r = mo.pool_bayes(PINNED["data"][case["set"]], tau_prior=PRIORS[case["prior"]])
    got = {"mu_sd": r.mu.sd, "mu_low": r.mu.low, "mu_high": r.mu.high}
    got |= {"pred_low": r.predictive.low, "pred_high": r.predictive.high}
    for field, value in got.items():
        default, finest = case["default"][field], case["finest"][field]
        assert value == pytest.approx(finest, rel=RTOL_GRID), field
        if abs(default - finest) > 1e-3 * abs(finest):  # where the default grid shows
            assert abs(finest - value) < abs(default - value) / 4, field
    # what bayesmeta integrates over tau adaptively, beside its grid, agrees at any setting
    assert r.tau.mean == pytest.approx(case["default"]["tau_mean"], rel=1e-6)
    assert r.tau.median == pytest.approx(case["default"]["tau_median"], rel=1e-6)


@pytest.mark.parametrize(("name", "model"), [("um_rs", "UM.RS"), ("cm_el", "CM.EL")])
def test_mixed_models_have_the_higher_likelihood_and_the_converged_fit(name, model):
    case = PINNED[name]
    r = mo.pool_glmm(case["data"], measure="OR", model=model, **ROLES)
    assert r.loglik == pytest.approx(case["converged"]["loglik"], abs=1e-8)
    assert r.loglik > case["default"]["loglik"] + 1e-6
    for field in ("estimate", "se", "tau2"):
        assert getattr(r, field) == pytest.approx(case["converged"][field], rel=RTOL_GLMER), field
