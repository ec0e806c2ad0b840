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
    "term": "Term", "k": "k", "n": "n", "df": "df", "estimate": "Estimate", "mean": "Mean", "median": "Median",
    "ci_low": "CI, lower", "ci_high": "CI, upper", "low": "Lower limit", "high": "Upper limit", "p_value": "P",
    "p": "P", "se": "SE", "sd": "SD", "yi": "Effect", "vi": "Sampling variance", "z": "z", "t": "t",
    "weight": "Weight (%)",
    "weights": "Weights (%)", "tau": "τ", "tau2": "τ²", "i2": "I² (%)", "q": "Q", "q_df": "Q, df", "q_p": "Q, P",
    "prediction_low": "Prediction, lower", "prediction_high": "Prediction, upper", "rmst": "RMST", "n_risk": "At risk",
    "time": "Time", "loglik": "Log-likelihood", "hat": "Leverage", "dffits": "DFFITS", "cook_d": "Cook's distance",
    "cov_ratio": "Covariance ratio", "dfbeta": "DFBETAS", "hr": "HR", "se_log_hr": "SE of log HR", "log_hr": "Log HR",
    "from": "From", "to": "To", "step": "Step", "set": "Set", "rule": "Rule", "found": "Found", "name": "Name",
    "bias": "Bias", "came": "Came", "jump": "Jump", "note": "Note", "rho": "ρ",
}  # fmt: skip
WORDS = {
    "se": "SE", "mcse": "MCSE", "mse": "MSE", "p": "P", "n": "n", "t": "(treatment)", "c": "(control)", "hr": "HR",
    "ci": "CI", "rmst": "RMST", "rmtl": "RMTL", "tau2": "τ²", "tau": "τ", "i2": "I²", "logrank": "log-rank",
}  # fmt: skip


def of_numbers(numbers: pd.DataFrame, journal: Journal, title: str = "") -> Table:
    """Return numbers as a table; a column without any is not there."""
    numbers = numbers.dropna(axis="columns", how="all").reset_index(drop=True)
    shown = numbers.drop(columns="type", errors="ignore")
    words = [is_bool_dtype(c) or not is_numeric_dtype(c) for _, c in shown.items()]
    cells = [[_text(x, journal, _form(str(name), column, journal)) for x in column] for name, column in shown.items()]
    return Table(
        title=title,
        headers=tuple("" if c == "term" else heading(str(c)) for c in shown.columns),
        left=tuple(words),
        rows=tuple(zip(*cells, strict=True)),
        kinds=("term",) * len(shown),
        footnotes=(),
        data=numbers,
    )


def heading(column: str) -> str:
    """Return what stands above a column of numbers: the one table of headings, else its name."""
    if column in HEADS or "_" not in column or column != column.lower():
        return HEADS.get(column) or titled(column)
    first, *rest = column.split("_")
    return " ".join([WORDS.get(first, first.capitalize()), *(WORDS.get(word, word) for word in rest)])


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
