"""Tables as files: one function a format. Labels are text everywhere: no formula, no markup comes of them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from ..errors import OptionError
from .office import LONG_AGO, timeless
from .table import BOLD, Table

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes as the beginning of a formula
LATEX = {
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$"},
    **{
        "τ": r"$\tau$",
        "χ": r"$\chi$",
        "ρ": r"$\rho$",
        "σ": r"$\sigma$",
        "²": "$^2$",
        "−": "$-$",
        "\u00a0": "~",
        "∞": r"$\infty$",
    },
}
STYLE = """table{border-collapse:collapse}th,td{padding:2px 8px;font-weight:normal}thead th{border-bottom:1px solid}
.left{text-align:left}.right{text-align:right}.pooled *,.group *,.common *{font-weight:bold}"""


def write_table(table: Table, path: Path) -> None:
    """Write a table by the suffix of the path, one of ``WRITERS``."""
    path.write_bytes(WRITERS[path.suffix.lstrip(".").lower()](table))


def _csv(table: Table) -> bytes:
    """Return the numbers behind the table, unrounded; a label that a spreadsheet would compute gets an apostrophe."""
    labels = [f"'{label}" if label.startswith(FORMULA) else label for label in table.data["label"]]
    return table.data.assign(label=labels).to_csv(index=False, lineterminator="\n").encode()


def _html(table: Table) -> bytes:
    head = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Table</title><style>{STYLE}</style></head>'
    )
    return f"{head}<body>{table.to_html()}</body></html>\n".encode()


def _latex(table: Table) -> bytes:
    """Return a LaTeX tabular; it needs the package booktabs."""
    lines = [rf"\begin{{tabular}}{{{''.join('l' if left else 'r' for left in table.left)}}}", r"\toprule"]
    lines += [_row(table.headers, bold=False), r"\midrule"]
    lines += [_row(row, bold=kind in BOLD) for kind, row in zip(table.kinds, table.rows, strict=True)]
    notes = [rf"\par\footnotesize {_escaped(note)}" for note in table.footnotes]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", *notes, ""]).encode()


def _row(texts: tuple[str, ...], *, bold: bool) -> str:
    cells = (_escaped(text) for text in texts)
    return " & ".join(rf"\textbf{{{c}}}" if bold and c else c for c in cells) + r" \\"


def _escaped(text: str) -> str:
    return "".join(LATEX.get(letter, letter) for letter in text)


def _excel(table: Table) -> bytes:
    """Return a workbook: the printed table, and the numbers behind it on a sheet of their own."""
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font
    except ImportError:
        raise OptionError('Excel workbooks need openpyxl: pip install "metaonc[excel]".') from None
    book = Workbook()
    sheet, numbers = book.worksheets[0], book.create_sheet("numbers")
    sheet.title = "table"
    printed = [table.headers, *table.rows, *[(note,) for note in table.footnotes]]
    kinds = ["group", *table.kinds, *["text"] * len(table.footnotes)]
    for i, (kind, row) in enumerate(zip(kinds, printed, strict=True), start=1):
        for j, text in enumerate(row, start=1):
            cell: Any = sheet.cell(i, j)
            cell.value, cell.data_type = text, "s"  # text, whatever it begins with
            cell.font = Font(bold=kind in BOLD)
            cell.alignment = Alignment(horizontal="left" if table.left[j - 1] else "right")
    for i, row in enumerate([tuple(table.data.columns), *table.data.itertuples(index=False, name=None)], start=1):
        for j, value in enumerate(row, start=1):
            cell = numbers.cell(i, j)
            cell.value = None if value != value else value
            if isinstance(value, str):
                cell.data_type = "s"
    book.properties.created = book.properties.modified = LONG_AGO
    pack = BytesIO()
    book.save(pack)
    return timeless(pack)


def _word(table: Table) -> bytes:
    try:
        from docx import Document
        from docx.enum.text import WD_ALIGN_PARAGRAPH
    except ImportError:
        raise OptionError('Word files need python-docx: pip install "metaonc[word]".') from None
    document = Document()
    grid = document.add_table(rows=0, cols=len(table.headers))
    for kind, row in zip(["group", *table.kinds], [table.headers, *table.rows], strict=True):
        for cell, text, left in zip(grid.add_row().cells, row, table.left, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.add_run(text).bold = kind in BOLD
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.RIGHT
    for note in table.footnotes:
        document.add_paragraph(note)
    core = document.core_properties
    core.created = core.modified = LONG_AGO
    core.author = "metaonc"
    pack = BytesIO()
    document.save(pack)
    return timeless(pack)


WRITERS: dict[str, Callable[[Table], bytes]] = {
    "docx": _word,
    "xlsx": _excel,
    "tex": _latex,
    "html": _html,
    "csv": _csv,
}
