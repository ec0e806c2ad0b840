"""Which row of one table is which of another: the same, or a newer cut of the same patients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

import pandas as pd

from ..schema.dates import Dates, dates
from .tables import Tables, key_of, text_of

PATIENTS = ("trial", "outcome", "subgroup_variable", "subgroup_level", "unit_of_analysis", "time_months")
CUT = (*PATIENTS, "comparator", "assessor", "confirmed", "data_cut", "published")


class Match(NamedTuple):
    """Pairs of rows, by their labels: the same row, or a newer cut in place of an older; and rows without a partner."""

    same: list[tuple[int, int]]
    replaced: list[tuple[int, int]]
    removed: list[int]
    added: list[int]


def matched(both: Tables) -> Match:
    """Return which rows belong together: by row_id, by all that tells a row, by `supersedes`, by the dates of cuts."""
    old, new = _records(both.old), _records(both.new)
    left, right = dict.fromkeys(old), dict.fromkeys(new)
    same: list[tuple[int, int]] = []
    replaced: list[tuple[int, int]] = []

    def take(into: list[tuple[int, int]], found: list[tuple[int, int]]) -> None:
        for i, j in found:
            into.append((i, j))
            left.pop(i, None)  # a row that is replaced may stand in the newer table too
            del right[j]

    take(same, _pairs(old, new, left, right, _row_id))
    take(replaced, _superseding(old, new, right))
    take(same, _pairs(old, new, left, right, lambda row: key_of(row, CUT)))
    take(replaced, _newer(both, old, new, right))
    take(same, _pairs(old, new, left, right, lambda row: key_of(row, PATIENTS)))  # no date tells which is newer
    return Match(sorted(same, key=lambda pair: pair[1]), replaced, list(left), list(right))


def _records(frame: pd.DataFrame) -> dict[int, dict[str, Any]]:
    rows = frame.to_dict("records")
    return {int(i): {str(k): v for k, v in row.items()} for i, row in zip(frame.index, rows, strict=True)}


def _row_id(row: dict[str, Any]) -> Hashable:
    return text_of(row.get("row_id")) or None


def _pairs(
    old: dict[int, Any], new: dict[int, Any], left: Iterable[int], right: Iterable[int], how: Any
) -> list[tuple[int, int]]:
    """Return rows that are alike in a way in which no two rows of one table are."""
    here, there = defaultdict[Hashable, list[int]](list), defaultdict[Hashable, list[int]](list)
    for found, rows, table in ((here, left, old), (there, right, new)):
        for i in rows:
            found[how(table[i])].append(i)
    return [(one[0], there[k][0]) for k, one in here.items() if k is not None and len(one) == len(there[k]) == 1]


def _superseding(old: dict[int, Any], new: dict[int, Any], right: Iterable[int]) -> list[tuple[int, int]]:
    """Return rows of the newer table with the row of the older that they say they replace, the last of several."""
    named = {text_of(row.get("row_id")): i for i, row in old.items()}
    told = {j: [named[name] for name in text_of(new[j].get("supersedes")).split() if name in named] for j in right}
    return [(rows[-1], j) for j, rows in told.items() if rows]


def _newer(both: Tables, old: dict[int, Any], new: dict[int, Any], right: Iterable[int]) -> list[tuple[int, int]]:
    """Return rows of the newer table with the newest of the older about the same patients that has an earlier date."""
    when = [dict(zip(frame.index, dates(frame), strict=True)) for frame in (both.old, both.new)]
    patients = defaultdict[Hashable, list[int]](list)
    for i, row in old.items():
        patients[key_of(row, PATIENTS)].append(i)
    found = []
    for j in right:
        mine = [i for i in patients[key_of(new[j], PATIENTS)] if when[0][i].before(when[1][j])]
        newest = [i for i in mine if not any(when[0][i].before(when[0][k]) for k in mine)]
        found += [(i, j) for i in newest[-1:]]
    return found


def cut_of(when: Dates) -> str:
    """Return the date of a row in words, empty where it has none."""
    return when.said if when.known else ""
