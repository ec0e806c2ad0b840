"""What an audit is given, as rows of cells: read as ``read_trials`` reads it, or under the names that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from ...base.files import parsing
from ...base.frames import to_pandas
from ...base.messages.advice import option
from ...errors import OptionError
from ..collections.collection import Collection
from ..collections.published_curves import CURVE, Curves
from ..readers.files.grid import Cell, Grid
from ..readers.files.source import grid_from, is_path, name_of
from ..readers.sheets.cells import rows_of
from ..readers.sheets.columns import Columns, held_in
from ..readers.sheets.forms import FIELDS
from ..readers.sheets.records import Records, not_read_name, records_of
from ..readers.sheets.row import CellError, Row
from ..readers.sheets.values import not_read


class Source(NamedTuple):
    """A table as its reader has it.

    Attributes
    ----------
    rows, faults
        Its rows, with what is plain or was read as printed, and what could not be read of them.
    records
        What its columns are, and what of it is no row.
    numbers, places
        Of each row its number from 0, in what ``read_trials`` makes of a file or in a dataframe, and where it stands.
    decimal
        Decimal mark of numbers that are texts.
    unasked
        Columns that were said not to be read, of which no rule is asked.
    """

    rows: list[Row]
    faults: list[CellError]
    records: Records
    numbers: list[int]
    places: list[str]
    decimal: str
    unasked: frozenset[str]


def source_of(table: Any, reading: Mapping[str, Any]) -> Source:
    """Return a table as an audit reads it.

    A path or a dataframe is read by `reading` as ``read_trials`` would; what a reader has returned already, a
    collection and curves go by the names that they have.

    Raises
    ------
    DataError, OptionError
        As ``read_trials``, but for single cells and rows.
    """
    if not is_path(table) and (frame := _named(table)) is not None:
        if reading:
            raise OptionError(f"{option(next(iter(reading)))} is for tables that are not read yet.")
        grid = _as_named(frame)
        said = frame.attrs.get("reading", {}).get("columns")
        return _read(grid, _records(grid), _unasked(said), of_file=False)
    how = {name: said for name, said in reading.items() if name not in ("columns", "constants")}
    with parsing(name_of(table)):
        grid = grid_from(table, **how)
        records = records_of(grid, reading.get("columns"), reading.get("constants"))
        return _read(grid, records, _unasked(reading.get("columns")), of_file=is_path(table))


def _unasked(columns: Mapping[str, str | None] | None) -> frozenset[str]:
    """Return the columns that were said not to be read, by their names in a grid."""
    told = [" ".join(str(name).split()) for name, new in (columns or {}).items() if new is None]
    return frozenset((*told, *map(not_read_name, told)))


def _named(table: Any) -> pd.DataFrame | None:
    """Return a table whose columns have been read, or have the names of the schema for certain."""
    if isinstance(table, Curves):
        return _of_curves(table)
    if isinstance(table, Collection):
        documents = table.sources.set_index("source_id")[["pmid", "doi"]]
        return table.evidence.join(documents, on="source_id")
    frame = to_pandas(table)
    return frame if "read_as" in frame.attrs.get("reading", {}) else None


def _of_curves(curves: Curves) -> pd.DataFrame:
    """Return the table of curves; medians and counts of published points stand in the evidence, and are left out."""
    digitized = curves.table["kind"] == CURVE
    figures = {c: curves.table[c].where(digitized) for c in ("n", "events", "median")}
    return curves.table.drop(columns=["points", "kind"]).assign(**figures).rename(columns={"median": "estimate"})


def _as_named(frame: pd.DataFrame) -> Grid:
    names = [str(c) for c in frame]
    values = [[None if missing else v for v, missing in zip(frame[c], frame[c].isna(), strict=True)] for c in frame]
    rows = [
        [Cell(v, f"row {i}, column {n!r}", i) for n, v in zip(names, row, strict=True)]
        for i, row in enumerate(zip(*values, strict=True))
    ]
    return Grid(names, rows, "the table")


def _records(grid: Grid) -> Records:
    own = {n: n for n in grid.names if n in FIELDS}
    rows = [dict(zip(grid.names, row, strict=True)) for row in grid.rows]
    return Records(grid.names, rows, {}, (), (), (), Columns(own, {}, not_read(grid.names, held_in(grid), own), {}))


def _read(grid: Grid, records: Records, unasked: frozenset[str], *, of_file: bool) -> Source:
    faults: list[CellError] = []
    rows = rows_of(records, grid.decimal, faults)
    first = [next(cell for cell in row.cells.values() if cell.row >= 0) for row in rows]
    numbers = [row.number if of_file else cell.row for row, cell in zip(rows, first, strict=True)]
    return Source(rows, faults, records, numbers, [cell.place for cell in first], grid.decimal, unasked)
