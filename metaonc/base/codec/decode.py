"""From plain JSON content to a result. Nothing of it is run: only classes that the caller lists are made."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

import numpy as np
import pandas as pd

from ...errors import DataError, MetaoncError
from . import frames
from .encode import array_type
from .hints import FORMAT, TAG, defaults_of, fields_of, is_record, items_of, told, values_of

Find = Callable[[str], type | None]
Check = Callable[[Any], None]
NUMBERS = {"inf": np.inf, "-inf": -np.inf, "nan": np.nan}


def decoded(plain: Any, find: Find, root: type, check: Check = lambda record: None) -> Any:
    """Return the record that `encoded` made the plain content of.

    Parameters
    ----------
    plain
        What `encoded` gave, or JSON of it.
    find
        Function of a name that returns the class of records of this name, or None.
    root
        What the record must be.
    check
        Function of each record made that raises an error where its fields contradict each other.

    Raises
    ------
    DataError
        Names what is missing, unknown or of another type, and where it stands.
    """
    if not isinstance(plain, Mapping) or TAG not in plain:
        raise DataError(f"this is no result: give what to_dict() returned, a mapping with {TAG!r}.")
    version = plain.get("format")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise DataError(f"format={version!r} is no version of to_dict(), a whole number from 1.")
    if version > FORMAT:
        raise DataError(f"format={version}: a newer metaonc wrote this; update it. This one reads formats to {FORMAT}.")
    own = {key: value for key, value in plain.items() if key != "format"}
    try:
        return _Reader(find, check).value(own, root, str(plain[TAG]))
    except RecursionError:
        raise DataError("this is no result: it is nested too deeply.") from None


@dataclass(frozen=True, slots=True)
class _Reader:
    find: Find
    check: Check

    def value(self, plain: Any, hint: Any, at: str) -> Any:
        """Return what the plain form of a field of this type stands for; `at` is where, for messages."""
        kind, may_be_none = told(hint)
        if plain is None and (may_be_none or kind is float):
            return np.nan if kind is float and not may_be_none else None
        if isinstance(plain, dict) and TAG in plain:
            return _fitting(self._tagged(plain, at), kind, at)
        if kind is Any:
            return self._any(plain, at)
        if is_record(kind):
            return self._record(kind, plain, at)
        return self._of(kind, plain, at)

    def _of(self, kind: Any, plain: Any, at: str) -> Any:
        origin = get_origin(kind) or kind
        if origin is np.ndarray:
            return frames.array(plain, array_type(kind), at)
        if kind in (pd.DataFrame, pd.Series):
            return (frames.frame if kind is pd.DataFrame else frames.series)(plain, self._cell(at), at)
        if origin in (tuple, list) and isinstance(plain, list):
            return origin(self.value(x, item, f"{at}[{i}]") for i, (x, item) in enumerate(
                zip(plain, items_of(kind, len(plain)), strict=True)))  # fmt: skip
        if isinstance(plain, dict) and isinstance(origin, type) and issubclass(dict, origin):
            return {key: self.value(x, values_of(kind), f"{at}.{key}") for key, x in plain.items()}
        if origin is Literal and plain in get_args(kind):
            return plain
        if kind is float and isinstance(plain, str) and plain in NUMBERS:
            return NUMBERS[plain]
        if kind is float and isinstance(plain, int) and not isinstance(plain, bool):
            return float(plain)
        return _fitting(plain, kind, at)

    def _any(self, plain: Any, at: str) -> Any:
        if isinstance(plain, list):
            return tuple(self.value(x, Any, f"{at}[{i}]") for i, x in enumerate(plain))
        if isinstance(plain, dict):
            return {key: self.value(x, Any, f"{at}.{key}") for key, x in plain.items()}
        return _fitting(plain, (bool, int, float, str), at)

    def _cell(self, at: str) -> Callable[[Any], Any]:
        return lambda plain: self.value(plain, Any, at)

    def _tagged(self, plain: dict[str, Any], at: str) -> Any:
        name = plain[TAG]
        body = {key: x for key, x in plain.items() if key != TAG}
        if name == "float" and body.get("value") in NUMBERS:
            return NUMBERS[body["value"]]
        if name == "frame":
            return frames.frame(body, self._cell(at), at)
        if name == "series":
            return frames.series(body, self._cell(at), at)
        if name == "mapping":
            return self._mapping(body, at)
        if name == "array":
            return self._array(body, at)
        found = self.find(name) if isinstance(name, str) else None
        if found is None:
            raise DataError(f"{at}: {TAG}={name!r} is not a kind that can be read; is it of another version?")
        return self._record(found, body, at)

    def _mapping(self, body: dict[str, Any], at: str) -> dict[Any, Any]:
        items = self.value(body.get("items"), tuple[tuple[Any, ...], ...], f"{at}.items")
        try:
            return dict(items)
        except (TypeError, ValueError):
            raise DataError(f"{at}: 'items' are no pairs of a key and a value.") from None

    def _array(self, body: dict[str, Any], at: str) -> Any:
        shape = self.value(body.get("shape"), tuple[int, ...], f"{at}.shape")
        dtype = self.value(body.get("dtype"), str, f"{at}.dtype")
        values = self.value(body.get("values"), tuple[Any, ...], f"{at}.values")
        try:
            out = np.array(values, dtype=dtype).reshape(shape)
            out.flags.writeable = False
            return out
        except (TypeError, ValueError):
            raise DataError(f"{at}: no array of type {dtype!r} and shape {shape}.") from None

    def _record(self, cls: type, plain: Any, at: str) -> Any:
        hints, defaults = fields_of(cls), defaults_of(cls)
        if not isinstance(plain, dict):
            raise DataError(f"{at}: a mapping of the fields of {cls.__name__} is wanted, not {_shown(plain)}.")
        missing = [name for name in hints if name not in plain and name not in defaults]
        if missing:
            raise DataError(f"{at}: the field {missing[0]!r} of {cls.__name__} is missing.")
        if unknown := [name for name in plain if name not in hints]:
            raise DataError(f"{at}: {cls.__name__} has no field {unknown[0]!r}; it has {list(hints)}.")
        values = {
            name: self.value(plain[name], hint, f"{at}.{name}") if name in plain else defaults[name]
            for name, hint in hints.items()
        }
        return _made(cls, values, at, self.check)


def _made(cls: type, values: dict[str, Any], at: str, check: Check) -> Any:
    """Return the record as its constructor left it: of these fields, checked again where it checks them."""
    if issubclass(cls, tuple):
        return cls(**values)
    if inspect.isabstract(cls):
        raise DataError(f"{at}: {cls.__name__} is what several kinds of results share, and none itself.")
    record = object.__new__(cls)
    for name, value in values.items():
        object.__setattr__(record, name, value)
    try:
        getattr(record, "__post_init__", lambda: None)()
        check(record)
    except (MetaoncError, TypeError, ValueError, AttributeError) as problem:
        raise DataError(f"{at}: {problem}") from None
    return record


def _fitting(value: Any, kind: Any, at: str) -> Any:
    """Return the value when it is of the kind; protocols and Any take all."""
    origin = get_origin(kind) or kind
    open_to_all = origin is Any or getattr(origin, "_is_protocol", False)
    if open_to_all or (isinstance(value, origin) and not (isinstance(value, bool) and origin is int)):
        return value
    raise DataError(f"{at}: {_shown(value)} is no {getattr(origin, '__name__', origin)}.")


def _shown(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else f"{text[:37]}..."
