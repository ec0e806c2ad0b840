"""pool_subgroups: the same pool in each subgroup, and the test between them."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import columns_exist, one_of
from ....base.frames import rows_of, to_pandas
from ....errors import DataError, DataWarning, MetaoncError, OptionError
from ...methods.tau2 import GENQ, TAU2_METHODS
from ...results.pooled import PooledResult
from ..inverse_variance.pool import pool
from .comparison import between, f_test, is_bayesian
from .result import SubgroupResult, indicators


def pool_subgroups(
    table: Any,
    *,
    by: str,
    using: Callable[..., PooledResult] = pool,
    common_tau2: bool = False,
    singletons: str = "keep",
    **options: Any,
) -> SubgroupResult:
    r"""Pool each subgroup, and test whether subgroups differ.

    .. math:: Q_B = \sum_g \frac{(\hat\mu_g - \bar\mu)^2}{se_g^2} \sim \chi^2_{G-1}

    Parameters
    ----------
    table : dataframe
        One row a trial, or a trial's subgroup.
    by : str
        Column that holds the subgroup's level.
    using : function, default ``pool``
        How each subgroup is pooled: ``pool``, ``pool_glmm`` or another pooling function. After ``pool_bayes`` there is
        no test between subgroups.
    common_tau2 : bool, default False
        One tau² for all subgroups, estimated within them together; only with ``pool``.
    singletons : {"keep", "leave out"}
        Whether a subgroup of one row keeps its own estimate and enters the test, or is left out of everything.
    **options
        What `using` takes: columns, method, intervals, level.

    Returns
    -------
    SubgroupResult

    Raises
    ------
    ColumnError
        When `by` is not a column.
    DataError
        When a row has no level, or what `using` raises.
    OptionError
        When a common tau² is asked for with another model.

    Warns
    -----
    DataWarning
        Rows that lack a number were left out.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"kras": ["mut", "mut", "wt", "wt"], "x": [25, 7, 9, 4], "n": [57, 10, 52, 9]}
    >>> r = mo.pool_subgroups(d, by="kras", using=mo.pool_glmm, events="x", n="n")
    >>> list(r.groups)
    ['mut', 'wt']
    """
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {"by": by})
    frame.index = pd.Index(rows_of(table, len(frame)))  # what a subgroup says of its rows are the table's numbers
    lacking = frame.index[frame[by].isna()]
    if len(lacking):
        raise DataError(f"row {lacking[0]} has no {by}; name its subgroup, or take the row out.")
    rows_in = len(frame)
    frame, alone = _without_singletons(frame, by, one_of("singletons", singletons, ["keep", "leave out"]))
    levels = frame[by].astype(str)
    names = list(dict.fromkeys(levels))
    if common_tau2 and using is not pool:
        raise OptionError("common_tau2=True is for pool; other models estimate tau² in each subgroup.")
    if common_tau2 and (options.get("tau2") is not None or options.get("method") == GENQ):
        raise OptionError("common_tau2=True estimates tau² itself: leave out tau2=, and use another method than GENQ.")
    groups: dict[str, PooledResult]
    overall: PooledResult
    with warnings.catch_warnings():  # the same rows lack in the whole and in their subgroup: one warning, below
        warnings.simplefilter("ignore", DataWarning)
        overall = using(frame, **options)
        if common_tau2:
            options = {**options, "tau2": _common_tau2(overall, by, names)}
        groups = {name: _pool_one(using, frame[levels == name], by, options) for name in names}
    dropped = (*alone, *overall.provenance.dropped)  # numbered by the rows of the whole table
    if dropped:
        warnings.warn(f"{len(dropped)} of {rows_in} rows left out. {dropped[0]}", DataWarning, stacklevel=2)
    asked = {"by": by, "common_tau2": common_tau2, "singletons": singletons}
    return _compared(groups, overall, asked, rows_in, dropped)


def refit(r: SubgroupResult, rows: NDArray[np.bool_]) -> SubgroupResult:
    """Return the subgroups of some of the rows, those that are left, by the same models and options."""
    levels = r.overall.studies.data[r.by].astype(str).to_numpy()
    left = pd.Series(levels).where(rows).value_counts()
    if r.provenance.settings["singletons"] == "leave out":
        rows = rows & np.isin(levels, left.index[left > 1])
    names = [name for name in r.groups if (rows & (levels == name)).any()]
    if not names:
        raise DataError(f"each level of {r.by} has one row left: with singletons='leave out' nothing remains.")
    overall = r.overall.refit(rows)
    shared = {"tau2": _common_tau2(overall, r.by, names)} if r.common_tau2 else {}
    groups: dict[str, PooledResult] = {}
    for name in names:
        try:
            groups[name] = r.groups[name].refit(rows[levels == name], **shared)
        except MetaoncError as problem:
            raise type(problem)(f"{r.by} {name!r}: {problem}") from problem
    asked = {name: r.provenance.settings[name] for name in ("by", "common_tau2", "singletons")}
    return _compared(groups, overall, asked, int(rows.sum()), ())


def _compared(
    groups: dict[str, PooledResult],
    overall: PooledResult,
    asked: dict[str, Any],
    rows_in: int,
    dropped: tuple[str, ...],
) -> SubgroupResult:
    """Return the subgroups with the tests between them."""
    parts, by, common_tau2 = list(groups.values()), asked["by"], asked["common_tau2"]
    q, df, p = between(parts)
    f, f_df, f_p = f_test(overall, by, list(groups))
    provenance = dataclasses.replace(
        overall.provenance,
        verb="pool_subgroups",
        rows_in=rows_in,
        dropped=dropped,
        settings={**overall.provenance.settings, **asked},
        notes=_notes(parts, q),
    )
    return SubgroupResult(
        groups=groups, overall=overall, by=by, q_between=q, q_between_df=df, q_between_p=p,
        f_between=f, f_between_df=f_df, f_between_p=f_p, common_tau2=common_tau2, provenance=provenance,
    )  # fmt: skip


def _pool_one(using: Callable[..., PooledResult], part: pd.DataFrame, by: str, options: dict[str, Any]) -> PooledResult:
    """Pool one subgroup; what it raises names the subgroup."""
    try:
        return using(part, **options)
    except MetaoncError as problem:
        raise type(problem)(f"{by} {str(part[by].iloc[0])!r}: {problem}") from problem


def _without_singletons(frame: pd.DataFrame, by: str, policy: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    sizes = frame[by].astype(str).map(frame[by].astype(str).value_counts())
    if policy == "keep" or (sizes > 1).all():
        return frame, ()
    if (sizes == 1).all():
        raise DataError(f"each level of {by} has one row: with singletons='leave out' nothing remains.")
    kept = frame[sizes > 1]
    alone = frame[by][sizes == 1]
    return kept, tuple(f"row {i}: the only one of {by} {level!r}" for i, level in zip(alone.index, alone, strict=True))


def _common_tau2(overall: PooledResult, by: str, names: list[str]) -> float | None:
    """Return the tau² of the model that has one mean a subgroup; None of one row in each, which cannot show it."""
    s = overall.studies
    if len(s.yi) == len(names):
        return None
    return float(TAU2_METHODS[overall.method].estimate(s.yi, s.vi, indicators(s.data[by], names)))


def _notes(parts: list[PooledResult], q: float) -> tuple[str, ...]:
    notes = []
    if parts[0].record.null is None:
        notes.append(
            "without a control arm a difference between subgroups may be prognosis as well as effect of treatment; "
            "it is not evidence that the biomarker modifies the effect."
        )
    if len(parts) > 1 and is_bayesian(parts[0]):
        notes.append(
            "no test between subgroups: posterior standard deviations are no standard errors. Read the posteriors side "
            "by side, or test with pool; within trials with interaction."
        )
    elif len(parts) > 1 and np.isnan(q):
        notes.append("no test between subgroups: one of them has an infinite or a certain estimate.")
    return tuple(notes)
