"""Patients of a summary of findings: of the counts pooled, of the rows, or as they are given; else not known."""

import warnings

import numpy as np
import pandas as pd
import pytest

import metaonc as mo
from metaonc.analysis.certainty.participants import participants
from metaonc.errors import DataError, OptionError
from metaonc.workflow.analysis import overall_of
from metaonc.workflow.beside.judged import judged

NAN = np.nan
EVIDENCE = pd.DataFrame({
    "trial": ["Ash", "Birch", "Cedar"], "outcome": "os", "hr": [0.55, 0.92, 0.71], "hr_low": [0.38, 0.7, 0.5],
    "hr_high": [0.796, 1.209, 1.008],
})  # fmt: skip


def analysed(table, outcome="os", **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mo.analyse(table, outcome=outcome, **options)


def counted(table=EVIDENCE, outcome="os", by=None, **columns):
    return participants(overall_of(analysed(table.assign(**columns), outcome, by=by).result))


def test_they_are_the_sum_of_both_arms_or_of_what_is_given_for_both():
    assert counted(n=[100, 110, 120], n_comparator=[90, 105, 118]) == 100 + 110 + 120 + 90 + 105 + 118
    assert counted(n=[100, NAN, 120], n_comparator=[90, NAN, 118], n_both=[NAN, 215, NAN]) == 190 + 215 + 238
    assert counted(n=["100", "110", "120"], n_comparator=[90, 105, 118]) == 643


@pytest.mark.parametrize(
    "columns",
    [{}, {"n": [100, 110, 120]}, {"n": [100, NAN, 120], "n_comparator": [90, 105, 118]}, {"n_comparator": 90}],
)
def test_they_are_not_known_where_a_row_does_not_say_both(columns):
    assert counted(**columns) is None


def test_a_comparator_of_several_arms_counts_once():
    arms = pd.concat([EVIDENCE, EVIDENCE.tail(1).assign(hr=0.8, hr_low=0.6, hr_high=1.0667)], ignore_index=True)
    arms = arms.assign(arm=["a", "b", "c low", "c high"], n=[100, 110, 120, 130], n_comparator=[90, 105, 118, 118])
    assert counted(arms, comparator=["x", "y", "z", "z"]) == 100 + 110 + 120 + 130 + 90 + 105 + 118
    assert counted(arms, comparator=["x", "y", "z", "other"]) == 100 + 110 + 120 + 130 + 90 + 105 + 118 + 118
    assert counted(arms) is None  # nobody knows whether the two arms of Cedar have one


def test_subgroups_of_a_trial_are_different_patients():
    rows = EVIDENCE.head(2).assign(trial="Ash", arm="a", comparator="x", subgroup_variable="KRAS", n=[60, 40],
                                   subgroup_level=["mutant", "wild type"], n_comparator=[55, 45])  # fmt: skip
    assert counted(rows, by="KRAS") == 200


def test_of_one_arm_they_are_its_own():
    table = pd.DataFrame({"trial": list("AB"), "outcome": "os", "estimate": [10.0, 12.0], "ci_low": [8.0, 9.0],
                          "ci_high": [13.0, 15.5], "unit": "months", "n": [50, 60]})  # fmt: skip
    assert counted(table) == 110


def test_a_collection_says_its_patients():
    # CRYSTAL 1198, 20020408 231 + 232, EPIC 648 + 650, as published
    assert counted(mo.load("egfr_crc").evidence, "pfs") == 1198 + 463 + 1298


def test_what_is_no_number_of_patients_is_refused():
    with pytest.raises(DataError, match=r"trial 'Birch': n.*is not a number"):
        counted(n=[100, "many", 120], n_comparator=90)


def cell(found, **options):
    return judged(found, "os", design="randomised", **options).findings.rows[0][1]


def test_the_summary_of_findings_has_them():
    known = analysed(EVIDENCE.assign(n=[100, 110, 120], n_comparator=[90, 105, 118]))
    assert cell(known) == "643 (3 randomised trials)"
    assert cell(known, participants=700) == "700 (3 randomised trials)"
    unknown = analysed(EVIDENCE)
    assert cell(unknown) == "not known (3 randomised trials)"
    assert cell(unknown, participants=643) == "643 (3 randomised trials)"
    with pytest.raises(OptionError, match="participants= is of certainty, which asks for design='randomised'"):
        judged(known, "os", participants=643)
    with pytest.raises(DataError, match="give the patients of all trials"):
        cell(known, participants=0)


def test_counts_that_were_pooled_are_those_of_the_table():
    table = pd.DataFrame({"trial": list("ABC"), "outcome": "orr", "n": [20, 30, 40], "events": [4, 9, 10]})
    made = judged(analysed(table, "orr"), "orr", design="single-arm").findings
    assert made.rows[0][1] == "90 (3 single-arm trials)"
