"""From a result to plain JSON content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .frames import frame_plain, listed, series_plain
from .hints import FORMAT, TAG, fields_of, is_record, items_of, told, values_of


def encoded(result: Any) -> dict[str, Any]:
    """Return a record as plain content: its class, the version of the form, and all its fields."""
    return {TAG: type(result).__name__, "format": FORMAT, **_fields(result)}


def encode(value: Any, hint: Any = Any) -> Any:
    """Return the plain form of a value; one that the type of its field does not tell is named by a tag.

    What JSON has no form for, such as a path, becomes its text.
    """
    kind, may_be_none = told(hint)
    if value is None:
        return None
    if kind is float and isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
        number = float(value)
        return _tagged_float(number) if may_be_none else listed(np.array(number))
    if is_record(value):
        return _fields(value) if type(value) is kind else {TAG: type(value).__name__, **_fields(value)}
    if isinstance(value, (np.ndarray, pd.DataFrame, pd.Series)):
        return _table(value, kind)
    if isinstance(value, Mapping):
        return _mapping(value, values_of(kind))
    if isinstance(value, (list, tuple)):
        return [encode(x, item) for x, item in zip(value, items_of(kind, len(value)), strict=True)]
    return _scalar(value)


def _fields(record: Any) -> dict[str, Any]:
    cls: type = type(record)
    return {name: encode(getattr(record, name), hint) for name, hint in fields_of(cls).items()}


def _table(value: Any, kind: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return ({} if kind is pd.DataFrame else {TAG: "frame"}) | frame_plain(value, encode)
    if isinstance(value, pd.Series):
        return ({} if kind is pd.Series else {TAG: "series"}) | series_plain(value, encode)
    told_type = array_type(kind)
    if told_type is not None and value.dtype == told_type and (value.size or value.ndim == 1):
        return listed(value)
    return {TAG: "array", "dtype": str(value.dtype), "shape": list(value.shape), "values": _flat(value)}


def _flat(value: NDArray[Any]) -> Any:
    return [encode(x) for x in value.ravel()] if value.dtype.kind not in "fiub" else listed(value.ravel())


def array_type(kind: Any) -> Any:
    """Return the dtype that a type of arrays names, None where it is no type of arrays or names none."""
    args = get_args(kind)
    named = get_args(args[1]) if len(args) == 2 and getattr(kind, "__origin__", None) is np.ndarray else ()
    return np.dtype(named[0]) if named and isinstance(named[0], type) else None


def _mapping(value: Mapping[Any, Any], hint: Any) -> dict[str, Any]:
    if all(isinstance(key, str) for key in value) and TAG not in value:
        return {str(key): encode(x, hint) for key, x in value.items()}
    return {TAG: "mapping", "items": [[encode(key), encode(x)] for key, x in value.items()]}


def _scalar(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return _tagged_float(value)
    if value is pd.NA or value is pd.NaT or value is None:
        return None
    return value if isinstance(value, (bool, int)) else str(value)


def _tagged_float(value: float) -> Any:
    return value if np.isfinite(value) else {TAG: "float", "value": str(value)}
