"""The columns that a formula names, each as what it is: numbers, or labels of a factor."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.labels import Joined, blank, blanks, join_labels
from ....base.numbers import floats
from ....errors import DataError

_NUMBER = re.compile(r"\s*[+-]?\d+(?:[.,]\d+)?\s*(?P<sign>%?)\s*")
_FEW = 4  # whole numbers of fewer kinds may be codes of a factor


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
        A date, a duration or a complex number; percentages, and numbers that hardly any two rows share, that are texts;
        labels that differ by case alone.
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
    _refuse_numbers(held, column, name, rows)
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
    row = _row_of(signed[0], column, rows)
    raise DataError(
        f"row {row}: {name}={signed[0]!r} is a text, of which each would be a level of a factor: make numbers of the "
        f"column, as by pd.to_numeric(df[{name!r}].astype(str).str.rstrip(' %').str.replace(',', '.'), "
        "errors='coerce'), or name the levels in words."
    )


def _refuse_numbers(held: Sequence[Any], column: pd.Series, name: str, rows: Sequence[int]) -> None:
    """Raise a DataError where texts are measurements: most of them numbers, of which hardly any two rows share one.

    Codes of a factor, such as 1 and 2, are shared by rows, and so are doses with a decimal mark.
    """
    if not all(isinstance(x, str) for x in held):
        return
    levels = list(dict.fromkeys(held))
    found = [x for x in levels if _NUMBER.fullmatch(x)]
    shared = 2 * len(found) <= len(held) or (len(found) < _FEW and not any(set(x) & set(".,") for x in found))
    if 2 * len(found) <= len(levels) or shared:
        return
    odd = next((x for x in levels if x not in found), next((x for x in found if "," in x), found[0]))
    made = f"pd.to_numeric(df[{name!r}].str.replace(',', '.'), errors='coerce')"
    raise DataError(
        f"row {_row_of(odd, column, rows)}: {name}={odd!r} is a text among texts that are mostly numbers, each of "
        f"which would be a level of a factor: make numbers of the column, as by {made}; if they are levels, say so by "
        f"df[{name!r}].astype('category')."
    )


def _row_of(text: str, column: pd.Series, rows: Sequence[int]) -> int:
    return rows[next(i for i, x in enumerate(column) if isinstance(x, str) and x == text)]


def of_levels(names: Sequence[str], k: int) -> str:
    """Return which factor takes so many of the coefficients named that `k` rows do not determine them."""
    counts = Counter(name.partition("[")[0] for name in names if name.endswith("]"))
    factor, levels = counts.most_common(1)[0] if counts else ("", 0)
    if 2 * levels < k:
        return ""
    if "(" in factor and not factor.startswith("C("):
        return f" {levels} of them are of {factor}: a curve of so many takes more rows."
    return f" {levels} of them are levels of {factor}: if it is a number, give it as one; else join levels."
