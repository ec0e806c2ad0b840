"""An audit of a file, or of a table, is one of the figures that ``read_trials`` makes of it, and ``analyse`` pools."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import metaonc as mo
from metaonc.cli import main
from metaonc.data.audit.names import KINDS
from metaonc.data.audit.reading import read
from metaonc.data.readers.sheets.forms import FIELDS

SHEETS = {
    "counts": "Study,Outcome,\"Responders, n (%)\",N\nA,ORR,25 (43.9 %),57\nB,ORR,41 (34.2%),120\nTotal,,66,177\n",
    "semicolons": "Studie;HR;KI unten;KI oben\nA;0,5;0,3;0,8\nB;0,9;0,6;1,4\nHR = Hazard Ratio;;;\n",
    "wide": "Trial,N,OS HR (95% CI),PFS HR (95% CI)\nA,100,0.59 (0.42-0.82),NR\n"
    "B,90,\"0.7; 95% CI, 0.5-0.9\",0.8 (0.6-1.1)\n",
    "arms": "Study,Events 1,Total 1,Events 2,Total 2\nA,10/100,100,15,99\nB,8,80,12†,82\nC,-99,50,4,51\n",
    "medians": "Trial,n,\"Median OS, months (95% CI)\"\nA,40,12.0 (10.1-NE)\nB,50,\"9.10 (7.0-11.2)\"\n",
    "measures": "Author,Measure,Effect,Lower,Upper\nA,HR,0.5,0.3,0.8\nB,OR,2.0,1.1,3.6\n",
    "spaces": "study   n   responders\nA       50  20\nB       61  18\n",
}  # fmt: skip


def figures(row):
    return {name: value for name, value in row.items() if value is not None and value == value}


@pytest.mark.parametrize("name", SHEETS)
def test_the_same_figures(tmp_path, name):
    file = tmp_path / "mine.csv"
    file.write_text(SHEETS[name], encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.MetaoncWarning)
        pooled = mo.read_trials(file, skip=[4] if name == "arms" else ())
    asked = read(file, skip=[4]) if name == "arms" else read(file)
    wanted = [c for c in pooled if c in FIELDS and c in KINDS]
    assert [{c: r.value(c) for c in wanted if r.value(c) is not None} for r in asked.rows] == [
        figures(row) for row in pooled[wanted].to_dict("records")
    ]
    assert [r.trial for r in asked.rows] == pooled["trial"].tolist()
    assert [r.outcome for r in asked.rows] == ["" if pd.isna(o) else o for o in pooled["outcome"]]


def test_digits_are_those_that_are_printed(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(SHEETS["medians"], encoding="utf-8")
    rows = read(file).rows
    assert [str(rows[0].num(c)) for c in ("estimate", "ci_low")] == ["12.0", "10.1"]
    assert str(rows[1].num("estimate")) == "9.10"
    assert rows[0].text("not_reached") == "ci_high"


def test_a_count_with_its_percentage_is_compared_with_the_patients(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(SHEETS["counts"].replace("43.9", "63.9"), encoding="utf-8")
    found = mo.audit(file)
    wrong = found[found["severity"] == "error"]
    assert wrong["rule"].tolist() == ["percent_of_counts"]
    assert wrong["got"].tolist() == ["63.9 %; 25/57 = 43.86 %"]
    with pytest.raises(mo.DataError, match="not 100"):
        mo.analyse(file, outcome="orr")
    table = {"Study": ["A"], "Outcome": ["orr"], "events": ["25 (63.9 %)"], "n": [57]}
    assert "percent_of_counts" in mo.audit(table)["rule"].tolist()


def test_the_comparator_has_its_percentage_too():
    table = {"Study": ["A"], "events": [30], "n": [60], "events_comparator": ["20 (50 %)"], "n_comparator": [60]}
    found = mo.audit(table)
    assert found["rule"].tolist() == ["not_a_number"]
    assert "is not 20/60 = 33.3 %" in found["message"][0]


def test_options_are_those_of_the_reader(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("made up|;\nWer|x|y\nA|12|10\nB|3|11\n")
    options = {"header": 2, "sep": "|", "columns": {"x": "death.events", "y": "death.n"}}
    found = mo.audit("a.csv", **options)
    assert found["rule"][0] == "events_above_n"
    flags = ["--header", "2", "--sep", "|", "--columns", "x=death.events", "--columns", "y=death.n"]
    assert main(["check", "a.csv", *flags]) == 1
    assert "a.csv:3: error" in capsys.readouterr().out
    with pytest.raises(mo.OptionError, match="sep= is for tables that are not read yet"):
        mo.audit(mo.load("greb2008"), sep=";")


def test_what_a_reader_returned_is_taken_as_it_is():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mo.MetaoncWarning)
        table = mo.read_trials({"Study": ["A"], "OS HR": ["0.5 (0.4-0.7)"], "PFS HR": ["0.9 (0.4-0.7)"]})
    assert mo.audit(table).empty
    again = mo.audit({"Study": ["A"], "OS HR": ["0.5 (0.4-0.7)"], "PFS HR": ["0.9 (0.4-0.7)"]})
    assert "outside_interval" in again["rule"].tolist()


SUBGROUPS = {
    "Study": ["A", "A", "B", "B"],
    "PD-L1 status": ["high", "low", "high", "low"],
    "outcome": ["orr"] * 4,
    "events": [10, 5, 12, 4],
    "n": [30, 31, 32, 33],
}


def test_subgroups_of_a_column_of_ones_own_are_different_patients():
    assert mo.audit(SUBGROUPS, by="pd-l1 status").empty
    found = mo.audit(SUBGROUPS)
    assert found["severity"].tolist() == ["note", "note"]
    assert "by='PD-L1 status'" in found["fix"][0]
    with pytest.raises(mo.DataError, match="by='EGFR' is neither a subgroup variable of the table"):
        mo.audit(SUBGROUPS, by="EGFR")


def test_rows_typed_twice_are_found_in_subgroups_too():
    twice = {c: [*v, v[0]] for c, v in SUBGROUPS.items()}
    assert "same_patients_twice" in mo.audit(twice, by="PD-L1 status")["rule"].tolist()


def test_an_analysis_by_a_column_of_ones_own_does_not_find_its_subgroups_twice(tmp_path):
    file = tmp_path / "a.csv"
    pd.DataFrame(SUBGROUPS).to_csv(file, index=False)
    found = mo.analyse(file, outcome="orr", by="PD-L1 status")
    assert "same_patients_twice" not in found.findings["rule"].tolist()


def test_the_command_takes_the_subgroup(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    pd.DataFrame(SUBGROUPS).to_csv("a.csv", index=False)
    assert main(["check", "a.csv", "--by", "PD-L1 status"]) == 0
    assert "same_patients_twice" not in capsys.readouterr().out
    assert main(["check", "greb2008", "--by", "x"]) == 2
    assert "--by is for tables of trials" in capsys.readouterr().err


def test_what_is_no_row_and_what_is_asked_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("Study,events,n,HR,year\nA,3,10,0.5,2001\nB,4,12,0.7,2002\nTotal,7,22,,\n")
    main(["check", "a.csv"])
    said = capsys.readouterr().out
    assert "Not read: 'HR', no column holds its limits." in said
    assert "Left out: line 4, column 1: 'Total' sums up trials." in said
