"""The level of reported intervals and the sides of tests: what the caller says, or the table of these very figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...base.check import Floats, columns_exist, confidence_level, refuse
from ...base.messages.advice import option, setting
from ...base.missing import limits_empty
from ...base.numbers import numbers
from ...base.words import says_one_sided
from ...errors import OptionError
from . import checks

USUAL = 0.95  # of intervals of which nobody says it
_LEAST = 0.8  # that reports give
_LOW = re.compile(r"(?<![^_])(?:low|lower)(?![^_])")


class Levels(NamedTuple):
    """Levels of the reported intervals.

    Attributes
    ----------
    said
        A number for all rows, or the column that holds them.
    values
        One a row, (k,).
    """

    said: float | str
    values: Floats


def reported_levels(
    given: float | str | None, frame: pd.DataFrame, low: Iterable[str], labels: Sequence[str], name: str = "level"
) -> Levels:
    """Return the level of each row's reported interval.

    A column of the table that is named after these limits, such as ``hr_level`` beside ``hr_low``, is what the reader
    wrote of them: it is used where the caller says nothing, and must not be contradicted.

    Parameters
    ----------
    given
        A level, or the column that holds it; None where the caller says nothing.
    frame
        The table.
    low
        Columns of lower limits.
    labels
        One a row.
    name
        What the caller's option is called.

    Raises
    ------
    ColumnError, OptionError
        A column that does not exist; a level of 95.
    DataError
        A level that is no proportion; of one row two levels, one of them told by the caller or by other limits.
    """
    low = list(low)
    own = {column: limit for limit in low if (column := level_column(limit, frame))}
    if given is None and not own:
        return Levels(USUAL, np.full(len(labels), USUAL))
    if given is None:
        said: float | str = next(iter(own))
        values = _of_limits(frame, str(said), labels)
    else:
        said, values = given, _given(given, frame, labels, name)
    for column, limit in own.items():
        if column != said:
            _agree(values, said, frame, column, limit, labels, name if given is not None else "")
    return Levels(said, values)


def level_column(low: str, frame: pd.DataFrame) -> str | None:
    """Return the column of the level of limits by the name of the lower one; None where the table has none.

    ``level`` beside ``low`` may as well be of a subgroup or of a dose: it is taken where all its numbers are as
    large as those of intervals are.
    """
    column = _LOW.sub("level", str(low))
    if column == low or column not in frame.columns:
        return None
    if column != "level":
        return column
    values = pd.to_numeric(frame[column], errors="coerce")
    likely = values.between(_LEAST, 1, inclusive="left") | values.between(100 * _LEAST, 100, inclusive="left")
    return column if values.notna().any() and (likely | frame[column].isna()).all() else None


def _given(given: float | str, frame: pd.DataFrame, labels: Sequence[str], name: str) -> Floats:
    if not isinstance(given, str):
        return np.full(len(labels), confidence_level(given, name))
    columns_exist(list(frame.columns), {name: given})
    held: Floats = checks.level_of(numbers(frame[given], name, labels), labels, name)
    return held


def _of_limits(frame: pd.DataFrame, column: str, labels: Sequence[str]) -> Floats:
    """Return the levels in a column named after limits: the usual one where it is empty, of one side as of two."""
    held = numbers(frame[column], column, labels)
    values: Floats = checks.level_of(np.where(np.isnan(held), USUAL, held), labels, column)
    sides = re.sub(r"level(?![^_])", "sides", column)
    if sides not in frame.columns:
        return values
    one = numbers(frame[sides], sides, labels) == 1  # its one limit is that of two sides at 2c - 1
    refuse(one & (values <= 0.5), labels, lambda i: f"{column}={values[i]:g} of one side is not above 0.5.")
    return np.where(one, 2 * values - 1, values)


def _agree(
    values: Floats, said: float | str, frame: pd.DataFrame, column: str, limit: str, labels: Sequence[str], name: str
) -> None:
    """Refuse rows with limits for which a column named after them holds another level than the one to be used."""
    there = np.array([not pd.isna(x) for x in limits_empty(frame[limit])])
    held = numbers(frame[column], column, labels)
    stated = there & ~np.isnan(held)
    theirs = _of_limits(frame, column, labels)
    off = stated & ~np.isclose(values, theirs, rtol=0, atol=1e-9) & ~np.isclose(values, held, rtol=0, atol=1e-9)

    def say(i: int) -> str:
        if not name:
            return f"{said}={values[i]:g} and {column}={held[i]:g}: intervals of one row must be of one level."
        if isinstance(said, str):
            return (
                f"{column}={held[i]:g} is the level of {limit}, and {said}={values[i]:g} was named by "
                f"{setting(name, said)}: say {option(name, column)}, or drop the column that is wrong."
            )
        return (
            f"{column}={held[i]:g} is the level of {limit}, and {setting(name, said)} was given: leave {option(name)} "
            f"out, so that {column} is used, or drop {column} if it is wrong."
        )

    refuse(off, labels, say)


def reported_sides(
    given: int | str | None, frame: pd.DataFrame, column: str | None, p: Floats | None, labels: Sequence[str]
) -> Floats:
    """Return the sides of each row's test.

    Parameters
    ----------
    given
        A number, or the column that holds it; None where the caller says nothing.
    frame
        The table.
    column, p
        The column of p-values and their numbers, (k,); None where there is none.
    labels
        One a row.

    Raises
    ------
    ColumnError, OptionError
        A column that does not exist; a column of p whose name says that it has one side, of which the caller does not.
    DataError
        Sides that are neither 1 nor 2.
    """
    if given is None and column == "p_value" and "p_sided" in frame.columns:
        held = numbers(frame["p_sided"], "p_sided", labels)
        sides: Floats = checks.sides_of(np.where(np.isnan(held), 2.0, held), p, labels)
        return sides
    if given is None and column is not None and says_one_sided(column):
        raise OptionError(
            f"the column {column!r} says that p is of one side, and it is taken as of two where nothing is said: say "
            f"{option('p_sides', 1)}, or {option('p_sides', 2)} if it is of two."
        )
    if isinstance(given, str):
        columns_exist(list(frame.columns), {"p_sides": given})
        sides = checks.sides_of(numbers(frame[given], "p_sides", labels), p, labels)
        return sides
    return np.full(len(labels), 2.0 if given is None else given)
