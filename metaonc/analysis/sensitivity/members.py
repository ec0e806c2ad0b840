"""Which rows are in each subset of trials."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...base.check import Labels, one_of

INSIDE = {"leave_one_out": np.not_equal, "cumulative": np.greater_equal}
UNITS = ("trial", "row")


@dataclass(frozen=True, slots=True)
class Members:
    """Subsets of the rows of a result, one a trial or a row.

    Attributes
    ----------
    verb
        Which of ``INSIDE``.
    names
        Of the units that leave or come in together, in the order of the table, each once.
    codes
        The number of each row's unit, (k,).
    """

    verb: str
    names: tuple[str, ...]
    codes: NDArray[np.int64]

    def rows(self, numbers: Any) -> Any:
        """Return which rows are in the subset of a number, (k,), or in those of many (m, 1), (m, k)."""
        return INSIDE[self.verb](numbers, self.codes)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Number of rows in each subset, (m,)."""
        own = np.bincount(self.codes)
        return np.asarray(len(self.codes) - own if self.verb == "leave_one_out" else own.cumsum(), dtype=np.int64)

    def of_unit(self, number: int) -> NDArray[np.bool_]:
        """Return which rows are of a unit, (k,)."""
        return np.asarray(self.codes == number)


def members(labels: tuple[str, ...], units: tuple[str, ...], verb: str, by: str) -> Members:
    """Return the subsets that a verb makes.

    Parameters
    ----------
    labels, units
        Names of the rows, and of the trials that they are of.
    verb
        Which of ``INSIDE``.
    by
        Whether the rows of a trial leave together (``trial``), or each row alone (``row``).

    Raises
    ------
    OptionError
        When `by` does not exist.
    """
    names = units if one_of("by", by, UNITS) == "trial" else _of_rows(labels)
    place = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return Members(verb, tuple(place), np.array([place[name] for name in names], dtype=np.int64))


def _of_rows(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of rows; those that several rows have are told apart by the row's number in the table."""
    numbers = labels.rows if isinstance(labels, Labels) else range(len(labels))
    often = Counter(labels)
    pairs = zip(labels, numbers, strict=True)
    return tuple(f"{name} (row {number})" if often[name] > 1 else name for name, number in pairs)
