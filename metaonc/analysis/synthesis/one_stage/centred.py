"""Cox's model of an interaction between treatment and a covariate, centred within trials."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....base.check import Floats
from ....errors import ConvergenceError, DataError
from ...numeric.distributions import critical, two_sided_p
from .likelihoods import cells
from .likelihoods.tabulated import REACH

WITHIN, ACROSS, NAIVE = "within trials", "across trials", "not centred"
ARM, ARM_AT_MEAN = "treatment where the covariate is 0", "treatment at the covariate's mean"
OF_TREATMENT = (ARM, ARM_AT_MEAN)


class Estimated(NamedTuple):
    """The table of coefficients, in how many trials the covariate differs, and that of each trial: estimate, se."""

    table: pd.DataFrame
    informative: int
    own: list[tuple[float, float]]


def estimated(p: pd.DataFrame, z: Floats, by: str, ties: str, level: float) -> Estimated:
    """Return the coefficients, of all trials and of each.

    Parameters
    ----------
    p
        Patients: study, time, event, arm.
    z
        The covariate, (n,); `by` is its name.

    Raises
    ------
    DataError
        When it differs between patients in no trial.
    ConvergenceError
        When a coefficient is infinite.
    """
    trial, names = pd.factorize(p["study"])
    k = len(names)
    mean = np.bincount(trial, weights=z) / np.bincount(trial)
    arm = p["arm"].to_numpy()
    keys, cell = np.unique(np.column_stack([trial, arm, z]), axis=0, return_inverse=True)
    cell = cell.ravel()
    of, x, value = keys[:, 0].astype(int), keys[:, 1], keys[:, 2]
    varies = [i for i in range(k) if np.ptp(value[of == i]) > 0]
    if not varies:
        raise DataError(f"{by!r} differs between patients in no trial: there is no interaction within trials.")
    time, event = p["time"].to_numpy(), p["event"].to_numpy() == 1
    blocks = [cells.block(time[trial == i], event[trial == i], cell[trial == i], ties) for i in range(k)]
    main = np.stack([np.where(of == i, value - mean[i], 0.0) for i in varies], axis=1)
    spread = np.ptp(mean) > 1e-12
    centred = [x, x * (value - mean[of])] + ([x * mean[of]] if spread else [])
    terms = [ARM, WITHIN, ACROSS] if spread else [ARM_AT_MEAN, WITHIN]
    rows = _rows(blocks, np.column_stack([*centred, main]), terms, level)
    naive = _rows(blocks, np.column_stack([x, x * value, value]), [ARM, NAIVE], level)
    table = pd.DataFrame([*rows[1:], rows[0], naive[1]])
    own = [(math.nan, math.nan)] * k
    for column, i in enumerate(varies):
        own[i] = _alone(blocks[i], np.column_stack([*centred[:2], main[:, column]]), level)
    return Estimated(table.reset_index(drop=True), len(varies), own)


def _alone(block: Any, design: Floats, level: float) -> tuple[float, float]:
    """Return the interaction in one trial, NaN where it is infinite."""
    try:
        found = _rows([block], design, [ARM, WITHIN], level)[1]
    except ConvergenceError:
        return math.nan, math.nan
    inside = abs(found["estimate"]) < REACH
    return (found["estimate"], found["se"]) if inside else (math.nan, math.nan)


def _rows(blocks: Any, design: Floats, terms: list[str], level: float) -> list[dict[str, Any]]:
    try:
        fit = cells.maximise(blocks, design)
        cov = np.linalg.inv(fit.information)
    except (np.linalg.LinAlgError, ConvergenceError):
        raise ConvergenceError(
            "a coefficient is not estimable or infinite, as where a level of the covariate has no events in an arm of "
            "all trials."
        ) from None
    se = np.sqrt(np.diag(cov))[: len(terms)]
    half = float(critical(level)) * se
    return [
        {"term": term, "estimate": b, "se": s, "statistic": b / s, "p_value": float(two_sided_p(b / s)),
         "ci_low": b - h, "ci_high": b + h}
        for term, b, s, h in zip(terms, fit.beta[: len(terms)].tolist(), se.tolist(), half.tolist(), strict=True)
    ]  # fmt: skip
