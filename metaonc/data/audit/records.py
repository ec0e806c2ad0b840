"""What an audit works on and what it finds: printed numbers, rows, the table as read, findings and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from .._rules import RATES
from ..schema import OUTCOMES
from ..selection import NO_LEVEL

WHOLE = ("", "all", "overall", "total", "itt", "all patients", "whole", "everyone")
MONTHS = {"months": 1.0, "weeks": 7 / 30.4375, "days": 1 / 30.4375, "years": 12.0}
EPS = 1e-9  # of a percent or a month: what binary fractions add to a decimal


class Number(NamedTuple):
    """A number as it is printed: its value, and how many decimals it shows.

    The true value lies within half a unit of the last digit; `low` and `high` are the ends of that range.
    """

    value: float
    decimals: int

    @property
    def half(self) -> float:
        """Half a unit of the last digit printed."""
        return 0.5 * 10.0**-self.decimals

    @property
    def low(self) -> float:
        """The least value that prints so."""
        return self.value - self.half

    @property
    def high(self) -> float:
        """The greatest value that prints so."""
        return self.value + self.half

    def prints(self, value: float, slack: float = EPS) -> bool:
        """Tell whether `value` prints so; a tie may go either way."""
        return self.low - slack <= value <= self.high + slack

    def meets(self, low: float, high: float) -> bool:
        """Tell whether a value between `low` and `high` prints so."""
        return low <= self.high + EPS and high >= self.low - EPS

    def times(self, factor: float) -> tuple[float, float]:
        """Return the ends of the range in another unit."""
        return self.low * factor, self.high * factor

    def __str__(self) -> str:
        return f"{self.value:.{self.decimals}f}"


@dataclass(slots=True)
class Row:
    """One row: its number from 0, its label, the text of its cells and the numbers among them, blanks left out."""

    number: int
    label: str
    texts: dict[str, str]
    numbers: dict[str, Number]

    def num(self, column: str) -> Number | None:
        """Return the number of a column; None where it is blank or none."""
        return self.numbers.get(column)

    def value(self, column: str) -> float | None:
        """Return the value of a column; None where it is blank or no number."""
        printed = self.numbers.get(column)
        return None if printed is None else printed.value

    def count(self, column: str) -> int | None:
        """Return a column that holds a whole number of patients or events; None otherwise."""
        value = self.value(column)
        return int(value) if value is not None and value >= 0 and value == int(value) else None

    def text(self, column: str) -> str:
        """Return the text of a column; empty where it is blank."""
        return self.texts.get(column, "")

    @property
    def trial(self) -> str:
        """The trial, as named."""
        return self.text("trial")

    @property
    def outcome(self) -> str:
        """The code of the outcome, or its words where they are not known."""
        return self.text("outcome")

    @property
    def kind(self) -> str:
        """Whether the outcome is a "proportion" or a "time", by its unit where it is not known; else empty."""
        known = OUTCOMES.get(self.outcome)
        by_unit = "proportion" if self.text("unit") == "percent" else "time" if self.text("unit") in MONTHS else ""
        return known.kind if known else by_unit

    @property
    def is_rate(self) -> bool:
        """Whether it is a rate at a time, which a Kaplan-Meier curve gives as well as a count."""
        return self.outcome in RATES

    @property
    def percentage(self) -> Number | None:
        """The estimate, where it is a percentage."""
        return self.num("estimate") if self.kind == "proportion" and self.text("unit") in ("", "percent") else None

    @property
    def arm(self) -> str:
        """The arm, by its identifier where it has one."""
        return self.text("arm_id") or self.text("arm")

    @property
    def level(self) -> str:
        """The level of the subgroup, in lower case; empty for all patients."""
        level = self.text("subgroup_level").casefold()
        return "" if level in WHOLE else level

    @property
    def variable(self) -> str:
        """The subgroup variable, in lower case; empty for all patients."""
        return self.text("subgroup_variable").casefold() if self.level else ""

    @property
    def typed(self) -> bool:
        """Whether the row is about a level that is known, such as mutant, not about patients not tested."""
        return bool(self.level) and self.level not in NO_LEVEL

    @property
    def cut(self) -> str:
        """The data cut."""
        return self.text("data_cut")

    def confidence(self, column: str) -> float | None:
        """Return a level as a proportion, 95 read as 0.95; None where there is none."""
        level = self.value(column)
        level = level / 100 if level is not None and 1 < level < 100 else level
        return level if level is not None and 0 < level < 1 else None

    def months(self, column: str = "estimate") -> tuple[float, float] | None:
        """Return the ends of the range of a printed time, in months; None where it is no time."""
        printed, factor = self.num(column), MONTHS.get(self.text("unit"))
        return None if printed is None or factor is None else printed.times(factor)


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
    """

    rows: tuple[Row, ...]
    frame: pd.DataFrame
    columns: frozenset[str]
    remarks: tuple[tuple[str, Finding], ...] = ()

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


def question(row: Row) -> tuple[str, ...]:
    """Return what a row is about, but for the arm and the subgroup's patients: outcome, part, assessor, cut, time."""
    return (row.outcome, row.variable, row.level, row.text("assessor"), row.cut, row.text("time_months"))


def cohort(row: Row) -> tuple[str, ...]:
    """Return what rows share that report one set of patients at one time, in whole or in parts."""
    what = ("outcome", "assessor", "data_cut", "time_months", "unit_of_analysis", "confirmed")
    return (row.trial, row.arm, *(row.text(c) for c in what))


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
    """

    name: str
    title: str
    severity: str
    needs: tuple[tuple[str, ...], ...]
    find: Callable[[Reading], Iterable[Finding]]
    explains: tuple[str, ...] = field(default=())

    def lacks(self, columns: frozenset[str]) -> tuple[str, ...]:
        """Return the columns that are missing to work at all; empty when it can."""
        if not self.needs or any(set(need) <= columns for need in self.needs):
            return ()
        return min((tuple(c for c in need if c not in columns) for need in self.needs), key=len)
