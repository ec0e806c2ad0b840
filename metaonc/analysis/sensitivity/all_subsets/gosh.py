"""gosh: pools of all subsets of the trials, and which trials drive where they lie."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import seed_of
from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...pooling.inverse_variance.batch import Pools, joined, pooled_rows
from ...pooling.inverse_variance.result import MetaResult
from ...results.inside import pool_in
from ..members import members
from ..refits import can_refit, refuse_correlated
from .drivers import shares, split
from .result import GoshResult
from .subsets import Subsets

ALL = 1 << 20  # subsets up to which all are pooled unless told otherwise: those of 20 trials
RANDOM = 100_000  # subsets of more trials
LIMIT = 10_000_000


@known_arguments
def gosh(result: MetaResult, *, subsets: int | None = None, seed: int | None = None) -> GoshResult:
    """Pool every subset of the trials by the same model (GOSH), and find the trials that drive where the pools lie.

    Pools of homogeneous trials lie in one heap; where they lie in two, the subsets of each differ in a trial or a few.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned, of three trials or more. tau² is estimated anew in each subset, by the method of the
        result, unless it was given.
    subsets : int, optional
        How many subsets to draw at random, each of the 2^k - 1 as likely and any more than once. When not given, all of
        20 trials or fewer are pooled, and of more trials 100 000 drawn.
    seed : int, optional
        Of the random draws; when not given, one is drawn, and the provenance says which.

    Returns
    -------
    GoshResult
        Its `table` has one row a subset: k, estimate, se, tau2, q, i2 (percent), on the scale of analysis; single
        trials are among them, with tau2, q and i2 of 0. Its `drivers` has one row a trial: the means of estimate and
        I² with it and without it, over the subsets of two trials or more, and how often each of two clusters of these
        subsets has it. Its `separation` says how far apart the two clusters are.

    Raises
    ------
    DataError
        When `result` is of another kind, or of fewer than three trials.
    OptionError
        A result with ``HC`` intervals, GENQ weights or correlated sampling errors; a number of subsets that is none.

    References
    ----------
    Olkin, Dahabreh and Trikalinos 2012, doi:10.1002/jrsm.1053.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"trial": list("ABCDE"), "yi": [-0.5, -0.3, -0.4, -0.2, 1.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}
    >>> r = mo.sensitivity.gosh(mo.pool(t, study="trial", ci="wald"))
    >>> len(r.table), r.driver
    (31, 'E')
    """
    result = pool_in(result)
    if not isinstance(result, MetaResult):
        raise DataError(f"a result of pool is wanted, not {type(result).__name__}.")
    can_refit(result.ci, result.method, "subsets of its trials")
    refuse_correlated(result, "pools of all subsets")
    s = result.studies
    k = len(s.yi)
    if k < 3:
        raise DataError(
            f"{k} trial{'s' * (k > 1)}: subsets of fewer than three trials tell nothing of who drives them."
        )
    chosen = _chosen(k, subsets, seed)
    blocks = [_pooled(result, inside) for _, inside in chosen.blocks()]
    found, size = joined([pools for pools, _ in blocks]), np.concatenate([sizes for _, sizes in blocks])
    counted = size > 1
    upper = np.zeros(chosen.count, dtype=bool)
    cut = split(found.estimate[counted], found.i2[counted])
    upper[counted] = cut.upper
    own = shares(chosen, found.estimate, found.i2, counted, upper)
    columns = {name: getattr(found, name) for name in ("estimate", "se", "tau2", "q", "i2")}
    settings = {**result.provenance.settings, "subsets": chosen.count, "seed": chosen.seed}
    names = members(s.labels, result.row_units, "leave_one_out", "row").names
    return GoshResult(
        table=pd.DataFrame({"k": size, **columns, "cluster": np.where(counted, 1 + upper, 0)}, copy=False),
        drivers=pd.DataFrame({"study": np.array(names, dtype=object), **own._asdict()}),
        separation=cut.separation,
        seed=chosen.seed,
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb="sensitivity.gosh", settings=settings, notes=()),
    )


def _pooled(result: MetaResult, inside: NDArray[np.bool_]) -> tuple[Pools, NDArray[np.int64]]:
    """Return the pools of subsets (m, k), those of one size together, so that no time goes to trials that are out."""
    y, v, tau2 = result.studies.yi, result.studies.vi, result.provenance.settings["tau2"]
    size = inside.sum(1)
    order = np.argsort(size, kind="stable")
    found = []
    for rows in np.split(order, np.flatnonzero(np.diff(size[order])) + 1):
        at = np.nonzero(inside[rows])[1].reshape(len(rows), -1)
        found.append(pooled_rows(y[at], v[at], result.method, "wald", result.level, tau2))
    back = np.argsort(order)
    return Pools(*(part[back] for part in joined(found))), size


def _chosen(k: int, count: int | None, seed: int | None) -> Subsets:
    if count is None and (1 << k) <= ALL:
        return Subsets(k, (1 << k) - 1, None)
    count = RANDOM if count is None else count
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or not 2 <= count <= LIMIT:
        raise OptionError(f"subsets={count!r} must be a whole number from 2 to {LIMIT}.")
    return Subsets(k, int(count), seed_of(seed))
