"""The classic reconstruction: Guyot, Ades, Ouwens and Welton (2012), with even censoring between the rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .clean import Floats
from .inputs import Inputs

_SAME = 1e-9  # of an interval: a censoring this little after a point counts as at it


class Interval(NamedTuple):
    """Points from one row of the table to the next, and the number at risk at the next (None for the last interval).

    Attributes
    ----------
    time, survival
        The points, the first at the row itself.
    until, below
        Time and survival where the interval ends.
    n_next
        Number at risk there.
    """

    time: Floats
    survival: Floats
    until: float
    below: float
    n_next: int | None


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of the Kaplan-Meier equations over an interval: counts at each point, and what is left at its end."""

    events: tuple[int, ...]
    censored: tuple[int, ...]
    left: int
    level: float


def guyot(given: Inputs) -> tuple[Floats, Floats]:
    """Return the times of events and of censorings by the algorithm of Guyot et al.

    Notes
    -----
    Between two rows of the table c censorings are spread evenly; at each point d = round(n (1 - S / S')), S' being the
    reconstructed survival after the last event; c is moved by what the next row is missed by until it is met. After
    the last row c follows from the rate of censoring before it, and is moved until the total of events is met. Where
    that never happens (c goes round in a circle, or none is left to take away) the pass that came nearest is taken.

    Points are sorted by time and each is lowered to the least before it; each row adds a point of its own. Events
    stand at points, censorings half-way between two, the patients left at the end.
    """
    parts = list(_intervals(given))
    done: list[Pass] = []
    n, level = given.n, 1.0
    for part in parts:
        if part.n_next is None:
            rate = _rate(done, float(parts[-2].time[-1])) if done else 0.0
            found = _last(part, n, level, done, rate, given.events)
        else:
            found = _closed(part, n, level, part.n_next)
        done.append(found)
        n, level = found.left, found.level
    return _placed(parts, done, given.n)


def _intervals(given: Inputs) -> Iterator[Interval]:
    """Yield the intervals; a row of 0 after the curve's end closes the last one there."""
    time, survival = _falling(given.time, given.survival)
    end = float(time[-1])
    later = given.row_time > 0
    rows, sizes = given.row_time[later], given.row_n[later].astype(int)
    known = int(np.count_nonzero(sizes)) + 1  # up to the first row of 0
    rows, sizes = rows[:known], sizes[:known]
    inside = rows[(sizes > 0) | (rows <= end)]
    at = np.setdiff1d(inside, time)
    place = np.searchsorted(time, at)
    time, survival = np.insert(time, place, at), np.insert(survival, place, survival[place - 1])
    first = [0, *np.searchsorted(time, rows).tolist(), len(time)]
    for i, size in enumerate([*sizes.tolist(), None]):
        if first[i] < len(time):
            stop = min(first[i + 1], len(time) - 1)
            own = slice(first[i], first[i + 1])
            yield Interval(time[own], survival[own], float(time[stop]), float(survival[stop]), size)


def _falling(time: Floats, survival: Floats) -> tuple[Floats, Floats]:
    order = np.lexsort((-survival, time))
    t, s = np.append(0.0, time[order]), np.append(1.0, survival[order])
    return t, np.clip(np.minimum.accumulate(s), 0.0, 1.0)


def _closed(part: Interval, n: int, level: float, n_next: int) -> Pass:
    """Return the pass over an interval that meets the row at its end."""
    kept = part.below / part.survival[0] if part.survival[0] > 0 else 1.0
    return _search(part, n, level, round(n * kept - n_next), lambda p: p.left - n_next)


def _last(part: Interval, n: int, level: float, done: Sequence[Pass], rate: float, total: int | None) -> Pass:
    """Return the pass after the last row, which brings the events to the total when it is given."""
    censored = round(min(rate * (part.until - float(part.time[0])), n))
    if total is None:
        return _forward(part, n, level, censored)
    target = total - sum(sum(p.events) for p in done)
    if target <= 0 and done:  # the total is reached already
        none = (0,) * len(part.time)
        return Pass(none, none, n, level)
    return _search(part, n, level, censored, lambda p: sum(p.events) - target)


def _rate(done: Sequence[Pass], until: float) -> float:
    """Return the censorings a unit of time up to the last point before the last row."""
    # a first point next to 0 makes it infinite, of which no product with a length of 0 can be had
    return min(sum(sum(p.censored) for p in done) / until, sys.float_info.max) if until > 0 else 0.0


def _search(part: Interval, n: int, level: float, censored: int, excess: Callable[[Pass], int]) -> Pass:
    """Return the pass without excess, or the nearest to it, moving the number censored by the excess each time."""
    tried: dict[int, Pass] = {}
    while (censored := min(max(censored, 0), n)) not in tried:
        tried[censored] = _forward(part, n, level, censored)
        if not (more := excess(tried[censored])):
            return tried[censored]
        censored += more
    return min(reversed(tried.values()), key=lambda p: abs(excess(p)))


def _forward(part: Interval, n: int, level: float, censored: int) -> Pass:
    """Solve the Kaplan-Meier equations from point to point, for a number of censorings spread evenly."""
    events, lost = [], []
    for s, spread in zip(part.survival.tolist(), _spread(part, censored), strict=True):
        d = min(max(round(n * (1.0 - s / level)), 0), n) if level > 0 else 0
        level *= 1.0 - d / max(n, 1)
        c = min(spread, n - d)
        n -= d + c
        events.append(d)
        lost.append(c)
    return Pass(tuple(events), tuple(lost), n, level)


def _spread(part: Interval, count: int) -> list[int]:
    """Return how many of `count` evenly spaced times fall between each point and the next."""
    width = part.until - float(part.time[0])
    times = part.time[0] + np.arange(1, count + 1) * (width / (count + 1))
    bins = np.searchsorted(part.time, times - _SAME * width, side="left") - 1
    counts: list[int] = np.bincount(np.maximum(bins, 0), minlength=len(part.time)).tolist()
    return counts


def _placed(parts: Sequence[Interval], done: Sequence[Pass], n: int) -> tuple[Floats, Floats]:
    time = np.concatenate([p.time for p in parts])
    middle = (time + np.append(time[1:], time[-1])) / 2
    deaths = np.repeat(time, [d for p in done for d in p.events])
    censored = np.repeat(middle, [c for p in done for c in p.censored])
    return deaths, np.append(censored, np.full(n - len(deaths) - len(censored), time[-1]))
