"""What a reader was given, as a grid of cells: a CSV file, a workbook or a dataframe."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from ....base.check import one_of
from ....base.frames import to_pandas
from ....base.messages.advice import setting
from ....errors import DataError, OptionError
from .delimited import read_csv
from .excel import read_excel
from .grid import Grid, Layout, grid_of

_EXCEL = (".xlsx", ".xlsm")
_OTHERS = {  # endings of files that hold no such table, or not in a form that is read -> what to do
    ".xls": "save it as an Excel workbook (.xlsx)",
    ".xlsb": "save it as an Excel workbook (.xlsx)",
    ".ods": "save it as an Excel workbook (.xlsx)",
    ".numbers": "export it as an Excel workbook (.xlsx)",
    ".parquet": "read it with polars or pandas and give the dataframe",
    ".feather": "read it with polars or pandas and give the dataframe",
    ".rds": "write it with write.csv() in R",
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


def check_marks(decimal: str | None, sep: str | None) -> None:
    """Check the decimal mark, and that cells are not separated by it."""
    if decimal is None:
        return
    one_of("decimal", decimal, (".", ","))
    if decimal == sep:
        raise OptionError(
            f"{setting('decimal', decimal)} and {setting('sep', sep)} are the same: one mark cannot be both."
        )


def grid_from(
    source: Any,
    *,
    sheet: str | None = None,
    header: tuple[int, ...] = (),
    skip: tuple[int, ...] = (),
    sep: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
) -> Grid:
    """Return the table of a source.

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

    Raises
    ------
    OptionError
        An option that this kind of source has no use for.
    DataError
        A source that holds no such table.
    """
    kind = Path(source).suffix.lower() if is_path(source) else "dataframe"
    of_excel, of_csv = {"sheet": sheet}, {"sep": sep, "encoding": encoding}
    useless = {"dataframe": of_excel | of_csv | {"header": header or None}}.get(
        kind, of_csv if kind in _EXCEL else of_excel
    )
    for option, value in useless.items():
        if value is not None:
            raise OptionError(f"{setting(option, value)} is not for {kind} sources.")
    if kind == "dataframe":
        return replace(_of_frame(to_pandas(source), skip), decimal=decimal or ".")
    path = Path(source)
    if kind in _OTHERS:
        raise DataError(f"{str(path)!r} is no table that can be read here: {_OTHERS[kind]}.")
    if kind in _EXCEL:
        return replace(read_excel(path, sheet, header, skip), decimal=decimal or ".")
    return read_csv(path, sep, encoding, header, skip, decimal)


def _of_frame(frame: pd.DataFrame, skip: tuple[int, ...]) -> Grid:
    values = [[None if missing else v for v, missing in zip(frame[c], frame[c].isna(), strict=True)] for c in frame]
    names = [str(c) for c in frame.columns]
    lines: dict[int, list[Any]] = {-1: list(names)}
    lines |= {i: list(row) for i, row in enumerate(zip(*values, strict=True))}

    def place(row: int, column: int) -> str:
        return f"row {row}, column {names[column]!r}"

    return grid_of(lines, Layout("the table", place, header=(-1,), skip=frozenset(skip)))


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
