"""Two tables of evidence compared, row by row and field by field."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...base.result import Provenance
from ..schema.dates import dates
from ..schema.fields import PRINTED
from ..selection.needs import NEEDS
from .matching import cut_of, matched
from .result import COLUMNS, EvidenceChanges
from .tables import Tables, tables, text_of

FIGURES = frozenset((*PRINTED, *(c for need in NEEDS.values() for c in need.columns)))
NAMES = ("row_id", "supersedes")  # what tells rows, and no fact of them


def compare_tables(old: Any, new: Any, *, outcome: str | None = None) -> EvidenceChanges:
    """Return which rows were added, replaced by a newer cut, changed or removed; see ``metaonc.compare``.

    Raises
    ------
    DataError
        Tables that are none of evidence, or have no outcome or trial in common; a row that stands twice; a date that
        cannot be read.
    """
    both = tables(old, new, outcome)
    match = matched(both)
    rows: list[dict[str, Any]] = []
    for j in match.added:
        rows.append(_row(both, "added", None, j))
    for i, j in match.replaced:
        rows += _fields(both, "replaced", i, j, FIGURES) or [_row(both, "replaced", i, j)]
    changed = 0
    for i, j in match.same:
        found = _fields(both, "changed", i, j, None)
        changed += bool(found)
        rows += found
    for i in match.removed:
        rows.append(_row(both, "removed", i, None))
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(object)
    table["is_figure"] = [field in FIGURES for field in table["field"]]
    return EvidenceChanges(
        table=table, rows_before=len(both.old), rows_after=len(both.new), unchanged=len(match.same) - changed,
        only_before=both.only[0], only_after=both.only[1],
        provenance=Provenance(verb="compare", settings={"outcome": outcome}, rows_in=len(both.new),
                              rows_used=len(both.new), notes=both.notes),
    )  # fmt: skip


def _row(both: Tables, change: str, i: int | None, j: int | None, **own: Any) -> dict[str, Any]:
    frame, at = (both.new, j) if j is not None else (both.old, i)
    who = frame.loc[at]
    level = " ".join(filter(None, (text_of(who.get("subgroup_variable")), text_of(who.get("subgroup_level")))))
    arm = text_of(who.get("arm")) or text_of(who.get("arm_id"))
    found: dict[str, Any] = {"change": change, "trial": text_of(who["trial"]), "arm": arm,
                             "outcome": text_of(who.get("outcome")), "subgroup": level}  # fmt: skip
    for side, table, row in (("before", both.old, i), ("after", both.new, j)):
        there = row is not None
        found[f"row_{side}"] = (text_of(table.loc[row].get("row_id")) or str(row)) if there else None
        found[f"cut_{side}"] = (cut_of(dates(table.loc[[row]])[0]) or None) if there else None
        found[f"source_{side}"] = (text_of(table.loc[row].get("source_id")) or None) if there else None
    found = {name: value or None for name, value in found.items()}
    return {"field": None, "before": None, "after": None, **found, **own}


def _fields(both: Tables, change: str, i: int, j: int, among: frozenset[str] | None) -> list[dict[str, Any]]:
    """Return a row for each field that differs."""
    differing = []
    for name in both.fields:
        if name in NAMES or (among is not None and name not in among):
            continue
        here, there = text_of(both.old[name][i]), text_of(both.new[name][j])
        if here != there:
            differing.append({"field": name, "before": here or None, "after": there or None})
    row = _row(both, change, i, j) if differing else {}
    return [row | found for found in differing]
