"""Words that stand in a cell where there is no figure."""

from __future__ import annotations

import re
from typing import Any

SPACES = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
NOT_REACHED = ("not reached", "not estimable", "not yet reached", "ne", "nye", "nyr", "\u221e")
UNCLEAR = "nr"  # not reached, or not reported
_ABSENT = (
    *(".", "na", "n/a", "n.a.", "not applicable", "not available", "not reported", "not stated", "nd", "missing"),
)
_OTHERS = (UNCLEAR, *NOT_REACHED, "ns", "n.s.", "not done")


def absent(text: str) -> bool:
    """Whether a cell says that there is no figure."""
    return SPACES.sub(" ", text).strip().lower() in _ABSENT


def not_stated(text: str) -> bool:
    """Whether a cell of a figure that cannot be open says that there is none: also NR, NE and their like."""
    return absent(text) or SPACES.sub(" ", text).strip().lower() in _OTHERS


def not_reached(text: str) -> bool:
    """Whether a cell says that a time was not reached; NR may also mean not reported."""
    return SPACES.sub(" ", text).strip().lower() in NOT_REACHED


def limits_empty(column: Any) -> Any:
    """Return a column of limits, those empty that are printed as not reached, or not reported."""
    if not any(isinstance(x, str) for x in column):
        return column
    return [None if isinstance(x, str) and not_stated(x) else x for x in column]
