"""Tables of points as digitisers export them: pairs of columns, or one x column and a column a curve."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence

import numpy as np

from ....errors import DataError
from ..curve import Found
from ..limits import POINTS, Source
from ..options import Options
from .series import Series, found, problem_of

_COLUMNS = 200
_X = re.compile(r"x|t|time|months?|years?|days?|weeks?", re.IGNORECASE)
_Y = re.compile(r"y|s|survival|probability|value", re.IGNORECASE)
_NUMBER = re.compile(r"[-+−]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?%?", re.ASCII)


def read_table(source: Source, options: Options) -> Found:
    """Read the curves of a table.

    Raises
    ------
    DataError
        When it is no text, has no two columns of numbers, or its columns cannot be told apart.
    """
    try:
        text = source.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise source.problem("is neither a figure nor a table of points in UTF-8.") from None
    try:
        return found(source, _series(_grid(text)), options, "another program")
    except DataError as problem:
        raise (problem if str(source.path) in str(problem) else problem_of(source, problem)) from None


def _grid(text: str) -> list[list[str]]:
    """Return the cells, by what separates most lines: tab, semicolon, comma or blanks."""
    lines = [line for line in text.splitlines() if line.strip(" ,;\t")]
    if len(lines) > POINTS:
        raise DataError("it has more points than any figure needs.")
    if not lines:
        raise DataError("it is empty.")
    mark = next((m for m in "\t;," if sum(m in line for line in lines) > 0.5 * len(lines)), None)
    if mark is None:
        return [line.split() for line in lines]
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)]


def _series(grid: list[list[str]]) -> list[Series]:
    wide = max(map(len, grid))
    if not 2 <= wide <= _COLUMNS:
        raise DataError(f"its lines have {wide} cells: two columns, x and y, are needed at least.")
    rows = [row + [""] * (wide - len(row)) for row in grid]
    count = next((i for i, row in enumerate(rows) if _is_data(row)), len(rows))
    if count == len(rows):
        raise DataError("no line of it holds numbers.")
    if count > 2:
        raise DataError(f"its numbers begin in line {count + 1} only: leave one or two lines of names above them.")
    _check_lengths(grid, count)
    names, kinds = _headers(rows[:count], wide)
    while wide > 2 and not any(row[wide - 1] for row in rows):
        wide -= 1  # a mark at the end of each line
    body = [[_number(cell, i + count + 1) for cell in row[:wide]] for i, row in enumerate(rows[count:])]
    table = np.array(body)
    shared = wide > 2 and sum(bool(_X.fullmatch(k)) for k in kinds[:wide]) == 1 and bool(_X.fullmatch(kinds[0]))
    if shared:
        pairs = [(0, j) for j in range(1, wide)]
    elif wide % 2 == 0:
        pairs = [(j, j + 1) for j in range(0, wide, 2)]
    else:
        raise DataError(f"its {wide} columns are no pairs of x and y, and the first is not headed x: name the columns.")
    return [_one(table[:, i], table[:, j], names[j] or names[i], count, shared) for i, j in pairs]


def _check_lengths(grid: list[list[str]], count: int) -> None:
    """Refuse lines with more cells than the names above them, as decimal commas among commas make."""
    most = max((_filled(row) for row in grid[:count]), default=None)
    if most is None:
        return
    most += most % 2 if count == 2 else 0  # a name above a pair stands over two columns
    for i, row in enumerate(grid[count:], count + 1):
        if _filled(row) > most:
            raise DataError(
                f"line {i} has {_filled(row)} cells, and the names above have {most}: with decimal commas separate the "
                "cells by semicolons or tabs."
            )


def _filled(row: Sequence[str]) -> int:
    """Return the number of cells up to the last that holds anything."""
    return max((j for j, cell in enumerate(row, 1) if cell), default=0)


def _headers(rows: Sequence[list[str]], wide: int) -> tuple[list[str], list[str]]:
    """Return for each column the name of its curve, empty where none is told, and the last header."""
    if not rows:
        return [""] * wide, [""] * wide
    kinds = rows[-1]
    plain = ["" if _X.fullmatch(name) or _Y.fullmatch(name) else name for name in kinds]
    return (plain if len(rows) == 1 or any(plain) else rows[0]), kinds  # a title above names is none


def _one(x: np.ndarray, y: np.ndarray, name: str, above: int, shared: bool) -> Series:
    """Return a curve; where several share one x, a blank y says that this one was not read there."""
    has = ~np.isnan(x) & ~np.isnan(y)
    if not has.any():
        raise DataError(f"the curve {name!r} has no points.")
    for what, lacks in (("x", np.isnan(x) & ~np.isnan(y)), ("y", np.isnan(y) & ~np.isnan(x) & (not shared))):
        if lacks.any():
            raise DataError(f"line {int(np.argmax(lacks)) + above + 1} lacks the {what} value of curve {name!r}.")
    return Series(name, x[has], y[has])


def _is_data(row: Sequence[str]) -> bool:
    return any(row) and all(not cell or _NUMBER.fullmatch(cell) for cell in row)


def _number(cell: str, line: int) -> float:
    if not cell:
        return math.nan
    if not _NUMBER.fullmatch(cell):
        raise DataError(f"line {line} holds {cell!r}, which is no number.")
    value = float(cell.rstrip("%").replace("−", "-").replace(",", "."))
    if math.isinf(value):
        raise DataError(f"line {line} holds {cell!r}, which is too large a number.")
    return value
