"""Exceptions and warnings, one tree: catch ``MetaoncError`` for all, or the built-in each one also is."""

from __future__ import annotations

import re

_MOST_WORD, _MOST_TEXT = 300, 2_000  # characters of a message without a blank, and in all
_ENDS = 100, 600  # characters that are kept at the end of each


def brief(text: object) -> str:
    """Return a message whose endless values, as a file may hold them, are cut with a word; its begin and end stay."""
    whole = str(text)
    if len(whole) <= _MOST_WORD:
        return whole
    words = re.sub(rf"\S{{{_MOST_WORD + 1},}}", lambda found: _cut(found.group(), _MOST_WORD, _ENDS[0]), whole)
    return _cut(words, _MOST_TEXT, _ENDS[1])


def _cut(text: str, most: int, end: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[: most - end]} [{len(text) - most:,} characters left out] {text[-end:]}"


class MetaoncError(Exception):
    """Root of every error that metaonc raises on purpose."""

    def __init__(self, message: object = "") -> None:
        super().__init__(brief(message))


class DataError(MetaoncError, ValueError):
    """A value, a row or a table that cannot be true, or cannot be used as asked."""


class ColumnError(DataError):
    """A column that was named but is not in the table, or is missing where a method needs it."""


class OptionError(MetaoncError, ValueError):
    """An option that does not exist; the message lists those that do."""


class ArgumentError(OptionError, TypeError):
    """An argument that a function does not have; the message lists those that it has."""


class DatasetError(MetaoncError, LookupError):
    """A packaged collection that does not exist, or whose files are not what its index says."""


class ConvergenceError(MetaoncError, ArithmeticError):
    """An iteration that did not reach its tolerance: no number is better than a wrong one."""


class MetaoncWarning(UserWarning):
    """Root of every warning that metaonc gives."""

    def __init__(self, message: object = "") -> None:
        super().__init__(brief(message))


class DataWarning(MetaoncWarning):
    """Rows were left out or corrected; ``result.provenance`` says which and why."""


class MethodWarning(MetaoncWarning):
    """A method was used where it is known to mislead; the message says what to do instead."""


class FigureWarning(MetaoncWarning):
    """A figure was written that breaks a rule of its journal, or that its format cannot hold as it is drawn."""
