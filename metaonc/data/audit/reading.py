"""Any table as an audit reads it: columns, outcomes and units under their names here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from ...base.labels import blank
from ..collections.published_curves import Curves
from ..readers.files.grid import text_of
from ..readers.files.layout import Irregular
from ..readers.sheets.forms import is_figure
from ..readers.sheets.records import not_read_name
from ..readers.sheets.row import Row as ReadRow
from ..schema.identifiers import FORMS
from ..schema.levels import is_whole
from ..schema.outcome_words import judge_name, outcome_code
from ..schema.tables import Field
from .cells import as_number, printed_in, read_cell
from .names import FIELDS, KINDS, Extras, extras, subgroups_in
from .records import Finding, Reading
from .remarks import Written, remarks
from .rows import Number, Row
from .sources import Source, source_of
from .spellings import doubts, findings, one_spelling
from .words import subgroup_of, unit_name

_PERCENT_OF = ("estimate", "ci_low", "ci_high")


def read(table: Any, by: str | None = None, **reading: Any) -> Reading:
    """Return the table as an audit reads it.

    Parameters
    ----------
    table
        A path, a dataframe, a mapping of columns, a `Collection`, whose documents' identifiers are read beside the
        rows, or `Curves`, whose coordinates are.
    by
        Subgroup variable, or a column of subgroups of the user's own.
    **reading
        How it is read, as ``read_trials`` takes it.

    Raises
    ------
    DataError
        It is no table, has no rows, or names a column twice.
    """
    source = source_of(table, reading)
    names = list(dict.fromkeys(name for row in source.rows for name in row.cells))
    asked = [n for n in names if n not in source.unasked]
    found = extras(asked, lambda name: _held(source, name), source.records.columns)
    raw = _texts(source, names, found)
    raw |= _levels(by, raw, {n: new for n in asked if (new := found.names.get(n, n)) in raw}) if by else {}
    texts, variants = one_spelling(raw)
    others: list[Written] = []
    rows = tuple(_row(i, source, texts, found, others) for i in range(len(source.rows)))
    scaled = [] if "unit" in asked else _percents(rows)
    present = {found.names.get(n, n) for n in asked} | {name for row in rows for name in (*row.texts, *row.numbers)}
    columns = source.records.columns
    read = {*KINDS, *FIELDS}
    left = [n for n in columns.not_read if n not in source.unasked]
    unread = [n for n in left if found.names.get(n) not in read and found.names.get(n, n) not in FORMS]
    return Reading(
        rows,
        _typed(rows, frozenset(present)),
        frozenset(present),
        (*remarks(rows, source, others), *findings(rows, variants), *doubts(rows), *_rescaled(scaled)),
        curves=dict(enumerate(table)) if isinstance(table, Curves) else {},
        not_read=tuple(unread),
        questions={old: why for old, why in columns.questions.items() if not {*old} <= {*found.names}},
        left_out=source.records.left_out,
        places=dict(zip(source.numbers, source.places, strict=True)),
    )


def _held(source: Source, name: str) -> list[Any]:
    values = [row.cells[name].value for row in source.rows if name in row.cells]
    return [value for value in values if not blank(value)]


def _texts(source: Source, names: Sequence[str], found: Extras) -> dict[str, list[str]]:
    """Return the columns of words, as they were read or as they stand, under their names here.

    What was said not to be read has a name that no rule knows: it may still tell two rows apart.
    """
    every = dict.fromkeys([*names, *(name for row in source.rows for name in row.values)])
    here = {n: not_read_name(n) if n in source.unasked else found.names.get(n, n) for n in every}
    wanted = {n: new for n, new in here.items() if not is_figure(n) and new not in KINDS}
    return {
        new: [_text(row.values[old] if old in row.values else _shown(row, old)) for row in source.rows]
        for old, new in wanted.items()
    }


def _shown(row: ReadRow, name: str) -> Any:
    value = row.cells[name].value if name in row.cells else None
    return value.value if isinstance(value, Irregular) else value


def _levels(by: str, texts: Mapping[str, list[str]], names: Mapping[str, str]) -> dict[str, list[str]]:
    """Return subgroup variable and level of rows whose subgroup stands in a column of its own.

    So it is where its words divide the patients of an arm; a column that describes whole arms does not.
    """
    rows = len(next(iter(texts.values()), []))
    none = [""] * rows
    column = subgroups_in(by, names, texts.get("subgroup_variable", none))
    if column is None:
        return {}
    own, words = texts.get("subgroup_level", none), texts[column[1]]
    arms: dict[tuple[str, ...], set[str]] = {}
    keys = [tuple(texts.get(c, none)[i] for c in ("trial", "arm_id", "arm", "outcome")) for i in range(rows)]
    for key, word in zip(keys, words, strict=True):
        arms.setdefault(key, set()).add(word)
    if not any(len(held) > 1 for held in arms.values()):
        return {}
    variables = texts.get("subgroup_variable", none)
    return {
        "subgroup_level": [old or word for old, word in zip(own, words, strict=True)],
        "subgroup_variable": [old or column[0] * bool(word) for old, word in zip(variables, words, strict=True)],
    }


def _text(value: Any) -> str:
    if blank(value):
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _row(i: int, source: Source, texts: Mapping[str, list[str]], found: Extras, others: list[Written]) -> Row:
    """Return a row; cells of columns that no reader knows and that are not plain go to `others`."""
    given = source.rows[i]
    words = ({"outcome": found.outcome} if found.outcome else {}) | {c: t[i] for c, t in texts.items() if t[i]}
    numbers = {c: _number(given, c, source.decimal) for c in given.values if is_figure(c)}
    label = ", ".join(words[c] for c in ("trial", "row_id") if c in words) or str(source.numbers[i])
    row = Row(source.numbers[i], label, words, numbers)
    percent = False
    for old, new in found.names.items():
        if new in KINDS and old in given.cells:
            cell = read_cell(given.cells[old].value, KINDS[new])
            percent |= cell.percent and new in _PERCENT_OF
            shown = repr(text_of(given.cells[old].value))
            if cell.number is not None:
                row.numbers.setdefault(new, cell.number)
            if cell.remark == "not reached":
                words["not_reached"] = " ".join([*words.get("not_reached", "").split(), new])
            if cell.remark or cell.unreadable:
                read = f"{new} not reached" if cell.remark == "not reached" else f"{cell.remark or 'no number'}"
                others.append(Written(row, new, shown, read if cell.number is None else str(cell.number)))
    if "outcome" in given.cells and not blank(given.cells["outcome"].value):
        words["outcome_as_printed"] = text_of(given.cells["outcome"].value)
    _settle(row, percent=percent)
    return row


def _number(row: ReadRow, name: str, decimal: str) -> Number:
    """Return a value with the digits that its cell prints."""
    value, cell = float(row.values[name]), row.cell(name)
    text = cell.value.text if cell and isinstance(cell.value, Irregular) else cell.value if cell else None
    return printed_in(text, value, decimal) if isinstance(text, str) else as_number(value)


def _settle(row: Row, *, percent: bool) -> None:
    """Bring outcome, unit and subgroup into the words of the schema."""
    words = row.texts
    if "outcome" in words:
        words.setdefault("outcome_as_printed", words["outcome"])
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
    text, level = row.text(f.name), row.text("subgroup_level")
    whole = f.name in ("subgroup_variable", "subgroup_level") and (is_whole(text) or bool(level and is_whole(level)))
    return None if whole or not text else text
