"""Patients who stand in several rows of a trial, as the levels of these rows hold each other: found, and refused.

The rule of levels is that of the audit, in ``metaonc.data.schema.levels``; here it is asked of the rows of a pool.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from ...base.check import Labels
from ...base.labels import blanks, folded
from ...data.schema.levels import is_whole, overlapping, part_of
from ...errors import DataError
from .studies import Studies

TRIALS = ("trial", "study")
ARMS = ("arm", "arm_id", "treatment", "regimen", "group", "dose", "cohort", "comparison")
NO_LEVELS = ("route", "inputs", "measure", "outcome", "note", "p", "p_value", "ci", "data_cut")
_TYPED = re.compile(r"\b(mutant|mutated|mut|wild|wt|positive|negative|male|female|men|women)\b")
_VARIANT = re.compile(r"\b[A-Z]\d{2,4}[A-Z]\b")
_RANGE = re.compile(r"(>=|<=|≥|≤|>|<|\d\s*%?\s*[-–])\s*\d+(\.\d+)?\s*%?$")  # at the end: of p = 0.02 it is none
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
        return f"trial {self.trial!r}: {self.column} {listed(map(repr, self.levels))} share patients"


def overlaps(labels: Sequence[str], data: pd.DataFrame, by: str | None = None) -> list[Overlap]:
    """Return the trials of which levels share patients.

    Parameters
    ----------
    labels, data
        Label of each row, and the rows with all their columns. Rows of another arm are of other patients.
    by
        Column of the levels; others that name levels are found by their words.
    """
    labels = trials_of(labels, data)
    if distinct(labels):
        return []
    columns = ([by] if by is not None else []) + [c for c in _level_columns(data) if c != by]
    if not columns:
        return []
    levels = [texts(data[c], blank=c == "subgroup_level") for c in columns]
    arms = [texts(data[c]) for c in data.columns if c in ARMS and c not in columns]
    cohorts: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for i, label in enumerate(labels):
        cohorts[label, *(arm[i] for arm in arms)].append(i)
    return [found for (label, *_), rows in cohorts.items() if (found := _overlap(label, rows, columns, levels))]


def trials_of(labels: Sequence[str], data: pd.DataFrame) -> Sequence[str]:
    """Return the trial of each row: its label, or, where rows are only numbered, that of the column trial or study."""
    if numbered(labels):
        for column in (c for c in TRIALS if c in data.columns and not blanks(data[c]).any()):
            return [str(name) for name in data[column].tolist()]
    return labels


def numbered(labels: Sequence[str]) -> bool:
    """Tell whether rows have no name but their number in the table, from 1."""
    return _labels(labels).numbered


def distinct(labels: Sequence[str]) -> bool:
    """Tell whether no two rows have the same label."""
    return _labels(labels).distinct


def _labels(labels: Sequence[str]) -> Labels:
    return labels if isinstance(labels, Labels) else Labels(labels, range(len(labels)))


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
    names = tuple(dict.fromkeys(levels[which][i] or "(blank: all patients)" for i in shared))
    return Overlap(label, columns[which], names, tuple(shared), tuple(sorted(set(rows) - set(kept))))


def _share(i: int, j: int, levels: list[list[str | None]]) -> bool:
    """Tell whether two rows share patients: in no column are their levels apart, in one at least they differ."""
    pairs = [(names[i], names[j]) for names in levels]
    alike = [a is not None and b is not None and (same_name(a, b) or overlapping(a, b)) for a, b in pairs]
    return all(alike) and any(not same_name(str(a), str(b)) for a, b in pairs)


def _within(i: int, j: int, levels: list[list[str | None]]) -> bool:
    """Tell whether the patients of row i are among those of row j, and not the other way round."""
    pairs = [(str(names[i]), str(names[j])) for names in levels if names[i] is not None and names[j] is not None]
    return all(part_of(a, b) for a, b in pairs) and not all(part_of(b, a) for a, b in pairs)


def same_name(a: str, b: str) -> bool:
    """Tell whether two levels have one name, whatever its case and spelling."""
    return folded(a) == folded(b)


def texts(column: pd.Series, blank: bool = False) -> list[str | None]:
    """Return the cells as text; missing ones as None, or as text without a letter where `blank` says what they are."""
    return [("" if blank else None) if gap else str(x) for x, gap in zip(column.tolist(), blanks(column), strict=True)]


def _level_columns(data: pd.DataFrame) -> list[str]:
    """Return the columns of text in which levels stand: one of their cells is of all patients, or names a type."""
    return [c for c in data.columns if isinstance(c, str) and c not in NO_LEVELS and _names_levels(data[c])]


def levels_of(data: pd.DataFrame) -> list[list[str | None]]:
    """Return the levels of each row, by each column in which levels stand."""
    return [texts(data[c], blank=c == "subgroup_level") for c in _level_columns(data)]


def _names_levels(column: pd.Series) -> bool:
    if is_numeric_dtype(column):
        return False
    cells = {text for text in column.tolist() if isinstance(text, str) and text.strip()}
    if not cells or any(len(text.split()) > WORDS for text in cells):
        return False
    if all(_RANGE.search(text) or is_whole(text) for text in cells):
        return True
    return any(is_whole(text) or _TYPED.search(text.casefold()) or _VARIANT.search(text) for text in cells)


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
        f"{named_rows(first.surplus, studies.labels)}; or take pool_subgroups(by={first.column!r}), which pools "
        "each level by itself; rows of other patients name their arm in a column 'arm'; pool(covariance=) takes rows "
        f"that share patients with their sampling covariances.{tail}"
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


def named_rows(rows: Iterable[int], labels: Sequence[str]) -> str:
    """Name rows by their numbers in the table, from 0 as pandas counts."""
    numbers = [str(labels.rows[i] if isinstance(labels, Labels) else i) for i in rows]
    return f"row{'s' * (len(numbers) > 1)} {listed(numbers)}"


def listed(names: Iterable[str]) -> str:
    """Return names as a sentence has them."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
