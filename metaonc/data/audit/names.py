"""The columns that only an audit knows, of those that no reader has read, under the names of the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ...base.labels import folded
from ...base.messages.hints import no_subgroups
from ...errors import DataError
from ..readers.sheets.columns import Columns
from ..readers.sheets.names import name_of
from ..schema.row_rules import FIGURES
from ..schema.tables import TABLES
from .cells import read_cell
from .words import EXTRA, column_name, in_context

FIELDS = {f.name: f for f in TABLES["trials"].fields}
KINDS = {name: f.kind for name, f in FIELDS.items() if f.kind in ("number", "count")} | EXTRA
_OF_SCHEMA = {name for table in TABLES.values() for name in table.names()} | {*KINDS, "level"}
SHARED = ("n", "n_comparator", "n_both", *EXTRA)  # of all outcomes of a row


class Extras(NamedTuple):
    """Names there -> names here of columns that no reader knows, and the outcome that the one estimate is named for."""

    names: dict[str, str]
    outcome: str


def extras(names: Sequence[str], held: Callable[[str], list[Any]], columns: Columns) -> Extras:
    """Return what is asked of columns that were not read: identifiers and words, and figures that compete with none.

    Parameters
    ----------
    names
        Names of the columns as they were read, those that were not under their own.
    held
        Name of a column -> its values.
    columns
        What the readers made of them.
    """
    taken = {t.rpartition(".")[2] for t in columns.read.values()}
    left = [n for n in names if n not in taken]
    new = _renamed(left, {*names, *taken})
    context = in_context(
        [*(n for n in names if n in taken), *(new.get(n, n) for n in left)],
        lambda name: _has_numbers(held(next((old for old, t in new.items() if t == name), name))),
    )
    final = {n: context.get(new.get(n, n), new.get(n, n)) for n in left}
    outcome = next((old for old, t in context.items() if t == "estimate"), "")
    rates = [n for n in left if (said := name_of(n)) and said.field == "value" and _has_numbers(held(n))]
    if len(rates) == 1 and "estimate" not in {*taken, *final.values()}:
        final[rates[0]] = "estimate"
        outcome = getattr(name_of(rates[0]), "outcome", "")
    doubtful = {n for asked in columns.questions for n in asked if n not in rates} if taken & {*FIGURES} else set()
    wide = len({t.rpartition(".")[0] for t in columns.read.values() if "." in t}) > 1

    def competes(n: str, t: str) -> bool:
        return t in taken or (t in KINDS and (n in doubtful or (wide and t not in SHARED)))

    kept = {n: t for n, t in final.items() if (t != n or t in EXTRA) and not competes(n, t)}
    return Extras(kept, outcome if "estimate" in kept.values() else "")


def _renamed(left: Sequence[str], known: set[str]) -> dict[str, str]:
    """Return the new names; where two columns would get one, the first keeps it, and a column that has it already."""
    renamed: dict[str, str] = {}
    for column in left:
        name = column_name(column)
        if name in _OF_SCHEMA and column not in EXTRA and name not in known and name not in renamed.values():
            renamed[column] = name
    return renamed


def _has_numbers(values: Sequence[Any]) -> bool:
    cells = [read_cell(value, "number") for value in values]
    return any(cell.number is not None for cell in cells) and not any(cell.unreadable for cell in cells)


def subgroups_in(by: str, names: Mapping[str, str], variables: Sequence[str]) -> tuple[str, str] | None:
    """Return the column that holds the subgroups which are asked for, there and here; None where rows name them.

    Parameters
    ----------
    by
        What was asked for.
    names
        Columns of words: name there -> name here.
    variables
        The subgroup variables of the rows.

    Raises
    ------
    DataError
        Neither of the two is there.
    """
    if any(folded(variable) == folded(by) for variable in variables if variable):
        return None
    column = next((pair for pair in names.items() if folded(by) in map(folded, pair)), None)
    if column is None:
        raise DataError(no_subgroups(by, [*dict.fromkeys(filter(None, variables))], [*names]))
    return column
