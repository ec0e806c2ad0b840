"""What `validate` refuses, found instead of raised: the same rules, one record each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ...schema.links import wrongly_superseded
from ...schema.row_rules import FORMS, ROW_RULES, incomplete
from ...schema.tables import TABLES, Field, field_problems
from ..records import AuditRule, Finding, Reading
from ..rows import Row
from ..spellings import COLUMNS, DOUBT, RULE

_FIELDS = TABLES["trials"].fields
_TITLES = {
    "level_scale": "a level is a proportion, 0.95 and not 95",
    "level_blank": "an interval says its level",
    "limits_swapped": "a lower limit is not above the upper one",
    "outside_interval": "an estimate, median or ratio lies within its interval",
    "interval_alone": "an interval has its estimate",
    "not_positive": "a ratio and its limits are positive",
    "events_above_n": "no more events than patients",
    "above_100": "no percentage above 100",
    "no_unit": "an estimate has its unit",
    "unit_of_outcome": "proportions are percentages, times are times",
    "rate_without_time": "a rate says the time it is taken at",
    "half_a_subgroup": "a subgroup has a variable and a level",
    "own_comparator": "an arm is not compared with itself",
    "not_reached_filled": "what was not reached holds no number",
    "derived_blank": "what was worked out is there",
    "one_sided": "a one-sided interval has one limit",
    "p_bound": "a p value is a number or a bound, not both",
    "read_fields": "figures that were read are there, and the verification follows from them",
}


def _row_rule(name: str) -> AuditRule:
    parts = [rule for rule in ROW_RULES if rule.name == name]

    def find(reading: Reading) -> Iterator[Finding]:
        for rule in parts:
            if set(rule.columns) <= reading.columns and set(rule.columns) <= set(reading.frame.columns):
                for i in rule.flags(reading.frame).nonzero()[0]:
                    yield _said(reading.rows[i], rule.columns, rule.says(reading.frame, int(i)), _TITLES[name])

    return AuditRule(name, _TITLES[name], "error", tuple(rule.columns for rule in parts), find)


def _said(row: Row, columns: tuple[str, ...], text: str, expected: str, severity: str | None = None) -> Finding:
    """Return the finding of what a rule of the schema says: what is wrong, and after the last colon what to do."""
    said, colon, fix = text.rstrip(".").rpartition(": ")
    printed = ", ".join(f"{c}={row.num(c) or row.text(c) or 'blank'}" for c in columns)
    return Finding(
        (row,), columns, printed, expected, f"{said if colon else fix}.", _mend(fix if colon else ""), severity
    )


def _mend(fix: str) -> str:
    return f"{fix[:1].upper()}{fix[1:]}." if fix else "Look it up in the source and correct it."


def _values(reading: Reading) -> Iterator[Finding]:
    asked = (f for f in _FIELDS if f.name in reading.frame)
    for f in (f for f in asked if not (reading.curves and f.allowed)):  # curves have words of their own, read already
        for bad, say in field_problems(reading.frame[f.name], f):
            for i in bad.nonzero()[0]:
                unknown = "note" if f.allowed else None  # a word that metaonc does not know need not be wrong
                yield _said(reading.rows[i], (f.name,), say(int(i)), _may_hold(f), unknown)


def _may_hold(f: Field) -> str:
    if f.allowed:
        return f"one of {', '.join(f.allowed)}"
    limits = " to ".join(f"{x:g}" for x in (f.minimum, f.maximum) if x is not None)
    return "an ISO date" if f.kind == "date" else f"a {f.kind}{' from ' * bool(limits)}{limits}"


def _keys(reading: Reading) -> Iterator[Finding]:
    for name, rows in ((rows[0].text("row_id"), rows) for rows in reading.grouped(lambda r: r.text("row_id") or None)):
        if len(rows) > 1:
            message = f"row_id={name!r} stands in {len(rows)} rows."
            yield Finding(tuple(rows), ("row_id",), name, "one row", message, "Give each row its own.")


def _superseded(reading: Reading) -> Iterator[Finding]:
    for row, wrong in zip(reading.rows, wrongly_superseded(reading.frame), strict=True):
        if wrong:
            yield _said(row, ("supersedes",), wrong, "the row_id of older rows about the same question")


def _without_figures(reading: Reading) -> Iterator[Finding]:
    """Find the rows of which ``read_trials`` says that they hold no figures; a note may say why one does not."""
    frame = reading.frame
    if reading.curves:  # of which the coordinates are the figures
        return
    said = {"note", "estimate"} & set(frame.columns)  # an estimate without its unit has a rule of its own
    explained = frame[sorted(said)].notna().any(axis=1).to_numpy()
    for i in (incomplete(frame) & ~explained).nonzero()[0]:
        row = reading.rows[i]
        held = ", ".join(f"{c}={row.num(c)}" for c in row.numbers) or "no number"
        yield Finding(
            (row,), tuple(row.numbers), held, " or ".join(", ".join(form) for form in FORMS if {*form} <= {*frame}),
            "the row holds no figures that go together; analyse refuses the table for it.",
            "Fill them in, or leave the row out.",
        )  # fmt: skip


def _kept(rule: str) -> Callable[[Reading], Iterable[Finding]]:
    return lambda reading: (finding for name, finding in reading.remarks if name == rule)


RULES = (
    AuditRule("not_a_number", "a cell of numbers holds a number", "error", (), _kept("not_a_number"),
              explains=("no_figures",)),
    AuditRule("notation", "numbers stand alone in their cells", "note", (), _kept("notation")),
    AuditRule(
        RULE, "a trial, an arm and a level are each written in one way", "warning", tuple((c,) for c in COLUMNS),
        _kept(RULE),
    ),
    AuditRule(
        DOUBT, "no two levels look like one, such as mut and mutant, or wild type and wild-type", "warning",
        (("subgroup_level",),), _kept(DOUBT),
    ),
    AuditRule(
        "value", "each value is one its column may hold", "error", tuple((f.name,) for f in _FIELDS), _values
    ),
    AuditRule("no_figures", "a row holds figures that go together", "error", FORMS, _without_figures),
    AuditRule("row_id_twice", "each row has its own row_id", "error", (("row_id",),), _keys),
    AuditRule(
        "supersedes", "a row replaces rows about the same question", "error", (("row_id", "supersedes", "trial"),),
        _superseded,
    ),
    *map(_row_rule, _TITLES),
)  # fmt: skip
