"""Which totals of events a curve allows, where the one that was given makes patients miss it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from .clean import Floats
from .inputs import Inputs
from .quality import errors, misses, unseen_events

_TRIED = 9  # totals from 0 to n that are tried before the ends of those that fit are looked for

Fitted = Callable[[Inputs], tuple[Floats, Floats]]


def follows(given: Inputs, deaths: Floats, censored: Floats) -> bool:
    """Return whether these patients are of the curve, as far as its points show."""
    time = np.concatenate([deaths, censored])
    event = np.repeat([1.0, 0.0], [len(deaths), len(censored)])
    return not misses(errors(given, time, event), unseen_events(given, time, event))


def totals_that_fit(given: Inputs, fitted: Fitted) -> tuple[int, int] | None:
    """Return the least and the most events with which patients follow the curve; None where no total tried does.

    Parameters
    ----------
    given
        What a reconstruction was given, of which the total of events is left out.
    fitted
        The times of events and of censorings that are made of it.
    """
    most = given.n - len(given.ticks)

    def fits(total: int) -> bool:
        return follows(given, *fitted(replace(given, events=total)))

    tried = np.unique(np.round(np.linspace(0, most, _TRIED)).astype(int)).tolist()
    good = [total for total in tried if fits(total)]
    if not good:
        return None
    below = max((total for total in tried if total < good[0]), default=None)
    above = min((total for total in tried if total > good[-1]), default=None)
    return _edge(fits, good[0], below), _edge(fits, good[-1], above)


def _edge(fits: Callable[[int], bool], inside: int, outside: int | None) -> int:
    """Return the last total that fits on the way from one that does to one that does not."""
    while outside is not None and abs(inside - outside) > 1:
        middle = (inside + outside) // 2
        inside, outside = (middle, outside) if fits(middle) else (inside, middle)
    return inside
