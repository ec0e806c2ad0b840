"""The rows of two pools beside each other: which trials came, went or changed, and the pool of any mixture of them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.check import Labels
from ...base.labels import join_labels
from ...errors import DataError
from ..numeric.wls import Floats
from ..results.pooled import PooledResult
from ..results.studies import Studies

CHANGES = ("added", "changed", "removed", "unchanged")
SAME = 1e-12  # relative: what rounding makes of one number on two ways


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Beside:
    """Rows of a pool before and after, one below the other.

    Attributes
    ----------
    studies
        The rows before and then those after, with the columns of both.
    is_after
        Which rows are of the pool after, (k,).
    units
        Trial of each row, (k,).
    changes
        Trial -> one of ``CHANGES``, in the order of the pool after and then that before.
    """

    studies: Studies
    is_after: NDArray[np.bool_]
    units: tuple[str, ...]
    changes: dict[str, str]

    @property
    def moved(self) -> list[str]:
        """The trials that are not the same before and after."""
        return [name for name, change in self.changes.items() if change != "unchanged"]

    def mixtures(self, inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return the rows of pools (m, k) in which these of the trials `moved` (m, n) stand as after, others as before.

        Of trials that did not change the rows after are taken.
        """
        place = {name: i for i, name in enumerate(self.moved)}
        own = np.array([place.get(unit, -1) for unit in self.units])
        there = np.pad(inside, ((0, 0), (0, 1)))  # of -1, which is none of them
        return np.where(own >= 0, there[:, own] == self.is_after, self.is_after)


def beside(before: PooledResult, after: PooledResult, units: tuple[tuple[str, ...], tuple[str, ...]]) -> Beside:
    """Return the rows of two pools of one measure beside each other.

    Raises
    ------
    DataError
        When they have no trial in common, or sampling errors of different trials are correlated.
    """
    names = joined_units(*units)
    old, new = before.studies, _named_alike(before.studies, after.studies)
    studies = _below(old, new)
    is_after = np.arange(len(studies.yi)) >= len(old.yi)
    there = [set(names[: len(old.yi)]), set(names[len(old.yi) :])]
    if not there[0] & there[1]:
        raise DataError(
            f"the two pools have no trial in common: {_some(there[0])} before, {_some(there[1])} after. Trials are "
            "compared by their names: give them the same in both."
        )
    if studies.covariance is not None:
        _refuse_across(studies.covariance, names)
    order = dict.fromkeys([*names[len(old.yi) :], *names[: len(old.yi)]])
    numbers = _numbers(before, after, studies)
    found = {name: _change(name, names, is_after, numbers) for name in order}
    return Beside(studies=studies, is_after=is_after, units=names, changes=found)


def joined_units(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """Return the trials of rows before and after, one name where one is written in several ways."""
    table = pd.DataFrame({"trial": [*map(str, before), *map(str, after)]})
    return tuple(join_labels(table, ["trial"]).frame["trial"])


def _some(names: set[str], most: int = 3) -> str:
    shown = sorted(names)
    return ", ".join(map(repr, shown[:most])) + ", ..." * (len(shown) > most)


def _named_alike(old: Studies, new: Studies) -> Studies:
    """Return the rows after, in a table that calls its columns as that before does, so far as both hold the same."""
    renamed = {new.roles[role]: column for role, column in old.roles.items() if role in new.roles}
    renamed = {there: here for there, here in renamed.items() if there != here}
    if not renamed:
        return new
    data = new.data.drop(columns=[c for c in renamed.values() if c in new.data and c not in renamed])
    level = new.reported_level
    return dataclasses.replace(
        new, data=data.rename(columns=renamed), roles={role: renamed.get(c, c) for role, c in new.roles.items()},
        reported_level=renamed.get(level, level) if isinstance(level, str) else level,
    )  # fmt: skip


def _below(old: Studies, new: Studies) -> Studies:
    """Return the rows of two tables as one, what only one of them knows missing in the other."""
    k, m = len(old.yi), len(new.yi)
    columns = dict.fromkeys([*old.data.columns, *new.data.columns])
    data = pd.DataFrame({c: [*_cells(old, c, k), *_cells(new, c, m)] for c in columns})
    covariance = None
    if old.covariance is not None or new.covariance is not None:
        covariance = np.zeros((k + m, k + m))
        covariance[:k, :k] = np.diag(old.vi) if old.covariance is None else old.covariance
        covariance[k:, k:] = np.diag(new.vi) if new.covariance is None else new.covariance
    numbers = [*_row_numbers(old, k), *_row_numbers(new, m)]
    return dataclasses.replace(
        new, labels=Labels((*old.labels, *new.labels), numbers), yi=np.append(old.yi, new.yi),
        vi=np.append(old.vi, new.vi), data=data, covariance=covariance, left_out=None,
        roles={role: c for role, c in new.roles.items() if c in old.data and c in new.data},
    )  # fmt: skip


def _cells(s: Studies, column: str, k: int) -> list[object]:
    return s.data[column].tolist() if column in s.data else [None] * k


def _row_numbers(s: Studies, k: int) -> list[int]:
    return list(s.labels.rows) if isinstance(s.labels, Labels) else list(range(k))


def _refuse_across(covariance: Floats, names: tuple[str, ...]) -> None:
    rows = np.array(names)
    pair = np.argwhere((covariance != 0) & (rows[:, None] != rows))
    if len(pair):
        one, other = (names[int(i)] for i in pair[0])
        raise DataError(
            f"sampling errors of {one!r} and {other!r} are correlated: what moved the pool cannot be told by trial. "
            "Give the rows that share patients one name of a trial."
        )


def _numbers(before: PooledResult, after: PooledResult, studies: Studies) -> Floats:
    """Return what a change of is a change of the trial: effect, variance, counts, and columns that the models name."""
    found: list[Floats] = [studies.yi, studies.vi]
    named = dict.fromkeys(studies.roles.values())
    for r in (before, after):
        for value in r.provenance.settings.values():
            several = value if isinstance(value, (list, tuple)) else [value]
            named |= dict.fromkeys(c for c in several if isinstance(c, str) and c in studies.data)
    for column in named:
        values = studies.data[column]
        numbers = pd.to_numeric(values, errors="coerce")
        words = numbers.isna() & values.notna()
        codes = pd.Series(pd.factorize(values.astype(str))[0], index=values.index, dtype=float)
        found.append(np.asarray(numbers.astype(float).mask(words, codes), dtype=np.float64))
    return np.column_stack(found)


def _change(name: str, units: tuple[str, ...], is_after: NDArray[np.bool_], numbers: Floats) -> str:
    own = np.array(units) == name
    old, new = numbers[own & ~is_after], numbers[own & is_after]
    if not len(old) or not len(new):
        return "added" if len(new) else "removed"
    if len(old) != len(new):
        return "changed"
    old, new = (x[np.lexsort(x.T[::-1])] for x in (old, new))
    return "unchanged" if np.allclose(old, new, rtol=SAME, atol=0, equal_nan=True) else "changed"
