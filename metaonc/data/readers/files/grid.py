"""A table as it stands in its source: names, raw cells, and where each of them is."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from ....base.labels import blank
from ....base.messages.advice import option, setting
from ....base.text import refuse_unseen
from ....errors import ColumnError, DataError

MOST_ROWS = 100_000
MOST_COLUMNS = 2_000
_SUMMARY = re.compile(
    r"(sub-?\s?total|(grand\s)?total|overall|pooled|mean|median|summary|gesamt|summe|all (trials|studies|patients))"
    r"(\s*$|\s*[(:,;=]|\s+(estimate|effect|result|\d|n\b))",
    re.I,
)


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
class Cell:
    """A raw value and the place where it stands, as its reader would look it up."""

    value: Any
    place: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of cells.

    Attributes
    ----------
    names
        Names of the columns.
    rows
        Its rows, each with a cell a column.
    source
        What messages call the table.
    left_out
        Rows that are no rows of the table, such as notes under it.
    doubled
        Names that several columns had; each of these goes by its name and its place.
    decimal
        Decimal mark of its numbers, where they are texts.
    form
        How its cells are separated and its numbers written, where nobody had said so and it is not the usual way.
    """

    names: list[str]
    rows: list[list[Cell]]
    source: str
    left_out: tuple[str, ...] = ()
    doubled: frozenset[str] = frozenset()
    decimal: str = "."
    form: str = ""

    @property
    def told_apart(self) -> list[str]:
        """A sentence on the names that several columns have, where there are any."""
        names = ", ".join(map(repr, sorted(self.doubled)))
        return [f"several columns are named {names}, and go by their place"] if names else []


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
    """

    source: str
    place: Callable[[int, int], str]
    row: str = "row"
    header: Sequence[int] = ()
    skip: Collection[int] = ()
    ragged: bool = False
    unnamed: str = "row_name"


def text_of(value: Any) -> str:
    """Return a cell as words: whole numbers without a point, blanks as one."""
    held = value.value if isinstance(value, Irregular) else value
    if isinstance(held, float) and held.is_integer():
        return str(int(held))
    return " ".join(str(held).replace("\u00a0", " ").split())


def grid_of(lines: dict[int, list[Any]], layout: Layout) -> Grid:
    """Return the table that a sheet holds, or say what of it is no table.

    Parameters
    ----------
    lines
        Number of a row in its source -> its raw cells.
    layout
        How messages name them, and what the caller said of them.

    Raises
    ------
    DataError
        A sheet that is empty or too long, names that are missing, doubled or not in one row, rows that are no trials.
    """
    source = repr(layout.source)
    filled = {i: row for i, row in lines.items() if not all(map(blank, row))}
    if not filled:
        raise DataError(f"{source} is empty.")
    if len(filled) > MOST_ROWS:
        raise DataError(f"{source} has {len(filled):,} rows; more than {MOST_ROWS:,} is no table of trials.")
    for i, row in filled.items():
        for j, cell in enumerate(row):
            if isinstance(cell, str) and not cell.isprintable():
                refuse_unseen([cell], layout.place(i, j))
    wide = max(map(len, filled.values()))
    if wide > MOST_COLUMNS:
        raise DataError(f"{source} has {wide:,} columns; more than {MOST_COLUMNS:,} is no table of trials.")
    last_header, names = _names(filled, layout)
    body = {i: row for i, row in filled.items() if i > last_header}
    if not body:
        raise DataError(f"{source} has a header and no rows.")
    unknown = sorted(set(layout.skip) - set(body))
    if unknown:
        raise DataError(
            f"{setting('skip', unknown[0])} is no {layout.row} of {source} that holds anything below its header."
        )
    body = {i: row for i, row in body.items() if i not in layout.skip}
    body, notes = _without_notes(body, layout)
    if layout.ragged:
        _refuse_ragged(body, names, layout)
    body = {i: row[: len(names)] + [None] * (len(names) - len(row)) for i, row in body.items()}
    names, body = _without_empty_columns(names, body)
    names, doubled = _told_apart(names, layout.unnamed)
    body, sums = _without_sums(body, layout)
    _refuse_headings(body, layout)
    above = [i for i in filled if i < min(layout.header, default=last_header)]
    skipped = [f"{layout.row} {i}: above the header, {_shown(_held(filled[i])[0])[:80]!r}" for i in above]
    skipped += [f"{layout.row} {i}: left out as asked" for i in sorted(layout.skip)]
    rows = [[Cell(v, layout.place(i, j)) for j, v in enumerate(row)] for i, row in body.items()]
    return Grid(names, rows, layout.source, (*skipped, *sums, *notes), doubled)


def _names(filled: dict[int, list[Any]], layout: Layout) -> tuple[int, list[str]]:
    """Return the last row of the header and the names, one a column; a name in several rows is put together."""
    wanted = list(layout.header) or [_first_of_table(filled)]
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
    return wanted[-1], [" ".join(dict.fromkeys(_shown(c) for c in column if not blank(c))) for column in parts]


def _held(row: list[Any]) -> list[Any]:
    """Return the cells of a row that hold something, of merged ones the first."""
    merged = {c.text: c for c in reversed(row) if isinstance(c, Irregular) and c.kind == "merged"}
    return [
        c
        for c in row
        if not blank(c) and (not isinstance(c, Irregular) or c.kind != "merged" or merged.get(c.text) is c)
    ]


def _shown(cell: Any) -> str:
    text = str(cell.value if isinstance(cell, Irregular) else cell)
    return " ".join(text.replace("\u00a0", " ").split())


def _first_of_table(filled: dict[int, list[Any]]) -> int:
    """Return the first row that is no title: titles above a table stand alone in their row."""
    widest = max(len(_held(row)) for row in filled.values())
    return next(i for i, row in filled.items() if len(_held(row)) > 1 or widest < 3)


def _without_notes(body: dict[int, list[Any]], layout: Layout) -> tuple[dict[int, list[Any]], list[str]]:
    """Split off the notes under the table: rows at its end with one cell each."""
    kept, notes = dict(body), list[str]()
    width = max(map(len, body.values()))
    for i in reversed(list(body)):
        held = _held(body[i])
        if len(held) != 1 or len(kept) == 1 or width < 3:
            break
        notes.insert(0, f"{layout.row} {i}: a note under the table, {_shown(held[0])[:80]!r}")
        del kept[i]
    return kept, notes


def _without_empty_columns(names: list[str], body: dict[int, list[Any]]) -> tuple[list[str], dict[int, list[Any]]]:
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


def _refuse_ragged(body: dict[int, list[Any]], names: list[str], layout: Layout) -> None:
    for k, (i, row) in enumerate(body.items()):
        if len(row) != len(names):
            raise DataError(
                f"row {k} of {layout.source!r} ({layout.row} {i}) has {len(row)} values for {len(names)} columns "
                f"({','.join(map(str, row))}): quote a value that holds a comma, and write numbers with a decimal "
                "point."
            )


def _without_sums(body: dict[int, list[Any]], layout: Layout) -> tuple[dict[int, list[Any]], list[str]]:
    """Split off the rows that sum up trials: each would be read as one."""
    kept, said = {}, []
    for i, row in body.items():
        j, first = next((j, c) for j, c in enumerate(row) if not blank(c))
        if isinstance(first, str) and _SUMMARY.match(first.strip()) and len(body) > 1:
            said.append(f"{layout.place(i, j)}: {_shown(first)[:60]!r} sums up trials")
        else:
            kept[i] = row
    return kept, said


def _refuse_headings(body: dict[int, list[Any]], layout: Layout) -> None:
    """Refuse a heading among the trials: what it says of the rows below would be lost."""
    wrong = {}
    for i, row in body.items():
        if len(_held(row)) == 1 and len(row) > 2:
            j, first = next((j, c) for j, c in enumerate(row) if not blank(c))
            wrong[i] = (
                f"{layout.place(i, j)} stands alone in its {layout.row} ({_shown(first)[:60]!r}): a heading belongs "
                "into a column of its own, as a value of each row it is about"
            )
    if wrong:
        rows = f"{layout.row}s like it" if len(wrong) > 1 else layout.row
        raise DataError(f"{next(iter(wrong.values()))}. To leave the {rows} out, give {option('skip', list(wrong))}.")
