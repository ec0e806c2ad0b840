"""Validators: each raises one error that says what, where, got and fix."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ColumnError, DataError, OptionError
from .labels import all_seen, blank
from .messages.advice import option, setting
from .messages.hints import near_column, of_value
from .words import some

Floats = NDArray[np.float64]
_PLACE = re.compile(
    r"""\w+ (?P<label>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?: \(row [^()]+\))?: (?P<said>.*)""", re.DOTALL
)
TIME_UNITS = ("days", "weeks", "months", "years")
LARGEST = 1e50  # its sixth power is a number yet


def one_of(name: str, value: object, allowed: Iterable[str]) -> str:
    """Return `value` when it is one of `allowed`; otherwise raise an OptionError that lists them."""
    options = list(allowed)
    if isinstance(value, str) and value in options:
        return value
    hint = of_value(name, value, options)
    raise OptionError(f"{setting(name, value)} is not an option; choose from {', '.join(map(repr, options))}.{hint}")


def time_unit(unit: object, table: Any) -> str | None:
    """Return the one unit of all times of a table, or None where none is given.

    Raises
    ------
    OptionError
        What is no unit of time; of a column of the table, which may have several, it says what to do.
    """
    if unit is None:
        return None
    columns = getattr(table, "columns", table if isinstance(table, Mapping) else ())
    if isinstance(unit, str) and unit not in TIME_UNITS and unit in [str(c) for c in columns]:
        raise OptionError(
            f"{setting('unit', unit)} is a column of the table; {option('unit')} is the one unit of all its rows: "
            f"{', '.join(map(repr, TIME_UNITS))}. Bring the times of all rows to one unit (weeks / 4.348 or "
            "days / 30.44 are months), and name that."
        )
    return one_of("unit", unit, TIME_UNITS)


def texts(**options: object) -> None:
    """Raise an OptionError where an option that takes a text is given anything else; None is not given."""
    for name, value in options.items():
        if value is not None and not isinstance(value, str):
            raise OptionError(f"{option(name)} takes a text, not {type(value).__name__}: write it in quotes.")


def confidence_level(level: float, name: str = "level") -> float:
    """Return `level` when it is a proportion such as 0.95; 95 is an error that names the fix."""
    if not isinstance(level, (int, float, np.floating)) or isinstance(level, bool) or not 0 < level < 1:
        percent = isinstance(level, (int, float)) and 1 < level < 100
        fix = f"write {option(name, float(level) / 100)}" if percent else "write 0.95 for 95 %"
        raise OptionError(f"{setting(name, level)} is not a proportion between 0 and 1: {fix}.")
    return float(level)


def seed_of(seed: Any) -> int:
    """Return a seed of random numbers, drawn where None is given.

    Raises
    ------
    OptionError
        What is no whole number from 0.
    """
    if seed is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise OptionError(f"seed={seed!r} must be a whole number from 0; None draws one.")
    return int(seed)


def columns_exist(present: Collection[Any], wanted: Mapping[str, str | None]) -> None:
    """Check that each named column is in the table.

    Parameters
    ----------
    present
        Names of the table's columns.
    wanted
        Keyword -> column name; None means that the keyword was not given.

    Raises
    ------
    ColumnError
        Names the first missing column, its keyword, the nearest name and all that are there.
    """
    for keyword, column in wanted.items():
        if isinstance(column, str) and column in present:
            continue
        if not isinstance(column, Hashable):
            raise ColumnError(
                f"{keyword}= takes the name of a column, and was given values ({type(column).__name__}): put them into "
                f"the table as a column, and give its name."
            )
        if column is not None and column not in present:
            near = near_column(keyword, str(column), [str(p) for p in present])
            hint = f" Did you mean {setting(keyword, near)}?" if near else ""
            raise ColumnError(f"{setting(keyword, column)} is not a column of the table; it has {list(present)}.{hint}")


class Labels(tuple[str, ...]):
    """Names of rows, with the number of each in the table of the user, of which they may be a part.

    Attributes
    ----------
    rows
        Numbers from 0 as pandas counts, one a label.
    numbered
        Whether each label is only the number of its row, from 1.
    distinct
        Whether no two labels are the same.
    """

    rows: Sequence[int]

    def __new__(cls, names: Iterable[str], rows: Sequence[int]) -> Labels:
        """Return the names with their numbers."""
        labels = super().__new__(cls, names)
        labels.rows = rows
        return labels

    def __getnewargs__(self) -> tuple[tuple[str, ...], Sequence[int]]:
        return tuple(self), self.rows

    @cached_property
    def numbered(self) -> bool:
        """See the attributes of the class."""
        return all(label == str(row + 1) for label, row in zip(self, self.rows, strict=True))

    @cached_property
    def distinct(self) -> bool:
        """See the attributes of the class."""
        return len(set(self)) == len(self)

    def kept(self, there: Iterable[Any]) -> Labels:
        """Return those of the rows that are flagged."""
        pairs = [pair for pair, keep in zip(zip(self, self.rows, strict=True), there, strict=True) if keep]
        return Labels([name for name, _ in pairs], [row for _, row in pairs])


@lru_cache(maxsize=4)
def _numbers(rows: range) -> tuple[str, ...]:
    """Return the number of each row from 1, which takes as long as to pool them."""
    return tuple([str(row + 1) for row in rows])


def _blank(names: Sequence[Any]) -> list[bool]:
    """Return which names are none; each of the different ones is looked at once."""
    if all_seen(names):
        return [False] * len(names)
    try:
        empty = {name for name in set(names) if blank(name)}
    except TypeError:  # lists and the like
        return [blank(name) for name in names]
    return [name in empty for name in names] if empty else [False] * len(names)


def labels_of(study: Sequence[Any] | None, rows: Sequence[int]) -> Labels:
    """Return a label for each row: the study's name, or the row's number from 1 where it has none.

    Raises
    ------
    DataError
        A row without a name whose number is the name of a study: they would be taken for one.
    """
    if study is None:
        labels = Labels(_numbers(rows) if isinstance(rows, range) else [str(row + 1) for row in rows], rows)
        labels.numbered = labels.distinct = True  # known, and not to be found out again of a long table
        return labels
    unnamed = _blank(study)
    if not any(unnamed):
        return Labels(map(str, study), rows)
    named = {str(name) for name, lacks in zip(study, unnamed, strict=True) if not lacks}
    for row, lacks in zip(rows, unnamed, strict=True):
        if lacks and str(row + 1) in named:
            raise DataError(
                f"row {row} names no trial, and by its number, {row + 1}, it would be taken for the trial of that "
                "name: name it."
            )
    return Labels(
        [str(row + 1) if lacks else str(name) for name, row, lacks in zip(study, rows, unnamed, strict=True)], rows
    )


def unnamed(study: Sequence[Any] | None, rows: Sequence[int]) -> tuple[str, ...]:
    """Return a sentence on the rows that name no trial, which stand as trials of their own; nothing where all do."""
    lacking = [] if study is None else [row for row, lacks in zip(rows, _blank(study), strict=True) if lacks]
    if not lacking:
        return ()
    one = len(lacking) == 1
    own = [str(row + 1) for row in lacking]
    return (f"row{'s' * (not one)} {some(list(map(str, lacking)))} (from 0) name{'s' * one} no trial: "
            f"{'it stands' if one else 'each stands'} as a trial of its own, {some(own)}.",)  # fmt: skip


def where(labels: Sequence[str], row: int, what: str = "trial") -> str:
    """Name a row for a message: its label and its number in the table, counted from 0 as pandas does."""
    number = labels.rows[row] if isinstance(labels, Labels) else row
    return f"{what} {labels[row]!r} (row {number})"


def named_in(sentence: str) -> tuple[str, str]:
    """Return the label that a sentence begins with, as ``where`` has it, and what it says; "" where it has none."""
    found = _PLACE.match(sentence)
    return (str(literal_eval(found["label"])), found["said"]) if found else ("", sentence)


def refuse_beyond(values: Floats, name: str, labels: Sequence[str], least: float = 0.0) -> None:
    """Refuse numbers of which squares and products are beyond what a number can hold: above 1e50, or below `least`."""
    size = np.abs(values)
    bad = np.isfinite(values) & ((size > LARGEST) | (size < least))
    refuse(bad, labels, lambda i: f"{name}={values[i]:g} is too {'large' if size[i] > LARGEST else 'small'} to compute "
           "with, beyond 1e50 or its inverse: mend it, or give it in another unit.")  # fmt: skip


def refuse(bad: NDArray[np.bool_], labels: Sequence[str], say: Any, what: str = "trial") -> None:
    """Raise a DataError at the first row where `bad` holds.

    Parameters
    ----------
    bad
        One flag a row.
    labels
        One label a row.
    say
        Function of the row's number that returns what is wrong there and how to mend it.
    what
        What a row is: a trial, a patient.
    """
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(f"{where(labels, row, what)}: {say(row)}{more_like_it(int(bad.sum()) - 1)}")


def more_like_it(rows: int) -> str:
    """Return the end of a message on the first of several rows."""
    return f" ({rows} more row{'s' * (rows > 1)} like it.)" if rows else ""
