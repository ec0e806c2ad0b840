"""The log hazard ratio of one trial as a function of time: linear in log t, or constant between cuts."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ....base.check import Floats
from ....errors import ConvergenceError, DataError
from ...numeric.time_to_event.cox import Stratum, fit
from ...survival.cox.partial_likelihood import EventTimes, event_times, has_maximum, maximise, partial_likelihood
from ..trials import Trial


class Coefficients(NamedTuple):
    """Of one trial.

    Attributes
    ----------
    y, cov
        Coefficients (p,), NaN where the trial does not tell them, and their covariance (p, p).
    why
        Why some are missing.
    one_sided
        Intervals in which events are of one arm alone; an empty text of the trial as a whole.
    """

    y: Floats
    cov: Floats
    why: tuple[str, ...]
    one_sided: tuple[str, ...] = ()


def log_time(trial: Trial) -> Coefficients:
    """Return intercept and slope of the log hazard ratio on log t, by Cox's model with Efron ties."""
    pair = (trial.treatment, trial.control)
    time, event = (np.concatenate([getattr(s, name) for s in pair]) for name in ("time", "event"))
    if event.any() and time[event].min() <= 0:
        raise DataError(
            f"trial {trial.label!r}: an event happened at time 0, whose logarithm there is not; give intervals by "
            "cuts=, or correct the time."
        )
    x = np.repeat([1.0, 0.0], [len(s.time) for s in pair])
    order = np.argsort(time, kind="stable")
    stratum = Stratum(time[order], event[order], np.repeat(x[order, None], 2, axis=1), _with_log)
    nothing = Coefficients(np.full(2, np.nan), np.zeros((2, 2)), ("the hazard ratio over time has no maximum "
                           "likelihood estimate, as one arm has too few events",))  # fmt: skip
    if not event.any():
        return nothing
    try:
        found = fit([stratum])
    except ConvergenceError:
        one_arm = not all(s.event.any() for s in pair)
        return nothing._replace(one_sided=("",) * one_arm)
    return Coefficients(found.beta, found.cov, ())


def _with_log(at: Floats) -> Floats:
    return np.stack([np.ones(len(at)), np.log(at)], 1)


def between_cuts(trial: Trial, cuts: Floats) -> Coefficients:
    """Return the log hazard ratio of each interval, up to the first cut, between cuts, and after the last.

    An interval in which one arm alone has events has an infinite one, which counts as not reported.
    """
    at, table = _times(trial)
    edges = np.concatenate([[-np.inf], cuts, [np.inf]])
    y, v, why, one_sided = np.full(len(cuts) + 1, np.nan), np.zeros(len(cuts) + 1), list[str](), list[str]()
    for j, (low, high) in enumerate(pairwise(edges.tolist())):
        inside = (at > low) & (at <= high)
        terms = partial_likelihood(EventTimes(*(column[inside] for column in table)), "efron")
        if has_maximum(terms):
            y[j], se = maximise(terms)
            v[j] = se**2
        elif inside.any():
            why.append(f"{span(low, high)}: events with both arms at risk are of one arm, and the ratio 0 or infinite")
            one_sided.append(span(low, high))
        else:
            why.append(f"{span(low, high)}: no events")
    return Coefficients(y, np.diag(v), tuple(why), tuple(one_sided))


def _times(trial: Trial) -> tuple[Floats, EventTimes]:
    pair = (trial.treatment, trial.control)
    return np.unique(np.concatenate([s.time[s.event] for s in pair])), event_times(*pair)


def span(low: float, high: float) -> str:
    """Return how an interval of time is called."""
    if not np.isfinite(low):
        return f"up to {high:g}"
    return f"{low:g} to {high:g}" if np.isfinite(high) else f"after {low:g}"
