"""The rule by which rows were chosen, in words."""

from __future__ import annotations

import pandas as pd

from ..schema.tables import OUTCOMES
from .needs import Need


def title_of(outcome: str) -> str:
    """Return the name of an outcome in words; that of the user's own is its name."""
    return OUTCOMES[outcome].title if outcome in OUTCOMES else outcome.replace("_", " ")


def rule_of(
    used: pd.DataFrame, outcome: str, by: str | None, wanted: Need, split: str | None, *, keep_alone: bool
) -> str:
    """Return the rule by which rows were chosen, in words; `split` is the column that splits patients of an arm."""
    whom = f"all patients{f', by {by}' if by else ''}"
    if split:
        whom = f"arms that report {'a level' if keep_alone else 'at least two levels'} of {by}"
    text = (
        f"{title_of(outcome).capitalize()}, {whom}: for each arm the newest data cut that reports the "
        f"{wanted.title}. No two cuts of the same patients, no nested arm beside the arm that holds it, independent "
        "review before the investigators at the same cut, no rows that count regimens."
    )
    times = times_of(used)
    return text + (f" The rows used are taken at different times: {', '.join(times)}." if len(times) > 1 else "")


def times_of(used: pd.DataFrame) -> list[str]:
    """Return the times at which rates are taken, in words."""
    months = used["time_months"].astype(float)
    return [f"{t:g} months" for t in sorted(months.dropna().unique())] + ["not stated"] * bool(months.isna().any())
