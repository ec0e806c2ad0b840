"""Intervals of mixed models of counts: the profile likelihood against R's glmer and a grid, and t's quantile."""

import numpy as np
import pytest
from reference.pinned import load
from scipy import special

import metaonc as mo
from metaonc.errors import ConvergenceError, OptionError

FITS = load("glmm_profile")
IDS = [f"{f['measure']}-{f.get('model', i)}" for i, f in enumerate(FITS)]
# glmer's Laplace start and R's optimize leave their last digits; both meet ours far closer than any print shows
GLMER, GRID = 1e-7, 1e-7
COLUMNS = {
    "PLO": {"events": "x", "n": "n"},
    "IRLN": {"events": "x", "time": "n"},
    "OR": {"events_t": "a", "n_t": "n1", "events_c": "c", "n_c": "n2"},
    "IRR": {"events_t": "a", "time_t": "n1", "events_c": "c", "time_c": "n2"},
}
TWO = {"a": [0, 4, 6, 1, 9, 3], "n1": [20, 31, 40, 25, 33, 28], "c": [3, 2, 2, 0, 14, 1],
       "n2": [22, 30, 38, 24, 35, 30]}  # fmt: skip


def pool(data, measure, **options):
    return mo.pool_glmm(data, measure=measure, **COLUMNS[measure], **options)


@pytest.mark.parametrize("fit", FITS, ids=IDS)
def test_profile_limits_are_those_of_r(fit):
    r = pool(fit["data"], fit["measure"], model=fit.get("model"), ci="profile", level=fit["level"])
    np.testing.assert_allclose([r.ci_low, r.ci_high], fit["grid"], atol=GRID)
    if "glmer" in fit:
        np.testing.assert_allclose([r.ci_low, r.ci_high], fit["glmer"], atol=GLMER)


def test_another_level_is_that_pool_at_this_level():
    r = pool(FITS[0]["data"], "PLO", ci="profile")
    other = pool(FITS[0]["data"], "PLO", ci="profile", level=0.8)
    np.testing.assert_allclose(r.confidence_interval(0.8), [other.ci_low, other.ci_high], rtol=1e-9)


def test_its_test_is_the_likelihood_ratio_and_agrees_with_the_limits():
    r = pool(TWO, "OR", model="CM.EL", ci="profile")
    assert r.p_value == pytest.approx(special.chdtrc(1, r.statistic**2), rel=1e-9)
    assert np.sign(r.statistic) == np.sign(r.estimate)
    low, high = r.confidence_interval(1 - r.p_value)  # the interval at its own p touches no effect
    assert min(abs(low), abs(high)) == pytest.approx(0, abs=1e-6)


def test_t_is_the_normal_interval_with_the_quantile_of_t():
    one, t = (pool(FITS[0]["data"], "PLO", ci=ci) for ci in ("wald", "t"))
    factor = special.stdtrit(5, 0.975) / special.ndtri(0.975)
    assert (t.ci_high - t.estimate) == pytest.approx(factor * (one.ci_high - one.estimate), rel=1e-9)


def test_equal_rates_have_the_profile_of_their_sum_where_tau_stays_0():
    """As of one binomial sample, for rates so near that no tau above 0 is likelier."""
    r = pool({"x": [3, 4, 5], "n": [9, 12, 16]}, "PLO", ci="profile", level=0.3)
    p = special.expit(np.array([r.ci_low, r.ci_high]))
    lost = 2 * (12 * np.log(12 / 37 / p) + 25 * np.log(25 / 37 / (1 - p)))
    np.testing.assert_allclose(lost, special.chdtri(1, 0.7), rtol=1e-8)


def test_models_with_baselines_refuse_it_and_say_what_does():
    with pytest.raises(OptionError, match=r"not made with model='UM.FS'.*take ci='t', or model='CM.EL'"):
        pool(TWO, "OR", ci="profile")
    assert pool(TWO, "OR", ci="t").ci == "t"


def test_a_limit_beyond_any_spread_is_an_error_that_names_t():
    data = {"x": [0, 9, 12], "n": [10, 20, 12]}
    with pytest.raises(ConvergenceError, match=r"at the lower limit .* would be 12 or more .* Use ci='t'"):
        pool(data, "PLO", ci="profile")
    assert np.isfinite(pool(data, "PLO", ci="t").ci_low)


def test_without_responders_the_interval_is_exact():
    assert pool({"x": [0, 0], "n": [10, 20]}, "PLO", ci="profile").ci == "exact"
    assert pool({"x": [3], "n": [10]}, "PLO", ci="profile").ci == "exact"


def test_it_is_said_by_name():
    r = pool(FITS[0]["data"], "PLO", ci="profile")
    assert "profile likelihood" in mo.methods_text(r)
    assert "profile interval" in str(r)
