"""How each outcome is pooled: what a row must report, by which measure, and by which model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..analysis.effects.compute import effect_sizes
from ..analysis.pooling.counts.glmm import pool_glmm
from ..analysis.pooling.inverse_variance.pool import pool
from ..analysis.results.pooled import PooledResult
from ..errors import DataError

TRIAL = "study"  # the label of a row in figures and tables


@dataclass(frozen=True, slots=True)
class Model:
    """How an outcome is pooled.

    Attributes
    ----------
    measure
        Code of the measure, by which the command line names the model.
    need
        What a row must report, by the names of ``select``.
    using, options
        The pooling function and what it is told of columns.
    prepare
        Makes its table of the selected rows.
    shown
        Columns of figures that a reader asks for.
    """

    measure: str
    need: str
    using: Callable[..., PooledResult]
    options: Mapping[str, Any]
    prepare: Callable[[pd.DataFrame], pd.DataFrame]
    shown: tuple[str, ...]


def _hazard_ratios(rows: pd.DataFrame) -> pd.DataFrame:
    level = "hr_level" if "hr_level" in rows else 0.95
    es: pd.DataFrame = effect_sizes(
        rows, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", level=level, study=TRIAL
    )
    return es


def _odds_ratios(rows: pd.DataFrame) -> pd.DataFrame:
    both = {"events_t": "events", "n_t": "n", "events_c": "events_comparator", "n_c": "n_comparator"}
    es: pd.DataFrame = effect_sizes(rows, measure="OR", **both, study=TRIAL)  # type: ignore[arg-type]
    return es


def _medians(rows: pd.DataFrame) -> pd.DataFrame:
    units = rows["unit"].dropna().unique()
    if len(units) != 1:
        raise DataError(f"medians are given in {', '.join(units) or 'no unit'}; bring them to one unit first.")
    level = "ci_level" if "ci_level" in rows else 0.95
    es: pd.DataFrame = effect_sizes(
        rows, measure="MEDLN", median="estimate", ci_low="ci_low", ci_high="ci_high", level=level, study=TRIAL
    )
    return es


_REPORTED = ("n", "events", "estimate", "ci_low", "ci_high")
_COUNTED = {"events": "events", "n": "n", "study": TRIAL}
RATE = Model("PLO", "counts", pool_glmm, _COUNTED, lambda rows: rows, (*_REPORTED, "unit"))
ODDS = Model("OR", "two_arms", pool, {"study": TRIAL}, _odds_ratios,
             ("comparator", "n", "events", "n_comparator", "events_comparator"))  # fmt: skip
_HAZARD = ("hr", "hr_low", "hr_high", "hr_level", "o_minus_e", "v", "log_hr", "log_hr_se")
HAZARD = Model("HR", "hazard_ratio", pool, {"study": TRIAL}, _hazard_ratios, ("comparator", "n", *_HAZARD))
MEDIAN = Model("MEDLN", "median", pool, {"study": TRIAL}, _medians, (*_REPORTED, "ci_level", "unit"))
_RATES, _TIMES = (ODDS, RATE), (HAZARD, MEDIAN)
MODELS = {
    **dict.fromkeys(("orr", "cr", "dcr", "pfs_rate", "dfs_rate", "os_rate", "tb"), _RATES),
    **dict.fromkeys(("pfs", "dfs", "os"), _TIMES),
    "dor": (MEDIAN,),
}
