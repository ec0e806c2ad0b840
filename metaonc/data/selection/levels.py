"""Levels of a subgroup that are none, since they hold all patients of an arm whose levels stand beside them."""

from __future__ import annotations

import pandas as pd

from ..schema.levels import is_whole


def beside_levels(usable: pd.DataFrame, level: str | None) -> dict[int, str]:
    """Return the rows on all patients of an arm whose subgroups stand beside them: the whole is no level of its own."""
    if level is None:
        return {}
    whole = usable[level].astype(str).map(is_whole)
    arms = list(zip(usable["trial"], usable["arm"].fillna(""), strict=True))
    split = {arm for arm, is_all in zip(arms, whole, strict=True) if not is_all}
    rows = zip(usable.index, usable[level], arms, whole, strict=True)
    return {
        i: f"{level} is {value!r}: all patients, no subgroup"
        for i, value, arm, is_all in rows
        if is_all and arm in split
    }
