"""Rows that were left out, as a screen can hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

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
    reading = _reading(attrs)
    aside = [f"{some(list(map(repr, one['columns'])))}: not read, {one['why']}" for one in reading.get("set_aside", ())]
    return [*map(str, reading.get("left_out", ())), *aside]


def rows_when_read(attrs: Mapping[Any, Any]) -> tuple[list[str], int]:
    """Return which rows of data readers left out of a table, and how many lines they left out that hold none.

    >>> said = ["line 3, column 1: 'OPUS' has no figures", "line 9: a note under the table, 'ITT'"]
    >>> rows_when_read({"reading": {"left_out": said, "no_data": said[1:]}})
    (["line 3, column 1: 'OPUS' has no figures"], 1)
    """
    reading = _reading(attrs)
    lines = set(reading.get("no_data", ()))
    others = {*lines, *reading.get("cells", ())}
    return [str(text) for text in reading.get("left_out", ()) if text not in others], len(lines)


def rows_by_outcome(table: pd.DataFrame) -> dict[str, int]:
    """Return how many rows a table has on each outcome, all under no name where it has no such column.

    >>> rows_by_outcome(pd.DataFrame({"outcome": ["orr", "pfs", "orr"]}))
    {'orr': 2, 'pfs': 1}
    """
    if "outcome" not in table:
        return {"": len(table)}
    counts = table["outcome"].fillna("").astype(str).value_counts(sort=False)
    return {str(name): int(count) for name, count in counts.items()}


def read_rows(data: pd.DataFrame) -> tuple[int, bool] | None:
    """Return how many rows a reader returned on the outcomes that a table has, and whether others besides.

    None where the table does not carry it.
    """
    counts = _reading(data.attrs).get("rows")
    if not isinstance(counts, Mapping):
        return None
    named = set(counts)
    of = set(rows_by_outcome(data)) if "outcome" in data else named
    held = {*of, ""} & named or named  # rows that were read without an outcome may have been given one since
    return sum(counts[name] for name in held), held != named


def _reading(attrs: Mapping[Any, Any]) -> Mapping[str, Any]:
    """Return what a reader says of the table that carries it; nothing of any other."""
    reading = attrs.get("reading")
    return reading if isinstance(reading, Mapping) else {}
