"""A registry record beside the paper of the same trial: the same patients, counted and timed twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from ..records import AuditRule, Finding, Reading
from ..rows import EPS, Number, Row

_RECORD = re.compile(r"NCT\d{8}")
_WORD = re.compile(r"[a-z0-9-]*[a-z][a-z0-9-]*")
_COMMON = frozenset(
    ("mg", "arm", "group", "cohort", "and", "with", "plus", "daily", "the", "of", "phase", "kg", "cycle")
)
_TIMES = ("estimate", "ci_low", "ci_high")
_RATIO = ("hr", "hr_low", "hr_high")


def _differs(reading: Reading) -> Iterator[Finding]:
    for rows in reading.grouped(_trial):
        held = [row for row in rows if row.record]
        printed = [row for row in rows if not row.record]
        for record, paper in _pairs(held, printed):
            found = _differences(record, paper)
            cuts = {row.text("data_cut") for row in (record, paper)}
            if found:
                what = "; ".join(said for _, said in found)
                yield Finding(
                    (paper, record), tuple(column for column, _ in found), what,
                    "the same figures, or another data cut",
                    f"paper and registry record {_registered(record)} differ on {paper.outcome}: {what}.",
                    "Look up both data cuts and populations; where they are the same, ask which of the two is right.",
                    "note" if len(cuts) == 2 and "" not in cuts else None,
                )  # fmt: skip


def _trial(row: Row) -> str | None:
    return _registered(row) or None


def _registered(row: Row) -> str:
    found = _RECORD.search(row.text("registry_id").upper())
    return found[0] if found else ""


def _pairs(held: list[Row], printed: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Return the rows of record and paper that are about the same arm and question, where that is certain."""
    alike = [(r, p) for r, p in product(held, printed) if _same_question(r, p)]
    best: dict[int, int] = {}
    for r, p in alike:
        for row in (r, p):
            best[row.number] = max(best.get(row.number, 0), _shared(r, p))
    certain = [(r, p) for r, p in alike if _shared(r, p) and best[r.number] == best[p.number] == _shared(r, p)]
    for r, p in certain:
        if sum(r is other or p is another for other, another in certain) == 1:
            yield r, p


def _same_question(a: Row, b: Row) -> bool:
    judges = {row.text("assessor") for row in (a, b)} & {"BICR", "investigator"}
    same = (a.outcome, a.variable, a.level, a.text("time_months")) == (
        b.outcome, b.variable, b.level, b.text("time_months"))  # fmt: skip
    return bool(a.outcome) and same and len(judges) < 2


def _shared(a: Row, b: Row) -> int:
    """Return how many words of their names two arms share, less those that only one has; 0 where none is shared."""
    one, two = _words(a), _words(b)
    shared = len(one & two)
    return max(10 * shared - len(one ^ two), 1) if shared else 0


def _words(row: Row) -> frozenset[str]:
    text = (row.text("arm") or row.text("arm_id")).casefold().replace("+", " ").replace("/", " ")
    return frozenset(_WORD.findall(text)) - _COMMON - frozenset(_WORD.findall(row.trial.casefold()))


def _differences(record: Row, paper: Row) -> list[tuple[str, str]]:
    """Return the columns that differ once rounding is undone, each with both figures."""
    found = []
    for column in ("n", "events"):
        a, b = record.count(column), paper.count(column)
        if a is not None and b is not None and a != b:
            found.append((column, f"{column} {b} v {a} in the registry"))
    if paper.kind == "proportion":
        a_range, b_range = _percent(record), _percent(paper)
        if a_range and b_range and not found and not _meet(a_range, b_range):
            found.append(("estimate", f"{_shown(paper)} v {_shown(record)} in the registry"))
    else:
        found += [(c, _beside(c, record, paper)) for c in _comparable("ci_level", _TIMES, record, paper)
                  if _apart(record.months(c), paper.months(c))]  # fmt: skip
    ratios = [c for c in _comparable("hr_level", _RATIO, record, paper)
              if _apart(_range(record.num(c)), _range(paper.num(c)))]  # fmt: skip
    reversed_ = "hr" in ratios and _inverted(record.num("hr"), paper.num("hr"))
    return found + [
        (c, _beside(c, record, paper) + " (the other way round?)" * (reversed_ and c == "hr")) for c in ratios
    ]


def _comparable(level: str, columns: tuple[str, ...], record: Row, paper: Row) -> tuple[str, ...]:
    """Return the point, and its limits where both are of one level and have two sides."""
    levels = {row.confidence(level) for row in (record, paper)}
    return columns if len(levels) == 1 and record.value(level.replace("level", "sides")) != 1 else columns[:1]


def _beside(column: str, record: Row, paper: Row) -> str:
    a, b = record.num(column), paper.num(column)
    unit = [f" {row.text('unit')}" if column in _TIMES and row.text("unit") else "" for row in (record, paper)]
    return f"{column} {b}{unit[1]} v {a}{unit[0]} in the registry"


def _range(number: Number | None) -> tuple[float, float] | None:
    return None if number is None else (number.low, number.high)


def _meet(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] <= b[1] + EPS and b[0] <= a[1] + EPS


def _apart(a: tuple[float, float] | None, b: tuple[float, float] | None) -> bool:
    return a is not None and b is not None and not _meet(a, b)


def _inverted(a: Number | None, b: Number | None) -> bool:
    return bool(a and b and a.low > 0 and _meet((1 / a.high, 1 / a.low), (b.low, b.high)))


def _percent(row: Row) -> tuple[float, float] | None:
    """Return the range of a percentage: as printed, else of its counts."""
    if row.percentage is not None:
        return _range(row.percentage)
    events, n = row.count("events"), row.count("n")
    return None if events is None or not n else (100 * events / n, 100 * events / n)


def _shown(row: Row) -> str:
    printed = row.percentage
    return f"{printed} %" if printed is not None else f"{row.count('events')}/{row.count('n')}"


RULES = (
    AuditRule(
        "registry_differs",
        "the paper of a trial and its registry record report the same figures",
        "warning",
        (("registry_id", "source_id", "outcome"),),
        _differs,
    ),
)
