"""Tests of asymmetry against metafor and lm (tests/reference/small_study_effects.R)."""

import itertools

import numpy as np
import pytest
from reference import pinned

import metaonc as mo
from metaonc.analysis.numeric.asymmetry.hypergeometric import moments
from metaonc.analysis.numeric.asymmetry.kendall import kendall
from metaonc.errors import ColumnError, DataError, OptionError

R = pinned.load("small_study_effects")
METHODS = {"EE": "CE"}
CI = {"z": "wald", "knha": "HKSJ"}
# closed forms by R, and regressions whose tau² R climbs to in steps of 1e-12
EXACT, CLIMBED = 1e-9, 1e-5
SIZED = {"ni", "ninv", "sqrtni", "sqrtninv"}
TRIALS = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}


def pool(name, method="REML", ci="wald", **options):
    return mo.pool(R["sets"][name], measure="OR", method=METHODS.get(method, method), ci=ci, **options)


def counted(**options):
    es = mo.effect_sizes(R["counts"], measure="OR", events_t="a", n_t="n", events_c="c", n_c="m")
    return mo.pool(es, ci="wald", **options)


@pytest.mark.parametrize(
    "case", R["regressions"], ids=lambda c: "-".join(c[x] for x in ("set", "model", "predictor", "method", "test"))
)
def test_regressions(case):
    ci = CI[case["test"]]
    n = "ni" if case["predictor"] in SIZED else None
    t = mo.bias.egger(
        pool(case["set"], case["method"], ci), model=case["model"], predictor=case["predictor"], n=n
    )  # fmt: skip
    rel = CLIMBED if case["method"] == "REML" and case["model"] == "random" else EXACT
    assert t.statistic == pytest.approx(case["statistic"], rel=rel)
    assert t.p_value == pytest.approx(case["p"], rel=10 * rel)
    assert t.df == case["df"]
    if isinstance(case["limit"], float) and np.isfinite(case["limit"]):
        got = [t.limit, t.limit_low, t.limit_high]
        assert got == pytest.approx([case["limit"], case["low"], case["high"]], rel=rel, abs=rel)
    else:
        assert np.isnan(t.limit)


@pytest.mark.parametrize("name", ["harbord", "peters", "deeks", "macaskill"])
def test_tests_of_counts(name):
    t = mo.bias.regression_test(counted(), test=name)
    assert [t.slope, t.slope_se, t.statistic, t.p_value] == pytest.approx(R["tests"][name], rel=EXACT)


def test_thompson():
    t = mo.bias.regression_test(counted(), test="thompson")
    assert [t.slope, t.slope_se, t.statistic, t.p_value] == pytest.approx(R["tests"]["thompson"], rel=CLIMBED)
    assert t.df == 11
    same = mo.bias.egger(counted(), model="random")
    assert (same.statistic, same.df) == (t.statistic, np.inf)


def test_pustejovsky_is_a_line_on_the_sizes_of_both_arms():
    """R has no function of it here: by definition it is Egger's test on 1/sqrt(n), 1/n the sum of both arms'."""
    table = {"m": [3, 2.4, 4.1, 3.2], "s": [1, 1.2, 0.9, 1.1], "n": [20, 45, 12, 80],
             "mc": [2.1, 2.2, 2.5, 2.9], "sc": [1, 1, 1.1, 0.8], "nc": [22, 40, 15, 79]}  # fmt: skip
    es = mo.effect_sizes(table, measure="SMD", mean_t="m", sd_t="s", n_t="n", mean_c="mc", sd_c="sc", n_c="nc")
    n = es["n"] * es["nc"] / (es["n"] + es["nc"])
    t = mo.bias.regression_test(mo.pool(es), test="pustejovsky")
    same = mo.bias.egger(mo.pool(es.assign(size=n)), predictor="sqrtninv", n="size")
    assert (t.statistic, t.p_value) == (same.statistic, same.p_value)


@pytest.mark.parametrize("case", R["ranks"], ids=lambda c: c["set"])
def test_ranks(case):
    t = mo.bias.begg(pool(case["set"]))
    assert [t.statistic, t.p_value] == pytest.approx([case["tau"], case["p"]], rel=EXACT)
    assert t.exact == (case["set"] != "tied")


def test_schwarzer():
    t = mo.bias.rank_test(counted(), test="schwarzer", exact=False)
    assert [t.statistic, t.p_value] == pytest.approx(R["tests"]["schwarzer"], rel=EXACT)


@pytest.mark.parametrize("k", [2, 3, 4, 5, 6])
def test_the_exact_distribution_of_scores_is_that_of_all_orders(k):
    x = np.arange(float(k))
    scores = np.array([kendall(x, np.array(order, float)).score for order in itertools.permutations(range(k))])
    for order in itertools.permutations(range(k)):
        found = kendall(x, np.array(order, float))
        assert found.p == pytest.approx(min(1, 2 * min(np.mean(scores >= found.score), np.mean(scores <= found.score))))


def test_small_p_values_of_the_exact_distribution_keep_their_digits():
    import math

    x = np.arange(40.0)
    assert kendall(x, x).p == pytest.approx(2 / math.factorial(40), rel=1e-12)
    swapped = np.concatenate([[1.0, 0.0], x[2:]])  # one pair of all is discordant: 39 orders have one, and one none
    assert kendall(x, swapped).p == pytest.approx(2 * 40 / math.factorial(40), rel=1e-12)


def test_moments_without_an_effect_are_the_hypergeometric_ones():
    mean, variance = moments(9, 20, 31, 1.0)
    assert mean == pytest.approx(9 * 20 / 51, rel=1e-12)
    assert variance == pytest.approx(9 * 20 * 31 * 42 / (51**2 * 50), rel=1e-12)


def test_a_larger_unit_changes_no_test():
    d = R["sets"]["skewed"]
    for model in ("ols", "random"):
        one, other = (
            mo.bias.egger(mo.pool({**d, "ni": np.array(d["ni"]) * unit}), model=model, predictor="ni", n="ni")
            for unit in (1.0, 1e9)
        )
        assert other.statistic == pytest.approx(one.statistic, rel=1e-9)
        assert other.slope == pytest.approx(one.slope / 1e9, rel=1e-9)


def test_a_given_variance_stays():
    t = mo.bias.egger(mo.pool(TRIALS, tau2=0.04, ci="wald"), model="random")
    y, v = (np.array(TRIALS[x]) for x in ("yi", "vi"))
    x, w = np.column_stack([np.ones(5), np.sqrt(v)]), 1 / (v + 0.04)
    cov = np.linalg.inv(x.T @ (w[:, None] * x))
    assert t.statistic == pytest.approx((cov @ x.T @ (w * y))[1] / cov[1, 1] ** 0.5, rel=1e-10)
    assert t.tau2 == 0.04


def test_it_says_what_small_trials_show():
    assert "\nsmall trials had lower values of the log odds ratio" in str(mo.bias.egger(pool("skewed")))
    by_n = mo.bias.egger(pool("skewed"), predictor="ni", n="ni")
    assert by_n.slope > 0
    assert by_n.direction == -1
    assert "\nsmall trials had lower values" in str(by_n)
    mirrored = {**R["sets"]["skewed"], "yi": [-y for y in R["sets"]["skewed"]["yi"]]}
    assert mo.bias.egger(mo.pool(mirrored)).direction == 1


def told(t):
    return " ".join(str(c) for c in t.cautions)


def test_cautions():
    few = mo.bias.egger(mo.pool(TRIALS, measure="HR"))
    assert "with 5 trials asymmetry can hardly be told from chance" in told(few)
    assert "depends on the log odds ratio itself" in told(mo.bias.egger(pool("bcg")))
    assert "depends on" not in told(mo.bias.egger(pool("bcg"), predictor="ninv", n="ni"))
    assert "depends on" not in told(mo.bias.harbord(counted()))
    assert "no variance between trials" in told(mo.bias.egger(pool("bcg")))
    assert "no variance between trials" not in told(mo.bias.egger(pool("bcg"), model="random"))
    rates = {"x": [3, 9, 4, 20, 7], "n": [20, 40, 25, 61, 30]}
    one_arm = mo.pool(mo.effect_sizes(rates, measure="PLO", events="x", n="n"))
    assert "predictor='sqrtninv'" in told(mo.bias.egger(one_arm))
    assert "one arm" not in told(mo.bias.egger(one_arm, predictor="sqrtninv"))
    hazards = {"hr": [0.7, 0.8, 0.6], "p": [0.463, 0.205, 0.0076], "d": [9, 60, 50], "e": [8, 70, 60]}
    es = mo.effect_sizes(hazards, measure="HR", hr="hr", p="p", events_t="d", events_c="e")
    assert "1 trial has fewer than 20 events" in told(mo.bias.egger(mo.pool(es)))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mo.bias.egger(TRIALS), DataError, "Egger's test takes a result of pool, not dict"),
        (lambda: mo.bias.egger(mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.2]})), DataError, "3 trials or more"),
        (lambda: mo.bias.begg(mo.pool({"yi": [0.1, 0.2], "vi": [0.1, 0.2]})), DataError, "3 trials or more"),
        (lambda: mo.bias.egger(mo.pool({"yi": [0.1, 0.2, 0.3], "vi": [0.1] * 3})), DataError, "the same in all trials"),
        (lambda: mo.bias.begg(mo.pool({"yi": [0.1, 0.2, 0.3], "vi": [0.1] * 3})), DataError, "of the same precision"),
        (lambda: mo.bias.egger(mo.pool({"yi": [0.3] * 3, "vi": [0.1, 0.2, 0.3]})), DataError, "on one line exactly"),
        (lambda: mo.bias.egger(mo.pool({"yi": [0.1, 0.2, 0.3], "vi": [0.01, 0.04, 0.09]}), model="random"), DataError,
         "on one line exactly"),
        (lambda: mo.bias.begg(mo.pool({"yi": [0.3] * 3, "vi": [0.1, 0.2, 0.3]})), DataError, "effects are the same"),
        (lambda: mo.bias.egger(mo.pool(TRIALS), predictor="ni"), ColumnError, "name its column by n="),
        (lambda: mo.bias.egger(mo.pool(TRIALS), predictor="ni", n="size"), ColumnError, "'size' is not a column"),
        (lambda: mo.bias.egger(mo.pool(TRIALS), n="vi"), OptionError, "n= has no use for the standard error"),
        (lambda: mo.bias.egger(mo.pool({**TRIALS, "m": [9, 0, 3, 4, 5]}), predictor="ni", n="m"), DataError,
         r"trial '2' \(row 1\): n=0 is no size"),
        (lambda: mo.bias.egger(mo.pool(TRIALS), model="lm"), OptionError, "'ols', 'random'"),
        (lambda: mo.bias.regression_test(mo.pool(TRIALS), test="peter"), OptionError, "'peters'"),
        (lambda: mo.bias.regression_test(pool("bcg"), test="thompson", model="ols"), OptionError, "model= has no use"),
        (lambda: mo.bias.harbord(mo.pool(TRIALS, measure="HR")), OptionError, "this pool is of 'HR'"),
        (lambda: mo.bias.harbord(pool("bcg")), ColumnError, "the column events_t of this pool is not known"),
        (lambda: mo.bias.begg(pool("tied"), exact=True), OptionError, "some values are tied"),
        (lambda: mo.bias.egger(mo.pool({**TRIALS, "w": [1.0, 2, 3, 4, 5]}, method="GENQ", weights="w", ci="wald"),
                               model="random"), OptionError, "weights of your own are not known"),
    ],
)  # fmt: skip
def test_what_cannot_be_tested_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_correlated_rows_are_refused():
    r = mo.pool(TRIALS, covariance=np.diag(TRIALS["vi"]), ci="wald")
    for verb in (mo.bias.egger, mo.bias.begg, mo.bias.trim_fill, mo.bias.fail_safe_n, mo.bias.pet_peese):
        with pytest.raises(OptionError, match="correlated sampling errors"):
            verb(r)


def test_a_trial_that_says_nothing_is_named():
    table = {"trial": list("ABCD"), "a": [0, 3, 5, 9], "n": [20, 30, 31, 40], "c": [0, 6, 7, 10], "m": [21, 30, 29, 41]}
    es = mo.effect_sizes(table, measure="OR", events_t="a", n_t="n", events_c="c", n_c="m", study="trial")
    for test in ("harbord", "peters"):
        with pytest.raises(DataError, match=r"trial 'A' \(row 0\): .* no events in both arms"):
            mo.bias.regression_test(mo.pool(es, study="trial"), test=test)


def test_a_test_that_finds_nothing_asserts_no_asymmetry():
    even = {"yi": [-0.5, -0.2, -0.35, -0.4, -0.25, -0.36], "vi": [0.04, 0.03, 0.05, 0.06, 0.02, 0.09]}
    for made, said in (
        (mo.bias.egger(mo.pool(even)), "no evidence that small trials had other values of the effect than large ones"),
        (mo.bias.begg(mo.pool(even)), "; no evidence of asymmetry."),
    ):
        assert made.p_value > 0.1
        assert said in str(mo.results_text(made))
    one = mo.bias.egger(mo.pool(even))
    assert one.trend in str(one)
    assert mo.bias.egger(pool("skewed")).p_value < 0.1
    assert "no evidence" not in str(mo.results_text(mo.bias.egger(pool("skewed"))))
