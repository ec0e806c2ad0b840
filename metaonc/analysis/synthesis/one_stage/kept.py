"""The likelihoods that a pool of patients was made of, kept while the pool lives: to make it anew without reading."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

import numpy as np

from .evidence import Trial, read_trials
from .likelihoods.laplace import Fit, Slope, on_grid
from .likelihoods.tabulated import Tables, tabulated


class Kept(NamedTuple):
    """Trials and, where effects are random, the tables of their likelihoods, and what `on_grid` returns of these."""

    trials: tuple[Trial, ...]
    tables: Tables | None
    grid: Callable[[], tuple[Fit, Slope]]


_KEPT: WeakKeyDictionary[Any, Kept] = WeakKeyDictionary()  # a pool, which never changes -> its own


def likelihoods(trials: tuple[Trial, ...], *, random: bool) -> Kept:
    """Return trials, with their tables where effects are random."""
    tables = tables_of(trials) if random else None
    return Kept(trials, tables, cache(lambda: on_grid(cast(Tables, tables))))


def tables_of(trials: tuple[Trial, ...]) -> Tables:
    """Return the tables of the likelihoods of trials."""
    return tabulated([t.terms for t in trials], [t.null for t in trials])


def keep(pool: Any, kept: Kept) -> None:
    """Keep what a pool was made of."""
    _KEPT[pool] = kept


def kept_of(pool: Any) -> Kept:
    """Return what an `IpdPool` of one set of patients was made of; of one that was not made here, read anew."""
    found = _KEPT.get(pool)
    if found is None:
        trials = read_trials(pool.patients, study="study", time="time", event="event", arm="arm", control=0,
                             ties=pool.ties, cuts=None if pool.cuts is None else np.array(pool.cuts),
                             entry="entry" if "entry" in pool.patients else None).trials  # fmt: skip
        found = _KEPT[pool] = likelihoods(trials, random=pool.method != "common")
    return found
