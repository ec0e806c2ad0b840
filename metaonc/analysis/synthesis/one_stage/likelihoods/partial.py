"""Cox's partial likelihoods of the patients of all trials at once, one a trial. Arrays in, arrays out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .....base.check import Floats
from ....numeric.product_limit import Sample
from ....survival.cox.partial_likelihood import TIES, EventTimes, Terms, partial_likelihood

Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]


def partial_likelihoods(
    patients: Sample, trial: Numbers, treated: Flags, k: int, ties: str
) -> list[tuple[Terms, float]]:
    """Return the partial likelihood of each trial, and its logarithm at a log hazard ratio of 0.

    Parameters
    ----------
    patients
        In any order, (n,).
    trial
        Number of each one's trial, 0 to k - 1, (n,).
    treated
        Whether each is of treatment, (n,).
    ties
        A key of `TIES`.
    """
    at, counts = _event_times(patients, trial, treated)
    tied = (counts.events_t + counts.events_c).astype(int)
    both = (counts.n_risk_t > 0) & (counts.n_risk_c > 0)
    terms = partial_likelihood(counts, ties)
    sizes = np.bincount(at, tied * both, minlength=k).astype(int)
    events = np.bincount(at, counts.events_t * both, minlength=k)
    null = _at_none(counts, tied, at, k, ties)
    offsets = np.split(terms.offset, sizes.cumsum()[:-1])
    return [(Terms(float(d), own), float(value)) for d, own, value in zip(events, offsets, null, strict=True)]


def _event_times(patients: Sample, trial: Numbers, treated: Flags) -> tuple[Numbers, EventTimes]:
    """Return the trial of each distinct time of an event in a trial, by trial and time, and what happened then."""
    died = patients.event
    times = np.unique(patients.time[died])
    width = len(times) + 1
    left = np.searchsorted(times, patients.time, side="right")  # of the times, those up to which a patient is at risk
    entered = None if patients.entry is None else np.searchsorted(times, patients.entry, side="right")
    cells, own = np.unique((trial * width + left - 1)[died], return_inverse=True)
    at = cells // width
    counts = []
    for arm in (treated, ~treated):
        n_risk = _beyond(trial[arm] * width + left[arm], cells, at, width)
        if entered is not None:
            n_risk = n_risk - _beyond(trial[arm] * width + entered[arm], cells, at, width)
        counts.append((np.bincount(own, arm[died], minlength=len(cells)).astype(float), n_risk.astype(float)))
    (events_t, n_risk_t), (events_c, n_risk_c) = counts
    return at, EventTimes(events_t, events_c, n_risk_t, n_risk_c)


def _beyond(place: Numbers, cells: Numbers, at: Numbers, width: int) -> Numbers:
    """Return how many places, of patients by trial and time, lie beyond each cell in its trial."""
    rising = np.sort(place)
    beyond: Numbers = np.searchsorted(rising, (at + 1) * width) - np.searchsorted(rising, cells, side="right")
    return beyond


def _at_none(counts: EventTimes, tied: Numbers, at: Numbers, k: int, ties: str) -> Floats:
    """Return the log partial likelihood of each trial where treatment has no effect."""
    row = np.repeat(np.arange(len(tied)), tied)
    place = np.arange(len(row)) - np.repeat(tied.cumsum() - tied, tied)
    left = TIES[ties](place.astype(float), tied[row].astype(float))
    log = np.log((counts.n_risk_t + counts.n_risk_c)[row] - left * tied[row])
    total: Floats = np.bincount(at[row], log, minlength=k).astype(float)
    return -total
