"""tipping_point: which unpublished trial would overturn the conclusion of a pool."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import Floats
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...pooling.inverse_variance.batch import Pools, pooled_rows
from ...pooling.inverse_variance.result import MetaResult
from ...results.inside import pool_in
from ..conclusions import conclusion_of, null_on_analysis
from ..refits import can_refit, refuse_correlated
from .added_trial import Kind, kind_of
from .first_crossing import POINTS, first_crossing, first_whole
from .tipping_result import TippingPointResult

SIZES = 40  # of the curve
RANGE = 4.0  # from a quarter of the smallest trial to four times the largest
FAR = 1e4  # times the largest trial, up to which a trial without effect is looked for

Holds = Callable[[Any, Any], Any]  # effects and variances -> above 0 as long as the conclusion stands


@known_arguments
def tipping_point(
    result: MetaResult, *, sizes: Sequence[float] | None = None, benchmark: float | None = None
) -> TippingPointResult:
    """Return what a further trial would have to find, by its size, for the interval of the pool to touch no effect.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Of a pool that excludes no effect, the effect nearest to the pool's with which it no longer would; of a pool that
    includes it, the effect nearest to none with which it no longer would. The pool is made anew each time, as the
    result was: tau² and the width of its interval change with the trial that is added.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned.
    sizes : list of float, optional
        Of the trial: events of a hazard ratio (both arms, which are of one size: its variance is 4 over events);
        patients of one arm's response, or of both arms; else information, in that of the median trial. When not given,
        40 sizes from a quarter of the smallest trial to four times the largest.
    benchmark : float, optional
        What intervals are compared with, on the natural scale, such as 0.2 of a response rate, which has no line of no
        effect of its own.

    Returns
    -------
    TippingPointResult
        Its `table` has one row a size: size, effect (of the trial, on the scale of analysis), found (responders, or
        events of treatment, as whole numbers; of other measures the natural effect), vi, weight (percent in the new
        pool), estimate, ci_low and ci_high (of the new pool); NaN where no such trial overturns it. Its `null_size` is
        the size of a trial without effect that does.

    Raises
    ------
    DataError
        When `result` is of another kind, or its counts are not known.
    OptionError
        A measure without a line of no effect, and no `benchmark`; sizes that are none; a result with ``HC`` intervals,
        GENQ weights or correlated sampling errors.

    Notes
    -----
    Whole numbers of responders are the first that overturn; the limit then lies at or beyond no effect. Controls of an
    added trial respond as those of all trials together. Where even a trial that agrees with the pool overturns it, as
    by KR where it outweighs all others, its effect is that of the pool.

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"yi": [-0.5, -0.3, -0.4, -0.2], "vi": [0.04, 0.03, 0.05, 0.04]}
    >>> r = mo.sensitivity.tipping_point(mo.pool(t, measure="HR", method="CE", ci="wald"), sizes=[100, 400])
    >>> r["found"].round(2).tolist(), round(r.null_size)
    ([1.7, 1.08], 899)
    """
    result = pool_in(result)
    if not isinstance(result, MetaResult):
        raise DataError(f"a result of pool is wanted, not {type(result).__name__}.")
    can_refit(result.ci, result.method, "pools with a further trial")
    refuse_correlated(result, "pools with a further trial")
    null = null_on_analysis(result, benchmark)
    if null is None:
        raise OptionError(
            f"a {result.record.label} has no line of no effect: say what the interval is compared with, by "
            f"{option('benchmark')} on the natural scale."
        )
    kind = kind_of(result)
    size = _sizes(kind, sizes)
    significant = str(conclusion_of(np.array([result.ci_low]), np.array([result.ci_high]), null)[0]) != "includes"
    side = 1.0 if result.estimate >= null else -1.0
    holds = _holding(result, null, side if significant else -side, side)
    if kind.effect is None:
        effect, vi, found = _by_effect(result, kind, size, holds, null, significant)
    else:
        effect, vi, found = _by_counts(result, kind, size, holds, null, significant)
    there = np.isfinite(effect)
    new = _with_trial(result, np.where(there, effect, 0.0)[:, None], np.where(there, vi, 1.0)[:, None])
    share = 100 / (np.where(there, vi, np.nan) + new.tau2) / (
        (1 / (result.studies.vi + new.tau2[:, None])).sum(1) + 1 / (np.where(there, vi, np.nan) + new.tau2)
    )  # fmt: skip
    columns = {name: np.where(there, getattr(new, name), np.nan) for name in ("estimate", "ci_low", "ci_high")}
    settings = {**result.provenance.settings, "benchmark": benchmark}
    return TippingPointResult(
        table=pd.DataFrame({"size": size, "effect": effect, "found": found, "vi": np.where(there, vi, np.nan),
                            "weight": share, **columns}),
        size_name=kind.size,
        found_name=kind.found,
        typical=np.asarray(kind.typical, dtype=float),
        null_size=_null_size(kind, null, holds) if significant else np.nan,
        significant=significant,
        benchmark=null,
        whole=result,
        provenance=dataclasses.replace(
            result.provenance, verb="sensitivity.tipping_point", settings=settings, notes=()
        ),
    )  # fmt: skip


def _sizes(kind: Kind, asked: Sequence[float] | None) -> Floats:
    if asked is None:
        size = np.geomspace(kind.typical.min() / RANGE, kind.typical.max() * RANGE, SIZES)
        return np.unique(np.maximum(np.round(size), 2.0)) if kind.whole else size
    try:
        size = np.asarray(asked, dtype=float).ravel()
    except (TypeError, ValueError):
        size = np.empty(0)
    bad = [x for x in size.tolist() if not (np.isfinite(x) and x > 0)]
    if bad or not len(size):
        raise OptionError(f"sizes={bad[0] if bad else asked!r} must be numbers of {kind.size} above 0.")
    return size


def _with_trial(r: MetaResult, y: Any, v: Any) -> Pools:
    """Return the pools with one further trial each, of effects and variances of any shape, flat."""
    own, given = r.studies, r.provenance.settings["tau2"]
    y, v = (np.asarray(a, dtype=float).reshape(-1, 1) for a in np.broadcast_arrays(y, v))
    both = [np.hstack([np.broadcast_to(a, (len(y), len(a))), b]) for a, b in ((own.yi, y), (own.vi, v))]
    return pooled_rows(both[0], both[1], r.method, r.ci, r.level, given)


def _holding(r: MetaResult, null: float, sign: float, side: float) -> Holds:
    """Return the function of effects and variances that is above 0 as long as the conclusion stands."""

    def holds(y: Any, v: Any) -> Any:
        found = _with_trial(r, y, v)
        near = found.ci_low if side > 0 else found.ci_high
        return (sign * (near - null)).reshape(np.broadcast_shapes(np.shape(y), np.shape(v)))

    return holds


def _by_effect(
    r: MetaResult, kind: Kind, size: Floats, holds: Holds, null: float, significant: bool
) -> tuple[Floats, Floats, Floats]:
    """Return the effect of the trial by root finding, its variance, and the natural effect."""
    v = kind.variance(size)
    start, way = (r.estimate, null - r.estimate) if significant else (null, r.estimate - null)
    sign = np.sign(way) or 1.0
    unit = np.sqrt(v + r.tau2 + r.se**2)
    steps = np.concatenate([[0.0], np.geomspace(1e-3, 1e3, POINTS - 1)])
    grid = start + sign * unit[:, None] * steps
    effect = first_crossing(lambda y: holds(y, v[:, None]), grid)
    with np.errstate(over="ignore"):
        return effect, v, np.asarray(r.natural(effect), dtype=float)


def _by_counts(
    r: MetaResult, kind: Kind, size: Floats, holds: Holds, null: float, significant: bool
) -> tuple[Floats, Floats, Floats]:
    """Return the effect of the trial by whole numbers of patients, its variance, and these numbers."""
    make = kind.effect
    assert make is not None

    def at(x: Any) -> tuple[Any, Any]:
        y, v = make(np.broadcast_to(size[:, None], x.shape).ravel(), x.ravel())
        return y.reshape(x.shape), v.reshape(x.shape)

    most = np.floor(kind.most * size)
    start = np.clip(np.round(kind.share(r.estimate if significant else null) * kind.most * size), 0.0, most)
    rises = (r.estimate >= null) != significant  # with what is found every effect rises
    found = first_whole(lambda x: holds(*at(x)), start, most if rises else 0 * most)
    y, v = at(np.where(np.isfinite(found), found, 0.0)[:, None])
    lacks = ~np.isfinite(found)
    return np.where(lacks, np.nan, y[:, 0]), np.where(lacks, np.nan, v[:, 0]), found


def _null_size(kind: Kind, null: float, holds: Holds) -> float:
    """Return the size of a trial without effect that overturns the conclusion; NaN where none does."""

    def at(log_size: Any) -> Any:
        size = np.exp(log_size)
        if kind.effect is None:
            return holds(np.full(size.shape, null), kind.variance(size))
        y, v = kind.effect(size.ravel(), kind.share(null) * kind.most * size.ravel())
        return holds(y.reshape(size.shape), v.reshape(size.shape))

    ends = np.log([kind.typical.min() / RANGE, kind.typical.max() * FAR])
    return float(np.exp(first_crossing(at, np.linspace(ends[0], ends[1], POINTS)[None])[0]))
