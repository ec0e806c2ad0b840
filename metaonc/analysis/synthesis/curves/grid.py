"""Rows of curves, one a trial and time: checked along each curve, and set on common times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import Floats, more_like_it
from ....base.messages.advice import option
from ....errors import DataError

COLUMNS = ["study", "group", "time", "survival", "n_risk"]


def ordered(rows: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Return rows curve by curve in the order of time, and whether each is the first of its curve."""
    code = rows.groupby(["study", "group"], sort=False).ngroup().to_numpy()
    order = np.lexsort((rows["time"], code))
    first = np.diff(code[order], prepend=-1) != 0
    return rows.iloc[order].reset_index(drop=True), first


def once_each(rows: pd.DataFrame, first: Any, by: str | None) -> None:
    """Refuse a time that a curve has twice."""
    twice = ~first & (np.diff(rows["time"], prepend=-1.0) == 0)
    if twice.any():
        i = int(np.argmax(twice))
        fix = "" if by else f", or tell arms apart by {option('by', '...')}"
        raise DataError(
            f"{_whose(rows, i, by)} has time {rows['time'][i]:g} twice (rows {rows['row'][i - 1]} and "
            f"{rows['row'][i]}); leave one out{fix}.{more_like_it(int(twice.sum()) - 1)}"
        )


def patients_fall(rows: pd.DataFrame, first: Any, by: str | None, name: str) -> None:
    """Refuse patients at risk who become more."""
    n = rows["n_risk"].to_numpy()
    rises = ~first & (np.diff(n, prepend=np.inf) > 0)
    if rises.any():
        i = int(np.argmax(rises))
        raise DataError(
            f"{_whose(rows, i, by)} (row {rows['row'][i]}): {name} rises from {n[i - 1]:g} to {n[i]:g}; patients at "
            f"risk cannot become more: correct it.{more_like_it(int(rises.sum()) - 1)}"
        )


def survival_falls(
    rows: pd.DataFrame, first: NDArray[np.bool_], by: str | None, name: str, *, isotonic: bool
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Refuse survival that rises, or make it monotone; return the rows and a sentence on each curve changed."""
    s = rows["survival"].to_numpy()
    before = np.where(first, 1.0, np.append(1.0, s[:-1]))
    rises = s > before + 1e-12
    if not rises.any():
        return rows, ()
    if not isotonic:
        i = int(np.argmax(rises))
        raise DataError(
            f"{_whose(rows, i, by)} (row {rows['row'][i]}): {name} rises from {before[i]:g} to {s[i]:g}; correct it, "
            f"or let {option('rising', 'isotonic')} make each curve monotone.{more_like_it(int(rises.sum()) - 1)}"
        )
    curve = np.cumsum(first)
    changed, said = s.copy(), []
    for number in np.unique(curve[rises]):
        own = np.flatnonzero(curve == number)
        changed[own] = np.minimum(monotone(s[own]), 1.0)
        most = float(np.abs(changed[own] - s[own]).max())
        said.append(
            f"{_whose(rows, int(own[0]), by)}: survival rose with time and was made monotone, by {most:.3g} at most"
        )
    return rows.assign(survival=changed), tuple(said)


def monotone(values: Floats) -> Floats:
    """Return the nearest values that never rise, by least squares (pool adjacent violators)."""
    level: list[tuple[float, int]] = []
    for value in values.tolist():
        mean, count = value, 1
        while level and level[-1][0] < mean:
            last, earlier = level.pop()
            mean, count = (mean * count + last * earlier) / (count + earlier), count + earlier
        level.append((mean, count))
    return np.repeat([mean for mean, _ in level], [count for _, count in level])


def from_counts_at_times(rows: pd.DataFrame, first: Any, by: str | None, time: str) -> pd.DataFrame:
    """Return rows with the patients at risk at the start of the interval that ends at their time."""
    late = first & (rows["time"] != 0).to_numpy()
    if late.any():
        i = int(np.argmax(late))
        raise DataError(f"{_whose(rows, i, by)} has no row of {time}=0, so that who is at risk at the start is not "
                        "known; add it, with survival 1.")  # fmt: skip
    dead = first & (rows["survival"] != 1).to_numpy()
    if dead.any():
        i = int(np.argmax(dead))
        raise DataError(f"{_whose(rows, i, by)} (row {rows['row'][i]}): survival at {time}=0 is "
                        f"{rows['survival'][i]:g}, not 1.")  # fmt: skip
    start = np.append(np.nan, rows["n_risk"].to_numpy()[:-1])
    empty = ~first & (start == 0)
    if empty.any():
        i = int(np.argmax(empty))
        raise DataError(f"{_whose(rows, i, by)} (row {rows['row'][i]}): nobody is at risk before time "
                        f"{rows['time'][i]:g}; leave the row out.")  # fmt: skip
    return pd.DataFrame(rows.assign(n_risk=start)[~first])


def on_common_times(rows: pd.DataFrame) -> None:
    """Refuse a curve that lacks a time of the others before its last, or that goes on after survival has come to 0."""
    rows, first = ordered(rows)
    grid = np.unique(rows["time"])
    place = np.arange(len(rows)) - np.maximum.accumulate(np.where(first, np.arange(len(rows)), 0))
    lacks = rows["time"].to_numpy() != grid[np.minimum(place, len(grid) - 1)]
    if lacks.any():
        i = int(np.argmax(lacks))
        raise DataError(
            f"trial {rows['study'][i]!r} has survival at time {rows['time'][i]:g} but not at {grid[place[i]]:g}, where "
            f"other trials have it: read it there, or give times=[...] that each trial has up to its last."
        )
    gone = ~first & (np.append(1.0, rows["survival"].to_numpy()[:-1]) <= 0)
    if gone.any():
        i = int(np.argmax(gone))
        raise DataError(f"trial {rows['study'][i]!r}: survival is 0 at time {rows['time'][i - 1]:g}; leave its later "
                        "times out.")  # fmt: skip


def at_given_times(rows: pd.DataFrame, at: Floats) -> pd.DataFrame:
    """Return the rows at given times, each with the patients at risk at the start of its now longer interval."""
    place = np.searchsorted(at, rows["time"], side="left")  # the interval of `at` that a row's own belongs to
    start = rows.assign(place=place).groupby(["study", "group", "place"], sort=False)["n_risk"].transform("first")
    found = rows.assign(n_risk=start.to_numpy())[np.isin(rows["time"], at)]
    if not len(found):
        raise DataError(f"no trial has survival at one of times={at.tolist()}.")
    return found.reset_index(drop=True)


def _whose(rows: pd.DataFrame, i: int, by: str | None) -> str:
    return f"trial {rows['study'][i]!r}" + (f", {by}={rows['group'][i]!r}" if by else "")
