"""What is said of a pool, found by its kind."""

from __future__ import annotations

from typing import Any

from ....errors import DataError
from .. import PoolWords, kind_of


def words_of(r: Any) -> PoolWords:
    """Return what is said of a pool of trials.

    Raises
    ------
    DataError
        When nothing is said of this kind of result as a pool.
    """
    words = kind_of(r).pool
    if words is None:
        raise DataError(f"no words for {type(r).__name__} as a pool of trials: give its Kind a pool=.")
    return words
