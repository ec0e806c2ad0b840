"""Data cuts of one outcome: names of rows, and which cut replaces which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .words.phrases import time_alone

_RANKS = tuple(
    re.compile(words, re.I)
    for words in (r"interim|first|initial", r"primary|planned", r"second|updated?|follow", r"final|end of")
)


def _rank(cut: str) -> tuple[int, float] | None:
    time = time_alone(cut)
    if time is not None:
        return (2, time)
    found = [i for i, pattern in enumerate(_RANKS) if pattern.search(cut)]
    return (found[0] if found[0] < 2 else found[0] + 1, 0.0) if len(found) == 1 else None


def superseding(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows under names of their own, each later data cut with the rows that it replaces."""
    names: dict[str, int] = {}
    for row in rows:
        names[row["row_id"]] = names.get(row["row_id"], 0) + 1
        row["row_id"] += f"-{names[row['row_id']]}" if names[row["row_id"]] > 1 else ""
    same = ("arm", "outcome", "assessor", "subgroup_level", "time_months", "measure_number")
    for row in rows:
        rank = _rank(row["cut"]) if row["cut"] else None
        older = [
            other["row_id"] for other in rows
            if rank and other["cut"] and all(other.get(k) == row.get(k) for k in same)
            and (before := _rank(other["cut"])) and before < rank
        ]  # fmt: skip
        if older:
            row["supersedes"] = " ".join(older)
    return list(rows)
