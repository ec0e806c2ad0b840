"""Which totals of events a curve allows, where the one that was given makes patients miss it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .clean import Floats
from .inputs import Inputs
from .quality import errors, misses, unseen_events

Fitted = Callable[[int], tuple[Floats, Floats]]


def follows(given: Inputs, deaths: Floats, censored: Floats) -> bool:
    """Return whether these patients are of the curve, as far as its points show."""
    time = np.concatenate([deaths, censored])
    event = np.repeat([1.0, 0.0], [len(deaths), len(censored)])
    return not misses(errors(given, time, event), unseen_events(given, time, event))


def totals_that_fit(given: Inputs, free: tuple[Floats, Floats], fitted: Fitted) -> tuple[int, int] | None:
    """Return the least and the most events with which patients follow the curve; None where the best total does not.

    Parameters
    ----------
    given
        What a reconstruction was given.
    free
        The times of events and of censorings that are made of it without its total.
    fitted
        Those that are made of it with another total. What it does not find, others may: the range is no wider than
        it can be.
    """
    if not follows(given, *free):
        return None

    def fits(total: int) -> bool:
        return follows(given, *fitted(total))

    total = len(free[0])
    return _edge(fits, total, 0), _edge(fits, total, given.n - len(given.ticks))


def _edge(fits: Callable[[int], bool], inside: int, outside: int) -> int:
    """Return the last total that fits on the way from one that does to one that may not."""
    if inside == outside or fits(outside):
        return outside
    while abs(inside - outside) > 1:
        middle = (inside + outside) // 2
        inside, outside = (middle, outside) if fits(middle) else (inside, middle)
    return inside
