"""Tables as CSV files that a spreadsheet opens without computing anything."""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes as the beginning of a formula


def csv_text(table: pd.DataFrame, **options: Any) -> str:
    """Return a table as CSV, each text that a spreadsheet would compute with an apostrophe before it.

    Parameters
    ----------
    table
        Numbers stay numbers, also below 0; the index is not written.
    options
        Of ``DataFrame.to_csv``.
    """
    safe = table.apply(_of_texts).set_axis(list(map(_inert, table.columns)), axis="columns")
    # written with both, so that a text with either sign in it is quoted
    return str(safe.to_csv(index=False, lineterminator="\r\n", **options)).replace("\r\n", "\n")


def _of_texts(column: pd.Series) -> pd.Series:
    return column if is_numeric_dtype(column) else column.map(_inert)


def _inert(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
