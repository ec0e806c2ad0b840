"""Parametric models that lifelines has fitted, one to each of two arms, as curves to be drawn beside others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ...base.check import Floats
from ...errors import DataError
from .coefficient import package_of


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedArms:
    """Models of two arms; its fields are named as those of a model fitted here, and it has no limits.

    Attributes
    ----------
    label
        How readers know the model.
    treatment, control, ends
        The arms, and the last time of each.
    patients
        DataFrame, one row a patient: time, event, arm.
    unit, level
        None, and the level of the Kaplan-Meier estimates beside it.
    """

    label: str
    treatment: str
    control: str
    ends: tuple[float, float]
    patients: pd.DataFrame
    unit: None = None
    level: float = 0.95
    fits: tuple[Any, Any] = field(repr=False)

    def survival_at(self, times: Floats) -> pd.DataFrame:
        """Return group, time, survival, ci_low and ci_high (NaN), extrapolated, treatment first."""
        from .lifelines_fits import survival_of

        parts = []
        for fit, name, end in zip(self.fits, (self.treatment, self.control), self.ends, strict=True):
            survival = survival_of(fit)[1](times)
            parts.append(pd.DataFrame({"group": name, "time": times, "survival": survival, "ci_low": np.nan,
                                       "ci_high": np.nan, "extrapolated": times > end}))  # fmt: skip
        return pd.concat(parts, ignore_index=True)


def is_fitted_arms(fits: Any) -> bool:
    """Return whether this is a mapping of arms to what lifelines has fitted."""
    return isinstance(fits, Mapping) and bool(fits) and all(package_of(fit) == "lifelines" for fit in fits.values())


def fitted_arms(fits: Mapping[Any, Any]) -> FittedArms:
    """Return models of two arms: name of the arm -> parametric fitter of lifelines, treatment first.

    Raises
    ------
    DataError
        When there are not two arms, they have different models, or one is no parametric model that is fitted.
    """
    from .lifelines_fits import patients_of_parametric, survival_of

    if len(fits) != 2:
        raise DataError(f"arms given: {len(fits)}; give two, treatment first, each with its model.")
    (treatment, one), (control, two) = ((str(name), fit) for name, fit in fits.items())
    labels = [survival_of(fit)[0] for fit in (one, two)]
    if labels[0] != labels[1]:
        raise DataError(f"the arms have different models ({labels[0]} and {labels[1]}): fit one to both.")
    parts = []
    for name, fit in ((treatment, one), (control, two)):
        time, event = patients_of_parametric(fit)
        parts.append(pd.DataFrame({"time": time, "event": event, "arm": name}))
    ends = tuple(float(part["time"].max()) for part in parts)
    return FittedArms(label=labels[0], treatment=treatment, control=control, ends=(ends[0], ends[1]),
                      patients=pd.concat(parts, ignore_index=True), fits=(one, two))  # fmt: skip
