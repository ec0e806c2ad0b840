"""Sizes that are one number, drawn from a range, or given for each trial."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ....base.numbers import number
from ....errors import OptionError
from ...numeric.wls import Floats

Sizes = float | tuple[float, float] | Sequence[float]


def check_sizes(name: str, sizes: Any, k: int, *, least: float, whole: bool = False) -> None:
    """Refuse sizes that are no number, no range (low, high) and no list of k numbers, or not above `least`."""
    several = isinstance(sizes, (tuple, list, np.ndarray))
    values = [number(x, name) for x in (sizes if several else [sizes])]
    wanted = f"one number, a tuple (low, high) to draw from, or a list of {k}, one a trial"
    if (isinstance(sizes, tuple) and (len(values) != 2 or values[0] > values[1])) or (
        several and not isinstance(sizes, tuple) and len(values) != k
    ):
        raise OptionError(f"{name}={sizes!r} has the wrong form: give {wanted}.")
    for value in values:
        if value < least or (whole and value != int(value)):
            raise OptionError(f"{name}={sizes!r}: {value:g} is not a{' whole' * whole} number from {least:g}.")


def drawn(rng: np.random.Generator, sizes: Any, m: int, k: int, *, whole: bool = False) -> Floats:
    """Return sizes of m meta-analyses of k trials, (m, k)."""
    if isinstance(sizes, tuple):
        low, high = sizes
        return rng.integers(int(low), int(high) + 1, (m, k)).astype(float) if whole else rng.uniform(low, high, (m, k))
    return np.broadcast_to(np.asarray(sizes, float), (m, k))
