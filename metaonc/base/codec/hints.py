"""What the type of a field says of its value. Records are dataclasses and named tuples."""

from __future__ import annotations

import dataclasses
import types
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

TAG = "class"  # names what a mapping stands for; a keyword, so that no field has this name
FORMAT = 1  # of to_dict; raised when what is written can no longer be read by what came before


def is_record(x: Any) -> bool:
    """Return whether an object or a class is a dataclass or a named tuple."""
    return _is_record(x if isinstance(x, type) else type(x))


@cache
def _is_record(cls: type) -> bool:
    return dataclasses.is_dataclass(cls) or (issubclass(cls, tuple) and hasattr(cls, "_fields"))


@cache
def fields_of(cls: type) -> dict[str, Any]:
    """Return the fields of a record with their types."""
    hints = get_type_hints(cls)
    names = [f.name for f in dataclasses.fields(cls)] if dataclasses.is_dataclass(cls) else cls._fields  # type: ignore[attr-defined]
    return {name: hints[name] for name in names}


def defaults_of(cls: type) -> dict[str, Any]:
    """Return the fields of a record that need not be given, with what they then are."""
    if not dataclasses.is_dataclass(cls):
        return dict(cls._field_defaults)  # type: ignore[attr-defined]
    out = {f.name: f.default for f in dataclasses.fields(cls) if f.default is not dataclasses.MISSING}
    made = {f.name: f.default_factory for f in dataclasses.fields(cls)}
    return out | {name: make() for name, make in made.items() if make is not dataclasses.MISSING}


@cache
def told(hint: Any) -> tuple[Any, bool]:
    """Return the type that a plain value stands for, and whether None may stand there: of several types, any."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, hint is Any
    parts = [part for part in get_args(hint) if part is not type(None)]
    return (parts[0], True) if len(parts) == 1 else (Any, True)


def items_of(hint: Any, length: int) -> list[Any]:
    """Return the types of the items of a list or tuple."""
    args = get_args(hint) if get_origin(hint) in (tuple, list) else ()
    if len(args) == length and Ellipsis not in args and get_origin(hint) is tuple:
        return list(args)
    return [args[0] if args else Any] * length


def values_of(hint: Any) -> Any:
    """Return the type of the values of a mapping with texts as keys."""
    args = get_args(hint)
    return args[1] if len(args) == 2 and get_origin(hint) is not tuple else Any
