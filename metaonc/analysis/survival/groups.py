"""Groups of patients: the number of each row's group, and their labels."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.frames import FEW
from ...base.labels import blank
from ...errors import DataError
from .row_errors import refuse_missing


def groups_of(column: pd.Series[Any], name: str) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return the number of each row's group, and the groups: in the order of a categorical column, else sorted."""
    held: Any = column.values
    numbers = isinstance(held, np.ndarray) and held.dtype.kind in "biuf" and len(held) <= FEW
    codes, values = _ranked(held) if numbers else coded(column, name, _sorted)
    empty = [i for i, label in enumerate(values) if blank(label)]
    if empty or np.count_nonzero(codes < 0):
        refuse_missing((codes < 0) | np.isin(codes, empty), name)
    labels = tuple([f"{v:g}" if isinstance(v, (float, np.floating)) else str(v) for v in values])
    if len(set(labels)) < len(labels):
        raise DataError(f"{name!r} holds values of different types that read the same, among {values}.")
    return codes, labels


def _ranked(values: NDArray[Any]) -> tuple[NDArray[np.intp], list[Any]]:
    """Return the rank of each number among the different ones, and these, rising; what is missing is last."""
    rising = values.copy()
    rising.sort()
    different = rising[:1].tolist() + rising[1:][rising[1:] != rising[:-1]].tolist()
    return np.array(different, dtype=values.dtype).searchsorted(values), different


def coded(
    column: pd.Series[Any], name: str, ordered: Callable[[Any], list[Any]] = list
) -> tuple[NDArray[np.intp], list[Any]]:
    """Return the number of each row's value among the different ones, and these, as `ordered` puts them.

    Where one is missing it is blank, or the number is below 0.
    """
    dtype = column.dtype
    plain = isinstance(dtype, np.dtype) and dtype.kind in "biufO"
    try:
        if plain and len(column) <= FEW:
            each = column.tolist()
            values = ordered(dict.fromkeys(each))
            place = dict(zip(values, range(len(values)), strict=True))
            return np.fromiter(map(place.__getitem__, each), np.intp, len(each)), values
        codes, different = pd.factorize(column.to_numpy() if plain else column)
    except TypeError:
        kind = next(type(x).__name__ for x in column if not isinstance(x, Hashable))
        raise DataError(f"{name!r} holds values of type {kind}, which name no group: write texts or numbers.") from None
    values = ordered(different.tolist() if plain else different)
    place = dict(zip(values, range(len(values)), strict=True))
    return np.array([*map(place.__getitem__, different), -1], dtype=np.intp)[codes], values  # -1 of what is missing


def _sorted(values: Any) -> list[Any]:
    if isinstance(values, pd.CategoricalIndex):
        there = set(values)
        return [v for v in values.categories if v in there]
    try:
        return sorted(values)
    except TypeError:  # texts among numbers
        return sorted(values, key=str)
