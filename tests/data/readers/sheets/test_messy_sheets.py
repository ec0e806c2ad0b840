"""Five spreadsheets as people send them: what is read of each is what it prints, what is not names its cell."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from data.readers import messy_sheets as sheets
from openpyxl import Workbook, load_workbook

import metaonc as mo
from metaonc.errors import ColumnError, DataError, DataWarning, OptionError

NAN = np.nan


def read(path, **options):
    """Return the table, and what the one warning about it says."""
    with pytest.warns(DataWarning) as caught:
        table = mo.read_trials(path, **options)
    assert len(caught) == 1
    return table, str(caught[0].message)


def refused(path, **options):
    with pytest.raises(DataError) as caught:
        mo.read_trials(path, **options)
    return str(caught.value)


def rows(table, columns):
    return table[columns].astype(object).where(table[columns].notna(), None).to_numpy().tolist()


# 1: a form with a title, two header lines, merged cells and intervals in words


@pytest.fixture
def form(tmp_path):
    return sheets.extraction_form(tmp_path / "form.xlsx")


def test_the_form_leads_to_its_header_step_by_step(form):
    assert "'Extraction v3'!A3 is one of the merged cells A3:A4" in refused(form)  # below the title
    assert "'Extraction v3'!A4 is one of the merged cells A3:A4" in refused(form, header=4)
    assert "as in header=(3, 4)" in refused(form, header=4)
    got, said = read(form, header=(3, 4))
    assert set(got["outcome"]) == {"orr", "pfs"}
    assert "'Response n/N (%)' as orr.events" in said
    assert "not read: 'Response 95% CI'" in said


def test_the_form_is_read_as_printed(form):
    got, said = read(form, header=(3, 4), columns=sheets.EXTRACTION_COLUMNS)
    orr, pfs = got[got["outcome"] == "orr"], got[got["outcome"] == "pfs"]
    columns = ["trial", "KRAS", "n", "events", "estimate", "unit", "ci_low", "ci_high", "ci_level"]
    assert rows(orr, columns) == [
        ["ALPHA", "mutant", 57, 25, 44, "percent", 31, 58, 0.95],
        ["ALPHA", "wild-type", 52, 9, 17, "percent", 8, 30, 0.95],
        ["BETA*", "mutant", 40, 12, 30, "percent", 17, 47, 0.95],
    ]
    columns = ["trial", "estimate", "unit", "ci_low", "ci_high", "not_reached", "hr", "hr_low", "hr_high", "hr_level"]
    assert rows(pfs, columns) == [
        ["ALPHA", 12.9, "months", 10.9, 20.2, None, 0.59, 0.41, 0.85, 0.95],
        ["ALPHA", 12.8, "months", 7.4, 18.4, None, 0.91, 0.62, 1.33, 0.95],
        ["BETA*", None, "months", 9.1, None, "estimate ci_high", 0.48, 0.28, 0.82, 0.95],
    ]
    assert "without the mark '†'" in got["read_as"][2]
    assert "24 figures were not plain" in said
    assert "row 9: a note under the table" in said
    assert "row 1: above the header, 'Table S2. Efficacy by KRAS status (made up)'" in said
    assert got.attrs["reading"]["columns"] == sheets.EXTRACTION_COLUMNS


def test_every_cell_that_was_not_plain_is_told(form):
    got, _ = read(form, header=(3, 4), columns=sheets.EXTRACTION_COLUMNS)
    told = " ".join(got["read_as"])
    page = load_workbook(form)["Extraction v3"]
    cells = [page.cell(i, j).value for i in (5, 6, 7) for j in (3, 4, 5, 6)]
    assert all(repr(cell) in told for cell in cells)
    with pytest.raises(DataError, match=r"strict=True takes plain values only \('Extraction v3'!C5\)"):
        mo.read_trials(form, header=(3, 4), columns=sheets.EXTRACTION_COLUMNS, strict=True)


# 2: semicolons, decimal commas, thousands, cp1252, totals


def test_the_european_file_leads_to_its_options(tmp_path):
    path = sheets.european(tmp_path / "europa.csv")
    columns = sheets.EUROPEAN_COLUMNS
    assert "if 'Müller 2004;os;1.204;812;0,87;0,78;0,97' reads well, give encoding='cp1252'" in refused(path)
    options = {"encoding": "cp1252"}
    said = refused(path, **options)
    assert "has numbers with a comma (0,87) and with a point (1.204): say which is the decimal mark" in said
    options |= {"columns": columns}
    said = refused(path, decimal=".", **options)
    assert "n='1.204' is a count with a mark between its digits: if it is one of thousands" in said
    got, said = read(path, decimal=",", **options)
    assert rows(got, ["trial", "n", "events", "hr", "hr_low", "hr_high"]) == [
        ["Müller 2004", 1204, 812, 0.87, 0.78, 0.97],
        ["Weiß 2011", 368, 201, 0.94, 0.71, 1.24],
    ]
    assert got["read_as"][0] == "n: '1.204' read as n 1204"
    assert "left out: line 4, column 1: 'Gesamt' sums up trials" in said
    assert "read with cells separated by semicolons" in said
    assert read(path, decimal=",", sep=";", skip=[4], **options)[0].equals(got)


def test_a_point_beside_decimal_commas_is_not_guessed(tmp_path):
    path = tmp_path / "mixed.csv"
    path.write_text("trial;outcome;hr;hr_low;hr_high\nA;os;1,87;1.783;2,97\n")
    said = refused(path, sep=";", decimal=",")
    assert "hr_low='1.783' has a decimal point, though decimal=',' was given" in said
    assert said.endswith("(line 2, column 4)")
    path.write_text("trial;outcome;n;events\nA;orr;1,204;31\n")
    assert "n='1,204' is a count with a mark between its digits" in refused(path, sep=";", decimal=",")


@pytest.mark.parametrize("decimal", [".", ","])
def test_a_mark_that_can_be_of_decimals_only_is_read_in_its_cell_and_noted(tmp_path, decimal):
    path = tmp_path / "mixed.csv"
    path.write_text("trial;outcome;hr;hr_low;hr_high\nA;os;0,61 ;0.44;0,842\nB;os;0.7;0,5;0.98\n")
    got, _ = read(path, sep=";", decimal=decimal)
    assert rows(got, ["hr", "hr_low", "hr_high"]) == [[0.61, 0.44, 0.842], [0.7, 0.5, 0.98]]
    noted = "hr: '0,61' read as hr 0.61" if decimal == "." else "hr_low: '0.44' read as hr_low 0.44"
    assert noted in got["read_as"][0]
    path.write_text("trial;outcome;estimate;unit\nA;orr;37,1 (28,6-46,2);percent\nB;orr;79.5 (60.5-88.1);percent\n")
    got, _ = read(path, sep=";", decimal=decimal)
    assert rows(got, ["estimate", "ci_low", "ci_high"]) == [[37.1, 28.6, 46.2], [79.5, 60.5, 88.1]]


# 3: formats, formulas, dates, raised footnotes


def test_formats_and_raised_footnotes_are_read(tmp_path):
    got, _ = read(sheets.calculated(tmp_path / "orr.xlsx"))
    assert rows(got, ["events", "estimate", "unit"]) == [[21, 32.8125, "percent"], [17, None, None]]
    assert got["read_as"][0] == "estimate: '32.8125%' read as 32.8125, unit percent"
    assert got["read_as"][1] == "events: '17¹' read as events 17, without the mark '¹'"  # and not 171


def test_percentages_of_a_workbook_need_no_decimal_mark(tmp_path):
    path = sheets.calculated(tmp_path / "orr.xlsx")
    got, _ = read(path, decimal=",")
    assert got["estimate"][0] == 32.8125
    book = load_workbook(path, rich_text=True)
    book["ORR"]["D2"].number_format = "0.0%"
    book.save(path)
    assert "events='2100%' is a percentage: percentages stand in the column estimate. (ORR!D2)" in refused(path)


@pytest.mark.parametrize(
    ("address", "value", "says"),
    [
        ("E2", "=D2/C2", "estimate='=D2/C2' is a formula: paste its value, as the source prints it. (ORR!E2)"),
        ("D2", "#DIV/0!", "events='#DIV/0!' is the error of a formula"),
        ("D2", pd.Timestamp("2026-10-01").to_pydatetime(), "spreadsheets make one of a fraction such as 1/10"),
        ("D2", "10-Jan", "is a date: spreadsheets make one of a fraction"),
        ("D2", "1.000", "events='1.000' is a count with a mark between its digits"),
        (
            "D2",
            "twenty",
            "events='twenty' cannot be read as one figure; write it as 57 or 25/57 or 25/57 (44%) or 25 (44%) or "
            "44% (25/57), or its numbers into columns of their own.",
        ),
        ("D2", "–", "events='–' is a dash: write 0 where there were none, and leave it blank where it is not reported"),
        ("D2", "70/64", "events=70 exceeds n=64"),
        ("D2", "21/65", "says n=65, but the row has n=64: correct one of them. (ORR!D2)"),
        ("D2", True, "events=True is not a number"),
        ("E2", "31% (23-41", "cannot be read as one figure"),
        ("E2", "32,812", "estimate='32,812' is not a number: write it with a point, 32.812"),
        ("E2", "31,2% (23,145-41,0)", "has a decimal comma: write points, or give decimal=','"),
        ("E2", "31% (23%-NE)", "is no number: leave it blank, and say in a note why there is none"),
        ("E2", "NR", "is no number: leave it blank, and say in a note why there is none"),
        ("E2", "~32", "is a bound, not a number"),
    ],
)
def test_a_cell_that_may_mean_two_things_is_named(tmp_path, address, value, says):
    path = sheets.calculated(tmp_path / "orr.xlsx")
    book = load_workbook(path, rich_text=True)
    book["ORR"][address] = value
    book["ORR"]["F2"] = "percent"
    book.save(path)
    said = refused(path)
    assert says in said
    assert f"(ORR!{address}" in said


def test_merged_cells_among_the_trials_are_named(tmp_path):
    path = sheets.calculated(tmp_path / "orr.xlsx")
    book = load_workbook(path, rich_text=True)
    book["ORR"].merge_cells("A2:A3")
    book.save(path)
    got, _ = read(path)
    assert got["trial"].tolist() == ["GAMMA", "GAMMA"]  # a name is of all rows that it spans
    assert "trial: 'GAMMA' of the merged cells A2:A3" in got["read_as"][1]
    book["ORR"].merge_cells("C2:C3")
    book.save(path)
    assert "='C2:C3' names merged cells: unmerge them" in refused(path)  # a number may be of both together


def test_hidden_rows_and_columns_are_named(tmp_path):
    path = sheets.calculated(tmp_path / "orr.xlsx")
    book = load_workbook(path, rich_text=True)
    book["ORR"].row_dimensions[3].hidden = True
    book.save(path)
    assert "row 3 of" in refused(path)
    assert len(read(path, skip=[3])[0]) == 1
    book["ORR"].row_dimensions[3].hidden = False
    book["ORR"].column_dimensions["D"].hidden = True
    book.save(path)
    assert "the column of ORR!D1 is hidden" in refused(path)


# 4: headings and subtotals among the trials, NR, dashes


def test_headings_and_totals_are_named_all_at_once(tmp_path):
    path = sheets.grouped(tmp_path / "pfs.xlsx")
    said = refused(path)
    assert "PFS!A2 stands alone in its row ('First line'): a heading belongs into a column of its own" in said
    assert said.endswith("give skip=[2, 7].")
    got, said = read(path, skip=[2, 7])
    columns = ["trial", "estimate", "ci_low", "ci_high", "unit", "n", "not_reached"]
    assert rows(got, columns) == [
        ["EPSILON", 9.9, 8.4, 11.1, "months", 325, None],
        ["ZETA", 11.4, 10.1, None, "months", 1063, "ci_high"],
        ["ETA", 5.9, None, None, "months", 591, None],
    ]
    assert "estimate: '5.9ᵃ' read as estimate 5.9, without the mark 'ᵃ'" in got["read_as"][2]
    assert "row 10: a note under the table" in said
    assert "sums up trials" in said
    assert read(path, skip=[2, 5, 7, 9])[0].equals(got)


def test_nr_alone_is_not_guessed():
    table = {"trial": ["A"], "outcome": ["os"], "estimate": ["NR"], "unit": ["months"]}
    assert "estimate='NR' may mean not reached or not reported: write 'not reached'" in refused(table)
    got, _ = read(table | {"estimate": ["not reached"]})
    assert got["not_reached"].tolist() == ["estimate"]
    got, _ = read(table | {"estimate": ["NE (9.1-NR)"]})  # beside a number it can only mean the former
    assert rows(got, ["estimate", "ci_low", "ci_high", "not_reached"]) == [[None, 9.1, None, "estimate ci_high"]]


# 5: composite cells of all kinds


def test_composite_cells_fill_the_columns_of_their_parts(tmp_path):
    path = sheets.percentages(tmp_path / "percent.csv")
    got, _ = read(path, columns=sheets.PERCENT_COLUMNS)
    assert "p_value: 'NS' read as blank" in " ".join(got["read_as"].dropna())
    path.write_bytes(path.read_bytes().replace(b"NS", b"0.21"))
    got, said = read(path, columns=sheets.PERCENT_COLUMNS)
    got = got.set_index(["trial", "outcome"])
    columns = ["estimate", "ci_low", "ci_high", "unit", "ci_level"]
    assert rows(got.xs("orr", level="outcome"), columns) == [
        [31, 23, 41, "percent", 0.95],
        [28.5, 19.8, 38.6, "percent", 0.95],
        [36, 24, 49, "percent", 0.95],
    ]
    assert rows(got.xs("dcr", level="outcome"), ["events", "n", "estimate"]) == [[94, 109, 86], [72, None, 76]]
    times = got.xs("os", level="outcome")
    assert rows(times, ["estimate", "unit", "not_reached", "p_value"]) == [
        [18.3, "months", None, None],
        [None, "months", "estimate", 0.03],
        [15.1, "months", None, 0.21],
    ]
    assert "p_value: '<0.001' read as a bound, left blank" in times["read_as"].iloc[0]
    assert "left out: line 4, column 3: 'NA', no dcr" in said


# what they have in common


def test_a_sheet_must_be_chosen_where_several_hold_something(tmp_path):
    path = sheets.grouped(tmp_path / "pfs.xlsx")
    book = load_workbook(path)
    book.create_sheet("Notes").append(["Who extracted what"])
    book.save(path)
    with pytest.raises(OptionError, match="has the sheets 'PFS', 'Notes': say which, as in sheet='PFS'"):
        mo.read_trials(path)
    with pytest.raises(OptionError, match="sheet='OS' is not in"):
        mo.read_trials(path, sheet="OS")
    assert len(read(path, sheet="PFS", skip=[2, 5, 7, 9])[0]) == 3


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"decimal": ";"}, "decimal=';' is not an option"),
        ({"decimal": ",", "sep": ","}, "one mark cannot be both"),
        ({"sep": "ab"}, "is not one character"),
        ({"encoding": "utf-9"}, "encoding='utf-9' does not exist"),
        ({"sheet": "x"}, "sheet='x' is not for .csv sources"),
        ({"columns": {"n": "patients"}}, "the column='patients' is not an option"),
        ({"columns": {"n": "a.b.n"}}, "'a.b' is no name of an outcome"),
        ({"constants": {"months": 12}}, "constants='months' is not an option"),
        ({"constants": {"n": 12}}, "constants: 'n' is the column 'n' already"),
        ({"columns": {"n": "orr.n"}}, "leave it out, or the dots"),
    ],
)
def test_options_that_do_not_exist_list_those_that_do(tmp_path, options, says):
    path = tmp_path / "a.csv"
    path.write_text("trial,outcome,n,events\nA,orr,10,3\n")
    with pytest.raises(OptionError) as caught:
        mo.read_trials(path, **options)
    assert says in str(caught.value)


def test_two_columns_cannot_become_one():
    with pytest.raises(ColumnError, match="columns 'n' and 'N' would both be 'n'"):
        mo.read_trials({"trial": ["A"], "outcome": ["orr"], "n": [10], "N": [10], "events": [3]}, columns={"N": "n"})


def test_an_empty_workbook_and_a_wrong_ending_are_told(tmp_path):
    Workbook().save(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx").endswith("is empty.")
    (tmp_path / "a.csv").write_bytes((tmp_path / "a.xlsx").read_bytes())
    assert "is a ZIP archive or an Excel workbook" in refused(tmp_path / "a.csv")
    for name, says in {"a.xls": "save it as an Excel workbook", "a.parquet": "give the dataframe"}.items():
        (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
        assert says in refused(tmp_path / name)
    (tmp_path / "b.xlsx").write_bytes(b"\xd0\xcf\x11\xe0")
    assert "an old Excel file, or one with a password" in refused(tmp_path / "b.xlsx")


def test_a_plain_table_gives_no_warning(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = mo.read_trials({"trial": ["A"], "outcome": ["orr"], "n": [10], "events": [3]})
    assert "read_as" not in got
