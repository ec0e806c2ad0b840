"""Rows that were left out, as a screen can hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..check import named_in
from ..words import some


def summed_up(sentences: Sequence[str], most: int = 10) -> list[str]:
    """Return the sentences on rows left out; of more than `most` a line a reason, with the first few names.

    >>> summed_up([f"trial 'T{i}' (row {i}): missing: n" for i in range(90)])
    ['90 rows, missing: n (T0, T1, T2, T3, T4 and 85 more)']
    """
    if len(sentences) <= most:
        return list(sentences)
    reasons: dict[str, list[str]] = {}
    for name, why in map(named_in, sentences):
        reasons.setdefault(why, []).append(name)
    lines = [
        f"{len(names)} row{'s' * (len(names) > 1)}, {why} ({some(names)})"
        for why, names in sorted(reasons.items(), key=lambda reason: -len(reason[1]))
    ]
    more = len(lines) - most
    return lines[:most] + [f"rows for {more} more reason{'s' * (more > 1)}"] * (more > 0)


def warned(sentences: Sequence[str], rows: int, most: int = 3) -> str:
    """Return the warning of rows left out of so many, the first few with their reasons.

    >>> warned(["trial 'A' (row 0): missing: vi", "trial 'B' (row 1): missing: vi"], 5)
    "2 of 5 rows left out. trial 'A' (row 0): missing: vi; trial 'B' (row 1): missing: vi"
    """
    more = len(sentences) - most
    return f"{len(sentences)} of {rows} rows left out. {'; '.join(sentences[:most])}{f'; and {more} more' * (more > 0)}"


def when_read(attrs: Mapping[Any, Any]) -> list[str]:
    """Return what readers such as ``read_trials`` left out of a table, as the table carries it in its ``attrs``.

    >>> when_read({"reading": {"left_out": ["line 3, column 1: 'OPUS' has no figures"]}})
    ["line 3, column 1: 'OPUS' has no figures"]
    """
    reading = attrs.get("reading")
    if not isinstance(reading, Mapping):
        return []
    aside = [f"{some(list(map(repr, one['columns'])))}: not read, {one['why']}" for one in reading.get("set_aside", ())]
    return [*map(str, reading.get("left_out", ())), *aside]
