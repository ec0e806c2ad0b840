"""What moved a pool, by trial: the pool of each mixture of trials as before and as after."""

from __future__ import annotations

import dataclasses
import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...errors import MetaoncError, MetaoncWarning
from ..methods.intervals import from_covariance
from ..methods.tau2 import TAU2_METHODS
from ..numeric.distributions import to_error, two_sided_p
from ..numeric.wls import Floats
from ..pooling.inverse_variance.batch import pooled_rows
from ..pooling.inverse_variance.result import MetaResult
from ..results.pooled import PooledResult
from .rows import Beside, beside
from .shares import Shares, shares

BATCHED, REFITS = 4096, 128  # pools that may be made: together, and one by one
NOISE = 1e-9  # of the pool before: what refitting it by the options of that after may differ by
MODEL = "model and options"  # names what is no trial's doing
NUMBERS = ("estimate", "natural", "tau2", "p_value")
MOVED = ("moved", "moved_natural", "moved_tau2", "moved_p")
COLUMNS = ("trial", "change", "rows_before", "rows_after", *MOVED, "only", "all_but")


class Moves(NamedTuple):
    """What moved one pool.

    Attributes
    ----------
    table
        ``COLUMNS``, one row a trial that changed, and one of the model and its options where these did.
    orders
        Random orders that the parts are means over; 0 where over all.
    reason
        Why no part can be told, otherwise empty.
    """

    table: pd.DataFrame
    orders: int
    reason: str


def moves(before: PooledResult, after: PooledResult, units: tuple[tuple[str, ...], tuple[str, ...]]) -> Moves:
    """Return what moved a pool of one measure, by trial."""
    both = beside(before, after, units)
    failed: list[str] = []
    of_mixtures = _together(both, after) if _is_batched(both, after) else _one_by_one(both, after, failed)
    names = both.moved
    found = shares(of_mixtures, len(names), BATCHED if _is_batched(both, after) else REFITS)
    first, last = numbers_of(before), numbers_of(after)
    model = _filled(found.first - first, found.first, first)
    own = found.shares
    if _is_noise(model, first):
        own, model = _to_the_ends(found, first, last), np.zeros(len(NUMBERS))
    else:
        own = _to_the_ends(found, found.first, last)
    table = pd.DataFrame({
        "trial": names, "change": [both.changes[name] for name in names],
        "rows_before": _counts(both, names, after=False), "rows_after": _counts(both, names, after=True),
        **dict(zip(MOVED, own.T, strict=True)), "only": found.only[:, 0], "all_but": found.all_but[:, 0],
    }, columns=list(COLUMNS))  # fmt: skip
    if model.any():
        row = {"trial": MODEL, "change": "options", "rows_before": before.k, "rows_after": before.k,
               **dict(zip(MOVED, model, strict=True)), "only": found.first[0], "all_but": np.nan}  # fmt: skip
        table = pd.concat([pd.DataFrame([row], columns=list(COLUMNS)), table.astype(object)]).astype(_types())
        table = table.reset_index(drop=True)
    return Moves(table.astype(_types()), found.orders, failed[0] if failed else "")


def _types() -> dict[str, Any]:
    text = {"trial": object, "change": object, "rows_before": int, "rows_after": int}
    return {name: text.get(name, float) for name in COLUMNS}


def numbers_of(r: PooledResult) -> Floats:
    """Return the ``NUMBERS`` of a pool; NaN what it has not, and tau² of one row 0."""
    tau2 = 0.0 if r.k == 1 and np.isnan(r.tau2) else r.tau2
    p = r.p_value if r.record.null is not None else np.nan
    return np.array([r.estimate, natural_of(r, r.estimate), np.nan if r.is_common else tau2, p], dtype=float)


def natural_of(r: PooledResult, x: Any) -> Any:
    """Return values on the natural scale; NaN of a measure whose way back differs from pool to pool."""
    if r.record.inverse_needs is not None:
        return np.full(np.shape(x), np.nan)
    return np.asarray(r.record.inverse(x), dtype=float)


def _counts(both: Beside, names: list[str], *, after: bool) -> list[int]:
    own = [unit for unit, there in zip(both.units, both.is_after, strict=True) if bool(there) == after]
    return [own.count(name) for name in names]


def _is_noise(model: Floats, first: Floats) -> bool:
    return bool(np.all(np.nan_to_num(np.abs(model)) <= NOISE * (1 + np.nan_to_num(np.abs(first)))))


def _filled(differences: Floats, one: Floats, other: Floats) -> Floats:
    """Return differences, 0 where neither number is there."""
    return np.where(np.isnan(one) & np.isnan(other), 0.0, differences)


def _to_the_ends(found: Shares, first: Floats, last: Floats) -> Floats:
    """Return the parts so that they sum to the difference of the pools to the last digit: rounding is spread evenly."""
    if not len(found.shares) or not _is_noise(_filled(found.last - last, found.last, last), last):
        return found.shares
    rounding: Floats = ((last - first) - found.shares.sum(0)) / len(found.shares)
    return found.shares + rounding


def _is_batched(both: Beside, r: PooledResult) -> bool:
    return (
        type(r) is MetaResult
        and both.studies.covariance is None
        and r.ci in from_covariance()
        and r.method in TAU2_METHODS
        and r.provenance.settings.get("weights") is None
    )


def _together(both: Beside, r: PooledResult) -> Any:
    def worth(inside: NDArray[np.bool_]) -> Floats:
        s = both.studies
        v = np.where(both.mixtures(inside), s.vi, np.inf)
        p = pooled_rows(s.yi, v, r.method, r.ci, r.level, r.provenance.settings["tau2"])
        tested = np.full(len(v), np.nan)
        if r.record.null is not None:
            tested = two_sided_p(to_error(p.estimate, p.se), p.df)
        tau2 = np.full(len(v), np.nan) if r.is_common else p.tau2
        return np.column_stack([p.estimate, natural_of(r, p.estimate), tau2, tested])

    return worth


def _one_by_one(both: Beside, r: PooledResult, failed: list[str]) -> Any:
    whole = dataclasses.replace(r, studies=both.studies)

    def worth(inside: NDArray[np.bool_]) -> Floats:
        return np.array([_fitted(whole, rows, failed) for rows in both.mixtures(inside)])

    return worth


def _fitted(whole: PooledResult, rows: NDArray[np.bool_], failed: list[str]) -> Floats:
    with warnings.catch_warnings():  # what is said of the pools need not be said of each mixture
        warnings.simplefilter("ignore", MetaoncWarning)
        try:
            return numbers_of(whole.refit(rows))
        except MetaoncError as problem:
            failed.append(str(problem))
            return np.full(len(NUMBERS), np.nan)
