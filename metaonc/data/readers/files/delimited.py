"""A file of separated values as a grid of cells."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ....errors import DataError, OptionError
from .bytes import read_text
from .grid import MOST_COLUMNS, MOST_ROWS, Grid, Layout, grid_of, refuse_doubled

MOST_CELLS = 500_000
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def read_csv(
    path: Path,
    sep: str = ",",
    encoding: str | None = None,
    header: Sequence[int] = (),
    skip: Collection[int] = (),
    unnamed: str | None = None,
) -> Grid:
    """Return the table of a file.

    Parameters
    ----------
    path
        The file.
    sep
        What separates the cells: one character.
    encoding
        As `read_text` takes it.
    header, skip
        Numbers, from 1, of the lines that hold the names, and of lines to leave out.
    unnamed
        Name of a first column that has none.

    Raises
    ------
    OptionError
        A separator of more than one character.
    DataError
        A file that is no such table; the message says where and what to do.
    """
    if len(sep) != 1:
        raise OptionError(f"sep={sep!r} is not one character, such as ',' or ';'.")
    lines: dict[int, list[str]] = {}
    cells = 0
    reader = csv.reader(io.StringIO(read_text(path, encoding), newline=""), delimiter=sep)
    try:
        before = 0
        for row in reader:
            lines[before + 1] = row
            before = reader.line_num
            cells += len(row)
            if len(lines) > MOST_ROWS or len(row) > MOST_COLUMNS or cells > MOST_CELLS:
                most = f"{MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns or {MOST_CELLS:,} cells"
                raise DataError(f"{str(path)!r} has more than {most}, the most that is read.")
    except csv.Error as problem:
        raise DataError(f"line {reader.line_num} of {str(path)!r} cannot be read: {problem}.") from None
    _check_separator(lines, sep, path)

    def place(line: int, column: int) -> str:
        return f"line {line}, column {column + 1}"

    first = next(iter(lines.values()), [])
    if unnamed and first and not first[0].strip() and len(first) > 1:
        first[0] = unnamed
    return grid_of(dict(lines), Layout(str(path), place, "line", tuple(header), frozenset(skip), ragged=True))


def read_texts(text: str, name: str, *, cells: int = MOST_CELLS, **options: Any) -> pd.DataFrame:
    """Return a table of texts as it stands in a file with commas, blank cells as NaN.

    Parameters
    ----------
    text
        What the file holds.
    name
        What messages call it.
    cells
        The most that are read.
    options
        Of ``pandas.read_csv``.

    Raises
    ------
    ColumnError
        Two columns have one name.
    DataError
        A row longer than the header, more columns or cells than any table needs, or what cannot be read.
    """
    _check_extent(text, name, cells)
    refuse_doubled([cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")), [])], repr(name))
    plain: Any = {"dtype": str, "keep_default_na": False, "na_values": [""], "index_col": False}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row longer than the header would be cut
            frame: pd.DataFrame = pd.read_csv(io.StringIO(text), **plain, **options)
    except (pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as problem:
        raise DataError(f"{name!r} cannot be read: {' '.join(str(problem).split())}.") from None
    return frame


def _check_extent(text: str, name: str, cells: int) -> None:
    """Raise a DataError where the text of a table with commas has more columns or cells than any table needs."""
    if text.count(",") > cells or max(line.count(",") for line in text.split("\n")) > MOST_COLUMNS:
        raise DataError(f"{name!r} has more than {MOST_COLUMNS:,} columns or {cells:,} cells, the most that is read.")


def _check_separator(lines: dict[int, list[str]], sep: str, path: Path) -> None:
    first = next((row for row in lines.values() if any(cell.strip() for cell in row)), [])
    for mark, what in _SEPARATORS.items():
        if mark != sep and len(first) < 3 and any(mark in name for name in first):
            raise DataError(
                f"{str(path)!r} is separated by {what}: give sep={mark!r}, with decimal=',' where its numbers have a "
                "decimal comma, or save it with commas and decimal points."
            )
