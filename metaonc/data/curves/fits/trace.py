"""Counts point by point: where the steps stand out of the noise, their heights tell how many are at risk.

The cheapest path (Viterbi) of numbers at risk from one plateau point to the next: each gap holds some events and some
censorings, the level follows from the counts, and each point lies near its level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
_CHOICES = np.array([[-1], [0], [1], [2]])  # events in a gap, beside the whole part of those that meet the next point


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
    `cheapest` is the count of the lowest price, `ahead` the lowest price of a count or any larger one.
    """

    heights: Floats
    most: Floats
    edges: Floats
    censored: Floats
    cheapest: Ints
    ahead: Floats
    deaths: Floats
    reach: Ints
    ticks: Floats


class _Front(NamedTuple):
    """Numbers at risk, and for each the level of the cheapest way to it and what that costs."""

    at: Ints
    level: Floats
    cost: Floats


class _Step(NamedTuple):
    """Numbers at risk after a gap, and the place in `deaths` (choices by numbers before) of the way to each."""

    at: Ints
    came: Ints
    deaths: Ints


@dataclass(frozen=True, slots=True)
class Traced:
    """A span counted step by step: the cheapest path, and what others are found from.

    Attributes
    ----------
    free
        The number of events of the cheapest path, and its censoring times.
    """

    free: tuple[int, Floats]
    _points: _Points
    _span: Span
    _level: float
    _noise: float

    @classmethod
    def of(cls, reading: Reading, span: Span, level: float, expected: Expected) -> Traced:
        """Return the counts of a span of follow-up from the Kaplan-Meier level at its start and what is expected."""
        points = _points(reading, span, expected)
        return cls(_path(points, span, level, reading.noise_y, 0.0), points, span, level, reading.noise_y)

    def with_events(self, target: int | None, trials: int) -> tuple[int, Floats]:
        """Return the number of events in the span and its censoring times.

        Parameters
        ----------
        target
            Number of events to be met: each is priced until the path has about as many, and what remains is taken
            from or given to the censorings, evenly. None: as many as the cheapest path has.
        trials
            Prices tried at most.
        """
        if target is None or self.free[0] == target:
            return self.free
        return target, _resized(self._steered(target, trials)[1], target, self._span)

    def _steered(self, target: int, trials: int) -> tuple[int, Floats]:
        """Return the path whose number of events comes nearest to `target` among a few prices of an event."""
        low, high, price, found = 0.0, np.inf, 1.0, self.free
        sign = 1.0 if found[0] > target else -1.0
        for _ in range(trials):
            if abs(found[0] - target) <= _NEARLY * target:
                break
            trial = _path(self._points, self._span, self._level, self._noise, sign * price)
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
    ahead = np.minimum.accumulate(censored[:, ::-1], axis=1)[:, ::-1]
    deaths = _count_cost(counts, hit, _CLUSTER)
    return _Points(py, most, edges, censored, censored.argmin(axis=1), ahead, deaths, reach, expected.ticks)


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
    steps: list[_Step] = []
    priced = points.deaths + price * np.arange(points.deaths.shape[1])
    for k, (y, most) in enumerate(zip(points.heights.tolist(), points.most.tolist(), strict=True)):
        deaths = np.floor(front.at * (1.0 - y / front.level)).astype(int) + _CHOICES
        np.maximum(deaths, 0, out=deaths)
        np.minimum(deaths, front.at - span.n_b, out=deaths)
        after = deaths / np.maximum(front.at, 1)
        np.subtract(1.0, after, out=after)
        after *= front.level
        off = y - after
        off /= noise
        off *= off
        off /= 2
        np.minimum(off, most, out=off)
        off += front.cost + priced[k].take(deaths)
        left = (front.at - deaths).ravel()
        ends = max(span.n_b, _least(left) - int(points.reach[k])), int(front.at[-1])
        front, came = _censored(points, k, ends, left, after.ravel(), off.ravel())
        steps.append(_Step(front.at, came, deaths))
    ends = (0, int(front.at[-1])) if span.last else (span.n_b, span.n_b)
    none = np.zeros((1, len(front.at)), dtype=int)
    front, came = _censored(points, -1, ends, front.at, front.level, front.cost)
    steps.append(_Step(front.at, came, none))
    return _back(steps, int(np.argmin(front.cost)), span, points)


def _censored(
    points: _Points, gap: int, ends: tuple[int, int], left: Ints, level: Floats, cost: Floats
) -> tuple[_Front, Ints]:
    """Return the cheapest way to each number at risk from the first to the last of `ends`, and where each came from.

    Ways dearer by `_WORST` than one that is known are not looked at: they would be dropped.
    """
    price, least = points.censored[gap], int(points.cheapest[gap])
    first = int(cost.argmin())
    cheapest, start = float(cost[first]), int(left[first])
    gone = min(max(least, start - ends[1]), start - ends[0])
    most = cheapest + float(price[gone]) + _WORST + _SLACK
    likely = (cost <= most - price[least]).nonzero()[0]
    left = left[likely]
    furthest = int(points.ahead[gap].searchsorted(most - cheapest, side="right")) - 1
    at = np.arange(max(ends[0], _least(left) - furthest), min(ends[1], int(left[left.argmax()])) + 1)
    paid = price.take(left - at[:, None])
    paid += cost[likely]
    best = paid.argmin(axis=1)
    total = paid[np.arange(len(at)), best]
    keep = (total <= total[total.argmin()] + _WORST).nonzero()[0]
    if len(keep) > _WIDEST:
        keep = np.sort(keep[np.argsort(total[keep], kind="stable")[:_WIDEST]])
    came = likely[best[keep]]
    return _Front(at[keep], np.maximum(level[came], 1e-9), total[keep]), came


def _least(counts: Ints) -> int:
    return int(counts[counts.argmin()])  # a third of the time of min()


def _back(steps: Sequence[_Step], i: int, span: Span, points: _Points) -> tuple[int, Floats]:
    """Return the events and the censoring times of the way to the `i`-th number at risk after the last step."""
    left, events, censored = int(steps[-1].at[i]) - span.n_b, 0, []
    for k in range(len(steps) - 1, -1, -1):
        step = steps[k]
        choice, source = divmod(int(step.came[i]), step.deaths.shape[1])
        before = int(steps[k - 1].at[source]) if k else span.n_a
        deaths = int(step.deaths[choice, source])
        events += deaths
        if gone := before - deaths - int(step.at[i]):
            censored.append(in_gap(points.edges[k], points.edges[k + 1], gone, points.ticks))
        i = source
    return events, np.concatenate([*censored[::-1], np.full(left, span.b)])
