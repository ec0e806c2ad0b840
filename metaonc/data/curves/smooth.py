"""Patients behind points with noise: spans of follow-up are filled one after the other, each by its cheapest fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from .clean import Floats, Reading
from .place import Fit, Span, censoring_profile, misfit, place_events, spread, spread_on

_POWERS = (1.0, 0.8, 1.3, 0.6, 1.7, 0.4, 2.5, 0.25, 4.0)  # shapes of the censoring inside a span, even first
_SHARES = (1.0, 0.7, 0.45, 0.25, 0.1)  # part of G lost before the curve's end; the rest is censored at its end
_STEEPEST = 20.0  # powers looked for when the number of events is given: 1 / 20 to 20
_POWER_SD = 0.6  # of log power around 0, and of log share around what the span before foretells
_BENDS = (1.0, 2.0)
_ENDS = tuple((b, k) for b in (1.0, 2.0, 3.0) for k in _SHARES[:4])
_BCOST, _B0 = 0.25, 1.0
_SHARE_SD = 0.3
_AHEAD = 1.5
_TEMP = 0.5
_ZERO = 0.35  # of a step: a curve that ends lower than this has fallen to 0


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
        return [min(o, key=_cost) for o in _walk(reading, spans, ticks, None)]
    if len(spans) > 1:
        options = list(_walk(reading, spans, ticks, None))
        targets = allocate([{len(f.events): f.cost for f in reversed(_by_cost(o))} for o in options], spans, events)
    else:
        targets = [events]
    return [min(o, key=_cost) for o in _walk(reading, spans, ticks, targets)]


def _cost(fit: Fit) -> float:
    return fit.cost


def _by_cost(fits: Iterable[Fit]) -> list[Fit]:
    return sorted(fits, key=_cost)


def _walk(reading: Reading, spans: Sequence[Span], ticks: Floats, targets: Sequence[int] | None) -> Iterator[list[Fit]]:
    level, share = 1.0, 1.0
    for i, span in enumerate(spans):
        fits = list(_options(reading, span, level, ticks, None if targets is None else targets[i], share))
        yield fits
        before, level = level, min(fits, key=_cost).level
        if span.n_b:
            share = _share_ahead(reading, span, before, level)


def _share_ahead(reading: Reading, span: Span, before: float, level: float) -> float:
    """Return the part of G that is lost before the curve's end if it goes on falling as in this span."""
    g_a, g_b = span.n_a / before, span.n_b / level
    slope = max(g_a - g_b, 0.0) / (span.b - span.a)
    return float(np.clip(_AHEAD * slope * (reading.end - span.b) / g_b, 0.1, 1.0))


def _options(
    reading: Reading, span: Span, level: float, ticks: Floats, target: int | None, share: float
) -> Iterator[Fit]:
    inside = ticks[(ticks >= span.a) & ((ticks < span.b) | (span.last & (ticks <= span.b)))]
    gone = span.n_a - span.n_b
    end = _end_level(reading, span, level)
    if len(inside):
        yield from _on_ticks(reading, span, level, inside, target, end)
        return
    for power, bend, kept in _shapes(reading, span, level, target, end):
        prior = (
            _BCOST * (np.log(bend / _B0) / _POWER_SD) ** 2 * span.last
            + (np.log(power) / _POWER_SD) ** 2
            + (np.log(kept / share) / _SHARE_SD) ** 2 * span.last
        )
        t, mass = censoring_profile(reading, span, power, bend)
        lost, lump = _expected(span, level, end, kept, mass[-1])
        for count in _counts(gone - lost - lump, gone) if target is None else (target,):
            censored = spread(max(gone - count - lump, 0), t, mass)
            censored = np.append(censored, np.full(gone - count - len(censored), span.b))
            yield _fit(reading, span, level, count, censored, prior)


def _end_level(reading: Reading, span: Span, level: float) -> float:
    """Return the level at the span's end; where the curve falls to 0 there, the level before that fall."""
    floor = _ZERO * level / span.n_a
    end = float(reading.at(np.array([span.b]))[0])
    if end >= floor or not span.last:
        return max(end, 1e-9)
    above = reading.y[reading.y > floor]
    return -min(float(above[-1]), level)  # negative: nobody is censored at the end


def _expected(span: Span, level: float, end: float, kept: float, mean_s: float) -> tuple[float, int]:
    """Return the number censored inside the span and the number censored at the curve's end."""
    g_a = span.n_a / level
    if not span.last:
        return max(g_a - span.n_b / end, 0.0) * mean_s, 0
    if end < 0:
        return max(g_a - max((1 - kept) * g_a, -1.0 / end), 0.0) * mean_s, 0
    lump = round((1 - kept) * g_a * end)
    return max(g_a - lump / end, 0.0) * mean_s, lump


def _shapes(
    reading: Reading, span: Span, level: float, target: int | None, end: float
) -> Iterator[tuple[float, float]]:
    if target is None:
        for bend in _BENDS if span.last else (1.0,):
            yield from ((power, bend, 1.0) for power in _POWERS)
        if span.last:
            yield from ((1.0, 1.0, kept) for kept in _SHARES[1:])
        return
    for bend, kept in _ENDS if span.last else ((1.0, 1.0),):
        power = _power_for(reading, span, level, target, end, bend, kept)
        yield from ((power * f, bend, kept) for f in (1.0, 0.8, 1.25))


def _power_for(reading: Reading, span: Span, level: float, target: int, end: float, bend: float, kept: float) -> float:
    """Return the power with which the expected censorings leave `target` events (bisection on its logarithm)."""
    lo, hi = -np.log(_STEEPEST), np.log(_STEEPEST)
    for _ in range(12):
        power = float(np.exp((lo + hi) / 2))
        _, mass = censoring_profile(reading, span, power, bend)
        lost, lump = _expected(span, level, end, kept, mass[-1])
        too_few = span.n_a - span.n_b - lost - lump < target
        lo, hi = ((lo + hi) / 2, hi) if too_few else (lo, (lo + hi) / 2)  # later censoring leaves more events
    return float(np.exp((lo + hi) / 2))


def _counts(expected: float, most: int) -> list[int]:
    low = int(np.floor(expected))
    return sorted({min(max(d, 0), most) for d in (low, low + 1)})


def _on_ticks(
    reading: Reading, span: Span, level: float, ticks: Floats, target: int | None, end: float
) -> Iterator[Fit]:
    gone = span.n_a - span.n_b
    if target is None:
        left = span.n_b / end if not span.last else max(0.0, -1.0 / end)
        lost = (span.n_a / level - left) / float(np.mean(1.0 / np.maximum(reading.at(ticks), 1e-3)))
        counts = sorted({c for d in (-1, 0, 1) for c in _counts(gone - max(lost, len(ticks)) + d, gone)})
    else:
        counts = [target]
    for count in counts:
        prior = 4.0 * max(len(ticks) - (gone - count), 0)
        yield _fit(reading, span, level, count, spread_on(gone - count, ticks), prior)


def _fit(reading: Reading, span: Span, level: float, count: int, censored: Floats, prior: float) -> Fit:
    if span.last and len(censored):
        censored[-1] = span.b if reading.y[-1] > 0 else censored[-1]
    times, levels = place_events(reading, span, level, count, censored)
    after = float(levels[-1]) if count else level
    off = (after - float(reading.at(np.array([span.b]))[0])) / reading.noise_y
    return Fit(prior + _TEMP * (off**2 + misfit(reading, span, level, times, levels)), times, censored, after)


def allocate(costs: Sequence[dict[int, float]], spans: Sequence[Span], total: int) -> list[int]:
    """Return the numbers of events of the spans that sum to `total` at the least cost (dynamic programming).

    Parameters
    ----------
    costs
        For each span, the cost of the numbers of events tried; numbers between and beyond cost more by the square of
        the distance.
    spans
        The spans, which bound the numbers.
    total
        The sum to be met; taken into what the spans can hold.
    """
    best = [min(c, key=lambda d: c[d]) for c in costs]
    reach = abs(total - sum(best)) + 2
    total = min(total, sum(s.n_a - s.n_b for s in spans))
    offsets = np.arange(-reach, reach + 1)
    state, trace = {0: 0.0}, []
    for c, s, d0 in zip(costs, spans, best, strict=True):
        known, price = np.array(list(c)), np.array(list(c.values()))
        d = d0 + offsets
        own = (price + np.abs(d[:, None] - known) ** 2.0).min(axis=1)
        own[(d < 0) | (d > s.n_a - s.n_b)] = np.inf
        nxt: dict[int, tuple[float, int]] = {}
        for had, paid in state.items():
            for step, add in zip(d, own, strict=True):
                key = had + int(step)
                if paid + add < nxt.get(key, (np.inf, 0))[0]:
                    nxt[key] = (paid + add, int(step))
        trace.append(nxt)
        state = {k: v[0] for k, v in nxt.items()}
    picked, left = [], min(state, key=lambda k: (abs(k - total), state[k]))
    for step in reversed(trace):
        picked.append(step[left][1])
        left -= picked[-1]
    return picked[::-1]
