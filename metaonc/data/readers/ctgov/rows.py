"""The rows of one measure: one for each group and class that is understood; the rest with its reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .cells import cells_of
from .record import Category, Class, Measure, Measurement
from .words.categories import are_responses, kind_of, sums
from .words.classes import Context, context_of
from .words.units import Unit
from .words.values import count, number

RATES = ("pfs_rate", "dfs_rate", "os_rate")
RESPONSES = ("orr", "cr", "dcr")
_FAMILIES = (
    ("pfs", re.compile(r"progress\w*[- ]*free|\bPFS\b", re.I)),
    ("dfs", re.compile(r"(?:disease|relapse|recurrence)[- ]*free|\bi?DFS\b|\bRFS\b", re.I)),
    ("os", re.compile(r"overall survival|(?-i:\bOS\b)", re.I)),
    ("orr", re.compile(r"objective respon|overall respon|response rate|\bB?ORR\b", re.I)),
    ("dor", re.compile(r"duration of (?:\w+ )?respon|(?-i:\bDOR\b|\bDoR\b)", re.I)),
    ("dcr", re.compile(r"disease control|\bDCR\b", re.I)),
    ("", re.compile(r"clinical benefit|\bCBR\b|time to|\bTTP\b|event[- ]free|\bEFS\b|stable disease|mortality", re.I)),
)  # fmt: skip
_YES = re.compile(r"^(?:yes|responders?|respon(?:se|ded)|with (?:a )?response|achieved|controlled)$", re.I)
_NO = re.compile(r"^(?:no|non-?responders?|no response|not achieved|missing|unknown|not evaluable|not done)$", re.I)


@dataclass(slots=True)
class Row:
    """A row in the making: its outcome, its group, what its class says, its columns and notes."""

    outcome: str
    group: str
    context: Context
    cells: dict[str, Any]
    notes: list[str] = field(default_factory=list)


class Left(NamedTuple):
    """What of a measure was not read, and why."""

    what: str
    reason: str


def rows_of(measure: Measure, outcome: str | None, unit: Unit) -> tuple[list[Row], list[Left]]:
    """Return the rows of a measure, without its contrasts, and what of it was not read.

    Parameters
    ----------
    measure
        The measure.
    outcome
        Its outcome; None where only categories of response may give one.
    unit
        Its unit.
    """
    rows, left = list[Row](), list[Left]()
    for block in _blocks(measure, outcome):
        context = block.context
        if context.unknown:
            left.append(Left("class", f"class {context.unknown!r} is none that is understood"))
        elif context.role == "skip" or block.outcome is None:
            left.append(Left("class", f"class {block.title!r} is of other patients or of no response"))
        elif context.role == "event" and unit.kind != "count":
            left.append(Left("class", f"class {block.title!r} is of events, not of patients free of them"))
        else:
            _read(block, measure, unit, rows, left)
    return _without_twins(rows, left), left


class _Block(NamedTuple):
    """A class, or one of its categories, with what it is of; several categories are added up."""

    title: str
    outcome: str | None
    context: Context
    of: Class
    categories: tuple[Category, ...]


def _blocks(measure: Measure, outcome: str | None) -> list[_Block]:
    same = (measure.title, measure.unit, *(group.title for group in measure.groups))
    timed = outcome is None or outcome in (*RATES, *RESPONSES)
    responses = outcome in (None, "orr", "cr")
    whole = [c.title for c in measure.classes]
    if responses and are_responses(whole) and all(len(c.categories) == 1 for c in measure.classes):
        categories = tuple(Category(c.title, c.categories[0].measurements) for c in measure.classes)
        return [_Block("", outcome or "orr", Context(), measure.classes[0], categories)]
    blocks = []
    for held in measure.classes:
        titles = [category.title for category in held.categories]
        if responses and len(titles) > 1 and are_responses(titles):
            context = context_of(held.title, same, timed=timed)
            blocks.append(_Block(held.title, outcome or "orr", context, held, held.categories))
        elif outcome is not None:
            blocks += _single(held, outcome, same, timed=timed)
    return blocks


def _single(held: Class, outcome: str, same: Sequence[str], *, timed: bool) -> list[_Block]:
    """Return a block for each category of a class that is no category of response."""
    titles = [category.title for category in held.categories]
    if outcome in RESPONSES and len(titles) > 1 and all(_YES.match(t) or _NO.match(t) for t in titles):
        categories = tuple(c for c in held.categories if _YES.match(c.title))
        return [_Block(held.title, outcome, context_of(held.title, same, timed=timed), held, categories)]
    made = []
    for category in held.categories:
        words = ": ".join(text for text in dict.fromkeys((held.title, category.title)) if text)
        kind = kind_of(words) if outcome in ("orr", "cr") and words else ""
        context = context_of(words, same, timed=timed)
        if not kind and words and _of_another(words, outcome):
            context = Context(unknown=words)
        of = outcome
        if kind in ("orr", "cr") and context.unknown:
            of, context = kind, Context()
        elif kind in ("pr", "sd", "pd", "ne", "no") and context.unknown:
            made.append(_Block(words, None, Context(), held, (category,)))
            continue
        made.append(_Block(words, of, context, held, (category,)))
    return made


def _of_another(words: str, outcome: str) -> bool:
    """Tell whether the title of a class names an outcome that is not the measure's."""
    said = {name for name, pattern in _FAMILIES if pattern.search(words)}
    return bool(said) and outcome.removesuffix("_rate") not in said


def _read(block: _Block, measure: Measure, unit: Unit, rows: list[Row], left: list[Left]) -> None:
    order = [group.id for group in measure.groups]
    for group in measure.groups:
        held = [m for c in block.categories for m in c.measurements if m.group == group.id]
        titled = f"group {group.title!r}" + (f", class {block.title!r}" if block.title else "")
        if not held or not any(m.value for m in held):
            left.append(Left("group", f"{titled}: no data"))
            continue
        n = _n(block, measure, order.index(group.id), group.id)
        if n == 0:
            left.append(Left("group", f"{titled}: no patients"))
        elif len(block.categories) > 1:
            _add_up(block, group.id, held, n, unit, titled, rows, left)
        elif len(held) > 1:
            left.append(Left("group", f"{titled}: several values"))
        elif isinstance(found := cells_of(held[0], measure, unit), str):
            left.append(Left("group", f"{titled}: {found}"))
        else:
            cells, notes = found
            rows.append(Row(block.outcome or "", group.id, block.context, {"n": n, **cells}, notes))


def _n(block: _Block, measure: Measure, place: int, group: str) -> int | None:
    """Return the patients of a row: of its class, else of the measure where it is not a part of the patients."""
    if group in block.of.n:
        return count(block.of.n[group])
    if block.context.n:
        return block.context.n[place] if len(block.context.n) == len(measure.groups) else None
    return None if block.context.subgroup else count(measure.n.get(group, ""))


def _add_up(
    block: _Block, group: str, held: Sequence[Measurement], n: int | None, unit: Unit, titled: str,
    rows: list[Row], left: list[Left],
) -> None:  # fmt: skip
    """Add the rows of categories: the objective response, and the complete one where the measure is not of it alone."""
    titles = [c.title for c in block.categories for m in c.measurements if m.group == group]
    values = [number(m.value) for m in held]
    found = sums(titles, values, n, unit.kind)
    if isinstance(found, str) or unit.kind not in ("count", "percent", "proportion"):
        left.append(Left("group", f"{titled}: {found if isinstance(found, str) else 'categories of no count'}"))
        return
    note = f"complete and partial responses of the categories added up: {', '.join(titles)}"
    for outcome in ("cr",) if block.outcome == "cr" else ("orr", "cr"):
        value = found[outcome] if unit.kind != "proportion" else round(100 * found[outcome], 10)
        cells: dict[str, Any] = {"events": value} if unit.kind == "count" else {"estimate": value, "unit": "percent"}
        cells = {"n": n, **cells}
        if outcome == "orr":
            cells["derived"] = "events" if unit.kind == "count" else "estimate"
        rows.append(Row(outcome, group, block.context, cells, [note] if outcome == "orr" else []))


def _without_twins(rows: list[Row], left: list[Left]) -> list[Row]:
    """Return the rows without those of which two classes of the measure say the same."""
    keys = [(row.outcome, row.group, row.context.subgroup, row.context.time, row.context.assessor, row.context.cut)
            for row in rows]  # fmt: skip
    often = Counter(keys)
    left += [Left("class", f"{often[key]} classes or categories say nothing by which they differ: group {key[1]!r}")
             for key in dict.fromkeys(key for key in keys if often[key] > 1)]  # fmt: skip
    return [row for row, key in zip(rows, keys, strict=True) if often[key] == 1]
