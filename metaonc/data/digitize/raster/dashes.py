"""Which of several lines of one colour goes on as which after they met, by the lengths of their dashes.

Lines that are followed one after the other are lines of the figure up to exchanges where two come close. Between such
places each shows its dashes, whose lengths are distributed alike all along a line; a solid one shows one dash without
end. An order says which line of the figure each followed one is; the best orders are found by dynamic programming, the
distributions by expectation and maximisation, and what a stretch says rests on the dashes of all others alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise, permutations

import numpy as np

from ....base.check import Floats
from ..scale.raster_lines import runs
from .curves import Trace
from .edges import Along, Edges

_LENGTHS = (1.5, 3.0, 5.0, 9.0)  # widths of the line between which dashes are of one kind
_ROUNDS = 8  # of expectation and maximisation
_PRIOR = 0.3  # dashes of each kind that any line is taken to have
_EXCHANGE = 1.0  # logarithm of the odds against one
_ODDS = 5.0  # of an order to the best, as a logarithm, from which it is out of the question
_APART = 0.3  # of the dashes of two lines that are of unlike lengths: with fewer they have one look
_NEAR = 2.0  # widths of two lines together, within which a path jumps from one's dashes to the other's
_MOST = 5  # lines of one colour: their orders grow as the factorial
Order = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Where a line may be another.

    Attributes
    ----------
    columns
        First and one beyond the last, for each stretch, from the line's start.
    error
        Root mean square of the rows by which the line is off if it is another in all of them.
    """

    columns: list[tuple[int, int]]
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class _Meeting:
    """The column where two lines part."""

    column: int
    pair: tuple[int, int]


def by_dashes(traces: Sequence[Trace]) -> list[tuple[Trace, Ambiguity]]:
    """Return lines of one colour, parts exchanged where their dashes say so, each with where that is open."""
    near = _near(traces)
    meetings = _meetings(near)
    if not meetings or len(traces) > _MOST:
        return [(trace, Ambiguity([], np.inf if meetings else 0.0)) for trace in traces]
    orders = list(permutations(range(len(traces))))
    edges = [0, *(m.column for m in meetings), max(len(t.path) for t in traces)]
    stretches = list(pairwise(edges))
    width = max(t.edges.width for t in traces)
    seen = np.array(
        [[_dashes(t, ~near[i].any(axis=0), a, b, width) for i, t in enumerate(traces)] for a, b in stretches]
    )
    moves = [_swaps(orders, m.pair) for m in meetings]
    anchor = int(np.argmax(np.diff(edges)))  # where what is called which line does not matter
    best = [0] * len(stretches)
    for _ in range(_ROUNDS):
        score = _scores(seen, orders, best)
        score[anchor, 1:] = -np.inf
        reach = _reach(score, moves)
        best = reach.argmax(axis=1).tolist()
    lost = _lost(near, _of_lines(seen, orders, best).sum(axis=0))
    mine = score[np.arange(len(best)), best][:, None]
    possible = reach >= reach.max(axis=1, keepdims=True) - _ODDS
    possible |= score > mine + _ODDS  # a path may have jumped from one line to another where they do not meet
    lines = []
    for j in range(len(traces)):
        parts = [orders[k].index(j) for k in best]
        others = [{orders[k].index(j) for k in np.flatnonzero(p)} for p in possible]
        line, where = _joined(traces, stretches, parts), _unsure(traces, stretches, parts, others)
        lines.append((line, Ambiguity(where.columns, np.inf) if j in lost else where))
    return lines


def _lost(near: np.ndarray, dashes: Floats) -> set[int]:
    """Return the lines that meet another again whose dashes are alike."""
    kinds = [_kinds(counts) for counts in dashes]
    alike = [
        (i, k)
        for i, k in combinations(range(len(near)), 2)
        if np.abs(kinds[i] - kinds[k]).sum() < 2 * _APART and len(runs(near[i, k])[0]) > 1
    ]
    return {line for pair in alike for line in pair}


def _near(traces: Sequence[Trace]) -> np.ndarray:
    """Return in which columns two lines are near: lines by lines by columns."""
    wide = max(len(t.path) for t in traces)
    out = np.zeros((len(traces), len(traces), wide), dtype=bool)
    for i, k in combinations(range(len(traces)), 2):
        one, other = traces[i], traces[k]
        stop = min(len(one.path), len(other.path))
        reach = _NEAR * (one.edges.width + other.edges.width)
        out[i, k, :stop] = out[k, i, :stop] = np.abs(one.path[:stop] - other.path[:stop]) <= reach
    return out


def _meetings(near: np.ndarray) -> list[_Meeting]:
    found = [_Meeting(int(end), (i, k)) for i, k in combinations(range(len(near)), 2) for end in runs(near[i, k])[1]]
    return sorted(found, key=lambda m: m.column)


def _dashes(trace: Trace, alone: np.ndarray, start: int, stop: int, width: float) -> Floats:
    """Return how many dashes of each length a line has in a stretch: whole ones, and those whose end is not seen."""
    counts = np.zeros((2, len(_LENGTHS) + 1))
    line = trace.along.part(start, stop)
    for a, b in zip(*runs(alone[line.columns]), strict=True):
        part = line.drawn[a:b]
        for first, last in zip(*runs(part), strict=True):
            whole = first > 0 and last < len(part)
            counts[0 if whole else 1, np.searchsorted(_LENGTHS, (last - first) / width)] += 1
    return counts


def _scores(seen: Floats, orders: Sequence[Order], best: Sequence[int]) -> Floats:
    """Return the log likelihood of each order in each stretch, by the dashes of all other stretches."""
    count, lines = seen.shape[:2]
    of = _of_lines(seen, orders, best)
    out = np.zeros((count, len(orders)))
    for s in range(count):
        log = np.log([_kinds(np.delete(of[:, j], s, axis=0).sum(axis=0)) for j in range(lines)])
        tail = np.log(np.cumsum(np.exp(log)[:, ::-1], axis=1)[:, ::-1])
        fit = seen[s, :, 0] @ log.T + seen[s, :, 1] @ tail.T
        out[s] = [sum(fit[i, j] for i, j in enumerate(order)) for order in orders]
    return out


def _of_lines(seen: Floats, orders: Sequence[Order], best: Sequence[int]) -> Floats:
    """Return the dashes of each line in each stretch, from those of each followed one."""
    lines = seen.shape[1]
    return np.array([[seen[s, orders[k].index(j)] for j in range(lines)] for s, k in enumerate(best)])


def _kinds(counts: Floats) -> Floats:
    """Return the distribution of a line's dashes; those without an end are as long as they are seen, or longer."""
    share = np.full(counts.shape[1], 1.0 / counts.shape[1])
    for _ in range(_ROUNDS):
        longer = np.cumsum(share[::-1])[::-1]
        full = counts[0] + share * np.cumsum(counts[1] / longer) + _PRIOR
        share = full / full.sum()
    return share


def _swaps(orders: Sequence[Order], pair: tuple[int, int]) -> np.ndarray:
    """Return the number of the order that each becomes when two lines are exchanged."""
    swapped = dict(zip(pair, pair[::-1], strict=True))
    return np.array([orders.index(tuple(o[swapped.get(i, i)] for i in range(len(o)))) for o in orders])


def _reach(score: Floats, moves: Sequence[np.ndarray]) -> Floats:
    """Return the best score of all sequences of orders through each order in each stretch."""
    before, after = np.zeros_like(score), np.zeros_like(score)
    for s, swap in enumerate(moves):
        come = before[s] + score[s]
        before[s + 1] = np.maximum(come, come[swap] - _EXCHANGE)
    for s in range(len(moves) - 1, -1, -1):
        go = after[s + 1] + score[s + 1]
        after[s] = np.maximum(go, go[moves[s]] - _EXCHANGE)
    return np.asarray(before + score + after)


def _joined(traces: Sequence[Trace], stretches: Sequence[tuple[int, int]], mine: Sequence[int]) -> Trace:
    """Return the line that goes along one followed line after the other."""
    ends = [min(b, len(traces[i].path)) for (_, b), i in zip(stretches, mine, strict=True)]
    stop = max(end for (a, _), end in zip(stretches, ends, strict=True) if end > a)
    nothing = np.full(stop, np.nan)
    edges = Edges(nothing, nothing.copy(), np.zeros(stop, int), np.full(stop, -1), traces[mine[0]].edges.width)
    path, along = np.zeros(stop, int), list[Along]()
    for (a, _), end, i in zip(stretches, ends, mine, strict=True):
        path[a:] = traces[i].path[min(a, len(traces[i].path) - 1)]
        path[a:end] = traces[i].path[a:end]
        along.append(traces[i].along.part(a, end))
        for name in ("upper", "lower", "top", "bottom"):
            getattr(edges, name)[a:end] = getattr(traces[i].edges, name)[a:end]
    joined = Along(
        *(np.concatenate([getattr(x, name) for x in along]) for name in ("columns", "drop", "drawn", "aside"))
    )
    return replace(traces[mine[-1]], path=path, edges=edges, along=joined)


def _unsure(
    traces: Sequence[Trace], stretches: Sequence[tuple[int, int]], mine: Sequence[int], others: Sequence[set[int]]
) -> Ambiguity:
    """Return where other lines are possible, over the columns that the line has."""
    off, shown = np.zeros(stretches[-1][1]), 0
    for (a, b), i, possible in zip(stretches, mine, others, strict=True):
        shown += max(min(b, len(traces[i].path)) - a, 0)
        for k in possible - {i}:
            stop = min(b, len(traces[i].path), len(traces[k].path))
            off[a:stop] = np.maximum(off[a:stop], np.abs(traces[i].path[a:stop] - traces[k].path[a:stop]))
    error = float(np.sqrt((off**2).sum() / shown))
    columns = [(int(a), int(b)) for a, b in zip(*runs(off > 0), strict=True)] if error > 0 else []
    return Ambiguity(columns, error)
