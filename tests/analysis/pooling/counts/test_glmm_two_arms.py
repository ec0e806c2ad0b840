"""Mixed models of two arms and of rates: against R as far as that converges, and against likelihoods written anew."""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference.pinned import assert_same_script, load
from scipy import optimize, special

import metaonc as mo
from metaonc.analysis.pooling.counts.glmm_models import GLMM_MODELS
from metaonc.errors import ColumnError, ConvergenceError, DataError, DataWarning, OptionError
from metaonc.report.forest.rows import forest_rows

PINNED = load("glmm_two_arms")
SCRIPTS = Path(__file__).parents[3] / "reference"
ROLES = {
    "OR": {"events_t": "a", "n_t": "n1", "events_c": "c", "n_c": "n2"},
    "IRR": {"events_t": "a", "time_t": "n1", "events_c": "c", "time_c": "n2"},
}
TWO_ARMED = [(measure, code) for measure, code in GLMM_MODELS if code]
# lme4's optimiser and nlminb stop early: up to 2e-5 in the effect and 4e-5 in tau2 from the maxima found below
RTOL_R, ATOL_R = 1e-4, 1e-5
# glmer with tight inner iterations has the estimates to 7 digits, and the Hessian by differences to 5
RTOL_GLMER = 1e-5
RTOL_EXACT = 1e-6  # of maxima by optimisers that know values only


def pool(data, measure, model, **options):
    return mo.pool_glmm(data, measure=measure, model=model, **ROLES[measure], **options)


def quiet(data, *args, **options):
    """Pool data of which a trial without events may be left out."""
    if not any(a + c == 0 for a, c in zip(data["a"], data["c"], strict=True)):
        return pool(data, *args, **options)
    with pytest.warns(DataWarning, match="no events in either arm"):
        return pool(data, *args, **options)


CASES = [(s, measure, model) for s in PINNED["data"] for measure, model in TWO_ARMED]
# R's numerical Hessian fails beside tau2 = 0 (a standard error of 6e-7), where the next test has the higher likelihood
LOOSE = {("hine", "OR", "CM.EL")}


@pytest.mark.parametrize(("name", "measure", "model"), [c for c in CASES if c not in LOOSE and c[2] != "UM.RS"])
def test_fit_is_that_of_rma_glmm(name, measure, model):
    want = PINNED["fits"][name][measure][model]
    got = quiet(PINNED["data"][name], measure, model, ci="t")
    # of CM.EL R has the Hessian by differences of an integral: 4e-4 off at worst, as test_conditional shows
    rtol = 5e-4 if (measure, model) == ("OR", "CM.EL") else RTOL_R
    for field in ("estimate", "tau2", "q_lrt"):
        assert getattr(got, field) == pytest.approx(want[field], rel=RTOL_R, abs=ATOL_R), field
    for field in ("se", "ci_low", "ci_high"):
        assert getattr(got, field) == pytest.approx(want[field], rel=rtol), field
    assert (got.k, got.q_df) == (want["k"], want["q_df"])
    if (measure, model) != ("OR", "CM.EL"):  # there R inverts a Hessian by differences; up to 60 % off
        assert got.q_wald == pytest.approx(want["q_wald"], rel=1e-5)


@pytest.mark.parametrize("measure", ROLES)
@pytest.mark.parametrize("name", PINNED["glmer"])
def test_random_baselines_are_those_of_glmer_with_tight_iterations(name, measure):
    want, got = PINNED["glmer"][name][measure], quiet(PINNED["data"][name], measure, "UM.RS")
    for field in ("estimate", "se", "tau2", "sigma2", "loglik"):
        assert getattr(got, field) == pytest.approx(want[field], rel=RTOL_GLMER, abs=1e-12), field
    assert got.points == 1
    assert any("Laplace" in caution.text for caution in got.cautions)


@pytest.mark.parametrize("measure", ROLES)
@pytest.mark.parametrize("name", PINNED["data"])
def test_tests_of_equal_effects_with_random_baselines(name, measure):
    """R has Laplace's likelihood in them and we the integral; they meet as counts grow."""
    want, got = PINNED["fits"][name][measure]["UM.RS"], quiet(PINNED["data"][name], measure, "UM.RS")
    assert got.q_lrt == pytest.approx(want["q_lrt"], rel=3e-3)
    assert got.q_wald == pytest.approx(want["q_wald"], rel=1e-2 if name != "sparse" else 0.15)


@pytest.mark.parametrize("name", PINNED["data"])
def test_rates_are_those_of_rma_glmm(name):
    want = PINNED["rates"][name]
    got = mo.pool_glmm(PINNED["data"][name], measure="IRLN", events="a", time="n1", ci="t")
    for field in ("estimate", "se", "ci_low", "ci_high", "tau2", "q_lrt", "q_wald"):
        assert getattr(got, field) == pytest.approx(want[field], rel=RTOL_R, abs=1e-12), field
    assert got.marginal == pytest.approx(np.exp(got.estimate + got.tau2 / 2))


# ---- likelihoods written anew, for maxima that R does not reach


Z = np.linspace(-12, 12, 601)
LOG_WEIGHT = -0.5 * Z**2 - 0.5 * np.log(2 * np.pi) + np.log(Z[1] - Z[0])  # of the trapezoid rule, exact for such peaks


def log_choose(n, k):
    return -special.betaln(n - k + 1, k + 1) - np.log(n + 1)


def conditional(theta, d):
    """Return the log likelihood of events given their sum, all tables enumerated."""
    mu, tau = theta
    total = 0.0
    for a, n1, c, n2 in zip(d["a"], d["n1"], d["c"], d["n2"], strict=True):
        j = np.arange(max(0, a + c - n2), min(a + c, n1) + 1)
        ways = log_choose(n1, j) + log_choose(n2, a + c - j)

        t = mu + tau * Z
        log_p = ways[j == a] + a * t - special.logsumexp(ways + j * t[:, None], axis=1)
        total += special.logsumexp(log_p + LOG_WEIGHT)
    return total


def fixed_baselines(theta, d):
    """Return the log likelihood of both arms, maximised over each trial's baseline."""
    mu, tau = theta
    total = 0.0
    for a, n1, c, n2 in zip(d["a"], d["n1"], d["c"], d["n2"], strict=True):

        def own(alpha, a=a, n1=n1, c=c, n2=n2):
            up, down = alpha + (mu + tau * Z) / 2, alpha - (mu + tau * Z) / 2
            log_f = a * up - n1 * np.logaddexp(0, up) + c * down - n2 * np.logaddexp(0, down)
            return -(special.logsumexp(log_f + LOG_WEIGHT) + log_choose(n1, a) + log_choose(n2, c))

        start = np.log((a + c + 1) / (n1 + n2 - a - c + 1))
        total -= optimize.minimize_scalar(own, bracket=(start - 0.3, start + 0.3), options={"xtol": 1e-9}).fun
    return total


def hessian(f, theta, step=4e-3):
    """Return gradient and Hessian by central differences of the fourth order."""
    at = np.array([[f(theta + step * np.array([i, j])) for j in range(-2, 3)] for i in range(-2, 3)])
    one, two = np.array([1, -8, 0, 8, -1]) / (12 * step), np.array([-1, 16, -30, 16, -1]) / (12 * step**2)
    cross = one @ at @ one
    return np.array([one @ at[:, 2], one @ at[2]]), np.array([[two @ at[:, 2], cross], [cross, two @ at[2]]])


WRITTEN = {"CM.EL": conditional, "UM.FS": fixed_baselines}


@pytest.mark.parametrize("model", WRITTEN)
@pytest.mark.parametrize("name", ["sparse", "two"])
def test_maximum_is_that_of_the_integrated_likelihood(name, model):
    """At our estimates the likelihood's value is ours, its slope 0 and its curvature our standard error."""
    d = {role: np.array(x, float) for role, x in PINNED["data"][name].items()}
    keep = d["a"] + d["c"] > 0
    d = {role: x[keep] for role, x in d.items()}
    got = pool(d, "OR", model)
    theta = np.array([got.estimate, np.sqrt(got.tau2)])
    gradient, curvature = hessian(lambda t: WRITTEN[model](t, d), theta)
    assert got.loglik == pytest.approx(WRITTEN[model](theta, d), rel=1e-9)
    np.testing.assert_allclose(np.linalg.solve(curvature, gradient), 0, atol=1e-6)
    assert got.se == pytest.approx(np.sqrt(np.linalg.inv(-curvature)[0, 0]), rel=RTOL_EXACT)


def test_conditional_maximum_without_variance_is_higher_than_where_r_stops():
    d = {role: np.array(x, float) for role, x in PINNED["data"]["hine"].items()}
    want, got = PINNED["fits"]["hine"]["OR"]["CM.EL"], pool(d, "OR", "CM.EL")
    there = conditional([want["estimate"], np.sqrt(want["tau2"])], d)
    assert got.tau2 == 0
    assert got.loglik == pytest.approx(conditional([got.estimate, 0.0], d), rel=1e-10)
    assert got.loglik > there
    assert got.estimate == pytest.approx(want["estimate"], rel=1e-4)


@pytest.mark.parametrize("measure", ROLES)
def test_laplace_is_higher_than_where_r_stops(measure):
    """The estimate that rma.glmm gives by default, on its own approximation of the likelihood."""
    from metaonc.analysis.numeric.quadrature import Start
    from metaonc.analysis.pooling.counts.glmm_models import _arms, _guess_effect
    from metaonc.analysis.pooling.counts.two_effects import Trials, two_effects

    d = {role: np.array(x, float) for role, x in PINNED["data"]["bcg"].items()}
    want, got = PINNED["fits"]["bcg"][measure]["UM.RS"], pool(d, measure, "UM.RS")
    c = {role: d[column] for role, column in ROLES[measure].items()}
    surface = two_effects(Trials(*_arms(c), Start(np.full(13, -4.0), np.ones(13)), _guess_effect(c)), 1)

    def best(m, estimate, tau2, sigma2):
        return float(surface(np.array([m, estimate, np.sqrt(sigma2), np.sqrt(tau2)]), None).value)

    heights = [
        -optimize.minimize_scalar(lambda m, r=r: -best(m, *r), bracket=(-5, -2)).fun
        for r in ((got.estimate, got.tau2, got.sigma2), (want["estimate"], want["tau2"], want["sigma2"]))
    ]
    assert heights[0] == pytest.approx(got.loglik, rel=1e-12)
    assert heights[0] > heights[1]


def test_laplace_has_the_gradient_of_its_value():
    from metaonc.analysis.numeric.quadrature import Start
    from metaonc.analysis.pooling.counts.likelihoods import binomial
    from metaonc.analysis.pooling.counts.two_effects import Trials, two_effects

    d = {role: np.array(x, float) for role, x in PINNED["data"]["two"].items()}
    g = Start(np.zeros(2), np.ones(2))
    surface = two_effects(Trials(binomial(d["a"], d["n1"]), binomial(d["c"], d["n2"]), g, g), 1)
    at = np.array([-1.2, 0.4, 0.7, 0.9])
    steps = 1e-5 * np.eye(4)
    slopes = [(float(surface(at + s, None).value) - float(surface(at - s, None).value)) / 2e-5 for s in steps]
    np.testing.assert_allclose(surface(at, None).g, slopes, rtol=1e-8, atol=1e-9)


def test_random_baselines_integrated():
    """More points integrate over both effects: the value is that of the integral over a dense grid."""
    d = {role: np.array(x, float) for role, x in PINNED["data"]["two"].items()}
    got, more = pool(d, "OR", "UM.RS", points=15), pool(d, "OR", "UM.RS", points=31)
    assert got.estimate == pytest.approx(more.estimate, rel=1e-8)

    def value(m):
        total = 0.0
        for a, n1, c, n2 in zip(d["a"], d["n1"], d["c"], d["n2"], strict=True):
            base = m + np.sqrt(got.sigma2) * Z[:, None]
            half = (got.estimate + np.sqrt(got.tau2) * Z) / 2
            log_f = (a * (base + half) - n1 * np.logaddexp(0, base + half) + c * (base - half)
                     - n2 * np.logaddexp(0, base - half) + log_choose(n1, a) + log_choose(n2, c))  # fmt: skip
            total += special.logsumexp(log_f + LOG_WEIGHT + LOG_WEIGHT[:, None])
        return -total

    best = optimize.minimize_scalar(value, bracket=(-2, -1), options={"xtol": 1e-10})
    assert got.loglik == pytest.approx(-best.fun, rel=1e-9)


# ---- identities


@pytest.mark.parametrize(("measure", "model"), TWO_ARMED)
def test_arms_exchanged_turn_the_sign(measure, model):
    d = PINNED["data"]["two"]
    turned = {"a": d["c"], "n1": d["n2"], "c": d["a"], "n2": d["n1"]}
    one, other = pool(d, measure, model), pool(turned, measure, model)
    np.testing.assert_allclose([one.estimate, one.se, one.tau2], [-other.estimate, other.se, other.tau2], atol=1e-8)
    assert one.q_lrt == pytest.approx(other.q_lrt, rel=1e-8) or model == "UM.RS"  # saturated above control


def test_conditional_rates_are_proportions_of_the_sum():
    """With equal person-time the rate ratio's conditional model is that of the share of events in treatment."""
    d = PINNED["data"]["hine"] | {"n1": [50.0] * 6, "n2": [50.0] * 6, "a": [2, 14, 6, 7, 1, 11]}
    rates = pool(d, "IRR", "CM.EL")
    shares = mo.pool_glmm({"x": d["a"], "n": np.add(d["a"], d["c"])}, events="x", n="n")
    for field in ("estimate", "se", "tau2", "loglik", "q_lrt", "q_wald"):
        assert getattr(rates, field) == pytest.approx(getattr(shares, field), rel=1e-9), field


def test_rare_events_make_the_exact_and_the_approximate_likelihood_one():
    d = {"a": [3, 9, 2, 5], "c": [6, 4, 8, 5], "n1": [2e6, 3e6, 1e6, 2e6], "n2": [1e6, 3e6, 2e6, 2e6]}
    exact, approximate, rates = pool(d, "OR", "CM.EL"), pool(d, "OR", "CM.AL"), pool(d, "IRR", "CM.EL")
    assert exact.estimate == pytest.approx(approximate.estimate, rel=1e-4)
    assert exact.tau2 == pytest.approx(approximate.tau2, rel=1e-4)
    assert approximate.estimate == pytest.approx(rates.estimate, rel=1e-12)


def test_without_variance_rates_with_fixed_baselines_are_the_conditional_ones():
    d = PINNED["data"]["hine"]
    fixed, given_sum = pool(d, "IRR", "UM.FS"), pool(d, "IRR", "CM.EL")
    assert (fixed.tau2, given_sum.tau2) == (0, 0)
    np.testing.assert_allclose([fixed.estimate, fixed.se], [given_sum.estimate, given_sum.se], rtol=1e-10)


def test_unit_of_time_shifts_the_log_rate():
    d = PINNED["data"]["bcg"]
    years = mo.pool_glmm(d, measure="IRLN", events="a", time="n1")
    months = mo.pool_glmm(d | {"n1": np.multiply(12, d["n1"])}, measure="IRLN", events="a", time="n1")
    assert months.estimate == pytest.approx(years.estimate - np.log(12), rel=1e-10)
    np.testing.assert_allclose([months.se, months.tau2, months.loglik], [years.se, years.tau2, years.loglik], rtol=1e-8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=6), st.sampled_from(TWO_ARMED))
def test_sparse_counts_converge_or_say_so(cells, which):
    """Whatever the counts of arms of 30: a maximum no lower than that without variance, or a named error."""
    cells = [cell for cell in cells if sum(cell)]
    assume(len(cells) > 1)
    d = {"a": [a for a, _ in cells], "c": [c for _, c in cells], "n1": [30] * len(cells), "n2": [30] * len(cells)}
    try:
        r = pool(d, *which)
    except ConvergenceError:
        assume(False)
    assert np.isfinite([r.estimate, r.se, r.tau2, r.q_lrt, r.q_wald]).all()
    assert r.se > 0
    assert -1e-9 <= r.tau2 < 2500
    assert r.ci_low < r.estimate < r.ci_high


# ---- what is told and refused


def test_trials_without_events_are_left_out_with_a_reason():
    r = quiet(PINNED["data"]["sparse"], "OR", "CM.EL")
    assert (r.k, r.provenance.rows_in) == (5, 6)
    assert "no events in either arm" in r.provenance.dropped[0]
    full = {"a": [3, 5, 9], "n1": [30, 5, 31], "c": [4, 7, 8], "n2": [29, 7, 30]}
    with pytest.warns(DataWarning, match="only events in both arms"):
        assert pool(full, "OR", "UM.FS").k == 2


def test_own_estimates_of_trials_with_an_empty_cell_are_shown_corrected():
    r = quiet(PINNED["data"]["sparse"], "OR", "UM.FS")
    assert r.studies.yi[0] == pytest.approx(np.log(0.5 / 20.5) - np.log(3.5 / 19.5))
    assert any("1/2 added" in note for note in r.provenance.notes)
    assert np.isfinite(r.study_table(transform=True)["ci_high"]).all()


@pytest.mark.parametrize(("measure", "model"), TWO_ARMED)
def test_a_ratio_without_a_maximum_is_an_error(measure, model):
    d = {"a": [0, 0, 0], "n1": [30, 40, 50], "c": [3, 5, 1], "n2": [30, 40, 50]}
    with pytest.raises(ConvergenceError, match="ratio is 0, and its likelihood has no maximum"):
        pool(d, measure, model)


@pytest.mark.parametrize("model", ["UM.FS", "UM.RS", "CM.EL"])
def test_variance_without_bound_is_an_error(model):
    d = {"a": [0, 400], "n1": [400, 400], "c": [400, 0], "n2": [400, 400]}
    with pytest.raises(ConvergenceError, match=r"grew past 50 .* no maximum was found\. effect_sizes and pool"):
        pool(d, "OR", model)


def test_one_trial_has_its_own_ratio():
    r = pool({"a": [7], "n1": [40], "c": [12], "n2": [41]}, "OR", "UM.FS", ci="t")
    assert r.estimate == pytest.approx(np.log(7 / 33 / (12 / 29)))
    assert r.se == pytest.approx(np.sqrt(1 / 7 + 1 / 33 + 1 / 12 + 1 / 29))
    assert (r.ci, r.q_df) == ("wald", 0)
    assert np.isnan(r.tau2)


ALONE = {"a": [30], "n1": [40], "c": [20], "n2": [41]}


def test_one_trial_of_a_conditional_model_has_the_ratio_of_the_model_wherever_it_is_told():
    """CM.AL is the ratio of rates given the events of both arms, CM.EL the mode of the noncentral hypergeometric."""
    rates = pool(ALONE, "OR", "CM.AL")
    estimate, se = np.log(30 / 40 / (20 / 41)), np.sqrt(1 / 30 + 1 / 20)
    np.testing.assert_allclose([rates.estimate, rates.se], [estimate, se], rtol=1e-8)
    assert rates.p_value == pytest.approx(2 * special.ndtr(-estimate / se), rel=1e-7)
    exact = pool(ALONE, "OR", "CM.EL")
    x = np.arange(9, 41)  # treated patients with the event, of 50 with it
    p = special.comb(40, x) * special.comb(41, 50 - x) * np.exp(exact.estimate * x)
    mean = (p * x).sum() / p.sum()
    assert mean == pytest.approx(30, rel=1e-7)  # the score equation
    for r, shown in ((rates, "1.54 (95% CI 0.87 to 2.71)"), (exact, "3.10 (95% CI 1.22 to 7.91)")):
        assert not r.is_single
        assert shown in str(mo.results_text(r))
        overall = r.tidy(transform=True).iloc[-1]
        np.testing.assert_allclose(overall["estimate"], np.exp(r.estimate))
        np.testing.assert_allclose(r.confidence_interval(transform=True), np.exp([r.ci_low, r.ci_high]))
        rows = forest_rows(r).rows
        assert rows["effect"][rows["kind"] == "pooled"].tolist() == [shown.replace("95% CI ", "")]
        for text in (str(r), str(mo.table(r)), str(mo.methods_text(r))):
            assert "equal effects" not in text
    assert "one trial: the odds ratio of the model, not its own, with a normal interval" in str(exact)
    assert pool(ALONE, "OR", "UM.FS").is_single


def test_a_subgroup_of_one_trial_by_a_conditional_model_has_a_pool_of_its_own():
    table = {
        "trial": list("TUV"),
        "a": [30, 3, 5],
        "n1": [40, 20, 21],
        "c": [20, 6, 8],
        "n2": [41, 21, 20],
        "g": list("xyy"),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.DataWarning)
        r = mo.pool_subgroups(table, by="g", using=mo.pool_glmm, measure="OR", model="CM.AL", events_t="a", n_t="n1",
                              events_c="c", n_c="n2", study="trial")  # fmt: skip
    rows = forest_rows(r).rows
    assert rows["effect"][rows["kind"] == "pooled"].iloc[0] == "1.54 (0.87 to 2.71)"


def test_no_event_has_the_exact_interval_of_a_rate():
    r = mo.pool_glmm({"x": [0, 0], "t": [10.0, 20.0]}, measure="IRLN", events="x", time="t")
    assert r.natural(r.estimate) == 0
    # no event: exp(-rate * time) is the tail
    assert r.natural(r.ci_high) == pytest.approx(-np.log(0.025) / 30)
    assert r.ci == "exact"


REFUSED = [
    (lambda d: pool(d, "OR", "CM.XX"), OptionError, r"model='CM.XX' is not an option; choose from 'UM.FS', 'UM.RS'"),
    (lambda d: pool(d, "IRR", "CM.AL"), OptionError, r"choose from 'UM.FS', 'UM.RS', 'CM.EL'"),
    (lambda d: mo.pool_glmm(d, events="a", n="n1", model="UM.FS"), OptionError, "leave out model='UM.FS'"),
    (lambda d: mo.pool_glmm(d, events="a"), ColumnError, r"measure 'PLO' needs events=..., n=...; n is not given"),
    (lambda d: mo.pool_glmm(d, events="a", n="n1", time="n2"), OptionError, "no use for time='n2'"),
    (lambda d: mo.pool_glmm(d, measure="IRLN", events="a", time="zero"), DataError, r"row 0.*time=0"),
    (lambda d: pool(d | {"a": [50, 9]}, "OR", "CM.EL"), DataError, r"row 0.*events_t=50 exceeds n_t=40"),
    (lambda d: pool(d | {"a": [0, 0], "c": [0, 0]}, "OR", "CM.EL"), DataError, "no row has counts that say anything"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_refusals_name_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call(PINNED["data"]["two"] | {"zero": [0, 1]})


# ---- the result


@pytest.mark.parametrize(("measure", "model"), TWO_ARMED)
def test_a_result_has_what_every_result_has(measure, model):
    r = quiet(PINNED["data"]["sparse"], measure, model)
    assert r.glance()[["k", "model", "points"]].to_numpy().tolist() == [[5, model, r.points]]
    assert len(r.tidy(transform=True)) == 6
    assert json.dumps(r.to_dict())
    assert GLMM_MODELS[measure, model].label.capitalize() in r.summary()
    np.testing.assert_allclose(r.confidence_interval(0.95), [r.ci_low, r.ci_high])
    assert r.weights.sum() == pytest.approx(100)


def scripts():
    sys.path.insert(0, str(SCRIPTS))
    try:
        from glmm_scripts import results
    finally:
        sys.path.remove(str(SCRIPTS))
    return results()


def test_scripts_are_those_that_r_ran_and_r_arrives_at_the_result():
    pinned = json.loads((SCRIPTS / "glmm_scripts.json").read_text(encoding="utf-8"))
    for name, (result, _fields) in scripts().items():
        assert_same_script(result.r_code(), pinned[name]["script"])
        for field, want in pinned[name]["r"].items():
            # q_lrt of random baselines: R has Laplace's likelihood there
            rtol = 3e-3 if field == "q_lrt" and "UM.RS" in name else 5e-4
            assert getattr(result, field) == pytest.approx(want, rel=rtol), (name, field)


def test_random_baselines_where_treatment_has_no_rate_of_its_own():
    """The pooled model has a maximum; the one with an effect for each trial has none, so there is no test."""
    r = pool({"a": [3, 0], "n1": [3, 2], "c": [3, 2], "n2": [7, 4]}, "OR", "UM.RS")
    assert np.isfinite([r.estimate, r.se, r.tau2]).all()
    assert np.isnan([r.q_lrt, r.q_wald, r.q_lrt_p]).all()


def test_random_baselines_do_not_stop_at_a_saddle():
    """tests/reference/glmm_saddle.R: a baseline variance of 0 is flat, and here no maximum."""
    want = load("glmm_saddle")
    r = mo.pool_glmm(want["data"], measure="OR", model="UM.RS", events_t="a", n_t="n1", events_c="c", n_c="n2")
    assert r.loglik == pytest.approx(want["loglik"], abs=1e-7)
    for field in ("estimate", "se", "tau2", "sigma2"):
        assert getattr(r, field) == pytest.approx(want[field], rel=1e-4), field
