"""Rows that are entered twice, a control arm that rows share, and rows of one trial: what is said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...base.labels import blanks, folded
from ...base.words import some
from ...data.schema.levels import overlapping
from ..numeric.wls import Floats
from .patients import (
    ARMS,
    NO_LEVELS,
    distinct,
    levels_of,
    listed,
    named_rows,
    numbered,
    same_name,
    texts,
    trials_of,
)  # fmt: skip
from .studies import Studies

SHARED = "pool(shared=), with a column that names the control arm, takes their covariance"
_COUNTED = ("events", "n_", "time")
_COMPARED, _COHORTS = ("hr", "o_minus_e"), ("cohort",)
_CONTROL = ("events_c", "n_c", "time_c", "mean_c", "sd_c")


class Said(NamedTuple):
    """A sentence on rows, what its reader can call or change in the table, and the trials that it is of."""

    text: str
    advice: str
    of: tuple[str, ...] = ()


def cautions(
    studies: Studies, *, dependent: bool = False, common: bool = False, predicts: bool = False
) -> tuple[str, ...]:
    """Return what must be said where patients are counted more than once, or rows of a trial taken as independent.

    Parameters
    ----------
    studies
        The rows of a pool.
    dependent
        Whether its model has the rows of one trial dependent.
    common
        Whether it takes one effect for all rows, so that those of other patients of a trial are independent.
    predicts
        Whether it has a prediction interval, which is of a new row.
    """
    return tuple(said.text for said in _said(studies, dependent, common, predicts))


def advice(studies: Studies, told: Sequence[str]) -> list[str]:
    """Return what to do about the rows of those `cautions` that are told of a result."""
    said = _said(studies, dependent=False, common=False, predicts=False) if told else ()
    return [one.advice for one in said if any(text.startswith(one.text) for text in told)]


def _said(studies: Studies, dependent: bool, common: bool, predicts: bool) -> tuple[Said, ...]:
    again = _counted_again(studies)
    known = {name for one in again for name in one.of}
    return (*again, *(() if dependent else _taken_as_independent(studies, known, common, predicts)))


def _counted_again(studies: Studies) -> tuple[Said, ...]:
    if distinct(trials_of(studies.labels, studies.data)):
        said = _copies(studies)
    else:
        said = (*_twice(studies), *(_shared_control(studies) if studies.covariance is None else ()))
    return (*said, *_one_control_of_two(studies), *_under_two_names(studies))


def _taken_as_independent(studies: Studies, known: set[str], common: bool, predicts: bool) -> tuple[Said, ...]:
    """Return what is said of the rows of one trial, but for trials that are `known` to count patients again.

    Levels that share no patient tell that rows are of other patients, and arms where each row is of one arm; their
    effects may be alike all the same.
    """
    trials = trials_of(studies.labels, studies.data)
    if distinct(trials):
        return ()
    groups = [rows for rows in _equal(range(len(trials)), trials) if len(rows) > 1 and trials[rows[0]] not in known]
    if not groups:
        return ()
    levels, arms = levels_of(studies.data), _arms(studies)
    same = [
        rows for rows in groups
        if any(not _apart([i, j], levels) and not any(arm[i] != arm[j] for arm in arms)
               for i, j in combinations(rows, 2))
    ]  # fmt: skip
    if same:
        names = [str(trials[rows[0]]) for rows in same]
        many = len(names) > 1
        return (Said(
            f"{some(names)} {'give' if many else 'gives'} more than one row, and nothing tells that these are of other "
            "patients; they are taken as independent",
            f"trial{'s' * many} {some(list(map(repr, names)))}: leave out what shares patients with another row, or "
            "name arm or level in a column.",
        ),)  # fmt: skip
    return () if common else (Said(
        f"the {len(trials)} rows come from {len(set(trials))} trials and are taken as independent: effects within a "
        "trial may be alike, which the intervals do not know"
        + (", and what is predicted is the effect of a row, not of a trial" if predicts else ""),
        "pool_multilevel has the effects of one trial alike; pool_subgroups pools each level by itself.",
    ),)  # fmt: skip


def _arms(studies: Studies) -> list[list[str | None]]:
    """Return what tells patients apart of each row: its cohort, and its arm unless rows compare arms with a control."""
    one_armed = bool(studies.roles) and not any(role.endswith("_c") or role in _COMPARED for role in studies.roles)
    return [texts(studies.data[c]) for c in studies.data.columns if c in (ARMS if one_armed else _COHORTS)]


def _twice(studies: Studies) -> Iterator[Said]:
    for label, rows in _groups(studies, _figures(studies), told_apart=True):
        yield Said(
            f"{label} was entered {_times(rows)} with the same figures, so that its patients are counted "
            f"{_times(rows)}",
            f"trial {label!r} has the same figures in {named_rows(rows, studies.labels)}: keep one of them; name arm "
            "or level in a column if they are other patients.",
            (label,),
        )


def _times(rows: Sequence[int]) -> str:
    return "twice" if len(rows) == 2 else f"{len(rows)} times"


def _copies(studies: Studies) -> tuple[Said, ...]:
    """Return a sentence on rows that are alike in all columns, where trials are not named by `study`."""
    columns = (column for name, column in studies.data.items() if name not in NO_LEVELS)
    if not numbered(studies.labels) or all(column.dtype.kind in "biufc" for column in columns):
        return ()  # two trials may well have the same counts
    ordered = np.sort(studies.yi)
    if (ordered[1:] > ordered[:-1]).all():
        return ()  # what is missing is above nothing
    keys = [tuple(map(str, row)) for row in studies.data.itertuples(index=False, name=None)]
    again = [rows for rows in _equal(range(len(keys)), keys) if len(rows) > 1]
    return tuple(
        Said(f"trials {listed([studies.labels[i] for i in rows])} are alike in all that is known of them: if they are "
             f"one, its patients are counted {_times(rows)}",
             f"{named_rows(rows, studies.labels)} are alike in all columns: keep one of them if they are one trial.",
             tuple(str(studies.labels[i]) for i in rows))
        for rows in again
    )  # fmt: skip


def _under_two_names(studies: Studies) -> Iterator[Said]:
    """Yield a sentence on trials of different names that report one interval: counts may well be alike by chance."""
    if "ci_low" not in studies.roles or numbered(studies.labels):
        return
    order = np.lexsort((studies.vi, studies.yi))
    if not (np.diff(studies.yi[order]) == 0)[np.diff(studies.vi[order]) == 0].any():
        return
    trials, levels = trials_of(studies.labels, studies.data), levels_of(studies.data)
    for rows in _equal(range(len(trials)), _figures(studies)):
        of = list(dict.fromkeys(str(trials[i]) for i in rows))
        if len(of) > 1 and not _apart(rows, levels):
            yield Said(
                f"{listed(of)} report the same effect with the same interval: if they are one trial under "
                f"{'two' if len(of) == 2 else 'several'} names, its patients are counted {_times(rows)}",
                f"{named_rows(rows, studies.labels)} have the same figures: keep one of them if they are one trial.",
            )


def _shared_control(studies: Studies) -> Iterator[Said]:
    control = _control(studies)
    if not control:
        return
    arms = [tuple(float(x[i]) for x in control.values()) for i in range(len(studies.labels))]
    own, levels = _figures(studies), levels_of(studies.data)
    for label, rows in _groups(studies, arms):
        if len({own[i] for i in rows}) < 2 or np.isnan(arms[rows[0]]).any() or _apart(rows, levels):
            continue
        yield Said(
            f"{len(rows)} comparisons of {label}{_of_arms(studies, rows)} have the same control arm, so that its "
            f"patients are counted {_times(rows)} and the comparisons are not independent",
            f"trial {label!r} has the same control arm in {named_rows(rows, studies.labels)}: {SHARED}; or add the "
            "treatment arms up to one.",
            (label,),
        )


def _of_arms(studies: Studies, rows: Sequence[int]) -> str:
    """Return the names of the arms of rows in brackets, where a column tells them all apart."""
    columns = [texts(studies.data[c]) for c in studies.data.columns if c in ARMS]
    names = [[str(names[i]) for i in rows] for names in columns if all(names[i] for i in rows)]
    return next((f" ({listed(found)})" for found in names if len(set(found)) == len(rows)), "")


def _one_control_of_two(studies: Studies) -> Iterator[Said]:
    """Yield a sentence on trials whose names begin alike and which report the same control arm, outcomes included."""
    control = _control(studies)
    if studies.covariance is not None or len(control) < 2:  # one number may well be that of two arms
        return
    arms = np.column_stack(list(control.values()))
    sized = np.column_stack([x > 0 for role, x in control.items() if role != "mean_c"]).all(axis=1)
    trials, levels = trials_of(studies.labels, studies.data), levels_of(studies.data)
    keys = [(_stem(trial), *arm) for trial, arm in zip(trials, arms.tolist(), strict=True)]
    for rows in _equal(np.flatnonzero(sized & np.isfinite(arms).all(axis=1)).tolist(), keys):
        of = list(dict.fromkeys(str(trials[i]) for i in rows))
        if len(of) < 2 or _apart(rows, levels):
            continue
        names, arm = listed(of), {role: x[rows[0]] for role, x in control.items()}
        yield Said(
            f"{names} report the same control arm, {_arm_said(arm)}: if it is one, its patients are counted "
            f"{_times(rows)}",
            f"{names}, if they have one control arm: {SHARED}.",
            tuple(of),
        )


def _control(studies: Studies) -> dict[str, Floats]:
    """Return what is known of control arms by role, where that is an outcome and how many it is of."""
    found = {role: x for role in _CONTROL if (x := studies.counts(role)) is not None}
    return found if "events_c" in found or "mean_c" in found else {}


def _arm_said(arm: dict[str, float]) -> str:
    """Return the figures of a control arm, such as ``4/50``."""
    if "mean_c" in arm:
        return f"mean {arm['mean_c']:g}"
    if "n_c" in arm:
        return f"{arm['events_c']:g}/{arm['n_c']:g}"
    return f"{arm['events_c']:g} events in {arm['time_c']:g}"


def _stem(label: str) -> str:
    """Return what names of one trial share: their first word, without the letter after its number, as of 2016a."""
    word = next(iter(folded(str(label)).split()), str(label))
    return word[:-1] if word[-1:].isalpha() and word[-2:-1].isdigit() else word


def control_arms(labels: Sequence[str], column: pd.Series) -> list[str]:
    """Return the name of the control arm that each row shares with others, empty where it has its own.

    Where rows name their trial, which gives several, one name in several trials, such as placebo, is an arm in each.
    """
    of_trials = len(set(labels)) < len(labels)
    names = ["" if gap else str(x).strip() for x, gap in zip(column.tolist(), blanks(column), strict=True)]
    trials: dict[str, set[str]] = defaultdict(set)
    for name, label in zip(names, labels, strict=True):
        trials[name].add(label)
    several = {name for name, of in trials.items() if name and of_trials and len(of) > 1}
    return [f"{name} of {label}" if name in several else name for name, label in zip(names, labels, strict=True)]


def _apart(rows: Sequence[int], levels: Sequence[Sequence[str | None]]) -> bool:
    """Tell whether rows are of levels that share no patient, so that equal numbers are chance."""
    return any(
        a is not None and b is not None and not same_name(a, b) and not overlapping(a, b)
        for names in levels for a, b in combinations([names[i] for i in rows], 2)
    )  # fmt: skip


def _figures(studies: Studies) -> list[tuple[float, ...]]:
    """Return the effect, its variance and the counts of each row."""
    known = [studies.counts(role) for role in studies.roles if role.startswith(_COUNTED)]
    columns = np.array([studies.yi, studies.vi, *(x for x in known if x is not None)])
    return [tuple(row) for row in np.where(np.isnan(columns), -1.0, columns).T.tolist()]


def _groups(
    studies: Studies, keys: Sequence[tuple[float, ...]], told_apart: bool = False
) -> Iterator[tuple[str, list[int]]]:
    """Yield the rows of one trial that have one key, of the same arm and level where `told_apart`."""
    trials = trials_of(studies.labels, studies.data)
    full: list[tuple[Any, ...]] = list(zip(trials, keys, strict=True))
    found = [rows for rows in _equal(range(len(full)), full) if len(rows) > 1]
    if told_apart and found:
        arms = [texts(studies.data[c]) for c in studies.data.columns if c in ARMS]
        where = list(zip(*arms, *levels_of(studies.data), strict=True)) or [()] * len(full)
        found = [some for rows in found for some in _equal(rows, where) if len(some) > 1]
    yield from ((trials[rows[0]], rows) for rows in found)


def _equal(rows: Iterable[int], keys: Sequence[Any]) -> list[list[int]]:
    groups = defaultdict(list)
    for i in rows:
        groups[keys[i]].append(i)
    return list(groups.values())
