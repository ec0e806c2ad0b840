"""Pools of many subsets of the same trials, in blocks of bounded size. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..numeric.wls import Floats
from ..pooling.inverse_variance.batch import Pools, joined, pooled_rows

NUMBERS = 1_000_000  # in a block of subsets: a few arrays of this size are all the memory it takes


def pools(
    y: Floats,
    v: Floats,
    members: Callable[[Any], Any],
    method: str,
    ci: str,
    level: float,
    tau2: float | None,
    count: int | None = None,
) -> Pools:
    """Pool each of many subsets of k trials.

    Parameters
    ----------
    y, v
        Effects and sampling variances, (k,).
    members
        Numbers of subsets (m, 1) -> the trials that are in each, (m, k).
    method, ci
        Codes in ``TAU2_METHODS`` and ``CI_METHODS``, of those ``from_covariance``.
    level
        Of the intervals.
    tau2
        Variance between trials where it is known from elsewhere; otherwise None.
    count
        How many subsets; k when None.
    """
    size, count = max(NUMBERS // len(y), 1), len(y) if count is None else count
    blocks = (np.arange(start, min(start + size, count)) for start in range(0, count, size))
    return joined([
        pooled_rows(y, np.where(members(numbers[:, None]), v, np.inf), method, ci, level, tau2) for numbers in blocks
    ])  # fmt: skip
