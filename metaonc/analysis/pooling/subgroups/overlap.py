"""Subgroups whose levels share patients: what the pool of all rests on then, and what is said of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, combinations
from typing import Any, NamedTuple

import pandas as pd

from ....base.check import Labels, labels_of
from ....data.schema.levels import is_whole, overlapping, part_of
from ....errors import DataError
from ...results.patients import TRIALS, Overlap, listed, overlaps
from ...results.pooled import PooledResult
from ...results.repeats import control_arms

NAMED = 3  # trials of which it is said which levels share patients
UNNAMED = (
    ", and nothing names the trials, so that patients who stand in two rows are not found: the pool of all and the "
    "test between subgroups take all rows as independent patients"
)

NAME_TRIALS = "study= names the column of the trials, by which patients who stand in two rows are found."


class Once(NamedTuple):
    """The rows in which each patient stands once at most.

    Attributes
    ----------
    rows
        Of the table that is pooled by subgroup, with those that lack a number.
    places
        Level -> the place of each of its rows in the table.
    pooled
        Level -> whether each of its rows is among them.
    surplus
        Numbers of the rows that are not among them, in the table of the user.
    caution
        What a reader must know; empty where no patient stands in two rows.
    """

    rows: pd.DataFrame
    places: dict[str, tuple[int, ...]]
    pooled: dict[str, tuple[bool, ...]]
    surplus: list[int]
    caution: str


def each_once(frame: pd.DataFrame, by: str, groups: Mapping[str, PooledResult]) -> Once:
    """Return the rows of the pool of all: of levels that share patients the whole, or what holds the others.

    Parameters
    ----------
    frame
        The rows, numbered by those of the user's table.
    by, groups
        Column of the levels, and the pool of each.
    """
    labels = list(chain.from_iterable(r.studies.labels for r in groups.values()))
    numbers = {name: _numbers(r) for name, r in groups.items()}
    order = list(chain.from_iterable(numbers.values()))
    place = {row: i for i, row in enumerate(frame.index.tolist())}
    found = overlaps(Labels(labels, order), frame.take([place[row] for row in order]), by)
    surplus = {order[i] for one in found for i in one.surplus}
    pooled = {name: tuple(row not in surplus for row in rows) for name, rows in numbers.items()}
    places = {name: tuple(place[row] for row in rows) for name, rows in numbers.items()}
    once = frame.drop(index=list(surplus)) if surplus else frame
    without = _without(frame, surplus, dict(zip(order, labels, strict=True)), by)
    return Once(once, places, pooled, sorted(surplus), _caution(found, without, by))


def _without(frame: pd.DataFrame, surplus: set[int], labels: Mapping[int, str], by: str) -> list[str]:
    """Return the levels left out of the pool of all, each with the trials where it is."""
    trials: dict[str, list[str]] = {}
    for row in sorted(surplus):
        trials.setdefault(str(frame.at[row, by]), []).append(labels[row])
    return [f"{level} of {listed(dict.fromkeys(names))}" for level, names in trials.items()]


def _numbers(r: PooledResult) -> list[int]:
    labels = r.studies.labels
    assert isinstance(labels, Labels)  # a pool that was just made knows the rows of its table
    return list(labels.rows)


def _caution(found: Sequence[Overlap], without: Sequence[str], by: str) -> str:
    """Return what is to be said of levels that overlap; `without` names the rows that the pool of all leaves out."""
    if not found:
        return ""
    who = listed([f"{one.trial} ({listed(one.levels)})" for one in found[:NAMED]])
    more = f" and {len(found) - NAMED} more trials" if len(found) > NAMED else ""
    return (
        f"levels of {by} overlap: they share patients in {who}{more}. Each level is pooled by itself; the pool of all "
        f"counts no patient twice and is without {listed(without)}"
    )


def advice_of(
    by: str,
    rows: pd.DataFrame,
    places: Mapping[str, tuple[int, ...]],
    pooled: Mapping[str, tuple[bool, ...]],
    cautions: Sequence[str],
) -> list[str]:
    """Return what to do about levels that share patients, or may; `rows` are those of all, by their places."""
    order = sorted((place, kept) for level in places for place, kept in zip(places[level], pooled[level], strict=True))
    out = sorted(number for number, (_, kept) in zip(rows["number"].tolist(), order, strict=True) if not kept)
    found = [advice(by, list(places), out)] if out else []
    return found + [NAME_TRIALS] * any(text.endswith(UNNAMED) for text in cautions)


def advice(by: str, levels: list[str], surplus: list[int]) -> str:
    """Return which rows of the table are not in the pool of all, and what to leave out for a test."""
    return (
        f"the pool of all is without row{'s' * (len(surplus) > 1)} {listed(map(str, surplus))}; for a test leave out "
        f"the rows of {by} {listed(_not_disjoint(levels))}."
    )


def _not_disjoint(levels: list[str]) -> list[str]:
    """Return the levels without which no two of the others share patients: the whole, and parts of others."""
    kept: list[str] = []
    parts = [level for level in levels if not is_whole(level)]
    for level in sorted(parts, key=lambda a: sum(part_of(a, b) for b in parts)):
        if not any(overlapping(level, other) for other in kept):
            kept.append(level)
    return [repr(level) for level in levels if level not in kept]


def unnamed(frame: pd.DataFrame, levels: list[str], by: str, options: Mapping[str, Any]) -> str:
    """Return what is to be said where levels overlap by their names, and nothing tells whether trials are the same."""
    named = options.get("study") or options.get("levels") or any(c in frame.columns for c in TRIALS)
    if named:
        return ""
    pair = next((pair for pair in combinations(levels, 2) if overlapping(*pair)), None)
    return "" if pair is None else (
        f"{by} {pair[0]} and {pair[1]} overlap by their names{UNNAMED}"
    )  # fmt: skip


def with_control_arms(frame: pd.DataFrame, options: Mapping[str, Any]) -> pd.DataFrame:
    """Return the rows with the control arms that they share named by their trial, as subgroups are parts of trials."""
    column, study = options.get("shared"), options.get("study")
    if column not in frame.columns:
        return frame
    labels = frame[study].astype(str) if study in frame.columns else frame.index.astype(str)
    return frame.assign(**{str(column): control_arms(list(labels), frame[column])})


def shared_control(frame: pd.DataFrame, by: str, options: Mapping[str, Any]) -> str:
    """Return what is to be said where rows of two levels share a control arm, as ``shared`` names it."""
    column = options.get("shared")
    if column is None:
        return ""
    levels: dict[str, set[str]] = defaultdict(set)
    for name, level in zip(frame[column], frame[by].astype(str), strict=True):
        levels[str(name)].add(level)
    control = next((name for name, of in levels.items() if name and len(of) > 1), None)
    if control is None:
        return ""
    return (
        f"levels of {by} share patients: those of the control arm {control}. Each level is pooled by itself, the "
        "pool of all takes their covariance"
    )


def refuse_common_tau2(frame: pd.DataFrame, by: str, options: Mapping[str, Any]) -> None:
    """Raise a DataError where one tau² would be estimated from rows that share patients."""
    study = options.get("study")
    effects = [c for c in (options.get("yi", "yi"), options.get("vi", "vi")) if c in frame.columns]
    there = frame[frame[effects].notna().all(axis=1)]
    found = overlaps(labels_of(list(there[study]) if study in there.columns else None, list(there.index)), there, by)
    if found:
        raise DataError(
            f"{found[0]}: common_tau2=True estimates tau² from all rows as independent patients. Leave out the rows of "
            f"{by} {listed(_not_disjoint(list(dict.fromkeys(frame[by].astype(str)))))}, or set common_tau2=False."
        )
