"""The template: written, filled in, read, pooled."""

from __future__ import annotations

import csv
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from openpyxl import load_workbook

import metaonc as mo
from metaonc.cli import main
from metaonc.data.readers.template import write_template
from metaonc.data.schema.tables import TABLES
from metaonc.errors import DataError, OptionError

pytestmark = pytest.mark.usefixtures("small_files")

FIELDS = {f.name: f for f in TABLES["trials"].fields}
COUNTS = [
    {"trial": "ALPHA", "outcome": "orr", "n": 57, "events": 25},
    {"trial": "BETA", "outcome": "orr", "n": 52, "events": 9},
    {"trial": "GAMMA", "outcome": "orr", "n": 40, "events": 12},
]
RATIOS = [
    {"trial": "ALPHA", "outcome": "pfs", "hr": 0.59, "hr_low": 0.41, "hr_high": 0.85, "hr_level": 0.95},
    {"trial": "BETA", "outcome": "pfs", "hr": 0.91, "hr_low": 0.62, "hr_high": 1.33, "hr_level": 0.95},
]


def fill_excel(path, rows):
    book = load_workbook(path)
    page = book["trials"]
    names = [cell.value for cell in page[1]]
    for i, row in enumerate(rows, start=2):
        for name, value in row.items():
            page.cell(i, names.index(name) + 1, value)
    book.save(path)


def fill_csv(path, rows):
    names = path.read_text(encoding="utf-8-sig").strip().split(",")
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, names).writerows(rows)


@pytest.mark.parametrize(("name", "fill"), [("t.xlsx", fill_excel), ("t.csv", fill_csv)])
def test_template_to_pool(tmp_path, name, fill):
    path = write_template(tmp_path / name)[0]
    fill(path, COUNTS + RATIOS)
    trials = mo.read_trials(path)
    counts = trials[trials["outcome"] == "orr"]
    assert counts[["trial", "n", "events"]].to_dict("records") == [
        {k: row[k] for k in ("trial", "n", "events")} for row in COUNTS
    ]
    es = mo.effect_sizes(counts, measure="PLO", events="events", n="n", study="trial")
    direct = mo.effect_sizes(pd.DataFrame(COUNTS), measure="PLO", events="events", n="n", study="trial")
    assert mo.pool(es, study="trial").estimate == mo.pool(direct, study="trial").estimate
    hr = mo.effect_sizes(
        trials[trials["outcome"] == "pfs"], measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", level="hr_level"
    )
    assert hr["yi"].notna().all()


@pytest.mark.parametrize(("name", "fill"), [("t.xlsx", fill_excel), ("t.csv", fill_csv)])
def test_a_filled_template_is_analysed_from_the_command_line(tmp_path, capsys, name, fill):
    assert main(["template", str(tmp_path / name)]) == 0
    assert capsys.readouterr().out.startswith(f"Written: {tmp_path / name}")
    fill(tmp_path / name, COUNTS + RATIOS)
    for outcome in ("orr", "pfs"):
        assert main(["analyse", str(tmp_path / name), "--outcome", outcome, "--out", str(tmp_path / outcome)]) == 0
    assert "ALPHA" in capsys.readouterr().out


def test_the_workbook_says_what_each_cell_takes(tmp_path):
    page = load_workbook(write_template(tmp_path / "t.xlsx")[0])["trials"]
    names = {cell.column_letter: cell.value for cell in page[1]}
    assert sorted(names.values()) == sorted(FIELDS)
    assert list(names.values())[:2] == ["trial", "outcome"]
    rules = {
        names[str(rule.sqref)[0 : str(rule.sqref).index("2")]]: rule for rule in page.data_validations.dataValidation
    }
    assert sorted(rules) == sorted(FIELDS)
    for name, rule in rules.items():
        assert FIELDS[name].description[:100] in rule.prompt
        assert len(rule.prompt) <= 255
        if FIELDS[name].allowed and FIELDS[name].kind != "words":
            assert rule.type == "list"
            assert rule.formula1.strip('"').split(",") == list(FIELDS[name].allowed)
            assert len(rule.formula1) <= 257
        elif FIELDS[name].kind in ("count", "number"):
            assert rule.type == {"count": "whole", "number": "decimal"}[FIELDS[name].kind]


@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_the_help_explains_every_column(tmp_path, name):
    files = write_template(tmp_path / name)
    if name == "t.xlsx":
        rows = [[cell.value or "" for cell in row] for row in load_workbook(files[0])["columns"].iter_rows()]
    else:
        rows = list(csv.reader(files[1].read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["column", "required", "holds", "one of", "meaning"]
    assert [row[0] for row in rows[1:] if row[1] == "yes"] == ["trial"]
    assert sorted(row[0] for row in rows[1:]) == sorted(FIELDS)
    assert "orr (objective response rate)" in rows[2][3]


def test_an_empty_template_is_told(tmp_path):
    for name in ("t.xlsx", "t.csv"):
        with pytest.raises(DataError, match="has a header and no rows"):
            mo.read_trials(write_template(tmp_path / name)[0])


def test_nothing_is_written_over(tmp_path, capsys):
    for name in ("t.xlsx", "t.csv", "u_columns.csv"):
        (tmp_path / name).write_text("mine")
    for name in ("t.xlsx", "t.csv", "u.csv"):
        assert main(["template", str(tmp_path / name)]) == 2
        assert "is already there: remove it, or give another name" in capsys.readouterr().err
    assert (tmp_path / "t.xlsx").read_text() == "mine"
    with pytest.raises(OptionError, match=r"a template ends in \.xlsx or \.csv"):
        write_template(tmp_path / "t.ods")
    with pytest.raises(DataError, match="cannot be written"):
        write_template(tmp_path / "absent" / "t.csv")


def test_workbooks_ask_for_openpyxl(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(OptionError, match=r'pip install "metaonc\[excel\]"'):
        write_template(tmp_path / "t.xlsx")
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(OptionError, match=r'pip install "metaonc\[excel\]"'):
        mo.read_trials(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    "frame", [pd.DataFrame, pl.DataFrame, pa.table, dict], ids=["pandas", "polars", "pyarrow", "dict"]
)
def test_frames_are_read_as_files_are(tmp_path, frame):
    columns = {name: [row[name] for row in COUNTS] for name in COUNTS[0]}
    columns["events"] = [25, None, 12]
    columns["estimate"], columns["unit"] = [None, 17.3, None], [None, "%", None]
    with pytest.warns(mo.DataWarning, match="unit: '%' read as percent"):
        got = mo.read_trials(frame(columns))
    path = tmp_path / "t.csv"
    pd.DataFrame(columns).to_csv(path, index=False)
    with pytest.warns(mo.DataWarning, match="unit: '%' read as percent"):
        want = mo.read_trials(path)
    pd.testing.assert_frame_equal(got, want)


def test_a_table_read_and_saved_reads_the_same(tmp_path):
    table = {"trial": ["A"], "outcome": ["pfs"], "hr": ["0·59 (95% CI 0·41–0·85)"]}
    with pytest.warns(mo.DataWarning):
        first = mo.read_trials(table)
    first.to_csv(tmp_path / "t.csv", index=False)
    second = mo.read_trials(tmp_path / "t.csv")  # plain now: no warning, and what was read stays said
    pd.testing.assert_frame_equal(first, second)
