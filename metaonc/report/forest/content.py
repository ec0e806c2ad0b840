"""What a forest plot shows, as data; whatever yields these rows can be drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...data.risk_of_bias.assessment import RiskOfBias
from ..journals import Journal

TRIALS = ("study", "filled")  # kinds of rows: trials, and those that a method filled in
NUMBERS = ("estimate", "low", "high", "weight", "model", "model_low", "model_high")
FIXED = ("kind", "label", *NUMBERS)
TEXTS = ("effect", "share", "counts", "counts_c")  # always there, also where they are not shown
# Short names of columns are acronyms, such as KRAS, but for these.
WORDS = ("age", "arm", "cut", "dose", "drug", "era", "line", "race", "risk", "sex", "site", "size", "type", "year")


@dataclass(frozen=True, slots=True)
class Note:
    """A line below a figure, and what a table of the same rows says: nothing of what is drawn.

    Attributes
    ----------
    figure, table
        The line; empty where there is none.
    shorter
        What a figure says of it where room is scarce, ever shorter; empty where that is the same.
    needed
        Whether no figure can do without it, as without a caution.
    column
        The column that it is on, without which a figure does not say it; empty where it is on none.
    is_caution
        Whether it is a caution of the result, which a document may have said above.
    """

    figure: str
    table: str
    shorter: tuple[str, ...] = ()
    needed: bool = False
    column: str = ""
    is_caution: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What the marks of a figure are called in its key.

    Attributes
    ----------
    study, pooled, common
        A square, a diamond, and an open diamond.
    area
        What the area of a square is; empty where all are alike.
    model
        An open circle.
    """

    study: str = "trial"
    pooled: str = "pooled effect"
    common: str = "common effect"
    area: str = ""
    model: str = "by the model"


def note(text: str, needed: bool = False) -> Note:
    """Return a line for figures and tables alike."""
    return Note(text, text, needed=needed)


Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestSpec:
    """What is asked of a forest plot; the fields are parameters of ``forest_rows``."""

    journal: Journal
    effect: str | None
    unit: str
    study_interval: str
    common: bool
    shrinkage: bool
    left: tuple[str, ...] | None
    right: tuple[str, ...] | None
    digits: int | None
    sort: str | None
    prediction: bool | None
    subgroup_label: str | None
    risk_of_bias: RiskOfBias | None = None

    def heading(self, by: str, level: str = "") -> str:
        """Return the heading of a subgroup: what it is by, and its level as the user writes it."""
        label = titled(by) if self.subgroup_label is None else self.subgroup_label
        return f"{label}: {level}" if label and level else label or level


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRows:
    """The content of a forest plot.

    Attributes
    ----------
    rows
        Columns ``kind`` (group, study, filled, pooled, common, prediction, text, space), ``label``, ``estimate``,
        ``low``, ``high`` on the scale drawn (percent of proportions), ``weight`` in percent; ``model``, ``model_low``
        and ``model_high``, what the model says of this trial (shrunken or fitted); and the columns of text.
    headers
        Text column -> its header; columns that are not shown are not there.
    left, right
        Text columns left of the panel, after the labels, and right of it.
    align
        Text column -> ``right``, ``left``, ``point`` (at the decimal point) or ``light`` (a coloured sign).
    scale, null
        ``log``, ``percent`` or ``linear``; and the value of no effect, None where there is none.
    axis
        Label of the axis.
    reference, whole
        The overall estimate, where the dotted line stands, NaN without one; and the index of its row.
    largest
        The largest weight, whose square is the largest.
    colour
        Of the squares.
    notes
        Lines below the figure or the table.
    journal
        The layout.
    usual
        Columns that nobody asked for: they give way where the width does not suffice.
    marks
        What the marks are called in the key.
    risk_of_bias
        The judgements beside the trials, None where there are none.
    """

    rows: pd.DataFrame
    headers: dict[str, str]
    left: tuple[str, ...]
    right: tuple[str, ...]
    align: dict[str, str]
    scale: str
    null: float | None
    axis: str
    reference: float
    whole: int | None
    largest: float
    colour: str
    notes: tuple[Note, ...]
    journal: Journal
    usual: tuple[str, ...]
    marks: Marks = Marks()
    risk_of_bias: RiskOfBias | None = None

    @property
    def footnotes(self) -> list[str]:
        """Lines below the figure."""
        return [note.figure for note in self.notes if note.figure]

    @property
    def table_notes(self) -> list[str]:
        """Lines below a table of these rows."""
        return [note.table for note in self.notes if note.table]


def row(kind: str, label: str = "", **cells: Any) -> Row:
    """Return a row: numbers that are not given are missing."""
    return {"kind": kind, "label": label, **dict.fromkeys(NUMBERS, math.nan), **cells}


def framed(rows: Iterable[Row], shown: Iterable[str]) -> pd.DataFrame:
    """Return rows as a table; a text that a row does not have is empty."""
    fields = list(dict.fromkeys([*FIXED, *TEXTS, *shown]))
    table = pd.DataFrame([{field: line.get(field, "") for field in fields} for line in rows])
    table[list(NUMBERS)] = table[list(NUMBERS)].apply(pd.to_numeric)
    return table


def titled(column: str) -> str:
    """Return a column's name as a heading: what has capitals keeps them, an acronym gets them."""
    if column != column.lower():
        return column
    acronym = len(column) <= 4 and column not in WORDS
    return column.upper() if acronym else column.replace("_", " ").capitalize()
