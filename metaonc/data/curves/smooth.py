"""Patients behind points with noise: spans of follow-up are filled one after the other, each by its cheapest fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .allocate import allocate
from .clean import Floats, Reading
from .options import Task, candidates
from .place import Fit, Span

_QUICKER = 1.5  # censoring gathers pace: the last span loses G this much faster than the one before
_LEAST = 0.1  # of G: never foretell less than this to be lost before the end


def fill(reading: Reading, spans: Sequence[Span], events: int | None, ticks: Floats) -> list[Fit]:
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
    """
    if events is None:
        return [_best(fits) for fits in _walk(reading, spans, ticks, None, False)]
    if len(spans) == 1:
        return [_best(fits) for fits in _walk(reading, spans, ticks, [events], False)]
    tried = list(_walk(reading, spans, ticks, None, True))
    best = [_best(fits) for fits in tried]
    if sum(len(f.events) for f in best) == events:
        return best
    stiff = [(f.level / max(s.n_a, 1) / reading.noise_y) ** 2 for f, s in zip(best, spans, strict=True)]
    targets = allocate([_costs(fits) for fits in tried], stiff, [s.n_a - s.n_b for s in spans], events)
    return [_best(fits) for fits in _walk(reading, spans, ticks, targets, True)]


def _best(fits: Sequence[Fit]) -> Fit:
    return min(fits, key=lambda f: f.cost)


def _costs(fits: Sequence[Fit]) -> dict[int, float]:
    """Return the least cost of each number of events."""
    return {len(f.events): f.cost for f in sorted(fits, key=lambda f: -f.cost)}


def _walk(
    reading: Reading, spans: Sequence[Span], ticks: Floats, targets: Sequence[int] | None, total: bool
) -> Iterator[list[Fit]]:
    level, share = 1.0, 1.0
    for i, span in enumerate(spans):
        inside = ticks[(ticks >= span.a) & ((ticks < span.b) | span.last)]
        target = targets[i] if targets else None
        fits = list(candidates(Task(reading, span, level, target, inside, share, total)))
        yield fits
        before, level = level, _best(fits).level
        if span.n_b:
            share = _share_ahead(reading, span, before, level)


def _share_ahead(reading: Reading, span: Span, before: float, level: float) -> float:
    """Return the part of G that is lost before the curve's end if it goes on falling as in this span."""
    g_a, g_b = span.n_a / before, span.n_b / level
    slope = max(g_a - g_b, 0.0) / max(span.b - span.a, 1e-300)
    return float(np.clip(_QUICKER * slope * (reading.end - span.b) / g_b, _LEAST, 1.0))
