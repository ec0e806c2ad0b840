"""Hazard ratios and medians of a size that few trials have, or that no other trial of the table comes near."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...schema.magnitudes import FAR_RATIO, FAR_TIME, LEAST, MOST, NEAR, OTHERS
from ..records import AuditRule, Finding, Reading
from ..rows import Row

_PERCENT = (20.0, 200.0)  # a hazard ratio times 100


def _far_from_one(reading: Reading) -> Iterator[Finding]:
    for row in reading.rows:
        printed = row.num("hr")
        if printed is None or not (0 < printed.value < LEAST or printed.value > MOST):
            continue
        near = row.value("hr_low" if printed.value > 1 else "hr_high")
        if near is not None and 1 / NEAR <= near <= NEAR:
            continue  # few events, rather than a slip
        percent = _PERCENT[0] <= printed.value <= _PERCENT[1]
        maybe = f"{printed.value / 100:.2f}, if it is in percent" if percent else "the ratio, not its logarithm or p"
        yield Finding(
            (row,), ("hr",), f"hr={printed}", maybe,
            f"a hazard ratio of {printed} is hardly ever true of a treatment.",
            f"Look it up{f'; a percent is divided by 100: {printed.value / 100:.2f}' if percent else ''}.",
        )  # fmt: skip


def _far_from_others(
    column: str, value: Callable[[Row], float | None], far: float, fix: str
) -> Callable[[Reading], Iterator[Finding]]:
    """Return the function that finds a value `far` times off those of all other trials of the outcome."""

    def find(reading: Reading) -> Iterator[Finding]:
        known = [row for row in reading.current() if row.trial and (value(row) or 0) > 0]
        for rows in reading.grouped(lambda row: row.outcome or None, known):
            for row in rows:
                own = value(row) or 1.0
                others = [o for o in rows if o.trial != row.trial]
                off = [own / (value(o) or own) for o in others]
                if len({o.trial for o in others}) < OTHERS or not (min(off) > far or max(off) < 1 / far):
                    continue
                times = f"{min(off):.1f} times" if min(off) > far else f"1/{1 / max(off):.1f} of"
                nearest = min(others, key=lambda o: abs(off[others.index(o)] - 1))
                shown = f"{row.num(column)} {row.text('unit') if column == 'estimate' else ''}".strip()
                yield Finding(
                    (row, nearest), (column,), f"{row.outcome}: {column}={shown}",
                    f"nearer to that of other trials, such as {nearest.num(column)} of {nearest.trial}",
                    f"{column}={shown} is {times} what the nearest other trial reports for {row.outcome}.", fix,
                )  # fmt: skip

    return find


def _median(row: Row) -> float | None:
    ends = row.months() if row.kind == "time" else None
    return None if ends is None else sum(ends) / 2


RULES = (
    AuditRule(
        "hr_far_from_one",
        "a hazard ratio is between 0.1 and 10, unless its interval reaches to 0.2 or 5: one in percent is not",
        "warning",
        (("hr",),),
        _far_from_one,
        explains=("hr_far_from_others",),
    ),
    AuditRule(
        "hr_far_from_others",
        "a hazard ratio is within a factor of 5 of one of another trial, where two trials or more report it",
        "warning",
        (("trial", "outcome", "hr"),),
        _far_from_others("hr", lambda row: row.value("hr"), FAR_RATIO, "Look it up, and which arm is the reference."),
    ),
    AuditRule(
        "median_far_from_others",
        "a median is within a factor of 4 of one of another trial, as weeks called months are not",
        "warning",
        (("trial", "outcome", "estimate", "unit"),),
        _far_from_others("estimate", _median, FAR_TIME, "Look up the median and its unit: a month has 4.35 weeks."),
    ),
)
