"""The exact distribution of Q, the intervals of tau² made from it, and Henmi and Copas' interval."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import pinned
from scipy import integrate, special

import metaonc as mo
from metaonc.analysis.numeric.q_distribution import (
    FINE,
    ROUGH,
    _saddles,
    generalised_q,
    interval,
    path,
    q_cdf,
    q_cdf_and_slope,
)

BCG = {name: np.array(pinned.load("regression")["data"][name]) for name in ("yi", "vi")}


@pytest.mark.parametrize("k", [2, 3, 10, 200, 1000])
@pytest.mark.parametrize("p", [1e-6, 0.025, 0.5, 0.975, 1 - 1e-6])
def test_inverse_variance_weights_give_chi_square(k, p):
    v = np.random.default_rng(k).uniform(0.01, 5, k)
    np.testing.assert_allclose(q_cdf(special.chdtri(k - 1, 1 - p), 1 / v, v), p, atol=1e-12)


@pytest.mark.parametrize("times", [0.01, 0.5, 2, 5])
@pytest.mark.parametrize("k", [2, 3, 10, 1000])
def test_few_points_do_in_either_tail(k, times):
    """Work grows as the number of trials: thousands of points, as a path on the wrong side of the pole has, do not."""
    v = np.random.default_rng(k).uniform(0.01, 5, k)
    q = times * (k - 1)
    assert path(q, *_saddles(q, np.ones((1, k)), 1 / v / (1 / v).sum()))[0].shape[1] < 350
    np.testing.assert_allclose(q_cdf(q, 1 / v, v), special.chdtr(k - 1, q), atol=1e-13)


@pytest.mark.parametrize("spread", [1.5, 100.0])
@pytest.mark.parametrize("k", [4, 8])
def test_unequal_weights_against_imhof(k, spread):
    """Imhof's integral over the eigenvalues of the quadratic form, by a general integrator."""
    rng = np.random.default_rng(k)
    a, variance = rng.uniform(1, spread, k), rng.uniform(1, spread, k)
    form = np.diag(a) - np.outer(a, a) / a.sum()
    root = np.sqrt(variance)
    eigen = np.linalg.eigvalsh(root[:, None] * form * root)[1:]
    for q in np.array([0.2, 1.0, 2.5]) * eigen.sum():

        def integrand(u, q=q):
            theta = 0.5 * np.arctan(eigen * u).sum() - 0.5 * q * u
            return np.sin(theta) / (u * np.prod((1 + (eigen * u) ** 2) ** 0.25))

        tail = 0.5 + integrate.quad(integrand, 0, 4000 / eigen.sum(), limit=20000)[0] / np.pi
        np.testing.assert_allclose(1 - q_cdf(q, a, variance), tail, atol=2e-5)  # the integral is cut off


@given(st.integers(3, 12), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_limits_put_the_observed_q_at_its_quantiles(k, seed):
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.01, 2, k)
    y = rng.normal(0, np.sqrt(v + 0.5))
    for a in (1 / v, v**-0.5):
        low, high = interval(y, v, a, 0.9)
        q = generalised_q(y, a)
        assert 0 <= low <= high
        for limit, p in ((low, 0.95), (high, 0.05)):
            at = q_cdf(q, a, v + limit)
            assert at == pytest.approx(p, abs=1e-9) or (limit == 0 and at < p)


def test_profile_likelihood_against_metafor():
    """confint(rma(yi, vi, data = bcg), type = "PL", control = list(tol = 1e-14)), metafor 3.8-1."""
    np.testing.assert_allclose(mo.pool(BCG).tau2_ci("PL"), [0.1152661057, 0.9646953265], rtol=1e-9)
    np.testing.assert_allclose(mo.pool(BCG, method="ML").tau2_ci("PL"), [0.1050773808, 0.8339124768], rtol=1e-9)


def test_biggerstaff_jackson_and_jackson_against_meta():
    """R's meta 8.4 on the BCG trials; its root finder stops at an absolute 1e-4, which these tolerances say."""
    r = mo.pool(BCG, method="DL")
    np.testing.assert_allclose(r.tau2_ci("BJ"), [0.101050142240681, 1.63607344210885], atol=3e-5)
    np.testing.assert_allclose(r.tau2_ci("J"), [0.122053348621783, 1.13997884805189], atol=3e-5)


def test_henmi_copas_against_metafor():
    want = pinned.load("regression")["hc"]
    r = mo.pool(BCG, method="DL", ci="HC")
    np.testing.assert_allclose([r.estimate, r.se], [want["estimate"], want["se"]], rtol=1e-10)
    np.testing.assert_allclose([r.ci_low, r.ci_high], [want["low"], want["high"]], rtol=1e-9)
    np.testing.assert_allclose(
        r.confidence_interval(0.8), mo.pool(BCG, method="DL", ci="HC", level=0.8).confidence_interval()
    )
    assert np.isnan(r.p_value)


def test_henmi_copas_needs_dersimonian_laird():
    with pytest.raises(mo.OptionError, match="made for method='DL', not 'REML'"):
        mo.pool(BCG, ci="HC")


@pytest.mark.parametrize("k", [2, 5])
def test_henmi_copas_covers_as_it_says(k):
    """With tau² large beside equal variances R and Q are independent: the interval is nearly Student's t."""
    y = np.linspace(-1, 1, k)
    r = mo.pool({"yi": y, "vi": np.full(k, 1e-6)}, method="DL", ci="HC")
    t = mo.pool({"yi": y, "vi": np.full(k, 1e-6)}, method="DL", ci="t")
    np.testing.assert_allclose(r.ci_high / t.ci_high, 1, rtol=1e-4)


@pytest.mark.parametrize("kind", ["BJ", "J", "PL_REML", "PL_ML"])
@pytest.mark.parametrize("name", sorted(pinned.load("tau2_intervals")))
def test_the_limits_of_tau2_are_those_of_r_with_its_roots_run_to_the_end(name, kind):
    case = pinned.load("tau2_intervals")[name]
    interval, _, method = kind.partition("_")
    r = mo.pool({"yi": case["yi"], "vi": case["vi"]}, method=method or "REML")
    np.testing.assert_allclose(r.tau2_ci(interval), case[kind], rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("times", [0.3, 3.0, 8.0, 20.0])
@pytest.mark.parametrize("stands_out", [1.0, 40.0, 2000.0])
def test_a_row_that_stands_out_against_the_integral_of_two_chi_squares(stands_out, times):
    """Of three rows the form has two eigenvalues: P(l1 X1 + l2 X2 <= q) is one integral over an angle."""
    a, variance = np.array([1.0, 2.0, 1.5]), np.array([1.0, 0.7, stands_out])
    form = np.diag(a) - np.outer(a, a) / a.sum()
    root = np.sqrt(variance)
    small, large = np.linalg.eigvalsh(root[:, None] * form * root)[1:]
    q = times * (small + large)

    def inside(angle):  # two normal deviates in polar coordinates: their radius is exponential in its square
        return -np.expm1(-q / 2 / (small * np.cos(angle) ** 2 + large * np.sin(angle) ** 2))

    want = integrate.quad(inside, 0, np.pi / 2, epsabs=1e-14, limit=500)[0] / (np.pi / 2)
    np.testing.assert_allclose(q_cdf(q, a, variance), want, atol=1e-12)


@pytest.mark.parametrize("deviates", [-1.0, 0.0, 1.0, 4.0])
@pytest.mark.parametrize("stands_out", [5.0, 30.0, 100.0])
@pytest.mark.parametrize("k", [100, 1000])
def test_one_row_that_stands_out_of_many_against_chi_square_and_one_normal(k, stands_out, deviates):
    """The form has k - 2 eigenvalues of 1 and a larger one: P(X + l Z² <= q) is one integral of chi-square over Z."""
    a, variance = np.ones(k), np.ones(k)
    variance[0] = stands_out
    large = stands_out - (stands_out - 1) / k  # by the trace of the form
    q = k - 2 + deviates * np.sqrt(2 * k) + large * (deviates > 0)

    def inside(z):
        return 2 * special.chdtr(k - 2, q - large * z * z) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)

    bend = np.sqrt(max(q - k, 0.0) / large)
    want = integrate.quad(inside, 0, np.sqrt(q / large), epsabs=1e-14, limit=500, points=[bend] if bend else None)[0]
    np.testing.assert_allclose(q_cdf(q, a, variance), want, atol=1e-12)
    for rule, atol in ((FINE, 1e-8), (ROUGH, 3e-7)):
        np.testing.assert_allclose(q_cdf_and_slope(q, a, variance, rule)[0], want, atol=atol)


def test_the_derivative_by_tau2_and_many_at_once():
    rng = np.random.default_rng(3)
    a, v = rng.uniform(1, 30, 12), rng.uniform(0.02, 1, 12)
    tau2 = np.array([0.0, 0.01, 0.3, 5.0])
    value, slope = q_cdf_and_slope(14.0, a, v + tau2[:, None])
    np.testing.assert_allclose(value, [q_cdf(14.0, a, v + t) for t in tau2], atol=1e-9)
    h = 1e-4 * (tau2 + 0.01)
    ahead, behind = (q_cdf(14.0, a, v + (tau2 + d)[:, None]) for d in (h, -h))
    np.testing.assert_allclose(slope, (ahead - behind) / (2 * h), rtol=1e-5)
