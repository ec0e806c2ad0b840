"""Figures as papers print them: "31% (23–41)", "12.9a", "0·78", "25/57", "NR", "<0.001".

A cell is read when it can mean one thing only. What is read, and what was left aside, is said; the rest is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ....base.missing import NOT_REACHED, SPACES, UNCLEAR

_FOREIGN = re.compile(r"(?![0-9])\d")  # digits of other scripts: a column of figures does not mix them
_NOTHING = re.compile(r"[\u200b-\u200d\u2060\ufeff]")
_DASH = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_POINT = re.compile(r"(?<=\d)\s?[\u00b7\u2219\u22c5\u2027]\s?(?=\d)|(?<![\d.])[\u00b7\u2219\u22c5\u2027](?=\d)")
_SIGNS = r"*\u2020\u2021\u00a7\u00b6\u2016#"
_RAISED = r"\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02e4\u1d2c-\u1dbf\u2070-\u2079\u207f"
# never between digits; a plain letter is a mark only behind a number, and none that names a unit
_MARK = re.compile(rf"^[{_SIGNS}{_RAISED}]+\s*|\s*[{_SIGNS}{_RAISED}]+(?!\s*[\d.])|(?<=\d)[abcfg](?![\w.])")
_POWER = re.compile(r"\D10[\u00b2\u00b3\u00b9\u2070-\u2079]")

UNIT_WORDS = {"%": "percent", "percent": "percent"} | {
    word: unit
    for unit, words in (
        ("months", ("months", "month", "mos", "mo", "mths", "mth", "monate", "meses", "mois")),
        ("weeks", ("weeks", "week", "wks", "wk", "wochen", "semanas", "semaines")),
        ("days", ("days", "day", "tage", "d\u00edas", "jours")),
    )
    for word in words
}

_NUM = r"(?:\d+(?:\.\d+)?|\.\d+)"
_UNIT = rf"(?:\s*(?P<{{}}>{'|'.join(sorted(map(re.escape, UNIT_WORDS), key=len, reverse=True))})\.?(?![a-z]))?"
_OPEN = rf"(?:{'|'.join(map(re.escape, NOT_REACHED))}|{UNCLEAR})"
_TOLD = r"(?:\d{2}(?:\.\d+)?\s?%\s?)?(?:ci|confidence interval)"
_LEVEL = r"(?:(?:(?P<level>\d{2}(?:\.\d+)?)\s?%\s?)?(?:ci|confidence interval)\s*[:,=]?\s*)?"
_LIMITS = (
    rf"{_LEVEL}(?P<low>{_NUM}|{_OPEN}){_UNIT.format('unit_low')}"
    r"(?P<sep>\s*-\s*|\s+to\s+|\s*;\s*|,\s+|(?<=\.\d),|(?<=\.\d\d),|,(?=\d{0,2}\.\d))"
    rf"(?P<high>{_NUM}|{_OPEN}){_UNIT.format('unit_high')}"
)
_P = rf"\s*[,;]?\s*p(?:\s*-?\s*value)?\s*(?:=\s*(?P<p>{_NUM})|[<>\u2264\u2265]\s*{_NUM})"
_FRACTION = r"(?P<events>\d+)\s*(?:/|\s(?:out\s)?of\s)\s*(?P<n>\d+)"


def _brackets(inside: str) -> str:
    """Return a pattern of something in round or square brackets, either of which must be closed by its own kind."""
    return rf"(?P<open>[(\[])\s*{inside}\s*(?P<close>[)\]])"


_RATE_AND_LIMITS = _brackets(rf"(?P<value>{_NUM})\s*(?P<unit>%)\s*[,;]\s*{_LIMITS}")
_LEVEL_ALONE = _brackets(r"(?P<level>\d{2}(?:\.\d+)?)\s?%\s?-?(?:ci|confidence interval)?")
_PERCENT = _brackets(rf"(?P<value>{_NUM})\s*(?P<unit>%)")
_SHAPES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.I)
    for name, pattern in {
        "single": rf"(?P<value>[+-]?\s?{_NUM}(?:e[+-]?\d+)?){_UNIT.format('unit')}",
        "count": r"(?P<count>\d+)",
        "interval": rf"(?P<value>{_NUM}|{_OPEN}){_UNIT.format('unit')}\s*[,;]?\s*{_brackets(_LIMITS)}",
        "limits": rf"{_LIMITS}",
        "limits in brackets": _brackets(_LIMITS),
        "fraction": _FRACTION,
        "fraction (percent)": rf"{_FRACTION}\s*{_PERCENT}",
        "count (percent)": rf"(?P<events>\d+)\s*{_PERCENT}",
        "count (bare percent)": rf"(?P<events>\d+)\s*{_brackets(rf'(?P<value>{_NUM})')}",
        "fraction (bare percent)": rf"{_FRACTION}\s*{_brackets(rf'(?P<value>{_NUM})')}",
        "fraction (percent, interval)": rf"{_FRACTION}\s*{_RATE_AND_LIMITS}",
        "single (level)": rf"(?P<value>{_NUM})\s*{_LEVEL_ALONE}",
        "interval, p": rf"(?P<value>{_NUM})\s*[,;]?\s*{_brackets(_LIMITS)}{_P}",
        "interval (p)": rf"(?P<value>{_NUM})\s*[,;]?\s*{_brackets(_LIMITS + _P)}",
        "interval, told, p": rf"(?P<value>{_NUM})\s*[,;]?\s*(?={_TOLD}){_LIMITS}{_P}",
        "interval, told": rf"(?P<value>{_NUM}){_UNIT.format('unit')}\s*[,;]?\s*(?={_TOLD}){_LIMITS}",
        "percent (fraction)": rf"(?P<value>{_NUM})\s*(?P<unit>%)\s*{_brackets(_FRACTION)}",
        "bound": rf"(?:p\s*)?[<>\u2264\u2265]\s*=?\s*{_NUM}",
        "p": rf"p\s*=\s*(?P<value>{_NUM}(?:e[+-]?\d+)?)",
        "thousands": r"(?P<count>\d{1,3}(?:[, ]\d{3})+)",
        "open": rf"(?P<value>{_OPEN})",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a printed figure says.

    Attributes
    ----------
    shape
        Its form, a name of the table of forms.
    numbers
        Of value, low, high, level, events, n, count and p those it gives.
    open
        Of value, low and high those it gives as not reached; `unclear` holds those it gives as NR.
    unit
        Its unit, where it has one.
    mark
        Footnote marks that were left aside.
    """

    shape: str
    numbers: Mapping[str, float]
    open: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    unit: str | None = None
    mark: str = ""


def dash(text: str) -> bool:
    """Whether a cell holds a dash alone, which may stand for no figure or for none at all."""
    return bool(re.fullmatch(r"-{1,3}", _DASH.sub("-", SPACES.sub("", text))))


def writes_zero(values: Iterable[object]) -> bool:
    """Whether a column of counts writes 0 where there were none: a dash in it then stands for no figure."""
    return any(re.fullmatch(r"0(\.0+)?(\D.*)?", str(v).strip()) for v in values)


def tidy(text: str, decimal: str = ".") -> str:
    """Return the text with plain spaces, dashes and decimal points; points beside a decimal comma become spaces."""
    text = _POINT.sub(".", _DASH.sub("-", SPACES.sub(" ", _NOTHING.sub("", text)))).strip()
    if decimal == ",":
        text = re.sub(r"(?<=\d),(?=\d)|(?<![\d,]),(?=\d)", ".", text.replace(".", " "))
    return text


def read_figure(text: str, shapes: tuple[str, ...], decimal: str = ".") -> Reading | None:
    """Return what a printed figure says, or None when it has none of the shapes.

    Parameters
    ----------
    text
        What the cell holds.
    shapes
        Forms that may stand in this column, in order of preference.
    decimal
        The decimal mark.
    """
    if _POWER.search(text) or _FOREIGN.search(text):
        return None
    plain = tidy(text, decimal)
    marks = "".join(m.group().strip() for m in _MARK.finditer(plain))
    plain = _MARK.sub("", plain).strip()
    for shape in shapes:
        found = _SHAPES[shape].fullmatch(plain)
        reading = found and _reading(shape, found.groupdict(), marks)
        if reading:
            return reading
    return None


def _reading(shape: str, g: Mapping[str, str | None], marks: str) -> Reading | None:
    if g.get("open") and (g["open"], g["close"]) not in (("(", ")"), ("[", "]")):
        return None
    units = {UNIT_WORDS[u.lower()] for key in ("unit", "unit_low", "unit_high") if (u := g.get(key))}
    if len(units) > 1:
        return None
    numbers, open_, unclear = {}, [], []
    for key in ("value", "low", "high", "level", "events", "n", "count", "p"):
        word = (g.get(key) or "").replace(" ", "" if shape in ("single", "thousands") else " ")
        if not word:
            continue
        if word.lower() == UNCLEAR:
            unclear.append(key)
        elif word.lower() in NOT_REACHED:
            open_.append(key)
        else:
            numbers[key] = float(word.replace(",", "") if shape == "thousands" else word)
    if not all(map(math.isfinite, numbers.values())):  # of more than 308 digits
        return None
    if "level" in numbers:
        numbers["level"] /= 100
    return Reading(shape, numbers, tuple(open_), tuple(unclear), units.pop() if units else None, marks)
