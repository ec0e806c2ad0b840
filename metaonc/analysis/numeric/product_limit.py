"""Follow-up with censoring: samples in the order of time, their ties, and the product limit. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Follow-up computed in two ways (0.1 + 0.2 and 0.3) is one time: gaps below this, or below this share of the mean
# time, close. R's survfit does the same.
TIME_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


class Sample(NamedTuple):
    """Follow-up of a sample, in the order of time.

    Attributes
    ----------
    time
        Rising, >= 0, shape (n,); equal times are ties.
    event
        True where follow-up ended with the event, shape (n,).
    """

    time: Floats
    event: Flags


class Steps(NamedTuple):
    """The start, where all are alive, and each distinct time at which somebody had the event or was censored.

    Attributes
    ----------
    time
        0, then the times, rising, shape (k + 1,), as all that follow.
    survival
        Product-limit estimate just after each time.
    n_risk, n_event, n_censor
        Those followed up to the time or longer, and those with the event or censored at it.
    """

    time: Floats
    survival: Floats
    n_risk: Counts
    n_event: Counts
    n_censor: Counts


def by_time(time: Floats, event: Flags) -> Sample:
    """Return times, >= 0, and events as a sample; shape (n,) each, in any order."""
    # As an integer a float that is not negative keeps its order and has a bit to spare, for the event: one plain sort
    # takes a fifth of the time of sorting indices.
    one = np.uint64(1)
    key = np.sort(((time + 0.0).view(np.uint64) << one) | event)  # + 0.0 makes -0.0 positive
    return Sample((key >> one).view(np.float64), (key & one).astype(bool))


def close_near_ties(samples: Sequence[Sample]) -> tuple[tuple[Sample, ...], int]:
    """Set times that differ by rounding only, in one sample or in two, to the first among them.

    Returns
    -------
    samples
        With the times as they are now.
    moved
        How many times were changed.
    """
    distinct = np.unique(np.concatenate([sample.time for sample in samples]))
    apart = np.diff(distinct) > TIME_TOLERANCE * max(1.0, float(distinct.mean()))
    if apart.all():
        return tuple(samples), 0
    firsts = distinct[np.append(True, apart)]
    closed = [firsts[np.searchsorted(firsts, sample.time, side="right") - 1] for sample in samples]
    moved = sum(int((new != old.time).sum()) for new, old in zip(closed, samples, strict=True))
    return tuple(Sample(new, old.event) for new, old in zip(closed, samples, strict=True)), moved


def product_limit(sample: Sample) -> Steps:
    r"""Return the product-limit estimate :math:`\prod_{t_i \le t} (n_i - d_i) / n_i` of a sample of one or more."""
    n = len(sample.time)
    first = np.flatnonzero(np.append(True, np.diff(sample.time) > 0))
    died = np.add.reduceat(sample.event, first, dtype=np.int64)
    n_risk = np.append(n, n - first)
    n_event = np.append(0, died)
    n_censor = np.append(0, np.diff(first, append=n) - died)
    return Steps(np.append(0.0, sample.time[first]), np.cumprod((n_risk - n_event) / n_risk), n_risk, n_event, n_censor)
