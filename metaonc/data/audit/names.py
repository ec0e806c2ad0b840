"""The columns of a table under the names of the schema, and what of them an audit does not read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from ...base.check import columns_exist, one_of
from ..readers.sheets.names import name_of
from ..readers.sheets.figures import GENERIC, RATIOS
from ..readers.sheets.recognise import recognise
from ..readers.sheets.values import numeric
from ..schema.synonyms import MEASURES
from ..schema.tables import TABLES
from .cells import read_cell
from .words import EXTRA, column_name, in_context

FIELDS = {f.name: f for f in TABLES["trials"].fields}
_LOOKED_AT = 1000  # rows by whose values a column is judged
KINDS = {name: f.kind for name, f in FIELDS.items() if f.kind in ("number", "count")} | EXTRA


class Named(NamedTuple):
    """A table under the names of the schema.

    Attributes
    ----------
    frame
        Its columns under these names; others under their own.
    outcome
        The outcome that the name of its one estimate says.
    parts
        Outcome -> its figures, field -> column of `frame`, where one row holds several outcomes.
    not_read
        Columns of numbers that are none of these.
    """

    frame: pd.DataFrame
    outcome: str
    parts: dict[str, dict[str, str]]
    not_read: tuple[str, ...]


def named(given: pd.DataFrame, asked: Mapping[str, str]) -> Named:
    """Return a table under the names of the schema.

    Parameters
    ----------
    given
        The table.
    asked
        Name there -> name here, as the caller said, with an outcome in front where a row holds several.
    """
    columns = [str(c) for c in given.columns]
    columns_exist(columns, {f"columns[{old!r}]": old for old in asked})
    for old, new in asked.items():
        one_of(f"columns[{old!r}]: the column", new.rpartition(".")[2], [*FIELDS, *EXTRA])
    if columns != list(given.columns):
        given = given.set_axis(columns, axis=1)
    frame = _asked(given, {old: new for old, new in asked.items() if "." not in new})
    frame = _by_measure(frame)
    columns = [str(c) for c in frame.columns]
    renamed = _names(columns)
    first = frame.rename(columns=renamed)
    context = in_context([str(c) for c in first.columns], lambda column: _has_numbers(first[column]))
    final = {c: context.get(renamed.get(c, c), renamed.get(c, c)) for c in columns}
    known = {c: t for c, t in final.items() if t in FIELDS or t in EXTRA}
    rates = [c for c in columns if c not in known and (said := name_of(c)) and said.field == "value"]
    outcome = next((old for old, new in context.items() if new == "estimate"), "")
    if len(rates) == 1 and "estimate" not in known.values() and _has_numbers(frame[rates[0]]):
        final[rates[0]] = known[rates[0]] = "estimate"
        outcome = getattr(name_of(rates[0]), "outcome", "")
    dotted = {old: new for old, new in asked.items() if "." in new}
    found = recognise([c for c in columns if c not in dotted], _held(frame), known).targets
    found = {c: t for c, t in found.items() if c not in known and t != "measure"} | dotted
    final |= {c: c if "." in t else t for c, t in found.items()}
    parts: dict[str, dict[str, str]] = {}
    for column, target in found.items():
        if "." in target:
            outcome, _, field = target.rpartition(".")
            parts.setdefault(outcome, {})[field] = column
    read = {c for c, t in final.items() if t in FIELDS or t in EXTRA} | {c for p in parts.values() for c in p.values()}
    unread = tuple(c for c in columns if c not in read and numeric(_held(frame)(c)))
    return Named(frame.rename(columns={c: t for c, t in final.items() if c != t}), outcome, parts, unread)


def _asked(given: pd.DataFrame, asked: Mapping[str, str]) -> pd.DataFrame:
    """Return the table with the columns that the caller named; several that are the trial name it together."""
    naming = [old for old, new in asked.items() if new == "trial"]
    if len(naming) < 2:
        return given.rename(columns=dict(asked))
    joined = given[naming].astype(object).where(given[naming].notna(), "").astype(str).agg(" ".join, axis=1)
    rest = {old: new for old, new in asked.items() if new != "trial"}
    return given.drop(columns=naming).assign(trial=joined).rename(columns=rest)


def _by_measure(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an effect, whose measure another column says, under the names of each measure."""
    targets = recognise([str(c) for c in frame.columns], _held(frame), {}).targets
    parts = {t.removeprefix(GENERIC): c for c, t in targets.items() if t.startswith(GENERIC)}
    column = next((c for c, t in targets.items() if t == "measure"), None)
    if not parts or column is None:
        return frame
    says = frame[column].astype(str).str.strip().str.casefold().map(MEASURES)
    of = {
        (point if part == "value" else f"{prefix}_{part}"): frame[c].where(says == point)
        for point, prefix in RATIOS.items()
        for part, c in parts.items()
        if (says == point).any()
    }
    return frame.drop(columns=list(parts.values())).assign(**of)


def _held(frame: pd.DataFrame) -> Any:
    def held(column: str) -> list[Any]:
        return [
            v
            for v in frame[column].iloc[:_LOOKED_AT].tolist()
            if v is not None and v == v and str(v).strip() not in ("", "NA", ".")
        ]

    return held


def _has_numbers(column: pd.Series) -> bool:
    cells = [read_cell(value, str(column.name), "number") for value in column.tolist()]
    return any(cell.number is not None for cell in cells) and not any(cell.unreadable for cell in cells)


def _names(columns: list[str]) -> dict[str, str]:
    """Return the new names; where two columns would get one, the first keeps it, and a column that has it already."""
    ours = set(columns) & (set(FIELDS) | set(EXTRA))
    renamed: dict[str, str] = {}
    for column in columns:
        name = column_name(column)
        if column not in ours and name not in columns and name not in renamed.values():
            renamed[column] = name
    return renamed
