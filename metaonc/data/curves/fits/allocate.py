"""A total of events shared out over spans of follow-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def allocate(
    costs: Sequence[Mapping[int, float]], stiff: Sequence[float], most: Sequence[int], total: int
) -> list[int]:
    """Return the numbers of events of the spans that sum to `total` at the least cost (dynamic programming).

    Parameters
    ----------
    costs
        For each span, the cost of each number of events tried; any other number costs what one of these does
        plus the squared distance to it times the span's stiffness.
    stiff
        What one event too many costs, as it moves the curve: much where few are at risk.
    most
        The most events that each span can hold.
    total
        The sum to be met; the nearest that the spans can hold is taken.
    """
    best = np.array([min(c, key=lambda d: c[d]) for c in costs])
    reach = abs(total - int(best.sum())) + 2
    offsets = np.arange(-reach, reach + 1)
    state, trail = np.zeros(1), []  # cheapest cost by the sum so far, less the sum of the bests
    for cost, centre, hard, limit in zip(costs, best, stiff, most, strict=True):
        own = _price(cost, centre + offsets, hard, limit)
        grid = np.full((len(state) + 2 * reach, len(own)), np.inf)
        for j in range(len(own)):
            grid[j : j + len(state), j] = state + own[j]
        trail.append(np.argmin(grid, axis=1))
        state = grid.min(axis=1)
    sums = np.arange(len(state)) - reach * len(most) + int(best.sum())
    left = int(np.lexsort((state, np.where(np.isfinite(state), np.abs(sums - total), np.inf)))[0])
    picked = []
    for choice, centre in zip(reversed(trail), best[::-1], strict=True):
        j = int(choice[left])
        picked.append(int(centre) + int(offsets[j]))
        left -= j
    return picked[::-1]


def _price(cost: Mapping[int, float], counts: np.ndarray, hard: float, limit: int) -> np.ndarray:
    known, price = np.array(list(cost), dtype=float), np.array(list(cost.values()))
    own = (price + hard * (counts[:, None] - known) ** 2).min(axis=1)
    return np.where((counts < 0) | (counts > limit), np.inf, own)
