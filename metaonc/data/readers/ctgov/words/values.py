"""Numbers of a registry record, which are texts there: values, bounds, levels; what is no number stays none."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_NUMBER = re.compile(r"[-+−]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})?(?:\.\d{1,15})?(?:[eE][-+−]?\d{1,2})?")
_BOUND = re.compile(r"(?:p(?:[- ]?value)?\s*)?([<>≤≥=]{0,2})\s*(.+)", re.I)
_LEVEL = re.compile(r"(\d{1,2}(?:\.\d{1,4})?)\s*(?:%|percent|per cent)?\s*(?:\(?(?:one|two|1|2)[- ]sided\)?\s*)?"
                    r"(?:confidence|\bCI\b)", re.I)  # fmt: skip
ONE_SIDED = re.compile(r"\b(?:one|1)[- ]?(?:sided|tailed)\b", re.I)
TWO_SIDED = re.compile(r"\b(?:two|2)[- ]?(?:sided|tailed)\b", re.I)
_NOT_REACHED = re.compile(
    r"\bnot\s+(?:yet\s+|been\s+|be\s+)*(?:reached|estimable|estimated|evaluable|calculable|calculated|attained"
    r"|determined"
    r"|computed|available|achieved)\b|\b(?:could|can|was|were)\s*not\s+(?:be\s+)?(?:reached|estimated|calculated"
    r"|determined|computed)|\bunreached\b|\bundefined\b|\bNR\b|\bNE\b"
    r"|(?:too few|insufficient|low|inadequate|small)\s+(?:number|numbers)?\s*(?:of\s+)?(?:\w+\s+){0,3}"
    r"(?:events?|deaths?|follow)",
    re.I,
)
_PLACEHOLDER = re.compile(r"9{4,}(?:\.[09]+)?|999(?:\.9+)?")  # which forms write for a time that is not reached
OPEN = frozenset(("na", "n/a", "nr", "ne", "not reached", "not estimable", "not evaluable", "not available", "nc"))


class PValue(NamedTuple):
    """A p value, or the bound that is printed in its place, and its sides where they are said."""

    value: float | None
    bound: str | None
    sides: int | None


def number(text: str) -> float | None:
    """Return the number that a text is, with or without a percent sign; None where it is none.

    Examples
    --------
    >>> number("1,234.5"), number("0,46"), number("NA"), number("<0.05")
    (1234.5, None, None, None)
    """
    plain = text.strip().removesuffix("%").strip()
    if len(plain) > 40 or not any(sign.isdigit() for sign in plain) or not _NUMBER.fullmatch(plain):
        return None
    return float(plain.replace(",", "").replace("−", "-"))


def count(text: str) -> int | None:
    """Return the whole number of people that a text is; None where it is none."""
    value = number(text)
    return int(value) if value is not None and value >= 0 and value == int(value) and "%" not in text else None


def is_open(text: str) -> bool:
    """Tell whether a text says that there is no value."""
    return text.strip().casefold() in OPEN


def is_placeholder(text: str, unit: str) -> bool:
    """Tell whether the number of a time is no time, but what forms write where there is none: 999, 9999, 99999.

    Examples
    --------
    >>> is_placeholder("99999", "days"), is_placeholder("999", "months"), is_placeholder("999", "days")
    (True, True, False)
    """
    plain = text.strip()
    return bool(_PLACEHOLDER.fullmatch(plain)) and (unit != "days" or len(plain.partition(".")[0]) > 3)


def says_not_reached(comment: str) -> bool:
    """Tell whether a comment gives as the reason that a value was not reached or not estimable."""
    return bool(_NOT_REACHED.search(comment))


@lru_cache(maxsize=256)
def level_of(dispersion: str) -> float | None:
    """Return the level of a confidence interval, as a proportion; None where the words name none.

    Examples
    --------
    >>> level_of("95% Confidence Interval"), level_of("Inter-Quartile Range"), level_of("97.5% CI")
    (0.95, None, 0.975)
    """
    found = _LEVEL.search(dispersion)
    return None if found is None else proportion_of(found[1])


@lru_cache(maxsize=256)
def is_interval(dispersion: str) -> bool:
    """Tell whether the words name a confidence interval, not a range or a deviation."""
    return bool(re.search(r"confidence|\bCI\b", dispersion, re.I))


def proportion_of(percent: str) -> float | None:
    """Return a level that is printed in percent as a proportion between 0 and 1."""
    value = number(percent)
    if value is None or not 0 < value < 100:
        return None
    return value if value < 1 else round(value / 100, 12)


def two_sided(level: float) -> str:
    """Return what is said of two limits at a one-sided level."""
    return f"two limits at a one-sided level of {100 * level:.10g} % are an interval at {100 * (2 * level - 1):.10g} %"


def p_value(text: str, *about: str) -> PValue:
    """Return a p value, or its bound; `about` are texts that may say its sides.

    Examples
    --------
    >>> p_value("=0.247"), p_value("<0.0001", "two-sided log-rank test")
    (PValue(value=0.247, bound=None, sides=None), PValue(value=None, bound='<0.0001', sides=2))
    """
    found = _BOUND.fullmatch(text.strip())
    value = number(found[2]) if found else None
    if found is None or value is None or not 0 <= value <= 1:
        return PValue(None, None, None)
    one, two = (any(words.search(t) for t in about) for words in (ONE_SIDED, TWO_SIDED))
    sides = None if one == two else 1 if one else 2
    sign = {"<=": "≤", ">=": "≥"}.get(found[1], found[1])
    return PValue(value, None, sides) if sign in ("", "=") else PValue(None, f"{sign}{found[2].strip()}", sides)
