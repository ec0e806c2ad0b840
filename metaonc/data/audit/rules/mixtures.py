"""Figures of different kinds in one column: scales, crude and Kaplan-Meier rates, confirmed or not, two assessors."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..records import AuditRule, Finding, Reading
from ..rows import Row


def _scale(reading: Reading) -> Iterator[Finding]:
    for rows in reading.grouped(lambda row: "all" if row.kind == "proportion" else None):
        large = [row for row in rows if (row.value("estimate") or 0) > 1]
        for row in rows:
            printed = row.num("estimate") or row.num("ci_high")
            if printed is None or not 0 < printed.value <= 1:
                continue
            events, n = row.count("events"), row.count("n")
            by_counts = bool(events and n) and abs((events or 0) / (n or 1) - printed.value) <= 2 * printed.half
            by_column = bool(large) and not (events and n) and printed.decimals >= 2
            if by_counts or by_column:
                percent = f"{100 * printed.value:.{max(printed.decimals - 2, 0)}f}"
                beside = f", {large[0].num('estimate')} in row {large[0].number}" if large else ""
                yield Finding(
                    (row, *large[:1]), ("estimate", "unit"), f"estimate={printed}{beside}", f"estimate={percent}",
                    f"estimate={printed} is a proportion in a column of percentages.",
                    f"Write {percent}, and its limits in percent too.",
                )  # fmt: skip


def _two_kinds(kind: Callable[[Row], str], what: str, fix: str) -> Callable[[Reading], Iterator[Finding]]:
    """Return the function that finds an outcome whose rows are of two kinds; `kind` is empty where it is not known."""

    def find(reading: Reading) -> Iterator[Finding]:
        for rows in reading.grouped(lambda row: row.outcome or None, reading.current()):
            known = [row for row in rows if kind(row)]
            kinds = [kind(row) for row in known]
            usual = max(dict.fromkeys(kinds), key=kinds.count, default="")
            odd = [row for row in known if kind(row) != usual]
            if odd:
                got = ", ".join(f"{name} in {kinds.count(name)}" for name in dict.fromkeys(kinds))
                title = odd[0].outcome
                yield Finding(
                    tuple(odd), ("outcome",), f"{title}: {got} rows", f"{usual} alone",
                    f"{title} is {what}: {got} rows.", fix,
                )  # fmt: skip

    return find


def _judge(row: Row) -> str:
    return row.text("assessor") if row.text("assessor") in ("BICR", "investigator") else ""


def _confirmed(row: Row) -> str:
    return {"yes": "confirmed", "no": "unconfirmed"}.get(row.text("confirmed"), "")


def _crude(row: Row) -> str:
    if not row.is_rate or row.percentage is None:
        return ""
    return "crude (with its count)" if row.count("events") is not None else "Kaplan-Meier or unstated (without a count)"


def _control_alone(reading: Reading) -> Iterator[Finding]:
    for rows in reading.grouped(lambda row: (row.trial, row.arm) if row.trial else None):
        control = [row for row in rows if row.outcome == "dcr"]
        if control and not any(row.outcome in ("orr", "cr") for row in rows):
            yield Finding(
                tuple(control), ("outcome",), f"dcr {control[0].num('estimate') or ''} without orr", "orr beside it",
                "disease control is reported without response: stable disease makes most of it.",
                "Look for the response rate of the same patients.",
            )  # fmt: skip


RULES = (
    AuditRule(
        "scale_mixed",
        "percentages stand in percent, not 0.31 beside 31",
        "error",
        (("estimate",),),
        _scale,
        ("percent_of_counts", "grim", "interval_of_counts", "outside_interval", "whole_outside_levels"),
    ),
    AuditRule(
        "crude_and_kaplan_meier",
        "rates at a time are all crude proportions or all Kaplan-Meier rates",
        "warning",
        (("outcome", "estimate", "events"),),
        _two_kinds(
            _crude,
            "in part a crude proportion, in part not",
            "Pool the two apart: a crude proportion counts the censored as failures or leaves them out.",
        ),
    ),
    AuditRule(
        "confirmed_and_not",
        "responses are all confirmed or all not",
        "warning",
        (("outcome", "confirmed"),),
        _two_kinds(
            _confirmed,
            "in part confirmed, in part not",
            "Pool them apart, or show that it does not matter: confirmation lowers a response rate.",
        ),
    ),
    AuditRule(
        "assessors_mixed",
        "an outcome is judged by review or by the investigators throughout",
        "note",
        (("outcome", "assessor"),),
        _two_kinds(_judge, "judged by different assessors", "Say so, and pool one of them as a sensitivity analysis."),
    ),
    AuditRule(
        "control_without_response",
        "disease control is reported beside response",
        "note",
        (("trial", "outcome"),),
        _control_alone,
    ),
)
