"""RevMan 5's export of data and analyses: a CSV file with titles, totals and studies one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ....errors import DataError
from ..counts import COUNTS
from .review import KINDS, Analysis, Kind, Review, Study, entered, measure_of, number, shown_of
from .revman_web import lines_of

_KINDS = {"DIC": "DICH", "CON": "CONT"}  # its code -> tag of the kind in an .rm5 file
_COLUMNS = {"EVENTS": "Events", "TOTAL": "Total", "MEAN": "Mean", "SD": "SD"}
_OF_TOTALS = ("df", "Q", "Z")  # statistics that only totals have
WANTED = (
    *("Comparison Number", "Outcome Number", "Subgroup Number", "Name", "Data Type", "Statistical Method"),
    *("Effect Measure", "Analysis Model", "Effect Estimate", "CI Start", "CI End", "Group Label 1", "Group Label 2"),
    *(f"{column} {arm}" for column in _COLUMNS.values() for arm in (1, 2)),
)


def is_export(names: Sequence[str]) -> bool:
    """Whether the names of columns are those of the export."""
    return {"Comparison Number", "Outcome Number", "Subgroup Number", "Data Type"} <= set(names)


def parse_export(data: bytes, name: str) -> Review:
    """Return the studies of the export; its titles, totals and subtotals are no studies."""
    comparisons, analyses = dict[str, str](), dict[str, Analysis | None]()
    groups, studies, left_out = dict[tuple[str, str], str](), list[Study](), list[str]()
    for i, line in enumerate(lines_of(name, data, WANTED), start=2):
        comparison, group = line["Comparison Number"], line["Subgroup Number"]
        key = f"{comparison}.{line['Outcome Number']}"
        if line["Outcome Number"] in ("", "0"):
            comparisons[comparison] = line["Name"]
        elif line["Data Type"]:
            tag = _KINDS.get(line["Data Type"].upper()[:3])
            kind = next((k for k in KINDS if k.tag == tag), None)
            analyses[key] = _analysis(key, line, comparisons.get(comparison, ""), kind) if kind else None
            if kind is None:
                left_out.append(f"analysis {key} ({line['Name']}) holds {line['Data Type']} data: give the .rm5 file")
        elif any(line.get(column) for column in _OF_TOTALS):
            groups[key, group] = line["Name"]
        elif key not in analyses:
            raise DataError(f"{name!r}, line {i}: {line['Name']!r} belongs to no analysis: export the review again.")
        elif (analysis := analyses[key]) is not None:
            subgroup = "" if group in ("", "0") else groups.get((key, group), group)
            studies.append(_study(analysis, subgroup, line, f"{name!r}, line {i}"))
    if not studies:
        raise DataError(f"{name!r} holds no study of an intervention with figures.")
    return Review("RevMan 5, data and analyses", tuple(studies), tuple(left_out))


def _analysis(key: str, line: Mapping[str, str], comparison: str, kind: Kind) -> Analysis:
    return Analysis(
        number=key,
        comparison=comparison,
        outcome=line["Name"],
        kind=kind,
        measure=measure_of(line["Effect Measure"]),
        method=line["Statistical Method"].upper(),
        model="random" if line["Analysis Model"].lower().startswith("random") else "common",
        label_t=line["Group Label 1"],
        label_c=line["Group Label 2"],
        non_events=False,
    )


def _study(analysis: Analysis, subgroup: str, line: Mapping[str, str], place: str) -> Study:
    def value(named: str, of: str = "") -> float:
        return number(line[named], f"{place}, {named}", whole=of in COUNTS)

    def column(attribute: str) -> str:  # EVENTS_1 of an .rm5 file is Events 1 here
        word, _, arm = attribute.rpartition("_")
        return f"{_COLUMNS[word]} {arm}"

    figures = {of: value(column(attribute), of) for of, (attribute, _) in analysis.kind.figures.items()}
    shown = shown_of(value("Effect Estimate"), value("CI Start"), value("CI End"))
    year = line.get("Year of study", "")
    return Study(analysis, subgroup, line["Name"], year, entered(analysis.kind, figures), shown)
