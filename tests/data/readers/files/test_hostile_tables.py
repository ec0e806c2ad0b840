"""Tables made to harm: ranges without end, endless lines and values, pipes, characters that are not seen."""

from __future__ import annotations

import os
import zipfile

import pytest
from openpyxl import Workbook

import metaonc as mo
from metaonc.data.audit import audit
from metaonc.errors import DataError
from metaonc.workflow.reconstruct_figure import _read_table

HEAD = "trial,outcome,n,events\n"


def rewritten(path, part, change):
    """Write a workbook of one row, one part of which is changed."""
    book = Workbook()
    book.active.append(HEAD.strip().split(","))
    book.active.append(["A", "orr", 10, 3])
    plain = path.with_name("plain.xlsx")
    book.save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return path


@pytest.mark.parametrize(
    "element",
    [
        '<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>',
        '<dataValidations><dataValidation sqref="A1:XFD1048576"/></dataValidations>',
        '<conditionalFormatting sqref="A1:XFD1048576"/><autoFilter ref="A1:XFD1048576"/>',
        '<legacyDrawing r:id="none" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>',
    ],
)
def test_ranges_of_a_sheet_that_are_not_read_cost_nothing(element, tmp_path):
    path = rewritten(
        tmp_path / "a.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda content: content.replace(b"</sheetData>", b"</sheetData>" + element.encode()),
    )
    assert mo.read_trials(path)["events"].tolist() == [3.0]


def test_names_of_ranges_cost_nothing(tmp_path):
    names = b'<definedName name="_xlnm.Print_Titles" localSheetId="0">Sheet!$A:$XFD</definedName>'
    names = b"<definedNames>" + names + b"</definedNames>"
    path = rewritten(
        tmp_path / "a.xlsx", "xl/workbook.xml", lambda content: content.replace(b"</sheets>", b"</sheets>" + names)
    )
    assert mo.read_trials(path)["events"].tolist() == [3.0]


def test_a_formula_that_many_cells_share_is_not_written_out_for_each(tmp_path):
    cells = b'<c r="B5"><f t="shared" si="0" ref="B5:B9999">' + b"1+" * 40_000 + b"1</f></c>"
    cells += b"".join(b'<c r="B%d"><f t="shared" si="0"/></c>' % i for i in range(6, 200))
    path = rewritten(
        tmp_path / "a.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda content: content.replace(b"</sheetData>", b"<row>" + cells + b"</row></sheetData>"),
    )
    with pytest.raises(DataError, match="longer formulas than any table"):
        mo.read_trials(path)


def test_a_sheet_that_is_named_again_and_again(tmp_path):
    rows = b"".join(b"<row>" + b"<c/>" * 1000 + b"</row>" for _ in range(100))
    sheet = b'<sheet name="s%d" sheetId="%d" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
    more = b"".join(sheet % (i, i) for i in range(2, 50))
    path = rewritten(
        tmp_path / "b.xlsx", "xl/workbook.xml", lambda content: content.replace(b"</sheets>", more + b"</sheets>")
    )
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace(b"</sheetData>", rows + b"</sheetData>") if "sheet1" in name else content
            )
    with pytest.raises(DataError, match="has 49 sheets"):
        mo.read_trials(tmp_path / "a.xlsx")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_packed_without_bound_is_not_opened(method, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as pack:
        pack.writestr("CD1-data-rows.csv", b" " * 1000)
    with pytest.raises(DataError, match="packed in a way that is not opened"):
        mo.read_revman(tmp_path / "a.zip")


def _read_risk(path):
    return mo.read_risk_of_bias(path, tool="RoB 2")


READERS = {
    ".csv": (mo.read_trials, mo.read_escalc, mo.read_adtte, mo.read_curves, audit, _read_table, _read_risk),
    ".xlsx": (mo.read_trials, mo.read_escalc, audit),
    ".rm5": (mo.read_revman,),
    ".zip": (mo.read_revman,),
    ".xpt": (mo.read_adtte,),
    ".rda": (mo.read_kmdata,),
    ".json": (mo.curves.digitize, mo.curves.replay, mo.results.from_json),
}
ALL = [(kind, reader) for kind, readers in READERS.items() for reader in readers]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
@pytest.mark.parametrize(("kind", "reader"), ALL)
def test_a_pipe_is_not_waited_for_and_a_folder_is_none(kind, reader, tmp_path):
    os.mkfifo(tmp_path / f"pipe{kind}")
    with pytest.raises(DataError, match=r"a pipe|no \.rda files"):
        reader(tmp_path / f"pipe{kind}")
    (tmp_path / f"folder{kind}").mkdir()
    with pytest.raises(DataError, match=r"a folder|no \.rda files"):
        reader(tmp_path / f"folder{kind}")


@pytest.mark.parametrize("reader", [*READERS[".csv"]])
@pytest.mark.parametrize("text", ["," * 3_000_000, HEAD + "A," * 1_000_000, f"trial,{'x' * 100_000}\nA,1\n"])
def test_a_line_without_end_makes_no_long_error(text, reader, tmp_path):
    (tmp_path / "a.csv").write_text(text)
    said = ""
    try:
        reader(tmp_path / "a.csv")
    except DataError as problem:
        said = str(problem)
    assert len(said) < 3000


@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\uffff"])
def test_characters_that_no_report_holds_are_refused_by_name(sign, tmp_path):
    (tmp_path / "a.csv").write_text(f"{HEAD}A{sign}B,orr,10,3\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"line 2, column 1 holds .* U\+{ord(sign):04X}"):
        mo.read_trials(tmp_path / "a.csv")
    table = {"yi": [0.1, 0.2], "vi": [0.1, 0.1], "study": [f"A{sign}", "B"]}
    with pytest.raises(DataError, match=rf"column 'study' holds .* U\+{ord(sign):04X}"):
        mo.pool(table, study="study")


def test_a_line_break_in_a_label_is_a_blank(tmp_path):
    (tmp_path / "a.csv").write_text(f'{HEAD}"A\nB",orr,10,3\n')
    assert mo.read_trials(tmp_path / "a.csv")["trial"].tolist() == ["A B"]


def test_a_number_beyond_all_numbers_stays_a_text(tmp_path):
    (tmp_path / "a.csv").write_text("yi,vi,note\n0.1,0.2,1e999\n")
    assert mo.read_escalc(tmp_path / "a.csv")["note"].tolist() == ["1e999"]
