"""A user's own table of trials, read from a file or a dataframe and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, TypedDict

import pandas as pd

from ...base.files import parsing
from ...base.messages.advice import option
from ...base.messages.arguments import known_arguments
from ...base.messages.left_out import rows_by_outcome
from ...base.messages.warning import warn
from ...errors import ColumnError, DataError, DataWarning
from ..schema.row_rules import FIGURES, NO_FIGURES
from ..schema.synonyms import key
from ..schema.tables import validate
from .files.grid import Grid
from .files.source import grid_from, name_of, other_column
from .sheets.cells import BOUND, rows_of
from .sheets.columns import Columns
from .sheets.forms import FIELDS, LIMITS, is_figure
from .sheets.reading import advice, told
from .sheets.records import Records, records_of
from .sheets.row import CellError, Row
from .sheets.values import GENERIC

_MOST_SAID = 8  # cells and rows that a warning names; all are in the table's attrs
_STAY = ("trial", "outcome", "unit")  # texts that others ask for even where no row fills them


class Reading(TypedDict, total=False):
    """How a file is read: what ``read_trials`` takes, for whatever reads a file by it."""

    columns: Mapping[str, str | None]
    sheet: str
    header: int | Sequence[int]
    skip: Sequence[int]
    sep: str
    decimal: str
    encoding: str
    constants: Mapping[str, str | float]


@known_arguments
def read_trials(
    source: str | PathLike[str] | Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    sheet: str | None = None,
    header: int | Sequence[int] | None = None,
    skip: Sequence[int] = (),
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    constants: Mapping[str, str | float] | None = None,
    strict: bool = False,
) -> pd.DataFrame:
    """Read a table of published results, one set of figures a row, and check it.

    The columns are those of the packaged evidence, of which a row needs `trial`, `outcome` and its figures: ``n,
    events`` for a proportion, with ``n_comparator, events_comparator`` of a second arm; ``hr, hr_low, hr_high`` or
    ``log_hr, log_hr_se`` for a comparison, as odds ratios (``odds_ratio, or_low, or_high``; ``log_or, log_or_se``) and
    risk ratios (``risk_ratio, rr_low, rr_high``; ``log_rr, log_rr_se``); ``estimate, ci_low, ci_high, unit`` for a
    percentage (unit percent) or a median time (months, weeks or days). The outcome may be one of the user's own, such
    as efs or death. Columns that `columns` does not name are recognised by what people call them (``HR_CI_lower``,
    ``OS HR``, ``Events 1``, ...), where that means one thing only; ``metaonc.read_as`` of the table says what each was
    read as, and which columns of numbers were not read. Other columns pass through untouched; columns of text that a
    template has, but no row fills, are left out.

    Recognised figures of which one cannot be, such as a median outside its interval, are left unread in all rows, and
    that is said, where the table has other figures; what `columns` names is refused.

    Figures may stand as papers print them, where that means one thing only: ``31% (23–41)`` in `estimate` or ``0·78
    [95% CI 0·65–0·93]`` in `hr` fills the columns of the interval too, ``25/57`` in `events` fills `n`, ``NE`` or ``not
    reached`` in a median or its limits goes to `not_reached` (``NR`` only beside a number of the same interval, since
    it may also mean not reported), ``<0.001`` in `p_value` is left blank, footnote marks as in ``44†`` or ``12.9a``
    are left aside. Each such reading stands in the column `read_as` of its row.

    Parameters
    ----------
    source : path or dataframe
        A CSV file, an Excel workbook (.xlsx, .xlsm; needs openpyxl), or a dataframe: pandas, polars, pyarrow, ...
    columns : mapping of str to str or None, optional
        Name of a column there -> its name here, for those that go by another: ``{"Study": "trial"}``. The others are
        recognised as if none were named; None leaves one unread: ``{"PFS HR": None}``. ``ci``, ``hr_ci`` and ``or_ci``
        are columns of intervals such as ``23-41``. Where a row holds several outcomes, put the outcome in front:
        ``{"ORR, %": "orr.estimate", "mPFS (mo)": "pfs.estimate"}``; each then becomes a row of its own. Outcomes may be
        the user's own: ``{"Deaths": "death.events"}``. Several columns that are the `trial` name it together, such as
        author and year. A unit in the column's own name counts for its figures, and ``95% CI`` there for its intervals.
        ``non_events`` beside events makes n of both; ``measure`` says of which ratio an effect beside it is.
    sheet : str, optional
        Sheet of the workbook; the only one, or the one named trials, when not given.
    header : int or sequence of int, optional
        Row that holds the names, as the sheet numbers it (the line of a CSV file); several are put together, as in
        ``(2, 3)``. The first that is not blank when not given.
    skip : sequence of int, optional
        Rows to leave out, such as those of totals, as the sheet numbers them; rows of a dataframe from 0.
    sep : str, optional
        What separates the cells of a CSV file; as its lines show when not given: commas, semicolons, tabs, bars or
        blanks.
    decimal : str, optional
        Decimal mark of numbers that are texts: "." or ","; when not given, a comma in a file whose cells others
        separate, if its numbers have commas and no points.
    encoding : str, optional
        Encoding of a CSV file, such as "cp1252"; UTF-8 when not given.
    constants : mapping of str to str or float, optional
        Column here -> the value that all rows have, where no column holds it: ``{"unit": "months"}``,
        ``{"outcome": "os_rate", "time_months": 24}``.
    strict : bool, default False
        Refuse every figure that is not a plain number in its own column.

    Returns
    -------
    pandas.DataFrame
        The checked table, in the order of the source: numbers as float64, blanks as NaN; `outcome` is blank where
        nothing says it. ``attrs["reading"]`` holds
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
    with parsing(name_of(source)):
        grid = grid_from(source, sheet=sheet, header=header, skip=skip, sep=sep, encoding=encoding, decimal=decimal)
        table, records, printed = _read(grid, columns, constants, strict)
    _warn(grid, records, printed)
    return table


def _read(
    grid: Grid, columns: Mapping[str, str | None] | None, constants: Mapping[str, str | float] | None, strict: bool
) -> tuple[pd.DataFrame, Records, list[tuple[Row, str]]]:
    """Return the checked table, its rows as they were, and each figure that was read as printed with its row.

    Recognised figures that cannot be are set aside, with all that belong to them, where others remain.
    """
    aside: dict[tuple[str, ...], str] = {}
    of: list[dict[str, Any]] = []
    while True:
        records = records_of(grid, columns, constants, aside)
        try:
            rows = rows_of(records, grid.decimal)
            printed = [(row, read) for row in rows for read in row.read]
            if strict and printed:
                raise _not_plain(*printed[0])
            table = _checked(_frame(records.names, rows), rows, records.columns)
            break
        except CellError as fault:
            kindred = [] if strict else _kindred(grid, records, fault)
            if not kindred:
                raise DataError(f"{fault}{_ways_out(grid, records, fault)}") from None
            aside[tuple(kindred)] = f"since they cannot be: {fault}"
            of.append({"columns": kindred, "read_as": [records.columns.read[c] for c in kindred], "why": str(fault)})
    table.attrs["reading"] = {
        "source": grid.source,
        "columns": dict(columns or {}),
        "left_out": list(records.left_out),
        "no_data": list(records.no_data),
        "cells": list(records.cells),
        "rows": rows_by_outcome(table),
        "form": grid.form,
        "set_aside": of,
        **told(records.columns),
    }
    return table, records, printed


def _not_plain(row: Row, read: str) -> DataError:
    cell = row.cells.get(read.partition(":")[0])
    at = f" ({cell.place})" if cell else ""
    return DataError(f"trial {row.label!r} (row {row.number}): {read}; strict=True takes plain values only{at}.")


def _kindred(grid: Grid, records: Records, fault: CellError) -> list[str]:
    """Return the recognised columns that can be left unread so that what is wrong is of no concern to the others."""
    wrong = {cell.place for cell in fault.cells}
    names = [n for row in grid.rows for n, cell in zip(grid.names, row, strict=True) if cell.place in wrong]
    families = [records.columns.kindred(name) for name in names]
    kindred = list(dict.fromkeys(name for family in families for name in family))
    left = {t.rpartition(".")[2] for c, t in records.columns.read.items() if c not in kindred}
    return kindred if all(families) and not left.isdisjoint({*FIGURES} - {"n"}) else []


def _ways_out(grid: Grid, records: Records, fault: CellError) -> str:
    """Return how a row of words below the header is left out, and a column unread that nobody had named."""
    if fault.said[1] and not re.search(r"\d", fault.said[1]):
        return f" To leave the row out, give {option('skip', [fault.cells[0].row])}."
    if "skip" in str(fault):
        return ""
    wrong = {cell.place for cell in fault.cells}
    names = [n for row in grid.rows for n, cell in zip(grid.names, row, strict=True) if cell.place in wrong]
    name = next((n for n in names if n in records.columns.recognised and key(n) != key(records.columns.read[n])), None)
    if name is None or records.columns.read[name].startswith(GENERIC):
        return ""
    unread = option("columns", {name: None})
    return f" {name!r} was recognised as {records.columns.read[name]}; to leave it unread, give {unread}."


def _frame(names: list[str], rows: list[Row]) -> pd.DataFrame:
    wanted = [n for name in names for n in LIMITS.get(name, (name,))]
    others = [name for row in rows for name in (*row.values, *sorted(row.open)) if name not in LIMITS]
    found = dict.fromkeys([*wanted, *others, "outcome"])
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


def _checked(frame: pd.DataFrame, rows: list[Row], columns: Columns) -> pd.DataFrame:
    """Return the table as `validate` leaves it; its errors also name the cell, or the columns to name."""
    try:
        return validate(frame, "trials")
    except ColumnError as problem:
        raise ColumnError(f"{problem}{advice(columns, list(map(str, frame.columns)))}") from None
    except DataError as problem:
        found = re.search(r"\(row (\d+)\): (.*)", str(problem))
        row = rows[int(found[1])] if found else None
        if row is None or found is None:
            raise
        cells = {**row.cells, **row.origin}
        named = [cells[word] for word in dict.fromkeys(re.findall(r"\w+", found[2])) if word in cells]
        at = next(iter(named or cells.values()), None)
        place = f" ({at.place})" if at else ""
        leave = (
            f" To leave the row out, give {option('skip', [at.row])}." if at and found[2].startswith(NO_FIGURES) else ""
        )
        there = {new: old for old, new in columns.read.items()}
        date = next((f for f in re.findall(r"\w+", found[2])[:1] if f in FIELDS and FIELDS[f].kind == "date"), None)
        if date in there:
            leave = f" To leave the column unread, give {option('columns', {there[date]: None})}."
        bound = next((text for text in row.read if leave and text.endswith(BOUND)), None)
        why = f" Of a bound no standard error follows: {bound}." if bound else ""
        raise CellError(f"{problem}{place}{why}{leave}", named, row.number) from None


def _warn(grid: Grid, records: Records, printed: list[tuple[Row, str]]) -> None:
    columns, said = records.columns, []
    if grid.form:
        said.append(f"read with {grid.form}")
    said += grid.told_apart
    figures = [(old, new) for old, new in columns.recognised.items() if key(old) != key(new) and new != "trial"]
    if figures:
        said.append("recognised: " + ", ".join(f"{old!r} as {new}" for old, new in figures))
    unread = [old for old in columns.not_read if not any(old in olds for olds in columns.questions)]
    if figures and unread:
        said.append(f"columns of numbers that were not read: {', '.join(map(repr, unread))}")
    said += [f"not read: {', '.join(map(repr, old))}, {why}" for old, why in columns.questions.items()]
    if printed:
        several = (
            f"{len(printed)} figure{'s were' if len(printed) > 1 else ' was'} not plain and read as the column read_as"
        )
        each = {read.partition(":")[0]: (row, read) for row, read in reversed(printed)}  # one a column
        examples = "; ".join(f"trial {row.label!r}, {read}" for row, read in [*each.values()][::-1][:_MOST_SAID])
        said.append(f"{several} says, the first: {examples}")
    if records.left_out:
        first, more = records.left_out[:_MOST_SAID], len(records.left_out) - _MOST_SAID
        said.append(f"left out: {'; '.join(first)}{f'; and {more} more' if more > 0 else ''}")
    if said:
        warn(f"{grid.source}: {'. '.join(said)}.", DataWarning)
