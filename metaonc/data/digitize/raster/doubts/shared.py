"""Curves that run along one line: where the same ink was read as two, or one goes on along another's end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from ..curves import Trace

_SAME = 0.6  # of a curve's columns: where it runs along another for longer, both may be one line
_SEEN = 0.5  # of the columns of an end along another of another colour: ink of its own in more shows that it goes on
_TAIL = 0.03  # of a curve's columns: a shorter end says little


def beside(trace: Trace, other: Trace) -> np.ndarray:
    """Return in which of a curve's columns it runs along another, or over it."""
    out = np.zeros(len(trace.path), dtype=bool)
    first, stop = max(trace.start, other.start), min(trace.stop, other.stop)
    if first < stop:
        a, b = (
            trace.path[first - trace.start : stop - trace.start],
            other.path[first - other.start : stop - other.start],
        )
        out[first - trace.start : stop - trace.start] = np.abs(a - b) <= _reach(trace, other)
    return out


def _reach(trace: Trace, other: Trace) -> float:
    return (trace.edges.width + other.edges.width) / 2 + 1


def one_line(traces: Sequence[Trace]) -> list[tuple[int, int, float]]:
    """Return curves of two colours that run along each other for most of one's length, and which part that is."""
    found = []
    for (i, trace), (k, other) in permutations(enumerate(traces), 2):
        if trace.colour != other.colour:
            part = float(beside(trace, other)[trace.edges.seen].mean())
            if part > _SAME:
                found.append((i, k, part))
    return found


def ends_along(traces: Sequence[Trace]) -> list[tuple[int, int, int]]:
    """Return curves whose end may be another's: from which column on.

    The first runs along the second to the end of both, without ink of its own, or goes on where the second, of its
    colour, ends on it.
    """
    found = []
    for (i, trace), (k, other) in permutations(enumerate(traces), 2):
        tail, last = _TAIL * len(trace.path), min(trace.stop, other.stop) - trace.start
        along = beside(trace, other)[:last]
        alone = last - int(np.argmin(np.append(along[::-1], False)))
        end = trace.edges.seen[alone:last]
        own = trace.colour != other.colour and len(end) > 0 and end.mean() > _SEEN
        if alone and not own and trace.stop - other.stop <= tail < last - alone:
            found.append((i, k, trace.start + alone))
        elif trace.colour == other.colour and trace.stop - other.stop > tail:
            beyond = trace.path[last - 1 : last + int(tail)]
            if (np.abs(beyond - other.path[-1]) <= _reach(trace, other)).any():
                found.append((i, k, other.stop))
    return found
