"""What a reader must know of the rows that are pooled: what of them nobody read, and what they mix."""

from __future__ import annotations

import pandas as pd

from ..base.words import some
from ..data.schema.verification import unread
from .models import MEDIAN, Model
from .reported import TRIAL


def remarks(rows: pd.DataFrame, model: Model, by: str | None) -> tuple[str, ...]:
    """Return the remarks on rows, a sentence each.

    Parameters
    ----------
    rows
        The rows used, with their labels.
    model
        By which they are pooled: what it does not use need not have been read.
    by
        Column of the subgroups; None without.
    """
    found = list(_not_read(rows, model, by))
    if by and rows.groupby(TRIAL)[by].nunique().max() == 1:
        found.append(f"the levels of {by} are different arms: a difference between them is no randomised comparison.")
    if "regimen" in rows and (regimens := rows["regimen"].dropna().unique()).size > 1:
        found.append(f"arms of {regimens.size} regimens are pooled: {', '.join(regimens)}.")
    if (rows[TRIAL] != rows["trial"]).any():
        trials, arms = rows["trial"].nunique(), rows[TRIAL].nunique()
        found.append(f"{trials} trials give {arms} arms, which are pooled as if each were a trial of its own.")
    if "comparator" in set(model.shown).intersection(rows) and (shared := _shared(rows)):
        found.append(f"several comparisons have the arm {shared} in common: its patients count each time.")
    return tuple(found)


def _not_read(rows: pd.DataFrame, model: Model, by: str | None) -> list[str]:
    """Return which of the figures that are pooled were not read in their source, and of which rows."""
    if "verification" not in rows or rows["verification"].isna().all():
        return []
    used = (*model.needed.columns, *(("ci_high",) if model is MEDIAN else ()))
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in rows.to_dict("records"):
        if row["verification"] == "unverified":
            missing = tuple(unread(row, used))
            every = len(missing) == sum(c in row and pd.notna(row[c]) for c in used)
            if missing:
                name = f"{row[TRIAL]} {row[by]}" if by else str(row[TRIAL])
                groups.setdefault(() if every else missing, []).append(name)
    said = []
    for missing, names in sorted(groups.items(), key=lambda pair: len(pair[0])):
        whose = f"{len(names)} of {len(rows)} row{'s' * (len(rows) != 1)} ({some(names)})"
        what = f"{', '.join(missing)} not" if missing else "nothing of what is pooled was"
        said.append(f"{whose}: {what} read in the source; check before relying on this.")
    return said


def _shared(rows: pd.DataFrame) -> str:
    """Return a comparator arm that stands in several rows on the same patients, or nothing."""
    keys = ["comparator", *(c for c in ("subgroup_variable", "subgroup_level") if c in rows)]
    compared = rows[rows["comparator"].notna()]
    twice = compared[compared.duplicated(keys)]
    return str(twice["comparator"].iloc[0]) if len(twice) else ""
