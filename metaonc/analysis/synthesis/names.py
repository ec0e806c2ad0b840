"""The trials of a table: the column that names them, and that each row has a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.check import more_like_it
from ...base.labels import blank, blanks
from ...base.messages.advice import option
from ...errors import ColumnError, DataError
from ..survival.patients import TRIAL_COLUMNS


def study_column(columns: Iterable[Any], study: str | None) -> str:
    """Return the column that names the trial: the one given, or the one of the standard names that the table has.

    Raises
    ------
    ColumnError
        When none is given, and the table has none of these names, or both.
    """
    if study is not None:
        return study
    present = list(columns)
    there = [name for name in TRIAL_COLUMNS if name in present]
    if len(there) == 1:
        return there[0]
    names = " and ".join(map(repr, TRIAL_COLUMNS)) if there else f"neither {' nor '.join(map(repr, TRIAL_COLUMNS))}"
    raise ColumnError(f"which column names the trial? The table has {names}; it has {present}. Name it, as by "
                      f"{option('study', there[0] if there else 'name')}.")  # fmt: skip


def named(column: pd.Series, study: str, rows: Any) -> None:
    """Refuse rows of a trial without a name."""
    lacking = blanks(column)
    if lacking.any():
        i = int(np.argmax(lacking))
        raise DataError(f"row {rows[i]}: {study} is missing; name the trial, or leave the row out."
                        f"{more_like_it(int(lacking.sum()) - 1)}")  # fmt: skip


def numbered(column: pd.Series, study: str, rows: Any) -> tuple[NDArray[np.intp], list[str]]:
    """Return the number of each row's trial, and the trials' names in the order of the table; see `named`."""
    try:
        code, found = pd.factorize(column)
        names = found.tolist()
    except TypeError:  # lists and the like
        code, names = np.array([-1]), []
    if code.min() < 0 or any(map(blank, names)):
        named(column, study, rows)
        return _by_text(column)
    texts = list(map(str, names))
    if len(set(texts)) == len(texts):
        return code, texts
    same, texts = _by_text(texts)  # such as 1 and "1"
    return same[code], texts


def _by_text(values: Iterable[Any]) -> tuple[NDArray[np.intp], list[str]]:
    code, found = pd.factorize(np.array([str(x) for x in values], dtype=object))
    return code, found.tolist()
