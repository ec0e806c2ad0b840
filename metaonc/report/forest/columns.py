"""The columns of text beside a forest plot: named ones, and any column of the trials' own table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...analysis.results.studies import Studies
from ...base.check import Floats
from ...base.digits import Form, fixed
from ...data.risk_of_bias.assessment import OVERALL, RiskOfBias
from ...data.risk_of_bias.tools import judgement_of
from ...errors import ColumnError
from ..journals import Journal
from .content import FIXED, ForestSpec, titled

PREFIX = "risk of bias: "  # of the names of columns of judgements


@dataclass(frozen=True, slots=True, kw_only=True)
class Lights:
    """A column of judgements: its name among the columns of a forest plot, its header, and a word a trial."""

    name: str
    header: str
    words: list[str]


def lights_of(rob: RiskOfBias | None, labels: Sequence[str]) -> list[Lights]:
    """Return the columns of judgements of these trials; none without an assessment."""
    if rob is None:
        return []
    table = rob.judgements(labels)
    return [Lights(name=f"{PREFIX}{c}", header="Overall" if c == OVERALL else c, words=table[c].tolist())
            for c in rob.columns]  # fmt: skip


def is_light(column: str) -> bool:
    """Return whether a column is one of an assessment."""
    return column.startswith(PREFIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its header, a text a trial, that of the trials' pool, and how they are aligned."""

    header: str
    cells: list[str]
    total: str = ""
    align: str = "right"


@dataclass(frozen=True, slots=True)
class Shown:
    """The columns that are shown, by side, with header and alignment."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    headers: dict[str, str]
    align: dict[str, str]


Quantity = Callable[[Studies, str], "Floats | None"]  # of the trials and the code of the measure


def _role(role: str) -> Quantity:
    return lambda s, _: s.counts(role)


def patients(s: Studies) -> Floats | None:
    """Return the patients of each trial in all its arms, as far as known; None where no column has them."""
    arms = [n for n in (s.counts(role) for role in ("n", "n_t", "n_c")) if n is not None]
    return np.sum(arms, axis=0) if arms else None


def all_patients(s: Studies, trials: int) -> int | None:
    """Return the patients of trials, where each has one row of its own patients and says how many; else None."""
    counts = patients(s) if len(s.yi) == trials and s.covariance is None else None
    return None if counts is None or np.isnan(counts).any() else round(counts.sum())


def _peto(role: str, of: Callable[[Studies], Floats]) -> Quantity:
    """Return the quantity as reported, or that of a Peto log odds ratio, which is (O - E)/V with variance 1/V."""

    def quantity(s: Studies, measure: str) -> Floats | None:
        reported = s.counts(role)
        return of(s) if reported is None and measure == "PETO" else reported

    return quantity


@dataclass(frozen=True, slots=True)
class _Named:
    header: str
    parts: tuple[Quantity, ...]
    form: Form | None = None  # None prints a number in full


def _pair(header: str, events: str, size: str) -> _Named:
    return _Named(header, (_role(events), _role(size)))


# Columns by name; of several of one name the first whose numbers are known.
NAMED: Mapping[str, tuple[_Named, ...]] = {
    "counts": (
        _pair("Events/n", "events", "n"),
        _pair("Events/time", "events", "time"),
        _pair("Treatment events/n", "events_t", "n_t"),
        _pair("Treatment events/time", "events_t", "time_t"),
    ),
    "counts_c": (_pair("Control events/n", "events_c", "n_c"), _pair("Control events/time", "events_c", "time_c")),
    "events": (_Named("Events", (_role("events"),)),),
    "n": (_Named("Total", (_role("n"),)),),
    "time": (_Named("Time", (_role("time"),)),),
    "events_t": (_Named("Treatment events", (_role("events_t"),)),),
    "n_t": (_Named("Treatment total", (_role("n_t"),)),),
    "time_t": (_Named("Treatment time", (_role("time_t"),)),),
    "events_c": (_Named("Control events", (_role("events_c"),)),),
    "n_c": (_Named("Control total", (_role("n_c"),)),),
    "time_c": (_Named("Control time", (_role("time_c"),)),),
    "patients": (_Named("Patients", (lambda s, _: patients(s),)),),
    "o_minus_e": (_Named("O − E", (_peto("o_minus_e", lambda s: s.yi / s.vi),), fixed(2)),),
    "v": (_Named("V", (_peto("v", lambda s: 1 / s.vi),), fixed(2, ends=(0.0,))),),
}
RESULT = ("effect", "share", "share_common", "difference")  # columns that the result itself fills


def named(studies: Studies, measure: str, journal: Journal) -> dict[str, Column]:
    """Return the named columns whose numbers these trials have; without a total where rows share patients."""
    columns = {}
    summed = studies.covariance is None
    for name, choices in NAMED.items():
        for choice in choices:
            parts = [part for part in (quantity(studies, measure) for quantity in choice.parts) if part is not None]
            if len(parts) == len(choice.parts):
                cells = [_counts(numbers, choice.form) for numbers in zip(*parts, strict=True)]
                total = _counts([float(np.sum(part)) for part in parts], choice.form)
                columns[name] = Column(
                    header=choice.header,
                    cells=[journal.decimal(cell) for cell in cells],
                    total=journal.decimal(total) if summed else "",
                    align="right" if len(parts) > 1 else "point",
                )
                break
    return columns


def _counts(numbers: Sequence[float], form: Form | None) -> str:
    """Return numbers with slashes between them; without a size the count alone, without the count nothing."""
    if np.isnan(numbers[0]):
        return ""
    return "/".join(map(form or _in_full, [x for x in numbers if not np.isnan(x)]))


def _in_full(x: float) -> str:
    return f"{x + 0.0:.10g}".replace("-", "−")  # no minus before a zero


def own(studies: Studies, name: str, journal: Journal) -> Column:
    """Return a column of the trials' table, aligned by what it holds: numbers, judgements of bias, or text."""
    values = studies.data[name]
    there = values[values.notna()]
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        cells = [
            "" if np.isnan(x) else journal.decimal(f"{x + 0.0:.10g}".replace("-", "−")) for x in values.astype(float)
        ]
        return Column(header=titled(name), cells=cells, align="point")
    words = ["" if missing else str(x) for x, missing in zip(values, values.isna(), strict=True)]
    judged = len(there) > 0 and all(judgement_of(str(x)) for x in there)
    if judged:
        return Column(header=titled(name), cells=words, align="light")
    return Column(header=titled(name), cells=words, align="left")


def key(name: str) -> str:
    """Return the column of the rows that holds the texts of a column of the trials' table."""
    return f"{name} (data)" if name in FIXED else name


def wanted(spec: ForestSpec) -> tuple[str, ...]:
    """Return the columns that are wished for, of a side without any the journal's."""
    journal = spec.journal
    return (
        *(journal.left if spec.left is None else spec.left),
        *(journal.right if spec.right is None else spec.right),
    )


def columns_of(studies: Studies, measure: str, spec: ForestSpec) -> dict[str, Column]:
    """Return the named columns that these trials fill, and those of their table that are wished for."""
    columns = named(studies, measure, spec.journal)
    for name in (*(spec.left or ()), *(spec.right or ())):
        if name not in columns and name not in RESULT and name in studies.data:
            columns[key(name)] = own(studies, name, spec.journal)
    for one in lights_of(spec.risk_of_bias, studies.labels):
        columns[one.name] = Column(header=one.header, cells=one.words, align="light")
    return columns


def shown(columns: Mapping[str, Column], data: pd.DataFrame, spec: ForestSpec, hidden: tuple[str, ...] = ()) -> Shown:
    """Return which columns stand where: those wished for, else the journal's that have content and are not `hidden`.

    Raises
    ------
    ColumnError
        When a column that is wished for does not exist, stands twice, or has no content.
    """
    sides: list[tuple[str, ...]] = []
    named_by_user = (*(spec.left or ()), *(spec.right or ()))
    for asked, usual in ((spec.left, spec.journal.left), (spec.right, spec.journal.right)):
        chosen = (
            [c for c in usual if c in columns and c not in hidden and c not in named_by_user]
            if asked is None
            else [_wanted(name, columns, data) for name in asked]
        )
        sides.append(tuple(chosen))
    sides[1] += tuple(filter(is_light, columns))
    both = [*sides[0], *sides[1]]
    twice = sorted({name for name in both if both.count(name) > 1})
    if twice:
        raise ColumnError(f"column {twice[0]!r} is asked for twice; name it once, in left= or right=.")
    headers = {"label": spec.journal.study, **{name: columns[name].header for name in both}}
    return Shown(sides[0], sides[1], headers, {name: columns[name].align for name in both})


def _wanted(name: str, columns: Mapping[str, Column], data: pd.DataFrame) -> str:
    if key(name) in columns and (name in NAMED or name in RESULT or name in data):
        return key(name)
    if name in NAMED or name in RESULT:
        raise ColumnError(f"column {name!r} has no content: this result does not know its numbers.")
    have = ", ".join(map(repr, [*columns, *(c for c in data.columns if c not in columns)]))
    raise ColumnError(f"there is no column {name!r} to show; the result has {have}.")
