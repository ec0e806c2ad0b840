"""Estimates of many subsets of the trials of a result of any kind, each fitted as the whole was."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...base.caution import Caution, named
from ...errors import DataError, MetaoncError, MetaoncWarning
from ..methods.narrower import is_narrower
from ..numeric.normal_likelihood import weights
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.subgroups.refit import refit_overall
from ..pooling.subgroups.result import SubgroupResult
from ..results.cautions import narrower as narrower_interval
from .members import Members
from .subset_pools import pools

TEXTS = {"interval": "", "reason": "", "stated_test": ""}


def in_batches(whole: Any) -> bool:
    """Return whether subsets are fitted together: of inverse variance, where sampling errors are independent."""
    return isinstance(whole, MetaResult) and whole.studies.covariance is None


def table_of(whole: Any, subsets: Members, level: float | None = None) -> pd.DataFrame:
    """Return the estimates of each subset, as `refitted` has them; together where they can be."""
    if not in_batches(whole):
        table = refitted(whole, subsets, level)
        if isinstance(whole, MetaResult):
            table.loc[subsets.sizes == 1] = table.loc[subsets.sizes == 1].fillna({"tau2": 0.0, "q": 0.0, "i2": 0.0})
        return table
    y, v, given = whole.studies.yi, whole.studies.vi, whole.provenance.settings["tau2"]
    level = whole.level if level is None else level
    found = pools(y, v, subsets.rows, whole.method, whole.ci, level, given, len(subsets.names))
    intervals = np.where(subsets.sizes > 1, whole.ci, "wald").astype(object)
    n = len(intervals)
    columns = {"study": np.array(subsets.names, dtype=object), **found._asdict(), "interval": intervals,
               "reason": np.full(n, "", dtype=object)}  # fmt: skip
    # arrays of our own, and not copied: that takes as long as all the pools
    return pd.DataFrame(columns, index=pd.RangeIndex(n), copy=False)


def refitted(whole: Any, subsets: Members, level: float | None = None) -> pd.DataFrame:
    """Return the estimates of each subset, one row a subset, or one an estimate where the result has several.

    Parameters
    ----------
    whole
        A result that has ``refit`` and ``estimates``.
    subsets
        Of its rows.
    level
        Of the intervals; that of the result when None.

    Returns
    -------
    pandas.DataFrame
        study, the subgroup, outcome or coefficient where there are several, what ``estimates`` returns, and reason:
        why there is no estimate, then NaN.
    """
    found = ((name, _estimates(whole, subsets, number, level)) for number, name in enumerate(subsets.names))
    tables = [own.assign(study=name) for name, own in found]
    part = tables[0].index.name
    rows: list[pd.DataFrame] = [own.reset_index() if part else own for own in tables]
    table = pd.concat(rows, ignore_index=True)
    first = ["study", *([part] if part else [])]
    return table[[*first, *(name for name in table.columns if name not in first)]]


def estimates_of(whole: Any, rows: NDArray[np.bool_]) -> pd.DataFrame:
    """Return what ``estimates`` returns of a subset (k,), and reason: why there is no estimate, then NaN."""
    return _told(whole, fit_of(whole, rows), None)


def fits(whole: Any, subsets: Members) -> Iterator[tuple[str, Any]]:
    """Return each subset's name with its result, or with the error that tells why there is none."""
    for number, name in enumerate(subsets.names):
        yield name, fit_of(whole, subsets.rows(number))


def narrower(whole: Any, subsets: Members, table: pd.DataFrame) -> list[Caution]:
    """Return which intervals by inverse variance are narrower than by the variances, each with that.

    Of subgroups those that a trial is of, and of all.

    Parameters
    ----------
    whole, subsets
        The result, and the subsets of its rows.
    table
        Their estimates, as `table_of` returns them.
    """
    which = "without" if subsets.verb == "leave_one_out" else "up to"
    if in_batches(whole):
        return _narrower_together(whole, subsets, table, which)
    if not isinstance(whole.overall if isinstance(whole, SubgroupResult) else whole, MetaResult):
        return []
    found = []
    for number, (name, part) in enumerate(fits(whole, subsets)):
        if isinstance(part, MetaoncError):
            continue
        if isinstance(part, SubgroupResult):
            there = set(whole.rows["level"].to_numpy()[subsets.of_unit(number)])
            groups = [named(level, r.cautions) for level, r in part.groups.items() if level in there]
            own, of = [*chain(*groups), *named(whole.overall_name, part.overall.cautions)], f"{which} {name}"
        else:
            own, of = part.cautions, f"the pool {which} {name}"
        found += named(of, [caution for caution in own if caution.beside is not None])
    return found


def _narrower_together(whole: MetaResult, subsets: Members, t: pd.DataFrame, which: str) -> list[Caution]:
    inside = subsets.rows(np.arange(len(t))[:, None])
    w = np.where(inside, weights(whole.studies.vi, t["tau2"].to_numpy()), 0.0)
    plain = w.sum(-1) ** -0.5
    short = is_narrower(whole.ci, t["se"].to_numpy(), t["df"].to_numpy(), plain, whole.level) & (inside.sum(-1) > 1)
    rows = zip(*(t[name][short] for name in ("study", "estimate", "tau2", "df", "se")), plain[short], strict=True)
    return [
        narrower_interval(
            whole.ci, tau2, value, se, df, whole.level, whole.record, scaled=scaled, of=f"the pool {which} {study}"
        )
        for study, value, tau2, df, scaled, se in rows
    ]


def _estimates(whole: Any, subsets: Members, number: int, level: float | None) -> pd.DataFrame:
    rows = subsets.rows(number)
    if isinstance(whole, SubgroupResult):
        return _of_subgroups(whole, rows, subsets.of_unit(number), level)
    return _told(whole, fit_of(whole, rows), level)


def fit_of(whole: Any, rows: NDArray[np.bool_]) -> Any:
    """Return the result of a subset (k,), or the error that tells why there is none."""
    return _quietly(lambda: whole.refit(rows), rows)


def _quietly(refit: Callable[[], Any], rows: NDArray[np.bool_]) -> Any:
    if not rows.any():
        return DataError("no row is left.")
    with warnings.catch_warnings():  # what is said of the whole need not be said of each subset
        warnings.simplefilter("ignore", MetaoncWarning)
        try:
            return refit()
        except MetaoncError as problem:
            return problem


def _told(whole: Any, found: Any, level: float | None) -> pd.DataFrame:
    """Return what was estimated, or the rows of the whole without numbers and the reason."""
    if not isinstance(found, MetaoncError):
        table: pd.DataFrame = found.estimates(level).assign(reason="")
        return table
    numbers: pd.DataFrame = whole.estimates().drop(columns="interval")
    return numbers.assign(**dict.fromkeys(numbers.columns, np.nan), interval="", reason=str(found))


def _of_subgroups(
    whole: SubgroupResult, rows: NDArray[np.bool_], unit: NDArray[np.bool_], level: float | None
) -> pd.DataFrame:
    """Return the subgroups that a trial is of, and all; where one cannot be pooled, the others still are."""
    levels, everything = whole.rows["level"].to_numpy(), whole.overall_name
    own = [name for name in whole.groups if (unit & (levels == name)).any()]
    found = fit_of(whole, rows)
    if isinstance(found, MetaoncError):
        tables = [_told(group, fit_of(group, rows[levels == name]), level) for name, group in whole.groups.items()]
        tables.append(_told(whole.overall, _quietly(lambda: refit_overall(whole, rows), rows), level))
        table = pd.concat(tables).set_index(pd.Index([*whole.groups, everything], name="subgroup"))
    else:
        table = found.estimates(level).assign(reason="")
        table.index = pd.Index([*found.groups, everything], name="subgroup")
    gone = [name for name in own if name not in table.index]
    table = table.reindex([*own, everything])
    for name in gone:
        alone = "one row" if (rows & (levels == name)).any() else "no row"
        table.loc[name, "reason"] = f"{alone} of {whole.by} {name!r} is left."
    return pd.DataFrame(table.fillna(TEXTS))
