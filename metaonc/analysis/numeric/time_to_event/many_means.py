"""Restricted means of many samples in one pass: samples are rows of an array, and no loop goes over them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..product_limit import Flags, Floats

TOGETHER = 1 << 14  # places of an array that a pass fills, so that it stays near the processor
ONE = np.uint64(1)
FILLED = np.uint64(np.iinfo(np.uint64).max)  # sorts behind every time


class Means(NamedTuple):
    """Of g samples at m horizons: restricted means and their variances, (g, m), and up to where curves are known, (g,).

    A curve is known to the last time, and for ever where all who reach it have the event.
    """

    mean: Floats
    variance: Floats
    known_to: Floats


def restricted_means_of(time: Floats, event: Flags, sample: NDArray[np.intp], g: int, horizons: Floats) -> Means:
    r"""Return the restricted means of samples up to each horizon; as `restricted_means` of each.

    Events at the same time are taken one after the other, before those censored there: the product of
    :math:`1 - 1/n` and the sum of :math:`1 / (n (n - 1))` over them are those of :math:`1 - d/n` and
    :math:`d / (n (n - d))`.

    Parameters
    ----------
    time, event, sample
        Follow-up, >= 0, whether it ended with the event, and the number of the sample, below g; (n,), in any order.
    g
        How many samples there are, each of one patient or more.
    horizons
        Shape (m,).
    """
    out = Means(np.empty((g, len(horizons))), np.empty((g, len(horizons))), np.empty(g))
    size = np.bincount(sample, minlength=g)
    order = np.argsort(sample.astype(np.int16 if g < 1 << 15 else np.int64), kind="stable")
    start = size.cumsum() - size
    # as an integer a time that is not negative keeps its order and has a bit to spare: whether it is censored
    key = ((time[order] + 0.0).view(np.uint64) << ONE) | ~event[order]
    by_size = np.argsort(size, kind="stable")
    done = 0
    while done < g:
        longest = np.maximum.accumulate(size[by_size[done:]]) * np.arange(1, g - done + 1)
        n = max(int(np.searchsorted(longest, TOGETHER, side="right")), 1)
        own = by_size[done : done + n]
        done += n
        width = int(size[own].max())
        place = start[own, None] + np.arange(width)
        there = np.arange(width) < size[own, None]
        keys = np.where(there, key[np.minimum(place, len(key) - 1)], FILLED)
        keys.sort(axis=1)
        for whole, part in zip(out, _means(keys, size[own], horizons), strict=True):
            whole[own] = part
    return out


def _means(keys: NDArray[np.uint64], size: NDArray[np.intp], horizons: Floats) -> Means:
    g, width = keys.shape
    left = size[:, None] - np.arange(width)  # at risk, of patients one after the other; 0 or less where there is none
    there = left > 0
    last = np.arange(g), size - 1
    time = (keys >> ONE).view(np.float64)
    time = np.where(there, time, time[last][:, None])
    died = there & ((keys & ONE) == 0)
    after = np.cumprod(1.0 - died / np.maximum(left, 1), axis=1)
    survival = np.concatenate([np.ones((g, 1)), after], axis=1)
    at = np.concatenate([np.zeros((g, 1)), time], axis=1)
    area = np.concatenate([np.zeros((g, 1)), np.cumsum(survival[:, :-1] * np.diff(at, axis=1), axis=1)], axis=1)
    weight = np.where(died & (left > 1), 1.0 / np.maximum(left * (left - 1.0), 1.0), 0.0)
    m, row = len(horizons), np.arange(g)[:, None]
    cell = row * (m + 1) + horizons.searchsorted(time)  # a sample, and the first horizon that is not before the time

    def summed(of: Floats | None = None) -> Any:
        """Return the number, or the sum of `of`, between each horizon and the one before, (g, m)."""
        found = np.bincount(cell.ravel(), None if of is None else of.ravel(), g * (m + 1))
        return found.reshape(g, m + 1)[:, :m]

    step = np.cumsum(summed(), axis=1)
    mean = area[row, step] + survival[row, step] * (horizons - at[row, step])
    beyond = np.append(mean, mean[:, -1:], axis=1).ravel()[cell] - area[:, 1:]
    np.maximum(beyond, 0.0, out=beyond)
    return Means(mean, _variances(mean, summed(weight), summed(weight * beyond), summed(weight * beyond * beyond)),
                 np.where(survival[:, -1] == 0, np.inf, time[last]))  # fmt: skip


def _variances(mean: Floats, weight: Floats, once: Floats, twice: Floats) -> Floats:
    r"""Return the variances at rising horizons, (g, m).

    From one horizon to the next all areas beyond earlier events grow by the same :math:`\delta`, so that
    :math:`\sum w (A + \delta)^2 = \sum w A^2 + 2 \delta \sum w A + \delta^2 \sum w`; no term is negative, and no digits
    are lost.

    Parameters
    ----------
    mean
        Restricted means, (g, m).
    weight, once, twice
        Sums of w, w A and w A² over the events between each horizon and the one before, A up to this horizon.
    """
    variance = np.empty_like(mean)
    w, a, v = np.zeros((3, len(mean)))
    for j in range(mean.shape[1]):
        grown = mean[:, j] - mean[:, j - 1] if j else w
        v = v + grown * (2 * a + grown * w) + twice[:, j]
        a = a + grown * w + once[:, j]
        w = w + weight[:, j]
        variance[:, j] = v
    return variance
