"""The columns that the tables of every kind of result begin with, so that tables of different results stack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

TIDY = ("term", "type", "estimate", "se", "statistic", "p_value", "ci_low", "ci_high", "weight", "interval")
GLANCE = (
    *("k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "i2", "q", "q_df", "q_p"),
    *("prediction_low", "prediction_high", "method", "ci", "prediction", "level", "measure"),
)
TEXTS = frozenset({"term", "type", "interval", "method", "ci", "prediction", "measure"})
TEXT: Any = pd.Series([""]).dtype  # object or str, by the version of pandas


def arranged(columns: Mapping[str, Any], rows: int, core: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with the core columns first, texts or float64 each; what is not there is missing.

    Parameters
    ----------
    columns
        Name -> values, one a row, in any order.
    rows
        Number of rows.
    core
        ``TIDY`` or ``GLANCE``.
    """
    own = {name: values for name, values in columns.items() if name not in core}
    return pd.DataFrame({name: _column(columns.get(name), name, rows) for name in core} | own)


def limits(ends: Iterable[Any], names: pd.Index) -> pd.DataFrame:
    """Return the lower and the upper limits of several estimates, one row each with its name as index."""
    low, high = ends
    return pd.DataFrame({"ci_low": np.asarray(low, float), "ci_high": np.asarray(high, float)}, index=names)


def facts(result: Any) -> dict[str, Any]:
    """Return the core columns of ``glance`` that a result has as attributes: those that are one number or text."""
    found = {name: getattr(result, name, None) for name in GLANCE}
    return {name: value for name, value in found.items() if isinstance(value, (str, int, float, np.number))}


def _column(values: Any, name: str, rows: int) -> Any:
    if name not in TEXTS:
        return np.full(rows, np.nan) if values is None else np.asarray(values, dtype=float)
    if values is None:
        return pd.array([None] * rows, dtype=TEXT)
    texts = np.asarray(values, dtype=object)
    if pd.api.types.infer_dtype(texts, skipna=True) != "string":  # such as groups named by numbers
        texts = np.array([str(x) if k else None for x, k in zip(texts, pd.notna(texts), strict=True)], dtype=object)
    return pd.array(texts, dtype=TEXT)
