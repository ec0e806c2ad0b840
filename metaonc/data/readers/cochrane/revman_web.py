"""RevMan Web: the data package, a ZIP archive, or its two tables of analyses as CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from ....base.files import read_bytes
from ....errors import DataError
from ..counts import COUNTS
from ..files.bytes import check_members, decode, open_zip
from ..files.layout import refuse_doubled
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

_ROWS = "-data-rows.csv"
_SETTINGS = "-overall-estimates-and-settings.csv"
_INNER = "-data.zip"
MOST_UNPACKED = 20_000_000
MOST_CELLS = 1_000_000  # of a table
_BEYOND = "\0"  # no name of a column: cells behind the last one
_KINDS = {kind.web: kind for kind in KINDS}
_METHODS = {"mh": "MH", "iv": "IV", "peto": "PETO"}
_OF_SETTINGS = (
    "Analysis group", "Analysis number", "Analysis name", "Analysis group name", "Data type", "Log-scale data",
    "Statistical method", "Effect measure", "Analysis model", "Swap event and non-event", "Experimental group label",
    "Control group label",
)  # fmt: skip
_OF_ROWS = ("Analysis group", "Analysis number", "Subgroup", "Study", "Study year", "Mean", "CI start", "CI end")

Lines = list[dict[str, str]]


def parse_package(path: Path) -> Review:
    """Return the studies of a data package."""
    tables = _unpacked(read_bytes(path), str(path))
    missing = [end for end in (_ROWS, _SETTINGS) if end not in tables]
    if missing:
        raise DataError(f"{str(path)!r} is no data package of a review of interventions: no file in it ends in "
                        f"{missing[0]!r}.")  # fmt: skip
    return _review(tables[_ROWS], tables[_SETTINGS])


def parse_tables(path: Path) -> Review:
    """Return the studies of a table of rows, which needs the table of settings beside it."""
    if not path.name.endswith(_ROWS):
        raise DataError(
            f"{str(path)!r} is no file of RevMan Web: give the data package (.zip), the file that ends in {_ROWS!r}, "
            "or of RevMan 5 the .rm5 file or its export of data and analyses (.csv)."
        )
    beside = path.with_name(path.name.removesuffix(_ROWS) + _SETTINGS)
    if not beside.exists():
        raise DataError(f"{str(beside)!r} is not there: it says what kind each analysis of {path.name!r} is.")
    return _review(*((str(p), read_bytes(p)) for p in (path, beside)))


def _unpacked(data: bytes, name: str, depth: int = 0) -> dict[str, tuple[str, bytes]]:
    """Return ending -> name and content of the two tables; they may lie in an archive within the archive."""
    archive = open_zip(data, name)
    wanted = [m for m in archive.infolist() if m.filename.endswith((_ROWS, _SETTINGS, *((_INNER,) * (depth == 0))))]
    check_members(archive, wanted, name, MOST_UNPACKED)
    found: dict[str, tuple[str, bytes]] = {}
    for member in wanted:
        content = archive.read(member)
        if member.filename.endswith(_INNER):
            found |= _unpacked(content, f"{name}/{member.filename}", depth + 1)
        else:
            end = _ROWS if member.filename.endswith(_ROWS) else _SETTINGS
            if end in found:
                raise DataError(f"{name!r} holds several reviews: {found[end][0]!r} and {member.filename!r}.")
            found[end] = (member.filename, content)
    return found


def _review(rows: tuple[str, bytes], settings: tuple[str, bytes]) -> Review:
    analyses, left_out = dict[tuple[str, str], tuple[Analysis, bool]](), list[str]()
    for line in lines_of(*settings, _OF_SETTINGS):
        key = (line["Analysis group"], line["Analysis number"])
        kind = _KINDS.get(line["Data type"])
        if kind is None:
            left_out.append(
                f"analysis {'.'.join(key)} ({line['Analysis name']}) holds {line['Data type'] or 'no'} data"
            )
        else:
            analyses[key] = (_analysis(line, kind), line["Log-scale data"].lower() == "true")
    figures = {web for kind in KINDS for _, web in kind.figures.values()}
    studies = [
        _study(*analyses[key], line, f"{rows[0]!r}, line {i}")
        for i, line in enumerate(lines_of(*rows, (*_OF_ROWS, *figures)), start=2)
        for key in [(line["Analysis group"], line["Analysis number"])]
        if key in analyses
    ]
    if not studies:
        raise DataError(f"{rows[0]!r} holds no study of an intervention with figures.")
    return Review("RevMan Web", tuple(studies), tuple(left_out))


def lines_of(name: str, data: bytes, wanted: Iterable[str]) -> Lines:
    """Return the lines of a table that has the columns wanted."""
    reader = csv.DictReader(io.StringIO(decode(data, name), newline=""), restkey=_BEYOND, restval="")
    lines: Lines = []
    try:
        names = reader.fieldnames or ()
        refuse_doubled(names, repr(name))
        missing = [column for column in wanted if column not in names]
        if missing:
            raise DataError(f"{name!r} has no column {missing[0]!r}: is it a table as RevMan exports it, unchanged?")
        for line in reader:
            if (len(lines) + 1) * len(names) > MOST_CELLS:  # a short line is filled up to the width of the header
                raise DataError(f"{name!r} has more than {MOST_CELLS:,} cells, the most that is read.")
            if _BEYOND in line:
                raise DataError(
                    f"{name!r}, line {reader.line_num}, has more values than there are columns: a value that holds a "
                    "comma must stand in quotes."
                )
            lines.append({column: "" if cell.strip() == "#N/A" else cell.strip() for column, cell in line.items()})
    except csv.Error as problem:
        raise DataError(f"{name!r} cannot be read: {problem}.") from None
    return lines


def _analysis(line: Mapping[str, str], kind: Kind) -> Analysis:
    return Analysis(
        number=f"{line['Analysis group']}.{line['Analysis number']}",
        comparison=line["Analysis group name"],
        outcome=line["Analysis name"],
        kind=kind,
        measure=measure_of(line["Effect measure"]),
        method=_METHODS.get(line["Statistical method"].lower(), line["Statistical method"]),
        model="random" if line["Analysis model"].lower().startswith("random") else "common",
        label_t=line["Experimental group label"],
        label_c=line["Control group label"],
        non_events=line["Swap event and non-event"].lower() == "true",
    )


def _study(analysis: Analysis, is_log: bool, line: Mapping[str, str], place: str) -> Study:
    def value(named: str, column: str = "") -> float:
        return number(line[named], f"{place}, {named}", whole=column in COUNTS)

    figures = {column: value(web, column) for column, (_, web) in analysis.kind.figures.items()}
    shown = shown_of(value("Mean"), value("CI start"), value("CI end"))
    scale = None
    if analysis.kind is INVERSE_VARIANCE:
        scale, figures["yi"] = scale_of(figures["yi"], shown[0], is_log, place)
    return Study(
        analysis=analysis,
        subgroup=line["Subgroup"],
        name=line["Study"],
        year=line["Study year"],
        figures=entered(analysis.kind, figures),
        shown=shown,
        log_scale=scale,
    )
