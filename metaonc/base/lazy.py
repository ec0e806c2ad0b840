"""What is made when first used: public names, so that one does not wait for all modules, and fields of results."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, TypeVar, cast

T = TypeVar("T")
C = TypeVar("C", bound=type)


def homes_of(root: str, names: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, str]]:
    """Return name -> (module, name there) for a table of modules below `root`, each with the names it gives."""
    return {name: (f"{root}.{module}", name) for module, given in names.items() for name in given}


def _hint(name: str, homes: Mapping[str, tuple[str, str]]) -> str:
    if name.startswith("_"):  # asked by Python's own tools
        return ""
    from .messages.hints import of_name

    spaces = (space for space, (home, theirs) in homes.items() if not theirs and name in dir(import_module(home)))
    return next((f". It is mo.{space}.{name}." for space in spaces), f".{of_name(name, homes)}")


def lazy(module: str, homes: Mapping[str, tuple[str, str]]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the functions ``__getattr__`` and ``__dir__`` of a module whose public names are these.

    Parameters
    ----------
    module
        Name of the module that gives them.
    homes
        Public name -> the module it is at home in, and its name there; an empty name stands for the module itself.
    """

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {module!r} has no attribute {name!r}{_hint(name, homes)}")
        home, theirs = homes[name]
        found = import_module(home)
        value = getattr(found, theirs) if theirs else found
        setattr(sys.modules[module], name, value)
        return value

    return load, lambda: sorted(homes)


class _Later:
    """A value of a field that is not worked out yet."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


class _Field:
    """A field of a dataclass with slots, which works its value out when it is first read."""

    def __init__(self, slot: Any) -> None:
        self.slot, self.__doc__ = slot, getattr(slot, "__doc__", None)

    def __get__(self, record: Any, owner: Any = None) -> Any:
        if record is None:
            return self
        value = self.slot.__get__(record, owner)
        if type(value) is _Later:
            value = value.make()
            self.slot.__set__(record, value)
        return value

    def __set__(self, record: Any, value: Any) -> None:
        self.slot.__set__(record, value)


def later(make: Callable[[], T]) -> T:
    """Return what stands for a value of a field of `worked_out_later` until it is read; then it is what `make` gives.

    `make` must give the same whenever it is called: it rests on what never changes. Input was checked before; an error
    of `make` comes where the field is read.
    """
    return cast(T, _Later(make))


def worked_out_later(*names: str) -> Callable[[C], C]:
    """Let fields of a frozen dataclass with slots be given by `later`.

    They are read, compared, copied, pickled and written as any other, and are then the values themselves.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from metaonc.base.lazy import later, worked_out_later
    >>> @worked_out_later("square")
    ... @dataclass(frozen=True, slots=True)
    ... class Number:
    ...     value: int
    ...     square: int
    >>> Number(3, later(lambda: 3 * 3)).square
    9
    """

    def made(cls: C) -> C:
        for name in names:
            setattr(cls, name, _Field(cls.__dict__[name]))
        return cls

    return made
