"""The columns that a formula names, each as what it is: numbers, or labels of a factor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.labels import Joined, blank, blanks, join_labels
from ....base.numbers import floats
from ....errors import DataError

_NUMBER = re.compile(r"\s*[+-]?\d+(?:[.,]\d+)?\s*(?P<sign>%?)\s*")


def read_moderators(table: pd.DataFrame, names: Sequence[str], rows: Sequence[int]) -> Joined:
    """Return the table with its moderators as floats or as labels, blank ones missing, labels of one spelling joined.

    Numbers are those of any type, so that a column of decimals or of whole numbers with gaps is no factor; a text is a
    label, also one of digits, and a truth value is a level.

    Parameters
    ----------
    table
        The table; it is not changed.
    names
        Columns that the formula needs.
    rows
        Number of each row in the table of the user.

    Raises
    ------
    DataError
        A date, a duration or a complex number; percentages that are texts; labels that differ by case alone.
    """
    changed = {name: new for name in names if (new := _moderator(table[name], name, rows)) is not None}
    return join_labels(table.assign(**changed) if changed else table, names, rows)


def _moderator(column: pd.Series, name: str, rows: Sequence[int]) -> Any:
    """Return what a column is read as; None where it is read as it stands."""
    plain = isinstance(column.dtype, np.dtype)
    if isinstance(column.dtype, pd.CategoricalDtype) or (plain and column.dtype.kind in "fiub"):
        return None
    held = [x for x in column if not blank(x)]
    _refuse_percentages(held, column, name, rows)
    if all(isinstance(x, str) for x in held) or all(isinstance(x, (bool, np.bool_)) for x in held):
        lacking = blanks(column)
        return None if plain and not lacking.any() else column.astype(object).mask(lacking, None)
    try:
        return floats(column, lambda i: f"row {rows[i]}: {name}")
    except DataError as problem:
        raise DataError(f"{problem} Where they are levels of a factor, write all of them as texts.") from None


def _refuse_percentages(held: Sequence[Any], column: pd.Series, name: str, rows: Sequence[int]) -> None:
    """Raise a DataError where numbers are texts with a sign of percent: as labels they would be levels of a factor."""
    found = [_NUMBER.fullmatch(x) if isinstance(x, str) else None for x in held]
    signed = [x for x, match in zip(held, found, strict=True) if match and match["sign"]]
    if not signed or not all(match or not isinstance(x, str) for x, match in zip(held, found, strict=True)):
        return
    row = rows[next(i for i, x in enumerate(column) if isinstance(x, str) and x == signed[0])]
    raise DataError(
        f"row {row}: {name}={signed[0]!r} is a text, of which each would be a level of a factor: make numbers of the "
        f"column, as by pd.to_numeric(df[{name!r}].astype(str).str.rstrip(' %').str.replace(',', '.'), "
        "errors='coerce'), or name the levels in words."
    )
