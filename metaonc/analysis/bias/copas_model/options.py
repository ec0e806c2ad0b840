"""The options of Copas and Shi's model: probabilities of publication, and the grid of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....base.check import Floats
from ....errors import OptionError

FEWEST, MOST = 2, 60  # values of each of the pair


def most_precise_of(value: Any) -> float:
    """Return the probability of publication of the most precise trial."""
    found = _numbers(value)
    if found.shape != (1,) or not 0 < found[0] < 1:
        raise OptionError(f"most_precise={value!r} is no probability of publication: give a number such as 0.99.")
    return float(found[0])


def publication_of(values: Any, most: float) -> Floats:
    """Return the probabilities of publication of the least precise trial, from the greatest."""
    found = -np.sort(-_numbers(values))
    if not found.size or not ((found > 0) & (found < 1)).all():
        raise OptionError(f"publication={values!r} must be probabilities between 0 and 1, such as [0.9, 0.5].")
    if found[0] > most:
        raise OptionError(
            f"publication={found[0]:g} of the least precise trial is above most_precise={most:g}: small trials would "
            "be published more often than large ones. Give smaller probabilities, or a larger most_precise."
        )
    return np.unique(found)[::-1]


def checked_range(name: str, asked: Sequence[float] | None, default: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of a range."""
    if asked is None:
        return default
    found = _numbers(asked)
    if found.shape != (2,) or not found[0] < found[1] or (name == "gamma1" and found[0] < 0):
        low = " from 0 on" if name == "gamma1" else ""
        raise OptionError(f"{name}={asked!r} must be two numbers{low}, the lower first, such as {name}=(0, 1).")
    return float(found[0]), float(found[1])


def points_of(points: Any) -> int:
    """Return the number of values of each of the pair."""
    if isinstance(points, bool) or not isinstance(points, (int, np.integer)) or not FEWEST <= points <= MOST:
        raise OptionError(f"points={points!r} must be a whole number from {FEWEST} to {MOST}.")
    return int(points)


def _numbers(values: Any) -> Floats:
    try:
        found = np.atleast_1d(np.asarray(values, dtype=float))
    except (TypeError, ValueError):
        return np.array([])
    return found if found.ndim == 1 and np.isfinite(found).all() else np.array([])
