"""Counts of millions and of billions, and rates next to nothing: no digit is lost, whatever pools them."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from reference.pinned import load
from scipy import special

import metaonc as mo
from metaonc.analysis.pooling.counts.beta_binomial_likelihood import BetaBinomial
from metaonc.analysis.pooling.counts.likelihoods import binomial, poisson
from metaonc.errors import OptionError

PINNED = load("large_counts")
SIZE, RATE_T, RATE_C = (np.array(PINNED[name]) for name in ("size", "rate_t", "rate_c"))
MODELS = [("PLO", None), ("IRLN", None), ("OR", "UM.FS"), ("OR", "UM.RS"), ("IRR", "UM.FS"), ("IRR", "UM.RS"),
          ("IRR", "CM.EL")]  # fmt: skip
RTOL_LIMIT = 2e-7  # what is left between the models and their limit at 1e9 patients, in tau² of random baselines most
# the optimiser of lme4 stops early, and its standard errors are of differences
RTOL_GLMER, RTOL_GLMER_SE, RTOL_GLMER_TAU2 = 1e-6, 5e-3, 3e-5


def counts(n, x=None):
    n1 = np.round(n * SIZE)
    return {"a": np.round(n1 * RATE_T) if x is None else x, "n1": n1, "b": np.round(n1 * RATE_C), "n2": n1}


def glmm(table, measure, model=None, **options):
    size = "time" if measure.startswith("IR") else "n"
    names = {"events": "a", size: "n1"}
    if measure in ("OR", "IRR"):
        names = {"events_t": "a", f"{size}_t": "n1", "events_c": "b", f"{size}_c": "n2"}
    return mo.pool_glmm(table, measure=measure, model=model, **names, **options)


@pytest.mark.parametrize(("measure", "model"), MODELS)
def test_at_a_billion_patients_the_models_are_the_normal_one_of_r(measure, model):
    got, want = glmm(counts(1e9), measure, model), PINNED["limit"][measure]
    for field in ("estimate", "se", "tau2"):
        assert getattr(got, field) == pytest.approx(want[field], rel=RTOL_LIMIT), field


@pytest.mark.parametrize("name", PINNED["glmm"])
def test_at_ten_million_patients_r_has_the_same(name):
    measure, _, rare = name.partition("_")
    got, want = glmm(counts(1e7, PINNED["rare"] if rare else None), measure), PINNED["glmm"][name]
    assert got.estimate == pytest.approx(want["estimate"], rel=RTOL_GLMER)
    assert got.se == pytest.approx(want["se"], rel=RTOL_GLMER_SE)
    assert got.tau2 == pytest.approx(want["tau2"], rel=RTOL_GLMER_TAU2)


@pytest.mark.parametrize(("measure", "model"), MODELS)
@pytest.mark.parametrize("n", [1e5, 1e7, 1e8])
def test_more_patients_change_less_and_less(measure, model, n):
    less, more = glmm(counts(n), measure, model), glmm(counts(10 * n), measure, model)
    for field in ("estimate", "se", "tau2"):
        assert getattr(more, field) == pytest.approx(getattr(less, field), rel=2000 / n + 1e-8)


@pytest.mark.parametrize(("measure", "model"), MODELS)
def test_equal_rates_of_a_billion_have_the_interval_of_their_sum(measure, model):
    table = counts(1e9)
    table |= {"a": np.round(0.3 * table["n1"]), "b": np.round(0.2 * table["n1"])}
    got = glmm(table, measure, model)
    a, b, n = (float(np.sum(table[name])) for name in ("a", "b", "n1"))
    odds = np.array([a / (n - a), b / (n - b)]) if measure in ("PLO", "OR") else np.array([a, b]) / n
    v = np.array([1 / a + 1 / (n - a), 1 / b + 1 / (n - b)]) if measure in ("PLO", "OR") else 1 / np.array([a, b])
    two = measure in ("OR", "IRR")
    assert got.estimate == pytest.approx(np.log(odds[0] / odds[1]) if two else np.log(odds[0]), rel=1e-9)
    assert got.se == pytest.approx(np.sqrt(v.sum() if two else v[0]), rel=1e-6)
    assert got.tau2 == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("n", [1e4, 1e8, 1e13])
def test_few_events_among_ever_more_patients_are_poisson(n):
    rate, odds = (glmm({"a": PINNED["rare"], "n1": n * SIZE}, m) for m in ("IRLN", "PLO"))
    assert odds.estimate == pytest.approx(rate.estimate, abs=50 / n + 1e-9)
    assert odds.tau2 == pytest.approx(rate.tau2, rel=200 / n + 1e-8)


def test_exact_tables_of_millions_are_refused_with_what_to_take():
    with pytest.raises(OptionError, match=r"model='CM.EL' sums over all tables .* use model='UM.FS', or 'CM.AL' where"):
        glmm(counts(1e7), "OR", "CM.EL")


X, N = np.array([0.0, 1, 7, 40, 99, 100, 31_000]), np.array([100.0, 100, 100, 100, 100, 100, 100_000])
FAR = np.linspace(-30, 30, 601)


def log_choose(n, x):
    return -np.log1p(n) - special.betaln(n - x + 1, x + 1)


def log_binomial(eta):
    x, n = X[:, None], N[:, None]
    return log_choose(n, x) + x * special.log_expit(eta) + (n - x) * special.log_expit(-eta)


def log_poisson(eta):
    x, mean = X[:, None], N[:, None] * np.exp(eta)
    return x * np.log(mean) - mean - special.gammaln(x + 1)


@pytest.mark.parametrize(
    ("arm", "value"), [(binomial(X, N), log_binomial), (poisson(X, N), log_poisson)], ids=["binomial", "poisson"]
)
def test_likelihoods_are_the_textbooks_near_and_far_from_the_trials_own(arm, value):
    own = np.where(np.isfinite(arm.best), arm.best, 0.0)[:, None]
    for eta in (np.tile(FAR, (len(X), 1)), own + FAR / 1000, own + FAR * 1e-5):
        want = value(eta)
        there = want > -700
        np.testing.assert_allclose(arm.derivatives(eta)[0][there], want[there], rtol=1e-9, atol=1e-9)
    h = 1e-4
    for eta in (np.tile(np.linspace(-5, 4, 50), (len(X), 1)), own + FAR / 2000):
        up, down, here = (arm.derivatives(eta + e) for e in (h, -h, 0.0))
        scale = N[:, None]
        for i in (0, 1):
            np.testing.assert_allclose((up[i] - down[i]) / (2 * h) / scale, here[i + 1] / scale, atol=1e-7)
        np.testing.assert_allclose((up[2] - down[2]) / (2 * h) / scale, arm.third(eta) / scale, atol=1e-7)
    inside = np.isfinite(arm.best)
    np.testing.assert_allclose(arm.top[inside], arm.derivatives(own)[0][inside, 0], rtol=1e-13)


@pytest.mark.parametrize("n", [70, 1000, 20_000])
def test_beta_binomial_of_large_trials_is_the_textbooks(n):
    x, size = np.round(n * RATE_T), np.round(n * SIZE)
    for p, rho in ((0.3, 0.02), (0.01, 1e-4), (0.6, 0.5)):
        a, b = p * (1 - rho) / rho, (1 - p) * (1 - rho) / rho
        want = (log_choose(size, x) + special.betaln(x + a, size - x + b) - special.betaln(a, b)).sum()
        assert BetaBinomial(x, size).terms(special.logit(p), rho)[0] == pytest.approx(want, rel=1e-10)


def test_beta_binomial_of_a_billion_stands_still():
    million, billion = (mo.pool_beta_binomial(counts(n), events="a", n="n1") for n in (1e7, 1e9))
    for field in ("estimate", "se", "rho"):
        assert getattr(billion, field) == pytest.approx(getattr(million, field), rel=1e-4)
    same = mo.pool_beta_binomial({"a": np.round(0.3e9 * SIZE), "n1": 1e9 * SIZE}, events="a", n="n1")
    assert (same.rho, same.estimate) == (0, pytest.approx(special.logit(0.3)))


def test_sums_of_tables_of_a_billion_are_exact():
    table = pd.DataFrame(counts(1e9))
    rows = [tuple(map(Fraction, row)) for row in table[["a", "n1", "b", "n2"]].itertuples(index=False)]
    names = {"events_t": "a", "n_t": "n1", "events_c": "b", "n_c": "n2"}
    up = sum(a * (m - b) / (n + m) for a, n, b, m in rows)
    down = sum(b * (n - a) / (n + m) for a, n, b, m in rows)
    odds = mo.pool_mantel_haenszel(table, measure="OR", **names)
    assert odds.estimate == pytest.approx(np.log(float(up / down)), rel=1e-13)
    excess = sum(a - (a + b) * n / (n + m) for a, n, b, m in rows)
    v = sum(n * m * (a + b) * (n + m - a - b) / ((n + m) ** 2 * (n + m - 1)) for a, n, b, m in rows)
    peto = mo.pool_peto(table, **names)
    assert (peto.estimate, peto.se) == (pytest.approx(float(excess / v)), pytest.approx(float(1 / v) ** 0.5))


@pytest.mark.parametrize("measure", ["PR", "PLN", "PLO", "RR", "RD", "OR"])
@pytest.mark.parametrize(("a", "b"), [(1, 2), (10**9 - 1, 10**9 - 3), (3 * 10**8, 10**9 - 1)])
def test_variances_of_a_billion_patients_keep_their_digits(measure, a, b):
    n = 10**9
    p, q = Fraction(a, n), Fraction(b, n)
    one = {"PR": p * (1 - p) / n, "PLN": (1 - p) / a, "PLO": 1 / (n * p * (1 - p))}
    two = {"RD": (p * (1 - p) + q * (1 - q)) / n, "RR": (1 - p) / a + (1 - q) / b,
           "OR": 1 / (n * p * (1 - p)) + 1 / (n * q * (1 - q))}  # fmt: skip
    table = pd.DataFrame({"a": [a], "b": [b], "n": [n]})
    names = {"events_t": "a", "n_t": "n", "events_c": "b", "n_c": "n"} if measure in two else {"events": "a", "n": "n"}
    got = mo.effect_sizes(table, measure=measure, **names)["vi"].iloc[0]
    assert got == pytest.approx(float((one | two)[measure]), rel=1e-14)
