"""Events and censorings inside one span of follow-up: where they fall, and how far that lies from what was read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from .clean import Floats, Reading

GRID = np.linspace(0.0, 1.0, 33)  # quadrature of the censoring profile; finer grids move no patient
_ROUNDS = 3  # of placing events by the levels that follow from where they stand
_TRUST = 0.5  # weight of a squared error: neighbouring points err together
_ZERO = 0.35  # of a step: a curve that ends lower than this has fallen to 0
_FAR = 25.0  # squared distance in noise units at which one stray point stops pulling
_REACH = 5.01  # noise units from a point to a step beyond which the distance is more than that


@dataclass(frozen=True, slots=True)
class Span:
    """Follow-up between two rows of the at-risk table.

    Attributes
    ----------
    a, b
        Its ends; patients with a <= time < b leave in it (<= b in the last one).
    n_a, n_b
        Numbers at risk at its ends; 0 at the end of the curve, where nobody is left.
    last
        Whether it ends where the curve ends.
    """

    a: float
    b: float
    n_a: int
    n_b: int
    last: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """One way to fill a span: event and censoring times, the level it ends at, and what it costs."""

    cost: float
    events: Floats
    censored: Floats
    level: float


def censoring_profile(reading: Reading, span: Span, power: float = 1.0, bend: float = 1.0) -> tuple[Floats, Floats]:
    """Return times and the cumulative mass of censorings for a falling chance G(t) of being uncensored.

    G falls from 1 to its value at the span's end along (1 - u^power)^bend, u = (t - a) / (b - a); since n = N S G,
    censorings have the density S(t) |dG|. Power 1, bend 1 is an even censoring time, as even accrual gives; a power
    less than 1 is early, more than 1 late; a bend of more than 1 lets G die away gently.
    """
    t = span.a + (span.b - span.a) * (1.0 - (1.0 - GRID) ** (1.0 / bend)) ** (1.0 / power)
    s = reading.at(t)
    return t, np.concatenate([[0.0], np.cumsum((s[1:] + s[:-1]) / 2)]) / (len(GRID) - 1)


def spread(count: int, t: Floats, mass: Floats) -> Floats:
    """Return `count` times at the mid-quantiles of a cumulative mass (evenly where there is no mass)."""
    quantile = (np.arange(count) + 0.5) / max(count, 1)
    if mass[-1] <= 0:
        mass = np.linspace(0.0, 1.0, len(t))
    return np.asarray(np.interp(quantile * mass[-1], mass, t))


def spread_on(count: int, ticks: Floats, power: float = 1.0) -> Floats:
    """Return `count` times on the ticks: each once, then more along a power of their order (1 evenly, less early)."""
    more = count - len(ticks)
    if more < 0:
        return np.asarray(ticks[((np.arange(count) + 0.5) / max(count, 1) * len(ticks)).astype(int)])
    again = ((np.arange(more) + 0.5) / max(more, 1)) ** (1.0 / power) * len(ticks)
    return np.sort(np.concatenate([ticks, ticks[np.minimum(again.astype(int), len(ticks) - 1)]]))


def spread_beside(count: int, ticks: Floats, t: Floats, mass: Floats) -> Floats:
    """Return `count` times: one a tick, the others at the mid-quantiles of a cumulative mass; ticks alone if fewer."""
    more = count - len(ticks)
    if more < 0:
        return spread_on(count, ticks)
    return np.sort(np.concatenate([ticks, spread(more, t, mass)])) if len(ticks) else spread(more, t, mass)


def moved_onto(ticks: Floats, times: Floats) -> Floats:
    """Return the times, sorted, with one of them on each tick: those move that are nearest (all on ticks if fewer)."""
    if not len(ticks) or len(times) < len(ticks):
        return spread_on(len(times), ticks) if len(ticks) else times
    tick, own = scipy.optimize.linear_sum_assignment(np.abs(ticks[:, None] - times))
    moved = times.copy()
    moved[own] = ticks[tick]
    return np.sort(moved)


def in_gap(a: float, b: float, count: int, ticks: Floats) -> Floats:
    """Return `count` censoring times with a <= time < b: on the marks there if any, evenly otherwise."""
    inside = ticks[np.searchsorted(ticks, a, side="left") : np.searchsorted(ticks, b, side="left")]
    if count > 0 and len(inside):
        return spread_on(count, inside)
    return a + (b - a) * (np.arange(max(count, 0)) + 0.5) / max(count, 1)


def place_events(reading: Reading, span: Span, level: float, count: int, censored: Floats) -> tuple[Floats, Floats]:
    """Return the times of `count` single events and the Kaplan-Meier level after each.

    The levels follow from the counts alone; an event stands where the curve read crosses the middle of its step.

    Parameters
    ----------
    reading
        The curve that was read.
    span
        The follow-up in question; events are kept inside it.
    level
        Kaplan-Meier level at its start.
    count
        Number of events.
    censored
        Sorted censoring times; one tied with an event comes after it.
    """
    if not count:
        return np.zeros(0), np.zeros(0)
    alone = span.n_a - np.arange(count)  # at risk before each event had nobody been censored
    times = _expected(reading, span, level, count, censored)
    lost = censored.searchsorted(times)
    for _ in range(_ROUNDS):  # the number censored before an event depends on its time, and the other way round
        levels = _levels(level, alone, lost)
        middle = levels.copy()
        middle[0] += level
        middle[1:] += levels[:-1]
        middle /= 2
        times = np.minimum(np.maximum(reading.crossing(middle), span.a), span.b)
        before, lost = lost, censored.searchsorted(times)
        if (lost == before).all():
            return times, levels
    return times, _levels(level, alone, lost)


def _expected(reading: Reading, span: Span, level: float, count: int, censored: Floats) -> Floats:
    """Return when `count` events are expected: N G falls by 1 / S at each censoring, and N S G by 1 at each event."""
    s = np.maximum(reading.at(censored), 1e-9)
    big_g = np.maximum(span.n_a / level - np.append(0.0, np.cumsum(1.0 / s)), 1e-9)
    before = np.maximum.accumulate(span.n_a - np.arange(len(censored)) - s * big_g[:-1])
    middle = np.arange(count) + 0.5
    gone = np.searchsorted(before, middle)
    return np.clip(reading.crossing((span.n_a - gone - middle) / big_g[gone]), span.a, span.b)


def _levels(level: float, alone: NDArray[np.int_], lost: NDArray[np.int_]) -> Floats:
    return np.asarray(level * (1.0 - 1.0 / np.maximum(alone - lost, 1)).cumprod())


def misfit(reading: Reading, span: Span, level: float, times: Floats, levels: Floats) -> float:
    """Return the sum of squared distances, in noise units, from the points read in the span to the staircase."""
    px, py = reading.points_in(span.a, span.b, span.last)
    if not len(px):
        return 0.0
    edge, height = np.concatenate([[span.a], times, [span.b]]), np.concatenate([[level], levels])
    far = _REACH * reading.noise_x
    first, stop = edge[1:].searchsorted(px - far), edge[:-1].searchsorted(px + far, side="right")
    size = np.maximum(stop - first, 1)
    starts = size.cumsum() - size
    point = np.arange(len(px)).repeat(size)
    tread = np.minimum(np.arange(len(point)) - (starts - first)[point], len(times))
    x, y = px[point], py[point]
    dx = np.maximum(np.maximum(edge[tread] - x, x - edge[tread + 1]), 0.0) / reading.noise_x
    d2 = dx**2 + ((y - height[tread]) / reading.noise_y) ** 2
    if len(times):
        drop = np.minimum(tread, len(times) - 1)
        dy = np.maximum(np.maximum(height[drop + 1] - y, y - height[drop]), 0.0) / reading.noise_y
        d2 = np.minimum(d2, ((x - times[drop]) / reading.noise_x) ** 2 + dy**2)
    return float(np.minimum(np.minimum.reduceat(d2, starts), _FAR).sum())


def filled(
    reading: Reading,
    span: Span,
    level: float,
    count: int,
    censored: Floats,
    prior: float = 0.0,
    ticks: Floats | None = None,
) -> Fit:
    """Return the fit with `count` events and these censorings; its cost is `prior` plus how far it lies off.

    Those on `ticks` stay there, as long as another can be the last patient.
    """
    if span.last and len(censored) and not falls_to_zero(reading, span, level):
        gone = len(censored) - 1
        if ticks is not None and len(ticks):
            gone = int(np.append(gone, np.flatnonzero(~np.isin(censored, ticks)))[-1])
        censored = np.append(np.delete(censored, gone), span.b)  # a curve is drawn to its last patient
    times, levels = place_events(reading, span, level, count, censored)
    after = float(levels[-1]) if count else level
    off = (after - reading.level(span.b)) / reading.noise_y
    far = off**2 + misfit(reading, span, level, times, levels)
    return Fit(prior + _tied(times, span, reading.noise_x) + _TRUST * far, times, censored, after)


def falls_to_zero(reading: Reading, span: Span, level: float) -> bool:
    """Return whether the curve is at 0 at the end of a span: below what all patients but one could leave."""
    return reading.level(span.b) < lowest(span, level)


def lowest(span: Span, level: float) -> float:
    """Return the survival in a span below which a reading is of 0."""
    return _ZERO * level / span.n_a


def _tied(times: Floats, span: Span, width: float) -> float:
    """Return what events too close to tell apart cost: the rarer events are, the more."""
    close = int((np.diff(times) < width).sum())
    return 2.0 * close * max(-float(np.log(max(len(times), 1) * width / max(span.b - span.a, width))), 0.0)
