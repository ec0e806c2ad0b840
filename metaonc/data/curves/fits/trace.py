"""Counts point by point: where the steps stand out of the noise, their heights tell how many are at risk.

The cheapest path (Viterbi) of numbers at risk from one plateau point to the next: each gap holds some events and some
censorings, the level follows from the counts, and each point lies near its level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from .clean import Floats, Reading
from .place import Span, in_gap

Ints = NDArray[np.int_]

_WIDEST = 40  # states kept a point
_WORST = 20.0  # states dearer than the best by more are dropped
_SLACK = 1e-6  # of these costs: more than rounding adds
_STRAY, _PASSED = 40.0, 2.0  # a point costs at most this much, and one that may lie on a drop
_AT_ONCE, _APART = 4.0, 2.5  # noise units within which two times are one, and beyond which two heights are two
TRIALS = 4  # prices tried to meet a number of events
_NEARLY = 0.01  # of that number: what may be mended without looking for a better price
MISSING = 4.0  # what a mark without a patient costs
_RARE = 1e-3  # censorings expected in a gap where none need be
_CLUSTER = 2.0  # size of the negative binomial of events in a gap: the hazard is not even
_CHOICES = np.array([-1, 0, 1, 2])  # events in a gap, beside the whole part of those that meet the next point


@dataclass(frozen=True, slots=True)
class Expected:
    """What the censoring in a span is expected to be: how many, times with their cumulative share (0 to 1), marks."""

    lost: float
    times: Floats
    share: Floats
    ticks: Floats


@dataclass(frozen=True, slots=True)
class _Points:
    """Plateau points of a span and, for each gap around them, what counts cost and how far they go.

    Prices of censorings are followed by as many infinite ones, which is where counts below 0 look, from the end.
    """

    heights: Floats
    most: Floats
    edges: Floats
    censored: Floats
    deaths: Floats
    reach: Ints
    ticks: Floats


@dataclass(frozen=True, slots=True)
class _Front:
    at: Ints
    level: Floats
    cost: Floats


def traced(
    reading: Reading, span: Span, level: float, expected: Expected, target: int | None, trials: int
) -> tuple[int, Floats]:
    """Return the number of events in the span and its censoring times.

    Parameters
    ----------
    reading, span, level
        The curve, the follow-up in question, and the Kaplan-Meier level at its start.
    expected
        The censoring to be expected.
    target
        Number of events to be met: each is priced until the path has about as many, and what remains is taken from
        or given to the censorings, evenly.
    trials
        Prices tried at most.
    """
    points = _points(reading, span, expected)
    found = _path(points, span, level, reading.noise_y, 0.0)
    if target is None or found[0] == target:
        return found
    return target, _resized(_steered(points, span, level, reading.noise_y, found, target, trials)[1], target, span)


def _steered(
    points: _Points, span: Span, level: float, noise: float, found: tuple[int, Floats], target: int, trials: int
) -> tuple[int, Floats]:
    """Return the path whose number of events comes nearest to `target` among a few prices of an event."""
    low, high, price = 0.0, np.inf, 1.0
    sign = 1.0 if found[0] > target else -1.0
    for _ in range(trials):
        if abs(found[0] - target) <= _NEARLY * target:
            break
        trial = _path(points, span, level, noise, sign * price)
        found = min(found, trial, key=lambda f: abs(f[0] - target))
        if sign * (trial[0] - target) > 0:
            low = price
        else:
            high = price
        price = (low + high) / 2 if np.isfinite(high) else 2.5 * price
    return found


def _resized(times: Floats, events: int, span: Span) -> Floats:
    count = max(span.n_a - span.n_b - events, 0)
    if count == len(times):
        return times
    known = np.concatenate([[span.a], times, [span.b]])
    place = (np.arange(count) + 0.5) / max(count, 1) * (len(known) - 1)
    return np.asarray(np.interp(place, np.arange(len(known)), known))


def _points(reading: Reading, span: Span, expected: Expected) -> _Points:
    px, py, most = _plateaus(*reading.points_in(span.a, span.b, span.last), reading)
    edges = np.concatenate([[span.a], np.clip(px, span.a, span.b), [span.b]])
    lost = np.maximum(expected.lost * np.diff(np.interp(edges, expected.times, expected.share)), _RARE)
    rate = max(span.n_a - span.n_b - expected.lost, 1.0) / (span.b - span.a)
    hit = rate * np.maximum(np.diff(edges), reading.noise_x)
    counts = np.arange(span.n_a - span.n_b + 1.0)
    censored = _count_cost(counts, lost, lost + 0.5)
    if len(expected.ticks):
        marks = np.diff(np.searchsorted(expected.ticks, edges, side="left"))[:, None]
        censored = censored + MISSING * np.maximum(marks - counts, 0.0)
    reach = (censored <= censored.min(axis=1, keepdims=True) + _WORST).sum(axis=1)
    censored = np.pad(censored, ((0, 0), (0, censored.shape[1])), constant_values=np.inf)
    return _Points(py, most, edges, censored, _count_cost(counts, hit, _CLUSTER), reach, expected.ticks)


def _plateaus(px: Floats, py: Floats, reading: Reading) -> tuple[Floats, Floats, Floats]:
    """Return the points but those on a drop, and the most that each may cost.

    A point is on a drop when the one before is much higher and the one after much lower, both at its time; when only
    one of them is at its time it may be on the drop or on a short plateau, and is cheaply passed over.
    """
    if len(px) < 3:
        return px, py, np.full(len(px), _STRAY)
    near, far = _AT_ONCE * reading.noise_x, _APART * reading.noise_y
    inside = np.convolve(py[:-1] - py[1:] > far, [1, 1])[: len(py)] == 2
    beside = np.convolve(np.diff(px) < near, [1, 1])[: len(px)]
    keep = ~(inside & (beside == 2))
    return px[keep], py[keep], np.where(inside & (beside == 1), _PASSED, _STRAY)[keep]


def _count_cost(count: Floats, mean: Floats | float, size: Floats | float) -> Floats:
    """Return minus the log of negative binomials (variance mean + mean^2 / size), one row a mean."""
    mean, size = np.atleast_1d(mean)[:, None], np.atleast_1d(size)[:, None]
    share = mean / (size + mean)
    waiting = gammaln(size) + gammaln(count + 1.0) - gammaln(count + size)
    return np.asarray(waiting - size * np.log1p(-share) - count * np.log(share))


def _path(points: _Points, span: Span, level: float, noise: float, price: float) -> tuple[int, Floats]:
    front = _Front(np.array([span.n_a]), np.array([level]), np.zeros(1))
    trail: list[tuple[Ints, Ints, Ints]] = []
    deaths_cost = points.deaths + price * np.arange(points.deaths.shape[1])
    for k, y in enumerate(points.heights):
        deaths = np.floor(front.at * (1.0 - y / front.level)).astype(int)[:, None] + _CHOICES
        deaths = np.minimum(np.maximum(deaths, 0), (front.at - span.n_b)[:, None])
        after = front.level[:, None] * (1.0 - deaths / np.maximum(front.at, 1)[:, None])
        off = np.minimum(((y - after) / noise) ** 2 / 2, points.most[k])
        cost = front.cost[:, None] + deaths_cost[k][deaths] + off
        left = front.at[:, None] - deaths
        low = max(span.n_b, int(left.min()) - int(points.reach[k]))
        front, kept = _censor(np.arange(low, int(left.max()) + 1), left, deaths, after, cost, points.censored[k])
        trail.append(kept)
    deaths = np.zeros((len(front.at), 1), dtype=int)
    ends = np.arange(int(front.at.max()) + 1) if span.last else np.array([span.n_b])
    front, kept = _censor(
        ends, front.at[:, None], deaths, front.level[:, None], front.cost[:, None], points.censored[-1]
    )
    trail.append(kept)
    return _back(trail, front, span, points)


def _censor(
    ends: Ints, left: Ints, deaths: Ints, after: Floats, cost: Floats, price: Floats
) -> tuple[_Front, tuple[Ints, Ints, Ints]]:
    """Return the cheapest way to each number at risk in `ends`, and where it came from: state, events, censorings.

    Ways dearer by `_WORST` than one that is known are not looked at: they would be dropped.
    """
    width = left.shape[-1]
    cost, left = cost.ravel(), left.ravel()
    first, least = int(cost.argmin()), int(price.argmin())
    gone = min(max(least, left[first] - ends[-1]), left[first] - ends[0])
    most = cost[first] + price[gone] + _WORST + _SLACK
    likely = (cost <= most - price[least]).nonzero()[0]
    left = left[likely]
    furthest = (price <= most - cost[first]).nonzero()[0][-1]
    ends = ends[(ends >= left.min() - furthest) & (ends <= left.max())]
    away = left - ends[:, None]
    paid = cost[likely] + price.take(away)
    best = paid.argmin(axis=1)
    total = paid[np.arange(len(ends)), best]
    keep = (total <= total.min() + _WORST).nonzero()[0]
    if len(keep) > _WIDEST:
        keep = np.sort(keep[np.argsort(total[keep], kind="stable")[:_WIDEST]])
    best = best[keep]
    gone, best = away[keep, best], likely[best]
    level = np.maximum(after.ravel()[best], 1e-9)
    return _Front(ends[keep], level, total[keep]), (best // width, deaths.ravel()[best], gone)


def _back(trail: Sequence[tuple[Ints, Ints, Ints]], front: _Front, span: Span, points: _Points) -> tuple[int, Floats]:
    i = int(np.argmin(front.cost))
    left, events, censored = int(front.at[i]) - span.n_b, 0, []
    for k in range(len(trail) - 1, -1, -1):
        source, deaths, gone = (int(column[i]) for column in trail[k])
        events += deaths
        if gone:
            censored.append(in_gap(points.edges[k], points.edges[k + 1], gone, points.ticks))
        i = source
    return events, np.concatenate([*censored[::-1], np.full(left, span.b)])
