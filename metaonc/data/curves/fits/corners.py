"""Patients behind the corners of a staircase, as a vector figure or a table of estimates gives them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .clean import Floats, staircase
from .inputs import Inputs
from .inputs import spans as spans_of
from .place import Span, in_gap
from .steps import Node, Path, bounded, solve

_GRIDS = np.array([m * 10.0**-k for k in range(1, 9) for m in (1.0, 0.5)])
_EXACT = 1e-9  # coordinates finer than any grid above
_COARSER = (1e-5, 3e-5, 1e-4)  # tried where drops do not follow: a vector file's rounding on axes of any height
_FOLLOWED = 5.0  # standard errors within which a path must follow the levels
_TIED, _WHOLE = (
    50,
    1e-6,
)  # events at one time that are looked for, and what rounding of doubles leaves of a whole number
_NO_CORNERS = 5e-3  # off by more than this, the points are no corners of a staircase of whole patients
_SPECK = 0.4  # of the height of one event among all patients: a lower drop is rounding, not an event
_NEAR = 2e-3  # of the time axis: rounding of a time is less than this
_DOUBTS = 4  # drops so near to a row that both orders are tried
_RARE = 1e-3  # censorings expected in a gap where none need be


def _noises(levels: Floats) -> list[float]:
    """Return standard errors that the levels may have, least first.

    None where each drop is that of whole patients: levels such as 0.95 and 0.9 may be exact as well as rounded. Then
    that of rounding to the coarsest decimal grid that holds them all, if any does; then those of a vector file.
    """
    grids = (g for g in _GRIDS if np.all(np.abs(levels / g - np.round(levels / g)) < 1e-5))
    rounded = float(next(grids, 0.0) / np.sqrt(12.0))
    least = [_EXACT] if _of_whole_patients(levels) else []
    return [*least, *([rounded] if rounded > _EXACT else []), *(n for n in _COARSER if n > rounded)]


def _of_whole_patients(levels: Floats) -> bool:
    """Return whether n = d S / (S - S') is a whole number at each drop, for some small number d of events."""
    fall = -np.diff(levels)[:, None]
    at_risk = np.arange(1, _TIED + 1) * levels[:-1, None] / fall
    unsure = _WHOLE + 4 * _EXACT * at_risk / fall  # what coordinates printed to nine digits leave of a whole number
    return bool(np.all(np.any(np.abs(at_risk - np.round(at_risk)) < unsure, axis=1)))


def from_corners(given: Inputs) -> tuple[Floats, Floats] | None:
    """Return the times of events and of censorings where the points are exact corners, else None."""
    if given.points != "corners":
        return None
    drops, levels = staircase(given.time, given.survival)
    return fill_steps(drops, levels, spans_of(given, float(given.time.max())), given.events, given.ticks)


def fill_steps(
    drops: Floats, levels: Floats, spans: Sequence[Span], events: int | None, ticks: Floats
) -> tuple[Floats, Floats] | None:
    """Return the times of events and of censorings; None where no whole numbers of patients fit drops and table.

    Parameters
    ----------
    drops
        Times of the drops.
    levels
        Survival before the first drop and after each.
    spans
        Spans between rows of the at-risk table, the last to the curve's end.
    events
        Total of events, or None.
    ticks
        Sorted times of censoring marks; empty when there are none.
    """
    drops, levels = _without_specks(drops, levels, spans[0].n_a)
    off = np.inf
    for noise in _noises(levels):
        others, other = _best_order(drops, levels, spans, events, ticks, noise)
        if (again := _misfit(others, other, spans[0].n_a)) < off:
            nodes, path, off = others, other, again
        if off <= _FOLLOWED * noise:
            break
    if not off <= _NO_CORNERS:
        return None
    deaths = np.repeat([node.time for node in nodes], path.events)
    return deaths, _censorings(nodes, path, spans, ticks)


def _without_specks(drops: Floats, levels: Floats, n: int) -> tuple[Floats, Floats]:
    """Leave out drops too low for an event, as rounding makes them of a curve's start or of a flat piece."""
    keep = [0]
    for i in range(1, len(levels)):
        above = levels[keep[-1]]
        if above - levels[i] >= _SPECK * above / n:
            keep.append(i)
    kept = np.array(keep)
    return drops[kept[1:] - 1], levels[kept]


def _best_order(
    drops: Floats, levels: Floats, spans: Sequence[Span], events: int | None, ticks: Floats, noise: float
) -> tuple[list[Node], Path]:
    """Return the cheapest path over the orders that drops near to a row may have with it."""

    def attempt(times: Floats) -> tuple[list[Node], Path]:
        nodes = bounded(_nodes(times, levels, spans, events, ticks), spans[0].n_a)
        return nodes, solve(nodes, spans[0].n_a, noise, events)

    times, doubtful = _on_rows(drops, spans)
    nodes, path = attempt(times)
    for i in doubtful[:_DOUBTS]:
        other = times.copy()
        other[i] = drops[i]
        trial = attempt(other)
        if trial[1].cost < path.cost:
            times, (nodes, path) = other, trial
    return nodes, path


def _misfit(nodes: Sequence[Node], path: Path, n: int) -> float:
    """Return how far the path's curve is off the levels at most; infinite where it breaks a number at risk."""
    left = np.append(n, path.at_risk - path.events)
    if np.any(left[:-1] < path.at_risk) or left[-1] < 0:
        return np.inf
    level = np.cumprod(1 - path.events / np.maximum(path.at_risk, 1))
    return float(np.abs(level - [node.lower for node in nodes]).max(initial=0.0))


def _on_rows(drops: Floats, spans: Sequence[Span]) -> tuple[Floats, list[int]]:
    """Return the drops, those that rounding may have put just before a row on that row, and which these are.

    Patients whose event is at the time of a row are still at risk in it; a time rounded down would count them out.
    """
    times = drops.copy()
    near = 0.6 * float(np.diff(drops).min(initial=_NEAR * spans[-1].b))
    doubtful = []
    for span in spans[:-1]:
        i = int(np.searchsorted(drops, span.b, side="left")) - 1
        if i >= 0 and span.b - drops[i] <= near:
            times[i] = span.b
            doubtful.append(i)
    return times, doubtful


def _nodes(drops: Floats, levels: Floats, spans: Sequence[Span], events: int | None, ticks: Floats) -> list[Node]:
    """Return drops and rows in order of time (a row before a drop at its time), with the censorings expected."""
    found: list[Node] = []
    for i, span in enumerate(spans):
        inside = (drops >= span.a) & ((drops < span.b) | span.last)
        times = np.append(drops[inside], span.b)
        above = np.append(levels[:-1][inside], levels[np.searchsorted(drops, span.b, side="left")])
        width = np.diff(np.append(span.a, times))
        fallen = span.last and levels[-1] <= 0  # then the last patient is there until the last drop
        end = 1.0 / levels[-2] if fallen else span.n_b / max(float(above[-1]), 1.0 / span.n_a)
        expected = _expected(span, end, above, width, ticks, times)
        if len(spans) == 1 and events is not None and not len(ticks):
            expected *= (span.n_a - events) / max(float(expected.sum()), _RARE)
        expected = np.maximum(expected, _RARE)
        below = levels[1:][inside]
        found += [
            Node(t, up, down, 0, 0, e)
            for t, up, down, e in zip(times[:-1], above[:-1], below, expected[:-1], strict=True)
        ]
        if not span.last:
            found.append(Node(span.b, above[-1], above[-1], 0, 0, expected[-1], spans[i + 1].n_a))
    return found


def _expected(span: Span, end: float, above: Floats, width: Floats, ticks: Floats, times: Floats) -> Floats:
    """Return the censorings expected in each gap: its ticks, or an even fall of N G over the span, to `end`."""
    if len(ticks):
        edges = np.searchsorted(ticks, np.append(span.a, times), side="left")
        return np.diff(edges).astype(float)
    fall = max(span.n_a / max(float(above[0]), 1.0 / span.n_a) - end, 0.0)
    return fall * above * width / max(span.b - span.a, 1e-300)


def _censorings(nodes: Sequence[Node], path: Path, spans: Sequence[Span], ticks: Floats) -> Floats:
    start, left, out = spans[0].a, spans[0].n_a, []
    for node, at_risk, deaths in zip(nodes, path.at_risk, path.events, strict=True):
        out.append(in_gap(start, node.time, left - at_risk, ticks))
        start, left = node.time, at_risk - deaths
    rest = in_gap(start, spans[-1].b, left, ticks)
    if left:
        rest[-1] = spans[-1].b
    return np.concatenate([*out, rest])
