"""pool_subgroups: the same pool in each subgroup, and the test between them."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..._check import columns_exist
from ..._frames import to_pandas
from ..._result import Provenance, Result, Text
from ...errors import DataError, DataWarning, OptionError
from ..distributions import chi2_p
from .pool import pool
from .results import MetaResult, PooledResult
from .tau2 import TAU2_METHODS
from .wls import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SubgroupResult(Result):
    """Pooled effects of subgroups.

    Attributes
    ----------
    groups
        Level -> its pooled result, in order of first appearance.
    overall
        All trials together.
    by
        Column that holds the levels.
    q_between, q_between_df, q_between_p
        Test that all subgroups have one effect: chi-square of the pooled estimates weighted by 1/se².
    common_tau2
        Whether tau² is one for all subgroups.
    """

    groups: Mapping[str, PooledResult]
    overall: PooledResult
    by: str
    q_between: float
    q_between_df: int
    q_between_p: float
    common_tau2: bool
    provenance: Provenance

    def tidy(self, *, transform: bool = False) -> pd.DataFrame:
        """Return the rows of each subgroup and, of two trials or more, the overall one."""
        parts = [r.tidy(transform=transform).assign(subgroup=level) for level, r in self.groups.items()]
        if self.overall.trials > 1:
            whole = self.overall.tidy(transform=transform)
            parts.append(whole[whole["type"] == "summary"].assign(subgroup="all"))
        rows = pd.concat(parts, ignore_index=True)
        return rows[["subgroup", *[c for c in rows.columns if c != "subgroup"]]]

    def glance(self) -> pd.DataFrame:
        """Return one row a subgroup and one for all, with the test between subgroups."""
        rows = [r.glance().assign(subgroup=level) for level, r in [*self.groups.items(), ("all", self.overall)]]
        out = pd.concat(rows, ignore_index=True)
        test = {"q_between": self.q_between, "q_between_df": self.q_between_df, "q_between_p": self.q_between_p}
        return out[["subgroup", *[c for c in out.columns if c != "subgroup"]]].assign(**test)

    def r_code(self) -> Text:
        """Return the R scripts of all subgroups and the whole, and the test between subgroups."""
        parts = [f"# {self.by}: {level}\n{r.r_code()}" for level, r in self.groups.items()]
        parts.append(f"# all\n{self.overall.r_code()}")
        return Text("\n\n".join(parts))

    def _lines(self) -> list[str]:
        lines = []
        whole = [("all", self.overall)] if self.overall.trials > 1 else []
        for level, r in [*self.groups.items(), *whole]:
            title = level if level == "all" else f"{self.by}: {level}"
            lines += [title, *(f"  {line}" for line in r.summary().splitlines()), ""]
        test = f"Between subgroups: Q {self.q_between:.4g} ({self.q_between_df} df), p {self.q_between_p:.3g}"
        return [*lines, test]


def pool_subgroups(
    table: Any, *, by: str, using: Callable[..., PooledResult] = pool, common_tau2: bool = False, **options: Any
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
        How each subgroup is pooled: ``pool`` or ``pool_glmm``.
    common_tau2 : bool, default False
        One tau² for all subgroups, estimated within them together; only with ``pool``.
    **options
        What `using` takes: columns, method, intervals, level.

    Returns
    -------
    SubgroupResult
        A subgroup of one trial keeps its own estimate; it enters the test, and its note says so.

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
    lacking = np.flatnonzero(frame[by].isna())
    if len(lacking):
        raise DataError(f"row {lacking[0]} has no {by}; name its subgroup, or take the row out.")
    levels = frame[by].astype(str)
    names = list(dict.fromkeys(levels))
    if common_tau2 and using is not pool:
        raise OptionError("common_tau2=True is for pool; other models estimate tau² in each subgroup.")
    groups: dict[str, PooledResult]
    overall: PooledResult
    with warnings.catch_warnings():  # the same rows lack in the whole and in their subgroup: one warning, below
        warnings.simplefilter("ignore", DataWarning)
        if common_tau2:
            groups, overall = _with_common_tau2(frame, by, names, options)
        else:
            overall = using(frame, **options)
            groups = {name: using(frame[levels == name], **options) for name in names}
    dropped = overall.provenance.dropped  # numbered by the rows of the whole table
    if dropped:
        warnings.warn(f"{len(dropped)} of {len(frame)} rows left out. {dropped[0]}", DataWarning, stacklevel=2)
    q, df, p = between(list(groups.values()))
    parts = list(groups.values())
    provenance = dataclasses.replace(
        overall.provenance,
        verb="pool_subgroups",
        settings={**overall.provenance.settings, "by": by, "common_tau2": common_tau2},
        notes=_notes(parts, q),
    )
    return SubgroupResult(
        groups=groups, overall=overall, by=by, q_between=q, q_between_df=df, q_between_p=p, common_tau2=common_tau2,
        provenance=provenance,
    )  # fmt: skip


def between(results: list[PooledResult]) -> tuple[float, int, float]:
    """Return the test between subgroups: Q, degrees of freedom, p; NaN where an estimate is infinite or certain."""
    estimates: Floats = np.array([r.estimate for r in results])
    with np.errstate(divide="ignore"):  # equal effects have a standard error of 0 under Hartung-Knapp
        w: Floats = np.array([r.se for r in results]) ** -2.0
    df = len(results) - 1
    if not (np.isfinite(estimates).all() and np.isfinite(w).all()):
        return np.nan, df, np.nan
    q = float((w * (estimates - (w * estimates).sum() / w.sum()) ** 2).sum())
    return q, df, float(chi2_p(q, df))


def _with_common_tau2(
    frame: pd.DataFrame, by: str, names: list[str], options: dict[str, Any]
) -> tuple[dict[str, PooledResult], MetaResult]:
    """Pool subgroups with the tau² of the model that has one mean for each."""
    overall = pool(frame, **options)
    s = overall.studies
    x = (s.data[by].astype(str).to_numpy()[:, None] == np.array(names)).astype(float)
    if len(s.yi) == len(names):  # one trial in each: nothing to estimate it from
        return {name: pool(frame[frame[by].astype(str) == name], **options) for name in names}, overall
    tau2 = float(TAU2_METHODS[overall.method].estimate(s.yi, s.vi, x))
    return {name: pool(frame[frame[by].astype(str) == name], tau2=tau2, **options) for name in names}, overall


def _notes(parts: list[PooledResult], q: float) -> tuple[str, ...]:
    notes = []
    if parts[0].record.null is None:
        notes.append(
            "without a control arm a difference between subgroups may be prognosis as well as effect of treatment; "
            "it is not evidence that the biomarker modifies the effect."
        )
    if np.isnan(q) and len(parts) > 1:
        notes.append("no test between subgroups: one of them has an infinite or a certain estimate.")
    return tuple(notes)
