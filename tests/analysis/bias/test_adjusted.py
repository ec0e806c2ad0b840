"""Trim and fill, PET-PEESE and limit meta-analysis against metafor, lm and numbers that metasens gave."""

import numpy as np
import pytest
from reference import pinned

import metaonc as mo
from metaonc.errors import DataError, OptionError

R = pinned.load("small_study_effects")
EXACT = 1e-9
METHODS = {"EE": "CE"}
# R's metasens 1.5-2 on the odds ratios of the BCG trials, tau² by metafor's REML, which stops at 1e-5
LIMIT = {"estimate": -0.659245515174474, "se": 0.242642496576575, "ci_low": -1.13481606958344,
         "ci_high": -0.183674960765505, "slope": -1.04399782079113, "intercept": -0.05249319766874,
         "q": 163.1649151808,
         "q_small": 27.9205826498936, "q_residual": 135.244332530906, "g2": 94.1649175672315}  # fmt: skip
OF_TRIALS = [-0.670344323046274, -1.32182649743853, -0.935214529841516, -1.41603875577889]


def pool(name, method="REML", ci="wald", **options):
    return mo.pool(R["sets"][name], measure="OR", method=METHODS.get(method, method), ci=ci, **options)


@pytest.mark.parametrize(
    "case", R["fills"], ids=lambda c: "-".join(c[x] for x in ("set", "method", "estimator", "asked"))
)
def test_trim_fill(case):
    t = mo.bias.trim_fill(pool(case["set"], case["method"]), estimator=case["estimator"], side=case["asked"] or None)
    assert (t.k0, t.side) == (case["k0"], case["side"])
    a = t.adjusted
    want = [case["estimate"], case["se"], case["tau2"]]
    assert [a.estimate, a.se, a.tau2] == pytest.approx(want, rel=EXACT, abs=1e-12)
    assert t.k0_se == pytest.approx(case["se_k0"], rel=EXACT, nan_ok=True)
    assert t.k0_p == pytest.approx(case["p_k0"], rel=EXACT, nan_ok=True)
    assert sorted(t.filled["yi"]) == pytest.approx(np.ravel(case["filled"]).tolist(), rel=EXACT)


@pytest.mark.parametrize("case", R["ended"], ids=lambda c: c["set"])
def test_trim_fill_by_reml(case):
    t = mo.bias.trim_fill(pool(case["set"]))
    assert (t.k0, t.side) == (case["k0"], case["side"])
    a = t.adjusted
    assert [a.estimate, a.se, a.tau2] == pytest.approx([case[x] for x in ("estimate", "se", "tau2")], rel=1e-8)


@pytest.mark.parametrize("method", ["REML", "ML", "PM"])
def test_the_trimmed_and_the_filled_pool_are_those_of_pool(method):
    """metafor's own loop stops early with these, so the parts are asked one by one."""
    r = pool("skewed", method, "HKSJ")
    t = mo.bias.trim_fill(r)
    s = R["sets"]["skewed"]
    rest = np.argsort(s["yi"])[t.k0 :]  # missing on the right: the lowest effects are trimmed
    centre = mo.pool({x: np.array(s[x])[rest] for x in ("yi", "vi")}, method=method).estimate
    lowest = np.sort(s["yi"])[: t.k0]
    assert t.k0 > 0
    assert np.sort(t.filled["yi"]) == pytest.approx(np.sort(2 * centre - lowest), rel=1e-12)
    whole = {"yi": [*s["yi"], *t.filled["yi"]], "vi": [*s["vi"], *t.filled["vi"]]}
    assert t.adjusted.estimate == pytest.approx(mo.pool(whole, method=method).estimate, rel=1e-12)
    assert t.confidence_interval(0.9) == t.adjusted.confidence_interval(0.9)


def test_a_mirrored_funnel_gives_the_mirrored_result():
    s = R["sets"]["skewed"]
    one, other = (mo.bias.trim_fill(mo.pool({"yi": sign * np.array(s["yi"]), "vi": s["vi"]})) for sign in (1, -1))
    assert (one.side, other.side) == ("right", "left")
    assert one.k0 == other.k0
    assert one.adjusted.estimate == pytest.approx(-other.adjusted.estimate, rel=1e-12)


def test_filled_trials_are_told_apart():
    t = mo.bias.trim_fill(pool("skewed"))
    rows = t.tidy()
    assert rows["type"].tolist() == ["study"] * 12 + ["filled"] * t.k0 + ["summary"]
    assert rows["term"].iloc[12] == "Filled 1"
    assert set(t.filled["mirrors"]) == set(["1", "3", "2", "5", "4"][: t.k0])  # the lowest, in order
    assert t.result.k == 12


def test_where_q0_has_no_solution_it_says_so():
    very = {"yi": [0.0, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6], "vi": [1e-4, *[0.4] * 7]}
    with pytest.raises(DataError, match="Q0 has no solution for these trials"):
        mo.bias.trim_fill(mo.pool(very, method="CE", ci="wald"), estimator="Q0", side="left")


@pytest.mark.parametrize("case", R["pet"], ids=lambda c: c["set"])
@pytest.mark.parametrize("method", ["PET", "PEESE"])
def test_pet_and_peese(case, method):
    r = mo.bias.pet_peese(pool(case["set"]), method=method)
    assert [r.estimate, r.se, r.statistic, r.p_value] == pytest.approx(case[method]["coef"], rel=EXACT)
    assert r.confidence_interval() == pytest.approx(case[method]["ci"], rel=EXACT)


def test_pet_peese_chooses_by_pet():
    without = mo.bias.pet_peese(pool("skewed"))
    p = without.pet_p
    assert without.method == "PET"
    assert mo.bias.pet_peese(pool("skewed"), alpha=p * 1.01).method == "PEESE"
    assert mo.bias.pet_peese(pool("skewed"), alpha=p * 0.99).method == "PET"


def test_limit_meta_analysis():
    es = mo.effect_sizes(R["counts"], measure="OR", events_t="a", n_t="n", events_c="c", n_c="m")
    r = mo.bias.limit_meta_analysis(mo.pool(es, ci="wald"))
    for name, want in LIMIT.items():
        assert getattr(r, name) == pytest.approx(want, rel=1e-5), name
    assert r.limits[:4] == pytest.approx(OF_TRIALS, rel=1e-4)
    assert r.q == pytest.approx(r.q_small + r.q_residual, rel=1e-12)


def test_without_heterogeneity_the_limit_is_that_of_the_line():
    """tau² = 0: the intercept of PET, its standard error without the factor of the variances."""
    r = mo.bias.limit_meta_analysis(pool("skewed", "CE"))
    pet, egger = mo.bias.pet_peese(pool("skewed"), method="PET"), mo.bias.egger(pool("skewed"))
    assert r.estimate == pytest.approx(pet.estimate, rel=1e-10)
    assert r.se == pytest.approx(pet.se / egger.dispersion**0.5, rel=1e-10)
    assert r.g2 == 0
    assert np.ptp(r.limits) < 1e-12


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda r: mo.bias.trim_fill(r, estimator="L1"), OptionError, "'L0', 'R0', 'Q0'"),
        (lambda r: mo.bias.trim_fill(r, side="up"), OptionError, "'left', 'right'"),
        (lambda r: mo.bias.pet_peese(r, method="PEST"), OptionError, "'PET-PEESE', 'PET', 'PEESE'"),
        (lambda r: mo.bias.pet_peese(r, alpha=10), OptionError, "write alpha=0.1"),
        (lambda r: mo.bias.limit_meta_analysis(r.studies), DataError, "takes a result of pool, not Studies"),
    ],
)
def test_what_cannot_be_adjusted_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(pool("skewed"))


@pytest.mark.parametrize("verb", ["pet_peese", "limit_meta_analysis"])
def test_trials_of_one_precision_are_refused(verb):
    with pytest.raises(DataError, match="the same standard error"):
        getattr(mo.bias, verb)(mo.pool({"yi": [0.1, 0.2, 0.4], "vi": [0.1] * 3}))


def test_one_arm_has_no_value_of_no_effect_to_choose_by():
    es = mo.effect_sizes({"x": [3, 9, 4], "n": [20, 40, 25]}, measure="PLO", events="x", n="n")
    with pytest.raises(DataError, match="use method='PET' or 'PEESE'"):
        mo.bias.pet_peese(mo.pool(es))
    assert mo.bias.pet_peese(mo.pool(es), method="PET").tested is False


def test_the_number_of_missing_trials_is_said_to_be_an_estimate():
    t = mo.bias.trim_fill(pool("skewed"))
    assert t.k0 > 0
    assert f"an estimated {t.k0} trial" in str(t)
    said = str(mo.results_text(t))
    assert f"By trim and fill an estimated {t.k0} trial" in said
    assert "(SE " in said
    assert "estimated how many trials are missing on the" in str(mo.methods_text(t))


def test_of_no_trial_filled_in_nothing_is_cautioned_apart():
    y, v = [-0.3, -0.3, -0.2, -0.4, -0.3], [0.01, 0.05, 0.03, 0.03, 0.04]
    t = mo.bias.trim_fill(mo.pool({"yi": y, "vi": v}))
    assert t.k0 == 0
    assert t.result.cautions
    assert not any("filled in" in str(caution) for caution in t.cautions)
    assert "an estimated 0 trials" in str(mo.results_text(t))
