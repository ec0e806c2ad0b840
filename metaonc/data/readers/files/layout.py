"""How a table lies in its source: raw cells by the numbers of their rows, and the names above them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ....base.labels import blank
from ....base.messages.advice import option, setting
from ....base.text import refuse_unseen
from ....errors import ColumnError, DataError

MOST_COLUMNS = 2_000
MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}  # that separate cells, in the order of preference
Rows = dict[int, list[Any]]  # number of a row in its source -> its raw cells
_FIGURE = re.compile(r"[^a-zA-Z]*\d[^a-zA-Z]*")


@dataclass(frozen=True, slots=True)
class Irregular:
    """A cell that holds no plain value.

    Attributes
    ----------
    kind
        "formula", "error" (such as #DIV/0!), "merged" or "percent" (a number shown as a percentage).
    text
        The formula, the error, the range of the merged cells, or the percentage.
    value
        What a formula gave when the workbook was saved, where that is known; what merged cells hold; the percentage.
    """

    kind: str
    text: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is laid out.

    Attributes
    ----------
    source
        What messages call it.
    place
        Function of the number of a row and the number, from 0, of a column that names the cell.
    row
        What a row is called: "row" of a sheet, "line" of a file.
    header
        Numbers of the rows that hold the names; none when the first row that is not blank does.
    skip
        Numbers of rows to leave out.
    ragged
        Whether rows may have fewer or more cells than there are names only by mistake.
    unnamed
        Name of a first column that has none.
    mark
        What separates cells of a file; empty for blanks.
    """

    source: str
    place: Callable[[int, int], str]
    row: str = "row"
    header: Sequence[int] = ()
    skip: Collection[int] = ()
    ragged: bool = False
    unnamed: str = "row_name"
    mark: str = ","


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it lies in its source.

    Attributes
    ----------
    lines
        Its rows.
    layout
        How messages name them, and what the caller said of them.
    decimal
        Decimal mark of its numbers, where they are texts.
    form
        How its cells are separated and its numbers written, where nobody had said so and it is not the usual way.
    """

    lines: Rows
    layout: Layout
    decimal: str = "."
    form: str = ""


def names_and_rows(sheet: Sheet) -> tuple[list[str], Rows, dict[str, bool]]:
    """Return the names of the columns, the rows below them, and what was left out: as asked, or above the names.

    Of each line left out it says whether that holds data: lines above the names do not, nor do such as rows of units.

    Raises
    ------
    DataError
        A sheet that is empty or too wide, names that are missing or not in one row, nothing below them, rows to leave
        out that do not exist.
    """
    layout, source = sheet.layout, repr(sheet.layout.source)
    filled = {i: row for i, row in sheet.lines.items() if not _nothing(row)}
    if not filled:
        raise NoRows(f"{source} is empty.")
    _refuse_unseen(filled, layout)
    wide = max(map(len, filled.values()))
    if wide > MOST_COLUMNS:
        raise DataError(f"{source} has {wide:,} columns; more than {MOST_COLUMNS:,} is no table of trials.")
    last_header, names = _names(filled, layout)
    body = {i: row for i, row in filled.items() if i > last_header}
    if not body:
        raise NoRows(f"{source} has a header and no rows.")
    unknown = sorted(set(layout.skip) - set(body))
    if unknown:
        raise DataError(
            f"{setting('skip', unknown[0])} is no {layout.row} of {source} that holds anything below its header."
        )
    if len(set(layout.skip)) == len(body):
        raise NoRows(f"{source} has no rows left: {setting('skip', tuple(layout.skip))} leaves out all that it has.")
    above = [i for i in filled if i < min(layout.header, default=last_header)]
    left_out = {f"{layout.row} {i}: above the header, {shown(held(filled[i])[0])[:80]!r}": False for i in above}
    left_out |= {f"{layout.row} {i}: left out as asked": _has_figures(body[i]) for i in sorted(layout.skip)}
    kept = {i: row for i, row in body.items() if i not in layout.skip} if layout.skip else body
    return names, kept, left_out


def _has_figures(row: list[Any]) -> bool:
    """Whether a cell besides the first is a number, or digits without letters, as figures are printed."""
    return any(_FIGURE.fullmatch(shown(cell)) for cell in held(row)[1:])


def _nothing(row: list[Any]) -> bool:
    """Whether all cells are blank; the first of most rows is a text, and tells at once."""
    first = row[0] if row else None
    return not (type(first) is str and first.isascii() and first.strip()) and all(map(blank, row))


def _refuse_unseen(rows: Rows, layout: Layout) -> None:
    """Refuse characters that no label has: of a file of texts at once, elsewhere or where there are some row by row."""
    try:
        if "".join(chain.from_iterable(rows.values())).isprintable():
            return
    except TypeError:  # numbers among the texts
        pass
    for i, row in rows.items():
        if not "".join(cell for cell in row if isinstance(cell, str)).isprintable():
            for j, cell in enumerate(row):
                refuse_unseen([cell], layout.place(i, j))


def squared(names: list[str], body: Rows, layout: Layout) -> tuple[list[str], Rows, frozenset[str]]:
    """Return the names, rows of as many cells, and the names that several columns have, which go by their place."""
    if layout.ragged:
        _refuse_ragged(body, names, layout)
    width = len(names)
    body = {i: row if len(row) == width else row[:width] + [None] * (width - len(row)) for i, row in body.items()}
    names, body = _without_empty_columns(names, body)
    names, doubled = _told_apart(names, layout.unnamed)
    return names, body, doubled


class NoRows(DataError):
    """A table that holds nothing, or nothing below its header."""


def held(row: list[Any]) -> list[Any]:
    """Return the cells of a row that hold something, of merged ones the first."""
    merged = {c.text: c for c in reversed(row) if isinstance(c, Irregular) and c.kind == "merged"}
    return [
        c
        for c in row
        if not blank(c) and (not isinstance(c, Irregular) or c.kind != "merged" or merged.get(c.text) is c)
    ]


def shown(cell: Any) -> str:
    """Return a cell in words."""
    text = str(cell.value if isinstance(cell, Irregular) else cell)
    return " ".join(text.replace("\u00a0", " ").split())


def _first_of_table(filled: Rows) -> int:
    """Return the first row that is no title: titles above a table stand alone in their row."""
    narrow = not any(len(held(row)) >= 3 for row in filled.values())
    return next(i for i, row in filled.items() if narrow or len(held(row)) > 1)


def _names(filled: Rows, layout: Layout) -> tuple[int, list[str]]:
    """Return the last row of the header and the names, one a column; a name in several rows is put together."""
    wanted = list(layout.header) or [_first_of_table(filled)]
    if wanted != sorted(set(wanted)):
        raise DataError(f"{setting('header', tuple(wanted))}: give each {layout.row} once, from the top down.")
    for i in wanted:
        if i not in filled:
            raise DataError(f"{setting('header', i)}: {layout.row} {i} of {layout.source!r} is blank.")
    width = len(filled[wanted[-1]]) if layout.ragged else max(map(len, filled.values()))
    parts = [[filled[i][j] if j < len(filled[i]) else None for i in wanted] for j in range(width)]
    for j, column in enumerate(parts):
        for i, cell in zip(wanted, column, strict=True):
            if isinstance(cell, Irregular) and cell.kind == "merged" and len(wanted) == 1:
                rows = sorted({i, *map(int, re.findall(r"\d+", cell.text))})
                rows = rows if len(rows) > 1 else [i, i + 1]
                raise DataError(
                    f"{layout.place(i, j)} is one of the merged cells {cell.text}: names stand in one row, one a "
                    f"column; unmerge them, or say which rows hold the names, as in {option('header', tuple(rows))}."
                )
    return wanted[-1], [" ".join(dict.fromkeys(shown(c) for c in column if not blank(c))) for column in parts]


def _without_empty_columns(names: list[str], body: Rows) -> tuple[list[str], Rows]:
    """Drop columns that have neither a name nor a value; a spreadsheet often writes some."""
    kept = [j for j, name in enumerate(names) if name or not all(blank(row[j]) for row in body.values())]
    if len(kept) == len(names):
        return names, body
    return [names[j] for j in kept], {i: [row[j] for j in kept] for i, row in body.items()}


def _told_apart(names: list[str], unnamed: str) -> tuple[list[str], frozenset[str]]:
    """Return names that differ: a first column without one holds the names of rows, as R and pandas write them."""
    named = [name or (unnamed if j == 0 else f"column {j + 1}") for j, name in enumerate(names)]
    doubled = frozenset(name for name in named if named.count(name) > 1)
    return [f"{n} (column {j + 1})" if n in doubled else n for j, n in enumerate(named)], doubled


def refuse_doubled(names: Sequence[str], source: str) -> None:
    """Raise a ColumnError where two columns have one name: a table would keep one of them, or name it anew."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ColumnError(f"column {twice!r} stands in the header of {source} more than once; rename one of them.")


def _refuse_ragged(body: Rows, names: list[str], layout: Layout) -> None:
    for k, (i, row) in enumerate(body.items()):
        if len(row) != len(names):
            mark = layout.mark or " "
            also = ", and write numbers with a decimal point" if mark == "," else ""
            raise DataError(
                f"row {k} of {layout.source!r} ({layout.row} {i}) has {len(row)} values for {len(names)} columns "
                f"({mark.join(map(str, row))}): quote a value that holds a {MARKS.get(mark, repr(mark))}{also}."
            )
