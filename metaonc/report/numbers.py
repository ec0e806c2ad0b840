"""Numbers as a manuscript prints them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd


def number(x: float, digits: int) -> str:
    """Return a number with fixed decimals, a true minus sign, and no minus before a zero."""
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    text = f"{x:.{digits}f}"
    if float(text) == 0:
        text = f"{0:.{digits}f}"
    return text.replace("-", "−")


def ratio(x: float) -> str:
    """Return a ratio to two decimals, fewer where it is large, and never as 0."""
    if x < 0.005:
        return "<0.01"
    if x > 9999:
        return ">9999"
    return number(x, 2 if round(x, 2) < 10 else 1 if round(x, 1) < 100 else 0)


def decimals(error: float) -> int:
    """Return how many decimals numbers of this standard error need: two, more where it is small, fewer where large."""
    power = math.floor(math.log10(error))
    return max(-power, min(2, 2 - power), 0)


def p_value(p: float) -> str:
    """Return ``p = 0.012``, ``p = 0.43`` or ``p < 0.001``: two digits, three below 0.1; ``p not available`` of NaN."""
    if math.isnan(p):
        return "p not available"
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def significant(x: float, digits: int = 3) -> str:
    """Return a number to so many significant digits, without an exponent where it can be had."""
    if x == 0 or not math.isfinite(x):
        return "0" if x == 0 else "not estimable"
    places = max(digits - 1 - math.floor(math.log10(abs(x))), 0)
    return number(x, places) if places <= 6 else f"{x:.{digits - 1}e}".replace("-", "−")


def is_blank(x: Any) -> bool:
    """Return whether a cell of a table is missing."""
    return x is None or x is pd.NA or x is pd.NaT or (isinstance(x, float) and math.isnan(x))


def cell(x: Any) -> str:
    """Return a cell of a table of data: whole numbers whole, others to four significant digits, blanks empty."""
    if is_blank(x):
        return ""
    if isinstance(x, float):
        return number(x, 0) if math.isinf(x) or x == round(x) else f"{x:.4g}".replace("-", "−")
    return str(x)
