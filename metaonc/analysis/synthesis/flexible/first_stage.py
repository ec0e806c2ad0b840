"""The models of single trials behind a flexible pool, fitted again to their patients, as curves of survival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import Floats
from ....errors import DataError
from ...numeric.distributions import critical
from ...numeric.time_to_event import fractional
from ...survival.models.distribution import parametric
from ...survival.models.result import SurvivalModelResult
from ...survival.models.spline import royston_parmar
from ..trials import Trial, read_trials
from .result import FlexibleResult

SAME = 1e-6  # relative, of Akaike's criterion: fits of the same patients


@dataclass(frozen=True, slots=True, kw_only=True)
class PolynomialModel:
    r"""A fractional polynomial of the log hazard of two arms: its fields are named as those of other fitted models.

    .. math:: \hat S(t) = \exp\Bigl(-\sum_j w_j(t) \exp(b_0 + b_1 x + (b_2 + b_3 x) f(m_j))\Bigr)

    with the part w of each cell that lies before t, and f of the middle m of the cell.

    Attributes
    ----------
    label, treatment, control, ends, patients, unit, level
        As of `SurvivalModelResult`.
    power, width
        Of the polynomial, and of the cells of its Poisson model.
    beta, cov
        Coefficients of 1, arm, f and arm f (4,), and their covariance.
    """

    label: str
    treatment: str
    control: str
    ends: tuple[float, float]
    patients: pd.DataFrame
    unit: str | None
    level: float
    power: float
    width: float
    beta: Floats
    cov: Floats

    def survival_at(self, times: Floats) -> pd.DataFrame:
        """Return group, time, survival, ci_low, ci_high (delta method on log(-log S)), extrapolated."""
        count = int(np.ceil(np.max(times) / self.width)) + 1
        edges: Floats = np.arange(count, dtype=np.float64) * self.width
        within = np.clip(times[:, None] - edges, 0.0, self.width)
        f, z = fractional.transformed(edges + self.width / 2, self.power), float(critical(self.level))
        parts = []
        for arm, name, end in ((1.0, self.treatment, self.ends[0]), (0.0, self.control, self.ends[1])):
            x = np.stack([np.ones_like(f), np.full_like(f, arm), f, arm * f], 1)
            hazard = np.exp(x @ self.beta)
            total = within @ hazard
            slopes = within @ (hazard[:, None] * x) / total[:, None]
            half = z * np.sqrt(np.einsum("tp,pq,tq->t", slopes, self.cov, slopes))
            parts.append(pd.DataFrame({
                "group": name, "time": times, "survival": np.exp(-total), "ci_low": np.exp(-total * np.exp(half)),
                "ci_high": np.exp(-total * np.exp(-half)), "extrapolated": times > end,
            }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)


def models_by_trial(result: FlexibleResult, patients: Any) -> dict[str, SurvivalModelResult | PolynomialModel]:
    """Return trial -> its model, of those that were pooled, fitted again to the patients that were pooled.

    Raises
    ------
    DataError
        When these are not the patients of the result: a trial is lacking, or its model fits otherwise.
    """
    given = result.provenance.settings
    columns = {name: given[name] for name in ("study", "time", "event", "arm")}
    trials = {t.label: t for t in read_trials(patients, control=result.control, **columns).trials}
    lacking = [name for name in result.ends if name not in trials]
    if lacking:
        raise DataError(f"patients: trial {lacking[0]!r} of the pool is not there; give the patients that were pooled.")
    row = int((result.choices["choice"] - result.chosen).abs().argmin())
    found = {}
    for name in result.ends:
        model, aic = _fitted(result, trials[name])
        if abs(aic - float(result.trial_aic[name].iloc[row])) > SAME * abs(aic):
            raise DataError(
                f"patients: the model of trial {name!r} fits otherwise than in the pool; give the patients that were "
                "pooled."
            )
        found[name] = model
    return found


def _fitted(result: FlexibleResult, trial: Trial) -> tuple[SurvivalModelResult | PolynomialModel, float]:
    pair = ((result.treatment, trial.treatment), (result.control, trial.control))
    table = pd.concat([pd.DataFrame({"time": s.time, "event": s.event, "arm": name}) for name, s in pair],
                      ignore_index=True)  # fmt: skip
    shared: dict[str, Any] = {"control": result.control, "level": result.level, "unit": result.unit}
    if result.model == "royston-parmar":
        spline = royston_parmar(table, knots=int(result.chosen), time_varying=True, **shared)
        return spline, spline.aic
    if result.model == "weibull":
        own = parametric(table, distribution="weibullPH", shape_effect=True, **shared)
        return own, own.aic
    fits = fractional.fit(fractional.cells([(trial.treatment, trial.control)], result.width), (result.chosen,))
    return PolynomialModel(
        label=f"fractional polynomial (power {result.chosen:g})", treatment=result.treatment, control=result.control,
        ends=(float(trial.treatment.time[-1]), float(trial.control.time[-1])), patients=table, unit=result.unit,
        level=result.level, power=result.chosen, width=result.width, beta=fits.beta[0, 0], cov=fits.cov[0, 0],
    ), float(fits.aic[0, 0])  # fmt: skip
