"""What the columns of one row must say together; a rule is one record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .. import _check
from ..errors import ColumnError
from ._fields import OUTCOMES

Flags = NDArray[np.bool_]
RATES = ("pfs_rate", "dfs_rate", "os_rate")
_COUNTED = (("events", "n"), ("events_comparator", "n_comparator"), ("events_both", "n_both"))
PROPORTIONS = tuple(o.code for o in OUTCOMES.values() if o.kind == "proportion")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about one row.

    Attributes
    ----------
    columns
        Columns that it is about; a table without one of them is not asked.
    broken
        Function of the table that flags the rows that break the rule; a missing value breaks nothing.
    say
        What is wrong and how to mend it, a format string over the row.
    """

    columns: tuple[str, ...]
    broken: Callable[[pd.DataFrame], pd.Series | Flags]
    say: str

    def check(self, frame: pd.DataFrame, labels: Sequence[str]) -> None:
        """Raise a DataError at the first row that breaks the rule."""
        bad = np.asarray(self.broken(frame), dtype=bool)
        _check.refuse(bad, labels, lambda i: self.say.format_map(frame.iloc[[i]].to_dict("records")[0]))


def _half_of_last_digit(estimate: pd.Series) -> pd.Series:
    """Return half a unit of the last digit printed: 0.5 for 44, 0.05 for 42.3."""
    return estimate.map(lambda x: 0.5 * 10.0 ** -len(f"{x:.10g}".partition(".")[2]))


def _off_counts(f: pd.DataFrame) -> pd.Series:
    off = (f["estimate"] - 100 * f["events"] / f["n"]).abs()
    return f["unit"].eq("percent") & f["outcome"].isin(PROPORTIONS) & (off > _half_of_last_digit(f["estimate"]) + 1e-9)


def _level_rules(level: str, *limits: str) -> tuple[Rule, ...]:
    no_level = f"there is an interval ({limits[0]}, {limits[1]}) but {level} is blank: write 0.95 for 95 %."
    return (
        Rule(
            (level,),
            lambda f: (f[level] <= 0) | (f[level] >= 1),
            f"{level}={{{level}:g}} is not a proportion: write 0.95 for 95 %.",
        ),
        Rule((level, *limits), lambda f: f[level].isna() & f[list(limits)].notna().any(axis=1), no_level),
    )


def _order_rules(value: str, low: str, high: str) -> tuple[Rule, ...]:
    outside = f"{value}={{{value}:g}} lies outside its interval ({{{low}:g}}, {{{high}:g}}): check all three."
    swapped = f"{low}={{{low}:g}} is above {high}={{{high}:g}}: check or swap them."
    alone = f"there is an interval ({{{low}:g}}, {{{high}:g}}) but {value} is blank."
    return (
        Rule((low, high), lambda f: f[low] > f[high], swapped),
        Rule((value, low, high), lambda f: (f[value] < f[low]) | (f[value] > f[high]), outside),
        Rule((value, low, high), lambda f: f[value].isna() & f[[low, high]].notna().any(axis=1), alone),
    )


def _not_positive(column: str) -> Rule:
    say = f"{column}={{{column}:g}} is not above 0: a ratio is positive; is it on the log scale?"
    return Rule((column,), lambda f: f[column] <= 0, say)


def _above(events: str, n: str) -> Rule:
    say = f"{events}={{{events}:g}} exceeds {n}={{{n}:g}}: check both columns."
    return Rule((n, events), lambda f: f[events] > f[n], say)


def _above_100(column: str) -> Rule:
    say = f"{column}={{{column}:g}} is above 100 %: check it and the unit."
    return Rule(("unit", column), lambda f: f["unit"].eq("percent") & (f[column] > 100), say)


def _blank_if_not_reached(f: pd.DataFrame) -> Flags:
    return np.array(
        [any(pd.notna(row[w]) for w in str(row["not_reached"]).split() if w in row) for _, row in f.iterrows()]
    )


def _derived_but_blank(f: pd.DataFrame) -> Flags:
    return np.array([any(pd.isna(row[w]) for w in str(row["derived"]).split() if w in row) for _, row in f.iterrows()])


ROW_RULES = (
    _above(*_COUNTED[0]),
    *_order_rules("estimate", "ci_low", "ci_high"),
    *_level_rules("ci_level", "ci_low", "ci_high"),
    *map(_not_positive, ("hr", "hr_low", "hr_high")),
    *_order_rules("hr", "hr_low", "hr_high"),
    *_level_rules("hr_level", "hr_low", "hr_high"),
    *map(_not_positive, ("odds_ratio", "or_low", "or_high")),
    *_order_rules("odds_ratio", "or_low", "or_high"),
    *_level_rules("or_level", "or_low", "or_high"),
    *(_above(events, n) for events, n in _COUNTED[1:]),
    Rule(
        ("estimate", "unit"), lambda f: f["estimate"].notna() & f["unit"].isna(), "estimate={estimate:g} has no unit."
    ),
    Rule(
        ("outcome", "estimate", "unit"),
        lambda f: f["estimate"].notna() & (f["outcome"].isin(PROPORTIONS) != f["unit"].eq("percent")),
        "unit={unit!r} does not go with outcome={outcome!r}: percent for a proportion, months, weeks or days else.",
    ),
    *map(_above_100, ("estimate", "ci_high")),
    Rule(
        ("outcome", "n", "events", "estimate", "unit"),
        _off_counts,
        "estimate={estimate:g} % is not 100 * events / n for {events:g}/{n:g}: "
        "correct one of them, or leave events blank and say why in a note.",
    ),
    Rule(
        ("outcome", "time_months"),
        lambda f: f["outcome"].isin(RATES) & f["time_months"].isna(),
        "time_months is blank: outcome={outcome!r} needs the time it is taken at.",
    ),
    Rule(
        ("subgroup_variable", "subgroup_level"),
        lambda f: f["subgroup_variable"].isna() != f["subgroup_level"].isna(),
        "subgroup_variable={subgroup_variable!r} and subgroup_level={subgroup_level!r}: "
        "give both, or neither for all patients.",
    ),
    Rule(
        ("arm_id", "comparator"),
        lambda f: f["arm_id"] == f["comparator"],
        "comparator={comparator!r} is the arm itself.",
    ),
    Rule(("not_reached",), _blank_if_not_reached, "not_reached={not_reached!r} names a column that holds a number."),
    Rule(("derived",), _derived_but_blank, "derived={derived!r} names a column that is blank."),
)

FORMS = (
    *(("n", "events"), ("hr", "hr_low", "hr_high"), ("estimate", "unit"), ("odds_ratio", "or_low", "or_high")),
    *(("o_minus_e", "v"), ("log_hr", "log_hr_se")),
)
_FIGURES = ("n", "events", "estimate", "hr", "odds_ratio", "o_minus_e", "log_hr")


def check_needs(frame: pd.DataFrame, labels: Sequence[str], *, explained: bool) -> None:
    """Raise an error where a row has no figures, or figures that mean nothing without another column.

    Parameters
    ----------
    frame
        The table, typed.
    labels
        One label a row.
    explained
        Whether a row without figures may stand where its note says why (a collection, not a user's table).
    """
    forms = [form for form in FORMS if set(form) <= set(frame.columns)]
    if not forms:
        wanted = " | ".join(", ".join(form) for form in FORMS)
        raise ColumnError(f"the table holds no figures; it has {list(frame.columns)}. Wanted: {wanted}.")
    if "estimate" in frame and "unit" not in frame:
        raise ColumnError(f"column 'unit' is missing: an estimate needs its unit; the table has {list(frame.columns)}.")
    timed = frame["outcome"].isin(RATES)
    if "time_months" not in frame and timed.any():
        rate = frame["outcome"][timed].iloc[0]
        raise ColumnError(f"column 'time_months' is missing: outcome={rate!r} needs the time it is taken at.")
    if explained:
        silent = frame["note"].isna() if "note" in frame else np.ones(len(frame), dtype=bool)
        bad = frame[[c for c in _FIGURES if c in frame]].isna().all(axis=1) & silent
    else:
        bad = ~np.logical_or.reduce([frame[list(form)].notna().all(axis=1) for form in forms])
    fix = "fill in " + ", or ".join(" and ".join(form) for form in forms)
    _check.refuse(np.asarray(bad), labels, lambda i: f"the row holds no figures: {fix}.")


def check_superseded(frame: pd.DataFrame, labels: Sequence[str]) -> None:
    """Raise a DataError where `supersedes` names no row, the row itself, another question, or goes in a circle."""
    rows = dict(zip(frame["row_id"], range(len(frame)), strict=True))
    names = [str(v).split() if pd.notna(v) else [] for v in frame["supersedes"]]
    wrong = [
        next((f"supersedes={n!r} {w}." for n in older if (w := _why_not(frame, i, rows.get(n)))), "")
        for i, older in enumerate(names)
    ]
    _check.refuse(np.array(wrong) != "", labels, lambda i: wrong[i])
    refuse_circles("supersedes", dict(zip(frame["row_id"], names, strict=True)), labels)


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
