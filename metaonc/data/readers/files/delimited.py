"""A file of separated values as a grid of cells."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ....base.files import MOST_BYTES
from ....base.messages.advice import option, setting
from ....errors import DataError, OptionError
from .bytes import read_text
from .grid import MOST_ROWS
from .layout import MARKS, MOST_COLUMNS, Layout, Rows, Sheet, refuse_doubled

MOST_CELLS = 500_000
MOST_PLACES = 20_000_000  # of characters in lines aligned with blanks
_LOOKED_AT = 50  # lines by which a separator is judged
_QUOTED = re.compile(r'"[^"]*"')
_FIGURES = re.compile(r"[\d\s.,;:()\[\]%/<>=\u2010-\u2015-]+")  # cells of figures alone
_WITH_COMMA = re.compile(r"(?<![\d,.])\d+,\d{1,2}(?![\d,])")
_TOKEN = re.compile(r'"[^"]*"|\S+')


@dataclass(frozen=True, slots=True)
class Extent:
    """The most that is read of a file."""

    size: int = MOST_BYTES
    rows: int = MOST_ROWS
    cells: int = MOST_CELLS


def read_csv(
    path: Path,
    sep: str | None = None,
    encoding: str | None = None,
    header: Sequence[int] = (),
    skip: Collection[int] = (),
    decimal: str | None = None,
    most: Extent = Extent(),  # frozen
) -> Sheet:
    """Return the table of a file as it lies there.

    Parameters
    ----------
    path
        The file.
    sep
        What separates the cells: one character. When not given, that of commas, semicolons, tabs and bars of which its
        lines have the same number; without any, the cells are aligned with blanks.
    encoding
        As `read_text` takes it.
    header, skip
        Numbers, from 1, of the lines that hold the names, and of lines to leave out.
    decimal
        Decimal mark; when not given, a comma where numbers have one, none has a point and no comma separates cells.
    most
        The most that is read.

    Raises
    ------
    OptionError
        A separator of more than one character.
    DataError
        A file that is no such table; the message says where and what to do.
    """
    if sep is not None and len(sep) != 1:
        raise OptionError(f"{setting('sep', sep)} is not one character, such as ',' or ';'.")
    text = read_text(path, encoding, most.size)
    mark = sep or _separator(text)
    lines = _with_row_names(_split(text, mark, path, most), text) if mark else _aligned(text, path)

    def place(line: int, column: int) -> str:
        return f"line {line}, column {column + 1}"

    if sep is not None:
        _check_separator({i: row for i, row in lines.items() if i in (header or lines)}, sep, path)
    written = decimal or (_decimal(lines, path) if mark != "," else ".")
    layout = Layout(str(path), place, "line", tuple(header), frozenset(skip), ragged=True, mark=mark)
    usual = (sep or mark) == (sep or ",")
    said = [] if usual else [f"cells separated by {MARKS.get(mark, 'blank')}s"]
    said += ["numbers with a decimal comma"] if written != (decimal or ".") else []
    return Sheet(lines, layout, written, " and ".join(said))


def _split(text: str, sep: str, path: Path, most: Extent) -> Rows:
    lines: Rows = {}
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sep, skipinitialspace=sep != " ")
    try:
        before = 0
        for row in reader:
            lines[before + 1] = row
            before = reader.line_num
            cells += len(row)
            if len(lines) > most.rows or len(row) > MOST_COLUMNS or cells > most.cells:
                allowed = f"{most.rows:,} rows, {MOST_COLUMNS:,} columns or {most.cells:,} cells"
                raise DataError(f"{str(path)!r} has more than {allowed}, the most that is read.")
    except csv.Error as problem:
        raise DataError(f"line {reader.line_num} of {str(path)!r} cannot be read: {problem}.") from None
    return lines


def _with_row_names(lines: Rows, text: str) -> Rows:
    """Return the lines, a blank before their header where R wrote the numbers of rows, in quotes, and no name above."""
    first, *rows = [row for row in lines.values() if any(cell.strip() for cell in row)] or [[]]
    written = [line for line in text.splitlines() if line.strip()][1:]
    numbered = len(written) == len(rows) and all(line.startswith(f'"{i}"') for i, line in enumerate(written, 1))
    if not rows or not numbered or any(len(row) != len(first) + 1 for row in rows):
        return lines
    return {i: ["", *row] if row is first else row for i, row in lines.items()}


def _separator(text: str) -> str:
    """Return the mark of which most lines have the same number; nothing where no line has any."""
    lines = [_QUOTED.sub("x", line) for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    if not any(mark in line for mark in MARKS for line in lines):
        return "" if lines and " " in lines[0].strip() else ","
    best, most = ",", (0, 0)
    for mark in MARKS:
        counts = Counter(count for line in lines if (count := line.count(mark)))
        usual, times = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if (times, usual) > most:
            best, most = mark, (times, usual)
    return best


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
    plain: Any = {"dtype": str, "keep_default_na": False, "na_values": [""], "index_col": False}
    try:
        refuse_doubled([cell.strip() for cell in next(csv.reader(io.StringIO(text, newline="")), [])], repr(name))
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a row longer than the header would be cut
            frame: pd.DataFrame = pd.read_csv(io.StringIO(text), **plain, **options)
    except (csv.Error, pd.errors.ParserError, pd.errors.ParserWarning, pd.errors.EmptyDataError) as problem:
        raise DataError(f"{name!r} cannot be read: {' '.join(str(problem).split())}.") from None
    return frame


def _check_extent(text: str, name: str, cells: int) -> None:
    """Raise a DataError where the text of a table with commas has more columns or cells than any table needs."""
    lines = text.split("\n")
    widest = max(line.count(",") for line in lines) + 1
    if widest > MOST_COLUMNS or widest * len(lines) > cells:  # short lines are filled up to the width of the widest
        raise DataError(f"{name!r} has more than {MOST_COLUMNS:,} columns or {cells:,} cells, the most that is read.")


def _check_separator(lines: dict[int, list[str]], sep: str, path: Path) -> None:
    first = next((row for row in lines.values() if any(cell.strip() for cell in row)), [])
    for mark, what in MARKS.items():
        if mark not in (sep, ",") and len(first) < 3 and any(mark in name for name in first):
            raise DataError(
                f"{str(path)!r} is separated by {what}s: give {option('sep', mark)}, with {option('decimal', ',')} "
                "where its numbers have a decimal comma, or save it with commas and decimal points."
            )


def _aligned(text: str, path: Path) -> dict[int, list[str]]:
    """Return the cells of lines that blanks divide: by words where all lines have as many, by their place elsewhere."""
    lines = {i: line.expandtabs() for i, line in enumerate(text.splitlines(), 1) if line.strip()}
    if len(lines) > MOST_ROWS:
        raise DataError(f"{str(path)!r} has more than {MOST_ROWS:,} rows, the most that is read.")
    words = {i: [w.strip('"') for w in _TOKEN.findall(line)] for i, line in lines.items()}
    first, *rest = words.values()
    if all(len(row) == len(first) for row in rest):
        return words
    if all(len(row) == len(first) + 1 for row in rest):  # R writes no name over the names of rows
        return {i: (["", *row] if row is first else row) for i, row in words.items()}
    width = max(map(len, lines.values()))
    if width * len(lines) > MOST_PLACES:
        raise DataError(f"{str(path)!r} is too wide for a table that is aligned with blanks: give {option('sep')}.")
    free = [all(j >= len(line) or line[j] == " " for line in lines.values()) for j in range(width)]
    starts = [j for j in range(width) if not free[j] and (j == 0 or free[j - 1])]
    ends = [*starts[1:], width]
    placed = {i: [line[a:b].strip() for a, b in zip(starts, ends, strict=True)] for i, line in lines.items()}
    split = {i: re.split(r"\s{2,}", line.strip()) for i, line in lines.items()}
    named = all(next(iter(placed.values())))
    return split if len({len(row) for row in split.values()}) == 1 and not named else placed


def _decimal(lines: dict[int, list[str]], path: Path) -> str:
    """Return the decimal mark of the numbers of a file whose cells no comma separates."""
    cells = [cell.strip() for row in lines.values() for cell in row]
    commas = next((c for c in cells if re.fullmatch(r"[-+]?\d+,\d+", c)), None)
    if commas is None:  # figures as papers print them may have some: 25 (43,9)
        printed = [c for c in cells if _FIGURES.fullmatch(c)]
        pointed = any(re.search(r"\d\.\d", c) for c in printed)
        return "," if not pointed and any(_WITH_COMMA.search(c) for c in printed) else "."
    points = next((c for c in cells if re.fullmatch(r"[-+]?\d+\.\d+", c)), None)
    if points is not None:
        raise DataError(
            f"{str(path)!r} has numbers with a comma ({commas}) and with a point ({points}): say which is the decimal "
            f"mark, as in {option('decimal', ',')}."
        )
    return ","
