"""The guide to defactinib in the package, audited without being told: what arithmetic finds of what is wrong with it.

What is wrong was established by reading the primary sources (datasets/defactinib/corrections.csv). Each discrepancy is
here, found or not, with the reason where arithmetic cannot find it.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from metaonc.data.audit import audit

GUIDE = Path(__file__).parents[3] / "datasets" / "defactinib" / "guide.csv"
CORRECTIONS = GUIDE.with_name("corrections.csv")

FOUND = (  # discrepancy, row of the guide, rule
    ("two trials in one row: FRAME and RAMP 201", "guide-01", "two_trials_in_one"),
    ("KRAS-mutant response reported without its number of patients", "guide-03", "no_denominator"),
    ("KRAS-mutant response without wild-type, the better subgroup", "guide-03", "subgroup_alone"),
    ("KRAS-mutant progression-free survival without wild-type", "guide-04", "subgroup_alone"),
    ("one dose cohort of several (RAMP 205)", "guide-05", "subgroup_alone"),
    ("refractory cohort without the maintenance cohort", "guide-06", "subgroup_alone"),
    ("disease control of 80 % printed, response of 5 % left out", "guide-06", "control_without_response"),
    ("one complete response without a denominator", "guide-09", "no_denominator"),
    ("one complete response without a denominator", "guide-09", "no_figures"),
    ("15 of 55 is 27.3 %, not 28 %", "guide-10", "percent_of_counts"),
)
NOT_FOUND = {  # row and field of the corrections -> why no arithmetic finds it
    (
        "guide-01",
        "n",
    ): "36 of 115 print as 31 %: only the count, which the guide does not give, shows that 115 is wrong",
    ("guide-01", "FRAME response"): "a result that is left out stands in another document",
    ("guide-01", "FRAME progression-free survival"): "a result that is left out stands in another document",
    ("guide-05", "dose"): "a schedule is no figure",
    (
        "guide-06",
        "registry_id",
    ): "the number is well-formed and of no other trial of the guide; only the registry tells",
}
BY_ROW = {  # corrections that a finding above is about
    ("guide-01", "trial"), ("guide-03", "n"), ("guide-03", "KRAS wild-type response"),
    ("guide-04", "KRAS wild-type progression-free survival"), ("guide-06", "response"), ("guide-06",
    "maintenance cohort"),
    ("guide-10", "n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def guide() -> pd.DataFrame:
    return pd.read_csv(GUIDE, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def found(guide: pd.DataFrame) -> pd.DataFrame:
    return audit(guide)


@pytest.mark.parametrize(("what", "row", "rule"), FOUND)
def test_what_arithmetic_can_find_is_found(guide, found, what, row, rule):
    place = guide.index[guide["guide_row"] == row][0]
    named = [place == first or place in others for first, others in zip(found["row"], found["other_rows"], strict=True)]
    assert rule in set(found["rule"][named]), what


def test_nothing_else_is_found(guide, found):
    said = {(guide["guide_row"][row], rule) for row, rule in zip(found["row"], found["rule"], strict=True)}
    assert said <= {(row, rule) for _, row, rule in FOUND}


def test_the_count_that_does_not_fit_comes_with_those_that_do(found):
    finding = found[found["rule"] == "percent_of_counts"].iloc[0]
    assert finding["got"] == "28 %; 15/55 = 27.3 %"
    assert finding["expected"] == "28 % is 15 of 54 or 53"
    assert finding["severity"] == "error"
    assert "no whole number of 55 is 28 %" in finding["message"]


def test_every_discrepancy_is_accounted_for():
    table = pd.read_csv(CORRECTIONS, dtype=str, keep_default_na=False)
    wrong = table[table["verdict"].isin(("contradicted", "inconsistent", "omitted"))]
    assert {tuple(pair) for pair in wrong[["guide_row", "field"]].to_numpy()} == BY_ROW | set(NOT_FOUND)
