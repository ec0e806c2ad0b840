"""Each trial left out of a pool that has no closed form of its diagnostics: the pool of the others, made anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ....errors import MetaoncError
from ...numeric.distributions import chi2_p
from ...numeric.wls import Floats
from ...results.pooled import PooledResult
from ..members import Members
from ..subset_refits import fits

LINEAR = 1e-9  # of an estimate: as near it is the weighted mean of the trials' effects
NO_LEVERAGE = (
    "leverage is not known: the pooled effect of this model is no weighted mean of the effects that trials have of "
    "their own"
)
OWN_EFFECTS = "standardised residuals are of the effects that trials have of their own, which a normal law is put to"
NO_RESIDUALS = "standardised residuals are not known: this model has no variance between trials on the scale of effects"


def deleted(whole: PooledResult, units: Members) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the diagnostics of each unit, without flags, and what must be known of them.

    Where each unit is one row it has a standardised residual, otherwise all have the quadratic form of theirs.
    """
    hats = hat_of(whole)
    several = len(units.names) < len(units.codes)
    lines = []
    for number, (name, found) in enumerate(fits(whole, units)):
        rows = units.of_unit(number)
        there = None if isinstance(found, MetaoncError) else found
        moved = np.nan if there is None else (whole.estimate - there.estimate) / whole.se
        lines.append({
            "study": name, **_residuals(whole, there, rows, several), **({} if several else {"dffits": moved}),
            "cook_d": moved**2, "cov_ratio": np.nan if there is None else (there.se / whole.se) ** 2,
            "tau2": getattr(there, "tau2", np.nan), "q": getattr(there, "q", np.nan), "hat": float(hats[rows].sum()),
            "weight": float(whole.weights[rows].sum()), "dfbeta": moved, "reason": "" if there else str(found),
        })  # fmt: skip
    notes = [NO_LEVERAGE] * bool(np.isnan(hats).any())
    if whole.model_facts.pools_counts:
        notes.append(NO_RESIDUALS if np.isnan(_spread(whole)) else OWN_EFFECTS)
    return pd.DataFrame(lines), tuple(notes)


def hat_of(whole: PooledResult) -> Floats:
    """Return the leverage of each row, (k,): its weight where the estimate is the weighted mean, else NaN."""
    share = whole.weights / 100
    y = np.where(share == 0, 0.0, whole.studies.yi)
    if not np.isfinite(y).all():  # a logit of 0 or all
        return np.full(len(share), np.nan)
    mean = float(share @ y)
    linear = abs(mean - whole.estimate) <= LINEAR * max(abs(whole.estimate), whole.se)
    return np.asarray(share) if linear else np.full(len(share), np.nan)


def _residuals(whole: PooledResult, found: PooledResult | None, rows: Any, several: bool) -> dict[str, Any]:
    """Return the columns on the residuals of a unit beside the pool of the others."""
    if not several:
        return {"rstudent": np.nan if found is None else _residual(whole, found, rows)}
    n, x2 = int(rows.sum()), np.nan if found is None else _form(whole, found, rows)
    return {"rows": n, "x2": x2, "x2_p": float(chi2_p(x2, n))}


def _spread(found: PooledResult) -> float:
    """Return the variance of the effect in a trial that is not in a pool: between trials, and of the pooled effect."""
    predictive = getattr(found, "predictive", None)
    if predictive is None:
        return (0.0 if found.is_common else float(found.tau2)) + found.se**2
    return float(predictive.sd**2) if np.isfinite(predictive.sd) else np.nan


def _residual(whole: PooledResult, found: PooledResult, rows: Any) -> float:
    """Return the first row's effect beside the pool without it, in standard deviations."""
    (y, *_), (v, *_) = whole.studies.yi[rows], whole.studies.vi[rows]
    return float((y - found.estimate) / np.sqrt(v + _spread(found))) if np.isfinite([y, v]).all() else np.nan


def _form(whole: PooledResult, found: PooledResult, rows: Any) -> float:
    """Return the quadratic form of the residuals of a unit; NaN where it has patients in common with others."""
    s = whole.studies
    cov = np.diag(s.vi[rows]) if s.covariance is None else s.covariance[np.ix_(rows, rows)]
    if s.covariance is not None and s.covariance[np.ix_(rows, ~rows)].any():
        return np.nan
    tau2, y = float(np.nan_to_num(found.tau2)), s.yi[rows] - found.estimate
    total = cov + tau2 * np.eye(len(y)) + (_spread(found) - tau2) * np.ones((len(y), len(y)))
    return float(y @ np.linalg.solve(total, y))
