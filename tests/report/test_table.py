"""Tables: the texts of the forest plot, and files that hold them as text."""

import io
import time
import zipfile

import pandas as pd
import pytest

import metaonc as mo
from metaonc.errors import DataError, OptionError
from metaonc.report.table_files import WRITERS

HOSTILE = ["=1+1", "<b>x</b>&", "a_b $5% #{}~^\\", "plain"]
COUNTS = pd.DataFrame({"trial": ["A", "B", "C", "D"], "x": [5, 9, 0, 12], "n": [20, 30, 15, 40], "y": [9, 8, 4, 15],
                       "m": [21, 31, 15, 40], "kras": ["m", "m", "w", "w"]})  # fmt: skip
ARMS = {"events_t": "x", "n_t": "n", "events_c": "y", "n_c": "m", "study": "trial"}


def pool(names=None):
    rows = COUNTS.assign(trial=names or COUNTS["trial"])
    return mo.pool_subgroups(mo.effect_sizes(rows, measure="OR", **ARMS), by="kras", study="trial")


def saved(table, path):
    return mo.save(table, path).read_bytes()


def test_texts_and_numbers_are_those_of_the_forest_plot():
    result = pool()
    table, content = mo.table(result), mo.plot.forest_rows(result)
    shown = content.rows[content.rows["kind"] != "space"]
    assert [row[0] for row in table.rows] == shown["label"].tolist()
    assert table.headers[0] == "Trial"
    assert table.footnotes == tuple(content.footnotes)
    assert table.data["estimate"].tolist() == pytest.approx(shown["estimate"].tolist(), nan_ok=True)
    assert "Odds ratio (95%\u00a0CI)" in table.headers
    assert {len(row) for row in table.rows} == {len(table.headers)} == {len(table.left)}


def test_journals_print_their_way():
    assert any("·" in cell for row in mo.table(pool(), journal="Lancet").rows for cell in row)


@pytest.mark.parametrize(
    "result",
    [
        lambda: mo.pool_mantel_haenszel(COUNTS, measure="RR", **ARMS),
        lambda: mo.pool_peto(COUNTS, **ARMS),
        lambda: mo.pool_glmm(COUNTS, events="x", n="n", study="trial"),
        lambda: mo.pool_bayes({"yi": [0.1, 0.3], "vi": [0.1, 0.2]}),
        lambda: mo.regress({"yi": [0.1, 0.3, 0.2, 0.6], "vi": [0.1] * 4, "x": [1.0, 2, 3, 4]}, "~ x"),
    ],
)
def test_whatever_a_forest_plot_draws_is_a_table(result, tmp_path):
    table = mo.table(result())
    assert table.rows
    for suffix in WRITERS:
        assert saved(table, tmp_path / f"a.{suffix}")


def test_word_and_excel_hold_the_printed_texts(tmp_path):
    from docx import Document
    from openpyxl import load_workbook

    table = mo.table(pool(HOSTILE))
    mo.save(table, tmp_path / "a.docx")
    grid = Document(tmp_path / "a.docx").tables[0]
    assert [tuple(cell.text for cell in row.cells) for row in grid.rows] == [table.headers, *table.rows]
    mo.save(table, tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    printed = [tuple(cell.value or "" for cell in row) for row in book["table"].iter_rows()]
    assert printed[: 1 + len(table.rows)] == [table.headers, *table.rows]
    assert {cell.data_type for row in book["table"].iter_rows() for cell in row if cell.value} == {"s"}  # no formula
    numbers = pd.read_excel(tmp_path / "a.xlsx", sheet_name="numbers")
    assert numbers["estimate"].tolist() == pytest.approx(table.data["estimate"].tolist(), nan_ok=True)


def test_labels_become_neither_formulas_nor_markup(tmp_path):
    table = mo.table(pool(HOSTILE))
    csv = pd.read_csv(io.BytesIO(saved(table, tmp_path / "a.csv")))
    assert "'=1+1" in csv["label"].tolist()
    page = saved(table, tmp_path / "a.html").decode()
    assert "&lt;b&gt;x&lt;/b&gt;&amp;" in page
    assert "<b>" not in page
    assert "<b>" not in table._repr_html_()
    tex = saved(table, tmp_path / "a.tex").decode()
    assert r"a\_b \$5\% \#\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}" in tex
    assert tex.count(r"\\") == len(table.rows) + 1
    assert r"\toprule" in tex


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_second_run_gives_the_same_bytes(tmp_path, suffix):
    one = saved(mo.table(pool()), tmp_path / f"a.{suffix}")
    time.sleep(1.1 if suffix in ("docx", "xlsx") else 0)
    assert saved(mo.table(pool()), tmp_path / f"b.{suffix}") == one
    if suffix in ("docx", "xlsx"):
        with zipfile.ZipFile(tmp_path / f"a.{suffix}") as archive:
            assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_what_is_no_table_or_no_format_is_refused(tmp_path):
    with pytest.raises(OptionError, match=r"suffix of path='png'.*'docx', 'xlsx', 'tex', 'html', 'csv'"):
        mo.save(mo.table(pool()), tmp_path / "a.png")
    with pytest.raises(DataError, match="cannot be written"):
        mo.save(mo.table(pool()), tmp_path / "none" / "a.csv")
    with pytest.raises(DataError):
        mo.table(3)
