"""Calls with arguments that a function lacks: an error of the package that says what they may be."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from ...errors import ArgumentError
from .hints import of_argument

P = ParamSpec("P")
R = TypeVar("R")


def known_arguments(function: Callable[P, R], more: Iterable[str] = ()) -> Callable[P, R]:
    """Make a function refuse arguments that it does not have by an ArgumentError, which is a TypeError too.

    Parameters
    ----------
    function
        The function.
    more
        Names that its ``**`` takes.
    """
    code = function.__code__
    names = (*code.co_varnames[: code.co_argcount + code.co_kwonlyargcount], *more)
    most, known = code.co_argcount, frozenset(names)

    @wraps(function)
    def call(*args: P.args, **options: P.kwargs) -> R:
        if not known.issuperset(options):
            _refuse_unknown(function.__name__, options, names)
        if len(args) > most:
            first, others = ", ".join(names[:most]), ", ".join(f"{name}=" for name in names[most:])
            raise ArgumentError(
                f"{function.__name__} takes {most} argument{'s' * (most != 1)} by position ({first}), and {len(args)} "
                f"were given: give the others by name, of {others}."
            )
        return function(*args, **options)

    return call


def known_arguments_and(more: Iterable[str]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return `known_arguments` for a function whose ``**`` takes these names."""
    return partial(known_arguments, more=tuple(more))


def _refuse_unknown(verb: str, given: Mapping[str, object], known: Collection[str]) -> None:
    for word, value in given.items():
        if word not in known:
            hint = of_argument(word, known, value)
            raise ArgumentError(f"{verb} has no argument {word}=; it has {', '.join(known)}.{hint}")
