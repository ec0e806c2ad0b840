"""Where functions cross 0 first, many at once. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ...numeric.wls import Floats

STEPS = 64  # of a bisection: the last digits
POINTS = 64  # of a first grid


def first_crossing(h: Callable[[Any], Any], grid: Floats) -> Floats:
    """Return where each of m functions that begin above 0 is 0 first, as far as the grid tells; NaN where nowhere.

    Parameters
    ----------
    h
        Places (m, n) -> values, (m, n).
    grid
        Places to look at, from the start on, (m, points).
    """
    at_or_below = h(grid) <= 0
    crossed = at_or_below.any(1)
    first = at_or_below.argmax(1)
    each = np.arange(len(grid))
    low, high = grid[each, np.maximum(first - 1, 0)], grid[each, first]
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        below = h(middle[:, None])[:, 0] <= 0
        low, high = np.where(below, low, middle), np.where(below, middle, high)
    return np.where(crossed, 0.5 * (low + high), np.nan)


def first_whole(h: Callable[[Any], Any], start: Floats, end: Floats) -> Floats:
    """Return the first whole number from `start` to `end`, (m,), where each function is not above 0; else NaN."""
    low, high = start.copy(), end.copy()
    found = np.full(len(start), np.nan)
    going = np.ones(len(start), dtype=bool)
    while going.any():
        share = np.linspace(0, 1, POINTS)
        grid = np.round(low[:, None] + (high - low)[:, None] * share)
        below = h(grid) <= 0
        there, first = below.any(1), below.argmax(1)
        each = np.arange(len(grid))
        found = np.where(going & there, grid[each, first], found)
        step = np.abs(high - low) / (POINTS - 1)
        going &= there & (first > 0) & (step > 1)
        low, high = np.where(going, grid[each, np.maximum(first - 1, 0)], low), np.where(going, grid[each, first], high)
    return found
