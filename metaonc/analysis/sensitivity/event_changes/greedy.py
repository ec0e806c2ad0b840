"""The greedy path of a pool: one patient's event status at a time, that which moves a limit most. Numbers only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...numeric.wls import Floats
from ...pooling.inverse_variance.batch import Pools, pooled_rows

Effects = Callable[[Floats, Floats, Floats, Floats], tuple[Any, Any]]  # events and patients of both arms -> y, v


class Change(NamedTuple):
    """A patient whose event status changes: the trial's number, the arm (0 treatment), +1 or -1; the pool after it."""

    trial: int
    arm: int
    step: int
    estimate: float
    ci_low: float
    ci_high: float


class Model(NamedTuple):
    """How counts are pooled; `null` is the value of no effect."""

    effects: Effects
    method: str
    ci: str
    level: float
    tau2: float | None
    null: float

    def pools(self, events: NDArray[Any], n: Floats) -> Pools:
        """Return the pools of tables of events (m, 2, k), with n patients (2, k)."""
        y, v = self.effects(events[:, 0], np.broadcast_to(n[0], events[:, 0].shape),
                            events[:, 1], np.broadcast_to(n[1], events[:, 1].shape))  # fmt: skip
        return pooled_rows(y, v, self.method, self.ci, self.level, self.tau2)


def significant(p: Pools, null: float) -> NDArray[np.bool_]:
    """Return whether each interval excludes no effect."""
    return np.asarray((p.ci_low > null) | (p.ci_high < null))


def shortest(m: Model, events: Floats, n: Floats) -> list[Change] | None:
    """Return the changes until significance changes; None where no path gets there.

    A significant result is moved towards no effect; any other towards either side, and the shorter path counts, of two
    alike that on the side of the estimate.
    """
    whole = m.pools(events[None], n)
    if significant(whole, m.null)[0]:
        sides = [-1 if whole.ci_low[0] > m.null else 1]
    else:
        sides = [1, -1] if whole.estimate[0] >= m.null else [-1, 1]
    found = [path for side in sides if (path := _path(m, events, n, side)) is not None]
    return min(found, key=len, default=None)


def _path(m: Model, events: Floats, n: Floats, side: int) -> list[Change] | None:
    """Return the changes that move the interval upwards (side 1) or downwards (-1), to significance or away from it."""
    was = bool(significant(m.pools(events[None], n), m.null)[0])
    k = events.shape[1]
    trial, arm, step = (a.ravel() for a in np.meshgrid(np.arange(k), [0, 1], [1, -1], indexing="ij"))
    limit = _limit(m.pools(events[None], n), side, was)[0]
    path: list[Change] = []
    while len(path) < n.sum():
        tables = np.repeat(events[None], len(trial), axis=0)
        tables[np.arange(len(trial)), arm, trial] += step
        possible = ((tables >= 0) & (tables <= n)).all((1, 2))
        found = m.pools(tables[possible], n)
        limits = side * _limit(found, side, was)
        best = int(np.nanargmax(limits))
        if not limits[best] > side * limit:  # nothing moves it any further
            return None
        place, limit = int(np.flatnonzero(possible)[best]), side * limits[best]
        events = tables[place]
        ends = (float(part[best]) for part in (found.estimate, found.ci_low, found.ci_high))
        path.append(Change(int(trial[place]), int(arm[place]), int(step[place]), *ends))
        if bool(significant(Pools(*(part[best : best + 1] for part in found)), m.null)[0]) != was:
            return path
    return None


def _limit(p: Pools, side: int, was: bool) -> Floats:
    """Return the limit that must cross no effect: the far one to lose significance, the near one to gain it."""
    return p.ci_low if (side == 1) != was else p.ci_high
