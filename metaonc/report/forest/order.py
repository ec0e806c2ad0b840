"""The order of a forest plot's trials."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ...base.labels import folded
from ...base.messages.hints import of_value
from ...errors import ColumnError
from .content import Row

# What a figure knows of each trial -> its cell, and other words for it that columns of the table do not have.
OF_RESULTS = {"effect": "estimate", "weight": "weight", "study": "label"}
WORDS = {"estimate": "effect", "yi": "effect", "te": "effect", "obs": "effect", "weights": "weight", "share": "weight",
         "trial": "study", "name": "study", "label": "study", "studlab": "study", "slab": "study", "author": "study",
         "authors": "study", "alphabetical": "study"}  # fmt: skip


def sort_values(rows: Sequence[Row], data: pd.DataFrame, sort: str) -> list[Any]:
    """Return what each row of a trial is sorted by; `data` are their rows of the table.

    Raises
    ------
    ColumnError
        When there is no column of this name.
    """
    name = _name(sort, data)
    if name in OF_RESULTS:
        return [row[OF_RESULTS[name]] for row in rows]
    return data[name].tolist()


def in_order(rows: Sequence[Row], values: Sequence[Any], sort: str, data: pd.DataFrame) -> list[Row]:
    """Return rows by their values, those of one value as they stand and those without one last."""
    known = [i for i, value in enumerate(values) if not pd.isna(value)]
    words = any(isinstance(values[i], str) for i in known)
    keys = {i: str(values[i]).casefold() if words else values[i] for i in known}
    ranked = sorted(known, key=keys.__getitem__, reverse=_name(sort, data) != sort and sort.startswith("-"))
    return [rows[i] for i in [*ranked, *(i for i in range(len(rows)) if i not in keys)]]


def _name(sort: str, data: pd.DataFrame) -> str:
    """Return the column that is meant, or a key of OF_RESULTS."""
    have = [str(c) for c in data.columns]
    asked = sort if sort in have else sort.removeprefix("-")
    if asked in have or asked in OF_RESULTS:
        return asked
    alike = [c for c in have if folded(c) == folded(asked)]
    if len(alike) == 1:
        return alike[0]
    if asked.casefold() in OF_RESULTS or asked.casefold() in WORDS:
        return WORDS.get(asked.casefold(), asked.casefold())
    hint = of_value("sort", asked, [*OF_RESULTS, *have])
    options = ", ".join(map(repr, [*OF_RESULTS, *have]))
    raise ColumnError(f"sort={sort!r}: there is no column {asked!r}; sort by one of {options}, with a minus before it "
                      f"from the largest down.{hint}")  # fmt: skip
