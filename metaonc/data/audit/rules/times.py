"""Medians beside their limits, the follow-up, and the other times of the same patients."""

from __future__ import annotations

from collections.abc import Iterator

from ..records import AuditRule, Finding, Reading
from ..rows import MONTHS, Row, of_one_arm, question

_SLIP = 0.85  # of 4.35, so that the medians of two arms may differ by 15 % and weeks called months are still seen


def _follow_up_limit(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        high = row.num("ci_high")
        if row.kind != "time" or high is None:
            continue
        for column, why in (("follow_up", "the longest follow-up"), ("estimate", "the median")):
            other = row.num(column)
            beyond = column == "follow_up" and other is not None and high.low > other.high
            if other is not None and (beyond or high.value == other.value):
                yield Finding(
                    (row,),
                    ("ci_high", column),
                    f"ci_high={high}; {why} {other}",
                    f"a limit {'below' if column == 'follow_up' else 'above'} {other}, or not reached",
                    f"the upper limit {high} {'is beyond' if beyond else 'equals'} {why}{_perhaps(column, beyond)}.",
                    "If it is where the curve ends, leave ci_high blank and write ci_high in not_reached; "
                    "take no standard error from it.",
                )
                break


def _perhaps(column: str, beyond: bool) -> str:
    if beyond:
        return ": no curve gives it"
    at_median = ": the longest time observed, or the time of one scan"
    return at_median if column == "estimate" else ": it is the longest time observed, not a limit"


def _os_below_pfs(reading: Reading) -> Iterator[Finding]:
    def key(row: Row) -> tuple[str, ...] | None:
        known = row.outcome in ("os", "pfs", "dfs") and row.months() is not None and row.trial
        return (row.trial, row.arm, row.variable, row.level, row.cut) if known else None

    for rows in filter(of_one_arm, reading.grouped(key)):
        survival = [row for row in rows if row.outcome == "os"]
        for row in (row for row in rows if row.outcome != "os"):
            for os in survival:
                here, whole = row.months(), os.months()
                if here and whole and whole[1] < here[0]:
                    yield Finding(
                        (row, os),
                        ("estimate", "unit"),
                        f"{row.outcome} {_time(row)}; os {_time(os)}",
                        f"a median {row.outcome} of at most {_time(os)}",
                        f"the median {row.outcome} is longer than the median survival of the same patients.",
                        "Look up both medians and their units (weeks or months).",
                    )


def _time(row: Row) -> str:
    return f"{row.num('estimate')} {row.text('unit')}"


def _units_mixed(reading: Reading) -> Iterator[Finding]:
    timed = (row for row in reading.current() if row.kind == "time" and row.num("estimate") and row.text("unit"))
    for rows in reading.grouped(lambda row: row.outcome, timed):
        units = [row.text("unit") for row in rows]
        usual = max(dict.fromkeys(units), key=units.count)
        odd = [row for row in rows if row.text("unit") != usual]
        if odd:
            first = odd[0].num("estimate")
            factor = MONTHS.get(odd[0].text("unit"), 1.0) / MONTHS.get(usual, 1.0)
            in_usual = f"{first.value * factor:.2f} {usual}" if first else usual
            yield Finding(
                tuple(odd),
                ("unit",),
                f"{odd[0].outcome} in {', '.join(dict.fromkeys(row.text('unit') for row in odd))}, such as {first}",
                f"{usual}, as in {units.count(usual)} rows: {in_usual}",
                f"{odd[0].outcome} stands in {' and '.join(dict.fromkeys(units))} in one table.",
                f"Bring them to one unit before they are pooled or compared: {in_usual} for {_time(odd[0])}.",
            )


def _unit_slips(reading: Reading) -> Iterator[Finding]:
    """Find a median that is 4.35 times its fellow: weeks that are called months, or the other way round."""
    weeks = MONTHS["months"] / MONTHS["weeks"]
    for rows in reading.grouped(_same_question, reading.current()):
        for row in rows:
            here = row.months()
            others = [o.months() for o in rows if o is not row]
            ratios = [sum(here) / sum(o) for o in others if here and o and sum(o) > 0]
            if ratios and all(ratio > _SLIP * weeks for ratio in ratios):
                yield Finding(
                    (row, *(o for o in rows if o is not row)),
                    ("estimate", "unit"),
                    f"{row.num('estimate')} {row.text('unit')}, {min(ratios):.1f} times the other arm",
                    f"weeks? {row.num('estimate')} weeks are {sum(here or (0, 0)) / 2 / weeks:.1f} months",
                    f"the median is {min(ratios):.1f} times that of the other arm of the trial.",
                    "Look up the unit: a month has 4.35 weeks.",
                )


def _same_question(row: Row) -> tuple[str, ...] | None:
    timed = row.kind == "time" and row.months() is not None and row.trial and row.outcome != "dor"
    return (row.trial, *question(row)) if timed else None


RULES = (
    AuditRule(
        "limit_is_follow_up",
        "an upper limit is below the longest follow-up and above the median",
        "warning",
        (("ci_high", "unit"), ("ci_high", "outcome")),
        _follow_up_limit,
    ),
    AuditRule(
        "os_below_pfs",
        "no median progression-free time is longer than median survival",
        "error",
        (("trial", "outcome", "estimate", "unit"),),
        _os_below_pfs,
    ),
    AuditRule(
        "units_mixed",
        "times of an outcome stand in one unit",
        "warning",
        (("outcome", "estimate", "unit"),),
        _units_mixed,
    ),
    AuditRule(
        "unit_slip",
        "a median is not four times that of the other arm, as weeks called months are",
        "warning",
        (("trial", "outcome", "estimate", "unit"),),
        _unit_slips,
    ),
)
