"""Random fits to a curve read with error: the reading and the unidentified censoring are drawn, the counts follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import scipy

from .clean import Floats, Reading
from .options import LOW, at_once, lost_on
from .place import Fit, filled, spread_on
from .task import Task

_UNEVEN = 0.2  # Dirichlet parameter of the parts of a censoring distribution: far below 1, one of them prevails
_COMPLETE = 0.25  # of the draws: nobody censored before the curve's end
_AT_END = 0.5  # of the draws with a total of events: it is met by who is left at the end, else by when others go
_STEPS = 8  # steps of its uneven part
_TRIED = 20  # censoring distributions drawn before one is kept whose steps are too tall for the points
_TALL = 0.12  # of the steps: so many may be taller than what is read around them
_SLACK = 3.0  # noise units that a step may be taller
_HIDDEN_SD = 0.6  # of the log power along which marks hide patients
_STEEPEST = 20.0  # powers of time tried to meet a number of events: 1 / 20 to 20
_ROUNDING = 1e-9  # a plateau whose points were averaged is level to this
_GRID = np.append(np.linspace(0.0, 1.0, 65), 1.0)  # the end twice: before and after what is censored there


def disturbed(reading: Reading, rng: np.random.Generator) -> Reading:
    """Return the curve as it might have been read: axes calibrated anew, and every point set anew.

    Points that were averaged into one height or one time move together, by the standard error of their mean, so that a
    plateau stays one. The ends of both axes are off by as much as one point is.
    """
    scale_x = 1.0 + rng.normal(0.0, reading.noise_x / reading.end)
    scale_y = 1.0 + rng.normal(0.0, reading.noise_y)
    x, y = _moved(reading.x[1:], reading.noise_x, rng), _moved(reading.y[1:], reading.noise_y, rng)
    x = np.maximum(scipy.optimize.isotonic_regression(x * scale_x).x, 0.0)
    y = np.clip(scipy.optimize.isotonic_regression(1.0 - (1.0 - y) * scale_y, increasing=False).x, 0.0, 1.0)
    y = np.where(reading.y[1:] > 0, y, 0.0)
    return replace(reading, x=np.append(0.0, x), y=np.append(1.0, y))


def _moved(values: Floats, noise: float, rng: np.random.Generator) -> Floats:
    _, block, size = np.unique(np.round(values / noise, 6), return_inverse=True, return_counts=True)
    return values + (rng.normal(0.0, noise, len(size)) / np.sqrt(size))[block]


def drawn(task: Task, rng: np.random.Generator) -> Iterator[Fit]:
    """Yield one random fit of a span: the first that agrees with what is read, or else the nearest to where it ends."""
    tried: list[Fit] = []
    while not tried or not (_agrees(task, tried[-1]) or len(tried) == _TRIED):
        tried.append(_one(task, rng))
    end = task.reading.level(task.span.b)
    fit = tried[-1] if _agrees(task, tried[-1]) else min(tried, key=lambda one: abs(one.level - end))
    if task.span.last:
        fit = _perhaps_fallen(task, _not_after_the_last_fall(task, fit), rng)
    yield fit


def _not_after_the_last_fall(task: Task, fit: Fit) -> Fit:
    """Return the fit with its events after the last fall that was read moved to it.

    They stay where the curve ends if nothing falls in the span; or if they are of all who are left there and the curve
    is nearer to that: moved, they would leave it above no patient at all, while their fall shows only at its end.
    """
    last, events, end = _last_fall(task.reading), np.sort(fit.events), task.span.b
    late = int((events > max(last, task.span.a)).sum())
    if not late:
        return fit
    at_the_end = np.append(events[: len(events) - late], np.full(late, end))
    if last <= task.span.a:
        return replace(fit, events=at_the_end)
    moved = np.minimum(events, last)
    left = task.span.n_a - len(events) + late - int((fit.censored < end).sum())
    read = task.reading.level(end)
    off = [abs(_level_before_the_end(task, fit, one) - read) for one in (moved, at_the_end)]
    return replace(fit, events=at_the_end if left == late and off[1] < off[0] else moved)


def _level_before_the_end(task: Task, fit: Fit, events: Floats) -> float:
    seen = events[events < task.span.b]
    return float(task.level * np.prod(1.0 - 1.0 / _at_risk(task, fit, seen)))


def _at_risk(task: Task, fit: Fit, events: Floats) -> Floats:
    """Return the numbers at risk at events of a span, sorted."""
    gone = np.arange(len(events)) + np.searchsorted(fit.censored, events)
    at_risk: Floats = np.maximum(task.span.n_a - gone, 1).astype(float)
    return at_risk


def _perhaps_fallen(task: Task, fit: Fit, rng: np.random.Generator) -> Fit:
    """Return the fit whose last patient, alone where a low curve ends, may have the event there: a fall seen by none.

    A trace of pixels ends a column before it, and the axis hides it. The chance is the share of events of those who
    leave in the span, with half a patient added to either side.
    """
    span, alone = task.span, np.count_nonzero(fit.censored == task.span.b) == 1
    if task.target is not None or not alone or not 0 < task.reading.y[-1] < LOW:
        return fit
    if rng.random() >= (len(fit.events) + 0.5) / (span.n_a + 1.0):
        return fit
    return replace(fit, events=np.append(fit.events, span.b), censored=fit.censored[fit.censored < span.b], level=0.0)


def _last_fall(reading: Reading) -> float:
    fall = np.flatnonzero(np.diff(reading.y) < -_ROUNDING)
    return float(reading.x[fall[-1] + 1]) if len(fall) else 0.0


def _agrees(task: Task, fit: Fit) -> bool:
    """Return whether a fit ends where the curve does, by a step, and few of its steps are too tall.

    A step is when it is taller than the curve falls between the second point before it and the second after it.
    """
    reading, slack = task.reading, _SLACK * task.reading.noise_y
    if not len(fit.events):
        return task.level - reading.level(task.span.b) <= slack
    events = np.sort(fit.events)
    at_risk = _at_risk(task, fit, events)
    height = task.level * np.append(1.0, np.cumprod(1.0 - 1.0 / at_risk))[:-1] / at_risk
    px = np.concatenate([[0.0, 0.0], reading.px, [reading.end, reading.end]])
    i = np.searchsorted(px, events)
    fall = reading.at(px[np.maximum(i - 2, 0)]) - reading.at(px[np.minimum(i + 1, len(px) - 1)])
    near = abs(fit.level - reading.level(task.span.b)) <= height[-1] + slack
    return bool(near and np.mean(height > fall + slack) <= _TALL)


def _one(task: Task, rng: np.random.Generator) -> Fit:
    if task.span.b <= task.span.a:
        return at_once(task)
    if len(task.ticks) and task.all_marked:
        return _on_marks(task, rng)
    u, share = _GRID, _censoring(task, rng)
    fallen = task.fall(0.0 if task.span.last else task.end_g())
    rest = _rest_at_the_end(task, share, fallen) if task.target is not None and rng.random() < _AT_END else None
    if rest is not None:
        share = rest
    elif task.target is not None:
        u = u ** (1.0 / _power_for(task, share, fallen))
    t = task.span.a + (task.span.b - task.span.a) * u
    mass = _mass(task, t, share)
    count = task.target
    if count is None:
        flat = task.reading.level(task.span.a) <= task.reading.level(task.span.b)
        count = 0 if flat else _rounded(task.unmarked - fallen * mass[-1], task.gone, rng)
    number = task.gone - count - len(task.ticks)
    if number < 0:
        return filled(task.reading, task.span, task.level, count, spread_on(task.gone - count, task.ticks))
    quantile = (np.arange(number) + rng.random(number)) / max(number, 1)
    others = np.interp(quantile * mass[-1], mass, t) if mass[-1] > 0 else np.full(number, task.span.b)
    censored = np.sort(np.concatenate([task.ticks, others]))
    return filled(task.reading, task.span, task.level, count, censored, ticks=task.ticks)


def _on_marks(task: Task, rng: np.random.Generator) -> Fit:
    power = float(np.exp(rng.normal(0.0, _HIDDEN_SD)))
    count = task.target
    if count is None:
        even = lost_on(task, task.ticks)
        count = _rounded(task.gone - lost_on(task, spread_on(round(even), task.ticks, power)), task.gone, rng)
    return filled(task.reading, task.span, task.level, count, spread_on(task.gone - count, task.ticks, power))


def _rounded(expected: float, most: int, rng: np.random.Generator) -> int:
    return int(np.clip(np.floor(expected + rng.random()), 0, most))


def _censoring(task: Task, rng: np.random.Generator) -> Floats:
    """Return a random distribution of the censoring times of a span: cumulative, 0 to 1, on the grid.

    Where the curve ends it is often that of complete follow-up, all at the end; else it is a mixture of two even ones
    over random windows, one in uneven steps and one all at the curve's end. A window at the start is early dropout, one
    that ends with the span is late entry. Where there are marks it is of those who have none, and one part more follows
    the marks, as where several touch or stand for several patients.
    """
    end = np.append(np.zeros(len(_GRID) - 1), 1.0)
    if task.span.last and rng.random() < _COMPLETE:
        return end
    windows = np.sort(rng.random((2, 2)), axis=1)
    steps = np.append(0.0, np.cumsum(rng.dirichlet(np.full(_STEPS, _UNEVEN))))
    parts = [
        *(np.clip((_GRID - a) / (b - a), 0.0, 1.0) for a, b in windows),
        np.interp(_GRID, np.linspace(0.0, 1.0, _STEPS + 1), steps),
        *([_as_marked(task)] if len(task.ticks) else []),
        *([end] if task.span.last else []),
    ]
    weights: Floats = rng.dirichlet(np.full(len(parts), _UNEVEN))
    return np.asarray(weights @ np.array(parts))


def _as_marked(task: Task) -> Floats:
    """Return the distribution of which the marks are a thinned sample: each stands for 1 / S."""
    at = (task.ticks - task.span.a) / (task.span.b - task.span.a)
    below = np.append(0.0, np.cumsum(task.per_mark))[np.searchsorted(at, _GRID, side="right")]
    return np.asarray(below / below[-1])


def _mass(task: Task, t: Floats, share: Floats) -> Floats:
    s = task.reading.at(t)
    return np.concatenate([[0.0], np.cumsum(np.diff(share) * (s[1:] + s[:-1]) / 2)])


def _rest_at_the_end(task: Task, share: Floats, fallen: float) -> Floats | None:
    """Return the distribution with so much of it moved to the curve's end that `target` events are left.

    Some are lost before, all others are alive when follow-up ends. None where even all of it before the end leaves too
    many events, or another span follows.
    """
    if not task.span.last or fallen <= 0:
        return None
    t = task.span.a + (task.span.b - task.span.a) * _GRID
    end = np.append(np.zeros(len(_GRID) - 1), 1.0)
    early, late = _mass(task, t, share)[-1], _mass(task, t, end)[-1]
    part = ((task.unmarked - (task.target or 0)) / fallen - late) / (early - late) if early > late else np.inf
    return part * share + (1.0 - part) * end if 0 <= part <= 1 else None


def _power_for(task: Task, share: Floats, fallen: float) -> float:
    """Return the power of time that leaves `target` events (bisection on its logarithm): later censoring, more."""
    low, high = -np.log(_STEEPEST), np.log(_STEEPEST)
    width = task.span.b - task.span.a
    for _ in range(12):
        middle = (low + high) / 2
        mass = _mass(task, task.span.a + width * _GRID ** float(np.exp(-middle)), share)
        low, high = (middle, high) if task.unmarked - fallen * mass[-1] < (task.target or 0) else (low, middle)
    return float(np.exp((low + high) / 2))
