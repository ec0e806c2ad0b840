"""Each trial left out of a model of correlated rows, whole: its variance components estimated anew, or kept."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from ....errors import MetaoncError, MetaoncWarning
from ...numeric.distributions import chi2_p
from ...numeric.wls import Floats
from ..members import Members
from .deletion import BlockDeletion, blocks, by_block

UNTOLD = "the other trials do not tell all coefficients."


def deleted(whole: Any, units: Members, terms: tuple[str, ...], hats: Floats, reestimate: bool) -> pd.DataFrame:
    """Return the diagnostics of each unit, without flags.

    Parameters
    ----------
    whole
        A result that has ``fitted_model`` and ``refit``.
    units
        The trials, as ``leave_one_out`` has them.
    terms
        Names of the coefficients.
    hats
        Leverage of the rows of the model, (n,).
    reestimate
        Whether the variance components are estimated anew without each.
    """
    m, theta = whole.fitted_model
    p = len(terms)
    columns = ["dfbeta"] if p == 1 else [f"dfbeta_{term}" for term in terms]
    lines = []
    for number, (name, block) in enumerate(zip(units.names, blocks(m), strict=True)):
        batch, i = block
        rows = batch.rows[i][batch.present[i]]
        found, reason = _without(whole, units.rows(number), block, m, theta, reestimate)
        numbers = [np.nan] * (3 + p) if found is None else [found.x2, found.cook_d, found.cov_ratio, *found.dfbetas]
        x2, cook, ratio, *dfbetas = numbers
        lines.append({
            "study": name, "rows": len(rows), "x2": x2, "x2_p": float(chi2_p(x2, len(rows))), "cook_d": cook,
            "cov_ratio": ratio, "hat": float(hats[rows].sum()), **dict(zip(columns, dfbetas, strict=True)),
            "reason": reason,
        })  # fmt: skip
    return pd.DataFrame(lines)


def _without(
    whole: Any, rows: Any, block: Any, m: Any, theta: Floats, reestimate: bool
) -> tuple[BlockDeletion | None, str]:
    """Return what leaving out a block does, or None and the reason why that is not known."""
    if reestimate:
        try:
            with warnings.catch_warnings():  # what is said of the whole need not be said of each subset
                warnings.simplefilter("ignore", MetaoncWarning)
                components = whole.refit(rows).fitted_model[1]
        except MetaoncError as problem:
            return None, str(problem)
    else:
        components = theta
    found = by_block(m, theta, block, components)
    return found, UNTOLD if found is None else ""
