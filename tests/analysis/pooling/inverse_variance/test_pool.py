"""pool against R's metafor, method by method: a new record of a table fails here until it has a reference."""

import contextlib

import numpy as np
import pandas as pd
import pytest
from numpy.linalg import eigvalsh
from reference.pinned import load
from scipy import integrate

import metaonc as mo
from metaonc.analysis.methods.heterogeneity import TAU2_INTERVALS
from metaonc.analysis.methods.intervals import CI_METHODS, PREDICTION_METHODS
from metaonc.analysis.methods.tau2 import TAU2_METHODS
from metaonc.analysis.numeric.normal_likelihood import log_likelihood, maximise

SETS = load("pooling")["sets"]
# metafor's iterations stop at steps of 1e-12, which is 1e-8 of the smallest tau2 here (set "small")
RTOL = 1e-8
# the root finders of metafor's intervals of tau2 have an absolute tolerance of 1e-13, and the likelihood at its limit
# is flat: its 1e-15 relative error in the height moves the root by about 1e-8
RTOL_INTERVAL = 1e-6

# metafor's hc integrates to a relative 1e-4, which shows in the fifth digit of its limits (set "three"); the reference
# was made with an integral to 1e-11, and a root to 1e-12
RTOL_HC = 1e-8
# others have a test and a witness of their own
IN_METAFOR = [code for code, method in TAU2_METHODS.items() if method.r_method]
# which methods an interval is made for, where not for all
MADE_FOR = {"KR": ["REML"], "KR-PR": ["REML"], "HC": ["DL"]}
WITNESSED_ELSEWHERE = {"NNF"}  # metafor has it not; see test_nagashima

MODEL = ("tau2", "se_tau2", "i2", "h2", "q", "q_p", "loglik", "aic", "bic")
TEST = ("estimate", "se", "ci_low", "ci_high", "statistic", "p_value")


def agree(got, want, rtol=RTOL, message=""):
    want = np.nan if want is None else want
    np.testing.assert_allclose(got, want, rtol=rtol, atol=0, equal_nan=True, err_msg=message)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", IN_METAFOR)
def test_heterogeneity_and_fit_are_those_of_metafor(name, method):
    want = SETS[name]["fits"][method]
    got = mo.pool(SETS[name]["data"], method=method, ci="wald")
    for field in MODEL:
        agree(getattr(got, field), want[field], message=field)
    if want["weights"]:  # left out of the file for the largest set
        agree(got.weights, want["weights"])


def pairs(table):
    return [(method, code) for code in table for method in MADE_FOR.get(code, IN_METAFOR)]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("method", "ci"), pairs([code for code, m in CI_METHODS.items() if m.r_test or m.r_function]))
def test_estimates_and_intervals_are_those_of_metafor(name, method, ci):
    want = SETS[name]["fits"][method]["ci"][ci]
    got = mo.pool(SETS[name]["data"], method=method, ci=ci)
    if got.is_certain:  # equal effects: R divides by an error of 0, to an infinite t and p = 0; here is no test
        assert (np.isinf(want["statistic"]), want["p_value"], want["se"]) == (True, 0, 0)
        assert np.isnan([got.statistic, got.p_value]).all()
        want = {field: value for field, value in want.items() if field not in ("statistic", "p_value")}
    for field in want:
        agree(getattr(got, field), want[field], RTOL_HC if ci == "HC" else RTOL, field)


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    ("method", "prediction"),
    [(m, p) for m, p in pairs([p for p in PREDICTION_METHODS if p not in WITNESSED_ELSEWHERE]) if m != "CE"],
)
def test_prediction_intervals_are_those_of_metafor(name, method, prediction):
    want = SETS[name]["fits"][method]["prediction"][prediction]
    got = mo.pool(SETS[name]["data"], method=method, ci="t" if prediction == "t" else "wald", prediction=prediction)
    if got.k == 2 and prediction in ("HTS", "HK-PR"):
        want = [np.nan, np.nan]  # metafor takes 1 degree of freedom where none is left; here there is no interval
    agree([got.prediction_low, got.prediction_high], want)


def imhof(q, weights, variance):
    """Return P(Q <= q) by Imhof's (1961) integral over the eigenvalues of the quadratic form."""
    a = np.diag(weights) - np.outer(weights, weights) / weights.sum()
    root = np.sqrt(variance)
    eigenvalues = eigvalsh(root[:, None] * a * root)[1:]

    def integrand(u):
        angle = 0.5 * np.arctan(eigenvalues * u).sum() - 0.5 * q * u
        return np.sin(angle) / u * envelope(u)

    def envelope(u):
        return np.prod((1 + (eigenvalues * u) ** 2) ** -0.25)

    total, start, period = 0.0, 0.0, 4 * np.pi / q
    while start == 0 or envelope(start) > 1e-10:
        total += integrate.quad(integrand, start, start + period, epsabs=1e-12)[0]
        start += period
    return 0.5 - total / np.pi


@pytest.mark.parametrize("name", ["bcg", "many", "wide", "large"])  # so many trials that the integral ends soon
@pytest.mark.parametrize(("kind", "power"), [("BJ", 1.0), ("J", 0.5)])
def test_intervals_by_the_exact_distribution_of_q_hold_their_tails(name, kind, power):
    y, v = (np.array(SETS[name]["data"][c]) for c in ("yi", "vi"))
    a = v**-power
    q = (a * (y - (a * y).sum() / a.sum()) ** 2).sum()
    for tau2, below in zip(mo.pool(SETS[name]["data"]).tau2_ci(kind), (0.975, 0.025), strict=True):
        if tau2 > 0:
            assert imhof(q, a, v + tau2) == pytest.approx(below, abs=1e-8)
        else:
            assert imhof(q, a, v) <= below


def test_every_interval_of_tau2_is_tested_here():
    assert set(TAU2_INTERVALS) == {"QP", "PL", "BJ", "J"}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("field", "level"), [("qp", 0.95), ("qp_80", 0.8)])
def test_q_profile_interval_is_that_of_metafor(name, field, level):
    got = mo.pool(SETS[name]["data"], method="DL", ci="wald", level=level)
    is_empty = not any(SETS[name][field])  # metafor says so, too
    with pytest.warns(mo.MethodWarning, match="set of tau² is empty") if is_empty else contextlib.nullcontext():
        low, high = got.tau2_ci()
        shares = got.i2_ci()
    agree((low, high), SETS[name][field], RTOL_INTERVAL)
    s2 = got.typical_variance
    agree(shares, [100 * low / (low + s2), 100 * high / (high + s2)])


@pytest.mark.parametrize("name", [name for name in SETS if SETS[name]["pl_ml"]])
@pytest.mark.parametrize("method", ["ML", "REML"])
def test_profile_likelihood_interval_is_that_of_metafor(name, method):
    got = mo.pool(SETS[name]["data"], method=method).tau2_ci("PL")
    agree(got, SETS[name]["pl_" + method.lower()], RTOL_INTERVAL)


@pytest.mark.parametrize(("name", "method"), [("peaks_low", "REML"), ("peaks_high", "ML")])
def test_the_highest_of_several_maxima_counts(name, method):
    """With its own start metafor climbs a lower maximum: its own likelihood says that ours is the higher one."""
    stuck = SETS[name]["fits"][method]["default_start"]
    got = mo.pool(SETS[name]["data"], method=method)
    assert got.loglik > stuck["loglik"] + 0.1
    assert abs(got.tau2 - stuck["tau2"]) > 0.1
    y, v = (np.array(SETS[name]["data"][c]) for c in ("yi", "vi"))
    agree(log_likelihood(stuck["tau2"], y, v, None, method == "REML"), stuck["loglik"])


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("method", ["ML", "REML"])
def test_no_start_of_metafor_is_better_than_ours(name, method):
    start = SETS[name]["fits"][method]["default_start"]
    got = mo.pool(SETS[name]["data"], method=method)
    assert got.loglik >= start["loglik"] - 1e-12 * abs(start["loglik"])


def test_scan_of_the_likelihood_is_fine_enough():
    """Of many random tables with very unequal variances no finer scan finds a higher likelihood."""
    rng = np.random.default_rng(5)
    v = 10.0 ** rng.uniform(-4, 1, (400, 5))
    y = rng.normal(0, 2, (400, 5))
    grid = np.concatenate([[0.0], np.geomspace(1e-6, 1e3, 300)])
    for restricted in (False, True):
        best = log_likelihood(maximise(y, v, None, restricted), y, v, None, restricted)
        scan = log_likelihood(grid, y[:, None], v[:, None], None, restricted).max(-1)
        assert (best >= scan - 1e-10).all()


def test_maxima_of_nearly_one_height_are_told_apart():
    """The maximum at 0 is lower by 0.012, less than the likelihood changes between points of a coarse scan."""
    y = np.array([-1.406, 0.0, 1.0, 0.531, 1.0, 3.0, -2.219])
    v = np.array([1.0, 0.1, 1.0, 0.00316, 1.0, 1.0, 1.0])
    grid = np.geomspace(1e-6, 1e3, 4000)
    heights = log_likelihood(grid, y[None], v[None], None, False)
    tau2 = float(maximise(y, v, None, False))
    assert tau2 == pytest.approx(grid[heights.argmax()], rel=0.01)
    assert log_likelihood(tau2, y, v, None, False) > log_likelihood(0.0, y, v, None, False) + 0.01


def test_two_trials_have_a_note_and_no_prediction_interval():
    r = mo.pool(SETS["mek"]["data"])
    assert r.prediction is None
    assert np.isnan(r.prediction_low)
    assert any("two trials" in note for note in r.provenance.notes)
    assert mo.pool(SETS["mek"]["data"], method="CE").provenance.notes == ()


@pytest.mark.parametrize(("method", "ci"), pairs(CI_METHODS))
def test_one_trial_is_its_own_estimate(method, ci):
    r = mo.pool({"yi": [0.3], "vi": [0.04]}, method=method, ci=ci)
    z = 1.959963984540054
    agree([r.estimate, r.se, r.ci_low, r.ci_high], [0.3, 0.2, 0.3 - 0.2 * z, 0.3 + 0.2 * z], 1e-14)
    assert r.ci == "wald"
    assert np.isnan([r.i2, r.se_tau2, r.prediction_low]).all()
    assert (r.tau2 == 0) if method == "CE" else np.isnan(r.tau2)
    assert any("one trial" in note for note in r.provenance.notes)


def test_known_tau2_is_used_as_it_is():
    data = SETS["bcg"]["data"]
    estimated = mo.pool(data, ci="wald")
    given = mo.pool(data, ci="wald", tau2=estimated.tau2)
    for field in (*TEST, "tau2", "i2", "q", "prediction_low"):
        assert getattr(given, field) == getattr(estimated, field)
    assert np.isnan(given.se_tau2)


@pytest.mark.parametrize("prediction", [p for p in PREDICTION_METHODS if p != "wald"])
def test_one_trial_has_no_prediction_interval_by_a_t_quantile(prediction):
    """Its degrees of freedom are none: R's qt gives NaN. With tau² known a normal one is left: 0.14 is v + 2 tau²."""
    table = {"yi": [0.3], "vi": [0.04]}
    r = mo.pool(table, prediction=prediction, tau2=0.05)
    assert np.isnan([r.prediction_low, r.prediction_high]).all()
    normal = mo.pool(table, prediction="wald", tau2=0.05)
    agree(
        [normal.prediction_low, normal.prediction_high], 0.3 + 1.959963984540054 * 0.14**0.5 * np.array([-1, 1]), 1e-14
    )


def test_common_effect_ignores_the_prediction_interval():
    r = mo.pool(SETS["bcg"]["data"], method="CE", ci="wald", prediction="t")
    assert (r.prediction, r.tau2) == (None, 0.0)
    assert np.isnan([r.prediction_low, r.prediction_high]).all()


def test_narrow_hartung_knapp_interval_has_advice():
    assert "Advice: ci='HKSJ-adhoc'" in str(mo.pool(SETS["homogeneous"]["data"]))
    assert "Advice" not in str(mo.pool(SETS["homogeneous"]["data"], ci="HKSJ-adhoc"))


def test_a_trial_of_several_rows_has_a_caution():
    r = mo.pool({"t": ["A", "A", "B"], "yi": [0.1, 0.2, 0.4], "vi": [0.1, 0.2, 0.1]}, study="t")
    assert (r.k, r.trials) == (3, 2)
    assert any("A gives more than one row" in text for text in r.provenance.cautions)


def test_one_trial_has_no_interval_of_tau2():
    for kind in ("QP", "PL", "BJ", "J"):
        assert np.isnan(mo.pool({"yi": [0.3], "vi": [0.2]}).tau2_ci(kind)).all()


def test_an_empty_set_of_tau2_is_said():
    r = mo.pool({"yi": [0.3, 0.3, 0.301, 0.3], "vi": [0.2] * 4})
    for kind in ("QP", "BJ", "J"):
        with pytest.warns(mo.MethodWarning, match=f"the {kind} set of tau² is empty at this level"):
            assert r.tau2_ci(kind) == (0.0, 0.0)


VERBS_OF_CI = {
    "pool": lambda t, **o: mo.pool(t, **o),
    "regress": lambda t, **o: mo.regress(t, "~ 1", **o),
    "interaction": lambda t, **o: mo.interaction(t, study="trial", by="g", contrast=("a", "b"), **o),
}
SIX = {"trial": list("AABBCC"), "g": ["a", "b"] * 3, "yi": [0.1, 0.5, -0.2, 0.4, 0.3, 0.2], "vi": [0.04, 0.03] * 3}


@pytest.mark.parametrize("verb", VERBS_OF_CI)
def test_a_common_effect_has_a_normal_interval_unless_another_is_asked_for(verb):
    table = {name: column if verb == "interaction" else column[:4] for name, column in SIX.items()}
    if verb != "interaction":
        table["trial"] = list("ABCD")
    plain, wald, hk = (VERBS_OF_CI[verb](table, method="CE", **o) for o in ({}, {"ci": "wald"}, {"ci": "HKSJ"}))
    assert (plain.ci, hk.ci) == ("wald", "HKSJ")
    assert VERBS_OF_CI[verb](table).ci == "HKSJ"  # of random effects
    pd.testing.assert_frame_equal(plain.tidy(), wald.tidy())
    assert not plain.tidy()["ci_low"].equals(hk.tidy()["ci_low"])


def test_the_interval_of_a_common_effect_is_that_of_the_variances():
    y, v = np.array(SIX["yi"]), np.array(SIX["vi"])
    r = mo.pool({"yi": y, "vi": v}, method="CE")
    mean, se = (y / v).sum() / (1 / v).sum(), (1 / v).sum() ** -0.5
    np.testing.assert_allclose(
        [r.ci_low, r.ci_high], [mean - 1.959963984540054 * se, mean + 1.959963984540054 * se], rtol=1e-12
    )
    many = mo.pool_many(y[None], v[None], method="CE")
    np.testing.assert_allclose(many[["ci_low", "ci_high"]].to_numpy()[0], [r.ci_low, r.ci_high], rtol=1e-12)
    assert mo.pool({"yi": y, "vi": v}, method="CE", tau2=0.1).ci == "HKSJ"  # known, and not 0


def test_subgroups_of_a_common_effect_are_compared_by_chi_square():
    r = mo.pool_subgroups(SIX, by="g", method="CE")
    assert {group.ci for group in r.groups.values()} == {"wald"}
    chi = float(np.diff([group.estimate for group in r.groups.values()])[0]) ** 2 / sum(
        group.se**2 for group in r.groups.values()
    )
    assert f"Between subgroups: Q {chi:.4g} (1 df)" in str(r)
