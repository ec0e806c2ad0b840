"""Percentages, counts and the intervals of counts: what can stand together once rounding is undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil, floor

import numpy as np

from ....base.digits import fixed, in_percent, percentage
from ..records import AuditRule, Finding, Reading
from ..rows import EPS, Number, Row
from .limits import EXACT, INTERVALS, LEVELS, fits, said

_SHOWN = 4  # counts named in a message
_NEAR_N = 1000  # other counts and numbers of patients are tried up to here


def _possible(printed: Number, n: int) -> range:
    """Return the counts of `n` that print as this percentage."""
    low, high = ceil((printed.low - EPS) * n / 100), floor((printed.high + EPS) * n / 100)
    return range(max(low, 0), min(high, n) + 1)


def _possible_n(printed: Number, events: int, near: int) -> list[int]:
    """Return the numbers of patients of which `events` print as this percentage, those nearest to `near` first."""
    if events == 0 or printed.high <= 0:
        return []
    least = max(ceil(100 * events / (printed.high + EPS)), events)
    most = floor(100 * events / (printed.low - EPS)) if printed.low > EPS else max(least, near) + _SHOWN
    centre = min(max(near, least), most)
    window = range(max(least, centre - _SHOWN), min(most, centre + _SHOWN) + 1)
    return sorted(window, key=lambda n: (abs(n - near), n))


def _share(events: int, n: int, decimals: int) -> str:
    return f"{events}/{n} = {fixed(max(decimals, 0), ends=percentage.ends)(100 * events / n)} %"


def _percent_of_counts(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        printed, events, n = row.percentage, row.count("events"), row.count("n")
        if printed is None or events is None or not n or events > n or printed.prints(100 * events / n):
            continue
        got = f"{printed} %; {_share(events, n, printed.decimals + 1)}"
        other_n, other_x = _possible_n(printed, events, n)[:_SHOWN], _possible(printed, n)
        ways = [f"{_or(a)} of {_or(b)}" for a, b in (([events], other_n), (other_x[:_SHOWN], [n])) if a and b]
        none = "" if other_x else f"; no whole number of {n} is {printed} %"
        kaplan_meier = " A Kaplan-Meier rate is no count: then leave events blank." if row.is_rate else ""
        yield Finding(
            (row,),
            ("events", "n", "estimate"),
            got,
            f"{printed} % is {', or '.join(ways) or 'no such count'}",
            f"{printed} % is not {_share(events, n, printed.decimals + 1)}{none}.",
            f"Look up the three numbers; is n={n} those enrolled instead of those evaluable?{kaplan_meier}",
        )


def _or(numbers: Iterable[int | str]) -> str:
    names = [str(i) for i in numbers]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _grim(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        printed, n = row.percentage, row.count("n")
        if printed is None or not n or row.count("events") is not None or row.is_rate or _possible(printed, n):
            continue
        nearest = sorted({floor(printed.value * n / 100), ceil(printed.value * n / 100)})
        around = " and ".join(_share(x, n, printed.decimals + 1) for x in nearest if x <= n)
        nearby = sorted(range(max(1, n - _NEAR_N), n + _NEAR_N), key=lambda m: (abs(m - n), m))
        sizes = [m for m in nearby if _possible(printed, m)]
        yield Finding(
            (row,),
            ("n", "estimate"),
            f"{printed} % of n={n}",
            f"{around}; {printed} % is possible of {_or(sizes[:_SHOWN])}" if sizes else around,
            f"no whole number of {n} is {printed} %.",
            "Look up n and the percentage; the percentage may be of fewer patients than n.",
        )


def _limits(row: Row) -> tuple[Number, Number] | None:
    low, high = row.num("ci_low"), row.num("ci_high")
    in_percent = row.kind == "proportion" and row.text("unit") in ("", "percent")
    return (low, high) if in_percent and low is not None and high is not None else None


def _counted(reading: Reading) -> Iterator[tuple[Row, tuple[Number, Number], int, Sequence[int]]]:
    """Return rows with n and an interval in percent, and the counts that it may be of."""
    for row in reading.rows:
        limits, n, events, printed = _limits(row), row.count("n"), row.count("events"), row.percentage
        if limits is None or not n or limits[0].value > limits[1].value or (events is None and row.is_rate):
            continue
        xs: Sequence[int] = [events] if events is not None else _possible(printed, n) if printed is not None else []
        if xs and xs[-1] <= n and len(xs) <= _NEAR_N:
            yield row, limits, n, xs


def _fitting(row: Row, limits: tuple[Number, Number], n: int, xs: Sequence[int], levels: Iterable[float]) -> str:
    """Return the name of an interval of one of the counts that prints so, with its level; empty without."""
    found = ((i, level) for level in levels for i in INTERVALS if np.any(fits(i, np.array(xs), n, level, limits)))
    return next((f"{interval.name} at {in_percent(level)}%" for interval, level in found), "")


def _interval_of_counts(reading: Reading) -> Iterator[Finding]:
    for row, limits, n, xs in _counted(reading):
        stated = row.confidence("ci_level")
        if _fitting(row, limits, n, xs, [stated, *LEVELS] if stated else LEVELS):
            continue
        level, decimals = stated or 0.95, max(limit.decimals for limit in limits)
        asked = _or(in_percent(at) for at in sorted({*LEVELS, level}))
        others = _other_counts(limits, n, level)
        hint = f"; these limits are those of {others}" if others else _by_one_limit(limits, n, level, xs)
        maybe = "; a Kaplan-Meier rate has another interval" if row.is_rate else ""
        yield Finding(
            (row,),
            ("events", "n", "ci_low", "ci_high"),
            f"{limits[0]}-{limits[1]} for {_or(xs[:_SHOWN])}/{n}",
            f"{said(EXACT, xs[len(xs) // 2], n, level, decimals)} (exact, {in_percent(level)}%){hint}",
            f"no usual interval of {_or(xs[:_SHOWN])}/{n} is ({limits[0]}, {limits[1]}), at {asked} %.",
            f"Look up the counts and both limits{maybe}.",
        )


def _other_counts(limits: tuple[Number, Number], n: int, level: float) -> str:
    if n > _NEAR_N:
        return ""
    xs = np.arange(n + 1)
    same_n = [f"{x}/{n}" for x in xs[fits(EXACT, xs, n, level, limits)]][:_SHOWN]
    if same_n:
        return " or ".join(same_n)
    sizes = range(max(1, n - 15), n + 16)
    near = [f"{x}/{m}" for m in sizes for x in np.arange(m + 1)[fits(EXACT, np.arange(m + 1), m, level, limits)]]
    return " or ".join(near[:_SHOWN])


def _by_one_limit(limits: tuple[Number, Number], n: int, level: float, xs: Sequence[int]) -> str:
    """Return which of the limits is that of the exact interval, where one is."""
    exact = EXACT.limits(np.array(xs), n, level)
    right = [any(p.prints(float(v)) for v in values) for p, values in zip(limits, exact, strict=True)]
    return f"; the {'lower' if right[0] else 'upper'} limit is right" if any(right) else ""


def _interval_level(reading: Reading) -> Iterator[Finding]:
    for row, limits, n, xs in _counted(reading):
        stated = row.confidence("ci_level")
        if stated and _fitting(row, limits, n, xs, [stated]):
            continue
        found = _fitting(row, limits, n, xs, LEVELS)
        if found and (stated or not found.endswith("95%")):
            said_level = f"ci_level={stated:g}" if stated else "no ci_level"
            yield Finding(
                (row,),
                ("ci_level", "ci_low", "ci_high"),
                said_level,
                found,
                f"({limits[0]}, {limits[1]}) is not a {in_percent(stated or 0.95)}% interval of "
                f"{_or(xs[:_SHOWN])}/{n}; it fits: {found}.",
                f"Look up the level; write ci_level={float(found.rpartition(' ')[2].rstrip('%')) / 100:g} if so.",
            )


def _interval_method(reading: Reading) -> Iterator[Finding]:
    for row, limits, n, xs in _counted(reading):
        level = row.confidence("ci_level") or 0.95
        found = _fitting(row, limits, n, xs, [level])
        if found and not found.startswith(EXACT.name):
            wald = found.startswith("Wald")
            yield Finding(
                (row,),
                ("ci_low", "ci_high"),
                f"{limits[0]}-{limits[1]}: {found}",
                f"{said(EXACT, xs[0], n, level, max(p.decimals for p in limits))} (exact)",
                f"the interval is not the exact one; it is {found}.",
                "Pool from the counts, not from this interval." + (" Wald is poor for few patients." if wald else ""),
            )


def _no_denominator(reading: Reading) -> Iterator[Finding]:
    def lacks(row: Row) -> bool:
        figures = row.count("events") is not None or row.percentage is not None
        return row.kind == "proportion" and figures and row.num("n") is None and row.num("se") is None

    for rows in reading.grouped(lambda row: row.trial or row.number, filter(lacks, reading.rows)):
        got = "; ".join(f"events={row.count('events')}" if row.percentage is None else f"{row.percentage} %"
                        for row in rows[:_SHOWN])  # fmt: skip
        yield Finding(
            tuple(rows),
            ("n",),
            f"{got}{' ...' if len(rows) > _SHOWN else ''} of unknown n",
            "n",
            f"{len(rows)} row{'s give' if len(rows) > 1 else ' gives'} a proportion without its denominator.",
            "Find n; a proportion without it cannot be pooled.",
        )


RULES = (
    AuditRule(
        "percent_of_counts",
        "a percentage is that of its counts, once rounding is undone",
        "error",
        (("events", "n", "estimate"),),
        _percent_of_counts,
    ),
    AuditRule(
        "grim",
        "some whole number of the patients gives the percentage",
        "error",
        (("n", "estimate"),),
        _grim,
    ),
    AuditRule(
        "interval_of_counts",
        "an interval is one of its counts: exact, Wilson, Wald, Agresti-Coull or Jeffreys",
        "warning",
        (("n", "estimate", "ci_low", "ci_high"), ("n", "events", "ci_low", "ci_high")),
        _interval_of_counts,
    ),
    AuditRule(
        "interval_level",
        "an interval of counts has the level that is stated; without one, it is guessed",
        "warning",
        (("n", "estimate", "ci_low", "ci_high"), ("n", "events", "ci_low", "ci_high")),
        _interval_level,
    ),
    AuditRule(
        "interval_method",
        "an interval of counts is the exact one",
        "note",
        (("n", "estimate", "ci_low", "ci_high"), ("n", "events", "ci_low", "ci_high")),
        _interval_method,
    ),
    AuditRule(
        "no_denominator",
        "a proportion has its number of patients",
        "note",
        (("trial", "events"), ("trial", "estimate")),
        _no_denominator,
    ),
)
