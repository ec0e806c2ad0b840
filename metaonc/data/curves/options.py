"""Ways to fill one span of follow-up from points with noise; each gives candidate fits with their costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .clean import Floats, Reading
from .place import GRID, Fit, Span, censoring_profile, filled, spread, spread_on
from .trace import traced

_POWERS = (1.0, 0.8, 1.3, 0.6, 1.7, 0.4, 2.5, 0.25, 4.0)  # shapes of the censoring inside a span, even first
_STEEPEST = 20.0  # powers looked for when the number of events is given: 1 / 20 to 20
_POWER_SD = 0.6  # of log power, around 0
_OPEN = ((1.0, 1.0), (1.3, 2.0))  # power and bend of a last span without a row at its end
_RESOLVED = 190.0  # N G up to which a step of 1 / (N G) stands out of the noise of careful clicks
_ZERO = 0.35  # of a step: a curve that ends lower than this has fallen to 0


@dataclass(frozen=True, slots=True)
class Task:
    """A span to be filled: the curve, the Kaplan-Meier level at its start, and what is known of it.

    Attributes
    ----------
    target
        Number of events to be met, or None.
    ticks
        Censoring marks inside it.
    share
        Part of G expected to be lost before the curve's end; the rest is censored there (last span only).
    """

    reading: Reading
    span: Span
    level: float
    target: int | None
    ticks: Floats
    share: float

    @property
    def gone(self) -> int:
        """Patients who leave in the span."""
        return self.span.n_a - self.span.n_b

    @property
    def big_g(self) -> float:
        """N G at the start: what the number at risk would be had nobody had an event."""
        return self.span.n_a / self.level

    def end_g(self, kept: float = 1.0) -> float:
        """Return N G at the end, before the patients who are censored with the curve's last point."""
        end = self.reading.level(self.span.b)
        if not self.span.last:
            return min(self.span.n_b / max(end, 1e-9), self.big_g)
        floor = _ZERO * self.level / self.span.n_a
        if end >= floor:
            return (1.0 - kept) * self.big_g
        above = self.reading.y[self.reading.y > floor]
        return 1.0 / min(float(above[-1]), self.level)  # the curve falls to 0: its last patient has the event


def candidates(task: Task) -> Iterator[Fit]:
    """Yield the fits that suit the task; at least one."""
    if task.span.b <= task.span.a:
        yield Fit(0.0, np.zeros(0), np.full(task.gone, task.span.a), task.level)
    elif len(task.ticks):
        yield from marked(task)
    else:
        fits = list(_stepwise(task))
        yield from fits
        if not fits or (task.target is None or not task.span.last) and (not task.span.last or task.big_g <= _RESOLVED):
            yield from shaped(task)


def _stepwise(task: Task) -> Iterator[Fit]:
    if task.gone and task.big_g <= _RESOLVED:
        yield from counted(task)
    elif task.gone and task.span.last:
        yield from (fit for power, bend in _OPEN if (fit := split(task, power, bend)) is not None)


def shaped(task: Task) -> Iterator[Fit]:
    """Yield fits whose censoring follows a power of time, with the counts that bring the curve to the span's end."""
    powers = _POWERS if task.target is None else [_power_for(task, 1.0) * f for f in (1.0, 0.8, 1.25)]
    for power in powers:
        t, mass = censoring_profile(task.reading, task.span, power)
        lost = (task.big_g - task.end_g()) * mass[-1]
        for count in _counts(task.gone - lost, task.gone) if task.target is None else [task.target]:
            prior = (np.log(power) / _POWER_SD) ** 2
            yield filled(task.reading, task.span, task.level, count, spread(task.gone - count, t, mass), prior)


def counted(task: Task) -> Iterator[Fit]:
    """Yield fits from counting step by step, for each end of the censoring that is to be expected."""
    _, mass = censoring_profile(task.reading, task.span)
    for kept in sorted({1.0, task.share}) if task.span.last else [1.0]:
        lost = min((task.big_g - task.end_g(kept)) * float(mass[-1]), task.gone)
        found = traced(task.reading, task.span, task.level, lost, task.target)
        if found is not None:
            yield filled(task.reading, task.span, task.level, *found)


def split(task: Task, power: float, bend: float) -> Fit | None:
    """Return a fit of a last span that follows a smooth profile of censoring until steps can be counted."""
    reading, span = task.reading, task.span
    if task.target is not None:
        power = _power_for(task, bend)
    t, mass = censoring_profile(reading, span, power, bend)
    g = task.big_g * (1.0 - GRID)
    k = int(np.argmax(g <= _RESOLVED))
    left = round(g[k] * reading.level(t[k]))
    if not 1 < left < span.n_a or k == len(t) - 1:
        return None
    first, rest = Span(span.a, float(t[k]), span.n_a, left, False), Span(float(t[k]), span.b, left, 0, True)
    gone = span.n_a - left
    heads = [
        filled(reading, first, task.level, count, spread(gone - count, t[: k + 1], mass[: k + 1]))
        for count in _counts(gone - task.big_g * mass[k], gone)
    ]
    head = min(heads, key=lambda f: f.cost)
    target = None if task.target is None else task.target - len(head.events)
    if target is not None and not 0 <= target <= left:
        return None
    found = traced(reading, rest, head.level, min(task.big_g * (mass[-1] - mass[k]), left), target)
    if found is None:
        return None
    tail = filled(reading, rest, head.level, *found)
    return Fit(
        head.cost + tail.cost,
        np.concatenate([head.events, tail.events]),
        np.concatenate([head.censored, tail.censored]),
        tail.level,
    )


def marked(task: Task) -> Iterator[Fit]:
    """Yield fits whose censorings stand on the marks, each of which hides one patient or more."""
    if task.target is None:
        weight = float(np.mean(1.0 / np.maximum(task.reading.at(task.ticks), 1e-3)))
        lost = max((task.big_g - task.end_g()) / weight, len(task.ticks))
        counts = sorted({c for d in (-1, 0, 1) for c in _counts(task.gone - lost + d, task.gone)})
    else:
        counts = [task.target]
    for count in counts:
        prior = 4.0 * max(len(task.ticks) - (task.gone - count), 0)
        yield filled(task.reading, task.span, task.level, count, spread_on(task.gone - count, task.ticks), prior)


def _counts(expected: float, most: int) -> list[int]:
    low = int(np.floor(expected))
    return sorted({min(max(d, 0), most) for d in (low, low + 1)})


def _power_for(task: Task, bend: float) -> float:
    """Return the power with which the expected censorings leave `target` events (bisection on its logarithm)."""
    low, high = -np.log(_STEEPEST), np.log(_STEEPEST)
    for _ in range(12):
        middle = (low + high) / 2
        _, mass = censoring_profile(task.reading, task.span, float(np.exp(middle)), bend)
        lost = (task.big_g - task.end_g()) * mass[-1]
        # later censoring leaves fewer alive to be censored, hence more events
        low, high = (middle, high) if task.gone - lost < (task.target or 0) else (low, middle)
    return float(np.exp((low + high) / 2))
