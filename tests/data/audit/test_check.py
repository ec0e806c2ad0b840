"""The command ``metaonc check``, and the page of the rules."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import openpyxl
import pytest

from metaonc.cli import main
from metaonc.data.audit import RULES

DOCS = Path(__file__).parents[3] / "docs"
CLEAN = "trial,outcome,n,events,estimate,ci_low,ci_high,ci_level,unit\nA,orr,109,34,31,23,41,0.95,percent\n"
WRONG = CLEAN + "\n" + "B,orr,55,15,28,,,,percent\n"


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def run(content: str | bytes | None, name: str = "trials.csv") -> tuple[int, str, str]:
        if content is not None:
            Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
        status = main(["check", name])
        got = capsys.readouterr()
        return status, got.out, got.err

    return run


def test_a_clean_file_ends_with_0(check):
    status, out, err = check(CLEAN)
    assert (status, err) == (0, "")
    assert out.startswith("0 errors, 0 warnings, 0 notes. 1 row, ")


def test_a_file_with_errors_ends_with_1_and_names_the_line(check):
    status, out, _ = check(WRONG)
    assert status == 1
    assert out.splitlines()[:4] == [
        "trials.csv:4: error: trial 'B': 28 % is not 15/55 = 27.3 %; no whole number of 55 is 28 %. "
        "[percent_of_counts]",
        "    got       28 %; 15/55 = 27.3 %",
        "    expected  28 % is 15 of 54 or 53",
        "    fix       Look up the three numbers; is n=55 those enrolled instead of those evaluable?",
    ]


def test_warnings_alone_end_with_0(check):
    status, out, _ = check("trial,outcome,hr,hr_low,hr_high,hr_level\nA,pfs,0.76,0.51,1.21,0.95\n")
    assert status == 0
    assert "0 errors, 1 warning, 0 notes" in out


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_are_read(check, separator):
    assert check(WRONG.replace(",", separator))[0] == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no file"),
        ("", "is empty"),
        ("trial,n\n", "has a header and no rows"),
        (b"trial,n\nM\xfcller,3\n", "is not UTF-8 text (byte 9"),
        ("trial,n\nA,3,4\n", "row 0 of 'trials.csv' (line 2) has 3 values for 2 columns"),
        ("trial,n,n\nA,3,4\n", "column 'n' stands in the header of 'trials.csv' more than once"),
        ("colour\nred\n", "no column of figures"),
    ],
)
def test_what_cannot_be_read_ends_with_2(check, content, says):
    status, out, err = check(content)
    assert (status, out) == (2, "")
    assert says in err


def test_a_workbook_is_read_by_its_cells(check):
    book = openpyxl.Workbook()
    for row in (("trial", "outcome", "n", "events", "ORR (%)"), ("A", "orr", 109, 34, 31), ("B", "orr", 55, 15, 0.28)):
        book.active.append(row)
    book.active["E3"].number_format = "0%"
    book.save("trials.xlsx")
    status, out, _ = check(None, "trials.xlsx")
    assert status == 1
    assert out.startswith("trials.xlsx: Sheet!A3: error: trial 'B': 28 % is not 15/55 = 27.3 %")


def test_a_packaged_collection_can_be_checked(check):
    status, out, _ = check(None, "greb2008")
    assert status == 0
    assert "14 rows" in out


def test_the_page_of_the_rules_is_generated_from_them():
    spec = importlib.util.spec_from_file_location("make_audit", DOCS / "make_audit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = module.PAGE.read_text("utf-8")
    assert module.page() == page, "run python docs/make_audit.py"
    assert all(f"| `{name}` |" in page for name in RULES)
