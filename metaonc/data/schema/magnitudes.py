"""Sizes of hazard ratios and medians that few trials have, as audits and pools doubt them."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

LEAST, MOST = 0.1, 10.0  # beyond these hazard ratios of treatments are hardly ever reported
NEAR = 5.0  # a limit within this factor of 1 says that the ratio is hardly known
FAR_TIME, FAR_RATIO = 4.0, 5.0  # a month has 4.35 weeks; medians of lines of therapy differ by less
OTHERS = 2  # trials at least, from which one is far
CLEAR = log(1.1)  # a ratio of hazards or of medians that says who did better
FAR_MEDIANS = log(2.5)  # further than this from the ratio of medians is rarely non-proportional hazards


def far_one(values: Sequence[float], trials: Sequence[str], far: float) -> tuple[int, float] | None:
    """Return the place of the value that is `far` times off those of all other trials, and how many times.

    Only the greatest and the least can be; the times are below 1 of the least. None where none is, or where fewer than
    two other trials have a value; all are above 0.
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    for ordered in (order[::-1], order):
        others = [i for i in ordered[1:] if trials[i] != trials[ordered[0]]] if ordered else []
        if len({trials[i] for i in others}) < OTHERS:
            continue
        times = values[ordered[0]] / values[others[0]]
        if times > far or times < 1 / far:
            return ordered[0], times
    return None
