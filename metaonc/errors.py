"""Exceptions and warnings, one tree: catch ``MetaoncError`` for all, or the built-in each one also is."""

from __future__ import annotations


class MetaoncError(Exception):
    """Root of every error that metaonc raises on purpose."""


class DataError(MetaoncError, ValueError):
    """A value, a row or a table that cannot be true, or cannot be used as asked."""


class ColumnError(DataError):
    """A column that was named but is not in the table, or is missing where a method needs it."""


class OptionError(MetaoncError, ValueError):
    """An option that does not exist; the message lists those that do."""


class DatasetError(MetaoncError, LookupError):
    """A packaged collection that does not exist, or whose files are not what its index says."""


class ConvergenceError(MetaoncError, ArithmeticError):
    """An iteration that did not reach its tolerance: no number is better than a wrong one."""


class MetaoncWarning(UserWarning):
    """Root of every warning that metaonc gives."""


class DataWarning(MetaoncWarning):
    """Rows were left out or corrected; ``result.provenance`` says which and why."""


class MethodWarning(MetaoncWarning):
    """A method was used where it is known to mislead; the message says what to do instead."""


class FigureWarning(MetaoncWarning):
    """A figure was written that breaks a rule of its journal, or that its format cannot hold as it is drawn."""
