"""Ways to fill one span of follow-up from points with noise; each gives candidate fits with their costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .clean import Floats, Reading
from .place import (
    GRID,
    Fit,
    Span,
    censoring_profile,
    filled,
    moved_onto,
    spread_beside,
    spread_on,
)
from .task import Task, fall_of_each
from .trace import MISSING, TRIALS, Expected, Traced

_POWERS = (1.0, 0.8, 1.3, 0.6, 1.7, 0.4, 2.5, 0.25, 4.0)  # shapes of the censoring inside a span, even first
_BESIDE_MARKS = (1.0, 0.5, 2.0)  # shapes of the patients without a mark, beside those whom marks hide
_HIDDEN = (1.0, 0.6, 1.7, 0.3, 3.0)  # shapes of the patients whom merged marks hide
_STEEPEST = 20.0  # powers looked for when the number of events is given: 1 / 20 to 20
_POWER_SD = 0.6  # of log power, around 0
_OPEN = ((1.0, 1.0), (1.3, 2.0))  # power and bend of a last span without a row at its end
_BEND, _BENDS = 1.5, (1.0, 2.0, 4.0)  # how G may die away before the curve's end, where events fix its power
_RESOLVED = 190.0  # N G up to which a step of 1 / (N G) stands out of the noise of careful clicks
LOW, _UNSEEN = 0.25, 3.0  # level below which a curve may have fallen to 0 unseen, and what that costs
_ASTRAY = 10.0  # squared distance of a point from the fit, in noise units
_CAREFUL = 0.0013  # noise of careful clicks: in more, steps are easily miscounted


def candidates(task: Task) -> Iterator[Fit]:
    """Yield the fits that suit the task; at least one."""
    yield from _plain(task)
    if task.total and task.span.last and task.reading.y[-1] < LOW:
        less = task if task.target is None else replace(task, target=max(task.target - 1, 0))
        yield from _fallen(task.span, list(_plain(less)))


def _plain(task: Task) -> Iterator[Fit]:
    if task.span.b <= task.span.a:
        yield at_once(task)
    elif len(task.ticks) and task.all_marked:
        yield from marked(task)
    else:
        fits = list(_stepwise(task))
        yield from fits
        if len(task.ticks):
            yield from hidden(task)
        free = task.target is None and task.big_g <= _RESOLVED
        wanted = (free or not task.span.last) and not len(task.ticks)
        if not fits or wanted or _astray(task, fits):
            yield from shaped(task)


def _astray(task: Task, fits: Sequence[Fit]) -> bool:
    """Return whether steps may be miscounted: no fit of the whole follow-up lies on its curve, or it is rough."""
    points = len(task.reading.points_in(task.span.a, task.span.b, task.span.last)[0])
    far = min(fit.cost for fit in fits) > _ASTRAY * points
    return not task.total and (far or task.reading.noise_y > _CAREFUL)


def at_once(task: Task) -> Fit:
    """Return the fit of a span without length: all leave at its time, with events only where they are asked for."""
    count = task.target or 0
    at = np.full(task.gone, task.span.a)
    return Fit(0.0, at[:count], at[count:], task.level * (1.0 - count / max(task.span.n_a, 1)))


def _fallen(span: Span, fits: Sequence[Fit]) -> Iterator[Fit]:
    """Yield the fits whose one patient at the curve's end has the event there: the fall to 0 is easily overlooked."""
    for fit in fits:
        if np.count_nonzero(fit.censored == span.b) == 1:
            events = np.append(fit.events, span.b)
            yield Fit(fit.cost + _UNSEEN, events, fit.censored[fit.censored < span.b], 0.0)


def _stepwise(task: Task) -> Iterator[Fit]:
    if not task.gone:
        return
    if task.big_g <= _RESOLVED:
        yield from counted(task)
    elif task.span.last and task.target is None:
        yield from (half.whole(TRIALS) for power, bend in _OPEN if (half := split(task, power, bend)) is not None)
    elif task.span.last:
        halves = [half for bend in _BENDS if (half := split(task, _power_for(task, bend), bend)) is not None]
        rough = [half.whole(0) for half in halves]
        yield from rough
        if rough:
            yield halves[min(range(len(rough)), key=lambda i: rough[i].cost)].whole(TRIALS)


def shaped(task: Task) -> Iterator[Fit]:
    """Yield fits whose censoring follows a power of time, with the counts that bring the curve to the span's end."""
    free = _BESIDE_MARKS if len(task.ticks) else _POWERS
    powers = free if task.target is None else [_power_for(task, 1.0) * f for f in (1.0, 0.8, 1.25)]
    for power in powers:
        t, mass = censoring_profile(task.reading, task.span, power)
        expected = task.unmarked - task.fall(task.end_g()) * mass[-1]
        for count in _counts(expected, task.gone) if task.target is None else [task.target]:
            prior = (np.log(power) / _POWER_SD) ** 2 + _missing(task.ticks, task.gone - count)
            censored = spread_beside(task.gone - count, task.ticks, t, mass)
            yield filled(task.reading, task.span, task.level, count, censored, prior, task.ticks)


def counted(task: Task) -> Iterator[Fit]:
    """Yield fits from counting step by step, for each way in which the censoring may be expected to go."""
    for power, bend, kept in _expectations(task):
        t, mass = censoring_profile(task.reading, task.span, power, bend)
        lost = len(task.ticks) + task.fall(task.end_g(kept)) * float(mass[-1])
        lost = lost if task.target is None else task.gone - task.target
        expected = _expected(min(lost, task.gone), t, mass, task.ticks)
        steps = Traced.of(task.reading, task.span, task.level, expected)
        count, times = steps.with_events(task.target, TRIALS)
        prior = _missing(task.ticks, len(times))
        censored = moved_onto(task.ticks, times)
        yield filled(task.reading, task.span, task.level, count, censored, prior, task.ticks)


def _expectations(task: Task) -> list[tuple[float, float, float]]:
    if not task.span.last:
        return [(1.0, 1.0, 1.0)]
    if task.target is None:
        return [(1.0, 1.0, kept) for kept in sorted({1.0, task.share})]
    return [(_power_for(task, _BEND), _BEND, 1.0)]


def _expected(lost: float, t: Floats, mass: Floats, ticks: Floats) -> Expected:
    """Return what is expected of `lost` censorings: one a mark, and more along a cumulative mass."""
    share = mass / mass[-1] if mass[-1] > 0 else np.linspace(0.0, 1.0, len(mass))
    if not len(ticks):
        return Expected(lost, t, share, ticks)
    at = np.sort(np.concatenate([t, ticks, np.nextafter(ticks, np.inf)]))
    number = np.searchsorted(ticks, at, side="left") + max(lost - len(ticks), 0.0) * np.interp(at, t, share)
    return Expected(lost, at, number / number[-1], ticks)


def _missing(ticks: Floats, censored: int) -> float:
    return MISSING * max(len(ticks) - censored, 0)


@dataclass(frozen=True, slots=True)
class _Half:
    """A last span filled along a profile of censoring up to where steps can be counted, and the counts after it."""

    reading: Reading
    head: Fit
    rest: Span
    steps: Traced
    target: int | None
    ticks: Floats

    def whole(self, trials: int) -> Fit:
        """Return the fit of all of the span; `trials` prices of an event are tried at most."""
        head, late = self.head, self.ticks
        count, times = self.steps.with_events(self.target, trials)
        missing = _missing(late, len(times))
        tail = filled(self.reading, self.rest, head.level, count, moved_onto(late, times), missing, late)
        events, censored = np.concatenate([head.events, tail.events]), np.concatenate([head.censored, tail.censored])
        return Fit(head.cost + tail.cost, events, censored, tail.level)


def split(task: Task, power: float, bend: float) -> _Half | None:
    """Return a last span that follows a smooth profile of censoring until steps can be counted.

    None where they never can, or where the counts up to there leave no room for the target.
    """
    reading, span, ticks = task.reading, task.span, task.ticks
    t, mass = censoring_profile(reading, span, power, bend)
    fall = task.fall(task.end_g())
    at_marks = np.append(0.0, np.cumsum(task.per_mark))
    g = task.big_g - fall * GRID - at_marks[np.searchsorted(ticks, t, side="left")]
    k = int(np.argmax(g <= _RESOLVED))
    left = round(g[k] * reading.level(t[k]))
    if not 1 < left < span.n_a or k == len(t) - 1:
        return None
    first, rest = Span(span.a, float(t[k]), span.n_a, left, False), Span(float(t[k]), span.b, left, 0, True)
    gone, early, late = span.n_a - left, ticks[ticks < t[k]], ticks[ticks >= t[k]]
    heads = []
    for count in _counts(gone - len(early) - fall * mass[k], gone):
        censored = spread_beside(gone - count, early, t[: k + 1], mass[: k + 1])
        heads.append(filled(reading, first, task.level, count, censored, _missing(early, gone - count)))
    head = min(heads, key=lambda f: f.cost)
    target = None if task.target is None else task.target - len(head.events)
    if target is not None and not 0 <= target <= left:
        return None
    lost = min(len(late) + fall * (mass[-1] - mass[k]), left) if target is None else left - target
    expected = _expected(lost, t[k:], mass[k:] - mass[k], late)
    return _Half(reading, head, rest, Traced.of(reading, rest, head.level, expected), target, late)


def marked(task: Task) -> Iterator[Fit]:
    """Yield fits whose censorings stand on the marks; those that marks hide are more often early, or late."""
    even = lost_on(task, task.ticks)
    if task.big_g <= _RESOLVED:
        at = np.repeat(task.ticks, 2)
        share = np.repeat(np.arange(len(task.ticks) + 1), 2)[1:-1] / len(task.ticks)
        lost = even if task.target is None else task.gone - task.target
        expected = Expected(min(lost, task.gone), at, share, task.ticks)
        steps = Traced.of(task.reading, task.span, task.level, expected)
        count, times = steps.with_events(task.target, TRIALS)
        yield filled(task.reading, task.span, task.level, count, _nearest(times, task.ticks))
    yield from hidden(task)


def hidden(task: Task) -> Iterator[Fit]:
    """Yield fits whose censorings stand on the marks, each for more of them early, or late."""
    even = lost_on(task, task.ticks)
    for power in _HIDDEN:
        lost = lost_on(task, spread_on(round(even), task.ticks, power))
        for count in _counts(task.gone - lost, task.gone) if task.target is None else [task.target]:
            censored = spread_on(task.gone - count, task.ticks, power)
            prior = _missing(task.ticks, len(censored)) + (np.log(power) / _POWER_SD) ** 2
            yield filled(task.reading, task.span, task.level, count, censored, prior)


def _nearest(times: Floats, ticks: Floats) -> Floats:
    return np.asarray(ticks[np.abs(times[:, None] - ticks).argmin(axis=1)])


def lost_on(task: Task, times: Floats) -> float:
    """Return the number censored if each censoring stood at one of `times`: it lowers N G by 1 / S there."""
    each = float(np.mean(fall_of_each(task.reading, times)))
    return max((task.big_g - task.end_g()) / each, float(len(task.ticks)))


def _counts(expected: float, most: int) -> list[int]:
    low = int(np.floor(expected))
    return sorted({min(max(d, 0), most) for d in (low, low + 1)})


def _power_for(task: Task, bend: float) -> float:
    """Return the power with which the expected censorings leave `target` events (bisection on its logarithm)."""
    low, high, fall = -np.log(_STEEPEST), np.log(_STEEPEST), task.fall(task.end_g())
    for _ in range(12):
        middle = (low + high) / 2
        _, mass = censoring_profile(task.reading, task.span, float(np.exp(middle)), bend)
        # later censoring leaves fewer alive to be censored, hence more events
        events = task.unmarked - fall * mass[-1]
        low, high = (middle, high) if events < (task.target or 0) else (low, middle)
    return float(np.exp((low + high) / 2))
