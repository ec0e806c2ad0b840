"""The table of a result that has no rows of a forest plot and no table of its own: its numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from ...base.digits import significant
from ..forest.content import titled
from ..journals import Journal
from .coefficients import p_cell
from .content import Table

P = ("p", "p_value", "p_residual")
HEADS = {
    "term": "", "ci_low": "CI, lower", "ci_high": "CI, upper", "p_value": "P", "p": "P", "se": "SE",
    "weight": "Weight (%)", "tau2": "τ²", "i2": "I² (%)", "q": "Q", "hat": "Leverage", "dffits": "DFFITS",
    "cook_d": "Cook's distance", "cov_ratio": "Covariance ratio", "dfbeta": "DFBETAS",
}  # fmt: skip


def of_numbers(numbers: pd.DataFrame, journal: Journal, title: str = "") -> Table:
    """Return numbers as a table; a column without any is not there."""
    numbers = numbers.dropna(axis="columns", how="all").reset_index(drop=True)
    shown = numbers.drop(columns="type", errors="ignore")
    words = [is_bool_dtype(c) or not is_numeric_dtype(c) for _, c in shown.items()]
    cells = [[_text(x, journal, _form(str(name), column, journal)) for x in column] for name, column in shown.items()]
    return Table(
        title=title,
        headers=tuple(HEADS.get(str(c), titled(str(c))) for c in shown.columns),
        left=tuple(words),
        rows=tuple(zip(*cells, strict=True)),
        kinds=("term",) * len(shown),
        footnotes=(),
        data=numbers,
    )


def _form(name: str, column: pd.Series, journal: Journal) -> Callable[[float], str]:
    """Return how a column of numbers is printed: p-values as such, whole numbers whole, others to three digits."""
    if name in P:
        return lambda p: p_cell(journal, p)
    whole = is_numeric_dtype(column) and (column.dropna() % 1 == 0).all() and column.abs().max() < 1e15
    return (lambda x: f"{x:.0f}") if whole else (lambda x: journal.decimal(significant(x)))


def _text(x: Any, journal: Journal, form: Callable[[float], str]) -> str:
    if isinstance(x, (str, bool)):
        return str(x)
    if x is None or x is pd.NA or (isinstance(x, float) and math.isnan(x)):
        return ""
    try:
        return form(float(x))
    except (TypeError, ValueError):
        return str(x)
