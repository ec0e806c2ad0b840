"""Which column is what: names of a user's table, and the rows of figures that follow from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ....base.check import columns_exist, one_of
from ....base.labels import blank
from ....errors import ColumnError, DataError, OptionError
from ...schema.tables import OUTCOMES
from ..files.grid import Cell, Grid
from .forms import FIELDS, LIMITS
from .published import UNIT_WORDS, absent

_UNIT = re.compile(
    rf"(?<![\w-])(?<!\d )({'|'.join(re.escape(word) for word in sorted(UNIT_WORDS, key=len, reverse=True))})(?!\w)",
    re.I,
)
_LEVEL = re.compile(r"(\d{2}(?:\.\d+)?)\s?%\s?-?(?:ci|confidence)", re.I)


@dataclass(frozen=True, slots=True)
class Header:
    """What the name of a column says of its figures: their unit, and the level of their intervals."""

    name: str
    unit: str | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of figures, one outcome each.

    Attributes
    ----------
    names
        Names of the columns, in order.
    rows
        Of each row, column -> cell.
    headers
        Column -> what its own name says, for those that were renamed.
    left_out
        What of the sheet is no row here.
    """

    names: list[str]
    rows: list[dict[str, Cell]]
    headers: Mapping[str, Header]
    left_out: tuple[str, ...]


def records_of(grid: Grid, columns: Mapping[str, str] | None) -> Records:
    """Return the rows of figures of a table.

    Parameters
    ----------
    grid
        The table.
    columns
        Name of a column there -> a column of the schema; ``ci``, ``hr_ci`` or ``or_ci`` for a column of intervals; with
        an outcome in front, as in ``orr.estimate``, where one row holds several outcomes: each becomes a row.

    Raises
    ------
    ColumnError
        A column that is not there, or two that become one.
    OptionError
        A name that no column has.
    """
    new = _targets(grid, columns or {})
    outcomes = list(dict.fromkeys(t.partition(".")[0] for t in new.values() if "." in t))
    shared = [t for t in new.values() if "." not in t]
    if outcomes and "outcome" in shared:
        raise OptionError("columns: a table with a column 'outcome' has one outcome a row; leave it out, or the dots.")
    names, headers = list(shared), {}
    for old, target in new.items():
        field = target.rpartition(".")[2]
        names += [field] if field not in names else []
        if old != target:
            headers[target] = _header(old)
    if not outcomes:
        return Records(names, [dict(zip(shared, row, strict=True)) for row in grid.rows], headers, grid.left_out)
    rows, empty = _by_outcome(grid, list(new.values()), outcomes)
    names.insert(len(shared), "outcome")
    return Records(names, rows, headers, (*grid.left_out, *empty))


def _targets(grid: Grid, columns: Mapping[str, str]) -> dict[str, str]:
    asked = {" ".join(old.split()): new for old, new in columns.items()}
    for old in asked:
        columns_exist(grid.names, {"columns": old})
    known = [*FIELDS, *LIMITS]
    for old, new in asked.items():
        outcome, dot, field = new.rpartition(".")
        one_of(f"columns[{old!r}]: the column", field, known)
        if dot:
            one_of(f"columns[{old!r}]: the outcome", outcome, OUTCOMES)
    new_names = {name: asked.get(name, name) for name in grid.names}
    twice = [t for t in new_names.values() if list(new_names.values()).count(t) > 1]
    if twice:
        both = [old for old, t in new_names.items() if t == twice[0]]
        raise ColumnError(f"columns {both[0]!r} and {both[1]!r} would both be {twice[0]!r}: rename one of them.")
    return new_names


def _header(name: str) -> Header:
    """Return what a name such as 'mPFS (mo)' or 'ORR, % (95% CI)' says; a unit stands in brackets or behind a comma."""
    parts = [*re.findall(r"[(\[]([^)\]]*)[)\]]", name), *re.sub(r"[(\[][^)\]]*[)\]]", "", name).split(",")[1:]]
    units = {UNIT_WORDS[u.lower()] for part in parts for u in _UNIT.findall(part)}
    if re.search(r"(?<!\d)(?<!\d )%\s*$", re.sub(r"[(\[][^)\]]*[)\]]", "", name).strip()):
        units.add("percent")
    level = _LEVEL.search(name)
    return Header(name, units.pop() if len(units) == 1 else None, float(level[1]) / 100 if level else None)


def _by_outcome(grid: Grid, targets: list[str], outcomes: list[str]) -> tuple[list[dict[str, Cell]], list[str]]:
    """Return a row for each outcome that a row of the table has figures of, and what was left out."""
    rows, empty = list[dict[str, Cell]](), list[str]()
    for cells in grid.rows:
        at = dict(zip(targets, cells, strict=True))
        shared = {t: cell for t, cell in at.items() if "." not in t}
        made = len(rows)
        for outcome in outcomes:
            own = {t.partition(".")[2]: cell for t, cell in at.items() if t.startswith(f"{outcome}.")}
            held = [cell for cell in own.values() if not blank(cell.value)]
            if all(isinstance(cell.value, str) and absent(cell.value) for cell in held):
                empty += [f"{cell.place}: {cell.value.strip()!r}, no {outcome}" for cell in held]
            else:
                rows.append({"outcome": Cell(outcome, held[0].place), **shared, **own})
        if len(rows) == made:
            empty.append(f"{cells[0].place}: {cells[0].value!r} has no figures")
    if not rows:
        raise DataError(f"{grid.source!r} has no figures in the columns {[t for t in targets if '.' in t]}.")
    return rows, empty
