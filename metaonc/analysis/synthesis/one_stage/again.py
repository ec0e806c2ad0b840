"""The model of a pool of patients made anew: limits at another level, profiles, and without each trial."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from ....base.numbers import sequence
from ....errors import DataError
from . import fit, sets
from .evidence import two_sided
from .kept import kept_of, tables_of
from .likelihoods.laplace import laplace
from .pool import at_the_end, fitted
from .result import IpdPool
from .rows import without_each as rows_without


def limits(r: IpdPool, level: float) -> tuple[float, float]:
    """Return the limits of the same model at another level."""
    ci = "wald" if r.ci == "credible" else r.ci
    found, _ = fitted(kept_of(r), r.method, ci, level, r.tau_prior, r.effect_prior)
    return found.ci_low, found.ci_high


def profiled(r: IpdPool, tau2: Any) -> pd.DataFrame:
    """Return Laplace's approximation at given variances between trials."""
    at = sequence(tau2, "tau2")
    if (at < 0).any():
        raise DataError(f"tau2={at.tolist()} holds a negative variance.")
    kept = kept_of(r)
    tables = tables_of(kept.trials) if kept.tables is None else kept.tables
    found = laplace(tables, np.sqrt(at))
    null = float(tables.null.sum())
    return pd.DataFrame({"tau2": at, "estimate": found.beta, "se": found.se, "loglik": null + found.loglik})


def without_each(r: IpdPool) -> pd.DataFrame:
    """Return the model without each trial in turn."""
    if r.sets is not None:
        return sets.left_out_of([without_each(one) for one in sets.one_by_one(r)], r.level)
    trials, tables, grid = kept_of(r)
    names = [t.label for t in trials]
    at_once = fit.points_without_each(tables, grid()) if tables is not None and r.method == "laplace" else None

    def one(name: str) -> dict[str, float]:
        kept = [j for j, other in enumerate(names) if other != name]
        two_sided([trials[j] for j in kept], r.treatment, r.control)
        found: fit.Fitted | fit.Point
        if tables is None:
            found, _ = fit.common([trials[j].terms for j in kept], 0.0, r.level)
        elif r.method == "bayes":
            found = fit.believed(tables.of(kept), r.tau_prior, r.effect_prior, r.level)
        else:
            found = fit.point(tables.of(kept), r.method) if at_once is None else at_once[names.index(name)]
        tau2 = found.tau2 if len(kept) > 1 or tables is None else math.nan
        return {"estimate": found.estimate, "se": found.se, "tau2": tau2}

    found = rows_without(names, 1, one)
    cautions = ["".join(at_the_end(r.method, tau2)) for tau2 in found.get("tau2", [math.nan] * len(names))]
    return pd.DataFrame({**found, "caution": cautions})
