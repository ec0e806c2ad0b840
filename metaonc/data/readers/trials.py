"""A user's own table of trials, read from a file or a dataframe and checked."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import pandas as pd

from ...base.files import parsing
from ...errors import ColumnError, DataError, DataWarning
from ..schema.tables import SYNONYMS, validate
from .files.grid import Grid
from .files.source import check_marks, grid_from, name_of, other_column
from .sheets.cells import Row, rows_of
from .sheets.columns import records_of
from .sheets.forms import FIELDS, LIMITS, is_figure

_STAY = ("trial", "outcome", "unit")  # texts that others ask for even where no row fills them


def read_trials(
    source: str | PathLike[str] | Any,
    *,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    header: int | Sequence[int] | None = None,
    skip: Sequence[int] = (),
    sep: str | None = None,
    decimal: str = ".",
    encoding: str | None = None,
    strict: bool = False,
) -> pd.DataFrame:
    """Read a table of published results, one set of figures a row, and check it.

    The columns are those of the packaged evidence, of which a row needs `trial`, `outcome` and its figures: ``n,
    events`` for a proportion; ``hr, hr_low, hr_high`` for a comparison; ``estimate, ci_low, ci_high, unit`` for a
    percentage (unit percent) or a median time (months, weeks or days). Other columns pass through untouched; columns of
    text that a template has, but no row fills, are left out.

    Figures may stand as papers print them, where that means one thing only: ``31% (23–41)`` in `estimate` or ``0·78
    [95% CI 0·65–0·93]`` in `hr` fills the columns of the interval too, ``25/57`` in `events` fills `n`, ``NE`` or ``not
    reached`` in a median or its limits goes to `not_reached` (``NR`` only beside a number of the same interval, since
    it may also mean not reported), ``<0.001`` in `p_value` is left blank, footnote marks as in ``44†`` or ``12.9a``
    are left aside. Each such reading stands in the column `read_as` of its row.

    Parameters
    ----------
    source
        A CSV file, an Excel workbook (.xlsx, .xlsm; needs openpyxl), or a dataframe: pandas, polars, pyarrow, ...
    columns
        Name of a column there -> its name here, for those that go by another: ``{"Study": "trial"}``. ``ci``, ``hr_ci``
        and ``or_ci`` are columns of intervals such as ``23-41``. Where a row holds several outcomes, put the outcome in
        front: ``{"ORR, %": "orr.estimate", "mPFS (mo)": "pfs.estimate"}``; each then becomes a row of its own. A unit
        in the column's own name counts for its figures, and ``95% CI`` there for its intervals.
    sheet
        Sheet of the workbook; the only one, or the one named trials, when not given.
    header
        Row that holds the names, as the sheet numbers it (the line of a CSV file); several are put together, as in
        ``(2, 3)``. The first that is not blank when not given.
    skip
        Rows to leave out, such as those of totals, as the sheet numbers them; rows of a dataframe from 0.
    sep
        What separates the cells of a CSV file; a comma when not given.
    decimal
        Decimal mark of numbers that are texts: "." or ",".
    encoding
        Encoding of a CSV file, such as "cp1252"; UTF-8 when not given.
    strict
        Refuse every figure that is not a plain number in its own column.

    Returns
    -------
    pandas.DataFrame
        The checked table, in the order of the source: numbers as float64, blanks as NaN. ``attrs["reading"]`` holds
        the source, the names changed, and what was left out.

    Raises
    ------
    DataError
        The file is missing, empty, too large or not such a file; a row that is no trial; a value that cannot be, or may
        mean two things. The message names the cell, such as ``Sheet1!D7``, and what to do.
    ColumnError
        A column is missing, or goes by another name here.
    OptionError
        An option that does not exist, or that this kind of source has no use for.

    Warns
    -----
    DataWarning
        Figures were read as printed, or rows left out; says how many, and the first.

    Examples
    --------
    >>> import metaonc as mo
    >>> import warnings
    >>> table = {"Study": ["OPUS", "OPUS"], "KRAS": ["mutant", "wild-type"], "ORR": ["25/57", "9/52"]}
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     trials = mo.read_trials(table, columns={"Study": "trial", "ORR": "orr.events"})
    >>> trials[["outcome", "events", "n"]].values.tolist(), trials["read_as"][0]
    ([['orr', 25.0, 57.0], ['orr', 9.0, 52.0]], "events: '25/57' read as events 25, n 57")
    """
    check_marks(decimal, sep)
    rows_named = (header,) if isinstance(header, int) else tuple(header or ())
    with parsing(name_of(source)):
        grid = grid_from(source, sheet=sheet, header=rows_named, skip=tuple(skip), sep=sep, encoding=encoding)
        table, printed = _read(grid, columns, decimal, strict)
    _warn(grid.source, printed, table.attrs["reading"]["left_out"])
    return table


def _read(
    grid: Grid, columns: Mapping[str, str] | None, decimal: str, strict: bool
) -> tuple[pd.DataFrame, list[tuple[Row, str]]]:
    """Return the checked table, and each figure that was read as printed with its row."""
    records = records_of(grid, columns)
    rows = rows_of(records, decimal)
    printed = [(row, read) for row in rows for read in row.read]
    if strict and printed:
        row, read = printed[0]
        cell = row.cells.get(read.partition(":")[0])
        at = f" ({cell.place})" if cell else ""
        raise DataError(f"trial {row.label!r} (row {row.number}): {read}; strict=True takes plain values only{at}.")
    table = _checked(_frame(records.names, rows), rows, grid, columns)
    table.attrs["reading"] = {
        "source": grid.source,
        "columns": dict(columns or {}),
        "left_out": list(records.left_out),
    }
    return table, printed


def _frame(names: list[str], rows: list[Row]) -> pd.DataFrame:
    wanted = [n for name in names for n in LIMITS.get(name, (name,))]
    others = [name for row in rows for name in (*row.values, *sorted(row.open)) if name not in LIMITS]
    found = dict.fromkeys([*wanted, *others])
    columns = {}
    for name in found:
        values = [row.values.get(name) for row in rows]
        if name not in FIELDS:
            columns[name] = other_column(values)
        elif is_figure(name):
            columns[name] = pd.Series(values, dtype=float)
        elif name in _STAY or any(value is not None for value in values):
            columns[name] = pd.Series(values, dtype=object)
    if any(row.read for row in rows):
        columns["read_as"] = pd.Series(map(_read_as, rows), dtype=object)
    return pd.DataFrame(columns)


def _read_as(row: Row) -> str | None:
    """Return what was read of the row's cells, behind what the table says of an earlier reading."""
    before = row.values.get("read_as")
    return "; ".join([*([str(before)] if before else []), *row.read]) or None


def _checked(frame: pd.DataFrame, rows: list[Row], grid: Grid, columns: Mapping[str, str] | None) -> pd.DataFrame:
    """Return the table as `validate` leaves it; its errors also name the cell, or the columns to name."""
    try:
        return validate(frame, "trials")
    except ColumnError as problem:
        raise ColumnError(f"{problem}{_advice(grid.names, columns or {})}") from None
    except DataError as problem:
        found = re.search(r"\(row (\d+)\): (.*)", str(problem))
        row = rows[int(found[1])] if found else None
        cells = {**row.cells, **row.origin} if row else {}
        named = (cells[word] for word in re.findall(r"\w+", found[2] if found else "") if word in cells)
        at = next(named, next(iter(cells.values()), None))
        raise DataError(f"{problem}{f' ({at.place})' if at else ''}") from None


def _advice(names: list[str], columns: Mapping[str, str]) -> str:
    """Return how to say which column is which, with those that are known by another name."""
    known = {name: SYNONYMS.get(name.lower(), name.lower()) for name in names}
    known = {old: new for old, new in known.items() if new in FIELDS}
    asked = dict(columns) | {old: new for old, new in known.items() if old != new and old not in columns}
    wide = "" if "outcome" in known.values() else "; where a row holds several outcomes as in {'ORR': 'orr.estimate'}"
    return f" To say which column is which, give columns={asked or {names[0]: 'trial'}}{wide}."


def _warn(source: str, printed: list[tuple[Row, str]], left_out: Sequence[str]) -> None:
    said = []
    if printed:
        several = (
            f"{len(printed)} figure{'s were' if len(printed) > 1 else ' was'} not plain and read as the column read_as"
        )
        said.append(f"{several} says, the first: trial {printed[0][0].label!r}, {printed[0][1]}")
    if left_out:
        said.append(f"left out: {'; '.join(left_out)}")
    if said:
        warnings.warn(f"{source}: {'. '.join(said)}.", DataWarning, stacklevel=3)
