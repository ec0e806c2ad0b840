"""pool_subgroups: the same pool in each subgroup, and the test between them."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import Labels, columns_exist, labels_of, one_of, where
from ....base.frames import rows_of, to_pandas
from ....errors import DataError, DataWarning, MetaoncError, MethodWarning, OptionError
from ...methods.intervals import CI_METHODS
from ...methods.tau2 import GENQ, TAU2_METHODS
from ...numeric import wls
from ...numeric.distributions import chi2_p, f_p
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...results.pooled import PooledResult
from ..inverse_variance.pool import pool
from ..inverse_variance.result import MetaResult
from .overlap import each_once, refuse_common_tau2, shared_control, unnamed, with_control_arms
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
        When a row has no level; levels of a trial share patients, and a common tau² is asked for; or what `using`
        raises.
    OptionError
        When a common tau² is asked for with another model or with correlated errors, or `covariance`, which is of one
        pool.

    Warns
    -----
    DataWarning
        Rows that lack a number were left out.
    MethodWarning
        Levels of one trial share patients, such as all, mutant and G12C: each is pooled by itself, the pool of all
        counts no patient twice, and there is no test between levels; nor where they share a control arm.

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
    if options.get("covariance") is not None:
        raise OptionError(
            "covariance= is of the rows of one pool: pool each level by pool with its own, or take shared=."
        )
    study = options.get("study")
    columns_exist(list(frame.columns), {"study": study})
    labels = labels_of(frame[study].tolist() if study else None, frame.index.tolist())
    frame, alone = _without_singletons(frame, labels, by, one_of("singletons", singletons, ["keep", "leave out"]))
    frame = with_control_arms(frame, options)
    levels = frame[by].astype(str)
    names = list(dict.fromkeys(levels))
    if common_tau2 and using is not pool:
        raise OptionError("common_tau2=True is for pool; other models estimate tau² in each subgroup.")
    if common_tau2 and (options.get("tau2") is not None or options.get("method") == GENQ):
        raise OptionError("common_tau2=True estimates tau² itself: leave out tau2=, and use another method than GENQ.")
    if common_tau2 and options.get("shared") is not None:
        raise OptionError(
            "common_tau2=True takes all rows as independent; leave out shared=, or set common_tau2=False."
        )
    groups: dict[str, PooledResult]
    overall: PooledResult
    with warnings.catch_warnings():  # the same rows lack in the whole and in their subgroup: one warning, below
        warnings.simplefilter("ignore", DataWarning)
        if common_tau2:
            refuse_common_tau2(frame, by, options)
            groups, overall = _with_common_tau2(frame, by, names, options)
            once = each_once(frame, by, groups)
        else:
            groups = {name: _pool_one(using, frame[levels == name], by, options) for name in names}
            once = each_once(frame, by, groups)
            overall = using(once.rows, **options)
    dropped = (*alone, *overall.provenance.dropped)  # numbered by the rows of the whole table
    if dropped:
        warnings.warn(f"{len(dropped)} of {rows_in} rows left out. {dropped[0]}", DataWarning, stacklevel=2)
    caution = once.caution or shared_control(frame, by, options)
    if caution:
        warnings.warn(caution, MethodWarning, stacklevel=2)
    parts = list(groups.values())
    q, df, p = between(parts)
    f, f_df, f_p = _f_test(overall, by, names)
    if caution:
        q = p = f = f_df = f_p = np.nan
    provenance = dataclasses.replace(
        overall.provenance,
        verb="pool_subgroups",
        rows_in=rows_in,
        dropped=dropped,
        settings={**overall.provenance.settings, "by": by, "common_tau2": common_tau2},
        notes=_notes(parts, q, not caution),
        cautions=tuple(filter(None, [caution or unnamed(frame, names, by, options)])),
    )
    return SubgroupResult(
        groups=groups, overall=overall, by=by, q_between=q, q_between_df=df, q_between_p=p,
        f_between=f, f_between_df=f_df, f_between_p=f_p, common_tau2=common_tau2, pooled=once.pooled,
        independent=not caution, provenance=provenance,
    )  # fmt: skip


def between(results: list[PooledResult]) -> tuple[float, int, float]:
    """Return the test between subgroups: Q, degrees of freedom, p.

    NaN where an estimate is infinite or certain, and of Bayesian pools: their standard deviations hold the priors too,
    and their posteriors are not normal.
    """
    estimates: Floats = np.array([r.estimate for r in results])
    with np.errstate(divide="ignore"):  # equal effects have a standard error of 0 under Hartung-Knapp
        w: Floats = np.array([r.se for r in results]) ** -2.0
    df = len(results) - 1
    if any(_is_bayesian(r) for r in results) or not (np.isfinite(estimates).all() and np.isfinite(w).all()):
        return np.nan, df, np.nan
    q = float((w * (estimates - (w * estimates).sum() / w.sum()) ** 2).sum())
    return q, df, float(chi2_p(q, df))


def _is_bayesian(r: PooledResult) -> bool:
    return r.ci == "credible"


def _pool_one(using: Callable[..., PooledResult], part: pd.DataFrame, by: str, options: dict[str, Any]) -> PooledResult:
    """Pool one subgroup; what it raises names the subgroup."""
    try:
        return using(part, **options)
    except MetaoncError as problem:
        raise type(problem)(f"{by} {str(part[by].iloc[0])!r}: {problem}") from problem


def _without_singletons(
    frame: pd.DataFrame, labels: Labels, by: str, policy: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    sizes = frame[by].astype(str).map(frame[by].astype(str).value_counts())
    if policy == "keep" or (sizes > 1).all():
        return frame, ()
    if (sizes == 1).all():
        raise DataError(f"each level of {by} has one row: with singletons='leave out' nothing remains.")
    alone = zip(np.flatnonzero(sizes == 1), frame[by][sizes == 1], strict=True)
    return frame[sizes > 1], tuple(f"{where(labels, int(i))}: the only one of {by} {level!r}" for i, level in alone)


def _with_common_tau2(
    frame: pd.DataFrame, by: str, names: list[str], options: dict[str, Any]
) -> tuple[dict[str, PooledResult], MetaResult]:
    """Pool subgroups with the tau² of the model that has one mean for each."""
    overall = pool(frame, **options)
    s = overall.studies
    if len(s.yi) == len(names):  # one trial in each: nothing to estimate it from
        return {name: pool(frame[frame[by].astype(str) == name], **options) for name in names}, overall
    tau2 = float(TAU2_METHODS[overall.method].estimate(s.yi, s.vi, indicators(s.data[by], names)))
    return {name: pool(frame[frame[by].astype(str) == name], tau2=tau2, **options) for name in names}, overall


def _f_test(overall: PooledResult, by: str, names: list[str]) -> tuple[float, float, float]:
    """Return F, its denominator degrees of freedom and p, in the model with one mean a subgroup."""
    s, free = overall.studies, overall.k - len(names)
    asked = isinstance(overall, MetaResult) and s.covariance is None and CI_METHODS[overall.ci].is_t
    if not asked or overall.method not in TAU2_METHODS or overall.provenance.settings["tau2"] is not None:
        return np.nan, np.nan, np.nan
    if len(names) < 2 or free < 1:
        return np.nan, np.nan, np.nan
    x = indicators(s.data[by], names)
    tau2 = float(TAU2_METHODS[overall.method].estimate(s.yi, s.vi, x))
    fit = wls.fit(weights(s.vi, tau2), s.yi, x)
    cov = CI_METHODS[overall.ci].adjust(fit, free)[0]
    if not np.all(np.diag(cov) > 0):  # equal effects within subgroups leave Hartung and Knapp nothing to scale by
        return np.nan, np.nan, np.nan
    contrast = np.eye(len(names))[1:] - np.eye(len(names))[0]
    apart = contrast @ fit.beta
    f = float(apart @ np.linalg.solve(contrast @ cov @ contrast.T, apart)) / (len(names) - 1)
    return f, float(free), float(f_p(f, len(names) - 1, free))


def _notes(parts: list[PooledResult], q: float, independent: bool) -> tuple[str, ...]:
    notes = []
    if parts[0].record.null is None:
        notes.append(
            "without a control arm a difference between subgroups may be prognosis as well as effect of treatment; "
            "it is not evidence that the biomarker modifies the effect."
        )
    if len(parts) > 1 and _is_bayesian(parts[0]):
        notes.append(
            "no test between subgroups: posterior standard deviations are no standard errors. Read the posteriors side "
            "by side, or test with pool; within trials with interaction."
        )
    elif len(parts) > 1 and np.isnan(q) and independent:
        notes.append("no test between subgroups: one of them has an infinite or a certain estimate.")
    return tuple(notes)
