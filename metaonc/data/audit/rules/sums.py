"""Counts that add up: levels of a subgroup, arms, enrolled and evaluable, responders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from ...schema.levels import overlapping, part_of
from ..records import AuditRule, Finding, Reading
from ..rows import Number, Row, cohort, of_one_arm


def _split(reading: Reading) -> Iterator[tuple[Row, list[Row]]]:
    """Return each row on all patients with the rows on the levels of a variable, at one cut, that share no patient."""
    for rows in reading.grouped(lambda row: cohort(row) if row.trial and row.outcome else None):
        wholes = [row for row in rows if not row.level]
        for parts in reading.grouped(lambda row: row.variable or None, rows):
            parts = [row for row in parts if not _held(row, parts)]
            apart = not any(overlapping(a.level, b.level) for a, b in combinations(parts, 2))
            if len(wholes) == 1 and len(parts) > 1 and apart:
                yield wholes[0], parts


def _held(row: Row, parts: list[Row]) -> bool:
    """Tell whether a level is a part of another of these, as G12C is of mutant."""
    return any(part_of(row.level, other.level) and not part_of(other.level, row.level) for other in parts)


def _counts(column: str, rows: Iterable[Row]) -> list[int]:
    counts = [row.count(column) for row in rows]
    return [] if None in counts else [c for c in counts if c is not None]


def _subgroup_sum(reading: Reading) -> Iterator[Finding]:
    for whole, parts in _split(reading):
        for n, events in (("n", "events"), ("n_comparator", "events_comparator")):
            sizes, hits = _counts(n, parts), _counts(events, parts)
            wrong = _sum_problem(whole, parts, n, sizes) or _sum_problem(whole, parts, events, hits)
            wrong = wrong or _rest_problem(whole, (n, sizes), (events, hits))
            if wrong:
                column, got, expected = wrong
                names = ", ".join(row.text("subgroup_level") for row in parts)
                yield Finding(
                    (whole, *parts), (column, "subgroup_level"), got, expected,
                    f"the levels of {_variable(parts)} ({names}) do not add up to the whole: {got}.",
                    "Look up the counts of the whole and of each level; patients not tested are a level too.",
                )  # fmt: skip


def _variable(parts: list[Row]) -> str:
    """Return the subgroup variable, as written."""
    return parts[0].text("subgroup_variable")


def _sum_problem(whole: Row, parts: list[Row], column: str, counts: list[int]) -> tuple[str, str, str] | None:
    total = whole.count(column)
    if total is None or not counts or sum(counts) <= total:
        return None
    added = " + ".join(map(str, counts))
    return column, f"{column} {added} = {sum(counts)}, whole {total}", f"{column} of at most {total} together"


def _rest_problem(whole: Row, n: tuple[str, list[int]], events: tuple[str, list[int]]) -> tuple[str, str, str] | None:
    """Return what is wrong with the patients who are in no level: more events than patients."""
    size, hits = whole.count(n[0]), whole.count(events[0])
    if size is None or hits is None or not n[1] or not events[1]:
        return None
    rest_n, rest = size - sum(n[1]), hits - sum(events[1])
    if rest <= rest_n:
        return None
    added = " + ".join(map(str, events[1]))
    got = f"{events[0]} {added} = {sum(events[1])}, whole {hits}, of {rest_n} patients in no level"
    return events[0], got, f"{events[0]} of {hits - rest_n} to {hits} together"


def _outside_parts(reading: Reading) -> Iterator[Finding]:
    for whole, parts in _split(reading):
        estimate, parts_n = whole.num("estimate"), _counts("n", parts)
        inside = [row.num("estimate") for row in parts]
        same_unit = len({row.text("unit") for row in (whole, *parts)}) == 1
        if estimate is None or None in inside or not same_unit or (parts_n and sum(parts_n) != whole.count("n")):
            continue
        low, high = (f(p.value for p in inside if p is not None) for f in (min, max))
        slack = estimate.half + max(p.half for p in inside if p is not None)
        if not low - slack <= estimate.value <= high + slack:
            yield Finding(
                (whole, *parts), ("estimate", "subgroup_level"), f"whole {estimate}; levels {low:g} to {high:g}",
                f"between {low:g} and {high:g}",
                f"the whole ({estimate}) is not between its levels ({low:g} to {high:g}).",
                "Look up all three; levels of the patients tested need not hold the whole.",
            )  # fmt: skip


def _both_arms(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        for both, here, there in (("n_both", "n", "n_comparator"), ("events_both", "events", "events_comparator")):
            total, a, b = row.count(both), row.count(here), row.count(there)
            if None not in (total, a, b) and total != (a or 0) + (b or 0):
                yield Finding(
                    (row,), (both, here, there), f"{both}={total}; {a} + {b}", f"{both}={(a or 0) + (b or 0)}",
                    f"{both}={total} is not {here} + {there} = {a} + {b}.", "Look up the three counts.",
                )  # fmt: skip


def _above_enrolled(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        n, enrolled = row.count("n"), row.count("enrolled")
        if n is not None and enrolled is not None and n > enrolled:
            yield Finding(
                (row,), ("n", "enrolled"), f"n={n}, enrolled={enrolled}", f"n of at most {enrolled}",
                f"n={n} patients are evaluable of {enrolled} enrolled.", "Look up both; are the columns swapped?",
            )  # fmt: skip


def _same_arm(row: Row) -> tuple[str, ...] | None:
    return (row.trial, row.arm, row.variable, row.level, row.cut, row.text("unit_of_analysis")) if row.trial else None


def _responders(reading: Reading) -> Iterator[Finding]:
    for rows in filter(of_one_arm, reading.grouped(_same_arm)):
        counted = [row for row in rows if row.outcome == "orr" and row.count("events") is not None]
        for row in (row for row in rows if row.outcome == "dor" and row.count("n") is not None):
            if counted and row.count("n") not in [other.count("events") for other in counted]:
                responders = counted[0].count("events")
                yield Finding(
                    (row, *counted), ("n", "events"), f"dor of n={row.count('n')}; {responders} responders",
                    f"n={responders}",
                    f"duration of response is of {row.count('n')} patients, but {responders} responded.",
                    "Look up both; duration of response is known of responders alone.",
                )  # fmt: skip


_ORDER = ("cr", "orr", "dcr")


def _response_order(reading: Reading) -> Iterator[Finding]:
    for rows in filter(of_one_arm, reading.grouped(_same_arm)):
        for narrow, wide in combinations([row for row in rows if row.outcome in _ORDER], 2):
            if _ORDER.index(narrow.outcome) > _ORDER.index(wide.outcome):
                narrow, wide = wide, narrow
            if narrow.outcome == wide.outcome or narrow.count("n") != wide.count("n") or _judged_apart(narrow, wide):
                continue
            a, b = narrow.num("events") or narrow.percentage, wide.num("events") or wide.percentage
            comparable = (narrow.num("events") is None) == (wide.num("events") is None)
            if a and b and comparable and _above(a, b):
                yield Finding(
                    (narrow, wide), ("events", "estimate"), f"{narrow.outcome} {a}, {wide.outcome} {b}",
                    f"{wide.outcome} of at least {a}",
                    f"{narrow.outcome} ({a}) is above {wide.outcome} ({b}), which holds it.", "Look up both rows.",
                )  # fmt: skip


def _above(a: Number, b: Number) -> bool:
    """Tell whether `a` is above `b`: counts as they are, percentages once rounding is undone."""
    return a.value - b.value > (a.half + b.half if a.decimals or b.decimals else 0)


def _judged_apart(a: Row, b: Row) -> bool:
    judges = {row.text("assessor") for row in (a, b)} & {"BICR", "investigator"}
    return len(judges) > 1


RULES = (
    AuditRule(
        "subgroup_sum",
        "the counts of the levels of a subgroup add up to the whole",
        "error",
        (("trial", "outcome", "subgroup_level", "n"), ("trial", "outcome", "subgroup_level", "events")),
        _subgroup_sum,
    ),
    AuditRule(
        "whole_outside_levels",
        "a percentage or median of the whole is between those of its levels",
        "warning",
        (("trial", "outcome", "subgroup_level", "estimate"),),
        _outside_parts,
    ),
    AuditRule(
        "arms_sum",
        "the counts of both arms together are the sum of the arms",
        "error",
        (("n_both", "n", "n_comparator"), ("events_both", "events", "events_comparator")),
        _both_arms,
    ),
    AuditRule(
        "evaluable_above_enrolled",
        "no more patients evaluable than enrolled",
        "error",
        (("n", "enrolled"),),
        _above_enrolled,
    ),
    AuditRule(
        "responders",
        "duration of response is of as many patients as responded",
        "warning",
        (("trial", "outcome", "n", "events"),),
        _responders,
    ),
    AuditRule(
        "response_order",
        "complete responses are responses, and responses are disease control",
        "error",
        (("trial", "outcome", "events"), ("trial", "outcome", "estimate")),
        _response_order,
    ),
)
