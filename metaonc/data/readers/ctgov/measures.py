"""One record read: the rows of its outcome measures, and what was left unread, each with its reason."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .arms import Joined, joined, types_of
from .contrasts.attach import attach
from .cuts import superseding
from .record import Heading, Measure, Record, measure_of, titles_within
from .rows import RATES, RESPONSES, Left, Row, rows_of
from .words import phrases
from .words.categories import kind_of
from .words.pattern import words_of
from .words.subgroups import Subgroup, restriction, subgroup_of
from .words.titles import Named, named
from .words.units import unit_of

_TUMOUR = words_of(
    r"cancer|carcino|tumou?r|neoplas|leuk[a]?emi|lymphoma|myelom|melanom|sarcoma|gliom|blastoma|malignan|metasta"
    r"|mesotheliom"
    r"|NSCLC|SCLC|\bCLL\b|\bAML\b|\bCML\b|(?-i:\bALL\b)|\bMDS\b|myelodysplas|myeloprolif|macroglobulin|\bGIST\b"
    r"|histiocyto|mastocyto"
    r"|polycyth|desmoid|thymom|amyloid|oncolog|adenoma|myelofibro|seminoma|germinoma|astrocyt|ependymo"
)
_SUPPORTIVE = words_of(r"\bemesis|\bemetic|vomit|rescue medication|antiemetic|\bHCV\b|viral load|hot flash|psoria"
                         r"|remission of"
                         r" depress|proteinuria|prurit|antibod|vaccin|seroconver|\btiters?\b|\w+setron\b"
                         r"|aprepitant")  # fmt: skip
_CRITERIA = words_of(
    r"\b(?:ir|i|m|im)RECIST\b|\birRC\b|immune[- ]related (?:response|RECIST)|modified RECIST|\bPERCIST\b"
    r"|\bChoi\b|\bGCIG\b|\bCA-?125\b"
)
_STABLE = words_of(r"(?:stable disease|\bSD\b)[^.;]{0,60}?(?:for|lasting|of|>=?|≥|at least|maintained"
                     r"|minimum)\s*(?:at least|a"
                     r" minimum of|>=?|≥)?\s*(?P<t>\d{1,3}[\s-]*(?:weeks?|months?))")  # fmt: skip


class Reading(NamedTuple):
    """What was read of a record: rows as columns of the evidence, arms by title, and what was left."""

    rows: list[dict[str, Any]]
    arms: dict[str, Joined]
    left: list[tuple[Heading, Left]]


def read(record: Record) -> Reading:
    """Return the rows of a record, its arms, and what of its measures was not read."""
    found: list[tuple[Measure, list[Row]]] = []
    left: list[tuple[Heading, Left]] = []
    about = " ; ".join((*record.conditions, record.title))
    tumour = not record.conditions or _TUMOUR.fits(about)
    for heading in record.measures:
        why = _no_results(heading)
        name = named(heading.title, heading.unit, heading.param)
        if why or not _worth(name, heading):
            left.append((heading, Left("measure", why or name.reason)))
        elif not tumour:
            left.append((heading, Left("measure", "no condition of the record is a tumour")))
        else:
            measure = measure_of(heading)
            rows, unread = _rows(record, measure, name)
            left += [(heading, x) for x in unread]
            found += [(measure, rows)] if rows else []
    arms = joined(record, [measure for measure, _ in found])
    made: list[dict[str, Any]] = []
    seen: dict[tuple[Any, ...], int] = {}
    for measure, rows in found:
        left += [(measure.heading, x) for x in attach(measure, rows, types_of(measure, arms))]
        shared = _about(measure)
        for row in rows:
            cells = _cells(record, measure, row, shared, arms)
            key = _key(cells)
            if key in seen:
                left.append(
                    (measure.heading, Left("group", f"{cells['arm']!r} repeats what measure {seen[key]} gives"))
                )
            else:
                seen[key] = measure.number
                made.append(cells)
    return Reading(superseding(made), arms, [(heading.bare(), x) for heading, x in left])


def _worth(name: Named, heading: Heading) -> bool:
    """Tell whether a measure has an outcome, or may have one by categories of response."""
    return name.outcome is not None or (name.open and "cr" in map(kind_of, titles_within(heading)))


def _rows(record: Record, measure: Measure, name: Named) -> tuple[list[Row], list[Left]]:
    """Return the rows of one measure, or why there are none."""
    why = _no_numbers(measure) or _no_response(measure, name)
    subgroup, unclear = restriction(measure.title, (record.title, *record.conditions))
    if not why and unclear and name.outcome != "dor":
        why = f"whether {unclear!r} in its title is a part of the patients or all of them is not said"
    rows, left = ([], [Left("measure", why)]) if why else rows_of(measure, name.outcome, unit_of(measure.unit))
    if not rows and not why and name.outcome is None:
        return [], [Left("measure", name.reason)]
    kept = [row for row in rows if _has_time(row, measure)]
    left += (
        [Left("measure", "a rate at a time that neither class, title nor time frame names")]
        if len(kept) < len(rows)
        else []
    )
    for row in kept:
        row.cells |= _subgroup(row.context.subgroup, subgroup or _of_group(measure, row.group))
    return kept, left


def _no_results(heading: Heading) -> str:
    if heading.status.upper() == "NOT_POSTED":
        return "not posted"
    return "" if heading.held.get("classes") else "no data"


def _no_numbers(measure: Measure) -> str:
    if not any(m.value for c in measure.classes for k in c.categories for m in k.measurements):
        return "no data"
    of = measure.of.casefold()
    return f"counts {measure.of}, not participants" if of and of not in ("participants", "participant") else ""


def _no_response(measure: Measure, name: Named) -> str:
    if name.outcome in ("pfs", "dfs", "os", *RATES):
        return ""
    said = " ".join((measure.title, measure.description, *(group.title for group in measure.groups)))
    return "a response that is none of a tumour" if _SUPPORTIVE.fits(said) else ""


def _has_time(row: Row, measure: Measure) -> bool:
    """Give a rate its time: of the class, else of the title, else of the time frame; tell whether it has one."""
    if row.outcome == "dcr" and row.context.time is None:
        found = _STABLE.search(f"{measure.title}. {measure.description}")
        row.cells["time_months"] = phrases.time_alone(found["t"]) if found else None
    elif row.outcome not in RATES:
        row.cells["time_months"] = row.context.time
    else:
        title, frame = phrases.time_in_title(measure.title), phrases.time_of_frame(measure.time_frame)
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


def _about(measure: Measure) -> dict[str, Any]:
    """Return what all rows of a measure say of it."""
    place = f"measure {measure.number} ({measure.heading.type or 'type not given'}): {measure.title}"
    return {
        "assessor": phrases.assessor(measure.title, measure.description),
        "confirmed": phrases.confirmed(measure.title, measure.description),
        "data_cut": phrases.date_of_cut(measure.time_frame, measure.description),
        "population": measure.population[:500] or None,
        "time_frame": measure.time_frame[:500] or None,
        "measure_number": measure.number,
        "source_where": place[:500],
    }


def _cells(
    record: Record, measure: Measure, row: Row, about: dict[str, Any], arms: dict[str, Joined]
) -> dict[str, Any]:  # fmt: skip
    """Return all columns of a row."""
    group = next(g for g in measure.groups if g.id == row.group)
    titles = {g.id: arms[g.title].title for g in measure.groups}
    if titles[row.group] != group.title:
        row.notes.append(f"group {group.title!r}, joined with {titles[row.group]!r}")
    if row.outcome in RESPONSES and (criteria := _CRITERIA.search(measure.title)):
        row.notes.append(f"response by {criteria[0]}, not by RECIST alone")
    cells = {
        "row_id": f"{record.nct}-{measure.number}-{row.group}",
        "arm": titles[row.group],
        "outcome": row.outcome,
        **about,
        **row.cells,
        "cut": row.context.cut or None,
        "note": "; ".join(dict.fromkeys(row.notes)) or None,
    }
    if row.outcome in ("os", "os_rate"):
        cells["assessor"] = "not applicable"
    elif row.context.assessor:
        cells["assessor"] = row.context.assessor
    if row.outcome not in RESPONSES:
        cells["confirmed"] = "not applicable"
    if row.context.cut and (date := phrases.date_of_cut(row.context.cut)):
        cells["data_cut"] = date
    if "comparator" in cells:
        cells["comparator"] = titles[cells["comparator"]]
    return cells


def _key(cells: dict[str, Any]) -> tuple[Any, ...]:
    same = (
        "arm",
        "outcome",
        "assessor",
        "subgroup_level",
        "time_months",
        "cut",
        "n",
        "events",
        "estimate",
        "ci_low",
        "hr",
    )
    return tuple(str(cells.get(name)).casefold() for name in same)
