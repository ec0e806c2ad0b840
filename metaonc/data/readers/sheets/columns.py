"""Which column is what: names of a user's table, and the rows of figures that follow from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ....base.check import columns_exist, one_of
from ....base.missing import absent, not_stated
from ....errors import ColumnError, DataError, OptionError
from ...schema.outcome_words import outcome_code
from ...schema.synonyms import MEASURES, key
from ..cochrane.revman_csv import is_export
from ..files.grid import Cell, Grid, Irregular, blank, text_of
from .forms import FIELDS, LIMITS, is_figure
from .names import name_of
from .published import UNIT_WORDS, dash, writes_zero
from .recognise import GENERIC, RATIOS, not_read, recognise
from .totals import of_whole_trials

_UNIT = re.compile(
    rf"(?<![\w-])(?<!\d )({'|'.join(re.escape(word) for word in sorted(UNIT_WORDS, key=len, reverse=True))})(?!\w)",
    re.I,
)
_SIZES = ("n", "n_comparator", "n_both")  # no figures by themselves
_SURE = 3  # trials that must agree before a number is taken for the trial's
_LOOKED_AT = 1000  # rows by whose values a column is judged
_LEVEL = re.compile(r"(\d{2}(?:\.\d+)?)\s?%\s?-?(?:ci|confidence)", re.I)


@dataclass(frozen=True, slots=True)
class Header:
    """What the name of a column says of its figures: their unit, and the level of their intervals."""

    name: str
    unit: str | None = None
    level: float | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table were read as.

    Attributes
    ----------
    read
        Name there -> name here.
    asked
        Those of them that the caller said.
    not_read
        Columns of numbers that are none of these.
    questions
        Columns -> why they were not read.
    """

    read: Mapping[str, str]
    asked: Mapping[str, str]
    not_read: list[str]
    questions: Mapping[tuple[str, ...], str]

    @property
    def recognised(self) -> dict[str, str]:
        """Those that are known by what people call them."""
        return {old: new for old, new in self.read.items() if old != new and old not in self.asked}


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
    columns
        What its columns were read as.
    """

    names: list[str]
    rows: list[dict[str, Cell]]
    headers: Mapping[str, Header]
    left_out: tuple[str, ...]
    columns: Columns


def records_of(grid: Grid, columns: Mapping[str, str] | None, constants: Mapping[str, object] | None = None) -> Records:
    """Return the rows of figures of a table.

    Parameters
    ----------
    grid
        The table.
    columns
        Name of a column there -> a column of the schema; ``ci``, ``hr_ci``, ``or_ci`` or ``rr_ci`` for a column of
        intervals; with an outcome in front, as in ``orr.estimate``, where one row holds several outcomes: each becomes
        a row. What is not named is recognised by its own name.
    constants
        Column of the schema -> a value that all rows have.

    Raises
    ------
    ColumnError
        A column that is not there, two that become one, or figures that may be several things.
    OptionError
        A name that no column has.
    """
    asked = _asked(grid, columns or {})
    if is_export(grid.names) and not asked:
        raise DataError(f"{grid.source!r} is RevMan's export of data and analyses: read it with read_revman.")
    if not asked:
        refuse_doubled_figures(grid)
    held = held_in(grid)
    found = recognise(grid.names, held, asked)
    new = found.targets | asked
    _refuse_doubled(grid.names, new)
    new |= {n: f"{n} (not read)" for n in grid.names if n not in new and (n in FIELDS or n in LIMITS)}
    fixed = {name: Cell(value, "constants") for name, value in _constants(constants or {}, new).items()}
    outcomes = list(dict.fromkeys(outcome_of(t) for t in new.values() if "." in t and not t.startswith(GENERIC)))
    shared = [t for t in new.values() if "." not in t]
    if outcomes and "outcome" in (*shared, *fixed):
        raise OptionError("columns: a table with a column 'outcome' has one outcome a row; leave it out, or the dots.")
    others = [n for n in grid.names if n not in new]
    names = list(dict.fromkeys([*(new.get(n, n) for n in grid.names if "." not in new.get(n, "")), *fixed]))
    headers = {}
    for old, target in new.items():
        if "." in target and not target.startswith(GENERIC):
            names += [field] if (field := target.rpartition(".")[2]) not in names else []
        if old != target:
            headers[target] = _header(old)
        if old in found.units:
            headers[target] = Header(old, found.units[old], headers[target].level)
    rows = _long(grid, new)
    left = _blank_dashes(rows)
    if outcomes:
        rows, empty = _by_outcome(grid, rows, outcomes, [n for n in new.values() if "." not in n] + others)
        left += empty
        names.insert(len(shared), "outcome")
    if any(t.startswith(GENERIC) for t in new.values()):
        rows, names = [by_measure(row) for row in rows], [n for n in names if not n.startswith(GENERIC)]
    rows = [{**row, **fixed} for row in rows]
    rows, more = _figures_only(rows)
    left += [*more, *_blank_totals(rows)]
    if "n" in (sizes := {t.rpartition(".")[2] for t in found.targets.values()} - set(grid.names)):
        _refuse_totals(rows, [old for old, t in found.targets.items() if t.rpartition(".")[2] in sizes & {"n"}])
    unread = not_read(grid.names, held, new)
    new = {old: t for old, t in new.items() if not t.endswith("(not read)")}
    return Records(names, rows, headers, (*grid.left_out, *left), Columns(new, asked, unread, found.questions))


def refuse_doubled_figures(grid: Grid) -> None:
    """Raise a ColumnError where several columns have the name of one figure, or of the trial."""
    for name in sorted(grid.doubled):
        said = name_of(name)
        if name in FIELDS or (said and said.field != "measure"):
            raise ColumnError(
                f"column {name!r} stands in the header of {grid.source!r} more than once; rename one of them."
            )


def outcome_of(target: str) -> str:
    """Return the outcome that stands before a dot."""
    return target.rpartition(".")[0]


def held_in(grid: Grid) -> Callable[[str], list[Any]]:
    """Return a function that gives the values of a column, without those that say nothing."""
    at = {name: j for j, name in enumerate(grid.names)}

    def held(name: str) -> list[Any]:
        values = (row[at[name]].value for row in grid.rows[:_LOOKED_AT])
        shown = (v.text if isinstance(v, Irregular) else v for v in values)
        return [v for v in shown if not blank(v) and not (isinstance(v, str) and (absent(v) or v.strip() == "NR"))]

    return held


def _asked(grid: Grid, columns: Mapping[str, str]) -> dict[str, str]:
    """Return what the caller said of columns, checked; several columns may name the trial together."""
    asked = {" ".join(old.split()): new for old, new in columns.items()}
    known = [*FIELDS, *LIMITS]
    for old, new in asked.items():
        if old in grid.doubled:
            raise ColumnError(f"column {old!r} stands in the header more than once: rename the one that is meant.")
        columns_exist(grid.names, {"columns": old})
        outcome, dot, field = new.rpartition(".")
        one_of(f"columns[{old!r}]: the column", field, known)
        if dot:
            asked[old] = f"{_outcome(old, outcome)}.{field}"
    return asked


def _outcome(old: str, outcome: str) -> str:
    """Return an outcome by its code here, or as the user calls it."""
    code, _ = outcome_code(outcome)
    if not code or "." in code:
        raise OptionError(f"columns[{old!r}]: {outcome!r} is no name of an outcome: write one word, as in 'death'.")
    return code


def _constants(constants: Mapping[str, object], new: Mapping[str, str]) -> dict[str, object]:
    for name in constants:
        one_of("constants", name, FIELDS)
        if name in new.values():
            old = next(o for o, t in new.items() if t == name)
            raise OptionError(f"constants: {name!r} is the column {old!r} already; leave one of them out.")
    return dict(constants)


def _refuse_doubled(names: Sequence[str], new: Mapping[str, str]) -> None:
    """Raise a ColumnError where two columns would be one, or differ in no more than case and signs."""
    called = {n: t for n in names if (t := new.get(n, n)) in FIELDS or t in LIMITS or n in new}
    for n in names:
        same = next((f for f in called.values() if f in FIELDS and f != n and key(f) == key(n)), None)
        called |= {n: same} if same and n not in new else {}
    targets = list(called.values())
    twice = [t for t in targets if targets.count(t) > 1 and t != "trial"]
    if twice:
        both = [old for old, t in called.items() if t == twice[0]]
        raise ColumnError(f"columns {both[0]!r} and {both[1]!r} would both be {twice[0]!r}: rename one of them.")


def _long(grid: Grid, new: Mapping[str, str]) -> list[dict[str, Cell]]:
    """Return the rows under their names here; a trial that several columns name has their words one after another."""
    targets = [new.get(n, n) for n in grid.names]
    rows = [dict(zip(targets, row, strict=True)) for row in grid.rows]
    naming = [j for j, t in enumerate(targets) if t == "trial"]
    for cells, row in zip(grid.rows, rows, strict=True) if len(naming) > 1 else ():
        held = [cells[j] for j in naming if not blank(cells[j].value)]
        if held:
            row["trial"] = Cell(" ".join(text_of(cell.value) for cell in held), held[0].place)
    return rows


def _blank_dashes(rows: list[dict[str, Cell]]) -> list[str]:
    """Leave a dash blank in a column of counts that writes 0 where there were none; return what was left out."""
    said = []
    for name in rows[0] if rows else ():
        field = name.rpartition(".")[2]
        if field in FIELDS and FIELDS[field].kind == "count" and writes_zero(row[name].value for row in rows):
            for row in rows:
                if isinstance(row[name].value, str) and dash(row[name].value):
                    said.append(f"{row[name].place}: {row[name].value.strip()!r}, no {field}")
                    row[name] = Cell(None, row[name].place)
    return said


def by_measure(row: dict[str, Cell]) -> dict[str, Cell]:
    """Return a row whose effect stands under the name of the measure that the row says."""
    measure = row.get("measure")
    known = MEASURES.get(str(measure.value).strip().casefold()) if measure else None
    out = {name: cell for name, cell in row.items() if not name.startswith(GENERIC)}
    prefix = RATIOS.get(known or "", "")
    parts = {"value": known, "low": f"{prefix}_low", "high": f"{prefix}_high", "interval": f"{prefix}_ci"}
    own = {n.removeprefix(GENERIC): cell for n, cell in row.items() if n.startswith(GENERIC)}
    return out | ({str(parts[part]): cell for part, cell in own.items()} if known else {})


def _figures_only(rows: list[dict[str, Cell]]) -> tuple[list[dict[str, Cell]], list[str]]:
    """Return the rows with any figure besides numbers of patients, and what of the others was left out."""
    kept, out = [], []
    for row in rows:
        figures = [c.value for n, c in row.items() if is_figure(n) and n not in _SIZES and not blank(c.value)]
        if figures and not all(map(_says_nothing, figures)):
            kept.append(row)
        else:
            first = next(c for c in row.values() if not blank(c.value))
            out.append(f"{first.place}: {text_of(first.value)!r} has no figures")
    return (kept, out) if kept else (rows, [])


def _says_nothing(value: Any) -> bool:
    held = value.value if isinstance(value, Irregular) and value.kind == "merged" else value
    return isinstance(held, str) and not_stated(held)


def _blank_totals(rows: list[dict[str, Cell]]) -> list[str]:
    """Leave a number of patients blank where it is that of a trial of several rows; return what was left out."""
    said = []
    for of, events in (("n", "events"), ("n_comparator", "events_comparator")):
        if not any(of in row and events in row for row in rows):
            continue
        trials, has_n, has_events = [], [], []
        for row in rows:
            trials.append(tuple(text_of(row[c].value) for c in ("trial", "outcome") if c in row))
            has_n.append(of in row and not _missing(row[of]))
            has_events.append(events in row and not _missing(row[events]))
        whole = of_whole_trials(trials, has_n, has_events)
        for i in whole:
            cell = rows[i].pop(of)
            said.append(f"{cell.place}: {of}={text_of(cell.value)}, of all rows of {trials[i][0]!r} together")
        without = {trials[i] for i in whole}
        bare = [i for i, at in enumerate(trials) if at in without and not _figures(rows[i]) - {events}]
        if whole and len(bare) == len(rows):
            raise DataError(f"{said[0]}: no row has a number of patients of its own; write it into each row.")
        rows[:] = [row for i, row in enumerate(rows) if i not in set(bare)]
        said += [f"{len(bare)} rows of them, which have no patients of their own"] if bare else []
    return said


def _figures(row: dict[str, Cell]) -> set[str]:
    return {n for n, c in row.items() if is_figure(n) and n not in _SIZES and not blank(c.value)}


def _refuse_totals(rows: list[dict[str, Cell]], columns: list[str]) -> None:
    """Refuse patients that may be the trial's: the same in all rows of every trial of several arms."""
    held: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        if "n" in row and not _missing(row["n"]):
            at = tuple(text_of(row[c].value) for c in ("trial", "outcome") if c in row)
            held.setdefault(at, []).append(text_of(row["n"].value))
    several = [sizes for sizes in held.values() if len(sizes) > 1]
    if len(several) >= _SURE and all(len(set(sizes)) == 1 for sizes in several):
        raise ColumnError(
            f"column {columns[0]!r} has the same number in all rows of each trial: if it is of the rows' own patients, "
            f"say so by columns={{{columns[0]!r}: 'n'}}; if of the whole trial, by {{{columns[0]!r}: 'n_both'}}."
        )


def _missing(cell: Cell) -> bool:
    return blank(cell.value) or (isinstance(cell.value, str) and absent(cell.value))


def _header(name: str) -> Header:
    """Return what a name such as 'mPFS (mo)' or 'ORR, % (95% CI)' says; a unit stands in brackets or behind a comma."""
    parts = [*re.findall(r"[(\[]([^)\]]*)[)\]]", name), *re.sub(r"[(\[][^)\]]*[)\]]", "", name).split(",")[1:]]
    units = {UNIT_WORDS[u.lower()] for part in parts for u in _UNIT.findall(part)}
    if re.search(r"(?<!\d)(?<!\d )%\s*$", re.sub(r"[(\[][^)\]]*[)\]]", "", name).strip()):
        units.add("percent")
    level = _LEVEL.search(name)
    return Header(name, units.pop() if len(units) == 1 else None, float(level[1]) / 100 if level else None)


def _by_outcome(
    grid: Grid, table: list[dict[str, Cell]], outcomes: list[str], shared: list[str]
) -> tuple[list[dict[str, Cell]], list[str]]:
    """Return a row for each outcome that a row of the table has figures of, and what was left out."""
    rows, empty = list[dict[str, Cell]](), list[str]()
    for at, cells in zip(table, grid.rows, strict=True):
        common = {t: at[t] for t in shared}
        made = len(rows)
        for outcome in outcomes:
            own = {
                t.rpartition(".")[2]: cell for t, cell in at.items() if t.startswith(f"{outcome}.") and t not in common
            }
            held = [cell for field, cell in own.items() if field not in _SIZES and not blank(cell.value)]
            if all(_says_nothing(cell.value) for cell in held):
                empty += [f"{cell.place}: {text_of(cell.value)!r}, no {outcome}" for cell in held]
            else:
                rows.append({"outcome": Cell(outcome, held[0].place), **common, **own})
        if len(rows) == made:
            empty.append(f"{cells[0].place}: {text_of(cells[0].value)!r} has no figures")
    if not rows:
        raise DataError(f"{grid.source!r} has no figures in the columns of {', '.join(outcomes)}.")
    return rows, empty
