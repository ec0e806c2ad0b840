"""How messages write the options of a command, and which it has: read off its parser."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from shlex import quote
from typing import Any


def form_of(parser: argparse.ArgumentParser) -> Callable[..., str | None]:
    """Return how a command writes an option and its value, for ``metaonc.base.advice``; None of what it lacks."""
    flags = {action.dest: action.option_strings[-1] for action in parser._actions if action.option_strings}

    def form(name: str, *values: Any) -> str | None:
        flag = flags.get(name)
        return flag and " ".join(part for value in values or (True,) for part in _written(flag, value))

    return form


def _written(flag: str, value: Any) -> list[str]:
    if value is True or value is None:
        return [flag]
    if isinstance(value, Mapping):
        said = {name: "" if of is None else of for name, of in value.items()}
        return [f"{flag} {quote(f'{name}={of}')}" for name, of in said.items()]
    several = value if isinstance(value, (list, tuple)) else [value]
    return [flag, *(quote(_plain(x)) for x in several)]


def _plain(value: Any) -> str:
    """Return a value as a command takes it, a pair as its parts with a colon between."""
    if isinstance(value, (list, tuple)):
        return ":".join(map(_plain, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
