"""An Excel workbook as a grid of cells: values only, and of what is no value where it stands."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....base.files import read_bytes
from ....base.labels import blank
from ....base.messages.advice import option, setting
from ....errors import DataError, OptionError
from .layout import Irregular, Layout, Sheet
from .workbook import MOST_CELLS, pruned

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

SHEET = "trials"  # of the template, and the one that is read when several hold something
_PERCENT = re.compile(r"[0#]\s*%")
_RAISED = str.maketrans("0123456789abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")


def openpyxl() -> Any:
    """Return the library that reads and writes workbooks, or say how to get it."""
    try:
        import openpyxl as library
    except ImportError:
        raise OptionError('Excel workbooks need openpyxl: pip install "metaonc[excel]".') from None
    return library


def read_excel(path: Path, sheet: str | None, header: Sequence[int], skip: Collection[int]) -> Sheet:
    """Return one sheet.

    Parameters
    ----------
    path
        An .xlsx or .xlsm workbook.
    sheet
        Name of the sheet; the only one that holds anything, or the one named "trials", when not given.
    header, skip
        Numbers of the rows that hold the names, and of rows to leave out.

    Raises
    ------
    OptionError
        A sheet that does not exist, or must be named; openpyxl is not installed.
    DataError
        A file that is no workbook or too large; hidden rows or columns.
    """
    library = openpyxl()
    data = read_bytes(path)
    name = str(path)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError(f"{name!r} is an old Excel file, or one with a password: save it as an unprotected .xlsx.")
    data = pruned(data, name)
    book = _opened(library, data, name, values=False)
    page = _sheet(book, sheet, name)
    title = page.title if re.fullmatch(r"[A-Za-z_]\w*", page.title) else f"'{page.title}'"
    letter = library.utils.get_column_letter
    layout = Layout(
        f"{name}, sheet {page.title}", lambda i, j: f"{title}!{letter(j + 1)}{i}", "row", tuple(header), frozenset(skip)
    )
    if page.max_row * page.max_column > MOST_CELLS:
        corner = layout.place(page.max_row, page.max_column - 1)
        raise DataError(f"{layout.source!r} reaches to {corner}: delete the empty rows and columns at its end.")
    _refuse_hidden(page, layout)
    lines = _lines(page)
    if any(isinstance(c, Irregular) and c.kind == "formula" for row in lines.values() for c in row):
        values = _opened(library, data, name, values=True)[page.title]
        lines = {i: [_with_value(c, values, i, j) for j, c in enumerate(row)] for i, row in lines.items()}
    return Sheet(lines, layout)


def _opened(library: Any, data: bytes, name: str, values: bool) -> Workbook:
    """Return the workbook, with formulas or with what they gave when it was saved."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that are not read: extensions, styles
            book: Workbook = library.load_workbook(BytesIO(data), data_only=values, keep_links=False, rich_text=True)
    except Exception as problem:  # whatever a damaged file makes of the parser
        raise DataError(f"{name!r} is no Excel workbook that can be read: {problem}.") from None
    return book


def _sheet(book: Workbook, sheet: str | None, name: str) -> Worksheet:
    pages = {page.title: page for page in book.worksheets}
    if sheet is not None:
        if sheet not in pages:
            raise OptionError(f"{setting('sheet', sheet)} is not in {name!r}; it has {', '.join(map(repr, pages))}.")
        return pages[sheet]
    shown = {t: p for t, p in pages.items() if p.sheet_state == "visible" and (p.max_row > 1 or p["A1"].value)}
    if not shown:
        raise DataError(f"{name!r} is empty.")
    if len(shown) > 1 and SHEET not in shown:
        first = next(iter(shown))
        raise OptionError(
            f"{name!r} has the sheets {', '.join(map(repr, shown))}: say which, as in {option('sheet', first)}."
        )
    return shown.get(SHEET) or next(iter(shown.values()))


def _refuse_hidden(page: Worksheet, layout: Layout) -> None:
    """Refuse what its reader does not see: it was perhaps meant to be left out."""
    hidden = [i for i, d in page.row_dimensions.items() if d.hidden and i not in layout.skip and _filled(page, i)]
    if hidden:
        raise DataError(
            f"row {min(hidden)} of {layout.source!r} is hidden (as by a filter): show it, delete it, or give "
            f"{option('skip', sorted(hidden))}."
        )
    groups = [group for group in page.column_dimensions.values() if group.hidden]
    out_of_sight = {j for g in groups for j in range(g.min or 1, min(g.max or 0, page.max_column) + 1)}
    for j in sorted(out_of_sight):
        if any(not blank(page.cell(i, j).value) for i in range(1, page.max_row + 1)):
            raise DataError(f"the column of {layout.place(1, j - 1)} is hidden: show it or delete it.")


def _filled(page: Worksheet, row: int) -> bool:
    return row <= page.max_row and any(not blank(cell.value) for cell in page[row])


def _lines(page: Worksheet) -> dict[int, list[Any]]:
    lines = {i: [_value(cell) for cell in row] for i, row in enumerate(page.iter_rows(), start=1)}
    for merged in page.merged_cells.ranges:
        held = page.cell(merged.min_row, merged.min_col).value
        for i, j in merged.cells if held is not None else ():
            if i in lines and j <= len(lines[i]):
                lines[i][j - 1] = Irregular("merged", merged.coord, held)
    return lines


def _value(cell: Any) -> Any:
    """Return what a cell holds; raised letters as such."""
    value = cell.value
    if cell.data_type == "f":
        return Irregular("formula", str(getattr(value, "text", value)))
    if cell.data_type == "e":
        return Irregular("error", str(value))
    if isinstance(value, list):  # text in several fonts
        return "".join(map(_run, value))
    shown_as = cell.number_format or ""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _PERCENT.search(shown_as):
        return Irregular("percent", f"{100 * value:.10g}%", float(f"{100 * value:.12g}"))
    return value


def _run(run: Any) -> str:
    """Return one run of a text: a raised 1 as ¹, so that 57 with a footnote is not read as 571."""
    raised = getattr(getattr(run, "font", None), "vertAlign", None) in ("superscript", "subscript")
    return str(run).lower().translate(_RAISED) if raised else str(run)


def _with_value(cell: Any, values: Any, row: int, column: int) -> Any:
    if isinstance(cell, Irregular) and cell.kind == "formula":
        return Irregular("formula", cell.text, values.cell(row, column + 1).value)
    return cell
