"""leave_k_out: one pool without each set of k trials."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from math import comb
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import seed_of
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...methods.intervals import CI_METHODS
from ...numeric.distributions import two_sided_p
from ...pooling.common_effect.result import CommonEffectResult
from ...pooling.counts.result import CountResult
from ...pooling.inverse_variance.result import MetaResult
from ...results.inside import pool_in
from ...results.pooled import PooledResult
from ..conclusions import conclusion_of, null_on_analysis
from ..members import members
from ..refits import can_refit, refuse_correlated
from ..subset_pools import pools
from ..subset_refits import estimates_of
from .result import LeaveKOutResult, other_than

LIMIT = 1_000_000
KINDS = (MetaResult, CommonEffectResult, CountResult)


class Size(NamedTuple):
    """Sets up to which all are pooled, and how many are drawn of more."""

    all: int
    drawn: int


TOGETHER, ONE_BY_ONE = Size(100_000, 20_000), Size(2_000, 1_000)


@known_arguments
def leave_k_out(
    result: PooledResult, *, k: int = 2, subsets: int | None = None, seed: int | None = None,
    benchmark: float | None = None,
) -> LeaveKOutResult:  # fmt: skip
    """Pool the trials again without each set of k of them, by the same model, and find the sets that move it.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    result : PooledResult
        What ``pool``, ``pool_mantel_haenszel``, ``pool_peto``, ``pool_glmm`` or ``pool_beta_binomial`` returned, of
        k + 1 trials or more. All rows of a trial leave together.
    k : int, default 2
        How many trials leave at a time.
    subsets : int, optional
        How many sets to draw at random, all of them different. When not given, all are pooled where there are 100 000
        or fewer, and 20 000 drawn of more; of counts, which are fitted one by one, 2 000 and 1 000.
    seed : int, optional
        Of the random draws; when not given, one is drawn, and the provenance says which.
    benchmark : float, optional
        What intervals are compared with, on the natural scale, such as 0.2 of a response rate; no effect when not
        given.

    Returns
    -------
    LeaveKOutResult
        Its `table` has one row a set: left_out, k (trials left), estimate, se, df, ci_low, ci_high, tau2, q, i2
        (percent), p_value (missing of intervals that are not by a standard error), conclusion, and reason, why there is
        no estimate (then NaN), on the scale of analysis. Its `drivers` has one row a trial: how often the conclusion is
        another one without it and others, and the mean estimate then.

    Raises
    ------
    DataError
        When `result` is of another kind, or has too few trials.
    OptionError
        A number that is none; a result with ``HC`` intervals, GENQ weights or correlated sampling errors.

    References
    ----------
    Viechtbauer and Cheung 2010, doi:10.1002/jrsm.11, of single trials (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCDE"), "yi": [-0.5, -0.3, -0.4, -0.2, 0.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}
    >>> r = mo.sensitivity.leave_k_out(mo.pool(t, study="trial", measure="HR", method="DL", ci="wald"))
    >>> len(r), r.changed["left_out"].tolist()
    (10, ['A and B', 'A and C', 'A and D', 'B and C', 'B and D', 'C and D'])
    """
    result = pool_in(result)
    if not isinstance(result, KINDS):
        raise DataError(f"a result of pool is wanted, or of a pool of counts, not {type(result).__name__}.")
    if isinstance(result, MetaResult):
        can_refit(result.ci, result.method, "subsets of its trials")
        refuse_correlated(result, "pools without several trials")
    units = members(result.studies.labels, result.row_units, "leave_one_out", "trial")
    names = np.array(units.names, dtype=object)
    if len(names) < 2:
        raise DataError("one trial cannot be left out of itself; two are the least.")
    if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or not 1 <= k < len(names):
        raise OptionError(
            f"k={k!r} must be a whole number from 1 to {len(names) - 1}: of {len(names)} trials one stays."
        )
    size = TOGETHER if isinstance(result, MetaResult) else ONE_BY_ONE
    chosen, seed = _chosen(len(names), int(k), subsets, seed, size)
    inside = np.ones((len(chosen), len(names)), dtype=bool)
    np.put_along_axis(inside, chosen, False, axis=1)
    rows = inside[:, units.codes]
    null = null_on_analysis(result, benchmark)
    found = _together(result, rows) if isinstance(result, MetaResult) else _one_by_one(result, rows)
    with np.errstate(divide="ignore", invalid="ignore"):  # effects all alike have no residuals
        p = np.asarray(two_sided_p((found["estimate"] - (null or 0.0)) / found["se"], found["df"].to_numpy()))
    there = (found["reason"] == "").to_numpy()
    conclusion = conclusion_of(found["ci_low"].to_numpy(), found["ci_high"].to_numpy(), null)
    table = found.assign(
        p_value=p if null is not None and result.ci in CI_METHODS else np.full(len(chosen), np.nan),
        conclusion=np.where(there, conclusion, ""), reason=found["reason"],
    )  # fmt: skip
    table.insert(0, "left_out", [" and ".join(some) for some in names[chosen]])
    table.insert(1, "k", rows.sum(1))
    settings = {**result.provenance.settings, "k": int(k), "subsets": len(chosen), "seed": seed, "benchmark": benchmark}
    own = str(conclusion_of(np.array([result.ci_low]), np.array([result.ci_high]), null)[0])
    return LeaveKOutResult(
        table=table,
        drivers=_drivers(names, ~inside, table, own),
        left_out=int(k),
        own=own,
        seed=seed,
        benchmark=null,
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb="sensitivity.leave_k_out", settings=settings, notes=()),
    )


def _together(r: MetaResult, rows: Any) -> pd.DataFrame:
    s, given = r.studies, r.provenance.settings["tau2"]
    found = pools(s.yi, s.vi, lambda m: rows[m[:, 0]], r.method, r.ci, r.level, given, len(rows))
    return pd.DataFrame({**found._asdict(), "reason": np.full(len(rows), "", dtype=object)})


def _one_by_one(r: PooledResult, rows: Any) -> pd.DataFrame:
    """Return the pools of sets of rows by the model's own refit, with the reason where one has none."""
    return pd.concat([estimates_of(r, some) for some in rows], ignore_index=True).drop(columns="interval")


def _chosen(n: int, k: int, count: int | None, seed: int | None, size: Size) -> tuple[NDArray[np.int64], int | None]:
    """Return the trials that leave, (m, k), and the seed where they are random."""
    every = comb(n, k)
    if count is not None and (isinstance(count, bool) or not isinstance(count, (int, np.integer)) or
                              not 1 <= count <= LIMIT):  # fmt: skip
        raise OptionError(f"subsets={count!r} must be a whole number from 1 to {LIMIT}.")
    if every <= (size.all if count is None else count):
        return np.array(list(combinations(range(n), k)), dtype=np.int64), None
    count = size.drawn if count is None else int(count)
    if 2 * count > every:
        raise OptionError(f"subsets={count} are most of {every} sets: take all, by {option('subsets', every)}.")
    seed = seed_of(seed)
    rng = np.random.default_rng(seed)
    found = np.empty((0, k), dtype=np.int64)
    while len(found) < count:
        drawn = np.sort(rng.random((count, n)).argpartition(k - 1, axis=1)[:, :k], axis=1)
        found = np.concatenate([found, drawn])
        found = found[np.sort(np.unique(found, axis=0, return_index=True)[1])]
    return found[:count], seed


def _drivers(names: Any, out: Any, table: pd.DataFrame, own: str) -> pd.DataFrame:
    """Return a row a trial: in how many sets it is, how many of these change the conclusion, and the mean estimate."""
    changed = other_than(table, own).to_numpy()
    sets = out.sum(0)
    with np.errstate(divide="ignore", invalid="ignore"):  # a trial that no random set has
        there = np.isfinite(table["estimate"].to_numpy())
        mean = out[there].T @ table["estimate"].to_numpy()[there] / out[there].sum(0)
    return pd.DataFrame({"study": names, "sets": sets, "changed": out[changed].sum(0), "estimate_without": mean})
