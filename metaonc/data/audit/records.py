"""What an audit works on and what it finds: the table as read, findings and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from ..collections.published_curves import PublishedCurve
from .rows import Row, question


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Attributes
    ----------
    rows
        The row that it is about first, then the others that tell.
    columns
        Columns concerned.
    got, expected
        What is printed, and what would go together.
    message, fix
        What is wrong, in a sentence, and what to do.
    severity
        Where it is not that of the rule.
    """

    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    got: str
    expected: str
    message: str
    fix: str
    severity: str | None = None


@dataclass(frozen=True)
class Reading:
    """A table as an audit reads it.

    Attributes
    ----------
    rows
        Its rows.
    frame
        The same, typed, under the names of the schema.
    columns
        Names of the columns that the table has, in the schema's words.
    remarks
        What was found in reading the cells: (rule, finding).
    curves
        Number of a row -> its curve, where the rows are about published curves.
    not_read
        Columns of numbers that are not understood.
    questions
        Columns -> why they were not read.
    left_out
        What of the source is no row.
    places
        Number of a row -> where it stands.
    """

    rows: tuple[Row, ...]
    frame: pd.DataFrame
    columns: frozenset[str]
    remarks: tuple[tuple[str, Finding], ...] = ()
    curves: Mapping[int, PublishedCurve] = field(default_factory=dict)
    not_read: tuple[str, ...] = ()
    questions: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    places: Mapping[int, str] = field(default_factory=dict)

    @cached_property
    def superseded(self) -> frozenset[str]:
        """The row_id of the rows that another row replaces."""
        return frozenset(name for row in self.rows for name in row.text("supersedes").split())

    @cached_property
    def holders(self) -> Mapping[tuple[str, str], str]:
        """(trial, arm) -> the arm that holds all its patients."""
        return {(row.trial, row.arm): row.text("nested_in") for row in self.rows if row.text("nested_in")}

    def root(self, row: Row) -> str:
        """Return the outermost arm that holds the patients of a row."""
        arm, seen = row.arm, set()
        while (above := self.holders.get((row.trial, arm))) and above not in seen:
            seen.add(arm)
            arm = above
        return arm

    def current(self) -> Iterator[Row]:
        """Return the rows that no other row replaces."""
        return (row for row in self.rows if row.text("row_id") not in self.superseded or not row.text("row_id"))

    @cached_property
    def _by_trial(self) -> dict[str, list[Row]]:
        return {rows[0].trial: rows for rows in self.grouped(lambda row: row.trial)}

    def of_trial(self, trial: str) -> list[Row]:
        """Return the rows of a trial."""
        return self._by_trial.get(trial, [])

    def wholes(self, row: Row) -> list[Row]:
        """Return the rows on all patients of the trial about the outcome of a row, of its arm and cut first."""
        rows = [r for r in self.of_trial(row.trial) if not r.level and r.outcome == row.outcome]
        return sorted(rows, key=lambda r: (r.arm != row.arm, r.cut != row.cut))

    def grouped(self, key: Callable[[Row], object], rows: Iterable[Row] | None = None) -> list[list[Row]]:
        """Return the rows in groups of the same key; a key of None is no group."""
        groups: dict[object, list[Row]] = {}
        for row in self.rows if rows is None else rows:
            name = key(row)
            if name is not None:
                groups.setdefault(name, []).append(row)
        return list(groups.values())

    @cached_property
    def _by_question(self) -> dict[tuple[str, ...], list[Row]]:
        groups: dict[tuple[str, ...], list[Row]] = {}
        for row in self.rows:
            groups.setdefault((row.trial, row.arm, *question(row)), []).append(row)
        return groups

    def comparators(self, row: Row) -> list[Row]:
        """Return the rows of the comparator arm about the same outcome, subgroup, assessor and cut."""
        return self._by_question.get((row.trial, row.text("comparator"), *question(row)), [])


@dataclass(frozen=True, slots=True)
class AuditRule:
    """A rule of the audit; to add one, write its function and add a record to a table of rules.

    Attributes
    ----------
    name, title
        Its name in the findings, and what it asks, in words.
    severity
        "error" (cannot be), "warning" (unlikely, or misleading as it stands) or "note" (to be known before pooling).
    needs
        Sets of columns, any of which it can work on; without them it is skipped.
    find
        Function of the table that yields the findings.
    explains
        Rules whose findings on the same row say less about the same fault, and are left out.
    caution
        What a pool of such rows must say, before the names of their trials; empty where it can be read without that.
    """

    name: str
    title: str
    severity: str
    needs: tuple[tuple[str, ...], ...]
    find: Callable[[Reading], Iterable[Finding]]
    explains: tuple[str, ...] = field(default=())
    caution: str = ""

    def lacks(self, columns: frozenset[str]) -> tuple[str, ...]:
        """Return the columns that are missing to work at all; empty when it can."""
        if not self.needs or any(set(need) <= columns for need in self.needs):
            return ()
        return min((tuple(c for c in need if c not in columns) for need in self.needs), key=len)
