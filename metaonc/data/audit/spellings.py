"""Labels of trials, arms and subgroups that are written in several ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...base.labels import alike, folded, spelling
from .records import Finding
from .rows import Row

RULE, DOUBT = "labels_alike", "labels_in_short"
_ALIKE = (("trial",), ("arm_id", "arm", "comparator", "nested_in"), ("subgroup_variable",), ("subgroup_level",))
COLUMNS = tuple(column for columns in _ALIKE for column in columns)


class Variant(NamedTuple):
    """A label that is written otherwise than where it first stands: its column, both writings and its rows."""

    column: str
    written: str
    first: str
    rows: tuple[int, ...]

    @property
    def by_case(self) -> bool:
        """Whether case alone tells the two apart: they may be two, and are not joined."""
        return spelling(self.written) != spelling(self.first)


def one_spelling(texts: Mapping[str, list[str]]) -> tuple[dict[str, list[str]], list[Variant]]:
    """Return the columns of texts with each label as it is first written, and the labels that are written otherwise.

    Parameters
    ----------
    texts
        Column -> text of each row, empty where there is none. A level is one of its variable.
    """
    out = dict(texts)
    variants = list[Variant]()
    variables = texts.get("subgroup_variable")
    for columns in _ALIKE:
        first: dict[tuple[str, str], str] = {}
        for column in (c for c in columns if c in texts):
            of = variables if column == "subgroup_level" else None
            found = _variants(column, texts[column], of, first)
            joined = {(v.written, i): v.first for v in found if not v.by_case for i in v.rows}
            out[column] = [joined.get((text, i), text) for i, text in enumerate(texts[column])]
            variants += found
    return out, variants


def _variants(
    column: str, values: Sequence[str], variables: Sequence[str] | None, first: dict[tuple[str, str], str]
) -> list[Variant]:
    """Return the labels of a column that are not written as the first of `first`, which grows by the new ones."""
    rows: dict[tuple[str, str], list[int]] = {}
    for i, text in enumerate(values):
        if text:
            key = (folded(variables[i]) if variables else "", folded(text))
            if first.setdefault(key, text) != text:
                rows.setdefault((text, first[key]), []).append(i)
    return [Variant(column, text, written, tuple(where)) for (text, written), where in rows.items()]


def findings(rows: Sequence[Row], variants: Sequence[Variant]) -> Iterator[tuple[str, Finding]]:
    """Yield a finding for each label that is written in two ways."""
    for v in variants:
        how = "differ only by case" if v.by_case else "differ only by blanks, dashes or Unicode form"
        fix = "Write them alike if they are one; add a word to one of them if they are two." if v.by_case else (
            "Write them alike; they are read as one.")  # fmt: skip
        yield RULE, Finding(
            tuple(rows[i] for i in v.rows), (v.column,), v.written, v.first,
            f"{v.column}={v.written!r} and {v.first!r} {how}.", fix,
        )  # fmt: skip


def doubts(rows: Sequence[Row]) -> Iterator[tuple[str, Finding]]:
    """Yield a finding for each two levels of one variable that look like one, in short and in full."""
    levels: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        if row.text("subgroup_level"):
            held = levels.setdefault(row.text("subgroup_variable"), {})
            held.setdefault(row.text("subgroup_level"), []).append(row)
    for variable, of in levels.items():
        for other, first in alike(of).items():
            name = variable or "subgroup_level"
            yield DOUBT, Finding(
                (*of[other], *of[first]), ("subgroup_level",), other, first,
                f"{name} {first!r} and {other!r} look like one level; they are taken as two.",
                "Write them alike if they are one.",
            )  # fmt: skip
