"""What of a row was read in its source: which of its figures, and the standing that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .fields import PRINTED

COUNTS = ("n", "events", "estimate", "n_comparator", "events_comparator")  # of which one gives another


def _words(row: Mapping[Any, Any], column: str) -> set[str]:
    held = row.get(column)
    return set() if held is None or pd.isna(held) else set(str(held).split())


def _filled(row: Mapping[Any, Any], columns: Sequence[str]) -> list[str]:
    return [c for c in columns if c in row and row[c] is not None and pd.notna(row[c])]


def unread(row: Mapping[Any, Any], columns: Sequence[str] = PRINTED) -> list[str]:
    """Return which figures of a row were not read in its source.

    Parameters
    ----------
    row
        Column -> value.
    columns
        The figures that are asked about. A figure that `derived` names was worked out: it counts as read where all
        printed counts and percentages of the row were.

    Returns
    -------
    list of str
        Names of columns, in the order asked; blanks are no figures.
    """
    read, derived = _words(row, "read_fields"), _words(row, "derived")
    ground = [c for c in _filled(row, COUNTS) if c not in derived]
    grounded = read.issuperset(ground)
    return [c for c in _filled(row, columns) if not (grounded if c in derived else c in read)]


def standing(row: Mapping[Any, Any], *, reproduced: bool = False) -> str:
    """Return the `verification` of a row, by the one rule there is.

    "read" where there are printed figures and `read_fields` names each; otherwise "reproduced" where published figures
    that were read give the others, which a person has to show, and "unverified".
    """
    printed = [c for c in PRINTED if c not in _words(row, "derived")]
    if _words(row, "read_fields") and not unread(row, printed):
        return "read"
    return "reproduced" if reproduced else "unverified"


def misstated(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Flag the rows whose `verification` is not the one that their `read_fields` give."""
    rows = frame.to_dict("records")
    stated = frame["verification"].tolist()
    given = [standing(row, reproduced=said == "reproduced") for row, said in zip(rows, stated, strict=True)]
    return np.array([pd.notna(a) and a != b for a, b in zip(stated, given, strict=True)], dtype=bool)


def read_without_figure(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Flag the rows whose `read_fields` name a figure that is blank, or that was worked out."""
    rows = frame.to_dict("records")
    return np.array([bool(_words(r, "read_fields") - set(_filled(r, PRINTED)) | _words(r, "read_fields") &
                          _words(r, "derived")) for r in rows], dtype=bool)  # fmt: skip
