"""Patients who stand in more than one row: levels that hold each other, rows entered twice, a control arm shared.

The rule of levels is that of the audit, in ``metaonc.data.schema.levels``; here it is asked of the rows of a pool.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from ...base.check import Labels
from ...data.schema.levels import is_whole, overlapping, part_of
from ...errors import DataError
from .studies import Studies

_ARMS = ("arm", "arm_id", "treatment", "regimen", "group", "dose", "cohort", "comparison")
_NO_LEVELS = ("route", "inputs", "measure", "outcome", "note")
_TYPED = re.compile(r"\b(mutant|mutated|mut|wild|wt|positive|negative)\b")
_COUNTED = ("events", "n_", "time")
_CONTROL = ("events_c", "n_c", "time_c", "mean_c", "sd_c")
WORDS = 5  # of a level at most; what is longer is a remark


class Overlap(NamedTuple):
    """Rows of one trial whose levels share patients.

    Attributes
    ----------
    trial, column
        The trial, and the column of the levels.
    levels
        Names of the levels, in the order of the table.
    rows
        Their rows, as numbers from 0 among those that were asked of.
    surplus
        The rows without which each patient is in one row at most.
    """

    trial: str
    column: str
    levels: tuple[str, ...]
    rows: tuple[int, ...]
    surplus: tuple[int, ...]

    def __str__(self) -> str:
        return f"trial {self.trial!r}: {self.column} {_listed(map(repr, self.levels))} share patients"


def overlaps(labels: Sequence[str], data: pd.DataFrame, by: str | None = None) -> list[Overlap]:
    """Return the trials of which levels share patients.

    Parameters
    ----------
    labels, data
        Name of each row's trial, and the rows with all their columns. Rows of another arm are of other patients.
    by
        Column of the levels; others that name levels are found by their words.
    """
    if len(set(labels)) == len(labels):
        return []
    columns = ([by] if by is not None else []) + [c for c in _level_columns(data) if c != by]
    if not columns:
        return []
    levels = [_texts(data[c], blank=c == "subgroup_level") for c in columns]
    arms = [_texts(data[c]) for c in data.columns if c in _ARMS and c not in columns]
    cohorts: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for i, label in enumerate(labels):
        cohorts[label, *(arm[i] for arm in arms)].append(i)
    return [found for (label, *_), rows in cohorts.items() if (found := _overlap(label, rows, columns, levels))]


def _overlap(label: str, rows: list[int], columns: list[str], levels: list[list[str | None]]) -> Overlap | None:
    """Return which of the rows of one arm share patients, None where none do."""
    pairs = {frozenset(pair) for pair in combinations(rows, 2) if _share(*pair, levels)}
    shared = sorted({i for pair in pairs for i in pair})
    if not shared:
        return None
    first, second = min(tuple(sorted(pair)) for pair in pairs)
    which = next(c for c, names in enumerate(levels) if names[first] != names[second])
    kept: list[int] = []
    for i in sorted(rows, key=lambda i: sum(_within(i, j, levels) for j in rows)):  # the whole, then what holds others
        if not any(frozenset((i, j)) in pairs for j in kept):
            kept.append(i)
    names = tuple(dict.fromkeys(str(levels[which][i]) for i in shared))
    return Overlap(label, columns[which], names, tuple(shared), tuple(sorted(set(rows) - set(kept))))


def _share(i: int, j: int, levels: list[list[str | None]]) -> bool:
    """Tell whether two rows share patients: in no column are their levels apart, in one at least they differ."""
    pairs = [(names[i], names[j]) for names in levels]
    alike = [a is not None and b is not None and (_same(a, b) or overlapping(a, b)) for a, b in pairs]
    return all(alike) and any(not _same(str(a), str(b)) for a, b in pairs)


def _within(i: int, j: int, levels: list[list[str | None]]) -> bool:
    """Tell whether the patients of row i are among those of row j, and not the other way round."""
    pairs = [(str(names[i]), str(names[j])) for names in levels if names[i] is not None and names[j] is not None]
    return all(part_of(a, b) for a, b in pairs) and not all(part_of(b, a) for a, b in pairs)


def _same(a: str, b: str) -> bool:
    return a.casefold() == b.casefold()


def _texts(column: pd.Series, blank: bool = False) -> list[str | None]:
    """Return the cells as text; missing ones as None, or as text without a letter where `blank` says what they are."""
    return [("" if blank else None) if gap else str(x) for x, gap in zip(column.tolist(), column.isna(), strict=True)]


def _level_columns(data: pd.DataFrame) -> list[str]:
    """Return the columns of text in which levels stand: one of their cells is of all patients, or names a type."""
    return [c for c in data.columns if isinstance(c, str) and c not in _NO_LEVELS and _names_levels(data[c])]


def _names_levels(column: pd.Series) -> bool:
    if is_numeric_dtype(column):
        return False
    texts = [text for text in dict.fromkeys(column.dropna().tolist()) if isinstance(text, str) and text.strip()]
    if not texts or any(len(text.split()) > WORDS for text in texts):
        return False
    return any(is_whole(text) or _TYPED.search(text.casefold()) for text in texts)


def refuse_overlap(studies: Studies) -> None:
    """Raise a DataError where rows of one trial share patients, whom a pool would count more than once.

    Parameters
    ----------
    studies
        The rows of a pool.
    """
    found = overlaps(studies.labels, studies.data)
    if not found:
        return
    first, more = found[0], len(found) - 1
    tail = f" ({more} more trial{'s' * (more > 1)} like it.)" if more else ""
    raise DataError(
        f"{first}{_sizes(first, studies)}, and one pool would count them more than once. Leave out "
        f"{_rows(first.surplus, studies.labels)}; or take pool_subgroups(by={first.column!r}), which pools each level "
        "by itself; rows of other patients name their arm in a column 'arm'; pool(covariance=) takes rows that share "
        f"patients with their sampling covariances.{tail}"
    )


def _sizes(found: Overlap, studies: Studies) -> str:
    """Return how many patients the rows and the patients in them are, where the table says it."""
    n = sizes(studies)
    if n is None or np.isnan(n[list(found.rows)]).any():
        return ""
    least = sum(n[i] for i in found.rows if i not in found.surplus)
    return f" ({n[list(found.rows)].sum():g} in all rows, {least:g} once each is counted once)"


def sizes(studies: Studies) -> Any:
    """Return the patients of each row, of one arm or of both; None where the table does not say them."""
    both = [studies.counts(role) for role in ("n_t", "n_c")]
    return studies.counts("n") if both[0] is None or both[1] is None else both[0] + both[1]


def cautions(studies: Studies) -> tuple[str, ...]:
    """Return a sentence for each trial whose patients are counted more than once: entered twice, or a shared control.

    Parameters
    ----------
    studies
        The rows of a pool that takes them as independent.
    """
    if len(set(studies.labels)) == len(studies.labels):
        return _copies(studies)
    return (*_twice(studies), *(_shared_control(studies) if studies.covariance is None else ()))


def independent_rows(studies: Studies) -> tuple[str, ...]:
    """Return the sentence that rows of one trial are taken as independent, where nothing tells that they are.

    Levels that share no patient tell it, and arms where each row is of one arm.
    """
    if len(set(studies.labels)) == len(studies.labels):
        return ()
    one_armed = bool(studies.roles) and not any(role.endswith("_c") for role in studies.roles)
    arms = [_texts(studies.data[c]) for c in studies.data.columns if c in _ARMS and one_armed]
    groups = [rows for rows in _equal(range(len(studies.labels)), studies.labels) if len(rows) > 1]
    twice = next(
        (studies.labels[i] for rows in groups for i, j in combinations(rows, 2)
         if not _apart([i, j], studies) and not any(arm[i] != arm[j] for arm in arms)), None,
    )  # fmt: skip
    return () if twice is None else (
        f"trial {twice!r} gives more than one row; they are taken as independent patients: leave out what shares "
        "patients with another row.",
    )  # fmt: skip


def _twice(studies: Studies) -> Iterator[str]:
    for label, rows in _groups(studies, _figures(studies), told_apart=True):
        yield (
            f"trial {label!r} has the same figures in {_rows(rows, studies.labels)}: its patients are counted "
            f"{len(rows)} times. Keep one of the rows; name arm or level in a column if they are other patients."
        )


def _copies(studies: Studies) -> tuple[str, ...]:
    """Return a sentence on rows that are alike in all columns, where trials are not named by `study`."""
    named = [c for c in studies.data.columns if c not in _NO_LEVELS and not is_numeric_dtype(studies.data[c])]
    numbers = studies.labels.rows if isinstance(studies.labels, Labels) else range(len(studies.labels))
    if not named or studies.labels[0] != str(numbers[0] + 1):
        return ()
    keys = [tuple(map(str, row)) for row in studies.data.itertuples(index=False, name=None)]
    again = [rows for rows in _equal(range(len(keys)), keys) if len(rows) > 1]
    return tuple(
        f"{_rows(rows, studies.labels)} are alike in all columns: if they are one trial, its patients are counted "
        f"{len(rows)} times. Keep one of the rows."
        for rows in again
    )


def _shared_control(studies: Studies) -> Iterator[str]:
    control = [studies.counts(role) for role in _CONTROL]
    known = [x for x in control if x is not None]
    if control[0] is None and control[3] is None:  # neither events nor means of it are known
        return
    arms = [tuple(float(x[i]) for x in known) for i in range(len(studies.labels))]
    own = _figures(studies)
    for label, rows in _groups(studies, arms):
        if len({own[i] for i in rows}) < 2 or np.isnan(arms[rows[0]]).any() or _apart(rows, studies):
            continue
        yield (
            f"trial {label!r} has the same control arm in {_rows(rows, studies.labels)}: its patients are counted "
            f"{len(rows)} times, and the rows are not independent. pool(shared=), with a column that names the control "
            "arm, takes their covariance; or add the treatment arms up to one."
        )


def _apart(rows: Sequence[int], studies: Studies) -> bool:
    """Tell whether rows are of levels that share no patient, so that equal numbers are chance."""
    levels = [_texts(studies.data[c]) for c in _level_columns(studies.data)]
    return any(
        a is not None and b is not None and not _same(a, b) and not overlapping(a, b)
        for names in levels for a, b in combinations([names[i] for i in rows], 2)
    )  # fmt: skip


def _figures(studies: Studies) -> list[tuple[float, ...]]:
    """Return the effect, its variance and the counts of each row."""
    known = [studies.counts(role) for role in studies.roles if role.startswith(_COUNTED)]
    columns = np.array([studies.yi, studies.vi, *(x for x in known if x is not None)])
    return [tuple(row) for row in np.where(np.isnan(columns), -1.0, columns).T.tolist()]


def _groups(
    studies: Studies, keys: Sequence[tuple[float, ...]], told_apart: bool = False
) -> Iterator[tuple[str, list[int]]]:
    """Yield the rows of one trial that have one key, of the same arm and level where `told_apart`."""
    columns = [c for c in studies.data.columns if c in _ARMS or c in _level_columns(studies.data)] if told_apart else []
    where = [_texts(studies.data[c]) for c in columns]
    full = [(label, keys[i], *(names[i] for names in where)) for i, label in enumerate(studies.labels)]
    for rows in _equal(range(len(full)), full):
        if len(rows) > 1:
            yield studies.labels[rows[0]], rows


def _equal(rows: Iterable[int], keys: Sequence[Any]) -> list[list[int]]:
    groups = defaultdict(list)
    for i in rows:
        groups[keys[i]].append(i)
    return list(groups.values())


def _rows(rows: Iterable[int], labels: Sequence[str]) -> str:
    """Name rows by their numbers in the table, from 0 as pandas counts."""
    numbers = [str(labels.rows[i] if isinstance(labels, Labels) else i) for i in rows]
    return f"row{'s' * (len(numbers) > 1)} {_listed(numbers)}"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
