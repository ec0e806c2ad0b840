"""Follow-up with censoring: samples in the order of time, their ties, and the product limit. Arrays in, arrays out."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.intp]

# Follow-up computed in two ways (0.1 + 0.2 and 0.3) is one time: gaps below this, or below this share of the mean
# time, close. R's survfit does the same.
TIME_TOLERANCE = float(np.sqrt(np.finfo(float).eps))
MANY = 200  # patients whose times are sorted faster as integers
_ONE = np.uint64(1)
_FIRST, _START, _ALL = np.zeros(1, dtype=np.int64), np.zeros(1), np.ones(1)  # of who is counted from 0 on


class Sample(NamedTuple):
    """Follow-up of a sample, in the order of time, and of a tie those with the event last.

    Attributes
    ----------
    time
        Rising, >= 0, shape (n,); equal times are ties.
    event
        True where follow-up ended with the event, shape (n,).
    entry
        When each came under observation, before its time, shape (n,); None where all did at the start.
    """

    time: Floats
    event: Flags
    entry: Floats | None = None

    def of(self, rows: Any) -> Sample:
        """Return some of them, or all in another order, by an index or flags."""
        return Sample(self.time[rows], self.event[rows], None if self.entry is None else self.entry[rows])

    def n_risk(self, at: Floats) -> Counts:
        """Return how many are at risk at times (m,): who entered before and is followed up to the time or longer."""
        left = np.searchsorted(self.time, at)
        entered = len(self.time) if self.entry is None else np.searchsorted(np.sort(self.entry), at)
        return np.asarray(entered - left, dtype=np.int64)

    def n_behind(self) -> Counts:
        """Return how many are at risk behind each, if of a tie those with the event go first, one by one."""
        return self.n_risk(self.time) - self.time.searchsorted(self.time, side="right") + np.arange(len(self.time))

    def known_to(self) -> float:
        """Return up to when the curve is known: the last time, or for ever where all who reach it have the event."""
        end = self.time[-1]
        return np.inf if self.event[self.time.searchsorted(end) :].all() else float(end)

    def at_start(self) -> int:
        """Return how many are under observation from the start."""
        return len(self.time) if self.entry is None else int((self.entry <= 0).sum())


class Steps(NamedTuple):
    """The start, where all are alive, and each distinct time at which somebody had the event or was censored.

    Attributes
    ----------
    time
        0, then the times, rising, shape (k + 1,), as all that follow.
    survival
        Product-limit estimate just after each time.
    n_risk, n_event, n_censor
        Those at risk, and those with the event or censored at the time.
    """

    time: Floats
    survival: Floats
    n_risk: Counts
    n_event: Counts
    n_censor: Counts


def by_time(time: Floats, event: Flags, entry: Floats | None = None) -> Sample:
    """Return times, >= 0, events and entries, where they are late, as a sample; shape (n,) each, in any order."""
    if entry is not None or len(time) < MANY:
        return Sample(time, event, entry).of(np.lexsort((event, time)))
    # As an integer a float that is not negative keeps its order and has a bit to spare, for the event: of many, one
    # plain sort takes a fifth of the time of sorting indices.
    key = (time + 0.0).view(np.uint64)  # + 0.0 makes -0.0 positive
    key <<= _ONE
    key |= event
    key.sort()
    died = (key & _ONE).astype(bool)
    key >>= _ONE
    return Sample(key.view(np.float64), died)


def by_group(patients: Sample, group: Numbers, k: int) -> tuple[Sample, ...]:
    """Return the samples of k groups, given patients in any order and the number of the group of each, (n,)."""
    many = patients.entry is None and len(group) >= k * MANY
    whole = patients.of(np.lexsort((group,) if many else (patients.event, patients.time, group)))
    ends = np.add.accumulate(np.bincount(group, minlength=k)).tolist()
    parts = [whole.of(slice(a, b)) for a, b in pairwise([0, *ends])]
    return tuple([by_time(*part) for part in parts] if many else parts)


def close_near_ties(*times: Floats) -> tuple[tuple[Floats, ...], int]:
    """Set times that differ by rounding only, in one array or in two, to the first among them.

    Returns
    -------
    times
        As they are now.
    moved
        How many of the first array were changed.
    """
    rising = np.concatenate(times)
    rising.sort()
    gaps = rising[1:] - rising[:-1]
    # the mean of the distinct times is not above the last; where no gap is near it, none is of rounding
    if np.count_nonzero(gaps > TIME_TOLERANCE * max(1.0, float(rising[-1]))) == np.count_nonzero(gaps):
        return times, 0
    distinct = rising[np.append(True, gaps > 0)]
    apart = np.diff(distinct) > TIME_TOLERANCE * max(1.0, float(distinct.mean()))
    if apart.all():
        return times, 0
    firsts = distinct[np.append(True, apart)]
    new = tuple(firsts[np.searchsorted(firsts, each, side="right") - 1] for each in times)
    return new, int((new[0] != times[0]).sum())


def groups_with_near_ties(time: Floats, group: Numbers) -> list[int]:
    """Return the groups in which times may differ by rounding only, as `close_near_ties` has it; (n,) each."""
    most = TIME_TOLERANCE * max(1.0, float(time.max()))  # of any group: its mean time is not larger
    gap = np.diff(np.sort(time))
    if not ((gap > 0) & (gap <= most)).any():
        return []
    order = np.argsort(time)
    gap = np.diff(time[order])
    chain = np.append(0, np.cumsum(gap > most))  # of times of which each is near the next
    uneven = np.bincount(chain[1:], gap * (gap <= most), minlength=int(chain[-1]) + 1) > 0
    here = uneven[chain]
    members = np.column_stack([chain[here], group[order[here]]])
    found, counts = np.unique(members, axis=0, return_counts=True)
    return [int(g) for g in np.unique(found[counts > 1, 1])]


def product_limit(sample: Sample) -> Steps:
    r"""Return the product-limit estimate :math:`\prod_{t_i \le t} (n_i - d_i) / n_i` of a sample of one or more."""
    n, time = len(sample.time), sample.time
    first = np.concatenate([_FIRST, np.flatnonzero(time[1:] > time[:-1]) + 1])
    died = np.add.reduceat(sample.event, first, dtype=np.int64)
    n_risk = n - first if sample.entry is None else sample.n_risk(time[first])
    left = np.concatenate([first[1:], [n]]) - first - died
    # at the start nobody has died, though with late entry none may be at risk
    survival = np.concatenate([_ALL, np.cumprod((n_risk - died) / n_risk)])
    return Steps(np.concatenate([_START, time[first]]), survival, np.concatenate([[sample.at_start()], n_risk]),
                 np.concatenate([_FIRST, died]), np.concatenate([_FIRST, left]))  # fmt: skip


def gaps(sample: Sample) -> list[tuple[float, float, int]]:
    """Return from when to when nobody is at risk though some enter later, and how many do.

    Where all at risk had the event, and the product limit so is 0, who enters at that very time enters later.
    """
    if sample.entry is None:
        return []
    n, entry, ends = len(sample.time), np.sort(sample.entry), np.unique(np.append(0.0, sample.time))
    left = np.searchsorted(sample.time, ends, side="right")
    died = np.searchsorted(sample.time[sample.event], ends, side="right") - np.searchsorted(
        sample.time[sample.event], ends
    )
    all_died = (died > 0) & (died == sample.n_risk(ends))
    empty = ((np.searchsorted(entry, ends, side="right") == left) | all_died) & (left < n)
    return [(float(ends[i]), float(entry[left[i]]), n - int(left[i])) for i in np.flatnonzero(empty)]
