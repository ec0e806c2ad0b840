"""Medians that were not reached: rows that no pool of medians takes, and what must be said where they are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from .needs import Need

NOT_REACHED = "its median was not reached"
_MEDIAN = "estimate"


def open_median(row: Mapping[Any, Any], wanted: Need) -> str:
    """Return why a row has no median to pool, where its report says that it was not reached; else nothing."""
    said = row["not_reached"]
    if wanted.code != "median" or pd.notna(row[_MEDIAN]) or not isinstance(said, str) or _MEDIAN not in said.split():
        return ""
    return f"{NOT_REACHED}; survival.pool_medians takes it, with at_least= a time that it exceeds"


def without_longest(
    frame: pd.DataFrame, used: Iterable[int], left: Mapping[int, str], level: str | None
) -> tuple[str, ...]:
    """Return what is said of arms that are left out as their median was not reached, and of which no row is used.

    Parameters
    ----------
    frame
        The table.
    used
        Labels of the rows that are used.
    left
        Label of each row left out -> why.
    level
        Column that holds the subgroup; None without.
    """
    of = ["trial", "arm_id", "arm", *([level] if level else [])]
    keys = frame[of].astype(str).agg("\0".join, axis=1)
    taken = set(keys[list(used)])
    out = [i for i, why in left.items() if why.startswith(NOT_REACHED) and keys[i] not in taken]
    names = list(dict.fromkeys(str(frame["trial"][i]) for i in out))
    if not names:
        return ()
    s = "s" if len(names) > 1 else ""
    return (
        f"trial{s} {', '.join(names)} left out, as the median was not reached: the pool is of the trials where "
        "patients live shorter",
    )
