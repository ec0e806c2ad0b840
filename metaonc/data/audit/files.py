"""A file as it is printed, for an audit: its cells, and the place where each row stands."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from ...base.files import parsing
from ..readers.files.bytes import read_text
from ..readers.files.grid import Irregular
from ..readers.files.source import grid_from

_SEPARATORS = ",;\t"


class Printed(NamedTuple):
    """The cells of a file, and where each row of it stands, as a message begins."""

    frame: pd.DataFrame
    places: list[str]


def read_printed(path: str | PathLike[str]) -> Printed:
    """Return the cells of a CSV file or a workbook.

    Cells of a CSV file are separated by commas, semicolons or tabs, whichever its first line has most, and are text
    with the digits printed. A number of a workbook has the digits that it needs; a percentage is read as it shows.

    Raises
    ------
    DataError
        The file is missing, empty or no table; the message says where and what to do.
    """
    with parsing(str(path)):
        return _read(Path(path))


def _read(file: Path) -> Printed:
    is_text = file.suffix.lower() in ("", ".csv", ".tsv", ".txt")
    first = next((line for line in read_text(file).splitlines() if line.strip()), "") if is_text else ""
    grid = grid_from(file, sep=max(_SEPARATORS, key=first.count) if is_text else None)
    rows = [[_printed(cell.value) for cell in row] for row in grid.rows]
    frame = pd.DataFrame(rows, columns=grid.names, dtype=object)
    return Printed(frame, [_where(str(file), row[0].place) for row in grid.rows])


def _printed(value: Any) -> Any:
    """Return what a cell shows: a formula by what it gave, a percentage with its sign."""
    if not isinstance(value, Irregular):
        return value
    return value.text if value.kind in ("percent", "error") or value.value is None else value.value


def _where(path: str, place: str) -> str:
    line = re.match(r"line (\d+)", place)
    return f"{path}:{line[1]}" if line else f"{path}: {place}"
