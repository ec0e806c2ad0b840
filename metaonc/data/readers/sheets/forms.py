"""What may stand in a column of figures, where each part of it goes, and what to say of anything else."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ....base.messages.advice import option
from ...schema.tables import TABLES, Field
from .published import dash, tidy

FIELDS: Mapping[str, Field] = {f.name: f for f in TABLES["trials"].fields}
OPEN = ("estimate", "ci_low", "ci_high")  # what can be not reached
LIMITS = {  # a column of intervals -> those of their limits
    "ci": ("ci_low", "ci_high"),
    "hr_ci": ("hr_low", "hr_high"),
    "or_ci": ("or_low", "or_high"),
    "rr_ci": ("rr_low", "rr_high"),
}
FAMILIES = (
    {"value": "estimate", "low": "ci_low", "high": "ci_high", "level": "ci_level", "events": "events", "n": "n"},
    {"value": "hr", "low": "hr_low", "high": "hr_high", "level": "hr_level"},
    {"value": "odds_ratio", "low": "or_low", "high": "or_high", "level": "or_level"},
    {"value": "risk_ratio", "low": "rr_low", "high": "rr_high", "level": "rr_level"},
)
_P = {"p": "p_value"}  # behind a ratio
_ESTIMATE, _HR, _OR, _RR = FAMILIES
_COMPARATOR = {"count": "events_comparator", "events": "events_comparator", "n": "n_comparator"}


@dataclass(frozen=True, slots=True)
class Form:
    """What may stand in a column: the shapes of its figures, and the column that each of their parts goes to."""

    shapes: tuple[str, ...]
    targets: Mapping[str, str]


_SINGLE = ("single", "open")
_LIMITS = ("limits", "limits in brackets")
_RATIO = (
    *("single", "interval", "interval, told", "single (level)"),
    *("interval, p", "interval (p)", "interval, told, p"),
)
_COUNTED = (
    *("count", "thousands", "fraction", "fraction (percent)", "count (percent)", "percent (fraction)"),
    "fraction (percent, interval)",
)
_FORMS = {
    "estimate": Form((*_SINGLE, "interval", "interval, told", "fraction (percent)", "percent (fraction)"), _ESTIMATE),
    "ci_low": Form(_SINGLE, {"value": "ci_low"}),
    "ci_high": Form(_SINGLE, {"value": "ci_high"}),
    "events": Form(_COUNTED, {**_ESTIMATE, "count": "events"}),
    "events_comparator": Form(_COUNTED, _COMPARATOR),
    "hr": Form(_RATIO, {**_HR, **_P}),
    "odds_ratio": Form(_RATIO, {**_OR, **_P}),
    "risk_ratio": Form(_RATIO, {**_RR, **_P}),
    **{
        family[side]: Form(("single", "single (level)"), {"value": family[side], "level": family["level"]})
        for family in (_HR, _OR, _RR)
        for side in ("low", "high")
    },
    "p_value": Form(("single", "p", "bound"), {"value": "p_value"}),
    "ci": Form(_LIMITS, _ESTIMATE),
    "hr_ci": Form(_LIMITS, _HR),
    "or_ci": Form(_LIMITS, _OR),
    "rr_ci": Form(_LIMITS, _RR),
}
_EXAMPLES = {
    "single": "12.9",
    "count": "57",
    "interval": "31 (23-41)",
    "limits": "23-41",
    "fraction": "25/57",
    "fraction (percent)": "25/57 (44%)",
    "count (percent)": "25 (44%)",
    "percent (fraction)": "44% (25/57)",
    "open": "NE",
    "bound": "<0.001",
}
DATE = (
    "is a date: spreadsheets make one of a fraction such as 1/10 or a range such as 3-5; format the column as text "
    "and type it again, a fraction as events and n"
)


@cache
def form_of(name: str) -> Form:
    """Return what may stand in a column."""
    if name in _FORMS:
        return _FORMS[name]
    if FIELDS[name].kind == "count":
        return Form(("count", "thousands"), {"count": name})
    return Form(("single",), {"value": name})


@cache
def is_figure(name: str) -> bool:
    """Whether a column holds figures."""
    return name in LIMITS or (name in FIELDS and FIELDS[name].kind in ("number", "count"))


def takes_unit(name: str) -> bool:
    """Whether a figure of the column may be followed by a unit."""
    return name in (*OPEN, "ci", "events", "events_comparator") or name.endswith("_level")


def family_of(name: str) -> Mapping[str, str] | None:
    """Return the columns of the estimate, hazard ratio or odds ratio that a column belongs to."""
    own = LIMITS.get(name, (name,))[0]
    return next((family for family in FAMILIES if own in family.values()), None)


def why_not(name: str, text: str, decimal: str) -> str:
    """Return what is wrong with a figure of a column, and what to do."""
    plain = tidy(text)
    if dash(text):
        return "is a dash: write 0 where there were none, and leave it blank where it is not reported."
    for wrong, why in _WRONGS:
        if wrong(name, plain, decimal):
            return why.format(point=plain.replace(",", "."), comma=option("decimal", ","))
    parts = " or ".join(_EXAMPLES[s] for s in form_of(name).shapes if s in _EXAMPLES)
    return f"cannot be read as one figure; write it as {parts}, or its numbers into columns of their own."


def is_date(value: object) -> bool:
    """Whether a value is a date, or a text that a spreadsheet shows of one, such as 05-Dec."""
    if isinstance(value, (datetime.date, datetime.time)):
        return True
    return (
        isinstance(value, str) and re.fullmatch(r"\d{1,2}-[A-Za-z]{3,9}|[A-Za-z]{3,9}-\d{2}", value.strip()) is not None
    )


def _is_count(name: str) -> bool:
    return name in FIELDS and FIELDS[name].kind == "count"


_WRONGS = (
    (
        lambda name, plain, decimal: decimal == "," and re.search(r"\d\.\d", plain),
        "has a decimal point, though {comma} was given: is the point one of thousands?",
    ),
    (
        lambda name, plain, decimal: _is_count(name) and re.fullmatch(r"\d{1,3}([.,]\d{3})+", plain),
        "is a count with a mark between its digits: if it is one of thousands, leave it out.",
    ),
    (
        lambda name, plain, decimal: re.fullmatch(r"[+-]?\d+,\d+%?", plain),
        "is not a number: write it with a point, {point}, or give {comma} if the whole table has commas.",
    ),
    (
        lambda name, plain, decimal: re.search(r"\d,\d{1,2}(?!\d)", plain) and decimal == ".",
        "has a decimal comma: write points, or give {comma} if the whole table has commas.",
    ),
    (
        lambda name, plain, decimal: is_date(plain),
        f"{DATE}.",
    ),
    (
        lambda name, plain, decimal: re.match(r"[<>\u2264\u2265~\u2248]", plain),
        "is a bound, not a number: leave it blank and say so in a note.",
    ),
    (
        lambda name, plain, decimal: "%" in plain and not takes_unit(name),
        "is a percentage: percentages stand in the column estimate.",
    ),
    (
        lambda name, plain, decimal: re.match(r"\d+\s?/\s?\d+", plain) and not name.startswith("events"),
        "is a fraction: it belongs into the column events, which takes it whole (as in orr.events), or into events "
        "and n.",
    ),
    (
        lambda name, plain, decimal: plain.lower() in ("nr", "ne", "ns", "n.s.", "not reached", "not estimable"),
        "is no number: leave it blank where there is none.",
    ),
)
