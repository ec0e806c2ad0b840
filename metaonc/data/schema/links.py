"""Rows and arms that name others: what they may name, and that no chain of names leads back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...base import check as _check


def check_superseded(frame: pd.DataFrame, labels: Sequence[str]) -> None:
    """Raise a DataError where `supersedes` names no row, the row itself, another question, or goes in a circle."""
    wrong = wrongly_superseded(frame)
    _check.refuse(np.array(wrong) != "", labels, lambda i: wrong[i])
    names = [str(v).split() if pd.notna(v) else [] for v in frame["supersedes"]]
    refuse_circles("supersedes", dict(zip(frame["row_id"], names, strict=True)), labels)


def wrongly_superseded(frame: pd.DataFrame) -> list[str]:
    """Return for each row what is wrong with the rows that it says it replaces; empty where nothing is."""
    rows = dict(zip(frame["row_id"], range(len(frame)), strict=True))
    names = [str(v).split() if pd.notna(v) else [] for v in frame["supersedes"]]
    return [
        next((f"supersedes={n!r} {w}." for n in older if (w := _why_not(frame, i, rows.get(n)))), "")
        for i, older in enumerate(names)
    ]


def refuse_circles(column: str, links: Mapping[str, Sequence[str]], labels: Sequence[str]) -> None:
    """Raise a DataError at the first row whose links lead back to it; `links` has one entry a row, in order."""

    def comes_back(start: str) -> bool:
        seen: set[str] = set()
        ahead = list(links[start])
        while ahead:
            name = ahead.pop()
            if name == start:
                return True
            if name not in seen:
                seen.add(name)
                ahead += links.get(name, ())
        return False

    bad = np.array([comes_back(name) for name in links])
    _check.refuse(bad, labels, lambda _: f"{column} leads in a circle back to the row itself.")


def _why_not(frame: pd.DataFrame, i: int, j: int | None) -> str:
    """Return why row `i` cannot replace row `j`; empty when it can."""
    if j is None:
        return "is the row_id of no row"
    if i == j:
        return "is the row itself"
    for column in ("trial", "outcome", "subgroup_variable"):
        a, b = (frame[column].iloc[k] if column in frame else None for k in (i, j))
        if a != b and not (pd.isna(a) and pd.isna(b)):
            return f"is about another {column} ({b!r})"
    return ""
