"""A table as it stands in its source: names, raw cells, and where each of them is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ....base.labels import blank
from ....base.messages.advice import option
from ....errors import DataError
from .layout import Irregular, Layout, Rows, Sheet, held, names_and_rows, shown, squared

MOST_ROWS = 100_000
_SUMMARY = re.compile(
    r"(sub-?\s?total|(grand\s)?total|overall|pooled|mean|median|summary|gesamt|summe|all (trials|studies|patients))"
    r"(\s*$|\s*[(:,;=]|\s+(estimate|effect|result|\d|n\b))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A raw value, the place where it stands, as its reader would look it up, and the number of its row there."""

    value: Any
    place: str
    row: int = -1


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
    no_data
        Those of them that hold no data of a trial.
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
    no_data: tuple[str, ...] = ()
    doubled: frozenset[str] = frozenset()
    decimal: str = "."
    form: str = ""

    @property
    def told_apart(self) -> list[str]:
        """A sentence on the names that several columns have, where there are any."""
        names = ", ".join(map(repr, sorted(self.doubled)))
        return [f"several columns are named {names}, and go by their place"] if names else []


def text_of(value: Any) -> str:
    """Return a cell as words: whole numbers without a point, blanks as one."""
    held = value.value if isinstance(value, Irregular) else value
    if isinstance(held, float) and held.is_integer():
        return str(int(held))
    return " ".join(str(held).replace("\u00a0", " ").split())


def grid_of(sheet: Sheet, *, names_alone: bool = False, has_notes: bool = True) -> Grid:
    """Return the table of trials that a sheet holds, or say what of it is no table.

    With `names_alone` a row with one cell is a trial of which nothing is said, not a heading; without `has_notes` the
    rows at the end are no notes.

    Raises
    ------
    DataError
        As `names_and_rows`; rows that are no trials.
    """
    layout = sheet.layout
    if len(sheet.lines) > MOST_ROWS:
        raise DataError(
            f"{layout.source!r} has {len(sheet.lines):,} rows; more than {MOST_ROWS:,} is no table of trials."
        )
    names, body, skipped = names_and_rows(sheet)
    body, notes = _without_notes(body, layout) if has_notes else (body, [])
    names, body, doubled = squared(names, body, layout)
    body, sums = _without_sums(body, layout)
    if not names_alone:
        _refuse_headings(body, layout)
    rows = [[Cell(v, layout.place(i, j), i) for j, v in enumerate(row)] for i, row in body.items()]
    no_data = (*(text for text, data in skipped.items() if not data), *sums, *notes)
    left_out = (*skipped, *sums, *notes)
    return Grid(names, rows, layout.source, left_out, no_data, doubled, sheet.decimal, sheet.form)


def _without_notes(body: Rows, layout: Layout) -> tuple[Rows, list[str]]:
    """Split off the notes under the table: rows at its end with one cell each."""
    kept, notes = dict(body), list[str]()
    width = max(map(len, body.values()))
    for i in reversed(list(body)):
        cells = held(body[i])
        if len(cells) != 1 or len(kept) == 1 or width < 3:
            break
        notes.insert(0, f"{layout.row} {i}: a note under the table, {shown(cells[0])[:80]!r}")
        del kept[i]
    return kept, notes


def _without_sums(body: Rows, layout: Layout) -> tuple[Rows, list[str]]:
    """Split off the rows that sum up trials: each would be read as one."""
    kept, said = {}, []
    for i, row in body.items():
        j, first = next((j, c) for j, c in enumerate(row) if not blank(c))
        if isinstance(first, str) and _SUMMARY.match(first.strip()) and len(body) > 1:
            said.append(f"{layout.place(i, j)}: {shown(first)[:60]!r} sums up trials")
        else:
            kept[i] = row
    return kept, said


def _refuse_headings(body: Rows, layout: Layout) -> None:
    """Refuse a heading among the trials: what it says of the rows below would be lost."""
    wrong = {}
    for i, row in body.items():
        if len(held(row)) == 1 and len(row) > 2:
            j, first = next((j, c) for j, c in enumerate(row) if not blank(c))
            wrong[i] = (
                f"{layout.place(i, j)} stands alone in its {layout.row} ({shown(first)[:60]!r}): a heading belongs "
                "into a column of its own, as a value of each row it is about"
            )
    if wrong:
        rows = f"{layout.row}s like it" if len(wrong) > 1 else layout.row
        raise DataError(f"{next(iter(wrong.values()))}. To leave the {rows} out, give {option('skip', list(wrong))}.")
