"""pool_beta_binomial: against R's optim, a likelihood of beta functions, published data and identities."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.pinned import load
from scipy import optimize, special

import metaonc as mo
from metaonc.errors import ColumnError, ConvergenceError, DataError, DataWarning, OptionError

SETS = load("glmm_two_arms")["beta_binomial"]
SHARED = Path(__file__).parents[5] / "shared" / "survival_refs"
# Responders of patients in the control arms of eight trials in ankylosing spondylitis, and of the vemurafenib and
# imatinib basket trials; a and b, mean and rho, log likelihood and standard error by another implementation
PUBLISHED = {
    "AS": ([23, 12, 19, 9, 39, 6, 9, 10], [107, 44, 51, 39, 139, 20, 78, 35]),
    "vemurafenib": ([8, 0, 1, 1, 6, 2], [19, 10, 26, 8, 14, 7]),
    "imatinib": ([2, 0, 1, 6, 7, 3, 5, 1, 0, 3], [15, 13, 12, 28, 29, 29, 26, 5, 2, 20]),
}
MEAN_RHO = {"AS": (0.251338, 0.014713), "vemurafenib": (0.214465, 0.147028), "imatinib": (0.156428, 0.0)}


def pool(x, n, **options):
    return mo.pool_beta_binomial({"x": x, "n": n}, events="x", n="n", **options)


def log_likelihood(logit, rho, x, n):
    """Return the log likelihood by beta functions, which need rho above 0."""
    p, s = special.expit(logit), 1 / rho - 1
    a, b = p * s, (1 - p) * s
    choose = -special.betaln(n - x + 1, x + 1) - np.log(n + 1)
    return float((choose + special.betaln(x + a, n - x + b) - special.betaln(a, b)).sum())


@pytest.mark.parametrize("name", SETS)
def test_maximum_is_that_of_optim(name):
    want = SETS[name]
    got = pool(want["x"], want["n"])
    assert got.estimate == pytest.approx(want["logit"], rel=1e-6)
    assert got.rho == pytest.approx(want["rho"], rel=1e-6)
    assert got.loglik == pytest.approx(want["loglik"], rel=1e-10)
    assert got.se == pytest.approx(want["se"], rel=2e-5)  # R's Hessian is by differences


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_data(name):
    got = pool(*PUBLISHED[name])
    mean, rho = MEAN_RHO[name]
    assert got.marginal == pytest.approx(mean, abs=5e-6)
    assert got.rho == pytest.approx(rho, abs=1e-6)


@pytest.mark.parametrize("name", PUBLISHED)
def test_shared_references(name):
    file = SHARED / "F_single_arm_expected.json"
    if not file.exists():
        pytest.skip("the shared references are not here")
    results = json.loads(file.read_text(encoding="utf-8"))["results"]
    want = results["AS_betabin"] if name == "AS" else results[name]["betabin"]
    got = pool(*PUBLISHED[name])
    # that optimiser stops 1e-5 from the maximum, and short of rho = 0
    assert got.marginal == pytest.approx(want["mean"], rel=2e-5)
    assert got.rho == pytest.approx(want["rho"], rel=2e-5, abs=1e-6)
    assert got.se == pytest.approx(want["se_logit_mean"][0][0], rel=2e-5)
    assert got.loglik >= want["loglik"] - 1e-12


@pytest.mark.parametrize("name", ["AS", "vemurafenib"])
def test_no_other_point_is_higher(name):
    x, n = (np.array(v, float) for v in PUBLISHED[name])
    got = pool(x, n)
    assert got.loglik == pytest.approx(log_likelihood(got.estimate, got.rho, x, n), rel=1e-12)
    options = {"xatol": 1e-8, "fatol": 1e-13, "maxiter": 2000}
    best = optimize.minimize(
        lambda t: -log_likelihood(t[0], special.expit(t[1]), x, n), [-1.0, -3.0], method="Nelder-Mead", options=options
    )
    assert got.loglik >= -best.fun - 1e-11
    np.testing.assert_allclose([got.estimate, got.rho], [best.x[0], special.expit(best.x[1])], rtol=1e-6)
    assert (got.a, got.b) == pytest.approx((got.marginal * (1 / got.rho - 1), (1 - got.marginal) * (1 / got.rho - 1)))


@pytest.mark.parametrize("name", PUBLISHED)
def test_profile_limits_lie_where_the_likelihood_has_fallen(name):
    x, n = (np.array(v, float) for v in PUBLISHED[name])
    got = pool(x, n, ci="profile", level=0.9)
    for limit in (got.ci_low, got.ci_high):
        top = max(
            -optimize.minimize_scalar(lambda u, m=limit: -log_likelihood(m, special.expit(u), x, n), bounds=bounds,
                                      method="bounded", options={"xatol": 1e-10}).fun
            for bounds in ((-9, 0), (-14, -9))
        )  # fmt: skip
        assert 2 * (got.loglik - top) == pytest.approx(special.chdtri(1, 0.1), abs=5e-5)
    assert got.ci_low < got.estimate < got.ci_high


def test_no_correlation_is_the_binomial_of_the_sums():
    got = pool([3, 4, 5], [9, 12, 16])
    assert got.rho == 0
    assert got.estimate == pytest.approx(np.log(12 / 25), rel=1e-14)
    assert got.se == pytest.approx(np.sqrt(1 / 12 + 1 / 25), rel=1e-14)
    assert np.isinf([got.a, got.b]).all()
    assert any("the correlation (ρ) is estimated as 0" in caution.text for caution in got.cautions)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(2, 40), st.floats(0, 1)), min_size=2, max_size=7))
def test_responders_and_others_exchanged_turn_the_logit(trials):
    n = np.array([size for size, _ in trials])
    x = np.array([round(size * share) for size, share in trials])
    try:
        one = pool(x, n)
    except ConvergenceError:
        assert ((x == 0) | (x == n)).all()
        return
    other = pool(n - x, n)
    assert one.estimate == pytest.approx(-other.estimate, rel=1e-6, abs=1e-8)
    assert one.rho == pytest.approx(other.rho, rel=1e-6, abs=1e-9, nan_ok=True)
    if one.rho > 0:
        p = x.sum() / n.sum()
        binomial = special.xlogy(x, p) + special.xlog1py(n - x, -p) - special.betaln(n - x + 1, x + 1) - np.log(n + 1)
        assert one.loglik >= binomial.sum() - 1e-10


def test_large_trials():
    x, n = np.array([40.0, 70.0, 30.0]), np.array([20_000.0, 21_000.0, 19_000.0])
    got = pool(x, n)
    assert got.rho > 0
    assert got.loglik == pytest.approx(log_likelihood(got.estimate, got.rho, x, n), rel=1e-8)


def test_equal_rates_are_tested_as_by_pool_glmm():
    x, n = PUBLISHED["AS"]
    got, glmm = pool(x, n), mo.pool_glmm({"x": x, "n": n}, events="x", n="n")
    assert (got.q_lrt, got.q_lrt_p, got.q_df) == pytest.approx((glmm.q_lrt, glmm.q_lrt_p, glmm.q_df), rel=1e-10)


@pytest.mark.parametrize(("x", "n"), [([0, 0], [9, 12]), ([9, 12], [9, 12]), ([4], [15])])
def test_exact_where_there_is_nothing_to_model(x, n):
    got, glmm = pool(x, n), mo.pool_glmm({"x": x, "n": n}, events="x", n="n")
    assert got.ci == "exact"
    assert (got.estimate, got.ci_low, got.ci_high) == (glmm.estimate, glmm.ci_low, glmm.ci_high)
    assert np.isnan(got.rho)
    assert "binom.test" in got.r_code()


def test_all_or_none_in_each_trial_is_an_error():
    with pytest.raises(ConvergenceError, match="responders only, or none: rho tends to 1"):
        pool([0, 12, 0], [9, 12, 7])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"ci": "t"}, OptionError, "ci='t' is not an option; choose from 'wald', 'profile'"),
        ({"level": 95}, OptionError, "write level=0.95"),
        ({"study": "trail"}, ColumnError, "study='trail' is not a column"),
    ],
)
def test_refusals_name_what_is_wrong(options, error, message):
    with pytest.raises(error, match=message):
        pool([3, 4], [9, 12], **options)


def test_rows():
    with pytest.raises(DataError, match=r"row 1.*events=14 exceeds n=12"):
        pool([3, 14], [9, 12])
    with pytest.warns(DataWarning, match="1 of 3 rows left out"):
        got = pool([3, None, 5], [9, 12, 11])
    assert (got.k, got.provenance.dropped) == (2, ("trial '2' (row 1): missing: x",))


def test_result_subgroups_and_figure():
    x, n = PUBLISHED["vemurafenib"]
    table = {"x": x, "n": n, "kind": ["solid", "solid", "solid", "other", "other", "other"]}
    r = mo.pool_subgroups(table, by="kind", using=mo.pool_beta_binomial, events="x", n="n")
    assert list(r.groups) == ["solid", "other"]
    assert r.q_between == pytest.approx(
        np.diff([g.estimate for g in r.groups.values()])[0] ** 2 / sum(g.se**2 for g in r.groups.values())
    )
    whole = r.overall
    assert whole.glance()[["k", "rho"]].to_numpy().tolist() == [[6, whole.rho]]
    assert "Beta-binomial model" in whole.summary()
    assert len(whole.tidy()) == 7
    assert json.dumps(whole.to_dict())
    np.testing.assert_allclose(whole.confidence_interval(0.95), [whole.ci_low, whole.ci_high])
