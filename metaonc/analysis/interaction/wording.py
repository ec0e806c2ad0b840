"""What results of two levels and of several say alike: scales, tables and lines of text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...base.digits import in_percent, p_said, plain
from ..effects.measures import Measure
from ..numeric.distributions import critical
from .floating import Floating

BIAS = "across trials: each level pooled by itself, which mixes in how trials differ (aggregation bias)"
COMMON = "common effect"
LIMITS = ("estimate", "ci_low", "ci_high")


def model_name(random: bool, structure: str) -> str:
    """Return the words for how floating effects vary between trials."""
    return f"random effects, {structure}" if random else COMMON


def floating_frame(levels: Sequence[str], found: Floating, level: float) -> pd.DataFrame:
    """Return floating effects with normal intervals, one row a level."""
    se = np.sqrt(np.diag(found.cov))
    half = float(critical(level)) * se
    low, high = found.estimate - half, found.estimate + half
    return pd.DataFrame({"level": list(levels), "estimate": found.estimate, "se": se, "ci_low": low, "ci_high": high})


def natural_table(table: pd.DataFrame, record: Measure) -> pd.DataFrame:
    """Return a table of estimates on the natural scale; standard errors mean nothing there and are left out."""
    out = table.drop(columns="se")
    for name in LIMITS:
        out[name] = record.inverse(out[name].to_numpy(dtype=float))
    return out


def side_by_side(
    rows: Sequence[tuple[str, pd.Series, pd.Series]], record: Measure, levels: pd.DataFrame, own: Measure,
    each: Sequence[tuple[float, float, float]], level: float,
) -> list[str]:  # fmt: skip
    """Return differences and levels within and across trials as one table of text, the bias of the latter named below.

    Parameters
    ----------
    rows
        Of each difference its name, and estimate, limits and p within and across trials.
    record
        Of the differences.
    levels
        Floating effects.
    own, each
        Record of a level's effect; of each level estimate and limits across trials.
    level
        Of the intervals.
    """
    cells = [(f"{record.natural} ({in_percent(level)} % CI)", "within trials", "across trials")]
    for name, within, across in rows:
        one, other = (f"{interval(part, record)}, {p_said(part['p_value'])}" for part in (within, across))
        cells.append((f"  {name}", one, other))
    cells.append((f"{own.natural} ({in_percent(level)} % CI)", "floating", "by itself"))
    for (_, row), limits in zip(levels.iterrows(), each, strict=True):
        cells.append((f"  {row['level']}", interval(row, own), interval(dict(zip(LIMITS, limits, strict=True)), own)))
    widths = [max(len(row[i]) for row in cells) for i in range(2)]
    return [f"{a:{widths[0]}}  {b:{widths[1]}}  {c}" for a, b, c in cells]


def legend(model: str, ci: str, df: float) -> list[str]:
    """Return the lines that say what stands in the columns of ``side_by_side``.

    Parameters
    ----------
    model
        Of the floating effects.
    ci, df
        Interval of the pools, and degrees of freedom of the differences across trials.
    """
    across = "" if math.isinf(df) else f" across trials t with {df:g} df by one tau² over all levels,"
    apart = "" if ci == "wald" else f" {ci} within trials and of levels by themselves,"
    other = [f"  intervals:{apart}{across} the others normal"] if apart or across else []
    return [
        "  within trials: from the difference in each trial, free of how trials differ",
        f"  floating: each level's effect so that levels differ as within trials ({model})",
        f"  {BIAS}",
        *other,
    ]


def interval(part: Any, record: Measure) -> str:
    """Return an estimate with its limits on the natural scale."""
    unit, sign = (100.0, " %") if record.scale == "percent" else (1.0, "")
    estimate, low, high = plain.of(*(unit * float(record.inverse(float(part[name]))) for name in LIMITS))
    return f"{estimate}{sign} ({low} to {high})"
