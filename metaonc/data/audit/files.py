"""A file as it is printed, for an audit: its cells, and the place where each row stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, NamedTuple

import pandas as pd

from ...base.files import parsing
from ..readers.files.layout import Irregular
from ..readers.files.source import grid_from
from ..readers.sheets.columns import refuse_doubled_figures


class Printed(NamedTuple):
    """The cells of a file, and where each row of it stands, as a message begins."""

    frame: pd.DataFrame
    places: list[str]


def read_printed(
    path: str | PathLike[str],
    *,
    sheet: str | None = None,
    header: int | Sequence[int] | None = None,
    skip: Sequence[int] = (),
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    constants: Mapping[str, str | float] | None = None,
) -> Printed:
    """Return the cells of a CSV file or a workbook.

    Cells of a CSV file are text with the digits printed. A number of a workbook has the digits that it needs; a
    percentage is read as it shows. The options are those of ``read_trials``.

    Raises
    ------
    DataError
        The file is missing, empty or no table; the message says where and what to do.
    """
    with parsing(str(path)):
        grid = grid_from(path, sheet=sheet, header=header, skip=skip, sep=sep, encoding=encoding, decimal=decimal)
        refuse_doubled_figures(grid)
        rows = [[_printed(cell.value) for cell in row] for row in grid.rows]
        frame = pd.DataFrame(rows, columns=grid.names, dtype=object)
    for name, value in (constants or {}).items():
        frame[name] = value
    return Printed(frame, [_where(str(path), row[0].place) for row in grid.rows])


def _printed(value: Any) -> Any:
    """Return what a cell shows: a formula by what it gave, a percentage with its sign."""
    if not isinstance(value, Irregular):
        return value
    return value.text if value.kind in ("percent", "error") or value.value is None else value.value


def _where(path: str, place: str) -> str:
    line = re.match(r"line (\d+)", place)
    return f"{path}:{line[1]}" if line else f"{path}: {place}"
