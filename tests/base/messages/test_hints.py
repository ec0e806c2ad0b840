"""What was meant: columns of another case or word, options of another verb, formulas without backticks."""

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import ArgumentError, ColumnError, DataError, OptionError

RATIOS = pd.DataFrame({
    "study": list("abcdef"), "hr": [0.5, 0.6, 0.7, 0.55, 0.63, 0.74], "hr_low": [0.3, 0.4, 0.5, 0.33, 0.42, 0.53],
    "hr_high": [0.83, 0.9, 0.98, 0.92, 0.95, 1.03], "KRAS mut %": [33, 44, 40, 38, 41, 36.0],
    "share": ["33%", "44 %", "40", "38", "41", "33%"], "KRAS": [1, 2, 3, 4, 5, 7.0],
})  # fmt: skip
HR = {"measure": "HR", "hr": "hr", "ci_low": "hr_low", "ci_high": "hr_high", "study": "study"}
EFFECTS = mo.effect_sizes(RATIOS, **HR)
ONE = {"events": "events", "n": "n"}
COUNTS = {"events": [3, 4, 5], "n": [40, 50, 60], "read_as": "", "KRAS": "mutant"}


@pytest.mark.parametrize(
    ("verb", "says"),
    [
        (lambda: mo.effect_sizes(RATIOS, **{**HR, "hr": "HR"}), "Did you mean hr='hr'"),
        (lambda: mo.effect_sizes(RATIOS, **{**HR, "ci_low": "lower"}), "Did you mean ci_low='hr_low'"),
        (lambda: mo.effect_sizes(COUNTS, measure="PLO", events="responders", n="n"), "Did you mean events='events'"),
        (lambda: mo.pool_subgroups(COUNTS, by="Kras", using=mo.pool_glmm, **ONE), "Did you mean by='KRAS'"),
        (lambda: mo.regress(EFFECTS, "~ kras"), "the formula names 'kras', which is no column .* Did you mean 'KRAS'"),
        (lambda: mo.regress(EFFECTS, "~ KRAS").predict({"kras": [3]}), "Rename its column 'kras' to 'KRAS'"),
    ],
)  # fmt: skip
def test_columns_of_another_case_or_word(verb, says):
    with pytest.raises(ColumnError, match=says):
        verb()


def test_an_interval_is_no_column_of_counts():
    with pytest.raises(ArgumentError, match=r"That names an interval of the pooled effect.*this verb has one alone"):
        mo.pool_mantel_haenszel({}, measure="OR", ci="HKSJ")
    with pytest.raises(ArgumentError, match="R calls it ci; here it is events_c="):
        mo.pool_mantel_haenszel({}, measure="OR", ci="cneg")


def test_formulas_say_how_odd_names_are_written_without_colours():
    with pytest.raises(OptionError, match=r"~ `KRAS mut %`") as problem:
        mo.regress(EFFECTS, "~ KRAS mut %")
    assert str(problem.value).isprintable()
    assert mo.regress(EFFECTS, "~ `KRAS mut %`").k == 6


def test_percentages_that_are_texts_are_no_levels():
    with pytest.raises(DataError, match=r"row 0: share='33%' is a text.*rstrip") as problem:
        mo.regress(EFFECTS, "~ share")
    code = str(problem.value).partition("as by ")[2].partition(", or")[0]
    assert eval(code, {"df": RATIOS, "pd": pd}).tolist() == [33, 44, 40, 38, 41, 33]


@pytest.mark.parametrize(("whole", "what"), [(100, "percentages"), (1, "proportions")])
def test_rates_as_counts_say_how_counts_are_made(whole, what):
    table = {"x": np.array([7.3, 29.0, 4.5]) * whole / 100, "n": [41, 62, 22]}
    with pytest.raises(DataError, match=f"looks like {what}: .* near one in all rows") as problem:
        mo.effect_sizes(table, measure="PLO", events="x", n="n")
    code = str(problem.value).partition("as by ")[2].partition(", where")[0]
    assert eval(code, {"df": pd.DataFrame(table)}).tolist() == [3, 18, 1]
    table["n"][1] = 40
    with pytest.raises(DataError, match=r"near none in 1 of 3 rows"):
        mo.effect_sizes(table, measure="PLO", events="x", n="n")


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["Yes", "No"], "{'Yes': 1, 'No': 0}"),
        (["alive", "dead"], "{'alive': 0, 'dead': 1}"),
        (["a", "b"], "{'a': ..., 'b': ...}"),
    ],
)
def test_events_in_words_say_their_codes(words, codes):
    with pytest.raises(DataError) as problem:
        mo.survival.kaplan_meier({"time": [1.0, 2.0], "event": words}, time="time", event="event")
    assert f"write 1 for an event and 0 for a patient who is censored, as by df['event'].map({codes})" in str(
        problem.value
    )


def test_two_names_with_one_interval_are_doubted():
    again = pd.concat([RATIOS, RATIOS.iloc[[1]].assign(study="Birch trial")], ignore_index=True)
    pool = mo.pool(mo.effect_sizes(again, **HR))
    assert "b and Birch trial report the same effect with the same interval" in str(pool)
    assert "report the same effect" not in str(mo.pool(EFFECTS))


def test_the_same_patients_twice_is_said_alone():
    table = pd.DataFrame({"trial": ["A", "B", "B"], "outcome": "pfs", "hr": [0.6, 0.7, 0.7], "hr_low": [0.4, 0.5, 0.5],
                          "hr_high": [0.9, 0.98, 0.98], "hr_level": 0.95})  # fmt: skip
    with pytest.raises(DataError) as problem:
        mo.analyse(table, outcome="pfs")
    assert "report the same patients" in str(problem.value)
    assert "no row" not in str(problem.value)


def test_covariates_point_to_the_model_that_takes_them():
    with pytest.raises(mo.errors.ArgumentError, match=r"survival\.cox_model\(patients, covariates=\['arm', 'age'\]\)"):
        mo.survival.hazard_ratio({"time": [1.0], "event": [1]}, covariates=["age"])


@pytest.mark.parametrize("word", ["rho", "outcome"])
def test_a_row_an_outcome_is_told_how_the_table_of_several_outcomes_is(word):
    with pytest.raises(mo.errors.ArgumentError, match=r"A row is a trial with an effect a column.*c12 = rho"):
        mo.pool_multivariate({"trial": ["A"]}, **{word: "outcome"})
