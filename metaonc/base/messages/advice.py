"""Options in messages, in the words of who reads them: ``sep=';'`` in Python, ``--sep ';'`` at a command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_UNSAID = object()
Form = Callable[..., "str | None"]  # (name, *values) -> how an interface writes an option; None where it has none


def _python(name: str, *values: Any) -> str:
    return f"{name}={', '.join(map(repr, values))}"


_form: ContextVar[Form] = ContextVar("_form", default=_python)


@contextmanager
def spoken(form: Form) -> Iterator[None]:
    """Let messages write options in this form for as long as the context lasts."""
    token = _form.set(form)
    try:
        yield
    finally:
        _form.reset(token)


def option(name: str, value: Any = _UNSAID) -> str:
    """Return an option to give, with its value where one is advised.

    Where the interface that prints the message lacks the option, Python's form is returned and said to be Python's.

    >>> option("sep", ";"), option("n_curves")
    ("sep=';'", 'n_curves=')
    """
    values = () if value is _UNSAID else (value,)
    return _form.get()(name, *values) or f"{_python(name, *values)}{in_python()}"


def in_python() -> str:
    """Return what is said behind words of Python where another interface prints them."""
    return "" if _form.get() is _python else " (in Python)"


def setting(name: str, value: Any) -> str:
    """Return an option with the value that it has, or another name with its value.

    >>> setting("sep", ";;")
    "sep=';;'"
    """
    return _form.get()(name, value) or _python(name, value)
