"""Patients who are counted twice, in parts that do not add up, or only where they did well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from .records import AuditRule, Finding, Number, Reading, Row, cohort, question

_NOT = frozenset(("not", "non", "no", "without", "un"))
_NOT_FIGURES = frozenset(("ci_level", "hr_level", "or_level", "time_months", "p_sided", "n", "enrolled", "follow_up"))


def _split(reading: Reading) -> Iterator[tuple[Row, list[Row]]]:
    """Return each row on all patients with the rows on the levels of one variable, at one cut, that share no patient."""
    for rows in reading.grouped(lambda row: cohort(row) if row.trial and row.outcome else None):
        whole = next((row for row in rows if not row.level), None)
        for parts in reading.grouped(lambda row: row.variable or None, rows):
            apart = not any(_overlap(a.level, b.level) for a, b in combinations(parts, 2))
            if whole is not None and len(parts) > 1 and apart:
                yield whole, parts


def _overlap(a: str, b: str) -> bool:
    """Tell whether one level is a part of the other by its words, as G12 mutant is of mutant; not altered is not."""
    fewer, more = sorted((set(re.findall(r"[a-z0-9]+", level)) for level in (a, b)), key=len)
    return fewer <= more and not (more - fewer) & _NOT


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
                    f"the levels of {whole_name(parts)} ({names}) do not add up to the whole: {got}.",
                    "Look up the counts of the whole and of each level; patients not tested are a level too.",
                )  # fmt: skip


def whole_name(parts: list[Row]) -> str:
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
                f"between {low:g} and {high:g}", f"the whole ({estimate}) is not between its levels ({low:g} to {high:g}).",
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
    for rows in reading.grouped(_same_arm):
        counted = [row for row in rows if row.outcome == "orr" and row.count("events") is not None]
        for row in (row for row in rows if row.outcome == "dor" and row.count("n") is not None):
            if counted and row.count("n") not in [other.count("events") for other in counted]:
                responders = counted[0].count("events")
                yield Finding(
                    (row, *counted), ("n", "events"), f"dor of n={row.count('n')}; {responders} responders", f"n={responders}",
                    f"duration of response is of {row.count('n')} patients, but {responders} responded.",
                    "Look up both; duration of response is known of responders alone.",
                )  # fmt: skip


_ORDER = ("cr", "orr", "dcr")


def _response_order(reading: Reading) -> Iterator[Finding]:
    for rows in reading.grouped(_same_arm):
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


def _twice(reading: Reading) -> Iterator[Finding]:
    for rows in reading.grouped(_same_patients):
        told: set[int] = set()
        for first, second in combinations(rows, 2):
            if second.number in told or not _again(reading, first, second):
                continue
            told.add(second.number)
            cuts = " and ".join(row.cut or "no date" for row in (first, second))
            yield Finding(
                (second, first), ("trial", "outcome", "data_cut"), f"two rows ({cuts})", "one row, or supersedes",
                f"the row reports the same patients as {_other(first)}: {_what(second)}.",
                "Keep one of them, or name the older in supersedes of the newer, nested_in for a part of an arm; "
                "name the arm if they are different patients.",
                None if first.arm or _alike(first, second) else "warning",
            )  # fmt: skip


def _again(reading: Reading, first: Row, second: Row) -> bool:
    """Tell whether two rows on one question share figures, and neither is marked as replaced, or they are the same."""
    shared = (set(first.numbers) & set(second.numbers)) - _NOT_FIGURES
    counted = {"n", "events"} & set(first.numbers) & set(second.numbers)
    if not (shared or counted) or first.text("comparator") != second.text("comparator"):
        return False
    marked = {first.text("row_id"), second.text("row_id")} & reading.superseded
    return not marked or (first.cut == second.cut and _alike(first, second))


def _alike(a: Row, b: Row) -> bool:
    return all(a.num(c) == b.num(c) for c in set(a.numbers) | set(b.numbers))


def _other(row: Row) -> str:
    return f"row {row.text('row_id') or row.number}"


def _what(row: Row) -> str:
    return ", ".join(filter(None, (row.outcome, row.text("subgroup_level"), row.arm)))


def _same_patients(row: Row) -> tuple[str, ...] | None:
    if not (row.trial and row.outcome):
        return None
    trial, outcome, variable, level, assessor, _, time = row.trial, *question(row)
    return (
        trial,
        row.arm,
        outcome,
        variable,
        level,
        assessor,
        time,
        row.text("confirmed"),
        row.text("unit_of_analysis"),
    )


def _copied(reading: Reading) -> Iterator[Finding]:
    """Find three figures, all with a decimal, that stand in two rows about different patients.

    Percentages are left out: equal counts of arms of one size are no wonder.
    """
    for columns in (("estimate", "ci_low", "ci_high"), ("hr", "hr_low", "hr_high")):
        seen: dict[object, Row] = {}
        for row in reading.current():
            figures = [row.num(c) for c in columns]
            if row.kind == "proportion" or not all(f is not None and f.decimals for f in figures):
                continue
            first = seen.setdefault((row.outcome, *figures), row)
            apart = (first.trial, first.arm, first.level) != (row.trial, row.arm, row.level)
            if first is not row and apart:
                text = ", ".join(map(str, figures))
                yield Finding(
                    (row, first), columns, text, "figures of its own",
                    f"the row has the same {', '.join(columns)} ({text}) as {_other(first)}, about other patients.",
                    "Look up both; one may be a copy of the other, or one trial under two names.",
                )  # fmt: skip


def _subgroup_alone(reading: Reading) -> Iterator[Finding]:
    def key(row: Row) -> tuple[str, ...] | None:
        return (row.trial, row.variable) if row.trial and row.typed else None

    for rows in reading.grouped(key):
        alone = [row for row in rows if not _sibling(reading, row)]
        if not alone:
            continue
        row = alone[0]
        whole = next((w for w in reading.wholes(row) if w.num("estimate") and row.num("estimate")), None)
        better = whole is not None and (row.value("estimate") or 0) > (whole.value("estimate") or 0)
        beside = f"; whole {whole.num('estimate')}" if whole else ""
        yield Finding(
            tuple(alone), ("subgroup_level",),
            f"{row.text('subgroup_level')}: {row.outcome} {row.num('estimate') or row.num('hr') or ''}{beside}",
            f"the other levels of {row.text('subgroup_variable')}, or all patients",
            f"{row.text('subgroup_level')!r} is reported without the other patients of the trial"
            f"{', and it did better than the whole' if better else ''}.",
            "Look for the other levels; a subgroup that is published alone was often chosen for its result.",
            None if better else "note",
        )  # fmt: skip


def _sibling(reading: Reading, row: Row) -> bool:
    """Tell whether another level of the variable, or a part of it, reports the same outcome of the trial."""
    return any(
        other.typed and other.level != row.level and other.variable == row.variable and other.outcome == row.outcome
        and not _overlap(other.level, row.level)
        for other in reading.of_trial(row.trial)
    )  # fmt: skip


RULES = (
    AuditRule(
        "subgroup_sum", "the counts of the levels of a subgroup add up to the whole", "error",
        (("trial", "outcome", "subgroup_level", "n"), ("trial", "outcome", "subgroup_level", "events")), _subgroup_sum,
    ),
    AuditRule(
        "whole_outside_levels", "a percentage or median of the whole is between those of its levels", "warning",
        (("trial", "outcome", "subgroup_level", "estimate"),), _outside_parts,
    ),
    AuditRule(
        "arms_sum", "the counts of both arms together are the sum of the arms", "error",
        (("n_both", "n", "n_comparator"), ("events_both", "events", "events_comparator")), _both_arms,
    ),
    AuditRule(
        "evaluable_above_enrolled", "no more patients evaluable than enrolled", "error", (("n", "enrolled"),), _above_enrolled,
    ),
    AuditRule(
        "responders", "duration of response is of as many patients as responded", "warning",
        (("trial", "outcome", "n", "events"),), _responders,
    ),
    AuditRule(
        "response_order", "complete responses are responses, and responses are disease control", "error",
        (("trial", "outcome", "events"), ("trial", "outcome", "estimate")), _response_order,
    ),
    AuditRule(
        "same_patients_twice", "two rows about the same patients say which replaces which", "error",
        (("trial", "outcome"),), _twice,
    ),
    AuditRule(
        "figures_copied", "no two rows about different patients have the same interval", "warning",
        (("trial", "outcome", "estimate", "ci_low", "ci_high"), ("trial", "outcome", "hr", "hr_low", "hr_high")), _copied,
    ),
    AuditRule(
        "subgroup_alone", "a subgroup is reported beside the other patients, most of all where it did better", "warning",
        (("trial", "outcome", "subgroup_level"),), _subgroup_alone,
    ),
)  # fmt: skip
