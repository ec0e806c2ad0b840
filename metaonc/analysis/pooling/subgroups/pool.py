"""pool_subgroups: the same pool in each subgroup, and the test between them."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import Labels, columns_exist, labels_of, one_of, where
from ....base.frames import rows_of, to_pandas
from ....base.labels import blanks, join_labels
from ....base.messages.left_out import warned
from ....base.messages.warning import warn
from ....errors import DataError, DataWarning, MetaoncError, MethodWarning, OptionError
from ...effects.inputs import study_of
from ...effects.outcomes import kept_apart
from ...methods.tau2 import GENQ
from ...results.pooled import PooledResult
from ..inverse_variance.pool import pool
from ..inverse_variance.result import MetaResult
from .comparison import common_tau2_of, compared
from .overlap import advice, each_once, refuse_common_tau2, shared_control, unnamed, with_control_arms
from .result import SubgroupResult
from .verbs import pooled_by, refuse_no_verb
from .whole import is_split, reported_whole, unused
from .whole import whole as pool_of_all


def pool_subgroups(
    table: Any,
    *,
    by: str,
    using: Callable[..., PooledResult] = pool,
    common_tau2: bool = False,
    singletons: str = "keep",
    whole: Any = None,
    **options: Any,
) -> SubgroupResult:
    r"""Pool each subgroup, and test whether subgroups differ.

    .. math:: F = \frac{1}{G-1} \sum_g \frac{(\hat\mu_g - \bar\mu)^2}{s^2 v_g} \sim F_{G-1, k-G}

    in the model with one mean a subgroup and one tau², where v are the variances of the means and s² is how much less,
    or more, effects differ within subgroups than these expect (Knapp and Hartung 2003, doi:10.1002/sim.1482). With two
    trials a subgroup it holds its size, as the chi-square of R's meta does not, which is given beside it
    (docs/test_sizes.md). Pools with a common effect and normal intervals, of ``pool_mantel_haenszel`` and
    ``pool_peto``, are compared by chi-square.

    Where rows are subgroups of the same trials, the pool of all takes whole trials: as reported, where `whole` has
    them, else the sums of their counts. Where there are neither, as of hazard ratios, it takes the rows as they are,
    says so, and has no prediction interval.

    Parameters
    ----------
    table : dataframe
        One row a trial, or a trial's subgroup.
    by : str
        Column that holds the subgroup's level.
    using : function, optional
        How each subgroup is pooled: ``pool``, ``pool_glmm`` or another pooling function. After ``pool_bayes`` there is
        no test between subgroups.
    common_tau2 : bool, default False
        One tau² for all subgroups, estimated within them together; only with ``pool``.
    singletons : {"keep", "leave out"}
        Whether a subgroup of one row keeps its own estimate and enters the test, or is left out of everything.
    whole : dataframe, optional
        Whole trials as they are reported, one row a trial with the columns of `table`, for the pool of all: it takes
        them where the rows of a trial are its subgroups. Those that it does not take are named in a warning and in the
        provenance.
    **options
        What `using` takes: columns, method, intervals, level.

    Returns
    -------
    SubgroupResult
        One pool a subgroup, the tests between them and the pool of all, on the scale of analysis.

    Raises
    ------
    ColumnError
        When `by` is not a column.
    DataError
        When a row has no level; levels of a trial share patients, and a common tau² is asked for; a trial of `whole`
        lacks a number; or what `using` raises.
    OptionError
        When a common tau² is asked for with another model or with correlated errors, or `covariance`, which is of one
        pool; `whole` without `study`.

    Warns
    -----
    DataWarning
        Rows that lack a number were left out; labels that differ by what no reader sees were joined; trials of `whole`
        are not used.
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
    if "levels" not in options and (told := study_of(frame, options.get("study"))) is not None:
        options["study"] = told
    of_table = rows_of(table, len(frame))
    frame, joined = join_labels(frame, _label_columns(by, options), of_table)
    frame.index = pd.Index(of_table)  # what a subgroup says of its rows are the table's numbers
    lacking = frame.index[blanks(frame[by])]
    if len(lacking):
        raise DataError(f"row {lacking[0]} has no {by}; name its subgroup, or take the row out.")
    frame = _whole_as_printed(frame, by)
    rows_in = len(frame)
    refuse_no_verb(using, options)
    _check_options(using, common_tau2, options)
    study = options.get("study")
    columns_exist(list(frame.columns), {"study": study})
    labels = labels_of(frame[study].tolist() if study else None, frame.index.tolist())
    if whole is not None:
        if study is None:
            raise OptionError("whole= is matched by the names of trials: give their column in both tables by study=.")
        whole, named = reported_whole(whole, study, labels)
        joined += named
    frame, alone = _without_singletons(frame, labels, by, one_of("singletons", singletons, ["keep", "leave out"]))
    frame = with_control_arms(frame, options)
    levels = frame[by].astype(str)
    names = list(dict.fromkeys(levels))
    groups: dict[str, PooledResult]
    rows: PooledResult
    # the same rows lack in the whole and in their subgroup: one warning, below
    with kept_apart((by,)), warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        if common_tau2:
            refuse_common_tau2(frame, by, options)
            groups, rows = _with_common_tau2(frame, by, names, options)
            once = each_once(frame, by, groups)
        else:
            groups = {name: _pool_one(using, frame[levels == name], by, options) for name in names}
            once = each_once(frame, by, groups)
            rows = using(once.rows, **options)
        overall = pool_of_all(rows, by, using, options, whole)
    if whole is not None and study is not None:
        joined += unused(whole, study, rows, overall, by)
    dropped = (*alone, *rows.provenance.dropped)  # numbered by the rows of the whole table
    if dropped:
        warn(warned(dropped, rows_in), DataWarning)
    caution = once.caution or shared_control(frame, by, options)
    if caution:
        more = f"; {advice(by, names, once.surplus)}" if once.caution else "."
        warn(f"{caution}. There is no test between them{more}", MethodWarning)
    return compared(
        groups,
        overall,
        places=once.places,
        pooled=once.pooled,
        model=rows,
        asked={"by": by, "common_tau2": common_tau2, "singletons": singletons},
        provenance=dataclasses.replace(rows.provenance, rows_in=rows_in, dropped=dropped),
        split=is_split(rows, by),
        caution=caution or unnamed(frame, names, by, options),
        independent=not caution,
        joined=joined,
    )


def _check_options(using: Callable[..., PooledResult], common_tau2: bool, options: Mapping[str, Any]) -> None:
    """Raise an OptionError where options do not go together."""
    if options.get("covariance") is not None:
        raise OptionError(
            "covariance= is of the rows of one pool: pool each level by pool with its own, or take shared=."
        )
    if common_tau2 and using is not pool:
        raise OptionError("common_tau2=True is for pool; other models estimate tau² in each subgroup.")
    if common_tau2 and (options.get("tau2") is not None or options.get("method") == GENQ):
        raise OptionError("common_tau2=True estimates tau² itself: leave out tau2=, and use another method than GENQ.")
    if common_tau2 and options.get("shared") is not None:
        raise OptionError(
            "common_tau2=True takes all rows as independent; leave out shared=, or set common_tau2=False."
        )


def _whole_as_printed(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return the table with levels that are whole numbers as such, so that 1 is not called 1.0."""
    column = frame[by]
    whole = column.dtype.kind == "f" and (column == column.round()).all() and (column.abs() < 2**53).all()
    return frame.assign(**{by: column.astype("int64")}) if whole else frame


def _label_columns(by: str, options: Mapping[str, Any]) -> list[str]:
    """Return the columns of labels, which are read in the whole table: a subgroup does not see the others' writing."""
    given = [
        by,
        options.get("study"),
        options.get("shared"),
        *(options.get("levels") or ()),
        *(options.get("crossed") or ()),
    ]
    return [column for column in given if isinstance(column, str)]


def _pool_one(using: Callable[..., PooledResult], part: pd.DataFrame, by: str, options: dict[str, Any]) -> PooledResult:
    """Pool one subgroup; what it raises names the subgroup."""
    try:
        found = using(part, **options)
    except MetaoncError as problem:
        raise type(problem)(f"{by} {str(part[by].iloc[0])!r}: {problem}") from problem
    return pooled_by(using, found)


def _without_singletons(
    frame: pd.DataFrame, labels: Labels, by: str, policy: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    if policy == "keep":
        return frame, ()
    sizes = frame[by].astype(str).map(frame[by].astype(str).value_counts())
    if (sizes > 1).all():
        return frame, ()
    if (sizes == 1).all():
        raise DataError(f"each level of {by} has one row: with singletons='leave out' nothing remains.")
    alone = zip(np.flatnonzero(sizes == 1), frame[by][sizes == 1], strict=True)
    return frame[sizes > 1], tuple(f"{where(labels, int(i))}: the only one of {by} {level!r}" for i, level in alone)


def _with_common_tau2(
    frame: pd.DataFrame, by: str, names: list[str], options: dict[str, Any]
) -> tuple[dict[str, PooledResult], MetaResult]:
    """Return each subgroup and the pool of all rows, the former with the tau² that is estimated within them."""
    rows = pool(frame, **options)
    levels = rows.studies.data[by].astype(str).to_numpy()
    tau2 = common_tau2_of(
        rows.method, [(rows.studies.yi[levels == name], rows.studies.vi[levels == name]) for name in names]
    )
    own = {} if tau2 is None else {"tau2": tau2}
    return {name: pool(frame[frame[by].astype(str) == name], **{**options, **own}) for name in names}, rows
