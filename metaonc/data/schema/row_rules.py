"""What the columns of one row must say together; a rule is one record."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base import check as _check
from ...base.messages.advice import in_python
from ...errors import ColumnError
from .fields import OUTCOMES
from .verification import misstated, read_without_figure

Flags = NDArray[np.bool_]
_BOUND = re.compile(r"[<>≤≥]=?\s*(?:0?\.\d{1,12}|1(?:\.0+)?|\d(?:\.\d+)?[eE]-\d{1,2})")
RATES = ("pfs_rate", "dfs_rate", "os_rate", "efs_rate")
_COUNTED = (("events", "n"), ("events_comparator", "n_comparator"), ("events_both", "n_both"))
PROPORTIONS = tuple(o.code for o in OUTCOMES.values() if o.kind == "proportion")
TIMES = tuple(o.code for o in OUTCOMES.values() if o.kind == "time")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule about one row.

    Attributes
    ----------
    name
        Its name in an audit; rules that ask the same of different columns share it.
    columns
        Columns that it is about; a table without one of them is not asked.
    broken
        Function of the table that flags the rows that break the rule; a missing value breaks nothing.
    say
        What is wrong and how to mend it, a format string over the row.
    """

    name: str
    columns: tuple[str, ...]
    broken: Callable[[pd.DataFrame], pd.Series | Flags]
    say: str

    def flags(self, frame: pd.DataFrame) -> Flags:
        """Return one flag a row: whether it breaks the rule."""
        return np.asarray(self.broken(frame), dtype=bool)

    def says(self, frame: pd.DataFrame, i: int) -> str:
        """Return what is wrong with row `i`, and how to mend it."""
        return self.say.format_map(frame.iloc[[i]].to_dict("records")[0])

    def check(self, frame: pd.DataFrame, labels: Sequence[str]) -> None:
        """Raise a DataError at the first row that breaks the rule."""
        _check.refuse(self.flags(frame), labels, lambda i: self.says(frame, i))


def _half_of_last_digit(estimate: pd.Series) -> pd.Series:
    """Return half a unit of the last digit printed: 0.5 for 44, 0.05 for 42.3."""
    return estimate.map(lambda x: 0.5 * 10.0 ** -len(f"{x:.10g}".partition(".")[2]))


def _off_counts(f: pd.DataFrame) -> pd.Series:
    off = (f["estimate"] - 100 * f["events"] / f["n"]).abs()
    return f["unit"].eq("percent") & ~f["outcome"].isin(TIMES) & (off > _half_of_last_digit(f["estimate"]) + 1e-9)


def _level_rules(level: str, *limits: str) -> tuple[Rule, ...]:
    no_level = f"there is an interval ({limits[0]}, {limits[1]}) but {level} is blank: write 0.95 for 95 %."
    return (
        Rule(
            "level_scale",
            (level,),
            lambda f: (f[level] <= 0) | (f[level] >= 1),
            f"{level}={{{level}:g}} is not a proportion: write 0.95 for 95 %.",
        ),
        Rule(
            "level_blank", (level, *limits), lambda f: f[level].isna() & f[list(limits)].notna().any(axis=1), no_level
        ),
    )


def _not_reached(f: pd.DataFrame, column: str) -> pd.Series:
    """Return whether the source prints a column as not reached."""
    words = f["not_reached"] if "not_reached" in f else pd.Series("", index=f.index)
    return words.fillna("").astype(str).str.split().map(lambda held: column in held).astype(bool)


def _order_rules(value: str, low: str, high: str) -> tuple[Rule, ...]:
    outside = f"{value}={{{value}:g}} lies outside its interval ({{{low}:g}}, {{{high}:g}}): check all three."
    swapped = f"{low}={{{low}:g}} is above {high}={{{high}:g}}: check or swap them."
    alone = f"there is an interval ({{{low}:g}}, {{{high}:g}}) but {value} is blank."
    return (
        Rule("limits_swapped", (low, high), lambda f: f[low] > f[high], swapped),
        Rule("outside_interval", (value, low, high), lambda f: (f[value] < f[low]) | (f[value] > f[high]), outside),
        Rule(
            "interval_alone",
            (value, low, high),
            lambda f: f[value].isna() & f[[low, high]].notna().any(axis=1) & ~_not_reached(f, value),
            alone,
        ),
    )


def _not_positive(column: str) -> Rule:
    say = f"{column}={{{column}:g}} is not above 0: a ratio is positive; is it on the log scale?"
    return Rule("not_positive", (column,), lambda f: f[column] <= 0, say)


def _above(events: str, n: str) -> Rule:
    say = f"{events}={{{events}:g}} exceeds {n}={{{n}:g}}: check both columns."
    return Rule("events_above_n", (n, events), lambda f: f[events] > f[n], say)


def _above_100(column: str) -> Rule:
    say = f"{column}={{{column}:g}} is above 100 %: check it and the unit."
    return Rule("above_100", ("unit", column), lambda f: f["unit"].eq("percent") & (f[column] > 100), say)


def _named(f: pd.DataFrame, column: str, *, filled: bool) -> Flags:
    """Flag the rows where a column of words names another column that holds a value, or that holds none."""
    broken = np.zeros(len(f), dtype=bool)
    words = [set(str(v).split()) if pd.notna(v) else set() for v in f[column]]
    for name in set().union(*words) & set(map(str, f.columns)):
        broken |= np.array([name in held for held in words], dtype=bool) & (f[name].notna().to_numpy() == filled)
    return broken


def _sides_rule(sides: str, low: str, high: str, level: str) -> Rule:
    return Rule(
        "one_sided",
        (sides, low, high),
        lambda f: f[sides].eq(1) & f[low].notna() & f[high].notna(),
        f"{sides}=1, but there are two limits ({{{low}:g}}, {{{high}:g}}): at a one-sided level c they are a two-sided "
        f"interval, so write 2c - 1 as {level} and 2 as {sides}.",
    )


def _no_bound(f: pd.DataFrame) -> Flags:
    return np.array([pd.notna(v) and not _BOUND.fullmatch(str(v)) for v in f["p_bound"]], dtype=bool)


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
    *map(_not_positive, ("risk_ratio", "rr_low", "rr_high")),
    *_order_rules("risk_ratio", "rr_low", "rr_high"),
    *_level_rules("rr_level", "rr_low", "rr_high"),
    *(_above(events, n) for events, n in _COUNTED[1:]),
    Rule(
        "no_unit",
        ("estimate", "unit"),
        lambda f: f["estimate"].notna() & f["unit"].isna(),
        "estimate={estimate:g} has no unit.",
    ),
    Rule(
        "unit_of_outcome",
        ("outcome", "estimate", "unit"),
        lambda f: (
            f["estimate"].notna()
            & np.where(f["unit"].eq("percent"), f["outcome"].isin(TIMES), f["outcome"].isin(PROPORTIONS))
        ),
        "unit={unit!r} does not go with outcome={outcome!r}: percent for a proportion, days to years else.",
    ),
    *map(_above_100, ("estimate", "ci_high")),
    Rule(
        "percent_of_counts",
        ("outcome", "n", "events", "estimate", "unit"),
        _off_counts,
        "estimate={estimate:g} % is not 100 * events / n for {events:g}/{n:g}: "
        "correct one of them, or leave events blank and say why in a note.",
    ),
    Rule(
        "rate_without_time",
        ("outcome", "time_months"),
        lambda f: f["outcome"].isin(RATES) & f["time_months"].isna(),
        "time_months is blank: outcome={outcome!r} needs the time it is taken at.",
    ),
    Rule(
        "half_a_subgroup",
        ("subgroup_variable", "subgroup_level"),
        lambda f: f["subgroup_variable"].isna() != f["subgroup_level"].isna(),
        "subgroup_variable={subgroup_variable!r} and subgroup_level={subgroup_level!r}: "
        "give both, or neither for all patients.",
    ),
    Rule(
        "own_comparator",
        ("arm_id", "comparator"),
        lambda f: f["arm_id"] == f["comparator"],
        "comparator={comparator!r} is the arm itself.",
    ),
    Rule(
        "not_reached_filled",
        ("not_reached",),
        lambda f: _named(f, "not_reached", filled=True),
        "not_reached={not_reached!r} names a column that holds a number.",
    ),
    Rule(
        "derived_blank",
        ("derived",),
        lambda f: _named(f, "derived", filled=False),
        "derived={derived!r} names a column that is blank.",
    ),
    Rule(
        "read_fields",
        ("read_fields",),
        read_without_figure,
        "read_fields={read_fields!r} names a column that is blank or derived: name printed figures.",
    ),
    Rule(
        "read_fields",
        ("read_fields", "verification"),
        misstated,
        "verification={verification!r} is not what read_fields={read_fields!r} gives: 'read' where it names all "
        "printed figures, else 'reproduced' or 'unverified'.",
    ),
    _sides_rule("ci_sides", "ci_low", "ci_high", "ci_level"),
    _sides_rule("hr_sides", "hr_low", "hr_high", "hr_level"),
    _sides_rule("or_sides", "or_low", "or_high", "or_level"),
    _sides_rule("rr_sides", "rr_low", "rr_high", "rr_level"),
    Rule("p_bound", ("p_bound",), _no_bound, "p_bound={p_bound!r} is no bound of a p value: write <0.001 or >0.05."),
    Rule(
        "p_bound",
        ("p_value", "p_bound"),
        lambda f: f["p_value"].notna() & f["p_bound"].notna(),
        "p_value={p_value:g} and p_bound={p_bound!r} are both given: keep the one that is printed.",
    ),
)

FORMS = (
    *(("n", "events"), ("hr", "hr_low", "hr_high"), ("estimate", "unit"), ("odds_ratio", "or_low", "or_high")),
    *(("o_minus_e", "v"), ("log_hr", "log_hr_se"), ("risk_ratio", "rr_low", "rr_high")),
    *(("log_or", "log_or_se"), ("log_rr", "log_rr_se"), ("hr", "p_value")),
    ("hr", "events", "events_comparator"),
)
FIGURES = ("n", "events", "estimate", "hr", "odds_ratio", "o_minus_e", "log_hr", "risk_ratio", "log_or", "log_rr")
NO_FIGURES = "the row holds no figures"


def other_routes(frame: pd.DataFrame) -> str:
    """Return where a hazard ratio that was reported without an interval can go; nothing where none is asked for."""
    if "hr" not in frame.columns:
        return ""
    return (
        "; or, of a hazard ratio that is reported in other ways, read the file by pandas and name its columns in "
        f"mo.effect_sizes{in_python()}"
    )


def incomplete(frame: pd.DataFrame) -> Flags:
    """Flag the rows that hold no figures that go together, and no median that was not reached."""
    forms = [form for form in FORMS if set(form) <= set(frame.columns)]
    complete = [frame[list(form)].notna().all(axis=1) for form in forms]
    return np.asarray(~np.logical_or.reduce([*complete, _not_reached(frame, "estimate")]), dtype=bool)


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
        bad = np.asarray(frame[[c for c in FIGURES if c in frame]].isna().all(axis=1) & silent)
    else:
        bad = incomplete(frame)
    fix = "fill in " + ", or ".join(" and ".join(form) for form in forms)
    fix += other_routes(frame)
    _check.refuse(np.asarray(bad), labels, lambda i: f"{NO_FIGURES}: {fix}.")
