"""The test of excess significance and fail-safe N against metafor."""

import itertools

import numpy as np
import pytest
from reference import pinned
from scipy.special import ndtr

import metaonc as mo
from metaonc.errors import DataError, OptionError

R = pinned.load("small_study_effects")
EXACT, QUADRATURE = 1e-9, 1e-5  # metafor averages power over true effects by a quadrature that it stops at 1e-4
ALTERNATIVES, TESTS = {"two.sided": "two-sided"}, {"binom": "binomial"}


def pool(name, method="DL", **options):
    return mo.pool(R["sets"][name], measure="OR", method=method, ci="wald", **options)


@pytest.mark.parametrize(
    "case", R["excess"], ids=lambda c: "-".join(c[x] for x in ("set", "test", "alternative", "effect"))
)
def test_excess_significance(case):
    t = mo.bias.excess_significance(
        pool(case["set"]), effect=case["effect"], test=TESTS.get(case["test"], case["test"]),
        alternative=ALTERNATIVES.get(case["alternative"], case["alternative"]),
    )  # fmt: skip
    rel = EXACT if case["effect"] == "common" else QUADRATURE
    assert t.observed == case["observed"]
    assert [t.expected, t.theta] == pytest.approx([case["expected"], case["theta"]], rel=rel)
    assert t.power == pytest.approx(case["power"], rel=10 * rel, abs=1e-12)
    assert t.p_value == pytest.approx(case["p"], rel=10 * rel)


def test_averaged_power_is_that_over_true_effects():
    r, z = pool("skewed"), 1.959963984540054  # R: qnorm(0.975)
    t = mo.bias.excess_significance(r, effect="pooled")
    u = np.linspace(-9, 9, 20_001)
    density = np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi)
    mu = r.estimate + r.tau2**0.5 * u
    for se, power in zip(np.sqrt(r.studies.vi), t.power, strict=True):
        sure = ndtr(mu / se - z) + ndtr(-z - mu / se)
        assert power == pytest.approx((sure * density).sum() * (u[1] - u[0]), rel=1e-9)


def test_the_exact_test_adds_up_all_outcomes():
    t = mo.bias.excess_significance(pool("skewed", "CE"))
    p = t.power
    every = itertools.product([0, 1], repeat=len(p))
    chance = sum(np.prod(np.where(o, p, 1 - p)) for o in map(np.array, every) if o.sum() >= t.observed)
    assert t.p_value == pytest.approx(chance, rel=1e-10)


def test_mirrored_effects_are_significant_on_the_other_side():
    s = R["sets"]["skewed"]
    other = mo.pool({"yi": [-y for y in s["yi"]], "vi": s["vi"]}, method="DL", ci="wald")
    low, high = (
        mo.bias.excess_significance(r, alternative=a) for r, a in ((pool("skewed"), "less"), (other, "greater"))
    )
    assert (low.observed, low.p_value) == (high.observed, pytest.approx(high.p_value, rel=1e-12))


@pytest.mark.parametrize(
    "case", R["safe"], ids=lambda c: f"{c['set']}-{c['method']}-{c.get('alpha', '')}"
)  # fmt: skip
def test_fail_safe_n(case):
    options = {"target": case["target"]} if case["method"] == "Orwin" else {"alpha": case["alpha"]}
    found = mo.bias.fail_safe_n(pool(case["set"]), method=case["method"], **options)
    assert found.n == case["n"]
    assert isinstance(found.n, int)
    if case["method"] != "Orwin":
        assert found.p_value == pytest.approx(case["p"], rel=EXACT)


def test_general_is_metafors():
    found = mo.bias.fail_safe_n(pool("bcg", "REML"), method="General")
    assert found.n == 26  # R, metafor 5.1: fsn(yi, vi, type = "General")
    assert found.p_value == pytest.approx(6.18260007862004e-05, rel=1e-5)


@pytest.mark.parametrize("target", [None, 0.1])
def test_general_is_what_it_takes(target):
    """So many trials about no effect undo the pool, one fewer does not: pooled anew with tau² of all true effects."""
    r = pool("bcg", "REML")
    n = mo.bias.fail_safe_n(r, method="General", target=target).n
    s, k = R["sets"]["bcg"], r.k
    v = 1 / np.mean(1 / np.array(s["vi"]))
    for m, undone in ((n - 1, False), (n, True)):
        effects = [*np.full(k, r.estimate), *np.zeros(m)]  # the means; both sets scatter about these with tau²
        between = np.var(effects) * (k + m) + (k - 1 + m - 1) * r.tau2
        more = mo.pool(
            {"yi": [*s["yi"], *[0.0] * m], "vi": [*s["vi"], *[v] * m]}, tau2=between / (k + m - 1), ci="wald"
        )
        assert (more.p_value >= 0.05 if target is None else abs(more.estimate) <= target) == undone


def test_general_holds_a_tau2_that_is_known():
    r = pool("bcg", tau2=0.3)
    n = mo.bias.fail_safe_n(r, method="General").n
    s = R["sets"]["bcg"]
    v = 1 / np.mean(1 / np.array(s["vi"]))
    p = [mo.pool({"yi": [*s["yi"], *[0.0] * m], "vi": [*s["vi"], *[v] * m]}, tau2=0.3, ci="wald").p_value
         for m in (n - 1, n)]  # fmt: skip
    assert p[0] < 0.05 <= p[1]


def test_general_with_a_common_effect_is_rosenbergs():
    r = pool("skewed", "CE")
    assert mo.bias.fail_safe_n(r, method="General").n == mo.bias.fail_safe_n(r, method="Rosenberg").n


def test_orwin_without_a_target_is_the_number_of_trials():
    for name in R["sets"]:
        assert mo.bias.fail_safe_n(pool(name), method="Orwin").n == len(R["sets"][name]["yi"])


def test_what_is_not_significant_needs_no_trials():
    null = mo.pool({"yi": [0.1, -0.1, 0.05], "vi": [0.1, 0.2, 0.3]}, ci="wald")
    for method in ("Rosenthal", "Rosenberg", "General"):
        assert mo.bias.fail_safe_n(null, method=method).n == 0
    assert mo.bias.fail_safe_n(null, method="Orwin", target=1.0).n == 0
    zero = mo.pool({"yi": [0.1, -0.1], "vi": [0.1, 0.2]}, method="CE", ci="wald")
    assert mo.bias.fail_safe_n(zero, method="Orwin").n == 0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda r: mo.bias.fail_safe_n(r, method="rosenthal"), OptionError, "'Rosenthal', 'Orwin'"),
        (lambda r: mo.bias.fail_safe_n(r, method="General", target=0), OptionError, "target=0 is reached by no number"),
        (lambda r: mo.bias.fail_safe_n(r, target=0.1), OptionError, "it is for method='Orwin' or 'General'"),
        (lambda r: mo.bias.fail_safe_n(r, method="Orwin", target=0), OptionError, "target=0 is reached by no number"),
        (lambda r: mo.bias.fail_safe_n(r, method="Orwin", target="low"), OptionError, "target='low' is no effect"),
        (lambda r: mo.bias.excess_significance(r, alternative="two.sided"), OptionError, "'two-sided', 'less'"),
        (lambda r: mo.bias.excess_significance(r, effect="random"), OptionError, "'common', 'pooled'"),
        (lambda r: mo.bias.excess_significance({}), DataError, "takes a result of pool, not dict"),
    ],
)
def test_what_cannot_be_asked_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(pool("skewed"))


def test_one_arm_has_no_test_of_no_effect():
    es = mo.effect_sizes({"x": [3, 9, 4], "n": [20, 40, 25]}, measure="PLO", events="x", n="n")
    for verb in (mo.bias.fail_safe_n, mo.bias.excess_significance):
        with pytest.raises(DataError, match="has no value of no effect"):
            verb(mo.pool(es))
