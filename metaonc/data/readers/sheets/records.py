"""The rows of figures of a table: one outcome each, under the names of the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ....base.labels import blank
from ....base.messages.advice import in_python, option
from ....errors import ColumnError, DataError, OptionError
from ...schema.synonyms import MEASURES
from ..cochrane.revman_csv import is_export
from ..files.grid import Cell, Grid, text_of
from .columns import (
    Columns,
    Header,
    asked_of,
    constants_of,
    header_of,
    held_in,
    of_the_outcome,
    refuse_doubled,
    refuse_doubled_figures,
    refuse_one_sided,
)
from .forms import FIELDS, LIMITS
from .ratios import RATIOS, outcome_of
from .recognise import recognise
from .totals import (
    SIZES,
    blank_dashes,
    blank_totals,
    refuse_totals,
    says_nothing,
    unreached,
    with_figures,
    with_patients,
)
from .values import GENERIC, NON_EVENTS, not_read

_NOT_READ = " (not read)"


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
    no_data, cells
        Those of them that are lines without data of a trial, and single cells.
    columns
        What its columns were read as.
    """

    names: list[str]
    rows: list[dict[str, Cell]]
    headers: Mapping[str, Header]
    left_out: tuple[str, ...]
    no_data: tuple[str, ...]
    cells: tuple[str, ...]
    columns: Columns

    def header(self, name: str, outcome: object) -> Header | None:
        """Return what the name of the column says that the figures of an outcome come from."""
        return self.headers.get(f"{outcome}.{name}") or self.headers.get(name)


def records_of(
    grid: Grid,
    columns: Mapping[str, str | None] | None,
    constants: Mapping[str, object] | None = None,
    set_aside: Mapping[tuple[str, ...], str] | None = None,
) -> Records:
    """Return the rows of figures of a table.

    Parameters
    ----------
    grid
        The table.
    columns
        Name of a column there -> a column of the schema; ``ci``, ``hr_ci``, ``or_ci`` or ``rr_ci`` for a column of
        intervals; with an outcome in front, as in ``orr.estimate``, where one row holds several outcomes: each becomes
        a row. What is not named is recognised by its own name; None says that a column is not to be read.
    constants
        Column of the schema -> a value that all rows have.
    set_aside
        Columns that are recognised and not read -> why.

    Raises
    ------
    ColumnError
        A column that is not there, two that become one, or figures that may be several things.
    OptionError
        A name that no column has.
    """
    asked, aside = asked_of(grid, columns or {})
    if not asked:
        refuse_unclear(grid)
    held = held_in(grid)
    found = recognise([n for n in grid.names if n not in aside], held, asked, has_unit="unit" in (constants or {}))
    if found.no_trials:
        raise ColumnError(f"{grid.source!r}: {found.no_trials}.")
    without = {n for columns in set_aside or {} for n in columns}
    new = {n: t for n, t in found.targets.items() if n not in without}
    asked = of_the_outcome(asked, new)
    new |= asked
    refuse_doubled(grid.names, new, asked)
    new |= {n: not_read_name(n) for n in grid.names if n not in new and (n in FIELDS or n in LIMITS)}
    fixed = {name: Cell(value, "constants") for name, value in constants_of(constants or {}, new).items()}
    refuse_one_sided(new, fixed)
    outcomes = list(dict.fromkeys(outcome_of(t) for t in new.values() if "." in t and not t.startswith(GENERIC)))
    shared = [t for t in new.values() if "." not in t]
    if outcomes and "outcome" in (*shared, *fixed):
        raise OptionError("columns: a table with a column 'outcome' has one outcome a row; leave it out, or the dots.")
    others = [n for n in grid.names if n not in new]
    made = {
        n: t.removesuffix(of) + NON_EVENTS[of] for n, t in new.items() if (of := t.rpartition(".")[2]) in NON_EVENTS
    }
    here = new | made
    names = list(dict.fromkeys([*(here.get(n, n) for n in grid.names if "." not in here.get(n, "")), *fixed]))
    dotted = (t.rpartition(".")[2] for t in here.values() if "." in t and not t.startswith(GENERIC))
    names += [field for field in dict.fromkeys(dotted) if field not in names]
    rows = with_patients(_long(grid, new))
    cells, left = blank_dashes(rows, new.values()), list[str]()
    if outcomes:
        rows, empty = _by_outcome(grid, rows, outcomes, [n for n in here.values() if "." not in n] + others)
        left += empty
        names.insert(len(shared), "outcome")
    if any(t.startswith(GENERIC) for t in new.values()):
        rows, names = [by_measure(row) for row in rows], [n for n in names if not n.startswith(GENERIC)]
    rows = [{**row, **fixed} for row in rows] if fixed else rows
    rows, more = with_figures(rows)
    totals, empty = blank_totals(rows)
    cells += totals
    left += [*more, *empty]
    refuse_totals(rows, [old for old, t in found.targets.items() if t.rpartition(".")[2] == "n" and old != "n"])
    unread = not_read([n for n in grid.names if n not in aside], held, new)
    new = {old: t for old, t in new.items() if not t.endswith(_NOT_READ)}
    columns_read = Columns(new, asked, unread, found.questions | dict(set_aside or {}))
    return Records(
        names,
        rows,
        _headers(new, found.units),
        (*grid.left_out, *cells, *left),
        grid.no_data,
        tuple(cells),
        columns_read,
    )


def not_read_name(name: str) -> str:
    """Return the name that a column of figures has which was not read, lest it pass for one that was."""
    return f"{name}{_NOT_READ}"


def refuse_unclear(grid: Grid) -> None:
    """Refuse a table that can be read only by what its user says of it."""
    if is_export(grid.names):
        named = {"Name": "trial", "Events 1": "death.events", "Total 1": "death.n"}
        named |= {"Events 2": "death.events_comparator", "Total 2": "death.n_comparator"}
        raise DataError(
            f"{grid.source!r} is RevMan's export of data and analyses: read it with read_revman{in_python()}, or say "
            f"what its columns are, as in {option('columns', named)}, and leave out its rows of totals by "
            f"{option('skip')}."
        )
    refuse_doubled_figures(grid)


def _headers(new: Mapping[str, str], units: Mapping[str, str]) -> dict[str, Header]:
    """Return what the names of the columns say of their figures, and what their values say of the unit."""
    said = {target: header_of(old) for old, target in new.items() if old != target}
    return said | {new[old]: replace(said[new[old]], unit=unit) for old, unit in units.items() if old in new}


def _long(grid: Grid, new: Mapping[str, str]) -> list[dict[str, Cell]]:
    """Return the rows under their names here; a trial that several columns name has their words one after another."""
    targets = [new.get(n, n) for n in grid.names]
    rows = [dict(zip(targets, row, strict=True)) for row in grid.rows]
    naming = [j for j, t in enumerate(targets) if t == "trial"]
    for cells, row in zip(grid.rows, rows, strict=True) if len(naming) > 1 else ():
        held = [cells[j] for j in naming if not blank(cells[j].value)]
        if held:
            row["trial"] = Cell(" ".join(text_of(cell.value) for cell in held), held[0].place, held[0].row)
    return rows


def _whole(table: list[dict[str, Cell]]) -> str:
    """Return how cells such as 10/40 are given, where they were given as numbers of patients."""
    sizes = (t for t in (table[0] if table else {}) if t.rpartition(".")[2] == "n")
    of = [t for t in sizes if any("/" in text_of(row[t].value) for row in table)]
    if not of:
        return ""
    whole = f"{of[0].removesuffix('n')}events"
    return f" Cells such as {text_of(table[0][of[0]].value)} are both, events and patients: call their column {whole}."


def _shown(cells: Sequence[Cell]) -> str:
    """Return what cells without a figure say, each text once."""
    return ", ".join(dict.fromkeys(repr(text_of(cell.value)) for cell in cells))


def by_measure(row: dict[str, Cell]) -> dict[str, Cell]:
    """Return a row whose effect stands under the name of the measure that the row says."""
    measure = row.get("measure")
    known = MEASURES.get(str(measure.value).strip().casefold()) if measure else None
    out = {name: cell for name, cell in row.items() if not name.startswith(GENERIC)}
    prefix = RATIOS.get(known or "", "")
    parts = {"value": known, "low": f"{prefix}_low", "high": f"{prefix}_high", "interval": f"{prefix}_ci"}
    parts |= {"log": f"log_{prefix}", "log_se": f"log_{prefix}_se"}
    own = {n.removeprefix(GENERIC): cell for n, cell in row.items() if n.startswith(GENERIC)}
    return out | ({str(parts[part]): cell for part, cell in own.items()} if known else {})


def _by_outcome(
    grid: Grid, table: list[dict[str, Cell]], outcomes: list[str], shared: list[str]
) -> tuple[list[dict[str, Cell]], list[str]]:
    """Return a row for each outcome that a row of the table has figures of, and what was left out."""
    rows, empty = list[dict[str, Cell]](), list[str]()
    for at, cells in zip(table, grid.rows, strict=True):
        common = {t: at[t] for t in shared}
        made, none = len(rows), dict[str, list[Cell]]()
        for outcome in outcomes:
            own = {
                t.rpartition(".")[2]: cell for t, cell in at.items() if t.startswith(f"{outcome}.") and t not in common
            }
            held = {field: cell for field, cell in own.items() if field not in SIZES and not blank(cell.value)}
            silent = all(says_nothing(cell.value, field) for field, cell in held.items())
            if silent and not unreached(held.get("estimate"), outcome):
                none[outcome] = [*held.values()]
            else:
                first = next(iter(held.values()))
                rows.append({"outcome": Cell(outcome, first.place, first.row), **common, **own})
        if len(rows) == made:
            said = _shown([cell for held in none.values() for cell in held])
            empty.append(f"{cells[0].place}: {text_of(cells[0].value)!r} has no figures{f' ({said})' * bool(said)}")
        else:
            empty += [f"{held[0].place}: {_shown(held)}, no {outcome}" for outcome, held in none.items() if held]
    if not rows:
        raise DataError(f"{grid.source!r} has no figures in the columns of {', '.join(outcomes)}.{_whole(table)}")
    return rows, empty
