"""What a reader was given, as a grid of cells: a CSV file, a workbook or a dataframe."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import one_of
from ....base.frames import to_pandas
from ....base.messages.advice import setting
from ....errors import DataError, OptionError
from .delimited import Extent, read_csv
from .excel import read_excel
from .grid import Grid, grid_of
from .layout import Irregular, Layout, Sheet, names_and_rows, refuse_doubled, squared

EXCEL = (".xlsx", ".xlsm")
TABLES = (*EXCEL, ".csv", ".tsv", ".txt")  # endings of files that hold a table
_OTHERS = {  # endings of files that hold no such table, or not in a form that is read -> what to do
    ".xls": "save it as an Excel workbook (.xlsx)",
    ".xlsb": "save it as an Excel workbook (.xlsx)",
    ".ods": "save it as an Excel workbook (.xlsx)",
    ".numbers": "export it as an Excel workbook (.xlsx)",
    ".parquet": "read it with polars or pandas and give the dataframe",
    ".feather": "read it with polars or pandas and give the dataframe",
    ".rds": "write it with write.csv() in R",
    ".rda": "write the table with write.csv() in R",
    ".rdata": "write the table with write.csv() in R",
    ".dta": "export it from Stata with 'export delimited', or read it with pandas.read_stata and give the dataframe",
    ".sav": "save it as a CSV file in SPSS, or read it with pandas.read_spss and give the dataframe",
    ".sas7bdat": "read it with pandas.read_sas and give the dataframe",
    ".json": "read it with pandas and give the dataframe",
    ".docx": "copy its table into a workbook (.xlsx)",
    ".pdf": "copy its table into a workbook (.xlsx)",
    ".rm5": "read it with read_revman",
    ".xpt": "read it with read_adtte",
}

_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")  # not 007, which is a name


def is_path(source: object) -> bool:
    """Whether a reader was given the path of a file, not a table."""
    return isinstance(source, (str, PathLike))


def name_of(source: object) -> str:
    """Return what messages call a source."""
    return str(source) if is_path(source) else "the table"


def sheet_from(
    source: Any,
    *,
    sheet: str | None = None,
    header: int | Sequence[int] | None = None,
    skip: Sequence[int] = (),
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    most: Extent = Extent(),  # noqa: B008  # frozen
) -> Sheet:
    """Return the table of a source as it lies there.

    Parameters
    ----------
    source
        Path of a CSV file or an Excel workbook, or a dataframe.
    sheet
        Sheet of a workbook.
    header, skip
        Rows that hold the names, and rows to leave out, as the source numbers them.
    sep, encoding
        What separates the cells of a CSV file, and its encoding.
    decimal
        Decimal mark of numbers that are texts.
    most
        The most that is read of a CSV file.

    Raises
    ------
    OptionError
        An option that this kind of source has no use for, or a decimal mark that separates cells.
    DataError
        A source that holds no such table.
    """
    if decimal is not None:
        one_of("decimal", decimal, (".", ","))
        if decimal == sep:
            raise OptionError(
                f"{setting('decimal', decimal)} and {setting('sep', sep)} are the same: one mark cannot be both."
            )
    header, skip = (header,) if isinstance(header, int) else tuple(header or ()), tuple(skip)
    kind = Path(source).suffix.lower() if is_path(source) else "dataframe"
    of_excel, of_csv = {"sheet": sheet}, {"sep": sep, "encoding": encoding}
    useless = {"dataframe": of_excel | of_csv | {"header": header or None}}.get(
        kind, of_csv if kind in EXCEL else of_excel
    )
    refuse_useless(kind, useless)
    if kind == "dataframe":
        return replace(_of_frame(to_pandas(source), skip), decimal=decimal or ".")
    path = Path(source)
    if kind in _OTHERS:
        raise DataError(f"{str(path)!r} is no table that can be read here: {_OTHERS[kind]}.")
    if kind in EXCEL:
        return replace(read_excel(path, sheet, header, skip), decimal=decimal or ".")
    return read_csv(path, sep, encoding, header, skip, decimal, most)


def grid_from(source: Any, *, names_alone: bool = False, **reading: Any) -> Grid:
    """Return the table of trials of a source; `names_alone` as of `grid_of`, `reading` as `sheet_from` takes it."""
    has_notes = not names_alone or isinstance(source, (str, PathLike))
    return grid_of(sheet_from(source, **reading), names_alone=names_alone, has_notes=has_notes)


def refuse_useless(kind: str, options: Mapping[str, Any]) -> None:
    """Raise an OptionError where an option is given that this kind of source has no use for."""
    for option, value in options.items():
        if value is not None and value != ():
            raise OptionError(f"{setting(option, value)} is not for {kind} sources.")


def _of_frame(frame: pd.DataFrame, skip: tuple[int, ...]) -> Sheet:
    values = [[None if missing else v for v, missing in zip(frame[c], frame[c].isna(), strict=True)] for c in frame]
    names = [str(c) for c in frame.columns]
    lines: dict[int, list[Any]] = {-1: list(names)}
    lines |= {i: list(row) for i, row in enumerate(zip(*values, strict=True))}

    def place(row: int, column: int) -> str:
        return f"row {row}, column {names[column]!r}"

    return Sheet(lines, Layout("the table", place, header=(-1,), skip=frozenset(skip)))


def frame_from(source: Any, **reading: Any) -> tuple[pd.DataFrame, Sheet]:
    """Return a table of patients, one a row, as it stands in a file, blanks as NaN, and how it lies there.

    No row is taken for a sum or a note of the table; `reading` is as `sheet_from` takes it.

    Raises
    ------
    ColumnError
        Two columns have one name.
    DataError
        As `sheet_from`; a cell that holds no value, such as an error of Excel.
    """
    sheet = sheet_from(source, **reading)
    names, rows, _ = names_and_rows(sheet)
    names, rows, doubled = squared(names, rows, sheet.layout)
    refuse_doubled([name for name in doubled for _ in range(2)], repr(sheet.layout.source))
    columns = {name: _plain(column, list(rows), j, sheet.layout) for j, (name, column) in enumerate(
        zip(names, zip(*rows.values(), strict=True), strict=True))}  # fmt: skip
    return pd.DataFrame(columns, copy=False), sheet


def _plain(column: Sequence[Any], rows: Sequence[int], number: int, layout: Layout) -> pd.Series:
    """Return what the cells of a column hold."""
    kinds = set(map(type, column))
    if kinds == {str} and "" not in column:
        texts = np.empty(len(column), dtype=object)
        texts[:] = column
        return pd.Series(texts, copy=False)
    if Irregular in kinds:
        column = [held_value(cell, layout.place(i, number)) for i, cell in zip(rows, column, strict=True)]
    return pd.Series([np.nan if cell == "" or cell is None else cell for cell in column], dtype=object).infer_objects()


def with_points(frame: pd.DataFrame, decimal: str, columns: Collection[str]) -> pd.DataFrame:
    """Return a table whose columns of these names, whatever their case, have decimal points."""
    if decimal == ".":
        return frame
    wanted = [str(c) for c in frame if str(c).strip().lower() in columns]
    return frame.assign(**{c: [v.replace(decimal, ".") if isinstance(v, str) else v for v in frame[c]] for c in wanted})


def held_value(cell: Any, place: str) -> Any:
    """Return what a cell holds, of a formula what it gave; None where that is nothing."""
    if isinstance(cell, Irregular):
        if cell.kind not in ("formula", "percent") or cell.value is None:
            raise DataError(f"{cell.text!r} is no value ({place}): write it in the cell.")
        cell = cell.value
    return None if cell == "" else cell


def other_column(values: Sequence[Any], decimal: str = ".") -> pd.Series:
    """Return a column that is none of ours: numbers where all its texts are, otherwise as it stands."""
    held = [v for v in values if v is not None]
    if held and all(isinstance(v, str) for v in held):
        texts = [v if v is None else v.strip() for v in values]
        mixed = decimal == "," and any("." in t for t in texts if t)  # a point may be a sign of thousands
        texts = [v if v is None else v.replace(decimal, ".") for v in texts]
        if not mixed and all(t is None or (_NUMBER.fullmatch(t) and math.isfinite(float(t))) for t in texts):
            return pd.Series(pd.to_numeric(pd.Series(texts)))
    return pd.Series(list(values), dtype=None if held else object)
