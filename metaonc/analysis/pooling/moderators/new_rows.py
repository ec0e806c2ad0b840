"""New rows that a regression predicts: their columns, and whether they lie among the trials it was fitted on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from ....base.messages.hints import near as near_name
from ....base.messages.warning import warn
from ....base.words import some
from ....errors import ColumnError, MethodWarning

MARGIN = 0.1  # of the range of the trials, by which new values may leave it: where figures end their lines


def need_columns(table: pd.DataFrame, needed: Iterable[str]) -> None:
    """Raise a ColumnError that names the first column needed which new rows lack, and one that may be meant."""
    given = list(map(str, table.columns))
    for name in needed:
        if name not in given:
            near = near_name(name, given)
            rename = f" Rename its column {near!r} to {name!r}." if near else ""
            raise ColumnError(
                f"the new values have no column {name!r}, which the formula names; they have {given}.{rename}"
            )


def warn_beyond(table: pd.DataFrame, fitted: pd.DataFrame) -> None:
    """Warn of numbers of new rows that lie further from those of the rows fitted than a tenth of their range."""
    said = []
    for name, column in fitted.items():
        if column.dtype.kind in "fiu":
            new, low, high = np.asarray(table[name], float), float(column.min()), float(column.max())
            slack = MARGIN * (high - low)
            beyond = dict.fromkeys(f"{x:g}" for x in new[(new < low - slack) | (new > high + slack)])
            said += [f"{name}: {some(list(beyond))} beyond {low:g} to {high:g} of the trials"] * bool(beyond)
    if said:
        warn(f"{'; '.join(said)}: this extrapolates, and no trial tells whether the line holds.", MethodWarning)
