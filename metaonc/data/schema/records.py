"""The records that a description of tables is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    Attributes
    ----------
    name
        Its name.
    kind
        "text", "words" (names with spaces between them), "date" (ISO, may be partial), "count" or "number".
    description
        What it holds.
    required
        Whether every row has a value.
    allowed
        The values, or words, that it may hold; empty when it is free.
    minimum, maximum
        Limits of a number, both included.
    free
        Whether words of the user's own may stand there beside those that it may hold.
    """

    name: str
    kind: str
    description: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    free: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns, its key, the columns that point to another table, and whether others may stand in it."""

    name: str
    title: str
    fields: tuple[Field, ...]
    key: str | None = None
    refers: Mapping[str, str] = field(default_factory=dict)  # column -> "table.column"
    takes_others: bool = False

    def names(self) -> list[str]:
        """Return the names of the columns, in order."""
        return [f.name for f in self.fields]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome: its code, its name in words, whether it is a "proportion" or a "time", and what it is about."""

    code: str
    title: str
    kind: str
    about: str
