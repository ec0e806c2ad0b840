"""A row while it is read, and the error that knows which cell is at fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ....errors import DataError
from ..files.grid import Cell
from ..files.layout import Irregular

_MOST_SHOWN = 120  # characters of a cell in an error


class CellError(DataError):
    """What is wrong with figures of a row: its number, the cells that do not go together, and of one cell alone why.

    `said` holds the column, what its cell shows, and what is wrong with it.
    """

    def __init__(self, text: str, cells: Sequence[Cell], row: int, said: tuple[str, str, str] = ("", "", "")) -> None:
        super().__init__(text)
        self.cells, self.row, self.said = tuple(cells), row, said


@dataclass(slots=True)
class Row:
    """One row while it is read: its label, its values, what was read of which cell, what was printed as open.

    `origin` holds the cells of values that were read of another column's.
    """

    label: str
    number: int
    cells: Mapping[str, Cell]
    values: dict[str, Any] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    open: dict[str, Cell] = field(default_factory=dict)
    unclear: set[str] = field(default_factory=set)
    origin: dict[str, Cell] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def refuse(self, name: str, cell: Cell, why: str, *others: Cell) -> CellError:
        """Return the error that names row, column, value and cell."""
        shown = repr(cell.value.text if isinstance(cell.value, Irregular) else cell.value)
        shown = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."
        text = f"trial {self.label!r} (row {self.number}): {name}={shown} {why} ({cell.place})"
        return CellError(text, (cell, *others), self.number, (name, shown, why))

    def cell(self, name: str) -> Cell | None:
        """Return the cell that the value of a column was read of."""
        return self.origin.get(name) or self.cells.get(name)

    def put(self, name: str, value: Any, source: str, cell: Cell) -> None:
        """Set a value that was read of another column's cell; one that contradicts the row's own is refused."""
        own = self.values.get(name)
        if own is not None and own != value:
            said, has = (f"{v:g}" if isinstance(v, float) else v for v in (value, own))
            why = f"says {name}={said}, but the row has {name}={has}: correct one of them."
            raise self.refuse(source, cell, why, *filter(None, [self.cell(name)]))
        self.values[name] = value
        self.origin.setdefault(name, cell)
