"""Printed numbers, and rows of them under the names of the schema."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from ..schema.dates import dates_of
from ..schema.fields import MONTHS as MONTHS
from ..schema.levels import is_whole
from ..schema.reciprocal import ends, printed_places
from ..schema.row_rules import RATES
from ..schema.tables import OUTCOMES
from ..selection.select import NO_LEVEL

EPS = 1e-9  # of a percent or a month: what binary fractions add to a decimal


class Number(NamedTuple):
    """A number as it is printed: its value, and how many decimals it shows.

    The true value lies within half a unit of the last digit; `low` and `high` are the ends of that range. Of a number
    that is one over a printed one, the digits of that count.
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
        places = printed_places(self.value, self.decimals)
        return self.value - self.half if places is None else ends(self.value, places)[0]

    @property
    def high(self) -> float:
        """The greatest value that prints so."""
        places = printed_places(self.value, self.decimals)
        return self.value + self.half if places is None else ends(self.value, places)[1]

    def prints(self, value: float, slack: float = EPS) -> bool:
        """Tell whether `value` prints so; a tie may go either way."""
        return self.low - slack <= value <= self.high + slack

    def meets(self, low: float, high: float) -> bool:
        """Tell whether a value between `low` and `high` prints so."""
        return low <= self.high + EPS and high >= self.low - EPS

    def times(self, factor: float) -> tuple[float, float]:
        """Return the ends of the range in another unit."""
        return self.low * factor, self.high * factor

    def in_percent(self) -> Number:
        """Return a printed proportion as a percentage."""
        return Number(round(100 * self.value, max(self.decimals - 2, 0)), self.decimals - 2 if self.decimals else 0)

    def __str__(self) -> str:
        return f"{self.value:.{max(self.decimals, 0)}f}"


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
        return int(value) if value is not None and 0 <= value < math.inf and value == int(value) else None

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
        """The estimate, where it is a percentage from 0 to 100."""
        printed = self.num("estimate") if self.kind == "proportion" and self.text("unit") in ("", "percent") else None
        return printed if printed is not None and 0 <= printed.value <= 100 else None

    @property
    def arm(self) -> str:
        """The arm, by its identifier where it has one."""
        return self.text("arm_id") or self.text("arm")

    @property
    def level(self) -> str:
        """The level of the subgroup, in lower case; empty for all patients."""
        level = self.text("subgroup_level")
        return "" if is_whole(level) else level.casefold()

    @property
    def variable(self) -> str:
        """The subgroup variable, in lower case; empty for all patients."""
        return self.text("subgroup_variable").casefold() if self.level else ""

    @property
    def record(self) -> str:
        """The number of the registry record that the row was read from; empty where its source is another."""
        source = self.text("source_id").upper()
        return source if source == self.text("registry_id").upper() and source.startswith("NCT") else ""

    @property
    def typed(self) -> bool:
        """Whether the row is about a level that is known, such as mutant, not about patients not tested."""
        return bool(self.level) and self.level not in NO_LEVEL

    @property
    def cut(self) -> str:
        """The date of the data cut, or of publication where the cut has none."""
        return dates_of(self.text("data_cut"), self.text("published")).known

    def confidence(self, column: str) -> float | None:
        """Return a level as a proportion, 95 read as 0.95; None where there is none."""
        level = self.value(column)
        level = level / 100 if level is not None and 1 < level < 100 else level
        return level if level is not None and 0 < level < 1 else None

    def months(self, column: str = "estimate") -> tuple[float, float] | None:
        """Return the ends of the range of a printed time, in months; None where it is no time."""
        printed, factor = self.num(column), MONTHS.get(self.text("unit"))
        return None if printed is None or factor is None else printed.times(factor)


def question(row: Row) -> tuple[str, ...]:
    """Return what a row is about, but for the arm and the subgroup's patients: outcome, part, assessor, cut, time."""
    return (row.outcome, row.variable, row.level, row.text("assessor"), row.cut, row.text("time_months"))


def cohort(row: Row) -> tuple[str, ...]:
    """Return what rows share that report one set of patients at one time, in whole or in parts."""
    what = ("outcome", "assessor", "time_months", "unit_of_analysis", "confirmed")
    return (row.trial, row.arm, row.cut, *(row.text(c) for c in what))


def of_one_arm(rows: list[Row]) -> bool:
    """Tell whether rows of one trial are of one arm: they name it, or report each outcome once."""
    return bool(rows[0].arm) or len({row.outcome for row in rows}) == len(rows)
