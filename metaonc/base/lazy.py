"""Public names that are loaded when first used, so that one of them does not wait for the modules of all."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


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
