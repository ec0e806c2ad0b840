"""Confidence and prediction intervals by name: one record each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class IntervalMethod:
    """A confidence interval of a pooled effect.

    Attributes
    ----------
    code, label, reference
        Name in calls, name in a methods section, and its source.
    scale
        Factor of the standard error from s² = y'Py/(k-p), which is 1 in expectation.
    uses_t
        Whether the quantile is Student's with k - p degrees of freedom, or the normal.
    """

    code: str
    label: str
    reference: str
    scale: Callable[[Any], Any]
    uses_t: bool


CI_METHODS = {
    m.code: m
    for m in (
        IntervalMethod("wald", "Wald (normal)", "", np.ones_like, False),
        IntervalMethod("t", "Wald with t quantile", "", np.ones_like, True),
        IntervalMethod(
            "HKSJ", "Hartung-Knapp-Sidik-Jonkman", "Knapp and Hartung 2003, doi:10.1002/sim.1482", np.sqrt, True
        ),
        IntervalMethod(
            "HKSJ-adhoc",
            "Hartung-Knapp-Sidik-Jonkman, never narrower than Wald's standard error",
            "Jackson et al. 2017, doi:10.1002/sim.7411",
            lambda s2: np.sqrt(np.maximum(s2, 1.0)),
            True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class PredictionMethod:
    """A prediction interval for the effect in a new trial: estimate -+ quantile * sqrt(tau² + se²).

    Attributes
    ----------
    code, label
        Name in calls, and in a methods section.
    lost
        Degrees of freedom are k - lost; None is the normal quantile.
    se
        Which standard error of the pooled effect: ``own`` of its interval, ``wald`` or ``HKSJ``.
    """

    code: str
    label: str
    lost: int | None
    se: str


PREDICTION_METHODS = {
    m.code: m
    for m in (
        PredictionMethod("wald", "normal quantile", None, "own"),
        PredictionMethod("t", "t with k - 1 degrees of freedom", 1, "own"),
        PredictionMethod("HTS", "Higgins-Thompson-Spiegelhalter, t with k - 2", 2, "wald"),
        PredictionMethod("HK", "Hartung-Knapp, t with k - 1", 1, "HKSJ"),
        PredictionMethod("HK-PR", "Hartung-Knapp, t with k - 2 (Partlett-Riley)", 2, "HKSJ"),
    )
}
