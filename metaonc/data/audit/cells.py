"""One cell as people write it: a number with its printed digits, and a remark where it had to be read into."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from ...base.labels import blank
from ...base.numbers import NotANumber, number_of
from ..readers.files.layout import Irregular
from ..readers.sheets.published import tidy
from .rows import Number

_BLANK = frozenset(("", "-", "–", "—", ".", "nan", "none", "null", "<na>", "na", "n/a", "n.a."))
_NOT_REACHED = frozenset(("ne", "nr", "n/r", "n/e", "not reached", "not estimable", "not evaluable"))
_MARKS = "*†‡§¶#^ \u00a0\u2009\u202f"
_PLAIN = re.compile(r"[-+−]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_BOUND = re.compile(r"[<>≤≥]=?\s*[\d.,]+")


class Cell(NamedTuple):
    """What a cell says: its number, and how it had to be read."""

    number: Number | None = None
    remark: str = ""
    percent: bool = False
    unreadable: bool = False


def read_cell(value: Any, kind: str) -> Cell:
    """Return what a cell that should hold a number says, of a column that the readers do not know; never raises.

    Parameters
    ----------
    value
        The cell.
    kind
        Whether the column holds a "number" or a "count".
    """
    if isinstance(value, Irregular):
        value = value.text if value.kind in ("percent", "error") or value.value is None else value.value
    if isinstance(value, str):
        return _of_text(value.strip(), kind)
    if blank(value):
        return Cell()
    try:
        number = number_of(value)
    except NotANumber:
        return Cell(unreadable=True)
    return Cell(as_number(number)) if math.isfinite(number) else Cell(unreadable=True)


def _of_text(text: str, kind: str) -> Cell:
    if text.casefold() in _BLANK:
        return Cell()
    if text.casefold() in _NOT_REACHED:
        return Cell(remark="not reached")
    if _PLAIN.fullmatch(text):
        return _plain(text)
    if _BOUND.fullmatch(text):
        return Cell(remark="a bound")
    return _dressed(text, kind)


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


def _plain(text: str) -> Cell:
    number = _printed(text)
    return Cell(number) if math.isfinite(number.value) else Cell(unreadable=True)


def _printed(text: str) -> Number:
    plain = text.replace("−", "-")
    value = float(plain)
    if "e" in plain.lower() and math.isfinite(value):
        return as_number(value)
    return Number(value, len(plain.partition(".")[2]))


def printed_in(text: str, value: float, decimal: str) -> Number:
    """Return a value with the digits that a text prints of it; as short as it can be where the text has another."""
    for digits in re.findall(r"\d+(?:\.\d+)?|\.\d+", tidy(text, decimal)):
        if float(digits) == abs(value):
            return Number(value, len(digits.partition(".")[2]))
    return as_number(value)


def as_number(value: float) -> Number:
    """Return a number as it is printed when no longer than it must be."""
    return Number(value, _decimals(value))


def _decimals(value: float) -> int:
    """Return the decimals that a number shows when it is printed no longer than it must be."""
    return len(f"{value:.10g}".partition(".")[2]) if 1e-4 <= abs(value) < 1e10 or value == 0 else _small(value)


def _small(value: float) -> int:
    return len(f"{value:.12f}".rstrip("0").partition(".")[2])
