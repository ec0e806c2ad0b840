"""Cases where R at its defaults stops short: R with tightened stopping rules has metaonc's numbers."""

import pytest
from reference.pinned import load

import metaonc as mo

PINNED = load("disputed")
ROLES = {"events_t": "a", "n_t": "n1", "events_c": "c", "n_c": "n2"}
RTOL_ROOT = 1e-8  # roots run to 1e-15, of a distribution that farebrother() has to 1e-10
RTOL_GLMER = 1e-6  # with inner iterations to 1e-11


@pytest.mark.parametrize("case", PINNED["tau2"], ids=lambda c: f"{c['set']}-{c['type']}")
def test_limits_of_tau2_are_those_of_metafor_with_its_root_finder_run_to_the_end(case):
    interval, _, method = case["type"].partition("_")
    got = mo.pool(PINNED["data"][case["set"]], method=method or "REML").tau2_ci(interval)
    assert list(got) == pytest.approx(case["converged"], rel=RTOL_ROOT, abs=1e-14)
    far = [abs(d - c) for d, c in zip(case["default"], case["converged"], strict=True)]
    assert max(far) < 2**-13  # uniroot()'s default tolerance is .Machine$double.eps^0.25, absolute


@pytest.mark.parametrize(("name", "model"), [("um_rs", "UM.RS"), ("cm_el", "CM.EL")])
def test_mixed_models_have_the_higher_likelihood_and_the_converged_fit(name, model):
    case = PINNED[name]
    r = mo.pool_glmm(case["data"], measure="OR", model=model, **ROLES)
    assert r.loglik == pytest.approx(case["converged"]["loglik"], abs=1e-8)
    assert r.loglik > case["default"]["loglik"] + 1e-6
    for field in ("estimate", "se", "tau2"):
        assert getattr(r, field) == pytest.approx(case["converged"][field], rel=RTOL_GLMER), field
