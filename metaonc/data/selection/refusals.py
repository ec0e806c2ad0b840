"""What is said where nothing can be pooled: what the table has, or why its rows were left out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ...base.messages.advice import option
from .cuts import name_of
from .needs import Need


def nothing(asked: pd.DataFrame, out: Mapping[int, str], whom: str, wanted: Need) -> str:
    """Return why no row of those that were asked can be pooled."""
    first = min(out)
    return (
        f"no row on {whom} reports what can be pooled ({wanted.title}): all {len(asked)} were left out, "
        f"the first ({name_of(asked, first)}) because: {out[first]}."
    )


def absent(frame: pd.DataFrame, whom: str) -> str:
    """Return that no row is about the question, and what the table has."""
    if frame["outcome"].isna().all():
        return f"the table names no outcome: say it when it is read, as by {option('constants', {'outcome': 'orr'})}."
    variables = frame["subgroup_variable"].astype(object).where(frame["subgroup_variable"].notna(), "all patients")
    has = "; ".join(
        f"{o} ({', '.join(map(str, v.unique()))})" for o, v in variables.groupby(frame["outcome"], sort=False)
    )
    return f"no row reports {whom}; the table has {has}."
