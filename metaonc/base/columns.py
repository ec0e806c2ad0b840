"""The columns that the tables of every kind of result begin with, so that tables of different results stack."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

TIDY = ("term", "type", "estimate", "se", "statistic", "p_value", "ci_low", "ci_high", "weight", "interval")
GLANCE = (
    *("k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "i2", "q", "q_df", "q_p"),
    *("prediction_low", "prediction_high", "method", "ci", "prediction", "level", "measure"),
)
TEXTS = frozenset({"term", "type", "interval", "method", "ci", "prediction", "measure"})
TEXT = pd.Series([""]).dtype  # object or str, by the version of pandas


def arranged(table: pd.DataFrame, core: tuple[str, ...]) -> pd.DataFrame:
    """Return the table with the core columns first, texts or float64 each; what it does not have is missing.

    Parameters
    ----------
    table
        Any columns, in any order.
    core
        ``TIDY`` or ``GLANCE``.
    """
    table = table.reset_index(drop=True)
    own = {name: table[name] for name in table.columns if name not in core}
    return pd.DataFrame({name: _column(table, name) for name in core} | own)


def limits(ends: Iterable[Any], names: pd.Index) -> pd.DataFrame:
    """Return the lower and the upper limits of several estimates, one row each with its name as index."""
    low, high = ends
    return pd.DataFrame({"ci_low": np.asarray(low, float), "ci_high": np.asarray(high, float)}, index=names)


def facts(result: Any) -> dict[str, Any]:
    """Return the core columns of ``glance`` that a result has as attributes: those that are one number or text."""
    found = {name: getattr(result, name, None) for name in GLANCE}
    return {name: value for name, value in found.items() if isinstance(value, (str, int, float, np.number))}


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    if name not in TEXTS:
        values = table[name].to_numpy(dtype=float) if name in table.columns else np.full(len(table), np.nan)
        return pd.Series(values)
    texts = table[name] if name in table.columns else [None] * len(table)
    return pd.Series([None if pd.isna(x) else str(x) for x in texts], dtype=TEXT)
