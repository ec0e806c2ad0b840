"""Outcomes by title, unit and parameter: own titles, and the labelled ones where they are at hand."""

import csv
import os
import re
from pathlib import Path

import pytest

import metaonc as mo
from metaonc.data.readers.ctgov.words import classes, phrases, subgroups, titles, units
from metaonc.data.readers.ctgov.words.pattern import Words
from metaonc.data.readers.ctgov.words.titles import RULES, named
from metaonc.data.readers.ctgov.words.units import unit_of

LABELLED = Path(os.environ.get("METAONC_REGISTRY", "nowhere")) / "titles.csv"  # labelled titles, where at hand
READ = [
    ("Progression-Free Survival by BICR", "Months", "MEDIAN", "pfs"),
    ("PFS per investigator, weeks", "weeks", "MEDIAN", "pfs"),
    ("Radiological progression free survival", "days", "MEDIAN", "pfs"),
    ("Median PFS", "Median PFS in months", "NUMBER", "pfs"),
    ("Progression-free survival and its safety", "months", "MEDIAN", "pfs"),
    ("PFS rate at month 9", "% of participants", "NUMBER", "pfs_rate"),
    ("Participants alive without progression at 6 months", "percentage of patients", "NUMBER", "pfs_rate"),
    ("Invasive disease-free survival", "years", "MEDIAN", "dfs"),
    ("Recurrence-free survival at 3 years", "proportion of participants", "NUMBER", "dfs_rate"),
    ("Number of participants with DFS events", "Participants", "COUNT_OF_PARTICIPANTS", "dfs"),
    ("OS", "Months", "MEDIAN", "os"),
    ("Overall survival: number of deaths", "participants", "NUMBER", "os"),
    ("Two-year overall survival", "Percent", "NUMBER", "os_rate"),
    ("Proportion alive at 12 months", "probability of survival", "NUMBER", "os_rate"),
    ("Duration of Objective Response (DOR)", "months", "MEDIAN", "dor"),
    ("DoR in Responders", "weeks", "MEDIAN", "dor"),
    ("Disease Control Rate (CR + PR + SD for 8 weeks)", "percentage of participants", "NUMBER", "dcr"),
    ("Complete Response (CR) Rate", "percentage of participants", "NUMBER", "cr"),
    ("Best overall response of CR or PR per RECIST 1.1", "Participants", "COUNT_OF_PARTICIPANTS", "orr"),
    ("Confirmed ORR by IRC", "percentage of participants", "NUMBER", "orr"),
    ("Overall Response Rate", "proportion of responders", "MEAN", "orr"),
    ("Participants Free From Progression or Death at 12 Months", "percentage of participants", "NUMBER", "pfs_rate"),
    ("Time to Death (Overall Survival)", "Days", "MEDIAN", "os"),
]
UNREAD = [
    ("ORR After Crossover", "percentage of participants", "NUMBER"),
    ("Overall Survival Adjusted for Crossover", "Months", "MEDIAN"),
    ("Objective Response Rate in the Open-Label Extension Period", "Participants", "COUNT_OF_PARTICIPANTS"),
    ("Progression-Free Survival", "months", "MEAN"),  # a restricted mean is no median
    ("Progression-Free Survival", "months", "NUMBER"),
    ("Progression-Free Survival", "Participants", "COUNT_OF_PARTICIPANTS"),  # with events, or free of them?
    ("Percentage of Participants With PFS Events", "percentage of participants", "NUMBER"),
    ("PFS rate", "percentage of participants", "MEDIAN"),
    ("Overall Survival and Progression-Free Survival", "months", "MEDIAN"),
    ("ORR and PFS", "percentage of participants", "NUMBER"),
    ("Time to Progression", "months", "MEDIAN"),
    ("Time to Response", "weeks", "MEDIAN"),
    ("Event-Free Survival", "months", "MEDIAN"),
    ("Distant Metastasis-Free Survival", "months", "MEDIAN"),
    ("PFS2", "months", "MEDIAN"),
    ("Breast Cancer-Specific Survival", "months", "MEDIAN"),
    ("Intracranial Progression-Free Survival", "months", "MEDIAN"),
    ("Local Progression-Free Survival", "months", "MEDIAN"),
    ("CNS Objective Response Rate", "percentage of participants", "NUMBER"),
    ("Pathologic Complete Response (pCR)", "percentage of participants", "NUMBER"),
    ("Clinical Benefit Rate", "percentage of participants", "NUMBER"),
    ("Overall Response Including Stable Disease", "percentage of participants", "NUMBER"),
    ("Best Overall Response: Partial Response Rate", "percentage of cells", "NUMBER"),
    ("Partial Response Rate", "percentage of participants", "NUMBER"),
    ("PSA Response Rate", "percentage of participants", "NUMBER"),
    ("Overall Immune Response to Vaccine", "percentage of participants", "NUMBER"),
    ("Complete Response (No Emesis, No Rescue)", "percentage of participants", "NUMBER"),
    ("Complete Cytogenetic Response", "percentage of participants", "NUMBER"),
    ("Change in Creatinine (Cr)", "mg/dL", "MEAN"),
    ("Duration of Complete Response", "months", "MEDIAN"),
    ("Overall Survival", "person-years", "NUMBER"),
    ("Objective Response Rate", "proportion of tumors", "NUMBER"),
    ("Quality of Life in Responders", "units on a scale", "MEAN"),
    ("Implant survival at 5 years", "percentage of implants", "NUMBER"),
]


@pytest.mark.parametrize(("title", "unit", "param", "outcome"), READ)
def test_an_outcome_is_named(title, unit, param, outcome):
    assert mo.ctgov_outcome(title, unit, param) == outcome


@pytest.mark.parametrize(("title", "unit", "param"), UNREAD)
def test_what_is_another_outcome_or_may_mean_two_things_is_none(title, unit, param):
    assert mo.ctgov_outcome(title, unit, param) is None
    assert named(title, unit, param).reason


@pytest.mark.skipif(not LABELLED.exists(), reason="the labelled titles are not here")
def test_no_labelled_title_is_read_wrongly():
    rows = [row for row in csv.DictReader(LABELLED.read_text("utf-8").splitlines()) if row["outcome"] != "?"]
    got = [mo.ctgov_outcome(row["title"], row["unit"], row["param_type"]) or "" for row in rows]
    assert [(row["title"], g) for row, g in zip(rows, got, strict=True) if g and g != row["outcome"]] == []
    assert sum(g == row["outcome"] for row, g in zip(rows, got, strict=True)) >= len(rows) - 1


def test_no_pattern_of_a_rule_fits_everything():
    patterns = [rule.pattern.pattern for rule in RULES if "?=" not in rule.pattern.pattern.pattern]
    patterns += [rule.unless.pattern for rule in RULES if rule.unless]
    patterns += [pattern for _, pattern in subgroups.MARKERS]
    patterns += [
        value.pattern if isinstance(value, Words) else value
        for module in (classes, phrases, subgroups, titles, units)
        for value in vars(module).values()
        if isinstance(value, (re.Pattern, Words))
    ]
    assert [p.pattern for p in patterns if p.search("zzz") or (p.search("") and p.fullmatch("zzz"))] == []


def test_every_rule_that_reads_names_outcomes_of_the_evidence():
    from metaonc.data.schema import OUTCOMES

    assert {outcome for rule in RULES for outcome in rule.outcomes.values()} <= set(OUTCOMES)


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Months", "time", "months"),
        ("Months (95% CI)", "time", "months"),
        ("Days to event", "other", ""),
        ("wk", "time", "weeks"),
        ("percentage of participants alive", "percent", ""),
        ("Percentage (%)", "percent", ""),
        ("% change", "other", ""),
        ("proportion of patients", "proportion", ""),
        ("percent probability", "percent", ""),
        ("Participants", "count", ""),
        ("number of events", "count", ""),
        ("responses", "other", ""),
        ("days/months", "other", ""),
        ("months and weeks", "other", ""),
        ("", "other", ""),
    ],
)
def test_units(text, kind, name):
    assert (unit_of(text).kind, unit_of(text).name) == (kind, name)
