"""Checks of one trial's report: each names the trial, the row, the value and the columns to look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...base.check import refuse
from .zeros import is_time

Columns = Mapping[str, "str | None"]
Arrays = Mapping[str, Any]
Labels = Sequence[str]
COUNTS = frozenset(("events", "n", "events_t", "n_t", "events_c", "n_c"))
_NEARLY_WHOLE = 0.05
_LAST_BIT = 1e-9


def whole_counts(c: dict[str, Any]) -> list[tuple[int, str]]:
    """Round counts that were worked out from rates, as 0.28 * 50 is; return row and words where a digit was lost."""
    said = []
    for role in COUNTS & c.keys():
        whole = np.round(c[role])
        off = np.abs(np.subtract(c[role], whole, where=np.isfinite(whole), out=np.zeros_like(whole)))
        shares = not (c[role] > 1).any()  # a column of proportions is no column of counts
        near = (off > 0) & (off <= (_LAST_BIT if shares else _NEARLY_WHOLE))
        if near.any():
            lost = near & (off > _LAST_BIT * np.maximum(1.0, whole))
            said += [(int(i), f"{role}={c[role][i]:g} read as {whole[i]:g}.") for i in lost.nonzero()[0]]
            c[role] = np.where(near, whole, c[role])
    return said


def counts(c: Arrays, columns: Columns, labels: Labels, arms: Sequence[tuple[str, str]]) -> None:
    """Check each arm: events whole and not negative, not above the patients; at least one patient, or some time."""
    for x, n in arms:
        for role in (x,) if is_time(n) else (x, n):
            _whole(c, role, columns, labels, "" if is_time(n) or role == n else _of_rates(c, x, n, columns))
        if is_time(n):
            _positive(c, n, columns, labels, "person-time")
            continue
        refuse(c[n] == 0, labels, lambda i, n=n: f"{n}=0: no patients, no rate; column {n}={columns[n]!r}.")
        refuse(
            c[x] > c[n],
            labels,
            lambda i, x=x, n=n: (
                f"{x}={c[x][i]:g} exceeds {n}={c[n][i]:g}; columns {x}={columns[x]!r}, {n}={columns[n]!r}."
            ),
        )


def _of_rates(c: Arrays, x: str, n: str, columns: Columns) -> str:
    """Return how counts are made of a column that looks like percentages or proportions; nothing where it does not."""
    held = c[x][np.isfinite(c[x])]
    if not (len(held) and (held % 1 != 0).any() and held.min() >= 0 and held.max() <= 100):
        return ""
    whole, what, factor = (1, "proportions", "") if held.max() <= 1 else (100, "percentages", " / 100")
    counted = c[n] * c[x] / whole
    places = max(len(f"{value:.6g}".partition(".")[2]) for value in held)
    slack = 0.5 * 10.0**-places * c[n] / whole + 1e-9
    far = np.flatnonzero(np.abs(counted - np.round(counted)) > slack)
    near = "near one in all rows" if not len(far) else f"near none in {len(far)} of {len(held)} rows: look these up"
    return (
        f" The column looks like {what}: events are n times these to the nearest whole number, as by "
        f"(df[{columns[n]!r}] * df[{columns[x]!r}]{factor}).round(), where that comes out near one: it comes "
        f"out {near}."
    )


def _whole(c: Arrays, role: str, columns: Columns, labels: Labels, hint: str = "") -> None:
    bad = (c[role] < 0) | (c[role] != np.floor(c[role])) & np.isfinite(c[role]) | np.isinf(c[role])
    refuse(bad, labels, lambda i: f"{role}={c[role][i]:g} is not a count; column {role}={columns[role]!r}.{hint}")


def _positive(c: Arrays, role: str, columns: Columns, labels: Labels, what: str = "") -> None:
    say = f"it must be above 0{f', a {what}' if what else ''}; column {role}={columns[role]!r}."
    refuse((c[role] <= 0) | np.isinf(c[role]), labels, lambda i: f"{role}={c[role][i]:g}: {say}")


def _finite(c: Arrays, role: str, columns: Columns, labels: Labels) -> None:
    refuse(np.isinf(c[role]), labels, lambda i: f"{role} is infinite; column {role}={columns[role]!r}.")


def _ratio(c: Arrays, role: str, columns: Columns, labels: Labels, what: str) -> None:
    fix = f"it must be above 0; give the {what} itself, not its logarithm; column {role}={columns[role]!r}."
    refuse(c[role] <= 0, labels, lambda i: f"{role}={c[role][i]:g}: {fix}")
    refuse(np.isinf(c[role]), labels, lambda i: f"{role} is infinite; leave a limit not reached empty.")


def interval(c: Arrays, columns: Columns, labels: Labels, what: str, arm: str = "") -> None:
    """Check an estimate with its interval on a positive scale: positive, ordered, the estimate inside."""
    name, low, high = what + arm, "ci_low" + arm, "ci_high" + arm
    shown = ", ".join(f"{role}={columns[role]!r}" for role in (name, low, high))
    for role in (name, low, high):
        _ratio(c, role, columns, labels, what)
    refuse(
        c[low] >= c[high],
        labels,
        lambda i: f"the interval {c[low][i]:g} to {c[high][i]:g} is empty or upside down; columns {shown}.",
    )
    refuse(
        (c[name] < c[low]) | (c[name] > c[high]),
        labels,
        lambda i: f"{name}={c[name][i]:g} lies outside its interval {c[low][i]:g} to {c[high][i]:g}; columns {shown}.",
    )


def hazard_ratio(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check a hazard ratio with its interval or standard error, and p where it is given."""
    if "ci_low" in c:
        interval(c, columns, labels, "hr")
    else:
        _ratio(c, "hr", columns, labels, "hr")
        _positive(c, "se", columns, labels)
    if "p" in c:
        probability(c, columns, labels)


def probability(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check a p-value: above 0, and not above 1; of one side below 1, where z is infinite."""
    fix = f"column p={columns['p']!r}."
    refuse(c["p"] == 0, labels, lambda i: f"p=0 is rounded: give the bound, such as 0.001 for p < 0.001; {fix}")
    refuse((c["p"] < 0) | (c["p"] > 1), labels, lambda i: f"p={c['p'][i]:g} is not a probability; {fix}")
    refuse((c["p"] == 1) & (c["p_sides"] == 1), labels, lambda i: f"p=1 of one side is no test; {fix}")


def hazard_ratio_with_p(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check a hazard ratio with p, and events where they are given."""
    _ratio(c, "hr", columns, labels, "hr")
    probability(c, columns, labels)
    _events(c, columns, labels)


def hazard_ratio_with_p_suffices(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check that neither hr nor p, from which the standard error is to come, is that of no effect."""
    other = "use the interval, or p with sign and events"
    refuse(c["hr"] == 1, labels, lambda i: f"hr=1 with p={c['p'][i]:g} has no standard error: {other}.")
    none = c["p"] == c["p_sides"] / 2
    refuse(none, labels, lambda i: f"p={c['p'][i]:g} with hr={c['hr'][i]:g} has no standard error: {other}.")
    some_events(c, columns, labels)


def hazard_ratio_with_events(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check a hazard ratio with events, and patients where they are given."""
    _ratio(c, "hr", columns, labels, "hr")
    _events(c, columns, labels)


def p_with_sign(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check p, the direction, and events with patients where they are given."""
    probability(c, columns, labels)
    fix = f"-1 where treatment has the lower hazard, 1 where the higher; column sign={columns['sign']!r}."
    refuse(
        ~(np.isnan(c["sign"]) | np.isin(c["sign"], (-1, 1))), labels, lambda i: f"sign={c['sign'][i]:g} must be {fix}"
    )
    _events(c, columns, labels)


_COUNTS = ("events", "events_t", "events_c", "n_t", "n_c")


def _events(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check events and patients, as far as they are given."""
    for role in (role for role in _COUNTS if role in c):
        _whole(c, role, columns, labels)
    if "n_t" in c:
        refuse(
            c["events"] > c["n_t"] + c["n_c"],
            labels,
            lambda i: f"events={c['events'][i]:g} exceeds n_t + n_c={c['n_t'][i] + c['n_c'][i]:g}.",
        )


def some_events(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check that there are events and patients, from which the variance is to come."""
    for role in (role for role in _COUNTS if role in c):
        fix = f"the variance needs some; column {role}={columns[role]!r}."
        refuse(c[role] == 0, labels, lambda i, r=role, f=fix: f"{r}=0: {f}")


def logrank(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check O - E, which may be negative, and V, which may not."""
    _finite(c, "o_minus_e", columns, labels)
    _positive(c, "v", columns, labels)


def all_positive(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check that all numbers are above 0."""
    for role in columns:
        _positive(c, role, columns, labels)


def median(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check a median time with its interval."""
    interval(c, columns, labels, "median")


def two_medians(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check the median times of two arms with their intervals."""
    for arm in ("_t", "_c"):
        interval(c, columns, labels, "median", arm)


def medians_with_events(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check the median times and events of two arms."""
    for arm in ("_t", "_c"):
        _ratio(c, "median" + arm, columns, labels, "median")
    _events(c, columns, labels)


def landmark(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check survival probabilities and their standard errors."""
    for arm in ("_t", "_c"):
        role, se = "surv" + arm, "se_surv" + arm
        _inside(c, role, columns, labels, (c[role] < 0) | (c[role] > 1))
        refuse(c[se] < 0, labels, lambda i, s=se: f"{s}={c[s][i]:g}: it must be above 0; column {s}={columns[s]!r}.")
        refuse(
            c[se] >= 0.5, labels, lambda i, s=se: f"{s}={c[s][i]:g} is too large for a probability's standard error."
        )


def landmark_suffices(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check that survival is neither 0 nor 1, and known with an error, so that log(-log S) has a variance."""
    for arm in ("_t", "_c"):
        role = "surv" + arm
        _inside(c, role, columns, labels, np.isin(c[role], (0, 1)))
        _positive(c, "se_" + role, columns, labels)


def _inside(c: Arrays, role: str, columns: Columns, labels: Labels, bad: Any) -> None:
    fix = f"it must lie between 0 and 1, 0.62 for 62 %; column {role}={columns[role]!r}."
    refuse(bad, labels, lambda i: f"{role}={c[role][i]:g}: {fix}")


def means(c: Arrays, columns: Columns, labels: Labels) -> None:
    """Check means, standard deviations and patients of two arms."""
    for arm in ("_t", "_c"):
        _finite(c, "mean" + arm, columns, labels)
        sd, n = "sd" + arm, "n" + arm
        refuse(
            (c[sd] < 0) | np.isinf(c[sd]),
            labels,
            lambda i, s=sd: f"{s}={c[s][i]:g} is no standard deviation; column {s}={columns[s]!r}.",
        )
        _whole(c, n, columns, labels)
        refuse(c[n] < 2, labels, lambda i, n=n: f"{n}={c[n][i]:g}: a standard deviation needs two patients.")


def sides_of(sides: Any, p: Any, labels: Labels) -> Any:
    """Check the sides of each row's test; they may be missing where no p is."""
    there = np.zeros(len(labels), dtype=bool) if p is None else ~np.isnan(p)
    bad = ~np.isin(sides, (1, 2)) & (there | ~np.isnan(sides))
    refuse(bad, labels, lambda i: f"p_sides={sides[i]:g} must be 2 or 1.")
    return sides


def level_of(level: Any, labels: Labels, name: str = "level") -> Any:
    """Check the level of each row's interval, of the option or column of this name."""
    fix = "write 0.95 for 95 %."
    refuse(~((level > 0) & (level < 1)), labels, lambda i: f"{name}={level[i]:g} is not between 0 and 1: {fix}")
    return level
