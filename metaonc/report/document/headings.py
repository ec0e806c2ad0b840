"""Headings of several results in one document: their titles, and what differs where titles are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..journals import Journal
from ..kinds import kind_of, model_of


def headings(results: Sequence[Any], journal: Journal, effect: str | None) -> list[str]:
    """Return a heading for each result or table, no two alike.

    Results of one title are told apart by what differs in their models, or else in their options; what differs in
    neither is counted.
    """
    titles = [_title(result, journal, effect) for result in results]
    twice = {title for title, n in Counter(titles).items() if title and n > 1}
    found: list[str] = []
    for i, (title, result) in enumerate(zip(titles, results, strict=True), 1):
        head = title or f"{'Table' if isinstance(result, pd.DataFrame) else 'Result'} {i}"
        if title in twice:
            apart = _apart(result, [other for name, other in zip(titles, results, strict=True) if name == title])
            head += f": {apart}" * bool(apart)
        found.append(head if head not in found else f"{head} ({i})")
    return found


def _title(result: Any, journal: Journal, effect: str | None) -> str:
    """Return the title of a result, or of its table; empty of a table of the user, and where neither has one."""
    if isinstance(result, pd.DataFrame):
        return ""
    kind = kind_of(result)
    if kind.title is not None:
        return kind.title(result, effect)
    if kind.heading is not None:
        return kind.heading(result)
    return "" if kind.table is None else kind.table(result, journal, effect).title


def _apart(result: Any, others: Sequence[Any]) -> str:
    """Return what of its model, or of its options where nothing is said of that, not all have."""
    own, theirs = _said(model_of(result)), [_said(model_of(other)) for other in others]
    if not own or not all(theirs):
        own, theirs = _asked(result), [_asked(other) for other in others]
    return "; ".join(part for part in own if not all(part in other for other in theirs))


def _said(model: str) -> list[str]:
    model = model.rstrip(".")
    return f"{model[:1].lower()}{model[1:]}".split("; ") if model else []  # begins with no name


def _asked(result: Any) -> list[str]:
    """Return the options of a result that can be named in a heading."""
    settings = ((name.replace("_", " "), value) for name, value in result.provenance.settings.items())
    named = ((name, value) for name, value in settings if isinstance(value, (str, int, float)) and value != "")
    return [f"{name} {value}" for name, value in named if not isinstance(value, bool)]
