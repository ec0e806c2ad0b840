"""What must be said with a number reaches summary, texts, tables and figures."""

import re

import numpy as np
import pytest

import metaonc as mo

EQUAL = mo.effect_sizes(
    {"hr": [0.7, 0.7], "lo": [0.5, 0.45], "hi": [0.98, 1.09]}, measure="HR", hr="hr", ci_low="lo", ci_high="hi"
)
ALIKE = {"yi": [0.20, 0.21, 0.22, 0.20], "vi": [0.05, 0.02, 0.04, 0.03], "x": [1.0, 2.0, 3.0, 5.0]}


def everywhere(result):
    shown = [str(result), str(mo.results_text(result)), str(mo.table(result))]
    if not isinstance(result, (mo.results.RegressionResult)):
        shown.append(" ".join(mo.plot.forest_rows(result).footnotes))
    return [text.replace("\u00a0", " ") for text in shown]


def test_an_interval_of_two_equal_ratios_is_not_left_alone():
    r = mo.pool(EQUAL)
    w = 1 / EQUAL["vi"]
    half = 1.959963984540054 / np.sqrt(w.sum())
    low, high = np.exp(np.log(0.7) - half), np.exp(np.log(0.7) + half)
    [caution] = r.cautions
    np.testing.assert_allclose([caution.beside.low, caution.beside.high], [low, high], rtol=1e-7)
    for text in everywhere(r):
        assert "Hartung-Knapp interval has no width and there is no test by it, as effects are equal" in text
        assert f"{low:.2f}"[:3] in text
        assert f"{low:.2f} to {high:.2f}" in text or f"{low:.4g} to {high:.4g}" in text
    assert "(95% CI 0·54–0·91)" in str(mo.results_text(r, journal="Lancet"))


@pytest.mark.parametrize("ci", ["wald", "t", "HKSJ-adhoc", "KR"])
def test_other_intervals_cannot_be_narrower(ci):
    assert not any("narrower" in c.text for c in mo.pool(EQUAL, ci=ci).cautions)


def test_an_interval_that_is_wider_has_no_caution():
    assert not mo.pool({"yi": [0.1, 0.9, -0.3, 0.4], "vi": [0.05] * 4}).cautions


@pytest.mark.parametrize(
    "make",
    [
        lambda: mo.sensitivity.leave_one_out(mo.pool(ALIKE, measure="HR")),
        lambda: mo.sensitivity.cumulative(mo.pool(ALIKE, measure="HR")),
        lambda: mo.regress(ALIKE, "~ x", measure="HR"),
        lambda: mo.pool_subgroups({**ALIKE, "g": list("aabb")}, by="g", measure="HR"),
    ],
)
def test_every_kind_of_result_says_it(make):
    for text in everywhere(make()):
        assert "interval is narrower than the common-effect interval" in text
        whose = r"; the common-effect interval( \(normal, against t with \d df\))? of "
        assert re.search(rf"{whose}|, beside the common-effect interval [01]", text)


def test_leaving_one_out_is_the_pool_of_the_others():
    r = mo.sensitivity.leave_one_out(mo.pool(ALIKE, measure="HR"))
    first = next(c for c in r.cautions if c.of.endswith("without 1"))
    rest = {name: x[1:] for name, x in ALIKE.items()}
    [want] = [c for c in mo.pool(rest, measure="HR").cautions if c.beside]
    np.testing.assert_allclose([first.beside.low, first.beside.p], [want.beside.low, want.beside.p], rtol=1e-9)


def test_a_coefficient_beside_its_wald_interval():
    r, wald = mo.regress(ALIKE, "~ x"), mo.regress(ALIKE, "~ x", ci="wald").coefficients
    for caution in (c for c in r.cautions if c.beside):
        row = wald.loc[caution.of]
        np.testing.assert_allclose(
            [caution.beside.low, caution.beside.high, caution.beside.p],
            row[["ci_low", "ci_high", "p_value"]].to_numpy(float),
        )


@pytest.mark.parametrize(
    "make",
    [
        lambda: mo.pool(ALIKE, measure="HR"),
        lambda: mo.pool_glmm({"x": [10, 11, 12], "n": [30, 33, 36]}, events="x", n="n"),
    ],
)
def test_a_prediction_interval_without_variance_between_trials(make):
    r = make()
    assert r.tau2 == 0
    for text in everywhere(r):
        assert "no proof that effects do not vary" in text


def test_a_mean_that_rests_on_a_continuity_correction():
    es = mo.effect_sizes({"x": [0, 0, 4], "n": [12, 20, 30]}, measure="PLO", events="x", n="n")
    for text in everywhere(mo.pool(es)):
        assert "2 of 3 trials entered with a continuity correction" in text


def test_r2_is_not_printed_where_there_is_none():
    r = mo.regress(ALIKE, "~ x")
    assert np.isnan(r.r2)
    assert "R² not estimable" in str(r)
    assert "nan" not in str(r)
    some = mo.regress({"yi": [0.1, 0.9, -0.3, 0.4], "vi": [0.01] * 4, "x": [1.0, 4.0, 0.0, 1.0]}, "~ x")
    assert "R² of 4 rows is hardly known" in str(mo.results_text(some))


MEDIANS = mo.effect_sizes(
    {
        "hr": [0.6, 0.8, np.nan, 0.9], "lo": [0.4, 0.6, np.nan, 0.7], "hi": [0.9, 1.07, np.nan, 1.16],
        "m": [np.nan, np.nan, 9.8, np.nan], "c": [np.nan, np.nan, 7.1, np.nan], "e": [np.nan, np.nan, 61, np.nan],
        "f": [np.nan, np.nan, 66, np.nan], "x": [1.0, 2.0, 3.0, 5.0], "g": list("abab"), "study": list("PQRS"),
    },
    measure="HR", hr="hr", ci_low="lo", ci_high="hi", median_t="m", median_c="c", events_t="e", events_c="f",
    study="study",
)  # fmt: skip
BOTH = {"yi": [-0.4, -0.1, -0.3, -0.2], "vi": [0.04] * 4, "study": list("PPQQ"), "g": list("abab"),
        "route": ["medians and events, constant hazards", "", "",
                  "survival at one time, proportional hazards"]}  # fmt: skip


@pytest.mark.parametrize(
    "make",
    [
        lambda: mo.pool(MEDIANS),
        lambda: mo.pool_bayes(MEDIANS, tau_prior=mo.HalfNormal(0.5)),
        lambda: mo.regress(MEDIANS, "~ x"),
        lambda: mo.pool_subgroups(MEDIANS, by="g"),
        lambda: mo.sensitivity.leave_one_out(mo.pool(MEDIANS)),
        lambda: mo.bias.trim_fill(mo.pool(MEDIANS)),
        lambda: mo.survival.pool_mixed(reported=MEDIANS, study="study"),
    ],
)
def test_a_hazard_ratio_from_medians_alone_is_told_wherever_it_is_pooled(make):
    for text in everywhere(make()):
        assert re.search(
            "1 of [24] trials entered with a hazard ratio computed as of constant hazards, which medians", text
        )


def test_each_assumption_is_told_by_itself_and_of_rows_where_trials_have_several():
    told = [str(c) for c in mo.interaction(BOTH, study="study", by="g", contrast=("a", "b"), measure="HR").cautions]
    entered = "1 of 4 rows entered with a hazard ratio computed as of"
    assert [text for text in told if "entered" in text] == [
        f"{entered} constant hazards, which medians cannot show",
        f"{entered} proportional hazards, which survival at one time cannot show",
    ]
    assert not any("entered" in str(c) for c in mo.pool(MEDIANS[MEDIANS["hr"].notna()]).cautions)
