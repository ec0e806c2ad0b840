"""Rows that are used though their arm has a newer cut: older figures, said wherever they are pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from ...base.labels import folded
from ..schema.dates import Dates
from .cuts import Known, Trials, name_of, outermost
from .needs import Need

_FIGURES = (("events", "n"), ("hr", "hr_low", "hr_high"), ("odds_ratio", "or_low", "or_high"),
            ("estimate", "ci_low", "ci_high"))  # fmt: skip


def older_than_newest(trials: Trials, used: Sequence[int], wanted: Need, level: str | None = None) -> tuple[str, ...]:
    """Return one caution for each trial of whose rows used the arm has a newer cut, which could not be used.

    The newer cut is of the same outcome and of the same patients: of all of the arm, or of the same subgroup variable.
    A row is newer by its dates (`Dates.before`), or because it replaces the row used or one of the same cut.

    Parameters
    ----------
    trials
        The trials of the whole table.
    used
        Labels of the rows that are used.
    wanted
        What is pooled of them.
    level
        Column that holds the subgroup; None without.
    """
    frame = trials.frame
    when = trials.dates
    said = []
    others = frame.loc[frame.index.difference(list(used)), "trial"].unique()
    rows_used = frame.loc[list(used)]
    for trial, rows in rows_used[rows_used["trial"].isin(others)].groupby("trial", sort=False, observed=True):
        known = trials[trial]
        about = _about(known)
        found = {i: newest for i in rows.index if (newest := _newest(i, known, about, when, set(used))) is not None}
        if found:
            said.append(_caution(str(trial), known.frame, found, when, wanted, level))
    return tuple(said)


class _Question(NamedTuple):
    """What a row is about: the arm that holds its patients, its outcome and time, and the subgroup variable."""

    arm: str
    outcome: Any
    time: float | None
    variable: str | None
    regimens: bool

    def same(self, other: _Question) -> bool:
        """Tell whether another row reports this outcome of the same patients, or of all of which they are a part."""
        parts = other.variable is None or self.variable == other.variable
        return parts and self[:3] == other[:3] and not other.regimens


def _about(known: Known) -> dict[int, _Question]:
    """Return what each row of a trial is about."""
    roots = outermost(known)
    cells = (known.frame[c] for c in ("outcome", "time_months", "subgroup_variable", "unit_of_analysis"))
    return {
        int(i): _Question(roots[i], outcome, None if pd.isna(time) else float(time),
                          None if pd.isna(variable) else folded(str(variable)), unit == "regimen")
        for i, outcome, time, variable, unit in zip(known.frame.index, *cells, strict=True)
    }  # fmt: skip


def _newest(
    i: int, known: Known, asked: Mapping[int, _Question], when: Mapping[int, Dates], used: set[int]
) -> int | None:
    """Return the newest row about the patients of row `i` that is newer than it; None where there is none."""
    about = [j for j, other in asked.items() if asked[i].same(other)]
    fellows = [j for j in about if when[j] == when[i]]
    newer = [
        j for j in about
        if j not in used and not when[j].before(when[i])
        and (when[i].before(when[j]) or known.newer([i, *fellows], [j]))
    ]  # fmt: skip
    top: int | None = None
    for j in newer:
        if top is None or when[top].before(when[j]) or known.newer([top], [j]):
            top = j
    return top


def _caution(
    trial: str, frame: pd.DataFrame, found: dict[int, int], when: Mapping[int, Dates], wanted: Need,
    column: str | None,
) -> str:  # fmt: skip
    """Return what is said of a trial: which figures are older than what, and what the newer cut reports."""
    old, new = min(found), next(iter(dict.fromkeys(found.values())))
    variable = frame["subgroup_variable"][old]
    by = "" if pd.isna(variable) else f" by {variable}"
    split = pd.notna(variable) and pd.isna(frame["subgroup_level"][new])
    used = "; ".join(f"{_label(frame, i, column)}{_figures(frame, i, wanted)}" for i in found)
    newest = f"{_label(frame, new, column)}{_figures(frame, new, wanted)}"
    lacks = f"not{by}" if split else "not in full as is pooled here" if by else "not as is pooled here"
    return (
        f"the figures of {trial}{by} ({when[old].said}) are older than the newest of the arm ({when[new].said}). "
        f"Used: {used}{_whole(frame, old, when, wanted)}; newest: {newest}, {lacks} ({name_of(frame, new)})."
    )


def _label(frame: pd.DataFrame, i: int, column: str | None) -> str:
    level, arm = frame[column or "subgroup_level"][i], frame["arm"][i]
    return f"{level} " if pd.notna(level) else f"{arm} " if pd.notna(arm) else "all patients "


def _whole(frame: pd.DataFrame, i: int, when: Mapping[int, Dates], wanted: Need) -> str:
    """Return the figures of all patients at the cut of a subgroup, where they are reported."""
    if pd.isna(frame["subgroup_level"][i]):
        return ""
    same = [
        j for j in frame.index
        if pd.isna(frame["subgroup_level"][j]) and when[j] == when[i] and frame["outcome"][j] == frame["outcome"][i]
        and str(frame["arm_id"][j]) == str(frame["arm_id"][i])
    ]  # fmt: skip
    return f" (of {_figures(frame, same[0], wanted)} in all)" if same else ""


def _figures(frame: pd.DataFrame, i: int, wanted: Need) -> str:
    """Return the figures of a row, those that are pooled before others: 7/10, or an estimate with its limits."""
    first = [columns for columns in _FIGURES if any(columns[0] in form for form in wanted.forms)]
    for columns in dict.fromkeys((*first, *_FIGURES)):
        held = [frame[c][i] if c in frame else None for c in columns]
        if held[0] is None or pd.isna(held[0]):
            continue
        if columns[0] == "events":
            return f"{held[0]:g}/{held[1]:g}" if pd.notna(held[1]) else f"{held[0]:g} events"
        limits = [f"{x:g}" for x in held[1:] if x is not None and pd.notna(x)]
        name = {"hr": "HR ", "odds_ratio": "OR "}.get(columns[0], "")
        unit = (
            f" {frame['unit'][i]}"
            if columns[0] == "estimate" and "unit" in frame and pd.notna(frame["unit"][i])
            else ""
        )
        return f"{name}{held[0]:g}{unit}" + (f" ({' to '.join(limits)})" if limits else "")
    return "no figures"
