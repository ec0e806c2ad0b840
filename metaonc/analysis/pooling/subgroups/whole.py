"""The pool of all: of whole trials where rows are subgroups of the same trials, as far as they can be put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ...effects.compute import MADE, effect_sizes
from ...effects.roles import COUNTED
from ...effects.zeros import correct
from ...results.pooled import PooledResult

WHOLE = "all"  # the level of a row that is a whole trial
WITHIN = (
    "subgroups are of the same trials, of which the test between them makes no use; interaction compares them within "
    "trials."
)
SUMMED = "rows of one trial are summed over its subgroups for the pool of all."
MIXED = (
    "the pool of all takes {k} rows of {trials} trials, which are subgroups of them, as independent: it is no pool of "
    "{k} trials, and has no prediction interval"
)


def is_split(rows: PooledResult, by: str) -> bool:
    """Return whether rows of one trial stand in several subgroups."""
    return bool((rows.studies.data.groupby(list(rows.studies.labels))[by].nunique() > 1).any())


def whole(rows: PooledResult, by: str, using: Callable[..., PooledResult], options: Mapping[str, Any]) -> PooledResult:
    """Return the pool of all subgroups.

    Where trials are split over subgroups, their counts are summed. Where there are none, rows stay as they are,
    without a prediction interval: the variance between them is one of subgroups as well as of trials.

    Parameters
    ----------
    rows
        The pool of all rows.
    by
        Column of the level.
    using, options
        How they were pooled.
    """
    if not is_split(rows, by):
        return rows
    table = summed(rows, by, options)
    if table is not None:
        if not _takes_counts(rows, options):
            roles: Any = {role: rows.studies.roles[role] for role in rows.record.roles}
            table = table.drop(columns=[name for name in MADE if name in table])
            table = effect_sizes(table, measure=rows.measure, study=options["study"], **roles)
            table = table.rename(columns={name: options.get(name, name) for name in ("yi", "vi")})
        return using(table, **options)
    p = rows.provenance
    return dataclasses.replace(
        rows, prediction=None, prediction_low=np.nan, prediction_high=np.nan,
        provenance=dataclasses.replace(p, settings={**p.settings, "prediction": None}),
    )  # fmt: skip


def summed(rows: PooledResult, by: str, options: Mapping[str, Any]) -> pd.DataFrame | None:
    """Return one row a trial with the sums of its counts, in the order of the table; None where they are not to be had.

    They are not where effects are not those of the counts, such as adjusted ones, where a trial has two rows in one
    subgroup, and where weights or dependence are of single rows.
    """
    s, roles = rows.studies, rows.record.roles
    labels = np.array(s.labels)
    counts = {role: s.counts(role) for role in roles}
    given = {role: x for role, x in counts.items() if x is not None and np.isfinite(x).all()}
    single = rows.model_facts.models_dependence or "weights" in options  # what is of single rows has no sum
    if roles not in COUNTED or len(given) < len(roles) or single:
        return None
    if pd.DataFrame({"trial": labels, "level": s.data[by].astype(str)}).duplicated().any():
        return None
    compute = rows.record.compute
    if not _takes_counts(rows, options) and (compute is None or not _are_of(compute, given, s.yi, s.vi)):
        return None
    groups = s.data.groupby(labels, sort=False)
    table = groups.first()
    fixed = groups.nunique(dropna=False) == 1
    table = table.where(fixed).assign(**{s.roles[role]: groups[s.roles[role]].sum() for role in roles})
    return table.assign(**{by: WHOLE}).reset_index(drop=True)


def _takes_counts(rows: PooledResult, options: Mapping[str, Any]) -> bool:
    return all(role in options for role in rows.record.roles)


def _are_of(compute: Callable[..., Any], counts: dict[str, Any], yi: Any, vi: Any) -> bool:
    """Return whether effects are those of the counts, with 1/2 added where a cell is empty."""
    with np.errstate(divide="ignore", invalid="ignore"):
        y, v = compute(correct(counts, 0.5, "only0")[0])
    return bool(np.allclose(y, yi, rtol=1e-9, atol=0) and np.allclose(v, vi, rtol=1e-9, atol=0))
