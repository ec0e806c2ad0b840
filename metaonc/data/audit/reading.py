"""Any table as an audit reads it: columns, outcomes and units under their names here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import pandas as pd

from ...base.frames import to_pandas
from ...base.labels import blank
from ..collections.collection import Collection
from ..collections.published_curves import CURVE, Curves
from ..schema.levels import is_whole
from ..schema.outcome_words import judge_name, outcome_code
from ..schema.tables import Field
from .cells import Cell, read_cell
from .names import FIELDS, KINDS, Named, named
from .records import Finding, Reading
from .rows import Number, Row
from .spellings import Variant, findings, one_spelling
from .words import subgroup_of, unit_name

_SHARED = ("n", "n_comparator", "n_both", "enrolled", "follow_up")  # of all outcomes of a row
_PERCENT_OF = ("estimate", "ci_low", "ci_high")


def read(table: Any, columns: Mapping[str, str] | None = None) -> Reading:
    """Return the table as an audit reads it.

    Parameters
    ----------
    table
        A dataframe, a mapping of columns, a `Collection`, whose documents' identifiers are read beside the rows, or
        `Curves`, whose coordinates are.
    columns
        Name of a column there -> its name here, with an outcome in front where a row holds several.

    Raises
    ------
    DataError
        It is no table, has no rows, or names a column twice.
    """
    if isinstance(table, Curves):
        return replace(read(_of_curves(table)), curves=dict(enumerate(table)))
    given = _with_sources(table) if isinstance(table, Collection) else to_pandas(table)
    known = named(given, columns or {})
    blocks = [_block(known, known.outcome, {}), *(_block(known, o, fields) for o, fields in known.parts.items())]
    whole = blocks[0]
    if known.parts and not any(row.numbers.keys() - set(_SHARED) for row in whole.rows):
        blocks = blocks[1:]
    rows = tuple(row for block in blocks for row in block.rows)
    scaled = [] if "unit" in known.frame else _percents(rows)
    there = frozenset(str(c) for c in known.frame.columns)
    present = there | {name for row in rows for name in (*row.texts, *row.numbers)}
    spelled = findings(whole.rows, whole.variants)
    remarks = [remark for block in blocks for remark in _remarks(block.rows, block.cells, block.raw)]
    return Reading(
        rows, _typed(rows, present), present, (*remarks, *spelled, *_rescaled(scaled)), not_read=known.not_read
    )


class _Block(NamedTuple):
    """The rows of a table on one outcome, or on those that a column says, and the cells that they come from."""

    rows: tuple[Row, ...]
    cells: dict[str, list[Cell]]
    raw: dict[str, list[Any]]
    variants: list[Variant]


def _block(known: Named, outcome: str, fields: Mapping[str, str]) -> _Block:
    frame, taken = known.frame, {c for part in known.parts.values() for c in part.values()}
    own = {c: c for c in frame.columns if isinstance(c, str) and c not in taken}
    if fields:  # of the figures those that are of all outcomes
        own = {c: t for c, t in own.items() if c not in KINDS or c in _SHARED}
    columns = own | dict(fields)
    raw = {f: frame[c].tolist() for f, c in columns.items() if f in KINDS}
    cells = {f: [read_cell(v, f, KINDS[f]) for v in values] for f, values in raw.items()}
    texts = {f: [_text(v) for v in frame[c].tolist()] for f, c in columns.items() if f not in KINDS}
    texts, variants = one_spelling(texts)
    rows = tuple(_row(i, texts, cells, outcome) for i in range(len(frame)))
    if fields:
        kept = [row.number for row in rows if row.numbers.keys() - set(_SHARED)]
        rows = tuple(rows[i] for i in kept)
        cells, raw = ({f: [held[i] for i in kept] for f, held in table.items()} for table in (cells, raw))
    return _Block(rows, cells, raw, variants)


def _of_curves(curves: Curves) -> pd.DataFrame:
    """Return the table of curves; medians and counts of published points stand in the evidence, and are left out."""
    digitized = curves.table["kind"] == CURVE
    figures = {c: curves.table[c].where(digitized) for c in ("n", "events", "median")}
    return curves.table.drop(columns=["points", "kind"]).assign(**figures)


def _with_sources(collection: Collection) -> pd.DataFrame:
    documents = collection.sources.set_index("source_id")[["pmid", "doi"]]
    return collection.evidence.join(documents, on="source_id")


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
    counted = {row.number for row in rows if not row.outcome and {"events", "n", "estimate"} <= row.numbers.keys()}
    rows = tuple(row for row in rows if (row.kind == "proportion" or row.number in counted) and not row.text("unit"))
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


def _typed(rows: tuple[Row, ...], present: frozenset[str]) -> pd.DataFrame:
    """Return the table under the schema's names and types, with the columns that it has."""
    columns: dict[str, pd.Series] = {}
    for f in (f for name, f in FIELDS.items() if name in present):
        if f.name in KINDS:
            columns[f.name] = pd.Series([row.numbers[f.name].value if f.name in row.numbers else float("nan")
                                         for row in rows], dtype=float)  # fmt: skip
        else:
            columns[f.name] = pd.Series([_blank_whole(row, f) for row in rows], dtype=object)
    return pd.DataFrame(columns, index=range(len(rows)))


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
