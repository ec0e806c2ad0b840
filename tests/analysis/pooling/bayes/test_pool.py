"""pool_bayes against brute-force integration written here, bayesmeta's published output, R, and exact limits."""

import json
import pickle
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import model_scripts, pinned
from reference.pinned import Results, assert_same_script, load
from scipy import integrate, special

import metaonc as mo
from metaonc.errors import DataError, OptionError

SCRIPTS = load("model_scripts")
RESULTS = Results(SCRIPTS, model_scripts.results)
SHARED = Path(__file__).parents[4].parent / "shared" / "survival_refs"
TWO = {"yi": [-0.415515443961666, -0.23572233352107], "vi": [0.12**2, 0.09**2]}
DATA = {
    "two": TWO,
    "three": {"yi": [-0.42, -0.24, 0.1], "vi": [0.0144, 0.0081, 0.04]},
    "wide": {"yi": [0.2, 0.9, -0.4, 0.35, 0.3], "vi": [1e-6, 1.0, 0.04, 1e-3, 30.0]},
    "equal": {"yi": [0.3, 0.3, 0.3], "vi": [0.02, 0.05, 0.1]},
    "apart": {"yi": [0.0, 1.0, -0.7, 0.5], "vi": [0.01, 0.02, 0.01, 0.03]},
    "ten": {"yi": [0.1, 0.3, -0.2, 0.5, 0.2, 0.0, 0.4, 0.15, -0.1, 0.3], "vi": [0.02, 0.05, 0.01, 0.1, 0.03] * 2},
}
PRIORS = [
    mo.HalfNormal(0.5),
    mo.HalfNormal(1e-3),
    mo.HalfNormal(200.0),
    mo.HalfCauchy(0.5),
    mo.HalfT(4, 0.3),
    mo.LogNormal(-2.56, 1.74),
]
BRUTE = 1e-8  # what nested adaptive quadrature vouches for


def density_of(prior):
    """Prior densities of tau, unnormalised, written from their definitions."""
    if isinstance(prior, mo.HalfNormal):
        return lambda t: np.exp(-0.5 * (t / prior.scale) ** 2)
    if isinstance(prior, mo.HalfT):
        return lambda t: (1 + (t / prior.scale) ** 2 / prior.df) ** (-(prior.df + 1) / 2)
    return lambda t: np.exp(-0.5 * ((2 * np.log(t) - prior.mean) / prior.sd) ** 2) / t


class Brute:
    """The joint posterior of mu and tau, integrated over mu within tau, piece by piece in log tau."""

    def __init__(self, data, prior, mu_prior=None):
        self.y, self.v = np.array(data["yi"]), np.array(data["vi"])
        self.prior, self.mu_prior = density_of(prior), mu_prior
        small = min(np.sqrt(self.v.min()), prior.size)
        large = max(np.sqrt(self.v.max()), prior.size, np.ptp(self.y))
        self.pieces = np.arange(np.log(small) - 28, np.log(large) + 22, 0.5)
        self.at = cache(self._at)  # quadratures of other functions ask for the same points
        self.total = self.expect(lambda m, s, t: 1.0)

    def joint(self, mu, t):
        spread = self.v + t * t
        like = np.exp(-0.5 * ((self.y - mu) ** 2 / spread + np.log(spread)).sum())
        extra = np.exp(-0.5 * ((mu - self.mu_prior.mean) / self.mu_prior.sd) ** 2) if self.mu_prior else 1.0
        return like * extra

    def inner(self, t):
        """Mass, mean and sd of mu at one tau, by a rule of its own (Gauss-Hermite is exact here)."""
        spread = self.v + t * t
        precision, product = (1 / spread).sum(), (self.y / spread).sum()
        if self.mu_prior:
            precision += self.mu_prior.sd**-2
            product += self.mu_prior.mean * self.mu_prior.sd**-2
        mean, sd = product / precision, precision**-0.5
        return self.joint(mean, t) * sd * np.sqrt(2 * np.pi), mean, sd

    def _at(self, u):
        """Density of the logarithm of tau, mean and sd of mu, and tau, at one logarithm."""
        t = np.exp(u)
        mass, mean, sd = self.inner(t)
        return float(self.prior(t) * mass * t), float(mean), float(sd), float(t)

    def expect(self, f):
        def integrand(u):
            density, mean, sd, t = self.at(u)
            return density * f(mean, sd, t)

        return sum(
            integrate.quad(integrand, a, b, epsabs=0, epsrel=1e-11, limit=200)[0]
            for a, b in zip(self.pieces[:-1], self.pieces[1:], strict=True)
        )

    def mean(self, f):
        return self.expect(f) / self.total


@cache
def brute_of(name, prior):
    return Brute(DATA[name], prior)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")
@pytest.mark.parametrize("prior", PRIORS, ids=str)
@pytest.mark.parametrize("name", DATA)
def test_quantiles_and_moments_are_those_of_brute_force(name, prior):
    r, brute = mo.pool_bayes(DATA[name], tau_prior=prior), brute_of(name, prior)
    for p, x in ((0.025, r.mu.low), (0.5, r.mu.median), (0.975, r.mu.high)):
        np.testing.assert_allclose(brute.mean(lambda m, s, t: special.ndtr((x - m) / s)), p, rtol=BRUTE)  # noqa: B023
    for p, x in ((0.025, r.predictive.low), (0.975, r.predictive.high)):
        got = brute.mean(lambda m, s, t: special.ndtr((x - m) / np.hypot(s, t)))  # noqa: B023
        np.testing.assert_allclose(got, p, rtol=BRUTE)
    np.testing.assert_allclose(r.mu.mean, brute.mean(lambda m, s, t: m), rtol=BRUTE, atol=1e-12)
    if np.isfinite(r.mu.sd):
        square = brute.mean(lambda m, s, t: s * s + (m - r.mu.mean) ** 2)
        np.testing.assert_allclose(r.mu.sd, np.sqrt(square), rtol=BRUTE)
        new = brute.mean(lambda m, s, t: s * s + t * t + (m - r.mu.mean) ** 2)
        np.testing.assert_allclose(r.predictive.sd, np.sqrt(new), rtol=BRUTE)
        np.testing.assert_allclose(r.tau.mean, brute.mean(lambda m, s, t: t), rtol=BRUTE)
        np.testing.assert_allclose(r.tau.sd, np.sqrt(brute.mean(lambda m, s, t: (t - r.tau.mean) ** 2)), rtol=BRUTE)
    y, v = brute.y[0], brute.v[0]
    first = r.shrinkage.iloc[0]
    np.testing.assert_allclose(first["mean"], brute.mean(lambda m, s, t: (y * t * t + m * v) / (v + t * t)), rtol=BRUTE)
    np.testing.assert_allclose(first["shrunk"], brute.mean(lambda m, s, t: v / (v + t * t)), rtol=BRUTE)


@pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning")
@pytest.mark.parametrize("prior", PRIORS, ids=str)
@pytest.mark.parametrize("name", DATA)
def test_tau_is_that_of_brute_force(name, prior):
    r, brute = mo.pool_bayes(DATA[name], tau_prior=prior), brute_of(name, prior)
    for p in (0.025, 0.5, 0.975):
        x = r.tau.quantile(p)
        pieces = np.append(brute.pieces[brute.pieces < np.log(x)], np.log(x))
        whole, brute.pieces = brute.pieces, pieces
        np.testing.assert_allclose(brute.mean(lambda m, s, t: 1.0), p, rtol=BRUTE)
        brute.pieces = whole
        np.testing.assert_allclose(r.tau.cdf(x), p, rtol=1e-12)


def test_mu_is_integrated_right_in_two_dimensions():
    """The same posterior with mu integrated by quadrature too, without any formula of its conditional."""
    r = mo.pool_bayes(DATA["three"])
    brute = Brute(DATA["three"], mo.HalfNormal(0.5))

    def over_mu(t, f):
        return integrate.quad(
            lambda mu: f(mu) * brute.joint(mu, t), -30, 30, points=[-0.3, -0.2, 0], epsrel=1e-11, limit=400
        )[0]

    def total(f):
        def outer(t):
            return brute.prior(t) * over_mu(t, f)

        return sum(integrate.quad(outer, a, b, epsabs=0, epsrel=1e-10)[0] for a, b in ((0, 0.1), (0.1, 0.5), (0.5, 4)))

    whole = total(lambda mu: 1.0)
    mean = total(lambda mu: mu) / whole
    np.testing.assert_allclose(r.mu.mean, mean, rtol=BRUTE)
    np.testing.assert_allclose(r.mu.sd, np.sqrt(total(lambda mu: (mu - mean) ** 2) / whole), rtol=BRUTE)


def test_a_prior_of_the_effect():
    prior = mo.Normal(0.4, 0.2)
    r, brute = mo.pool_bayes(TWO, mu_prior=prior), Brute(TWO, mo.HalfNormal(0.5), prior)
    np.testing.assert_allclose(r.mu.mean, brute.mean(lambda m, s, t: m), rtol=BRUTE)
    got = brute.mean(lambda m, s, t: special.ndtr((r.mu.low - m) / s))
    np.testing.assert_allclose(got, 0.025, rtol=BRUTE)
    assert r.weights.sum() < 100  # the prior has the rest


FINE = 5e-5  # standard deviations: what bayesmeta's grid of 1e-4 divergence leaves


@pytest.mark.parametrize("prior", [mo.HalfNormal, mo.HalfCauchy])
@pytest.mark.parametrize("name", ["bcg", "hine", "steurer"])
def test_bayesmeta_on_a_fine_grid(name, prior):
    """tests/reference/bayesmeta.R: its default grid is off by up to 0.9 % of an sd, a fine one is not."""
    data = pinned.load("bayesmeta")[name]
    want = data["half_normal" if prior is mo.HalfNormal else "half_cauchy"]
    r = mo.pool_bayes({"yi": data["yi"], "vi": data["vi"]}, tau_prior=prior(0.5))
    for part in ("tau", "mu", "predictive"):
        own = getattr(r, part)
        got = np.array([own.median, own.mean, own.sd, own.low, own.high])
        np.testing.assert_allclose(got, want["fine"][part], rtol=0, atol=FINE * own.sd)
        off = np.abs(got - want["default"][part]).max() / own.sd
        assert off < (1e-9 if part == "tau" else 1e-2)


@pytest.mark.skipif(not SHARED.exists(), reason="the reference is not part of the package")
@pytest.mark.parametrize("tau", [0.5, 1, "C"])
@pytest.mark.parametrize("case", ["crins mu04", "crins muflat", "k2"])
def test_bayesmeta(case, tau):
    """Posteriors by R's bayesmeta; its tau is exact, its effects are a coarse mixture good to about 1e-3 of the sd."""
    data, prior = case.split()[0], mo.HalfCauchy(0.5) if tau == "C" else mo.HalfNormal(tau)
    code = "HC0.5" if tau == "C" else f"HN{tau}"
    expected = json.loads((SHARED / "I1_bayesmeta_expected.json").read_text(encoding="utf-8"))["results"]
    key = f"{data}_{code}" + (f"_{case.split()[1]}" if data == "crins" else "")
    if key not in expected:
        pytest.skip(f"{key} was not run")
    want = expected[key]
    if data == "crins":
        crins = pd.read_csv(SHARED / "I1_crins_input.csv")
        table = {"yi": crins["y"], "vi": crins["se"] ** 2}
    else:
        table = TWO
    r = mo.pool_bayes(table, tau_prior=prior, mu_prior=mo.Normal(0, 4) if "mu04" in case else None)
    index = {name: i for i, name in enumerate(want["summary"]["_row"])}
    theirs = want["summary"]["tau"]
    np.testing.assert_allclose([r.tau.median, r.tau.mean], [theirs[index["median"]], theirs[index["mean"]]], rtol=1e-6)
    assert (
        theirs[index["sd"]] is None if np.isinf(r.tau.sd) else r.tau.sd == pytest.approx(theirs[index["sd"]], rel=1e-4)
    )
    np.testing.assert_allclose(r.tau.shortest(), [theirs[index["95% lower"]], theirs[index["95% upper"]]], rtol=1e-6)
    for ours, theirs in ((r.mu, want["summary"]["mu"]), (r.predictive, want["summary"]["theta"])):
        got = [ours.median, ours.mean, *ours.shortest()]
        names = ("median", "mean", "95% lower", "95% upper")
        np.testing.assert_allclose(got, [theirs[index[name]] for name in names], rtol=1e-3, atol=5e-3)
    theta = want["theta"]
    rows = {name: i for i, name in enumerate(theta["_row"])}
    for i, trial in enumerate([name for name in theta if name != "_row"]):
        np.testing.assert_allclose(r.shrinkage["mean"][i], theta[trial][rows["mean"]], rtol=2e-3)
        np.testing.assert_allclose(r.shrinkage["sd"][i], theta[trial][rows["sd"]], rtol=2e-3)


@pytest.mark.parametrize(
    ("k", "prior", "mu_prior", "finite"),
    [  # density of tau falls as tau^-(tail + k - 1), or with a prior of mu as tau^-(tail + k)
        (1, mo.HalfCauchy(0.5), None, ()),
        (2, mo.HalfCauchy(0.5), None, ("tau.mean", "mu.mean", "predictive.mean")),
        (3, mo.HalfCauchy(0.5), None, ("tau.mean", "mu.mean", "predictive.mean", "tau.sd", "mu.sd", "predictive.sd")),
        (1, mo.HalfT(3, 0.5), None, ("tau.mean", "mu.mean", "predictive.mean", "tau.sd", "mu.sd", "predictive.sd")),
        (1, mo.HalfCauchy(0.5), mo.Normal(0, 1), ("tau.mean", "mu.mean", "predictive.mean", "mu.sd")),
        (1, mo.HalfNormal(0.5), None, ("tau.mean", "mu.mean", "predictive.mean", "tau.sd", "mu.sd", "predictive.sd")),
    ],
)
def test_moments_that_do_not_exist_are_not_numbers(k, prior, mu_prior, finite):
    r = mo.pool_bayes({"yi": [0.1, 0.4, -0.3][:k], "vi": [0.04, 0.02, 0.03][:k]}, tau_prior=prior, mu_prior=mu_prior)
    for name in ("mu", "tau", "predictive"):
        part = getattr(r, name)
        for field in ("mean", "sd"):
            assert np.isfinite(getattr(part, field)) == (f"{name}.{field}" in finite), (name, field)
        assert np.isfinite([part.median, part.low, part.high]).all()
    if k == 2:
        assert r.tau.sd == np.inf
        assert "no finite variance" in r.summary()
    if not finite:
        assert r.tau.mean == np.inf
        assert np.isnan([r.mu.mean, r.mu.sd]).all()


def test_slowly_converging_moments_have_their_tail():
    """One trial: the posterior of tau is its prior, whose moments are known; df 2.05 leaves E tau² almost infinite."""
    df, scale = 2.05, 0.5
    r = mo.pool_bayes({"yi": [0.3], "vi": [0.04]}, tau_prior=mo.HalfT(df, scale))
    mean = 2 * scale * np.sqrt(df) * special.gamma((df + 1) / 2) / (special.gamma(df / 2) * np.sqrt(np.pi) * (df - 1))
    np.testing.assert_allclose(r.tau.mean, mean, rtol=1e-10)
    np.testing.assert_allclose(r.tau.sd, np.sqrt(scale**2 * df / (df - 2) - mean**2), rtol=1e-9)
    np.testing.assert_allclose(r.mu.sd, np.sqrt(0.04 + scale**2 * df / (df - 2)), rtol=1e-9)
    heavy = mo.pool_bayes({"yi": [0.3], "vi": [0.04]}, tau_prior=mo.HalfCauchy(scale))
    got = [heavy.tau.quantile(p) for p in (0.1, 0.5, 0.999)]
    np.testing.assert_allclose(got, scale * np.tan(np.pi / 2 * np.array([0.1, 0.5, 0.999])), rtol=1e-10)


def test_without_room_for_tau_it_is_the_common_effect():
    r, common = mo.pool_bayes(DATA["ten"], tau_prior=mo.HalfNormal(1e-7)), mo.pool(DATA["ten"], method="CE", ci="wald")
    np.testing.assert_allclose([r.estimate, r.se, r.ci_low, r.ci_high],
                               [common.estimate, common.se, common.ci_low, common.ci_high], rtol=1e-8)  # fmt: skip
    np.testing.assert_allclose(r.weights, common.weights, rtol=1e-8)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(-4, 2)), min_size=1, max_size=12),
    st.floats(-3, 3),
    st.floats(-8, 8),
    st.sampled_from([mo.HalfNormal, mo.HalfCauchy]),
)
def test_unit_of_measurement_and_order_do_not_matter(rows, shift, power, kind):
    y, v = np.array([a for a, _ in rows]), 10.0 ** np.array([b for _, b in rows])
    c = 10.0**power
    a = mo.pool_bayes({"yi": y, "vi": v}, tau_prior=kind(0.5))
    b = mo.pool_bayes({"yi": (y[::-1] + shift) * c, "vi": v[::-1] * c * c}, tau_prior=kind(0.5 * c))
    for one, other, move in ((a.mu, b.mu, shift), (a.tau, b.tau, 0.0), (a.predictive, b.predictive, shift)):
        got = np.array([other.low, other.median, other.high]) / c - move
        np.testing.assert_allclose(got, [one.low, one.median, one.high], rtol=1e-7, atol=1e-8)
    for m in (a.mu, a.tau, a.predictive):
        assert m.low < m.median < m.high
        np.testing.assert_allclose(m.cdf(m.quantile([0.05, 0.7])), [0.05, 0.7], rtol=1e-10)
    assert a.predictive.high - a.predictive.low >= a.mu.high - a.mu.low


def test_densities_integrate_to_the_distribution():
    r = mo.pool_bayes(DATA["three"])
    for m, start in ((r.mu, -20.0), (r.tau, 0.0), (r.predictive, -20.0)):
        area = integrate.quad(m.density, start, m.median, points=[m.low], limit=400, epsrel=1e-10)[0]
        np.testing.assert_allclose(area, 0.5, rtol=1e-7)
    assert r.tau.density(-1.0) == 0
    assert r.tau.cdf(-1.0) == 0


def test_shortest_intervals_hold_their_probability_with_equal_densities():
    r = mo.pool_bayes(DATA["three"], tau_prior=mo.LogNormal(-2.56, 1.74))
    for m in (r.mu, r.tau, r.predictive):
        low, high = m.shortest(0.9)
        np.testing.assert_allclose(m.cdf(high) - m.cdf(low), 0.9, rtol=1e-9)
        np.testing.assert_allclose(m.density(low), m.density(high), rtol=1e-6)
        assert high - low < np.subtract(*m.interval(0.9)[::-1])
    falling = mo.pool_bayes(DATA["equal"]).tau
    assert falling.shortest()[0] == 0


def test_result_protocol():
    r = mo.pool_bayes(DATA["three"] | {"trial": ["A", "B", "C"]}, study="trial", measure="HR", level=0.9)
    assert (r.estimate, r.ci_low, r.se) == (r.mu.median, r.mu.low, r.mu.sd)
    np.testing.assert_allclose(r.confidence_interval(), (r.ci_low, r.ci_high), rtol=1e-12)
    np.testing.assert_allclose(r.confidence_interval(0.5, transform=True), np.exp(r.mu.interval(0.5)))
    assert np.isnan(r.p_value)
    np.testing.assert_allclose(r.weights.sum(), 100)
    assert r.tidy(transform=True)["estimate"].iloc[-1] == np.exp(r.estimate)
    assert r.glance()["tau_prior"][0] == "half-normal(0.5)"
    assert "90 % credible interval" in r.summary()
    assert list(r.shrinkage["study"]) == ["A", "B", "C"]
    plain = r.to_dict()
    assert plain["mu"]["median"] == r.mu.median
    assert mo.results.from_dict(plain).tau.quantile(0.3) == r.tau.quantile(0.3)
    assert pickle.loads(pickle.dumps(r)).mu.quantile(0.3) == r.mu.quantile(0.3)


@pytest.mark.parametrize("name", [n for n in SCRIPTS if n.startswith("bayes")])
def test_r_scripts_run_to_the_same_numbers(name):
    r, pinned = RESULTS[name], SCRIPTS[name]
    assert_same_script(r.r_code(), pinned["script"])
    for part, want in pinned["r"].items():
        m = getattr(r, part)
        np.testing.assert_allclose([m.low, m.median, m.high], want, rtol=1e-8, err_msg=part)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (mo.HalfNormal(np.float64(2)), mo.HalfNormal(2)),
        (mo.HalfCauchy(np.float32(0.5)), mo.HalfCauchy(0.5)),
        (mo.HalfT(np.int64(4), np.float64(0.3)), mo.HalfT(4, 0.3)),
        (mo.LogNormal(np.float64(-3), np.int64(2)), mo.LogNormal(-3, 2)),
    ],
)
def test_a_script_is_the_same_for_all_types_of_numbers_and_after_json(one, other):
    options = {"level": np.float64(0.9), "mu_prior": mo.Normal(np.int64(0), np.float64(2))}
    r = mo.pool_bayes(TWO, tau_prior=one, **options)
    want = str(mo.pool_bayes(TWO, tau_prior=other, level=0.9, mu_prior=mo.Normal(0, 2)).r_code())
    assert str(r.r_code()) == want
    assert str(mo.results.from_dict(json.loads(r.to_json())).r_code()) == want


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: mo.HalfNormal(0), "HalfNormal: scale=0 must be a finite number above 0"),
        (lambda: mo.HalfCauchy(-1), "HalfCauchy: scale=-1"),
        (lambda: mo.HalfT(0.5, 1), "df=0.5 must be a number from 1"),
        (lambda: mo.HalfT(3, np.inf), "scale=inf"),
        (lambda: mo.LogNormal(np.nan, 1), "mean=nan must be a finite number"),
        (lambda: mo.LogNormal(0, 0), "sd=0"),
        (lambda: mo.Normal(0, -1), "Normal: sd=-1"),
        (lambda: mo.pool_bayes(TWO, tau_prior=0.5), "tau_prior=0.5 is not a prior of tau"),
        (lambda: mo.pool_bayes(TWO, mu_prior=mo.HalfNormal(1)), "is not a prior of the effect"),
        (lambda: mo.pool_bayes(TWO, level=95), "level=0.95"),
        (lambda: mo.pool_bayes(TWO).mu.quantile(1.0), "probabilities lie between 0 and 1"),
    ],
)
def test_bad_options_are_refused(make, says):
    with pytest.raises(OptionError, match=says):
        make()


def test_bad_data_are_refused():
    with pytest.raises(DataError, match="not above 0"):
        mo.pool_bayes({"yi": [0.1, 0.2], "vi": [0.1, 0.0]})


def test_priors_are_equal_by_value_and_say_what_they_are():
    assert mo.HalfCauchy(0.5) == mo.HalfCauchy(0.5)
    texts = [str(p) for p in (*PRIORS, mo.Normal(0, 4))]
    assert texts[3:] == ["half-Cauchy(0.5)", "half-t(4 df, 0.3)", "log-normal(-2.56, 1.74) of tau²", "normal(0, 4)"]
    assert repr(mo.HalfCauchy(0.5)) == "HalfCauchy(scale=0.5)"
    for prior in PRIORS:
        area = sum(integrate.quad(lambda t: np.exp(prior.log_density(t)), *ends, epsabs=0)[0]  # noqa: B023
                   for ends in ((0, prior.size), (prior.size, 20 * prior.size), (20 * prior.size, np.inf)))  # fmt: skip
        np.testing.assert_allclose(area, 1, rtol=1e-6)
