"""Errors of a table of patients, which name the first row in error and how many are like it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ...base.check import more_like_it
from ...errors import DataError


def refuse_rows(bad: NDArray[np.bool_], say: Callable[[int], str]) -> None:
    """Raise a DataError that names the first patient where `bad` holds; `say` tells of a row what is wrong there."""
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(f"patient in row {row}: {say(row)}{more_like_it(int(bad.sum()) - 1)}")


def refuse_missing(rows: NDArray[np.bool_], name: str) -> None:
    """Raise a DataError where a column has no value."""
    fix = f"complete the row or take it out, as by df.dropna(subset=[{name!r}])"
    refuse_rows(rows, lambda i: f"{name} is missing; {fix}.")
