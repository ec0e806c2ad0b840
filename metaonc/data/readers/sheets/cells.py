"""From cells to values: plain numbers stay, printed figures are read and that is noted, the rest is refused."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ....base.labels import blank
from ....base.messages.advice import option
from ....base.missing import absent, not_stated
from ....base.numbers import PLAIN, NotANumber, number_of
from ...schema.dates import iso_date
from ...schema.outcome_words import judge_name, outcome_code
from ...schema.tables import OUTCOMES
from ..files.grid import Cell, text_of
from ..files.layout import Irregular
from .columns import Header
from .forms import DATE, FAMILIES, FIELDS, OPEN, family_of, form_of, is_figure, takes_unit, why_not
from .numerals import SENTINEL, contradiction, mark_of, stands_for_none, told, whole
from .published import UNIT_WORDS, Reading, dash, read_figure
from .records import Records
from .row import CellError, Row

BOUND = "a bound, left blank"
_BARE_PERCENT = ("count (bare percent)", "fraction (bare percent)")  # where the column's name has the sign
_WORKED_OUT = re.compile(r"[0-9]+\.([0-9]{1,2}|[0-9]{4,})")  # 14.02; three digits may be thousands
_THOUSANDS = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")
_PLAIN = {"single": PLAIN, "count": re.compile(r"[0-9]+(\.0{1,2})?")}  # 1.000 may be a thousand


def rows_of(records: Records, decimal: str, faults: list[CellError] | None = None) -> list[Row]:
    """Return the rows with their values, or raise an error on the first cell that cannot be read, and more like it.

    Parameters
    ----------
    records
        The rows of figures.
    decimal
        Decimal mark of numbers that are texts.
    faults
        Where given, errors go there, and their cells are blank.
    """
    rows: list[Row] = []
    found: list[CellError] = [] if faults is None else faults
    for number, cells in enumerate(records.rows):
        row = Row(_label(cells, number), number, cells)
        for step in _steps(row, records, decimal):
            try:
                step()
            except CellError as fault:
                found.append(fault)
        rows.append(row)
    if faults is None and found:
        raise _first_of(found)
    _levels(rows)
    return rows


def _first_of(faults: list[CellError], most: int = 4) -> CellError:
    """Return the error of the first cell, with the other cells of its column that cannot be read."""
    first = faults[0]
    more = [
        fault for fault in faults[1:] if fault.said[0] and fault.said[0] == first.said[0] and fault.row != first.row
    ]
    if not more:
        return first
    cells = ", ".join(f"{fault.said[1]} (row {fault.row})" for fault in more[:most])
    rest = f" and {len(more) - most} more" * (len(more) > most)
    said = f"{first} Of the same column cannot be read either: {cells}{rest}."
    return CellError(said, first.cells, first.row, first.said)


def _steps(row: Row, records: Records, decimal: str) -> Iterator[Callable[[], None]]:
    """Return how a row is read, a step a cell."""
    for name, cell in row.cells.items():  # plain ones first: what is printed must agree with them
        yield partial(_plain, row, name, cell, decimal)
    outcome = row.values.get("outcome")
    for name, cell in row.cells.items():
        if name not in row.values and is_figure(name) and not blank(cell.value) and name not in row.missing:
            yield partial(_printed, row, name, cell, decimal, records.header(name, outcome))
    for name, cell in row.cells.items() if records.headers else ():
        header = records.header(name, outcome)
        if header and not blank(cell.value):
            yield partial(_from_header, row, name, cell, header)
    yield partial(_close, row)


def _levels(rows: list[Row]) -> None:
    """Where one interval says its level, the others, which do not, have the usual one."""
    for family in FAMILIES:
        level = family["level"]
        if any(level in row.values for row in rows) and not any(level in row.cells for row in rows):
            for row in rows:
                if level not in row.values and _any(row, (family["low"], family["high"])):
                    row.values[level] = 0.95


def _label(cells: Mapping[str, Cell], number: int) -> str:
    held = [cells[c].value for c in ("trial", "row_id") if c in cells and not blank(cells[c].value)]
    return ", ".join(_text(v.value if isinstance(v, Irregular) else v) for v in held) or str(number)


def _plain(row: Row, name: str, cell: Cell, decimal: str) -> None:
    """Set what needs no reading."""
    if isinstance(cell.value, Irregular) and cell.value.kind == "percent" and is_figure(name):
        _percentage(row, name, cell)
        return
    value = _odd(row, name, cell) if isinstance(cell.value, Irregular) else cell.value
    if blank(value):
        return
    if not is_figure(name):
        row.values[name] = _word(row, name, value) if name in FIELDS else value
    elif isinstance(value, str):
        _text_number(row, name, value.strip(), decimal)
    else:
        _settle(row, name, _number(row, name, cell))


def _text_number(row: Row, name: str, text: str, decimal: str) -> None:
    """Set a number that is a text in plain digits; a count that was worked out from a rate too."""
    if mark_of(text, decimal) != decimal:  # which is then noted
        return
    first = form_of(name).shapes[0]
    plain = text if decimal == "." else text.replace(".", " ").replace(",", ".")
    is_plain = first in _PLAIN and (_PLAIN[first].fullmatch(plain) or SENTINEL.fullmatch(plain))
    if is_plain or (first == "count" and _WORKED_OUT.fullmatch(plain) and whole(float(plain)) is not None):
        number = float(plain)
        if math.isfinite(number):  # of more than 308 digits it is not, and remains a text that is no figure
            _settle(row, name, number)


def _settle(row: Row, name: str, number: float) -> None:
    """Set a number; what stands for a missing one is blank, and a count close to a whole number that number."""
    if number < 0 and stands_for_none(name, number):
        row.read.append(f"{name}: {number:g} read as blank")
        row.missing.add(name)
        return
    row.values[name] = number
    if number % 1 and name in FIELDS and FIELDS[name].kind == "count" and (rounded := whole(number)) is not None:
        row.values[name] = rounded
        if told(number, rounded):
            row.read.append(f"{name}: {number:g} read as {rounded:g}, the whole number that it is close to")


def _percentage(row: Row, name: str, cell: Cell) -> None:
    """Set a number that a workbook shows as a percentage."""
    number, is_level = float(cell.value.value), name.endswith("_level")
    if name not in OPEN and not is_level:
        raise row.refuse(name, cell, "is a percentage: percentages stand in the column estimate.")
    row.values[name] = number / 100 if is_level else number
    if not is_level:
        row.put("unit", "percent", name, cell)
    row.read.append(f"{name}: {cell.value.text!r} read as {row.values[name]:g}{'' if is_level else ', unit percent'}")


def _number(row: Row, name: str, cell: Cell) -> float:
    if isinstance(cell.value, (datetime.date, datetime.time, datetime.timedelta)):
        raise row.refuse(name, cell, f"{DATE}.")
    try:
        return number_of(cell.value)
    except NotANumber as problem:
        raise row.refuse(name, cell, f"is not a number: {problem}.") from None


def _odd(row: Row, name: str, cell: Cell) -> Any:
    odd: Irregular = cell.value
    if odd.kind == "percent":
        return odd.text
    if odd.kind == "error":
        raise row.refuse(name, cell, "is the error of a formula: correct it, or leave the cell blank.")
    if odd.kind == "merged" and is_figure(name) and not_stated(str(odd.value)):
        row.read.append(f"{name}: {odd.value!r} read as blank")
        row.missing.add(name)
        return None
    if odd.kind == "merged" and is_figure(name):
        raise row.refuse(name, cell, "names merged cells: unmerge them, and write the value into each row it is of.")
    if odd.kind == "merged":
        row.read.append(f"{name}: {text_of(odd.value)!r} of the merged cells {odd.text}")
        return odd.value
    if name in FIELDS or is_figure(name) or odd.value is None:
        raise row.refuse(name, cell, "is a formula: paste its value, as the source prints it.")
    return odd.value


def _text(value: Any) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return text_of(value)


def _word(row: Row, name: str, value: Any) -> str:
    """Return a text; a date as ISO has it, an allowed word in other letters or a unit's other name as that word."""
    text = _text(value)
    unit = UNIT_WORDS.get(text.lower()) if name == "unit" else None
    word = next((a for a in FIELDS[name].allowed if a.lower() == text.lower()), unit)
    word = _code(row, text) if name == "outcome" else judge_name(text) if name == "assessor" else word
    word = iso_date(text) if FIELDS[name].kind == "date" else word
    if word is not None and word != text:
        row.read.append(f"{name}: {text!r} read as {word}")
        return word
    return text


def _code(row: Row, text: str) -> str:
    """Return the code of an outcome; the time that its words say goes to its own column."""
    code, months = outcome_code(text)
    if months is not None:
        row.values.setdefault("time_months", months)
    return code


def _printed(row: Row, name: str, cell: Cell, decimal: str, header: Header | None) -> None:
    text = str(cell.value)
    is_count = name in FIELDS and FIELDS[name].kind == "count"
    nothing = absent(text) or (not_stated(text) and name not in (*OPEN, "ci"))
    if nothing or (dash(text) and not is_count):  # of a count a dash may also stand for none
        row.read.append(f"{name}: {text.strip()!r} read as blank")
        return
    form, decimal = form_of(name), mark_of(text, decimal)
    mixed = decimal == "," and "." in text and not _THOUSANDS.fullmatch(text.strip())
    with_rate = is_count and header and header.unit == "percent"
    shapes = (*form.shapes, *(_BARE_PERCENT if with_rate else ()))
    reading = None if mixed else read_figure(text, shapes, decimal)
    if reading is None or (reading.unit and not takes_unit(name)):
        why = why_not(name, text, decimal)
        whole = "" if re.search(r"\d", text) else f" If the row has units or notes, give {option('skip', [cell.row])}."
        raise row.refuse(name, cell, f"{why}{whole}")
    said = []
    if reading.shape in _BARE_PERCENT:
        reading = replace(reading, unit="percent")
    if name == "events_comparator" and (wrong := contradiction(reading, row.values.get("n_comparator"))):
        raise row.refuse(name, cell, wrong)
    for part, number in reading.numbers.items():
        target = form.targets.get(part, "")
        if not target:  # the percentage of a comparator, which its counts say
            continue
        value = number / 100 if reading.unit and name.endswith("_level") else number
        row.put(target, value, name, cell)
        said.append(f"{target} {value:g}")
    said += _opened(row, name, cell, reading, form.targets)
    if reading.unit and not name.endswith(("_level", "_comparator")):
        row.put("unit", reading.unit, name, cell)
        said.append(f"unit {reading.unit}")
    aside = f", without the mark {reading.mark!r}" if reading.mark else ""
    row.read.append(f"{name}: {text.strip()!r} read as {', '.join(said) or BOUND}{aside}")


def _opened(row: Row, name: str, cell: Cell, reading: Reading, targets: Mapping[str, str]) -> list[str]:
    """Note what is printed as not reached; return it in words."""
    said = []
    for part in (*reading.open, *reading.unclear):
        target = targets[part]
        if target not in OPEN:
            raise row.refuse(name, cell, "is no number: leave it blank where there is none.")
        row.open[target] = cell
        row.unclear |= {target} if part in reading.unclear else set()
        said.append(f"{target} not reached")
    return said


def _from_header(row: Row, name: str, cell: Cell, header: Header) -> None:
    """Set the unit, and the level of the interval, that the column's own name says."""
    family = family_of(name)
    if family is None:
        return
    if header.unit and "n" in family and name not in ("n", "events") and (row.open or _any(row, OPEN)):
        if row.values.get("unit") is None:
            row.read.append(f"unit: {header.unit}, of the column {header.name!r}")
        row.put("unit", header.unit, name, cell)
    level = family["level"]
    if header.level and row.values.get(level) is None and _any(row, (family["low"], family["high"])):
        row.values[level] = header.level
        row.read.append(f"{level}: {header.level:g}, of the column {header.name!r}")


def _any(row: Row, names: tuple[str, ...]) -> bool:
    return any(row.values.get(name) is not None for name in names)


def _close(row: Row) -> None:
    """Say in not_reached which figures are open; NR alone is not clear, and no proportion is ever open."""
    if not row.open:
        return
    outcome = OUTCOMES.get(row.values.get("outcome", ""))
    if outcome is not None and outcome.kind == "proportion":
        target, cell = next(iter(row.open.items()))
        raise row.refuse(target, cell, "is no number: leave it blank, and say in a note why there is none.")
    if row.unclear == set(row.open) and not _any(row, OPEN):
        target, cell = next(iter(row.open.items()))
        fix = "may mean not reached or not reported: write 'not reached', or leave it blank where it is not reported."
        raise row.refuse(target, cell, fix)
    stated = str(row.values.get("not_reached") or "").split()
    row.values["not_reached"] = " ".join(c for c in OPEN if c in row.open or c in stated)
