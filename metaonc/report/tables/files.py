"""Tables as files: one function a format. Labels are text everywhere: no formula, no markup comes of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from io import BytesIO
from typing import Any

import pandas as pd

from ...base.html import spans, styled
from ...base.output.csv import csv_text
from ...errors import DataError, OptionError
from ..office import LONG_AGO, timeless
from .content import BOLD, Table
from .fit import is_wide
from .word import add_lines, add_notes, set_paper

MOST_ROWS, MOST_COLUMNS = 2**20, 2**14  # of a sheet of Excel
MOST_CHARACTERS = 32_767  # of a cell, as units of UTF-16
SHORT = 12  # letters of a header that needs no second line
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


def _csv(table: Table) -> bytes:
    """Return the numbers behind the table, unrounded."""
    return csv_text(table.data).encode()


def _html(table: Table) -> bytes:
    title = escape(table.title or "Table")
    scheme = '<meta name="color-scheme" content="light dark">'
    head = f'<head><meta charset="utf-8">{scheme}<title>{title}</title></head>'
    return f'<!DOCTYPE html><html lang="en">{head}<body>{styled(table.to_html())}</body></html>\n'.encode()


def _latex(table: Table) -> bytes:
    """Return a LaTeX table with its title, without one the tabular alone; it needs the package booktabs."""
    lines = [rf"\begin{{tabular}}{{{''.join('l' if left else 'r' for left in table.left)}}}", r"\toprule"]
    lines += [" & ".join(map(_stacked, table.headers, table.left)) + r" \\", r"\midrule"]
    lines += [_row(row, bold=kind in BOLD) for kind, row in zip(table.kinds, table.rows, strict=True)]
    notes = [rf"\par{{\scriptsize {_escaped(note)}\par}}" for note in table.footnotes]
    lines += [r"\bottomrule", r"\end{tabular}", *notes]
    if table.title:
        look = r"\raggedright\footnotesize\setlength{\tabcolsep}{4pt}"
        head = [r"\begin{table}[htbp]", look, rf"\caption{{{_escaped(table.title)}}}"]
        lines = [*head, *lines, r"\end{table}"]
    return "\n".join([*lines, ""]).encode()


def _stacked(header: str, left: bool) -> str:
    """Return a header, a long one in two lines, which the numbers below it would else have to be as wide as."""
    words = header.split()
    if len(header) <= SHORT or len(words) < 2:
        return _escaped(header)
    breaks = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    first, second = min(breaks, key=lambda two: max(map(len, two)))
    return rf"\shortstack[{'l' if left else 'r'}]{{{_escaped(first)}\\{_escaped(second)}}}"


def _row(texts: tuple[str, ...], *, bold: bool) -> str:
    cells = (_escaped(text) for text in texts)
    shown = [rf"\textbf{{{c}}}" if bold and c else c for c in cells]
    if spans(texts):
        return rf"\multicolumn{{{len(texts)}}}{{l}}{{{shown[0]}}} \\"
    return " & ".join(shown) + r" \\"


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
    title, notes = [(table.title,)] * bool(table.title), [(note,) for note in table.footnotes]
    printed = [*title, table.headers, *table.rows, *notes]
    behind = [tuple(table.data.columns), *table.data.itertuples(index=False, name=None)]
    for name, rows in (("table", printed), ("numbers", behind)):
        _refuse_beyond_excel(name, rows)
    kinds = [*["group"] * (1 + len(title)), *table.kinds, *["text"] * len(notes)]
    for i, (kind, row) in enumerate(zip(kinds, printed, strict=True), start=1):
        for j, text in enumerate(row, start=1):
            cell: Any = sheet.cell(i, j)
            cell.value, cell.data_type = text, "s"  # text, whatever it begins with
            cell.font = Font(bold=kind in BOLD)
            cell.alignment = Alignment(horizontal="left" if table.left[j - 1] else "right")
    for i, row in enumerate(behind, start=1):
        for j, value in enumerate(row, start=1):
            cell = numbers.cell(i, j)
            cell.value = value = _excel_value(value)
            if isinstance(value, str):
                cell.data_type = "s"
    book.properties.created = book.properties.modified = LONG_AGO
    pack = BytesIO()
    book.save(pack)
    return timeless(pack)


def _excel_value(value: Any) -> Any:
    """Return what a cell holds: nothing for what is missing; infinity as text, since Excel has no such number."""
    if pd.isna(value):
        return None
    return str(value) if isinstance(value, float) and math.isinf(value) else value


def _refuse_beyond_excel(sheet: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Refuse what Excel, or the library that writes for it, would cut off without a word."""
    fix = "save the table as .csv, or make it smaller"
    if len(rows) > MOST_ROWS or len(rows[-1]) > MOST_COLUMNS:
        size, most = f"{len(rows):,} rows of {len(rows[-1]):,} columns", f"{MOST_ROWS:,} of {MOST_COLUMNS:,}"
        raise DataError(f"the sheet {sheet!r} would have {size}; Excel takes {most}: {fix}.")
    for i, row in enumerate(rows, start=1):
        for j, value in enumerate(row, start=1):
            if isinstance(value, str) and (length := len(value.encode("utf-16-le")) // 2) > MOST_CHARACTERS:
                raise DataError(
                    f"the cell in row {i}, column {j} of the sheet {sheet!r} ({value[:30]!r}...) has {length:,} "
                    f"characters; Excel takes {MOST_CHARACTERS:,}: {fix}."
                )


def _word(table: Table) -> bytes:
    try:
        from docx import Document
    except ImportError:
        raise OptionError('Word files need python-docx: pip install "metaonc[word]".') from None
    document = Document()
    bold = {0} | {i for i, kind in enumerate(table.kinds, start=1) if kind in BOLD}
    lines = [table.headers, *table.rows]
    set_paper(document, landscape=table.landscape or is_wide(lines, bold))
    if table.title:
        document.add_paragraph(table.title, style="Caption").paragraph_format.keep_with_next = True
    add_lines(lines, [not left for left in table.left], bold, document)
    add_notes(table.footnotes, document)
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
