"""The binomial-normal model: against an independent maximum, and against R's rma.glmm as far as that one converges."""

import numpy as np
import pytest
from reference.pinned import load
from scipy import integrate, optimize, special

import metaonc as mo
from metaonc.analysis.effects.formulas.proportions import exact_interval
from metaonc.errors import ConvergenceError, MethodWarning

SETS = load("pooling")["glmm"]
FITS = [
    pytest.param(SETS[name]["data"], fit, id=f"{name}-{fit['points']}-{fit['test']}")
    for name in SETS
    for fit in SETS[name]["fits"]
]
CI = {"z": "wald", "t": "t"}
# lme4's optimiser stops early, up to 2e-5 in mu and 3e-5 in tau2 from the maximum that test_maximum finds
RTOL_GLMER, ATOL_GLMER = 5e-5, 2e-5
# 7 points: lme4 maximises the quadrature's own sum, here the root of the posterior moments is taken under it; they meet
# as points grow, and at 7 are apart by the error of either
RTOL_7, ATOL_7 = 3e-3, 3e-3
# the limit of a maximum found by an optimiser on adaptively integrated likelihoods
RTOL_EXACT = 1e-6


def glmm(data, **options):
    return mo.pool_glmm(data, events="xi", n="ni", **options)


@pytest.mark.parametrize(("data", "want"), FITS)
def test_fit_is_that_of_rma_glmm(data, want):
    ci = CI[want["test"]]
    got = glmm(data, ci=ci, prediction=ci, points=want["points"])
    rtol, atol = (RTOL_7, ATOL_7) if want["points"] == 7 else (RTOL_GLMER, ATOL_GLMER)
    for field in ("estimate", "se", "ci_low", "ci_high", "tau2"):
        np.testing.assert_allclose(getattr(got, field), want[field], rtol=rtol, atol=atol, err_msg=field)
    limits = [got.prediction_low, got.prediction_high]
    np.testing.assert_allclose(limits, [want["pi_low"], want["pi_high"]], rtol=rtol, atol=atol)


@pytest.mark.parametrize(("data", "want"), FITS)
def test_tests_of_equal_rates_are_those_of_rma_glmm(data, want):
    got = glmm(data)
    np.testing.assert_allclose([got.q_lrt, got.q_lrt_p], [want["q_lrt"], want["q_lrt_p"]], rtol=1e-8)
    # its Wald test inverts the Hessian of an iterated fit, ours has the closed form
    np.testing.assert_allclose([got.q_wald, got.q_wald_p], [want["q_wald"], want["q_wald_p"]], rtol=2e-5)
    assert got.q_df == want["q_df"]


def log_likelihood(theta, x, n):
    """Return the log likelihood, each trial by adaptive integration around its mode."""
    mu, tau = theta
    total = 0.0
    for events, size in zip(x, n, strict=True):

        def log_f(z, events=events, size=size):
            eta = mu + tau * z
            return events * eta - size * np.logaddexp(0, eta) - 0.5 * z * z

        mode = optimize.minimize_scalar(lambda z, f=log_f: -f(z), bounds=(-30, 30), method="bounded").x
        top = log_f(mode)
        value = integrate.quad(lambda z, f=log_f, t=top: np.exp(f(z) - t), mode - 12, mode + 12, points=[mode],
                               epsabs=0, epsrel=1e-13, limit=400)[0]  # fmt: skip
        coefficient = -np.log(size + 1) - special.betaln(events + 1, size - events + 1)
        total += np.log(value) + top - 0.5 * np.log(2 * np.pi) + coefficient
    return total


def derivatives(theta, x, n, step=2e-3):
    """Return gradient and Hessian by central differences of the fourth order."""
    at = {(i, j): log_likelihood(theta + step * np.array([i, j]), x, n) for i in range(-2, 3) for j in range(-2, 3)}
    one, two = np.array([1, -8, 0, 8, -1]) / (12 * step), np.array([-1, 16, -30, 16, -1]) / (12 * step**2)
    f = np.array([[at[i, j] for j in range(-2, 3)] for i in range(-2, 3)])
    gradient = np.array([one @ f[:, 2], one @ f[2]])
    return gradient, np.array([[two @ f[:, 2], one @ f @ one], [one @ f @ one, two @ f[2]]])


@pytest.mark.parametrize("name", [name for name in SETS if name != "homogeneous"])
def test_maximum_is_that_of_the_integrated_likelihood(name):
    """Newton's method by differences of the integrated likelihood, from a rough start, meets our maximum."""
    x, n = (np.array(SETS[name]["data"][c], float) for c in ("xi", "ni"))
    got = glmm(SETS[name]["data"], points=41)
    rough = optimize.minimize(lambda t: -log_likelihood(t, x, n), [got.estimate + 0.1, got.tau2**0.5 * 1.2],
                              method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6}).x  # fmt: skip
    theta = np.array([rough[0], abs(rough[1])])
    for _ in range(4):
        gradient, hessian = derivatives(theta, x, n)
        theta = theta - np.linalg.solve(hessian, gradient)
    assert got.estimate == pytest.approx(theta[0], rel=RTOL_EXACT)
    assert got.tau2 == pytest.approx(theta[1] ** 2, rel=RTOL_EXACT)
    assert got.se == pytest.approx(np.sqrt(np.linalg.inv(-hessian)[0, 0]), rel=RTOL_EXACT)
    assert got.loglik == pytest.approx(log_likelihood(theta, x, n), rel=1e-10)
    default = glmm(SETS[name]["data"])
    assert default.estimate == pytest.approx(got.estimate, rel=1e-6)
    assert default.tau2 == pytest.approx(got.tau2, rel=1e-6)


def test_few_points_are_enough_far_from_normal_too():
    """One responder of 107: with 21 points the standard error was once a tenth too small."""
    data = {"xi": [1, 49], "ni": [107, 108]}
    default, many = glmm(data), glmm(data, points=99)
    for field in ("estimate", "se", "tau2"):
        assert getattr(default, field) == pytest.approx(getattr(many, field), rel=1e-4)


@pytest.mark.parametrize("name", SETS)
def test_marginal_rate_is_the_integral(name):
    r = glmm(SETS[name]["data"])
    tau = np.sqrt(r.tau2)
    want = integrate.quad(
        lambda z: special.expit(r.estimate + tau * z) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi), -12, 12, epsabs=1e-12
    )[0]
    assert r.marginal == pytest.approx(want, rel=1e-9)


def test_equal_rates_are_the_summed_counts():
    """Where tau2 is 0 the model is one binomial."""
    r = glmm(SETS["homogeneous"]["data"])
    p = 31 / 93
    assert r.tau2 == 0
    assert r.estimate == pytest.approx(np.log(p / (1 - p)), rel=1e-14)
    assert r.se == pytest.approx(1 / np.sqrt(93 * p * (1 - p)), rel=1e-14)
    assert any("estimated as 0" in caution.text for caution in r.cautions)


@pytest.mark.parametrize(("x", "n"), [([0, 0, 0], [12, 20, 9]), ([7, 9, 4], [7, 9, 4]), ([0], [15]), ([15], [15])])
def test_none_or_all_respond(x, n):
    """The estimate is 0 or 100 %, its interval the exact one of the summed counts."""
    r = glmm({"xi": x, "ni": n})
    assert r.natural(r.estimate) == sum(x) / sum(n)
    low, high = exact_interval(sum(x), sum(n), 0.95)
    np.testing.assert_allclose([float(r.natural(r.ci_low)), float(r.natural(r.ci_high))], [low, high], rtol=1e-12)
    closed = 1 - 0.025 ** (1 / sum(n))  # Clopper and Pearson of 0 of n
    assert (float(high) if sum(x) == 0 else 1 - float(low)) == pytest.approx(closed, rel=1e-12)
    assert np.isnan([r.tau2, r.p_value, r.prediction_low]).all()
    assert r.ci == "exact"
    assert any("the interval is the exact one" in caution.text for caution in r.cautions)


def test_one_trial_has_its_exact_interval():
    r = glmm({"xi": [46], "ni": [124]})
    # R: print(binom.test(46, 124)$conf.int, digits = 10)
    got = [float(r.natural(x)) for x in (r.estimate, r.ci_low, r.ci_high)]
    np.testing.assert_allclose(got, [46 / 124, 0.2859561368, 0.4622957838], rtol=2e-9)
    assert np.isnan(r.tau2)


def test_two_trials_have_no_prediction_interval_unless_asked():
    r = glmm(SETS["two"]["data"])
    assert (r.prediction, r.k) == (None, 2)
    assert np.isnan(r.prediction_low)
    assert any("interval of few rows takes τ² as known" in caution.text for caution in r.cautions)


def test_zero_and_all_in_single_trials_need_no_correction():
    r = glmm({"xi": [0, 9, 12], "ni": [10, 20, 12]})
    assert np.isfinite([r.estimate, r.se, r.ci_low, r.ci_high]).all()
    assert r.provenance.corrected == ()
    assert np.isneginf(r.studies.yi[0])
    assert np.isposinf(r.studies.yi[2])


def test_variance_without_bound_is_an_error_not_a_number():
    with pytest.raises(ConvergenceError, match="no responder and the others responders only"):
        glmm({"xi": [0, 0, 200, 200], "ni": [200] * 4})
    with pytest.raises(ConvergenceError, match=r"^1 of 2 trials have no responder and the others"):
        glmm({"xi": [0, 5], "ni": [3, 5]})


@pytest.mark.parametrize(
    ("xi", "low", "high", "note"),
    # R: binom.test(0, 60) and binom.test(60, 60); metafor's rma.glmm fits neither
    [
        ([0, 0, 0], 0, 0.05962949, "nobody responds: the interval is the exact one of the summed counts"),
        ([10, 20, 30], 0.9403705, 1, "all patients respond: the interval is the exact one of the summed counts"),
    ],
)
def test_nobody_or_everybody_responds(xi, low, high, note):
    r = glmm({"xi": xi, "ni": [10, 20, 30]})
    np.testing.assert_allclose(r.natural(np.array([r.ci_low, r.ci_high])), [low, high], atol=1e-7)
    assert r.cautions[0].text.startswith(note)


def test_warnings_have_a_home():
    assert issubclass(MethodWarning, UserWarning)


def test_what_simulations_of_one_arm_found_is_not_said_of_two():
    two = {"a": [3, 5, 7, 4], "n": [30, 33, 41, 38], "c": [6, 9, 9, 8], "m": [31, 30, 40, 39]}
    ratio = mo.pool_glmm(two, measure="OR", events_t="a", n_t="n", events_c="c", n_c="m")
    assert "the normal interval of few rows takes" in str(ratio)
    assert "trials of one arm" not in str(ratio)
    assert "trials of one arm" in str(mo.pool_glmm(two, events="a", n="n"))


def test_nothing_is_integrated_where_nobody_responds():
    none = mo.pool_glmm({"a": [0] * 4, "n": [20, 30, 40, 50]}, measure="PLO", events="a", n="n")
    assert "nobody responds" in str(none)
    assert "integrates the likelihood" not in str(none)
