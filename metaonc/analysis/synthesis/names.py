"""Trials must have names where rows are patients, or times of a curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...base.check import more_like_it
from ...base.labels import blanks
from ...errors import DataError


def named(column: pd.Series, study: str, rows: Any) -> None:
    """Refuse rows of a trial without a name."""
    lacking = blanks(column)
    if lacking.any():
        i = int(np.argmax(lacking))
        raise DataError(f"row {rows[i]}: {study} is missing; name the trial, or leave the row out."
                        f"{more_like_it(int(lacking.sum()) - 1)}")  # fmt: skip
