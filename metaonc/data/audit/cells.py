"""One cell as people write it: a number with its printed digits, and a remark where it had to be read into."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from ...base.labels import blank
from ...base.numbers import NotANumber, number_of
from .rows import Number

_BLANK = frozenset(("", "-", "–", "—", ".", "nan", "none", "null", "<na>", "na", "n/a", "n.a."))
_NOT_REACHED = frozenset(("ne", "nr", "n/r", "n/e", "not reached", "not estimable", "not evaluable"))
_MARKS = "*†‡§¶#^ \u00a0\u2009\u202f"
_PLAIN = re.compile(r"[-+−]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_BOUND = re.compile(r"[<>≤≥]=?\s*[\d.,]+")
_NUMBER = r"[0-9.,]+\s*%?"
_WITH_LIMITS = re.compile(rf"({_NUMBER})\s*[(\[]\D*?({_NUMBER})\s*(?:-|–|—|−|to|,|;)\s*({_NUMBER})\s*[)\]]")
_LIMITS_OF = {  # point -> the columns of its limits
    "estimate": ("ci_low", "ci_high"), "hr": ("hr_low", "hr_high"), "odds_ratio": ("or_low", "or_high"),
    "risk_ratio": ("rr_low", "rr_high"),
}  # fmt: skip
_OF = re.compile(r"([0-9]{1,12})\s*(?:/|of)\s*([0-9]{1,12})")


class Cell(NamedTuple):
    """What a cell says: its number, more numbers that stand in it by column, and how it had to be read."""

    number: Number | None = None
    remark: str = ""
    also: tuple[tuple[str, Number], ...] = ()
    percent: bool = False
    unreadable: bool = False


def read_cell(value: Any, column: str, kind: str) -> Cell:
    """Return what a cell that should hold a number says; never raises.

    Parameters
    ----------
    value
        The cell.
    column, kind
        Name of the column, and whether it holds a "number" or a "count".
    """
    if isinstance(value, str):
        return _of_text(value.strip(), column, kind)
    if blank(value):
        return Cell()
    try:
        number = number_of(value)
    except NotANumber:
        return Cell(unreadable=True)
    return Cell(Number(number, _decimals(number))) if math.isfinite(number) else Cell(unreadable=True)


def _of_text(text: str, column: str, kind: str) -> Cell:
    if text.casefold() in _BLANK:
        return Cell()
    if text.casefold() in _NOT_REACHED:
        return Cell(remark="not reached")
    if _PLAIN.fullmatch(text):
        return _plain(text)
    if _BOUND.fullmatch(text):
        return Cell(remark="a bound")
    limits = _LIMITS_OF.get(column)
    whole = _with_limits(text, limits) if limits else _of_n(text) if column == "events" else None
    return whole or _dressed(text, kind)


def _dressed(text: str, kind: str) -> Cell:
    """Read a number that wears a percent sign, a decimal comma, commas between thousands or the mark of a footnote."""
    bare = text.strip(_MARKS)
    percent = bare.endswith("%")
    bare = bare.rstrip("%").strip(_MARKS)
    remark = "a percent sign" if percent else "the mark of a footnote" if bare != text else ""
    if kind == "count" and re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", bare):
        bare, remark = bare.replace(",", ""), "commas between thousands"
    elif re.fullmatch(r"[-+−]?[0-9]*,[0-9]+", bare):
        bare, remark = bare.replace(",", "."), "a decimal comma"
    return _plain(bare)._replace(remark=remark, percent=percent) if _PLAIN.fullmatch(bare) else Cell(unreadable=True)


def _with_limits(text: str, limits: tuple[str, str]) -> Cell | None:
    found = _WITH_LIMITS.fullmatch(text.strip(_MARKS))
    if not found:
        return None
    parts = [_dressed(part.strip(), "number") for part in found.groups()]
    if any(part.number is None for part in parts):
        return None
    also = tuple((name, part.number) for name, part in zip(limits, parts[1:], strict=True) if part.number)
    return Cell(parts[0].number, "its interval in the same cell", also, any(part.percent for part in parts))


def _of_n(text: str) -> Cell | None:
    found = _OF.fullmatch(text.strip(_MARKS))
    if not found:
        return None
    return Cell(_printed(found[1]), "n in the same cell", (("n", _printed(found[2])),))


def _plain(text: str) -> Cell:
    number = _printed(text)
    return Cell(number) if math.isfinite(number.value) else Cell(unreadable=True)


def _printed(text: str) -> Number:
    plain = text.replace("−", "-")
    value = float(plain)
    if "e" in plain.lower() and math.isfinite(value):
        return Number(value, _decimals(value))
    return Number(value, len(plain.partition(".")[2]))


def _decimals(value: float) -> int:
    """Return the decimals that a number shows when it is printed no longer than it must be."""
    return len(f"{value:.10g}".partition(".")[2]) if 1e-4 <= abs(value) < 1e10 or value == 0 else _small(value)


def _small(value: float) -> int:
    return len(f"{value:.12f}".rstrip("0").partition(".")[2])
