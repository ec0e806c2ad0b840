"""Files made to exhaust the machine are refused before they do: nothing of what they hold is unpacked."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

import metaonc as mo
from metaonc.data.readers.cochrane.revman_web import _OF_SETTINGS
from metaonc.data.readers.files.delimited import read_texts
from metaonc.errors import DataError
from metaonc.workflow.reconstruct_figure import _read_table

BYTES = 200_000_000  # far below what each would take, in memory and so in time; far above what refusing takes
ENTITIES = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
LAUGHS = f"<!DOCTYPE x [{ENTITIES}]>"
SHEET = "xl/worksheets/sheet1.xml"


def refused(reader, path):
    tracemalloc.start()
    with pytest.raises(DataError) as caught:
        reader(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < BYTES
    return str(caught.value)


def workbook(path, end):
    """Write a workbook whose only sheet goes on with `end` behind its rows."""
    book, plain = Workbook(), io.BytesIO()
    book.active.append(["trial", "outcome", "n", "events"])
    book.active.append(["A", "orr", 10, 3])
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, end(content) if part == SHEET else content)
    return path


def behind_rows(text):
    return lambda content: content.replace(b"</sheetData>", text.encode() + b"</sheetData>")


def test_a_workbook_of_this_kind_is_read_when_it_is_none(tmp_path):
    assert len(mo.read_trials(workbook(tmp_path / "plain.xlsx", lambda content: content))) == 1


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (lambda content: content + b" " * 300_000_000, "would unpack to 300,"),
        (lambda content: LAUGHS.encode() + content.replace(b"</sheetData>", b"<x>&a11;</x></sheetData>"), "entities"),
        (
            lambda content: content.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
            ),
            "more than 200,000 cells",
        ),
        (behind_rows("<row>" + "<c/>" * 300_000 + "</row>"), "more than 200,000 cells"),
        (
            behind_rows('<row><c t="inlineStr"><is>' + "<r><t>x</t></r>" * 300_000 + "</is></c></row>"),
            "more than 200,000 cells",
        ),
        (behind_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "reaches to Sheet!XFD1048576"),
        (lambda content: content[:300], "is no Excel workbook that can be read"),
    ],
    ids=["zip", "entities", "merged", "cells", "runs", "far", "cut"],
)
def test_a_workbook_that_grows_is_refused(tmp_path, end, says):
    assert says in refused(mo.read_trials, workbook(tmp_path / "bomb.xlsx", end))


def test_an_archive_that_lies_of_its_size_is_refused(tmp_path):
    path = workbook(tmp_path / "liar.xlsx", lambda content: content + b" " * 300_000_000)
    data = bytearray(path.read_bytes())
    entry = data.rfind(b"PK\x01\x02", 0, data.rfind(SHEET.encode()))
    data[entry + 24 : entry + 28] = struct.pack("<I", 500)
    path.write_bytes(data)
    assert "cannot be unpacked" in refused(mo.read_trials, path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LAUGHS + "<COCHRANE_REVIEW>&a11;</COCHRANE_REVIEW>", "declares XML entities"),
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><COCHRANE_REVIEW>&e;</COCHRANE_REVIEW>', "entities"),
        ("<a>" * 1_000_001 + "</a>" * 1_000_001, "more than 2,000,000 tags"),
    ],
    ids=["laughs", "external", "deep"],
)
def test_a_review_that_grows_is_refused(tmp_path, text, says):
    path = tmp_path / "bomb.rm5"
    path.write_text(f'<?xml version="1.0"?>{text}')
    assert says in refused(mo.read_revman, path)


def test_a_package_that_grows_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("CD1-data-rows.csv", b" " * 300_000_000)
    assert "would unpack to 300,000,000 bytes" in refused(mo.read_revman, path)


@pytest.mark.parametrize(
    ("name", "reader"),
    [("a.csv", mo.read_trials), ("a.xlsx", mo.read_trials), ("a.rm5", mo.read_revman), ("a.zip", mo.read_revman),
     ("a.xpt", mo.read_adtte), ("b.csv", mo.read_adtte), ("c.csv", mo.read_escalc)],
)  # fmt: skip
def test_a_file_of_a_gigabyte_is_not_read(tmp_path, name, reader):
    with (tmp_path / name).open("wb") as file:
        file.truncate(1_000_000_000)
    assert "holds 1,000,000,000 bytes; more than" in refused(reader, tmp_path / name)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("x" * 200_000, "field larger than field limit"),
        ("1 " * 50_000 + "(", "cannot be read as one figure"),
        ("1," * 50_000, "has a decimal comma"),
        ("1 (" + " " * 100_000, "cannot be read as one figure"),
        ("7" * 400, "cannot be read as one figure"),
        ("7" * 400 + ".0", "cannot be read as one figure"),
    ],
)
def test_a_cell_without_end_is_refused(tmp_path, cell, says):
    path = tmp_path / "a.csv"
    path.write_text(f'trial,outcome,n,events,estimate\nA,orr,10,3,"{cell}"\n')
    said = refused(mo.read_trials, path)
    assert says in said
    assert len(said) < 1000


@pytest.mark.parametrize("digits", ["7" * 400, "7" * 400 + ".0"])
def test_a_count_of_more_digits_than_a_number_holds_is_no_figure(tmp_path, digits):
    path = tmp_path / "a.csv"
    path.write_text(f"trial,outcome,n,events\nA,orr,{digits},3\n")
    assert "'A' (row 0): n='777" in refused(mo.read_trials, path)


def test_a_name_of_a_column_without_end_is_refused():
    with pytest.raises(DataError, match="'table' cannot be read: field larger than field limit"):
        read_texts("x," + "y" * 200_000 + "\n1,2\n", "table")


@pytest.mark.slow
def test_a_package_of_a_wide_header_and_many_short_lines_is_refused(tmp_path):
    named = [*_OF_SETTINGS, *(f"c{i}" for i in range(20_000))]
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("CD1-overall-estimates-and-settings.csv", ",".join(named) + "\n" + "a\n" * 20_000)
        archive.writestr("CD1-data-rows.csv", "Analysis group\n1\n")
    assert "has more than 1,000,000 cells" in refused(mo.read_revman, path)


@pytest.mark.parametrize(
    ("reader", "says"), [(mo.read_adtte, "1 values for 1903 columns"), (_read_table, "cells, the most that is read")]
)
def test_a_wide_header_and_many_short_lines_are_refused(tmp_path, reader, says):
    path = tmp_path / "bomb.csv"
    path.write_text(",".join(["label", "time", "n", *(f"c{i}" for i in range(1_900))]) + "\n" + "a\n" * 40_000)
    assert says in refused(reader, path)
