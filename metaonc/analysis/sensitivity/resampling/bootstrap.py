"""bootstrap: intervals of a pool from resampled trials."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import Floats, confidence_level, one_of, seed_of
from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...methods.tau2 import is_common
from ...pooling.inverse_variance.batch import Pools, joined, pooled_rows
from ...pooling.inverse_variance.result import MetaResult
from ...results.inside import pool_in
from ..refits import can_refit, refuse_correlated
from .limits import bca, percentile
from .result import BootstrapResult

KINDS = ("trials", "parametric")
NUMBERS = 200_000  # in a block of resampled effects: memory stays bounded
LEAST, LIMIT = 100, 10_000_000


@known_arguments
def bootstrap(
    result: MetaResult, *, n: int = 10_000, seed: int | None = None, kind: str = "trials", level: float | None = None
) -> BootstrapResult:
    """Pool resampled trials many times by the same model, for intervals without a distribution of the estimate.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned, of three trials or more.
    n : int, default 10000
        How many times.
    seed : int, optional
        Of the draws; when not given, one is drawn, and the provenance says which.
    kind : {"trials", "parametric"}
        Trials with their effects and variances are drawn with replacement; or effects are drawn of the model, normal
        about the pooled effect with variance v + tau².
    level : float, optional
        Of the intervals; that of the result when not given.

    Returns
    -------
    BootstrapResult
        Its `table` has one row an estimate and a kind of interval: percentile, and of resampled trials BCa, which is
        corrected for bias and accelerated. Its `draws` are the estimates and tau² of each draw, on the scale of
        analysis.

    Raises
    ------
    DataError
        When `result` is of another kind, or of fewer than three trials.
    OptionError
        Options that do not exist; a result with ``HC`` intervals, GENQ weights or correlated sampling errors.

    Notes
    -----
    Few trials that are drawn again and again are more alike than new ones would be: of resampled trials the intervals
    are too narrow where trials are few (measured: docs/test_sizes.md).

    References
    ----------
    Efron 1987, doi:10.1080/01621459.1987.10478410 (not read; formulas as R's boot documents them).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.4, -0.2, 0.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}, method="DL")
    >>> b = mo.sensitivity.bootstrap(r, n=2000, seed=1)
    >>> b.table.query("term == 'estimate'")[["interval", "ci_low", "ci_high"]].round(1).values.tolist()
    [['percentile', -0.4, -0.1], ['BCa', -0.4, -0.1]]
    """
    result = pool_in(result)
    if not isinstance(result, MetaResult):
        raise DataError(f"a result of pool is wanted, not {type(result).__name__}.")
    can_refit(result.ci, result.method, "resampled trials")
    refuse_correlated(result, "resampled trials")
    one_of("kind", kind, KINDS)
    if result.k < 3:
        raise DataError(f"{result.k} trial{'s' * (result.k > 1)} cannot be resampled; three are the least.")
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not LEAST <= n <= LIMIT:
        raise OptionError(f"n={n!r} must be a whole number from {LEAST} to {LIMIT}.")
    level = result.level if level is None else confidence_level(level)
    seed = seed_of(seed)
    found = _drawn(result, int(n), np.random.default_rng(seed), kind)
    known = result.provenance.settings["tau2"] is not None or is_common(result.method)
    draws = {"estimate": found.estimate} | ({} if known else {"tau2": found.tau2})
    settings = {**result.provenance.settings, "n": int(n), "seed": seed, "kind": kind, "level": level}
    return BootstrapResult(
        table=_table(result, draws, kind, level),
        draws=pd.DataFrame(draws),
        kind=kind,
        seed=seed,
        level=level,
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb="sensitivity.bootstrap", settings=settings, notes=()),
    )


def _drawn(r: MetaResult, n: int, rng: np.random.Generator, kind: str) -> Pools:
    """Return the pools of resampled trials."""
    v = r.studies.vi
    step, parts = max(NUMBERS // r.k, 1), []
    for start in range(0, n, step):
        m = min(step, n - start)
        if kind == "trials":
            parts.append(of_rows(r, rng.integers(0, r.k, (m, r.k))))
        else:
            new = r.estimate + np.sqrt(v + r.tau2) * rng.standard_normal((m, r.k))
            parts.append(_pooled(r, new, np.broadcast_to(v, new.shape)))
    return joined(parts)


def of_rows(r: MetaResult, rows: Any) -> Pools:
    """Return the pools of rows by their numbers, (m, k)."""
    return _pooled(r, r.studies.yi[rows], r.studies.vi[rows])


def _pooled(r: MetaResult, y: Floats, v: Floats) -> Pools:
    return pooled_rows(y, v, r.method, "wald", r.level, r.provenance.settings["tau2"])


def _table(r: MetaResult, draws: dict[str, Floats], kind: str, level: float) -> pd.DataFrame:
    each = np.arange(r.k)
    without = of_rows(r, np.array([np.delete(each, i) for i in each]))
    rows: list[dict[str, Any]] = []
    for name, t in draws.items():
        own = {"term": name, "estimate": getattr(r, name), "bias": t.mean() - getattr(r, name), "se": t.std(ddof=1)}
        low, high = percentile(t, level)
        rows.append({**own, "interval": "percentile", "ci_low": low, "ci_high": high})
        if kind == "trials":
            low, high = bca(t, getattr(r, name), getattr(without, name), level)
            rows.append({**own, "interval": "BCa", "ci_low": low, "ci_high": high})
    return pd.DataFrame(rows)
