"""What is printed for one group: estimate, interval, events, and what was not reached, as columns of the evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...schema.fields import MONTHS
from .record import Measure, Measurement
from .words.units import Unit
from .words.values import (
    ONE_SIDED,
    count,
    is_interval,
    is_open,
    is_placeholder,
    level_of,
    number,
    says_not_reached,
    two_sided,
)

Cells = dict[str, Any]
_STANDARD_ERROR = re.compile(r"standard error", re.I)


def cells_of(held: Measurement, measure: Measure, unit: Unit) -> tuple[Cells, list[str]] | str:
    """Return the columns that a measurement fills, with notes; or why it is not read.

    Parameters
    ----------
    held
        What is printed.
    measure
        The measure that it is of: its dispersion says what the limits are.
    unit
        The unit of the measure.
    """
    if unit.kind == "count":
        events = count(held.value)
        return ({"events": events}, []) if events is not None else f"{held.value!r} is no number of patients"
    printed, held = held.value, _without_placeholders(held, unit)
    value, notes = number(held.value), list[str]()
    if value is None and not (unit.kind == "time" and _not_reached(held.value, held.comment)):
        what = "is no number" if printed == held.value else "is no time, but what forms write where there is none"
        return f"its value {printed!r} {what}" + (f" ({held.comment})" if held.comment else "")
    factor, name = _scale(unit)
    cells: Cells = {"unit": name, "estimate": _times(value, factor)}
    if unit.kind == "proportion":
        notes.append("printed as a proportion, x 100")
    if unit.name == "years":
        notes.append("printed in years, x 12")
    if measure.param.upper() == "MEAN":
        notes.append("printed as a mean of proportions")
    open_ = [] if value is not None else ["estimate"]
    limits = _limits(held, measure, factor, notes)
    if limits is not None:
        cells |= limits
        if unit.kind == "time":
            open_ += _open_limits(held)
    if open_:
        cells["not_reached"] = " ".join(open_)
        said = held.comment or ", ".join(
            dict.fromkeys(x for x in (held.value, held.low, held.high) if x and is_open(x))
        )
        notes.append(f"not reached or not estimable, as the record says: {said}")
    if _STANDARD_ERROR.search(measure.dispersion) and number(held.spread) is not None:
        cells["se"] = _times(number(held.spread), factor)
    return cells, notes


def _without_placeholders(held: Measurement, unit: Unit) -> Measurement:
    """Return a time without the numbers that stand for none: they are not reached where the comment says so."""
    if unit.kind != "time":
        return held
    printed = {"value": held.value, "low": held.low, "high": held.high}
    return replace(held, **{name: "NA" for name, text in printed.items() if text and is_placeholder(text, unit.name)})


def _not_reached(printed: str, comment: str) -> bool:
    """Tell whether a value was not reached, by its comment or by its own word: NA alone may be anything."""
    return is_open(printed) and (says_not_reached(comment) or says_not_reached(printed))


def _scale(unit: Unit) -> tuple[float, str]:
    if unit.kind in ("percent", "proportion"):
        return (100.0 if unit.kind == "proportion" else 1.0), "percent"
    return (MONTHS["years"], "months") if unit.name == "years" else (1.0, unit.name)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value if factor == 1 else round(value * factor, 10)


def _limits(held: Measurement, measure: Measure, factor: float, notes: list[str]) -> Cells | None:
    """Return the interval of an estimate, none where the limits are those of a range or of a level not stated."""
    low, high = (number(x or "") for x in (held.low, held.high))
    there = low is not None or high is not None
    said = measure.dispersion or next((text for text in (measure.unit, measure.title) if level_of(text)), "")
    if not is_interval(said):
        if (held.low or held.high) and said:
            notes.append(f"limits are its {said}, no confidence interval: left out")
        elif there:
            notes.append(f"limits ({held.low}, {held.high}) of a level that is not stated, left out")
        return None
    level = level_of(said)
    if level is None and there:
        notes.append(f"limits ({held.low}, {held.high}) of a level that is not stated, left out")
    if level is None or not there:
        return {} if level is not None else None
    sides = None
    if ONE_SIDED.search(said):
        if low is None or high is None:
            sides = 1
        else:
            notes.append(two_sided(level))
            level = round(2 * level - 1, 12)
    return {"ci_low": _times(low, factor), "ci_high": _times(high, factor), "ci_level": level, "ci_sides": sides}


def _open_limits(held: Measurement) -> list[str]:
    """Return which limits the record says were not reached: left out, or printed as NA, with a comment that says so."""
    sides: Mapping[str, str | None] = {"ci_low": held.low, "ci_high": held.high}
    said = says_not_reached(held.comment)
    return [
        name for name, printed in sides.items() if (said and not printed) or _not_reached(printed or "", held.comment)
    ]
