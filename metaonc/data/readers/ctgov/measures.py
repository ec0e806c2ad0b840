"""One record read: the rows of its outcome measures, and what was left unread, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from . import words
from .arms import Joined, joined, types_of
from .attach import attach
from .record import Measure, Record
from .rows import RATES, RESPONSES, Left, Row, rows_of
from .subgroups import Subgroup, restriction, subgroup_of
from .titles import Named, named
from .units import unit_of

_TUMOUR = re.compile(
    r"cancer|carcino|tumou?r|neoplas|leuk[a]?emi|lymphoma|myelom|melanom|sarcoma|gliom|blastoma|malignan|metasta|mesotheliom"
    r"|NSCLC|SCLC|\bCLL\b|\bAML\b|\bCML\b|\bALL\b|\bMDS\b|myelodysplas|myeloprolif|macroglobulin|\bGIST\b|histiocyto|mastocyto"
    r"|polycyth|desmoid|thymom|amyloid|oncolog|adenoma|myelofibro|seminoma|germinoma|astrocyt|ependymo",
    re.I,
)
_SUPPORTIVE = re.compile(r"\bemesis|\bemetic|vomit|rescue medication|antiemetic|\bHCV\b|viral load|hot flash|psoria|remission of"
                         r" depress|proteinuria|prurit", re.I)  # fmt: skip
_STABLE = re.compile(r"(?:stable disease|\bSD\b)[^.;]{0,60}?(?:for|lasting|of|>=?|≥|at least|maintained|minimum)\s*(?:at least|a"
                     r" minimum of|>=?|≥)?\s*(?P<t>\d{1,3}[\s-]*(?:weeks?|months?))", re.I)  # fmt: skip


class Reading(NamedTuple):
    """What was read of a record: rows as columns of the evidence, arms by title, and what was left."""

    rows: list[dict[str, Any]]
    arms: dict[str, Joined]
    left: list[tuple[Measure, Left]]


def read(record: Record) -> Reading:
    """Return the rows of a record, its arms, and what of its measures was not read."""
    found: list[tuple[Measure, list[Row]]] = []
    left: list[tuple[Measure, Left]] = []
    for measure in record.measures:
        rows, unread = _rows(record, measure)
        left += [(measure, x) for x in unread]
        if rows:
            found.append((measure, rows))
    arms = joined(record, [measure for measure in record.measures if measure.groups])
    made: list[dict[str, Any]] = []
    seen: dict[tuple[Any, ...], int] = {}
    for measure, rows in found:
        left += [(measure, x) for x in attach(measure, rows, types_of(measure, arms))]
        for row in rows:
            cells = _cells(record, measure, row, arms)
            key = _key(cells)
            if key in seen:
                left.append((measure, Left("group", f"{cells['arm']!r} repeats what measure {seen[key]} gives")))
            else:
                seen[key] = measure.number
                made.append(cells)
    return Reading(_superseding(made), arms, left)


def _rows(record: Record, measure: Measure) -> tuple[list[Row], list[Left]]:
    """Return the rows of one measure, or why there are none."""
    why = _no_results(measure)
    if why:
        return [], [Left("measure", why)]
    name = named(measure.title, measure.unit, measure.param)
    if name.outcome is None and not name.open:
        return [], [Left("measure", name.reason)]
    why = _no_tumour(record, measure, name)
    subgroup, unclear = restriction(measure.title, (record.title, *record.conditions))
    if not why and unclear and name.outcome != "dor":
        why = f"whether {unclear!r} in its title is a part of the patients or all of them is not said"
    rows, left = ([], [Left("measure", why)]) if why else rows_of(measure, name.outcome, unit_of(measure.unit))
    if not rows and name.outcome is None:
        return [], [Left("measure", name.reason)]
    kept = [row for row in rows if _has_time(row, measure)]
    left += [Left("measure", "a rate at a time that neither class, title nor time frame names")] if len(kept) < len(rows) else []
    for row in kept:
        row.cells |= _subgroup(row.context.subgroup, subgroup or _of_group(measure, row.group))
    return kept, left


def _no_results(measure: Measure) -> str:
    if measure.status.upper() == "NOT_POSTED":
        return "not posted"
    if not measure.classes or not any(m.value for c in measure.classes for k in c.categories for m in k.measurements):
        return "no data"
    of = measure.of.casefold()
    return f"counts {measure.of}, not participants" if of and of not in ("participants", "participant") else ""


def _no_tumour(record: Record, measure: Measure, name: Named) -> str:
    about = (*record.conditions, record.title)
    if record.conditions and not any(_TUMOUR.search(text) for text in about):
        return "no condition of the record is a tumour"
    if name.outcome not in ("pfs", "dfs", "os", *RATES) and _SUPPORTIVE.search(f"{measure.title} {measure.description}"):
        return "a response that is none of a tumour"
    return ""


def _has_time(row: Row, measure: Measure) -> bool:
    """Give a rate its time: of the class, else of the title, else of the time frame; tell whether it has one."""
    if row.outcome == "dcr" and row.context.time is None:
        found = _STABLE.search(f"{measure.title}. {measure.description}")
        row.cells["time_months"] = words.time_alone(found["t"]) if found else None
    elif row.outcome not in RATES:
        row.cells["time_months"] = row.context.time
    else:
        title, frame = words.time_in_title(measure.title), words.time_of_frame(measure.time_frame)
        row.cells["time_months"] = next((t for t in (row.context.time, title, frame) if t is not None), None)
        if row.context.time is None and title is None and frame is not None:
            row.notes.append("its time is that of the time frame")
        return row.cells["time_months"] is not None
    return True


def _subgroup(*found: Subgroup | None) -> dict[str, str]:
    said = [pair for pair in found if pair]
    if not said:
        return {}
    return {"subgroup_variable": ", ".join(v for v, _ in said), "subgroup_level": ", ".join(level for _, level in said)}


def _of_group(measure: Measure, group: str) -> Subgroup | None:
    """Return the part of an arm that a group is, where another group of the measure is the arm: "B, KRAS mutant"."""
    title = next(g.title for g in measure.groups if g.id == group)
    for other in measure.groups:
        rest = title.removeprefix(other.title)
        if other.title and other.id != group and rest != title and re.match(r"\s*[:;,(-]", rest):
            return subgroup_of(rest.strip(" :;,()-"))
    return None


def _cells(record: Record, measure: Measure, row: Row, arms: dict[str, Joined]) -> dict[str, Any]:
    """Return all columns of a row."""
    group = next(g for g in measure.groups if g.id == row.group)
    titles = {g.id: arms[g.title].title for g in measure.groups}
    survival = row.outcome in ("os", "os_rate")
    judge = row.context.assessor or words.assessor(measure.title, measure.description)
    confirmed = words.confirmed(measure.title, measure.description) if row.outcome in RESPONSES else "not applicable"
    if titles[row.group] != group.title:
        row.notes.append(f"group {group.title!r}, joined with {titles[row.group]!r}")
    place = f"{measure.number}-{row.group}"
    cells = {
        "row_id": f"{record.nct}-{place}",
        "arm": titles[row.group],
        "outcome": row.outcome,
        "assessor": "not applicable" if survival else judge,
        "confirmed": confirmed,
        **row.cells,
        "cut": row.context.cut or None,
        "data_cut": words.date_of_cut(row.context.cut, measure.time_frame, measure.description),
        "population": measure.population[:500] or None,
        "time_frame": measure.time_frame[:500] or None,
        "measure": measure.number,
        "source_where": f"measure {measure.number} ({measure.type or 'type not given'}): {measure.title}"[:500],
        "note": "; ".join(dict.fromkeys(row.notes)) or None,
    }
    if "comparator" in cells:
        cells["comparator"] = titles[cells["comparator"]]
    return cells


def _key(cells: dict[str, Any]) -> tuple[Any, ...]:
    same = ("arm", "outcome", "assessor", "subgroup_level", "time_months", "cut", "n", "events", "estimate", "ci_low", "hr")
    return tuple(str(cells.get(name)).casefold() for name in same)


_RANKS = tuple(re.compile(p, re.I) for p in (r"interim|first|initial", r"primary|planned", r"second|updated?|follow", r"final|end of"))


def _rank(cut: str) -> tuple[int, float] | None:
    time = words.time_alone(cut)
    if time is not None:
        return (2, time)
    found = [i for i, pattern in enumerate(_RANKS) if pattern.search(cut)]
    return (found[0] if found[0] < 2 else found[0] + 1, 0.0) if len(found) == 1 else None


def _superseding(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows under names of their own, each later data cut with the rows that it replaces."""
    names: dict[str, int] = {}
    for row in rows:
        names[row["row_id"]] = names.get(row["row_id"], 0) + 1
        row["row_id"] += f"-{names[row['row_id']]}" if names[row["row_id"]] > 1 else ""
    same = ("arm", "outcome", "assessor", "subgroup_level", "time_months", "measure")
    for row in rows:
        rank = _rank(row["cut"]) if row["cut"] else None
        older = [
            other["row_id"] for other in rows
            if rank and other["cut"] and all(other.get(k) == row.get(k) for k in same)
            and (before := _rank(other["cut"])) and before < rank
        ]  # fmt: skip
        if older:
            row["supersedes"] = " ".join(older)
    return list(rows)
