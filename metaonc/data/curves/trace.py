"""Counts point by point: where the steps stand out of the noise, their heights tell how many are at risk.

The cheapest path (Viterbi) of numbers at risk from one point read to the next: each gap holds some events and some
censorings, the level follows from the counts, and a point lies on a plateau or on the drop that follows it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from .clean import Floats, Reading
from .place import Span, censoring_profile

Ints = NDArray[np.int_]

_WIDEST = 48  # states kept a point
_WORST = 25.0  # states dearer than the best by more are dropped
_AT_ONCE, _APART = 4.0, 2.5  # noise units within which two times are one, and beyond which two heights are two
_STRAY = 12.0  # a point costs at most this much
_TRIALS = 6
_RARE = 1e-3  # censorings expected in a gap where none need be


@dataclass(frozen=True, slots=True)
class _Front:
    at: Ints
    level: Floats
    cost: Floats


def traced(reading: Reading, span: Span, level: float, lost: float, target: int | None) -> tuple[int, Floats] | None:
    """Return the number of events in the span and its censoring times; None where no path fits the table.

    Parameters
    ----------
    reading, span, level
        The curve, the follow-up in question, and the Kaplan-Meier level at its start.
    lost
        Censorings expected in the span.
    target
        Number of events to be met: each is priced until the path has as many, and what remains is taken from or
        given to the censorings, evenly.
    """
    found = _path(reading, span, level, lost, 0.0)
    if found is None or target is None or found[0] == target:
        return found
    sign = 1.0 if found[0] > target else -1.0
    low, high, bound = 0.0, 1.0, False
    for _ in range(_TRIALS):
        price = (low + high) / 2 if bound else high
        trial = _path(reading, span, level, lost, sign * price)
        if trial is None:
            break
        found = min(found, trial, key=lambda f: abs(f[0] - target))
        if found[0] == target:
            return found
        short = sign * (trial[0] - target) > 0
        low, high, bound = (price, high if bound else 2 * high, bound) if short else (low, price, True)
    return target, _resized(found[1], span.n_a - span.n_b - target, span)


def _resized(times: Floats, count: int, span: Span) -> Floats:
    known = np.concatenate([[span.a], times, [span.b]])
    place = (np.arange(max(count, 0)) + 0.5) / max(count, 1) * (len(known) - 1)
    return np.asarray(np.interp(place, np.arange(len(known)), known))


def _path(reading: Reading, span: Span, level: float, lost: float, price: float) -> tuple[int, Floats] | None:
    px, py = _plateaus(*reading.points_in(span.a, span.b, span.last), reading)
    px = np.clip(px, span.a, span.b)
    edges = np.concatenate([[span.a], px, [span.b]])
    t, mass = censoring_profile(reading, span)
    censored = np.maximum(lost * np.diff(np.interp(edges, t, mass / max(mass[-1], 1e-12))), _RARE)
    rate = max(span.n_a - span.n_b - lost, 1.0) / (span.b - span.a)
    deaths = rate * np.maximum(np.diff(edges), reading.noise_x)
    front = _Front(np.array([span.n_a]), np.array([level]), np.zeros(1))
    trail: list[tuple[Ints, Ints, Ints]] = []
    for k, y in enumerate([*py.tolist(), None]):
        front, kept = _advance(front, span, y, float(censored[k]), float(deaths[k]), reading.noise_y, price)
        if not len(front.at):
            return None
        trail.append(kept)
    return _back(trail, front, span, edges)


def _plateaus(px: Floats, py: Floats, reading: Reading) -> tuple[Floats, Floats]:
    """Leave out the points on a drop: those with one before, much higher, and one after, much lower, at their time."""
    if len(px) < 3:
        return px, py
    near, far = _AT_ONCE * reading.noise_x, _APART * reading.noise_y
    beside = np.append(True, np.diff(px) < near)
    above = np.append(np.inf, py[:-1] - py[1:])
    falls = (above > far) & beside
    on_drop = falls & np.append(falls[1:], False)
    return px[~on_drop], py[~on_drop]


def _advance(
    front: _Front, span: Span, y: float | None, mu: float, rate: float, noise: float, price: float
) -> tuple[_Front, tuple[Ints, Ints, Ints]]:
    at, level = front.at[:, None], np.maximum(front.level[:, None], 1e-9)
    exact = at * (1.0 - y / level) if y is not None else np.zeros(at.shape)
    most = at - span.n_b
    deaths = np.clip(np.floor(exact).astype(int) + np.array([-1, 0, 1, 2]), 0, most)
    after = level * (1.0 - deaths / np.maximum(at, 1))
    cost = front.cost[:, None] + price * deaths + _count_cost(deaths, rate, 2.0)
    if y is not None:
        cost = cost + np.minimum(((y - after) / noise) ** 2 / 2, _STRAY)
    cost, left, source = cost.ravel(), (at - deaths).ravel(), np.repeat(np.arange(len(front.at)), deaths.shape[1])
    low = max(span.n_b, int(left[np.argmin(cost)] - mu - 6 * np.sqrt(mu) - 8))
    if y is None and not span.last:
        low = span.n_b
    nxt = np.arange(low, int(left.max()) + 1) if y is not None or span.last else np.array([span.n_b])
    gone = left - nxt[:, None]
    paid = cost + np.where(gone < 0, np.inf, _count_cost(np.maximum(gone, 0), mu, mu + 0.5))
    best = np.argmin(paid, axis=1)
    total = paid[np.arange(len(nxt)), best]
    keep = np.flatnonzero(total <= total.min() + _WORST) if np.isfinite(total.min()) else np.zeros(0, dtype=int)
    if len(keep) > _WIDEST:
        keep = np.sort(keep[np.argsort(total[keep], kind="stable")[:_WIDEST]])
    best = best[keep]
    return _Front(nxt[keep], after.ravel()[best], total[keep]), (source[best], deaths.ravel()[best], gone[keep, best])


def _count_cost(count: Ints, mu: float, size: float) -> Floats:
    """Return minus the log of a negative binomial of mean `mu` and variance mu + mu^2 / size."""
    table = np.arange(int(count.max(initial=0)) + 1)
    share = mu / (size + mu)
    cost = (
        gammaln(size) + gammaln(table + 1.0) - gammaln(table + size) - size * np.log1p(-share) - table * np.log(share)
    )
    return cost[count]


def _back(trail: list[tuple[Ints, Ints, Ints]], front: _Front, span: Span, edges: Floats) -> tuple[int, Floats]:
    i = int(np.argmin(front.cost))
    left, events, censored = int(front.at[i]) - span.n_b, 0, []
    for k in range(len(trail) - 1, -1, -1):
        source, deaths, gone = (int(column[i]) for column in trail[k])
        events += deaths
        a, b = edges[k], edges[k + 1]
        censored.append(a + (b - a) * (np.arange(gone) + 0.5) / max(gone, 1))
        i = source
    return events, np.concatenate([*censored[::-1], np.full(left, span.b)])
