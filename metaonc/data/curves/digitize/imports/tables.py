"""Tables of points as digitisers export them: pairs of columns, or one x column and a column a curve."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence

import numpy as np

from .....errors import DataError
from ..limits import POINTS, Source
from ..options import Options
from ..result import Found
from .series import Series, found, problem_of

_COLUMNS = 200
_X = re.compile(r"x|t|time|months?|years?|days?|weeks?", re.IGNORECASE)
_Y = re.compile(r"y|s|survival|probability|value", re.IGNORECASE)
_NUMBER = re.compile(r"[-+−]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?%?")


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
    return [_one(table[:, i], table[:, j], names[j] or names[i]) for i, j in pairs]


def _headers(rows: Sequence[list[str]], wide: int) -> tuple[list[str], list[str]]:
    """Return for each column the name of its curve, empty where none is told, and the last header."""
    if not rows:
        return [""] * wide, [""] * wide
    kinds = rows[-1]
    above = rows[0] if len(rows) == 2 else kinds
    return ["" if _X.fullmatch(name) or _Y.fullmatch(name) else name for name in above], kinds


def _one(x: np.ndarray, y: np.ndarray, name: str) -> Series:
    has = np.isfinite(x) & np.isfinite(y)
    half = np.isfinite(x) != np.isfinite(y)
    if not has.any() or (half & (np.isnan(x))).any():
        row = int(np.flatnonzero(half)[0]) + 1 if half.any() else 1
        raise DataError(f"point {row} of curve {name!r} lacks its x value, or the curve has no points.")
    return Series(name, x[has], y[has])


def _is_data(row: Sequence[str]) -> bool:
    return any(row) and all(not cell or _NUMBER.fullmatch(cell) for cell in row)


def _number(cell: str, line: int) -> float:
    if not cell:
        return math.nan
    if not _NUMBER.fullmatch(cell):
        raise DataError(f"line {line} holds {cell!r}, which is no number.")
    return float(cell.rstrip("%").replace("−", "-").replace(",", "."))
