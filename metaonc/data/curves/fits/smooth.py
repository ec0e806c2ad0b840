"""Patients behind points with noise: spans of follow-up are filled one after the other, each by its cheapest fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import numpy as np

from .allocate import allocate
from .clean import READERS, Floats, Reading
from .inputs import Inputs, spans
from .options import candidates
from .place import Fit, Span
from .quality import fall_unseen
from .task import Task

_QUICKER = 1.5  # censoring gathers pace: the last span loses G this much faster than the one before
_LEAST = 0.1  # of G: never foretell less than this to be lost before the end
_BEFORE = 1e-7  # of a span: an event read at its end happened before the row there

Ways = Callable[[Task], Iterable[Fit]]


def read(given: Inputs) -> Reading:
    """Return the curve through the points; corners that are none are read as clicks."""
    width = max(float(given.time.max()), float(given.row_time.max(initial=0.0)))
    return READERS["clicks" if given.points == "corners" else given.points](given.time, given.survival, width)


def patients(given: Inputs, reading: Reading, ways: Ways = candidates) -> tuple[Floats, Floats]:
    """Return the times of events and of censorings behind a curve as read, each span filled in the cheapest of ways."""
    parts = spans(given, reading.end)
    if parts[-1].b > reading.end:
        reading = reading.extended(parts[-1].b)
    fits = fill(reading, parts, given.events, given.ticks, ways, all_marked=given.all_marked)
    deaths = [
        np.minimum(f.events, p.b if p.last else p.b - _BEFORE * (p.b - p.a)) for f, p in zip(fits, parts, strict=True)
    ]
    return np.concatenate(deaths), np.concatenate([f.censored for f in fits])


def fill(
    reading: Reading,
    spans: Sequence[Span],
    events: int | None,
    ticks: Floats,
    ways: Ways = candidates,
    *,
    all_marked: bool,
) -> list[Fit]:
    """Return one fit a span.

    Parameters
    ----------
    reading
        The curve.
    spans
        Spans between rows of the at-risk table, one after the other, the last to the curve's end.
    events
        Total of events to be met, or None.
    ticks
        Sorted times of censoring marks; empty when there are none.
    ways
        The fits of a span from which the cheapest is taken.
    all_marked
        Whether the marks are of all who were censored.
    """
    walk = partial(_walk, reading, spans, ticks, all_marked, ways)
    if events is None:
        return _seen(reading, spans, walk(None, False))
    if len(spans) == 1:
        return _seen(reading, spans, walk([events], False))
    tried = list(walk(None, True))
    best = [_best(fits) for fits in tried]
    if sum(len(f.events) for f in best) == events:
        return best
    stiff = _stiffness(reading, spans, best)
    targets = allocate([_costs(fits) for fits in tried], stiff, [s.n_a - s.n_b for s in spans], events)
    return _seen(reading, spans, walk(targets, True))


def _stiffness(reading: Reading, spans: Sequence[Span], best: Sequence[Fit]) -> list[float]:
    """Return what one event more or less costs in each span: it moves the end of the span, or keeps it from 0."""
    begins = [1.0, *(f.level for f in best[:-1])]
    moved = [f.level or begin for f, begin in zip(best, begins, strict=True)]
    return [(level / max(s.n_a, 1) / reading.noise_y) ** 2 for level, s in zip(moved, spans, strict=True)]


def _seen(reading: Reading, spans: Sequence[Span], tried: Iterable[list[Fit]]) -> list[Fit]:
    """Return the cheapest fit of each span, at the curve's end one without events that no fall shows where there is."""
    *before, last = tried
    end = spans[-1].b
    read = reading.level(end)
    seen = [f for f in last if not fall_unseen(int((f.events >= end).sum()), read, f.level)]
    return [*(_best(fits) for fits in before), _best(seen or last)]


def _best(fits: Sequence[Fit]) -> Fit:
    return min(fits, key=lambda f: f.cost)


def _costs(fits: Sequence[Fit]) -> dict[int, float]:
    """Return the least cost of each number of events."""
    return {len(f.events): f.cost for f in sorted(fits, key=lambda f: -f.cost)}


def _walk(
    reading: Reading,
    spans: Sequence[Span],
    ticks: Floats,
    all_marked: bool,
    ways: Ways,
    targets: Sequence[int] | None,
    total: bool,
) -> Iterator[list[Fit]]:
    level, share = 1.0, 1.0
    for i, span in enumerate(spans):
        inside = ticks[(ticks >= span.a) & ((ticks < span.b) | span.last)]
        target = targets[i] if targets else None
        fits = list(ways(Task(reading, span, level, target, inside, all_marked, share, total)))
        yield fits
        before, level = level, _best(fits).level
        if span.n_b:
            share = _share_ahead(reading, span, before, level)


def _share_ahead(reading: Reading, span: Span, before: float, level: float) -> float:
    """Return the part of G that is lost before the curve's end if it goes on falling as in this span."""
    g_a, g_b = span.n_a / before, span.n_b / level
    slope = max(g_a - g_b, 0.0) / max(span.b - span.a, 1e-300)
    return float(np.clip(_QUICKER * slope * (reading.end - span.b) / g_b, _LEAST, 1.0))
