"""What the choice of cuts does to a pool: each cut that was left out, put in place of the rows used, or beside them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.results.pooled import PooledResult
from ...data.selection.alternatives import Alternative
from ...data.selection.selection import Selection
from ...errors import MetaoncError

OTHER_CUTS = "The choice of cuts: the pool with each other cut in place of the rows used, or beside them"
READABLE = {"rows": "Rows of it", "in_place_of": "In place of", "ci_low": "Lower limit", "ci_high": "Upper limit",
            "as_pooled": "As pooled"}  # fmt: skip
Pool = PooledResult | SubgroupResult
_COLUMNS = ("trial", "cut", "subgroup", "estimate", "ci_low", "ci_high", "as_pooled", "rows", "in_place_of")


def other_cuts(
    evidence: pd.DataFrame, selection: Selection, result: Pool, pooled: Callable[[pd.DataFrame], Pool]
) -> pd.DataFrame:
    """Pool again with each cut that could have been used instead, one at a time.

    Parameters
    ----------
    evidence
        The table that the rows were selected from.
    selection
        The rows used, and the cuts that could be.
    result
        The pool of the rows used.
    pooled
        Pools rows as `result` was.

    Returns
    -------
    pandas.DataFrame
        One row a cut and pool that it changes: trial, cut (its date, or that of its publication), subgroup (not there
        without), estimate with its limits on the natural scale, as_pooled, the estimate of `result`, and rows and
        in_place_of (row_id, or numbers; the latter blank where the rows stand beside those used, as a subgroup
        published alone does). Missing where the pool cannot be made. A cut that is nested or superseded reports fewer
        of the same patients, or earlier: what it moves is what the choice was worth, no second opinion.
    """
    names = evidence["row_id"] if "row_id" in evidence else pd.Series(evidence.index.astype(str), index=evidence.index)
    before = _estimates(result)
    found: list[dict[str, Any]] = []
    for other in selection.alternatives:
        rows = evidence.loc[sorted({*selection.used.index, *other.rows} - {*other.replaces})]
        after = _again(rows.reindex(columns=selection.used.columns), pooled)
        touched = _levels(evidence, other, selection.level)
        for name in before if touched is None else [n for n in before if n in touched]:
            estimate, low, high = after.get(name, (np.nan, np.nan, np.nan))
            found.append({
                "trial": other.trial, "cut": other.cut or None, "rows": " ".join(str(names[i]) for i in other.rows),
                "in_place_of": " ".join(str(names[i]) for i in other.replaces) or None, "subgroup": name or None,
                "estimate": estimate, "ci_low": low, "ci_high": high, "as_pooled": before[name][0],
            })  # fmt: skip
    table = pd.DataFrame(found, columns=list(_COLUMNS))
    return table.drop(columns="subgroup") if table["subgroup"].isna().all() else table


def _levels(evidence: pd.DataFrame, other: Alternative, level: str | None) -> set[str] | None:
    return None if level is None else {str(v) for v in evidence.loc[list(other.rows), level]}


def _again(rows: pd.DataFrame, pooled: Callable[[pd.DataFrame], Pool]) -> Mapping[str, tuple[float, float, float]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # each was given with the pool itself
        try:
            return _estimates(pooled(rows))
        except MetaoncError:
            return {}


def _estimates(result: Pool) -> dict[str, tuple[float, float, float]]:
    """Return the pools of a result on the natural scale, by subgroup; one without under an empty name."""
    pools = dict(result.groups) if isinstance(result, SubgroupResult) else {"": result}
    found = {}
    for name, pool in pools.items():
        estimate, low, high = pool.natural(np.array([pool.estimate, pool.ci_low, pool.ci_high])).tolist()
        found[str(name)] = (estimate, low, high)
    return found
