"""Any table as an audit reads it: columns, outcomes and units under their names here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from ...base.frames import to_pandas
from ...base.labels import blank
from ..collections.collection import Collection
from ..collections.published_curves import CURVE, Curves
from ..schema.levels import is_whole
from ..schema.tables import TABLES, Field
from .cells import Cell, read_cell
from .records import Finding, Reading
from .rows import Number, Row
from .spellings import findings, one_spelling
from .words import EXTRA, column_name, in_context, judge_name, outcome_code, subgroup_of, unit_name

_FIELDS = {f.name: f for f in TABLES["trials"].fields}
_KINDS = {name: f.kind for name, f in _FIELDS.items() if f.kind in ("number", "count")} | EXTRA
_PERCENT_OF = ("estimate", "ci_low", "ci_high")


def read(table: Any) -> Reading:
    """Return the table as an audit reads it.

    Parameters
    ----------
    table
        A dataframe, a mapping of columns, a `Collection`, whose documents' identifiers are read beside the rows, or
        `Curves`, whose coordinates are.

    Raises
    ------
    DataError
        It is no table, has no rows, or names a column twice.
    """
    if isinstance(table, Curves):
        return replace(read(_of_curves(table)), curves=dict(enumerate(table)))
    given = _with_sources(table) if isinstance(table, Collection) else to_pandas(table)
    frame, outcome = _named(given)
    columns = [c for c in frame.columns if isinstance(c, str)]
    cells = {c: [read_cell(v, c, _KINDS[c]) for v in frame[c].tolist()] for c in columns if c in _KINDS}
    texts = {c: [_text(v) for v in frame[c].tolist()] for c in columns if c not in _KINDS}
    texts, variants = one_spelling(texts)
    rows = tuple(_row(i, texts, cells, outcome) for i in range(len(frame)))
    scaled = [] if "unit" in columns else _percents(rows)
    present = frozenset(columns) | {name for row in rows for name in (*row.texts, *row.numbers)}
    raw = {c: frame[c].tolist() for c in cells}
    return Reading(
        rows,
        _typed(rows, frame, present),
        present,
        (*_remarks(rows, cells, raw), *findings(rows, variants), *_rescaled(scaled)),
    )


def _of_curves(curves: Curves) -> pd.DataFrame:
    """Return the table of curves; medians and counts of published points stand in the evidence, and are left out."""
    digitized = curves.table["kind"] == CURVE
    figures = {c: curves.table[c].where(digitized) for c in ("n", "events", "median")}
    return curves.table.drop(columns=["points", "kind"]).assign(**figures)


def _with_sources(collection: Collection) -> pd.DataFrame:
    documents = collection.sources.set_index("source_id")[["pmid", "doi"]]
    return collection.evidence.join(documents, on="source_id")


def _named(given: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the table under the names of the schema, and the outcome that the name of a column says."""
    frame = given.rename(columns=_names([str(c) for c in given.columns]))
    context = in_context([str(c) for c in frame.columns], lambda column: _has_numbers(frame[column]))
    outcome = next((old for old, new in context.items() if new == "estimate"), "")
    return frame.rename(columns=context), outcome


def _has_numbers(column: pd.Series) -> bool:
    cells = [read_cell(value, str(column.name), "number") for value in column.tolist()]
    return any(cell.number is not None for cell in cells) and not any(cell.unreadable for cell in cells)


def _names(columns: list[str]) -> dict[str, str]:
    """Return the new names; where two columns would get one, the first keeps it, and a column that has it already."""
    ours = set(columns) & (set(_FIELDS) | set(EXTRA))
    renamed: dict[str, str] = {}
    for column in columns:
        name = column_name(column)
        if column not in ours and name not in columns and name not in renamed.values():
            renamed[column] = name
    return renamed


def _text(value: Any) -> str:
    if blank(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _row(i: int, texts: dict[str, list[str]], cells: dict[str, list[Cell]], outcome: str) -> Row:
    words = ({"outcome": outcome} if outcome else {}) | {c: values[i] for c, values in texts.items() if values[i]}
    numbers = {c: n for c, values in cells.items() if (n := values[i].number) is not None}
    for cell in (values[i] for values in cells.values()):
        for name, number in cell.also:
            numbers.setdefault(name, number)
    label = ", ".join(words[c] for c in ("trial", "row_id") if c in words) or str(i)
    row = Row(i, label, words, numbers)
    _settle(row, percent=any(cells[c][i].percent for c in _PERCENT_OF if c in cells))
    missing = [c for c, values in cells.items() if values[i].remark == "not reached"]
    if missing:
        words["not_reached"] = " ".join([*row.text("not_reached").split(), *missing])
    return row


def _settle(row: Row, *, percent: bool) -> None:
    """Bring outcome, unit and subgroup into the words of the schema."""
    words = row.texts
    if "outcome" in words:
        words["outcome_as_printed"] = words["outcome"]
        words["outcome"], months = outcome_code(words["outcome"])
        if months is not None and "time_months" not in row.numbers:
            row.numbers["time_months"] = Number(months, 2)
        if "confirmed" not in words and (confirmed := _confirmed(words["outcome_as_printed"])):
            words["confirmed"] = confirmed
    if "assessor" in words:
        words["assessor"] = judge_name(words["assessor"])
    if "unit" in words:
        words["unit"] = unit_name(words["unit"])
    elif percent:
        words["unit"] = "percent"
    if "time_months" in row.numbers:
        words["time_months"] = f"{row.numbers['time_months'].value:.3g}"
    level = words.get("subgroup_level", "")
    if "subgroup_variable" not in words and not is_whole(level):
        variable, words["subgroup_level"] = subgroup_of(level) or ("subgroup", level)
        words["subgroup_variable"] = variable


def _percents(rows: tuple[Row, ...]) -> list[Row]:
    """Name the unit of proportions, in a table without units; bring them to percent where none is above 1.

    Returns
    -------
    list of Row
        The rows that were brought to percent.
    """
    rows = tuple(row for row in rows if row.kind == "proportion" and not row.text("unit"))
    for row in rows:
        row.texts["unit"] = "percent"
    values = [number for row in rows for c in _PERCENT_OF if (number := row.num(c))]
    if not values or max(number.value for number in values) > 1 or all(number.decimals == 0 for number in values):
        return []
    for row in rows:
        row.numbers.update({c: number.in_percent() for c in _PERCENT_OF if (number := row.num(c))})
    return [row for row in rows if row.num("estimate")]


def _rescaled(rows: list[Row]) -> Iterator[tuple[str, Finding]]:
    if rows:
        first = rows[0].num("estimate")
        yield "notation", Finding(
            tuple(rows), ("estimate", "unit"), f"proportions in {len(rows)} rows", f"read as percent, such as {first}",
            "the table has no units and no proportion above 1: they are read as proportions and not as percentages.",
            "Add a column unit that says percent, and write percentages.",
        )  # fmt: skip


def _confirmed(outcome: str) -> str:
    said = re.search(r"\b(un)?confirmed\b", outcome.casefold())
    return "" if said is None else "no" if said[1] else "yes"


def _typed(rows: tuple[Row, ...], frame: pd.DataFrame, present: frozenset[str]) -> pd.DataFrame:
    """Return the table under the schema's names and types, with the columns that it has."""
    columns: dict[str, pd.Series] = {}
    for f in (f for name, f in _FIELDS.items() if name in present):
        if f.name in _KINDS:
            columns[f.name] = pd.Series([row.numbers[f.name].value if f.name in row.numbers else float("nan")
                                         for row in rows], dtype=float)  # fmt: skip
        else:
            columns[f.name] = pd.Series([_blank_whole(row, f) for row in rows], dtype=object)
    return pd.DataFrame(columns, index=range(len(frame)))


def _blank_whole(row: Row, f: Field) -> str | None:
    text = row.text(f.name)
    whole = f.name in ("subgroup_variable", "subgroup_level") and is_whole(text)
    return None if whole or not text else text


def _remarks(
    rows: tuple[Row, ...], cells: dict[str, list[Cell]], raw: dict[str, list[Any]]
) -> Iterator[tuple[str, Finding]]:
    for column, values in cells.items():
        for row, cell, written in zip(rows, values, raw[column], strict=True):
            if cell.unreadable:
                yield (
                    "not_a_number",
                    Finding(
                        (row,), (column,), str(written), "a number", f"{column}={written!r} is not a number.",
                        "Write the number alone, with a decimal point; put words in a note.",
                    ),
                )  # fmt: skip
        for remark in dict.fromkeys(c.remark for c in values if c.remark):
            where = [i for i, cell in enumerate(values) if cell.remark == remark]
            text = str(raw[column][where[0]])
            yield "notation", Finding(
                tuple(rows[i] for i in where), (column,), text, _read_as(values[where[0]], remark),
                f"{column} has {remark} in {len(where)} row{'s' * (len(where) > 1)}, such as {text!r}.",
                _plainly(values[where[0]], remark, column),
            )  # fmt: skip


def _read_as(cell: Cell, remark: str) -> str:
    if cell.number is None:
        return "blank" if remark == "a bound" else "blank, named in not_reached"
    return ", ".join(["read as " + str(cell.number), *(f"{name} {number}" for name, number in cell.also)])


def _plainly(cell: Cell, remark: str, column: str) -> str:
    """Return how a cell is written plainly."""
    if cell.number is not None:
        return "Write each number in a cell of its own, with a decimal point and nothing else."
    return "Leave it blank" + (
        f" and write {column} in not_reached." if remark == "not reached" else "; say the bound in a note."
    )
