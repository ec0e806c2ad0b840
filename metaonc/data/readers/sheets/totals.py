"""What of the rows of a sheet is none of theirs: rows without figures, dashes, numbers of a whole trial."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any

from ....base.labels import blank
from ....base.messages.advice import option
from ....base.missing import absent, not_reached, not_stated
from ....errors import ColumnError, DataError
from ...schema.outcome_words import outcome_code
from ...schema.tables import OUTCOMES
from ..files.grid import Cell, text_of
from ..files.layout import Irregular
from .forms import FIELDS, is_figure
from .numerals import SENTINEL, stands_for_none
from .published import dash, writes_zero
from .values import NON_EVENTS

SIZES = ("n", "n_comparator", "n_both")  # no figures by themselves
_SURE = 3  # trials that must agree before a number is taken for the trial's


def of_whole_trials(trials: Sequence[object], has_n: Sequence[bool], has_events: Sequence[bool]) -> list[int]:
    """Return the rows whose number of patients is the trial's.

    So it is where trials of several rows have a number in their first row only, and events in others too: the number
    then stands for all rows of the trial.

    Parameters
    ----------
    trials, has_n, has_events
        Of each row its trial, and whether it has a number of patients and of events.
    """
    runs = [list(run) for _, run in groupby(range(len(trials)), key=lambda i: trials[i])]
    several = [run for run in runs if len(run) > 1]
    if any(has_n[i] for run in several for i in run[1:]):
        return []
    firsts = [run[0] for run in several if has_n[run[0]]]
    orphans = any(has_events[i] for run in several if has_n[run[0]] for i in run[1:])
    return firsts if orphans else []


def with_patients(rows: list[dict[str, Cell]]) -> list[dict[str, Cell]]:
    """Return the rows with the patients that are events and non-events together, in the place of the non-events."""
    return [dict(_patients(name, cell, row) for name, cell in row.items()) for row in rows]


def _patients(name: str, cell: Cell, row: dict[str, Cell]) -> tuple[str, Cell]:
    outcome, dot, of = name.rpartition(".")
    if of not in NON_EVENTS:
        return name, cell
    events = row.get(f"{outcome}{dot}{of.removeprefix('non_')}")
    if events is None:
        raise ColumnError(f"column {name!r} without its events: patients are both together; name the column of events.")
    together = [text_of(each.value).strip() for each in (events, cell)]
    if any(map(blank, (events.value, cell.value))):
        return f"{outcome}{dot}{NON_EVENTS[of]}", Cell(None, cell.place, cell.row)
    if not all(re.fullmatch(r"\d+(\.0+)?", text) for text in together):
        shown = " and ".join(map(repr, together))
        raise DataError(f"events and non-events {shown} are no whole numbers ({cell.place}): correct them.")
    return f"{outcome}{dot}{NON_EVENTS[of]}", Cell(sum(float(text) for text in together), cell.place, cell.row)


def with_figures(rows: list[dict[str, Cell]]) -> tuple[list[dict[str, Cell]], list[str]]:
    """Return the rows with any figure besides numbers of patients, and what of the others was left out."""
    kept, out = [], []
    for row in rows:
        figures = [(c.value, n) for n, c in row.items() if is_figure(n) and n not in SIZES and not blank(c.value)]
        outcome = text_of(row["outcome"].value) if "outcome" in row else ""
        if not all(says_nothing(value, name) for value, name in figures) or unreached(row.get("estimate"), outcome):
            kept.append(row)
        else:
            first = next(c for c in row.values() if not blank(c.value))
            out.append(f"{first.place}: {text_of(first.value)!r} has no figures")
    return (kept, out) if kept else (rows, [])


def says_nothing(value: Any, name: str) -> bool:
    """Whether a cell says that there is no figure, in a word or by a number that no figure is; merged cells may too."""
    held = value.value if isinstance(value, Irregular) and value.kind == "merged" else value
    if isinstance(held, str) and not SENTINEL.fullmatch(held.strip()):
        return not_stated(held)
    number = float(held) if isinstance(held, str) else held  # a whole number may be too large for a float
    return isinstance(number, (int, float)) and stands_for_none(name, number)


def unreached(cell: Cell | None, outcome: str) -> bool:
    """Whether a cell says of a time to an event that its median was not reached, which is a result of the trial."""
    held = cell.value if cell else None
    held = held.value if isinstance(held, Irregular) and held.kind == "merged" else held
    known = OUTCOMES.get(outcome_code(outcome)[0])
    return known is not None and known.kind == "time" and isinstance(held, str) and not_reached(held)


def blank_dashes(rows: list[dict[str, Cell]], names: Collection[str]) -> list[str]:
    """Leave a dash blank in a column of counts that writes 0 where there were none; return what was left out."""
    said = []
    for name in names if rows else ():
        field = name.rpartition(".")[2]
        if field in FIELDS and FIELDS[field].kind == "count" and writes_zero(row[name].value for row in rows):
            for row in rows:
                if isinstance(row[name].value, str) and dash(row[name].value):
                    said.append(f"{row[name].place}: {row[name].value.strip()!r}, no {field}")
                    row[name] = Cell(None, row[name].place, row[name].row)
    return said


def blank_totals(rows: list[dict[str, Cell]]) -> tuple[list[str], list[str]]:
    """Leave a number of patients blank where it is that of a trial of several rows; return what was left out.

    These are the numbers, and the rows that have no patients of their own.
    """
    said, out = list[str](), list[str]()
    for of, events in (("n", "events"), ("n_comparator", "events_comparator")):
        if not any(of in row and events in row for row in rows):
            continue
        if all(of in row and not _missing(row[of]) for row in rows):
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
        firsts = [next(c for c in rows[i].values() if not blank(c.value)) for i in bare]
        out += [f"{c.place}: {text_of(c.value)!r} has no patients of its own" for c in firsts]
        rows[:] = [row for i, row in enumerate(rows) if i not in set(bare)]
    return said, out


def _figures(row: dict[str, Cell]) -> set[str]:
    return {n for n, c in row.items() if is_figure(n) and n not in SIZES and not blank(c.value)}


def refuse_totals(rows: list[dict[str, Cell]], columns: list[str]) -> None:
    """Refuse patients that may be the trial's: the same in all rows of every trial of several arms."""
    held: dict[tuple[str, ...], list[str]] = {}
    if not columns:
        return
    for row in rows:
        if "n" in row and not _missing(row["n"]):
            at = tuple(text_of(row[c].value) for c in ("trial", "outcome") if c in row)
            held.setdefault(at, []).append(text_of(row["n"].value))
    several = [sizes for sizes in held.values() if len(sizes) > 1]
    if len(several) >= _SURE and all(len(set(sizes)) == 1 for sizes in several):
        raise ColumnError(
            f"column {columns[0]!r} has the same number in all rows of each trial: if it is of the rows' own patients, "
            f"say so by {option('columns', {columns[0]: 'n'})}; if of the whole trial, by "
            f"{option('columns', {columns[0]: 'n_both'})}."
        )


def _missing(cell: Cell) -> bool:
    return blank(cell.value) or (isinstance(cell.value, str) and absent(cell.value))
