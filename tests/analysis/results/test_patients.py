"""Patients who stand in several rows: refused, or named wherever the numbers stand."""

import re

import numpy as np
import pandas as pd
import pytest

import metaonc as mo

LEVELS = pd.DataFrame({
    "trial": list("PPPQQR"), "egfr": ["overall", "mutant", "L858R", "mutant", "wild-type", "mutant"],
    "x": [31, 20, 9, 14, 5, 8], "n": [80, 41, 20, 33, 30, 22],
})  # fmt: skip
ARMS = pd.DataFrame({
    "trial": ["S", "S", "T", "U"], "dose": ["5 mg", "10 mg", "5 mg", "10 mg"], "a": [9, 13, 7, 16],
    "na": [48, 51, 39, 77], "c": [4, 4, 6, 9], "nc": [50, 50, 41, 75],
})  # fmt: skip
COUNTS = {"events_t": "a", "n_t": "na", "events_c": "c", "n_c": "nc", "study": "trial"}
ONE = {"events": "x", "n": "n", "study": "trial"}


def effects(table=LEVELS):
    return mo.effect_sizes(table, measure="PLO", **ONE)


def ratios(table=ARMS):
    return mo.effect_sizes(table, measure="OR", **COUNTS)


ONE_ARMED = {
    "pool": lambda t: mo.pool(effects(t), study="trial"),
    "pool_bayes": lambda t: mo.pool_bayes(effects(t), study="trial"),
    "pool_multilevel": lambda t: mo.pool_multilevel(effects(t), levels=["trial"]),
    "regress": lambda t: mo.regress(effects(t).assign(z=range(len(t))), "~ z", study="trial"),
    "pool_glmm": lambda t: mo.pool_glmm(t, **ONE),
    "pool_beta_binomial": lambda t: mo.pool_beta_binomial(t, **ONE),
}
TWO_ARMED = {
    "pool": lambda t: mo.pool(ratios(t), study="trial"),
    "pool_bayes": lambda t: mo.pool_bayes(ratios(t), study="trial"),
    "pool_multilevel": lambda t: mo.pool_multilevel(ratios(t), levels=["trial"]),
    "regress": lambda t: mo.regress(ratios(t).assign(z=range(len(t))), "~ z", study="trial"),
    "pool_glmm": lambda t: mo.pool_glmm(t, measure="OR", **COUNTS),
    "pool_mantel_haenszel": lambda t: mo.pool_mantel_haenszel(t, **COUNTS),
    "pool_peto": lambda t: mo.pool_peto(t, **COUNTS),
}


@pytest.mark.parametrize("verb", ONE_ARMED)
def test_levels_that_hold_each_other_are_refused_with_the_rows_to_leave_out(verb):
    words = (
        r"trial 'P': egfr 'overall', 'mutant' and 'L858R' share patients.*Leave out rows 1 and 2; or take pool_subgr"
    )
    with pytest.raises(mo.DataError, match=words):
        ONE_ARMED[verb](LEVELS)
    once = LEVELS.drop(index=[1, 2])  # what the message advises
    assert not any("counted" in text for text in ONE_ARMED[verb](once).provenance.cautions)


@pytest.mark.parametrize("verb", TWO_ARMED)
def test_two_armed_levels_are_refused_too(verb):
    table = ARMS.assign(egfr=["all", "positive", "all", "all"])
    table = table.drop(columns="dose")
    with pytest.raises(mo.DataError, match=r"share patients \(199 in all rows, 98 once each is counted once\)"):
        TWO_ARMED[verb](table)


def test_a_column_of_trials_is_looked_at_without_study():
    with pytest.raises(mo.DataError, match="trial 'P': egfr"):
        mo.pool_glmm(LEVELS, events="x", n="n")


def test_sizes_are_told_and_rows_are_those_of_the_users_table():
    with pytest.raises(mo.DataError, match=r"\(141 in all rows, 80 once each is counted once\)"):
        mo.pool_glmm(LEVELS, **ONE)
    part = LEVELS[LEVELS["trial"] != "Q"].iloc[1:]
    with pytest.raises(mo.DataError, match="Leave out row 2;"):
        mo.pool_glmm(part, **ONE)


@pytest.mark.parametrize(
    ("column", "levels", "words"),
    [
        ("subgroup_level", [None, "mutant"], "'(blank: all patients)' and 'mutant'"),
        ("pd_l1", ["≥1%", "≥50%"], "'≥1%' and '≥50%'"),
        ("age", ["<75", "65-80"], "'<75' and '65-80'"),
        ("variant", ["G12", "G12C"], "'G12' and 'G12C'"),
        ("population", ["ITT", "per protocol"], "'ITT' and 'per protocol'"),
    ],
)
def test_levels_are_found_in_whatever_column_they_stand(column, levels, words):
    table = pd.DataFrame({"trial": ["A", "A", "B"], column: [*levels, levels[1]], "x": [9, 4, 8], "n": [30, 15, 40]})
    with pytest.raises(mo.DataError, match=re.escape(f"trial 'A': {column} {words} share patients")):
        mo.pool_glmm(table, **ONE)


@pytest.mark.parametrize(
    ("column", "levels"),
    [("p", ["<0.05", "0.03"]), ("line", ["2", "2+"]), ("site", ["north", "north and south"]), ("age", ["<65", "≥65"]),
     ("data_cut", ["2021", "2021-05"])],
)  # fmt: skip
def test_columns_of_something_else_name_no_levels(column, levels):
    table = pd.DataFrame({"trial": ["A", "A", "B"], column: [*levels, levels[1]], "x": [9, 4, 8], "n": [30, 15, 40]})
    assert mo.pool_glmm(table, **ONE).k == 3


def test_rows_of_other_patients_are_pooled():
    arms = LEVELS.assign(arm=["a", "b", "c", "a", "a", "a"])  # as the message advises
    assert mo.pool_glmm(arms, **ONE).k == 6
    crossed = LEVELS.iloc[:2].assign(sex=["female", "male"])
    assert mo.pool_glmm(crossed, **ONE).k == 2
    apart = LEVELS[LEVELS["trial"] == "Q"]
    assert not any("other patients" in text for text in mo.pool_glmm(apart, **ONE).provenance.cautions)
    drugs = pd.DataFrame({"trial": ["A", "A"], "drug": ["x", "x plus y"], "x": [3, 9], "n": [30, 33]})
    assert mo.pool_glmm(drugs, **ONE).k == 2


def test_covariances_of_rows_that_share_patients_are_a_way():
    es = effects(LEVELS.iloc[[0, 1, 5]])
    v = [[es["vi"].iloc[0], 0.03, 0], [0.03, es["vi"].iloc[1], 0], [0, 0, es["vi"].iloc[2]]]
    assert mo.pool(es, study="trial", covariance=v).k == 3


@pytest.mark.parametrize("verb", ONE_ARMED)
def test_a_row_entered_twice_is_named_where_the_numbers_stand(verb):
    table = pd.concat([LEVELS.iloc[[0, 3, 5]], LEVELS.iloc[[3]]], ignore_index=True)
    r = ONE_ARMED[verb](table)
    words = "Q was entered twice with the same figures, so that its patients are counted twice"
    assert "Advice: trial 'Q' has the same figures in rows 1 and 3: keep one of them" in str(r)
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), " ".join(mo.plot.forest_rows(r).footnotes)):
        assert words in text
    assert ONE_ARMED[verb](table.drop(index=3)).provenance.cautions == ()


@pytest.mark.parametrize("verb", TWO_ARMED)
def test_a_control_arm_entered_twice_is_named_where_the_numbers_stand(verb, tmp_path):
    r = TWO_ARMED[verb](ARMS)
    words = "comparisons of S (5 mg and 10 mg) have the same control arm, so that its patients are counted twice"
    assert "Advice: trial 'S' has the same control arm in rows 0 and 1: pool(shared=)" in str(r)
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r)), " ".join(mo.plot.forest_rows(r).footnotes)):
        assert words in text
    page = mo.write_report(r, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "have the same control arm" in page
    assert "rows 0 and 1" not in page
    other = ARMS.assign(c=[4, 5, 6, 9])
    assert not any("counted" in text for text in TWO_ARMED[verb](other).provenance.cautions)
    apart = TWO_ARMED[verb](ARMS.assign(kras=["mutant", "wild-type", "mutant", "mutant"]))
    assert not any("counted" in text or "other patients" in text for text in apart.provenance.cautions)


def test_a_shared_control_is_not_named_once_it_is_taken_into_account():
    es = ratios().assign(control=["placebo", "placebo", None, None])
    assert mo.pool(es, study="trial", shared="control").provenance.cautions == ()


@pytest.mark.parametrize("verb", ["pool_glmm", "pool_beta_binomial", "pool", "pool_bayes", "regress"])
def test_rows_of_one_trial_that_nothing_tells_apart_are_named_where_the_numbers_stand(verb):
    table = pd.DataFrame({"trial": ["A", "A", "B", "C", "C"], "x": [3, 9, 8, 4, 5], "n": [30, 33, 41, 37, 38]})
    r = ONE_ARMED[verb](table)
    words = "A, C give more than one row, and nothing tells that these are of other patients"
    for text in (str(r), str(mo.results_text(r)), str(mo.table(r))):
        assert words in text
    assert "Advice: trials 'A', 'C': leave out what shares patients" in str(r)


@pytest.mark.parametrize("verb", ["pool_glmm", "pool_beta_binomial", "pool", "pool_bayes", "regress"])
@pytest.mark.parametrize("column", ["cohort", "kras"])
def test_other_patients_of_one_trial_are_still_of_one_trial(verb, column):
    levels = {"cohort": ["2L", "3L", "2L", "2L"], "kras": ["mutant", "wild-type", "mutant", "mutant"]}[column]
    table = pd.DataFrame({"trial": list("AABC"), column: levels, "x": [3, 9, 8, 4], "n": [30, 33, 41, 37]})
    r = ONE_ARMED[verb](table)
    (text,) = r.provenance.cautions
    assert text.startswith("the 4 rows come from 3 trials and are taken as independent: effects within a trial may be")
    assert text.endswith("of a row, not of a trial") == bool(np.isfinite(getattr(r, "prediction_low", np.nan)))
    for said in (str(r), str(mo.results_text(r)), str(mo.table(r))):
        assert "rows come from 3 trials" in said
    assert ONE_ARMED[verb](table.iloc[1:]).provenance.cautions == ()


def test_models_that_have_rows_of_one_trial_dependent_or_alike_say_nothing_of_them():
    table = pd.DataFrame({"trial": list("AABC"), "kras": ["mutant", "wild-type", "mutant", "mutant"],
                          "yi": [0.1, 0.3, 0.2, 0.5], "vi": [0.04, 0.05, 0.03, 0.06]})  # fmt: skip
    assert mo.pool_multilevel(table, levels=["trial", "kras"]).provenance.cautions == ()
    assert mo.pool(table, study="trial", method="CE").provenance.cautions == ()  # one effect, and other patients
    both = pd.concat([table, table.assign(trial=list("DDEF"), yi=[0.1, 0.2, 0.7, 0.2])])
    by = mo.pool_subgroups(both, by="kras", study="trial")
    assert not any("rows come from" in text for text in str(by).splitlines())  # it says that itself
    assert sum("as independent" in c.text for c in by.cautions) == 1


def test_rows_alike_in_all_columns_are_named_without_study():
    table = LEVELS.iloc[[0, 3, 3]].reset_index(drop=True)
    named = mo.pool_glmm(table, events="x", n="n")
    assert named.provenance.cautions[0].startswith("Q was entered twice with the same figures")
    r = mo.pool_glmm(table.rename(columns={"trial": "name"}), events="x", n="n")
    assert r.provenance.cautions[0].startswith("trials 2 and 3 are alike in all that is known of them")
    assert "Advice: rows 1 and 2 are alike in all columns" in str(r)
    numbers = {"x": [3, 3, 8], "n": [30, 30, 41]}  # two trials may well have the same counts
    assert mo.pool_glmm(numbers, events="x", n="n").provenance.cautions == ()


def test_interactions_compare_levels_of_different_patients():
    es = effects(pd.concat([LEVELS, LEVELS.iloc[[4]].assign(trial="P")]))
    with pytest.raises(
        mo.DataError, match=r"'overall' and 'mutant' share patients.*Name in contrast levels of different"
    ):
        mo.interaction(es, study="trial", by="egfr", contrast=("mutant", "overall"))
    with pytest.raises(mo.DataError, match="Name in levels levels of different"):
        mo.interaction(es, study="trial", by="egfr", levels=("wild-type", "mutant", "L858R"))
    assert mo.interaction(es, study="trial", by="egfr", contrast=("mutant", "wild-type")).k == 2


@pytest.mark.parametrize("verb", TWO_ARMED)
def test_one_control_arm_under_two_names_of_a_trial_is_a_caution(verb):
    named = ARMS.assign(trial=["S 5 mg", "S 10 mg", "T", "U"])
    said = "S 5 mg and S 10 mg report the same control arm, 4/50: if it is one, its patients are counted twice"
    r = TWO_ARMED[verb](named)
    assert said in r.provenance.cautions
    assert f"{said}." in str(mo.results_text(r))
    assert "Advice: S 5 mg and S 10 mg, if they have one control arm: pool(shared=)" in str(r)
    apart = ARMS.assign(trial=["S 5 mg", "V 10 mg", "T", "U"])  # other trials may well have the same counts
    assert not any("the same control arm" in text for text in TWO_ARMED[verb](apart).provenance.cautions)


def test_one_control_arm_under_two_names_is_said_wherever_the_pool_is_printed(tmp_path):
    r = TWO_ARMED["pool"](ARMS.assign(trial=["S 2016a", "S 2016b", "T", "U"]))
    said = "S 2016a and S 2016b report the same control arm, 4/50"
    mo.write_report(r, tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    for text in (" ".join(mo.plot.forest_rows(r).footnotes), str(mo.table(r)), page):
        assert said in text


def test_one_control_arm_of_means_and_of_person_time_under_two_names():
    means = {"t": ["A-1a", "A-1b", "B"], "m": [3.1, 3.9, 2.0], "s": [1.0, 1.1, 1.2], "n": [40, 41, 30],
             "m0": [0.0, 0.0, 1.0], "s0": [1.0, 1.0, 1.3], "n0": [39, 39, 31]}  # fmt: skip
    es = mo.effect_sizes(
        means, measure="MD", mean_t="m", sd_t="s", n_t="n", mean_c="m0", sd_c="s0", n_c="n0", study="t"
    )
    assert any(
        "A-1a and A-1b report the same control arm, mean 0" in x for x in mo.pool(es, study="t").provenance.cautions
    )
    rates = {"t": ["A low", "A high", "B"], "x": [4, 9, 7], "y": [100.0, 98.0, 77.0], "x0": [11, 11, 6],
             "y0": [90.5, 90.5, 80.0]}  # fmt: skip
    es = mo.effect_sizes(rates, measure="IRR", events_t="x", time_t="y", events_c="x0", time_c="y0", study="t")
    assert any("the same control arm, 11 events in 90.5" in x for x in mo.pool(es, study="t").provenance.cautions)
