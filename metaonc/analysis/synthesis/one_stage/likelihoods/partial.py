"""Cox's partial likelihoods of the patients of all trials at once, one a trial. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from .....base.check import Floats
from .....errors import ConvergenceError
from ....numeric.product_limit import Sample
from ....survival.cox.partial_likelihood import (
    ITERATIONS,
    LONGEST,
    STEP,
    TIES,
    EventTimes,
    Terms,
    has_maximum,
    partial_likelihood,
)

Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]


def partial_likelihoods(
    patients: Sample, trial: Numbers, treated: Flags, k: int, ties: str
) -> list[tuple[Terms, float]]:
    """Return the partial likelihood of each trial, and its logarithm at a log hazard ratio of 0.

    Parameters
    ----------
    patients
        Trial by trial, each in the order of time, (n,).
    trial
        Number of each one's trial, 0 to k - 1, (n,).
    treated
        Whether each is of treatment, (n,).
    ties
        A key of `TIES`.
    """
    at, counts = _event_times(patients, trial, treated, k)
    tied = (counts.events_t + counts.events_c).astype(int)
    both = (counts.n_risk_t > 0) & (counts.n_risk_c > 0)
    terms = partial_likelihood(counts, ties)
    sizes = np.bincount(at, tied * both, minlength=k).astype(int)
    events = np.bincount(at, counts.events_t * both, minlength=k).tolist()
    null = _at_none(counts, tied, at, k, ties).tolist()
    ends = np.append(0, sizes.cumsum()).tolist()
    return [(Terms(events[i], terms.offset[ends[i] : ends[i + 1]]), null[i]) for i in range(k)]


def _event_times(patients: Sample, trial: Numbers, treated: Flags, k: int) -> tuple[Numbers, EventTimes]:
    """Return the trial of each distinct time of an event in a trial, by trial and time, and what happened then."""
    time, died = patients.time, patients.event
    first = np.flatnonzero(np.append(True, (time[1:] != time[:-1]) | (trial[1:] != trial[:-1])))
    events, events_t = (np.add.reduceat(x, first, dtype=np.intp) for x in (died, died & treated))
    told = events > 0
    first, events, events_t = first[told], events[told], events_t[told]
    at = trial[first]
    end = np.searchsorted(trial, np.arange(k), side="right")[at]
    before = np.append(0, treated.cumsum())  # of treatment, in the order of the table
    n_risk, n_risk_t = end - first, before[end] - before[first]
    if patients.entry is not None:
        late, late_t = (_entered_later(patients.entry[x], trial[x], time[first], at) for x in (slice(None), treated))
        n_risk, n_risk_t = n_risk - late, n_risk_t - late_t
    counts = (events_t, events - events_t, n_risk_t, n_risk - n_risk_t)
    return at, EventTimes(*(x.astype(float) for x in counts))


def _entered_later(entry: Floats, of: Numbers, time: Floats, at: Numbers) -> Numbers:
    """Return how many patients enter their trial at each time in it or later; they are `of` trials, times `at` them."""
    times = np.unique(time)
    width = len(times) + 1
    place = np.sort(of * width + np.searchsorted(times, entry, side="right"))  # of the times, those up to the entry
    cells = at * width + np.searchsorted(times, time)
    later: Numbers = np.searchsorted(place, (at + 1) * width) - np.searchsorted(place, cells, side="right")
    return later


def _at_none(counts: EventTimes, tied: Numbers, at: Numbers, k: int, ties: str) -> Floats:
    """Return the log partial likelihood of each trial where treatment has no effect."""
    row = np.repeat(np.arange(len(tied)), tied)
    place = np.arange(len(row)) - np.repeat(tied.cumsum() - tied, tied)
    left = TIES[ties](place.astype(float), tied[row].astype(float))
    log = np.log((counts.n_risk_t + counts.n_risk_c)[row] - left * tied[row])
    total: Floats = np.bincount(at[row], log, minlength=k).astype(float)
    return -total


def maxima(trials: Sequence[Terms]) -> tuple[Floats, Floats]:
    """Return what `maximise` does of each trial, (k,) each; NaN where its likelihood has no maximum."""
    there = np.array([has_maximum(t) for t in trials])
    out = np.full((2, len(trials)), np.nan)
    if there.any():
        out[:, there] = _newton([t for t in trials if has_maximum(t)])
    return out[0], out[1]


def _newton(trials: Sequence[Terms]) -> tuple[Floats, Floats]:
    offset, events = np.concatenate([t.offset for t in trials]), np.array([t.events_t for t in trials])
    of = np.repeat(np.arange(len(trials)), [len(t.offset) for t in trials])
    beta, low, high = np.zeros(len(trials)), np.full(len(trials), -np.inf), np.full(len(trials), np.inf)
    done = np.zeros(len(trials), dtype=bool)
    for _ in range(ITERATIONS):
        at = beta[of] + offset
        p = expit(at)
        information = np.bincount(of, p * expit(-at))
        if done.all():
            return beta, 1 / np.sqrt(information)
        score = events - np.bincount(of, p)
        low, high = np.where(score > 0, beta, low), np.where(score > 0, high, beta)
        step = np.minimum(np.maximum(score / information, -LONGEST), LONGEST)
        moved = beta + step
        out = (moved < low) | (moved > high)
        moved[out] = (low[out] + high[out]) / 2
        beta, done = np.where(done, beta, moved), done | (np.abs(step) < STEP)
    raise ConvergenceError(f"a partial likelihood has not reached its maximum in {ITERATIONS} steps.")
