"""Every number in the words is the result's own, rounded: read from the sentence, held against the field."""

import re

import numpy as np
import pandas as pd
import pytest
from result_kinds import COUNTS, LEVELS, MADE, ONE, TABLE, TWICE, ensemble, outcomes, pool, regress, several

import metaonc as mo

NUMBER = r"(−?\d+(?:\.\d+)?)"
CI = rf"{NUMBER}%? \(95% CI {NUMBER} to {NUMBER}\)"


def same(printed, want):
    """Hold numbers as they are printed against the numbers they print."""
    printed = [printed] if isinstance(printed, str) else list(printed)
    want = list(np.atleast_1d(np.asarray(want, dtype=float)))
    assert len(printed) == len(want)
    for text, x in zip(printed, want, strict=True):
        decimals = len(text.partition(".")[2])
        assert abs(float(text.replace("−", "-")) - x) <= 0.5 * 10.0**-decimals + 1e-12, (text, x)


def groups(pattern, text):
    found = re.search(pattern, text)
    assert found, (pattern, text)
    return found.groups()


def test_of_a_pool():
    r = pool()
    text = str(mo.results_text(r))
    same(groups(rf"hazard ratio of 8 trials was {CI}, p = {NUMBER}", text),
         [*np.exp([r.estimate, r.ci_low, r.ci_high]), r.p_value])  # fmt: skip
    same(groups(rf"τ² = {NUMBER}; I² = {NUMBER}%; Q = {NUMBER} \(df {NUMBER}\), p = {NUMBER}", text),
         [r.tau2, r.i2, r.q, r.q_df, r.q_p])  # fmt: skip
    same(groups(rf"expected between {NUMBER} and {NUMBER} \(95% prediction", text),
         np.exp([r.prediction_low, r.prediction_high]))  # fmt: skip
    low, high = TABLE["yi"].idxmin(), TABLE["yi"].idxmax()
    found = groups(rf"Hazard ratios of single trials ranged from {NUMBER} \((.)\) to {NUMBER} \((.)\)\.", text)
    same(found[::2], np.exp([TABLE["yi"][low], TABLE["yi"][high]]))
    assert found[1::2] == (TABLE["trial"][low], TABLE["trial"][high])


def test_of_rates_with_their_patients():
    r = mo.pool_glmm(COUNTS, **ONE)
    text = str(mo.results_text(r))
    same(groups(rf"pooled proportion of 4 trials \({NUMBER} patients\) was {CI}", text),
         [105, *100 * r.natural(np.array([r.estimate, r.ci_low, r.ci_high]))])  # fmt: skip
    same(groups(rf"ranged from {NUMBER}% \(C\) to {NUMBER}% \(B\)", text), [0, 30])


def test_of_one_trial_and_of_two():
    one, two = str(mo.results_text(pool(1))), str(mo.results_text(pool(2)))
    assert one.startswith("The hazard ratio of the one trial was ")
    assert "single trials" not in one
    assert "The pooled hazard ratio of 2 trials was" in two
    assert "One trial was available; nothing was pooled." in str(mo.methods_text(pool(1)))


def test_of_one_trial_a_bayesian_pool_adds_its_prior():
    r = mo.pool_bayes(TABLE.head(1), study="trial", measure="HR")
    found = groups(rf"The pooled hazard ratio of 1 trial was {NUMBER} \(95% CrI {NUMBER} to {NUMBER}\)",
                   str(mo.results_text(r)))  # fmt: skip
    same(found, np.exp([r.estimate, r.ci_low, r.ci_high]))
    own = np.exp(TABLE["yi"][0] - 1.96 * TABLE["vi"][0] ** 0.5)
    assert float(found[1]) < own  # wider than what the trial alone says
    assert "Bayesian" in str(mo.methods_text(r))


def test_of_one_trial_the_interval_is_named():
    r = mo.pool_glmm(COUNTS.head(1), **ONE)
    methods = str(mo.methods_text(r))
    assert "nothing was pooled. Its confidence interval (95%): exact (Clopper-Pearson)." in methods
    assert "Stijnen" not in methods
    same(groups(rf"the one trial \(20 patients\) was {NUMBER}% \(95% CI {NUMBER} to {NUMBER}\)",
                str(mo.results_text(r))), [25.0, 8.657, 49.105])  # fmt: skip


def test_of_trials_without_an_effect_of_their_own():
    rows = COUNTS.assign(x=[5, 9, 0, 12], y=[9, 8, 0, 15])
    r = mo.pool_mantel_haenszel(rows, measure="RD", events_t="x", n_t="n", events_c="y", n_c="m", study="trial")
    assert "; 1 trial had no effect of its own." in str(mo.results_text(r))


def test_of_subgroups():
    r = MADE["SubgroupResult"][0]()
    text = str(mo.results_text(r))
    for level, part in r.groups.items():
        same(groups(rf"In the subgroup KRAS: {level}, the pooled hazard ratio of 4 trials was {CI}", text),
             np.exp([part.estimate, part.ci_low, part.ci_high]))  # fmt: skip
    same(
        groups(
            rf"Test between subgroups \(F with one τ², its scale at least 1\): "
            rf"F = {NUMBER} \(df {NUMBER} and {NUMBER}\), p = {NUMBER}; by its own scale of {NUMBER}, "
            rf"F = {NUMBER} \(df {NUMBER} and {NUMBER}\), p = {NUMBER}, but ",
            text,
        ),
        [
            r.f_floor,
            r.q_between_df,
            r.f_between_df,
            r.f_floor_p,
            r.f_between_scale,
            r.f_between,
            r.q_between_df,
            r.f_between_df,
            r.f_between_p,
        ],
    )
    alone = MADE["SubgroupResult"][1]()
    assert "In the subgroup KRAS: w, the hazard ratio of the one trial was" in str(mo.results_text(alone))
    only = MADE["SubgroupResult"][2]()
    assert "All rows are of one subgroup (KRAS: m)." in str(mo.methods_text(only))
    assert "Test between" not in str(mo.results_text(only))  # fmt: skip


def test_of_the_difference_between_two_subgroups():
    r = mo.interaction(TWICE, study="trial", by="kras", contrast=("m", "w"))
    methods, text = str(mo.methods_text(r)), str(mo.results_text(r))
    assert "the ratio of hazard ratios (KRAS: m against w) within each trial" in methods
    assert "4 trials reported both subgroups (KRAS: m and w)." in text
    same(groups(rf"Within trials, the pooled ratio of hazard ratios of 4 trials was {CI}, p = {NUMBER}", text),
         [*np.exp([r.estimate, r.ci_low, r.ci_high]), r.p_value])  # fmt: skip
    for level, *values in r.floating[["level", "estimate", "ci_low", "ci_high"]].to_numpy().tolist():
        same(groups(rf"{CI} in the subgroup KRAS: {level}", text), np.exp(values))
    low, high = r.across_interval
    same(groups(rf"Across trials, the ratio of hazard ratios was {CI}, p = {NUMBER}", text),
         [*np.exp([r.across_estimate, low, high]), r.across_p])  # fmt: skip


@pytest.mark.parametrize("options", [{"structure": "exchangeable"}, {"method": "CE"}, {"trend": True}])
def test_of_the_differences_between_several(options):
    r = several(**options)
    text = str(mo.results_text(r))
    within, across = text.split("Across trials")
    for table, part in ((r.interactions, within), (r.across_interactions, across)):
        for row in table.itertuples():
            same(groups(rf"{CI}, p [=<] {NUMBER}, for {row.level} against a", part)[:3],
                 np.exp([row.estimate, row.ci_low, row.ci_high]))  # fmt: skip
    for row in r.interactions.itertuples():
        assert f"for {row.level} against a ({row.trials} trials)" in within
    same(groups(rf"all differences together: χ² = {NUMBER} \(df {NUMBER}\)", text), [r.test.statistic, r.test.df])
    same(groups(rf"Heterogeneity of the differences: Q = {NUMBER} \(df {NUMBER}\)", text), [r.q, r.q_df])
    assert ("τ²" in text) == (r.method != "CE")
    assert len(set(LEVELS["trial"])) == r.trials
    if r.trend is not None:
        found = groups(rf"By one unit of score, the ratio of hazard ratios was {CI}", text)
        same(found, np.exp([r.trend.estimate, r.trend.ci_low, r.trend.ci_high]))
        assert "with the scores a 0, b 1, c 2." in str(mo.methods_text(r))


def test_of_a_regression():
    r = regress()
    methods, text = str(mo.methods_text(r)), str(mo.results_text(r))
    assert "Effects were regressed on Line and KRAS (w against m) by a random-effects meta-regression" in methods
    assert "Moderators were tested together by an F test." in methods
    for term, words in (("line", "per unit of Line"), ("kras[T.w]", "for KRAS: w against m")):
        row = r.coefficients.loc[term]
        same(groups(rf"{CI}, p [=<] {NUMBER}, {words}", text),
             [*np.exp(row[["estimate", "ci_low", "ci_high"]].to_numpy(float)), row["p_value"]])  # fmt: skip
    same(groups(rf"Test of moderators: F = {NUMBER} \(df {NUMBER} and {NUMBER}\), p = {NUMBER}", text),
         [r.q_model, r.q_model_df, r.q_df, r.q_model_p])  # fmt: skip
    same(groups(rf"Residual heterogeneity: τ² = {NUMBER}; I² = {NUMBER}%; Q = {NUMBER} \(df {NUMBER}\)", text),
         [r.tau2, r.i2, r.q, r.q_df])  # fmt: skip


def test_of_one_moderator_and_of_none():
    one, none = regress("~ line", ci="wald"), regress("~ 1")
    text = str(mo.results_text(one))
    assert re.search(rf"The ratio of hazard ratios was {CI}, p = {NUMBER}, per unit of Line\.", text)
    same(groups(rf"Test of moderators: χ² = {NUMBER} \(df 1\)", text), one.q_model)
    assert "a Wald chi-square test" in str(mo.methods_text(one))
    same(groups(rf"The mean hazard ratio was {CI} over all trials", str(mo.results_text(none))),
         np.exp(none.coefficients[["estimate", "ci_low", "ci_high"]].to_numpy()[0]))  # fmt: skip
    assert "without moderators" in str(mo.methods_text(none))


def test_of_means_of_a_model_without_intercept():
    r = regress("~ 0 + C(kras) + line", method="DL")
    text = str(mo.results_text(r))
    for level in "mw":
        row = r.coefficients.loc[f"C(kras)[{level}]", ["estimate", "ci_low", "ci_high"]]
        same(groups(rf"{CI} for KRAS: {level}", text), np.exp(row.to_numpy(float)))
    assert "the other moderators being 0 or at their reference." in text
    assert "Test of all coefficients: F" in text  # it is that the means are 0 as well
    rates = mo.effect_sizes(COUNTS.assign(arm=list("aabb")), measure="PLO", **ONE)
    r = mo.regress(rates, "~ 0 + arm", study="trial")
    text = str(mo.results_text(r))
    row = r.coefficients.loc["arm[a]", ["estimate", "ci_low", "ci_high"]].to_numpy(float)
    same(groups(rf"The mean proportion was {CI} for Arm: a", text), 100 / (1 + np.exp(-row)))
    assert "Test of" not in text  # nobody asks whether a rate is 50 %


def test_of_small_changes_decimals_are_enough():
    rows = TABLE.assign(year=[1990.0, 1995, 1999, 2003, 2007, 2011, 2015, 2019])
    r = mo.regress(rows, "~ year", study="trial", measure="HR")
    same(groups(rf"ratios? was {CI}".replace("ratios?", "ratio of hazard ratios"), str(mo.results_text(r))),
         np.exp(r.coefficients.loc["year", ["estimate", "ci_low", "ci_high"]].to_numpy(float)))  # fmt: skip
    low, high = groups(rf"\(95% CI {NUMBER} to {NUMBER}\)", str(mo.results_text(r)))
    assert float(high) - float(low) > 0.01
    assert len(low.partition(".")[2]) == 3


@pytest.mark.parametrize("structure", ["unstructured", "diagonal"])
def test_of_several_outcomes(structure):
    r = outcomes(structure=structure)
    text = str(mo.results_text(r))
    for i, name in enumerate(("OS", "PFS")):
        found = groups(
            rf"hazard ratio of {name} \({NUMBER} trials\) was {CI}, p [=<] {NUMBER}; τ² = {NUMBER}; in a new trial it "
            rf"is expected between {NUMBER} and {NUMBER}",
            text,
        )
        limits = np.exp([r.estimate[i], r.ci_low[i], r.ci_high[i]])
        ahead = np.exp([r.prediction_low[i], r.prediction_high[i]])
        same(found, [r.reported[i], *limits, r.p_value[i], r.tau2[i, i], *ahead])
    same(groups(rf"over all outcomes: Q = {NUMBER} \(df {NUMBER}\)", text), [r.q, r.q_df])
    assert ("correlation of true effects of OS and PFS" in text) == (structure == "unstructured")


def test_of_permutations():
    r = mo.sensitivity.permutation_test(pool())
    same(groups(rf"pooled effect \(all 256 rearrangements\): p = {NUMBER}", str(mo.results_text(r))), r.p_value)
    assert "share of all 256 assignments of signs to the effects" in str(mo.methods_text(r))
    r = MADE["PermutationResult"][1]()
    text = str(mo.results_text(r))
    same(groups(rf"\(50 random rearrangements\): Line, p = {NUMBER}; all moderators together, p = {NUMBER}", text),
         [r.p_value["line"], r.omnibus_p])  # fmt: skip
    assert "50 random orders of the moderators (seed 1)" in str(mo.methods_text(r))
    common = mo.sensitivity.permutation_test(pool(method="CE", ci="wald"))
    assert "estimated anew" not in str(mo.methods_text(common))


def test_of_pools_without_each_trial():
    result = mo.sensitivity.leave_one_out(pool())
    table, text = result.table, str(mo.results_text(result))
    ends = [table.loc[table["estimate"].idxmin()], table.loc[table["estimate"].idxmax()]]
    found = groups(rf"lay between {CI} without (.) and {CI} without (.)\.", text)
    same([*found[:3], *found[4:7]], np.exp([row[c] for row in ends for c in ("estimate", "ci_low", "ci_high")]))
    assert found[3::4] == tuple(row["study"] for row in ends)
    same(groups(rf"τ² lay between {NUMBER} and {NUMBER}", text), [table["tau2"].min(), table["tau2"].max()])
    crossing = int(((table["ci_low"] <= 0) & (table["ci_high"] >= 0)).sum())
    assert ("All confidence intervals excluded 1." in text) == (crossing == 0)


@pytest.mark.parametrize(
    ("effects", "said"),
    [
        ([-0.9, -0.8, -0.7], "All confidence intervals excluded 1."),
        ([-0.1, 0.0, 0.1], "All confidence intervals included 1."),
        ([-0.9, -0.05, -0.05], "The confidence interval included 1 in 1 of 3 pools (without A)."),
        ([-0.9, 0.0], "The confidence interval included 1 in 1 of 2 pools (without A)."),
    ],
)
def test_which_pools_exclude_no_effect(effects, said):
    rows = {"trial": list("ABC")[: len(effects)], "yi": effects, "vi": [0.01] * len(effects)}
    r = mo.pool(rows, study="trial", measure="HR", method="CE", ci="wald")
    assert said in str(mo.results_text(mo.sensitivity.leave_one_out(r)))


@pytest.mark.parametrize(
    ("effects", "said"),
    [
        ([-0.9, -0.8, -0.7], "At each step the confidence interval excluded 1."),
        ([0.0, -0.9, -0.9], "From the addition of B on the confidence interval excluded 1."),
        ([-0.9, 0.9, 0.0], "With all trials the confidence interval included 1."),
    ],
)
def test_from_when_on_no_effect_is_excluded(effects, said):
    r = mo.pool({"trial": list("ABC"), "yi": effects, "vi": [0.01] * 3}, study="trial", measure="HR", method="CE",
                ci="wald")  # fmt: skip
    result = mo.sensitivity.cumulative(r)
    table, text = result.table, str(mo.results_text(result))
    assert said in text
    found = groups(
        rf"from A to C, the hazard ratio of the first was {CI}, and the pooled one of all 3 trials {CI}\.", text
    )
    same(found, np.exp(table.loc[[0, 2], ["estimate", "ci_low", "ci_high"]].to_numpy().ravel()))


def test_tables_of_pools_can_still_be_written(tmp_path):
    table = mo.sensitivity.cumulative(pool()).table
    table.to_parquet(tmp_path / "a.parquet")
    back = pd.read_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(back, table)


def test_of_survival():
    cox = MADE["CoxHazardRatio"][0]()
    text = str(mo.results_text(cox))
    test = rf"log-rank test: χ² = {NUMBER} \(df 1\), p = {NUMBER}"
    same(groups(rf"hazard ratio of new to old was {CI}, p = {NUMBER}; {test}", text),
         [cox.hr, *np.exp([cox.ci_low, cox.ci_high]), cox.p_value, cox.logrank_chi2, cox.logrank_p])  # fmt: skip
    same(groups(rf"in {NUMBER} of {NUMBER} patients \(new\) and {NUMBER} of {NUMBER} patients \(old\)", text),
         [cox.events_t, cox.n_t, cox.events_c, cox.n_c])  # fmt: skip


def test_of_subgroups_whose_intervals_are_of_another_kind():
    rows = {"trial": list("ABCDE"), "x": [5, 6, 10, 9, 4], "n": [20, 22, 10, 9, 10], "arm": list("aabbc")}
    r = mo.pool_subgroups(rows, by="arm", using=mo.pool_glmm, **ONE)
    methods = str(mo.methods_text(r))
    assert "Where all patients of a subgroup respond or none (b), they are exact intervals." in methods
    assert "The subgroup of one row (c) keeps its own interval: exact (Clopper-Pearson)." in methods
    assert {level: part.ci for level, part in r.groups.items()} == {"a": "wald", "b": "exact", "c": "exact"}


def test_units_stand_with_times_alone():
    rows = {"trial": list("ABC"), "m": [9.0, 12, 8], "lo": [7.0, 9, 6], "hi": [12.0, 16, None]}
    r = mo.pool(mo.effect_sizes(rows, measure="MEDLN", median="m", ci_low="lo", ci_high="hi", study="trial"))
    text = str(mo.results_text(r, unit="months"))
    found = groups(rf"median time of 3 trials was {NUMBER} months \(95% CI {NUMBER} to {NUMBER}\)", text)
    same(found, np.exp([r.estimate, r.ci_low, r.ci_high]))
    assert "months" not in str(mo.results_text(r))
    assert "months" not in str(mo.results_text(pool(), unit="months"))  # ratios have none


def test_of_an_ensemble():
    r = ensemble()
    text = str(mo.results_text(r))
    same(groups(rf"hazard ratio of treatment to control was {CI}, p [=<] {NUMBER}; the estimates of the {NUMBER} sets "
                rf"lay between {NUMBER} and {NUMBER} \(5% to 95%\); {NUMBER}% of the information is missing", text),
         [r.hr, *np.exp([r.ci_low, r.ci_high]), r.p_value, 20, *np.exp([r.range_low, r.range_high]),
          100 * r.combined.missing])  # fmt: skip
    same(groups(rf"about {NUMBER} of {NUMBER} patients \(treatment\) and about {NUMBER} of {NUMBER} patients", text),
         [r.events_t, r.n_t, r.events_c, r.n_c])  # fmt: skip
    assert "were reconstructed 20 times" in str(mo.methods_text(r))
    assert "Efron's method for tied events, and combined by Rubin's rules" in str(mo.methods_text(r))
