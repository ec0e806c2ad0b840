"""RevMan 5: an .rm5 file, which is XML."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ....base.files import xml_of
from ....errors import DataError
from ..counts import COUNTS
from .review import (
    INVERSE_VARIANCE,
    KINDS,
    Analysis,
    Kind,
    Review,
    Study,
    entered,
    measure_of,
    number,
    scale_of,
    shown_of,
)

_TAGS = {f"{kind.tag}_OUTCOME": kind for kind in KINDS}


def parse_rm5(data: bytes, name: str) -> Review:
    """Return the studies of an .rm5 file; `name` is what errors call it."""
    root = xml_of(data, name)
    if root.tag != "COCHRANE_REVIEW":
        raise DataError(f"{name!r} is XML, but no review of RevMan 5: it begins with {root.tag!r}.")
    names = {s.get("ID"): (s.get("NAME") or "", s.get("YEAR") or "") for s in root.iter("STUDY")}
    studies, left_out = list[Study](), list[str]()
    for comparison in root.iter("COMPARISON"):
        for outcome in comparison:
            number_ = f"{comparison.get('NO')}.{outcome.get('NO')}"
            if outcome.tag == "OTHER_OUTCOME":
                left_out.append(f"analysis {number_} ({_name(outcome)}) holds text only")
            elif outcome.tag in _TAGS:
                analysis = _analysis(number_, comparison, outcome, _TAGS[outcome.tag])
                log_data = {"YES": True, "NO": False}.get(outcome.get("LOG_DATA") or "")
                studies += [
                    _study(analysis, group, row, names, log_data, name) for group, row in _rows(outcome, analysis.kind)
                ]
    if not studies:
        raise DataError(f"{name!r} holds no study of an intervention with figures.")
    return Review("RevMan 5", tuple(studies), tuple(left_out))


def _name(element: Any) -> str:
    return " ".join((element.findtext("NAME") or "").split())


def _analysis(number_: str, comparison: Any, outcome: Any, kind: Kind) -> Analysis:
    def text(tag: str) -> str:
        return " ".join((outcome.findtext(tag) or "").split())

    return Analysis(
        number=number_,
        comparison=_name(comparison),
        outcome=_name(outcome),
        kind=kind,
        measure=measure_of(outcome.get("EFFECT_MEASURE") or text("EFFECT_MEASURE")),
        method=outcome.get("METHOD") or {"IPD": "PETO"}.get(kind.tag, "IV"),
        model="random" if outcome.get("RANDOM") == "YES" else "common",
        label_t=text("GROUP_LABEL_1"),
        label_c=text("GROUP_LABEL_2"),
        non_events=outcome.get("SWAP_EVENTS") == "YES",
    )


def _rows(outcome: Any, kind: Kind) -> list[tuple[Any, Any]]:
    """Return each element of data with its subgroup, or with the outcome itself where there are none."""
    groups = outcome.findall(f"{kind.tag}_SUBGROUP")
    return [(group, row) for group in (outcome, *groups) for row in group.findall(f"{kind.tag}_DATA")]


def _study(
    analysis: Analysis,
    group: Any,
    row: Any,
    names: Mapping[str | None, tuple[str, str]],
    log_data: bool | None,
    file: str,
) -> Study:
    if row.get("STUDY_ID") not in names:
        raise DataError(f"{file!r}, analysis {analysis.number}: no study has the ID {row.get('STUDY_ID')!r}.")
    name, year = names[row.get("STUDY_ID")]
    place = f"{file!r}, analysis {analysis.number}, study {name!r}"

    def value(attribute: str, column: str = "") -> float:
        return number(row.get(attribute), f"{place}, {attribute}", whole=column in COUNTS)

    figures = {column: value(attribute, column) for column, (attribute, _) in analysis.kind.figures.items()}
    shown = shown_of(value("EFFECT_SIZE"), value("CI_START"), value("CI_END"))
    is_log = None
    if analysis.kind is INVERSE_VARIANCE:
        effect = math.nan if row.get("ESTIMABLE") == "NO" else shown[0]
        is_log, figures["yi"] = scale_of(figures["yi"], effect, log_data, place)
    subgroup = _name(group) if group.tag.endswith("_SUBGROUP") else ""
    return Study(analysis, subgroup, name, year, entered(analysis.kind, figures), shown, is_log)
