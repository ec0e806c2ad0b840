"""Patients who are counted twice, or reported only where they did well."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ....base.messages.advice import option
from ...schema.levels import overlapping
from ...schema.tables import TABLES
from ..records import AuditRule, Finding, Reading
from ..rows import Row, question
from ..words import WORDS_OF_ROWS

_NOT_FIGURES = frozenset(("ci_level", "hr_level", "or_level", "time_months", "p_sided", "n", "enrolled", "follow_up"))
_KNOWN = frozenset((*TABLES["trials"].names(), *TABLES["arms"].names(), *WORDS_OF_ROWS))


def _twice(reading: Reading) -> Iterator[Finding]:
    for rows in reading.grouped(_same_patients):
        told: set[int] = set()
        for first, second in combinations(rows, 2):
            if second.number in told or not _again(reading, first, second):
                continue
            told.add(second.number)
            column = _own_subgroup(reading, first, second)
            if column:
                yield _unless(first, second, column)
                continue
            cuts = " and ".join(row.cut or "no date" for row in (first, second))
            yield Finding(
                (second, first), ("trial", "outcome", "data_cut"), f"two rows ({cuts})", "one row, or supersedes",
                f"the row reports the same patients as {_other(first)}: {_what(second)}.",
                "Keep one of them, or name the older in supersedes of the newer, nested_in for a part of an arm; "
                "name the arm if they are different patients.",
                None if first.arm or _alike(first, second) else "warning",
            )  # fmt: skip


def _unless(first: Row, second: Row, column: str) -> Finding:
    """Return the finding in rows that a column of the user's own tells apart."""
    parts = f"{first.text(column)} and {second.text(column)}"
    return Finding(
        (second, first), ("trial", "outcome", column), f"two rows ({parts})", "subgroups, or one row",
        f"the row reports the same patients as {_other(first)}, unless {column} tells them apart ({parts}).",
        f"If {column} divides the patients, say so by {option('by', column)}; if not, keep one of the rows.", "note",
    )  # fmt: skip


def _own_subgroup(reading: Reading, first: Row, second: Row) -> str:
    """Return a column that no rule knows and whose words, which other trials have too, tell two rows apart."""
    for column, word in first.texts.items():
        other = second.text(column)
        if column in _KNOWN or not other or word == other:
            continue
        trials = {row.trial for row in reading.rows if row.text(column) in (word, other)}
        if len(trials) > 1:
            return column
    return ""


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
            record, registered = first.record or row.record, first.text("registry_id") == row.text("registry_id")
            apart = apart and not (record and registered)  # a paper prints the figures of its record
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
            "Look for the other levels, unless the trial had no others; one published alone was often chosen for it.",
            None if better else "note",
        )  # fmt: skip


def _sibling(reading: Reading, row: Row) -> bool:
    """Tell whether another level of the variable, or a part of it, reports the same outcome of the trial."""
    return any(
        other.typed and other.level != row.level and other.variable == row.variable and other.outcome == row.outcome
        and not overlapping(other.level, row.level)
        for other in reading.of_trial(row.trial)
    )  # fmt: skip


RULES = (
    AuditRule(
        "same_patients_twice",
        "two rows about the same patients say which replaces which",
        "error",
        (("trial", "outcome"),),
        _twice,
        explains=("row_twice",),
    ),
    AuditRule(
        "figures_copied",
        "no two rows about different patients have the same interval",
        "warning",
        (("trial", "outcome", "estimate", "ci_low", "ci_high"), ("trial", "outcome", "hr", "hr_low", "hr_high")),
        _copied,
    ),
    AuditRule(
        "subgroup_alone",
        "a subgroup is reported beside the other patients, most of all where it did better",
        "warning",
        (("trial", "outcome", "subgroup_level"),),
        _subgroup_alone,
    ),
)
