"""What must hold of every pool, whatever the trials."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import metaonc as mo
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.analysis.numeric import wls
from metaonc.analysis.numeric.normal_likelihood import log_likelihood, maximise, weights

# hypothesis' own deadline is of wall time, and machines are shared
settings.register_profile("metaonc", deadline=None, max_examples=25, derandomize=True)
settings.load_profile("metaonc")

every_method = pytest.mark.parametrize("method", TAU2_METHODS)
# sums over studies in another order, or times a factor, differ in the last of 16 digits; iterations multiply that
RTOL = 1e-8


@st.composite
def trials(draw, least=2, most=9):
    k = draw(st.integers(least, most))
    y = draw(arrays(float, k, elements=st.floats(-3, 3).map(lambda x: round(x, 3))))
    v = draw(arrays(float, k, elements=st.floats(-3, 1).map(lambda x: float(f"{10**x:.3g}"))))
    return y, v


def fields(r):
    return np.array([r.estimate, r.se, r.ci_low, r.ci_high, r.tau2, r.q, r.i2])


def one_maximum(y, v, method):
    """Tell whether the likelihood has one maximum only; of two equal ones rounding picks either."""
    if method not in ("ML", "REML"):
        return True
    grid = np.concatenate([[0.0], np.geomspace(1e-5, 1e3, 200)])
    height = log_likelihood(grid, y[None], v[None], None, method == "REML")
    rises = np.diff(height) > 0
    return (rises[:-1] & ~rises[1:]).sum() + (not rises[0]) == 1


@every_method
@given(data=trials(), seed=st.integers(0, 99))
def test_order_of_trials_does_not_matter(method, data, seed):
    y, v = data
    assume(one_maximum(y, v, method))
    order = np.random.default_rng(seed).permutation(len(y))
    a = fields(mo.pool({"yi": y, "vi": v}, method=method, ci="wald"))
    b = fields(mo.pool({"yi": y[order], "vi": v[order]}, method=method, ci="wald"))
    np.testing.assert_allclose(a, b, rtol=RTOL, atol=1e-9)


@every_method
@given(data=trials(), log_c=st.floats(-3, 3))
def test_effects_in_another_unit_give_the_pool_in_that_unit(method, data, log_c):
    y, v = data
    assume(one_maximum(y, v, method))
    c = 10.0**log_c
    a = mo.pool({"yi": y, "vi": v}, method=method, ci="wald")
    b = mo.pool({"yi": c * y, "vi": c * c * v}, method=method, ci="wald")
    scale = np.array([c, c, c, c, c * c, 1, 1])
    np.testing.assert_allclose(fields(b) / scale, fields(a), rtol=RTOL, atol=1e-9)


@every_method
@given(data=trials(), shift=st.floats(-5, 5))
def test_a_shift_of_all_effects_moves_the_estimate_alone(method, data, shift):
    y, v = data
    assume(one_maximum(y, v, method))
    a = mo.pool({"yi": y, "vi": v}, method=method, ci="wald")
    b = mo.pool({"yi": y + shift, "vi": v}, method=method, ci="wald")
    np.testing.assert_allclose([b.estimate - shift, b.tau2, b.q], [a.estimate, a.tau2, a.q], rtol=1e-7, atol=1e-9)


@every_method
@given(data=trials())
def test_sizes_are_possible(method, data):
    y, v = data
    r = mo.pool({"yi": y, "vi": v}, method=method, ci="wald")
    assert r.tau2 >= 0
    assert 0 <= r.i2 <= 100
    assert r.ci_low <= r.estimate <= r.ci_high
    assert y.min() - 1e-12 <= r.estimate <= y.max() + 1e-12
    assert r.weights.sum() == pytest.approx(100)
    with warnings.catch_warnings():  # of effects that agree too well the set is empty
        warnings.simplefilter("ignore", mo.MethodWarning)
        low, high = r.tau2_ci()
    assert 0 <= low <= high


@given(data=trials(least=1))
def test_common_effect_is_the_weighted_mean(data):
    y, v = data
    r = mo.pool({"yi": y, "vi": v}, method="CE", ci="wald")
    assert r.estimate == pytest.approx(np.average(y, weights=1 / v), rel=1e-12, abs=1e-14)
    assert r.se == pytest.approx((1 / v).sum() ** -0.5, rel=1e-12)


@every_method
@given(y=st.floats(-5, 5), v=st.floats(1e-4, 100))
def test_one_trial_is_returned_as_it_is(method, y, v):
    r = mo.pool({"yi": [y], "vi": [v]}, method=method)
    assert (r.estimate, r.se) == (pytest.approx(y, rel=1e-14, abs=1e-300), pytest.approx(v**0.5, rel=1e-14))


def table(seed, shape=(4, 3), k=6):
    rng = np.random.default_rng(seed)
    v = 10 ** rng.uniform(-2, 1, (*shape, k))
    return rng.normal(0, 1, (*shape, k)) * np.sqrt(v + 0.3), v


@every_method
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8)
def test_a_batch_is_its_analyses_one_by_one(method, seed):
    y, v = table(seed)
    estimate = TAU2_METHODS[method].estimate
    batch = estimate(y, v, None)
    assert batch.shape == (4, 3)
    single = [[float(estimate(y[i, j], v[i, j], None)) for j in range(3)] for i in range(4)]
    np.testing.assert_allclose(batch, single, rtol=1e-12)
    se = TAU2_METHODS[method].se
    if se is not None:
        with np.errstate(all="raise"):
            single = [[float(se(batch[i, j], y[i, j], v[i, j], None)) for j in range(3)] for i in range(4)]
        np.testing.assert_allclose(se(batch, y, v, None), single, rtol=1e-10)


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("own", [True, False])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=8)
def test_a_batch_with_a_design_is_its_regressions_one_by_one(restricted, own, seed):
    y, v = table(seed, (5,), 8)
    x = np.ones((5, 8, 2) if own else (8, 2))
    x[..., 1] = np.random.default_rng(seed).normal(size=x.shape[:-1])
    batch = maximise(y, v, x, restricted)
    single = [float(maximise(y[i], v[i], x[i] if own else x, restricted)) for i in range(5)]
    np.testing.assert_allclose(batch, single, rtol=1e-12)


@every_method
@given(seed=st.integers(0, 10_000), at=st.integers(0, 6))
@settings(max_examples=10)
def test_a_study_of_infinite_variance_is_not_there(method, seed, at):
    y, v = table(seed, (3,))
    wide_y, wide_v = np.insert(y, at, 7.5, axis=-1), np.insert(v, at, np.inf, axis=-1)
    record = TAU2_METHODS[method]
    tau2 = record.estimate(y, v, None)
    np.testing.assert_allclose(record.estimate(wide_y, wide_v, None), tau2, rtol=1e-11)
    if record.se is not None:
        np.testing.assert_allclose(record.se(tau2, wide_y, wide_v, None), record.se(tau2, y, v, None), rtol=1e-11)
    for restricted in (True, False):
        np.testing.assert_allclose(
            log_likelihood(tau2, wide_y, wide_v, None, restricted), log_likelihood(tau2, y, v, None, restricted),
            rtol=1e-11,
        )  # fmt: skip
    plain, wide = wls.fit(weights(v, tau2), y), wls.fit(weights(wide_v, tau2), wide_y)
    np.testing.assert_allclose(wide.beta, plain.beta, rtol=1e-12)
    np.testing.assert_allclose(wide.cov, plain.cov, rtol=1e-12)


@pytest.mark.parametrize("restricted", [True, False])
@given(data=trials(least=3))
def test_the_maximum_is_one(restricted, data):
    """No other tau2, near or far, is more likely."""
    y, v = data
    tau2 = maximise(y, v, None, restricted)
    others = np.concatenate([[0.0], tau2 * np.array([0.5, 0.9, 0.999, 1.001, 1.1, 2]), np.geomspace(1e-6, 1e3, 200)])
    best = log_likelihood(tau2, y, v, None, restricted)
    assert (log_likelihood(others, y[None], v[None], None, restricted) <= best + 1e-9).all()


@every_method
@given(data=trials())
@settings(max_examples=15)
def test_inverting_hazard_ratios_flips_the_sign(method, data):
    y, v = data
    assume(one_maximum(y, v, method))
    half = 1.959963984540054 * np.sqrt(v)
    columns = {"measure": "HR", "hr": "h", "ci_low": "l", "ci_high": "u"}
    there = mo.effect_sizes({"h": np.exp(y), "l": np.exp(y - half), "u": np.exp(y + half)}, **columns)
    back = mo.effect_sizes({"h": np.exp(-y), "l": np.exp(-y - half), "u": np.exp(half - y)}, **columns)
    a, b = mo.pool(there, method=method, ci="wald"), mo.pool(back, method=method, ci="wald")
    np.testing.assert_allclose(
        [a.estimate, a.ci_low, a.ci_high], [-b.estimate, -b.ci_high, -b.ci_low], rtol=1e-7, atol=1e-9
    )
    assert a.tau2 == pytest.approx(b.tau2, rel=1e-7, abs=1e-9)


@st.composite
def arms(draw):
    k = draw(st.integers(2, 6))
    n = np.array(draw(st.lists(st.integers(8, 150), min_size=k, max_size=k)))
    x = np.array([draw(st.integers(1, int(size) - 1)) for size in n])
    return x, n


def glmm(x, n, **options):
    return mo.pool_glmm({"x": x, "n": n}, events="x", n="n", **options)


@given(data=arms(), seed=st.integers(0, 99))
def test_binomial_model_does_not_mind_the_order(data, seed):
    x, n = data
    order = np.random.default_rng(seed).permutation(len(x))
    a, b = glmm(x, n), glmm(x[order], n[order])
    np.testing.assert_allclose([a.estimate, a.se, a.tau2], [b.estimate, b.se, b.tau2], rtol=1e-6, atol=1e-9)


@given(data=arms())
def test_swapping_responders_and_others_flips_the_logit(data):
    x, n = data
    a, b = glmm(x, n), glmm(n - x, n)
    np.testing.assert_allclose(
        [a.estimate, a.se, a.tau2, a.ci_low, a.marginal], [-b.estimate, b.se, b.tau2, -b.ci_high, 1 - b.marginal],
        rtol=1e-6, atol=1e-9,
    )  # fmt: skip
