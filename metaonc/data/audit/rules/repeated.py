"""Rows that stand in a table twice, whatever its columns are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..records import AuditRule, Finding, Reading
from ..rows import Row

_NOT_COMPARED = frozenset(
    ("row_id", "row", "row_no", "row_number", "no", "nr", "id", "index", "note", "notes", "comment", "comments",
     "remark", "remarks")
)  # fmt: skip


def _repeated(reading: Reading) -> Iterator[Finding]:
    aside = _NOT_COMPARED | _counting(reading)
    for first, *others in reading.grouped(lambda row: _cells(row, aside)):
        for row in others:
            yield Finding(
                (row, first), ("trial",) if row.trial else (), "two rows alike in every cell", "one row",
                f"the row is row {first.text('row_id') or first.number} again, cell by cell: its patients count twice.",
                "Remove one of them, or write what tells them apart in a column of its own.",
                None if row.trial else "warning",
            )  # fmt: skip


def _cells(row: Row, aside: frozenset[str]) -> frozenset[tuple[str, object]] | None:
    """Return what stands in a row, but for what is said of the row itself; None where that is nothing."""
    words = {(c, text) for c, text in row.texts.items() if c.strip("#. ").casefold() not in aside}
    return frozenset((*words, *row.numbers.items())) or None


def _counting(reading: Reading) -> frozenset[str]:
    """Return the columns that count the rows, each one more than the row above."""
    columns = dict.fromkeys(c for row in reading.rows for c in row.texts)
    return frozenset(c.casefold() for c in columns if _counts([row.text(c) for row in reading.rows]))


def _counts(texts: list[str]) -> bool:
    whole = all(text.isascii() and text.isdigit() for text in texts)
    return whole and all(int(b) == int(a) + 1 for a, b in pairwise(texts))


RULES = (AuditRule("row_twice", "no row stands in the table twice, cell by cell", "error", (), _repeated),)
