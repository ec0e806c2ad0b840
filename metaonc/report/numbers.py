"""P-values and cells of tables as a manuscript prints them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ..base.digits import number, plain
from .journals import PStyle


def p_value(p: float) -> str:
    """Return a p-value as no journal asks for it, such as ``p = 0.012`` or ``p < 0.001``."""
    return PStyle()(p)


def is_blank(x: Any) -> bool:
    """Return whether a cell of a table is missing."""
    return x is None or x is pd.NA or x is pd.NaT or (isinstance(x, float) and math.isnan(x))


def cell(x: Any) -> str:
    """Return a cell of a table of data: whole numbers whole, others to four significant digits, blanks empty."""
    if is_blank(x):
        return ""
    if isinstance(x, float):
        return number(x, 0) if math.isinf(x) or x == round(x) else plain(x).replace("-", "−")
    return str(x)
