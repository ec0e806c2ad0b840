"""What was found in reading the cells: those that hold no number, and those that hold more than a plain one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..readers.sheets.forms import LIMITS, is_figure
from .records import Finding
from .rows import Row
from .sources import Source

_READ = re.compile(r"(\w+): (.*) read as (.*)", re.S)
_FIX = re.compile(r"[:;] ")  # between what is wrong and what to do
_WORDS = {  # how a cell was read -> in words, and how it is written plainly
    "not reached": ("not reached", "Leave it blank and write {column} in not_reached."),
    "bound": ("a bound", "Leave it blank; say the bound in a note."),
    "blank": ("what stands for no figure", "Leave it blank where there is none."),
    "figures": ("more than a plain number", "Write each number in a cell of its own, with a decimal point and nothing "
                "else."),
}  # fmt: skip


class Written(NamedTuple):
    """A cell that is not plain: its row, its column, its text, and what was read of it."""

    row: Row
    column: str
    text: str
    read: str

    @property
    def how(self) -> str:
        """How it was read, in one word."""
        if "not reached" in self.read:
            return "not reached"
        return "bound" if "bound" in self.read else "blank" if self.read == "blank" else "figures"


def remarks(rows: Sequence[Row], source: Source, others: Sequence[Written]) -> Iterator[tuple[str, Finding]]:
    """Yield what was found, a finding a cell that cannot be read and one a column for those that are not plain.

    Parameters
    ----------
    rows
        The rows of the source under the names of the schema.
    source
        What its reader said of them.
    others
        Cells of columns that no reader knows.
    """
    for fault in source.faults:
        name, shown, why = fault.said
        said, _, fix = _FIX.sub("\n", why.rstrip("."), count=1).partition("\n")
        yield "not_a_number", Finding(
            (rows[fault.row],), (name,), shown, "a figure that can be read", f"{name}={shown} {said}.",
            f"{fix[:1].upper()}{fix[1:]}." if fix else "Correct the cell, or leave it blank.",
        )  # fmt: skip
    found = [
        Written(row, m[1], m[2], m[3])
        for row, read in zip(rows, source.rows, strict=True)
        for m in map(_READ.fullmatch, read.read)
        if m and is_figure(m[1]) and (m[1] not in LIMITS or "not reached" in m[3])
    ]
    for cells in _alike([*found, *others]):
        first, count = cells[0], len(cells)
        what, fix = _WORDS[first.how]
        yield "notation", Finding(
            tuple(c.row for c in cells), (first.column,), first.text, f"read as {first.read}",
            f"{first.column} has {what} in {count} row{'s' * (count > 1)}, such as {first.text}.",
            fix.format(column=first.column),
        )  # fmt: skip


def _alike(cells: Sequence[Written]) -> list[list[Written]]:
    groups: dict[tuple[str, str], list[Written]] = {}
    for cell in cells:
        groups.setdefault((cell.column, cell.how), []).append(cell)
    return list(groups.values())
