"""An audit of tables under the names people give: what it reads of them, and what it says it did not read."""

from __future__ import annotations

import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.errors import ColumnError, OptionError


def rules(table, **options):
    return set(mo.audit(pd.DataFrame(table), **options)["rule"])


@pytest.mark.parametrize(
    "names",
    [
        *(("Responders", "N", "Rate"), ("events", "n", "Response rate"), ("Events", "Patients", "ORR rate")),
        *(("r", "n", "proportion"), ("Responders", "Evaluable", "ORR")),
    ],
)
def test_counts_that_do_not_give_the_rate(names):
    events, n, rate = names
    assert "percent_of_counts" in rules({"Study": ["A", "B"], events: [246, 50], n: [246, 100], rate: [0.813, 0.5]})
    assert "percent_of_counts" in rules({"Study": ["A", "B"], events: [124, 50], n: [482, 100], rate: [25.8, 50.0]})
    assert not rules({"Study": ["A", "B"], events: [124, 50], n: [482, 100], rate: [25.7, 50.0]})


@pytest.mark.parametrize(
    ("low", "high"),
    [
        *(("HR_CI_lower", "HR_CI_upper"), ("Low.CI", "Upper.CI"), ("L95", "U95"), ("LL", "UL"), ("ci.lb", "ci.ub")),
        *(("HR 95% LCL", "HR 95% UCL"), ("untere", "obere")),
    ],
)
def test_limits_upside_down(low, high):
    assert "limits_swapped" in rules({"Study": ["A"], "HR": [0.7], low: [0.9], high: [0.6]})


def test_a_wide_table_is_asked_by_outcome():
    table = {"Study": ["A"], "OS_HR": [0.5], "OS_HR_LB": [0.9], "OS_HR_UB": [0.6], "PFS_HR": [0.5], "PFS_HR_LB": [0.3],
             "PFS_HR_UB": [0.6]}  # fmt: skip
    found = mo.audit(pd.DataFrame(table))
    assert set(found["rule"]) == {"limits_swapped", "outside_interval"}
    assert set(found["row"]) == {0}


def test_effects_go_by_their_measure():
    table = {"Study": ["A", "B"], "Measure": ["HR", "OR"], "Effect": [0.5, 2.0], "Low": [0.3, 3.0], "High": [0.6, 4.0]}
    found = mo.audit(pd.DataFrame(table))
    assert found["columns"].tolist() == [("odds_ratio", "or_low", "or_high")]


def test_what_the_caller_says_counts():
    table = {"Study": ["A"], "dead": [30], "all": [20]}
    assert "events_above_n" in rules(table, columns={"dead": "death.events", "all": "death.n"})
    assert rules(table, columns={"dead": "events", "all": "n"}) == {"events_above_n"}


def test_names_that_are_no_texts_or_no_columns():
    assert mo.audit(pd.DataFrame({0: [1], "n": [2], "events": [1]})).attrs["not_read"] == ["0"]
    with pytest.raises(ColumnError, match="'size' is not a column"):
        rules({"trial": ["A"], "n": [3]}, columns={"size": "n"})
    with pytest.raises(OptionError, match="the column='patients' is not an option"):
        rules({"trial": ["A"], "size": [3]}, columns={"size": "patients"})


def test_columns_of_numbers_that_nobody_read_are_named(tmp_path, monkeypatch, capsys):
    table = {"Study": ["A", "B"], "n": [20, 30], "score.x": [1.5, 2], "Authors": ["u", "v"], "authors": ["x", "y"]}
    assert mo.audit(pd.DataFrame(table)).attrs["not_read"] == ["score.x"]
    monkeypatch.chdir(tmp_path)
    pd.DataFrame(table).to_csv("a.csv")  # with the names of its rows in a column without a name
    assert main(["check", "a.csv"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Nothing found, but little was asked.")
    assert "Not read: the columns of numbers 'row_name', 'score.x'." in said


def test_the_command_reads_by_the_options_of_the_reader(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("made up\nWer|hazard;x|y\nSpalten;;\nName;HR;u;o\nA;0,5;0,3;0,4\nB;0,5;0,3;0,9\n")
    options = ["--header", "4", "--sep", ";", "--decimal", ",", "--skip", "6"]
    options += ["--columns", "u=hr_low", "--columns", "o=hr_high"]
    assert main(["check", "a.csv", *options]) == 1
    said = capsys.readouterr().out
    assert "a.csv:5: error: trial 'A': hr=0.5 lies outside its interval (0.3, 0.4)" in said
    assert "trial 'B'" not in said


def test_a_trial_written_in_two_ways_is_found_once_where_a_row_holds_several_outcomes():
    table = {"trial": ["A-B", "A\u2013B"], "arm": ["x", "y"], "n": [10, 10], "orr.events": [2, 3], "dcr.events": [3, 4]}
    columns = {"orr.events": "orr.events", "dcr.events": "dcr.events"}
    found = mo.audit(pd.DataFrame(table), columns=columns)
    assert found["rule"].tolist().count("labels_alike") == 1


@pytest.mark.parametrize(("pmid", "doi"), [("pmid", "doi"), ("PMID", "DOI"), ("source_pmid", "source_doi")])
def test_identifiers_that_the_rules_read_are_not_named_as_unread(pmid, doi):
    table = {"trial": ["A", "B"], "outcome": ["orr"] * 2, "n": [20, 30], "events": [2, 3], pmid: [123456789, 12],
             doi: ["10.1038/x", "https://doi.org/10.1038/y"]}  # fmt: skip
    found = mo.audit(table)
    assert found["rule"].tolist() == ["identifier_form"] * 2
    assert found.attrs["not_read"] == []


def test_levels_of_a_column_of_ones_own_are_compared_as_an_analysis_does(tmp_path):
    table = {"trial": list("AABBCC"), "kras": ["mutant", "wt", "Mutant", "wt", "mut", "wild type"],
             "outcome": ["orr"] * 6, "n": [40, 60, 22, 31, 18, 40], "events": [3, 18, 1, 9, 2, 11]}  # fmt: skip
    found = mo.audit(table, by="kras").set_index("rule")
    assert found.loc["labels_alike", "message"].endswith("'Mutant' and 'mutant' differ only by case.")
    with pytest.raises(mo.DataError, match=r"'mutant' .*and 'Mutant' .*differ only by case"):
        mo.pool_subgroups(table, by="kras", using=mo.pool_glmm, events="events", n="n", study="trial")
    short = found.loc["labels_in_short"]
    assert short["got"].tolist() == ["mut", "wild type"]
    assert short["expected"].tolist() == ["mutant", "wt"]
    assert short["severity"].eq("warning").all()
