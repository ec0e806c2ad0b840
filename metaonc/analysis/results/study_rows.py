"""The table of the trials of a pool: effects with intervals, on the scale of analysis or the natural one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...base.check import one_of
from ...errors import OptionError
from ..effects.study_intervals import STUDY_INTERVALS
from ..numeric.distributions import critical

LIMITS = ("estimate", "ci_low", "ci_high")


def table(r: Any, transform: bool, interval: str) -> pd.DataFrame:
    """Return the trials of a ``PooledResult``: see its ``study_table``."""
    one_of("interval", interval, STUDY_INTERVALS)
    if interval != "exact" and not (transform and _has_proportions(r)):
        raise OptionError(f"interval={interval!r} is for proportions of known counts, on the natural scale.")
    s = r.studies
    half = float(critical(r.level)) * np.sqrt(s.vi)
    rows = pd.DataFrame({"study": list(s.labels), "estimate": s.yi, "ci_low": s.yi - half, "ci_high": s.yi + half})
    rows["weight"], rows["interval"] = r.weights, "wald"
    return _on_natural_scale(r, rows, interval) if transform else rows


def _has_proportions(r: Any) -> bool:
    return r.record.is_proportion and all(r.studies.counts(role) is not None for role in ("events", "n"))


def _on_natural_scale(r: Any, rows: pd.DataFrame, interval: str) -> pd.DataFrame:
    limits, s = list(LIMITS[1:]), r.studies
    events, n = s.counts("events"), s.counts("n")
    if r.record.is_proportion and events is not None and n is not None:
        known = np.isfinite(events) & np.isfinite(n)
        low, high = STUDY_INTERVALS[interval].limits(events[known], n[known], r.level)
        if known.all():
            return rows.assign(estimate=events / n, ci_low=low, ci_high=high, interval=interval)
        rows = _transformed(r, rows)
        rows.loc[known, list(LIMITS)] = np.column_stack([events[known] / n[known], low, high])
        rows.loc[known, "interval"] = interval
        return rows
    rows = _transformed(r, rows)
    if r.record.is_reported and all(role in s.roles for role in r.record.roles):
        reported = s.reported(r.level, r.record.routes[0].needed)
        for role in limits:
            rows.loc[reported, role] = s.column(s.roles[role])[reported]
        rows.loc[reported, "interval"] = "reported"
    return rows


def _transformed(r: Any, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(**{name: r.natural(rows[name].to_numpy()) for name in LIMITS})
