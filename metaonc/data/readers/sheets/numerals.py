"""Numbers that stand for something else: a missing one, or a whole one that was worked out from a rate."""

from __future__ import annotations

import math
import re

from .forms import FIELDS
from .published import Reading

_SENTINELS = (-99, -999, -9999)
SENTINEL = re.compile(r"-9{2,4}(\.0+)?")
_POSITIVE = ("hr", "or_", "rr_", "odds_ratio", "risk_ratio", "log_")  # or the logarithm of such, never that small
_SURE = {  # numbers with a mark that is of decimals: 1,234 may be a thousand and more, 0,234 is not
    mark: re.compile(rf"(?<![\d.,])(?:\d+{re.escape(mark)}(?:\d{{1,2}}|\d{{4,}})|0{re.escape(mark)}\d+)(?![\d.,]|,\s)")
    for mark in ".,"
}
_NEARLY_WHOLE = 0.05
_LAST_BIT = 1e-9  # relative; what 0.28 * 50 is off


def is_sentinel(value: object) -> bool:
    """Whether a cell holds a number that people write for a missing one."""
    return bool(SENTINEL.fullmatch(str(value).strip()))


def stands_for_none(name: str, number: float) -> bool:
    """Whether a number is one that is written for a missing one, in a column that cannot hold it."""
    return number in _SENTINELS and name in FIELDS and (FIELDS[name].minimum is not None or name.startswith(_POSITIVE))


def whole(number: float) -> float | None:
    """Return the whole number that a count is close to; None where it is close to none."""
    if not math.isfinite(number):  # of hundreds of digits
        return None
    return float(round(number)) if abs(number - round(number)) <= _NEARLY_WHOLE else None


def told(number: float, rounded: float) -> bool:
    """Whether rounding loses more than the last bit."""
    return abs(number - rounded) > _LAST_BIT * max(1.0, abs(number))


def mark_of(text: str, decimal: str) -> str:
    """Return the decimal mark of a cell: the other one where all its numbers have that, and none can be of thousands.

    >>> mark_of("0,61", "."), mark_of("37,1 (28,6-46,2)", "."), mark_of("1,234", "."), mark_of("79.5", ",")
    (',', ',', '.', '.')
    """
    other = {".": ",", ",": "."}[decimal]
    if not _SURE[other].search(text):
        return decimal
    rest = _SURE[other].sub("", text)
    return decimal if re.search(r"\d[.,]\d|[.,]\d", rest) else other


def contradiction(reading: Reading, patients: float | None) -> str:
    """Return what is wrong with a percentage that the counts beside it do not give; nothing where they do."""
    events, n, value = (reading.numbers.get(part) for part in ("events", "n", "value"))
    n = n or patients
    if value is None or events is None or not n:
        return ""
    half = 0.5 * 10.0 ** -len(f"{value:.10g}".partition(".")[2])
    off = abs(value - 100 * events / n) > half + _LAST_BIT
    return f"is not {events:g}/{n:g} = {100 * events / n:.3g} %: correct one of them." if off else ""
