"""What figures of survival models show: curves of models over Kaplan-Meier estimates, by panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ....analysis.fits.fitted_arms import FittedArms, fitted_arms, is_fitted_arms
from ....analysis.survival.curve.estimate import kaplan_meier
from ....analysis.survival.curve.result import KaplanMeier
from ....analysis.survival.models.comparison import ModelComparison
from ....analysis.survival.models.result import SurvivalModelResult
from ....analysis.synthesis.flexible.first_stage import PolynomialModel, models_by_trial
from ....analysis.synthesis.flexible.result import FlexibleResult
from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError

POINTS = 160  # of a modelled curve
MOST = 4  # models in a panel
FARTHEST = 20.0  # times the follow-up that an axis may reach
COLUMNS = ["panel", "type", "model", "group", "time", "survival", "ci_low", "ci_high", "extrapolated"]
Drawn = SurvivalModelResult | FittedArms | PolynomialModel
Fits = SurvivalModelResult | Mapping[str, Any] | Sequence[SurvivalModelResult | Mapping[str, Any]]
WANTED = (
    "a result of survival.parametric, royston_parmar, cure_model or compare_models is wanted, a list of models of the "
    "same patients, or a mapping of names of panels to either; of lifelines a mapping of two arms to fitted models; "
    "not {}."
)


class Shown(NamedTuple):
    """A panel: its name, models of the same patients, their Kaplan-Meier estimates, and where the axis ends."""

    name: str
    models: tuple[Drawn, ...]
    km: KaplanMeier
    until: float

    @property
    def groups(self) -> tuple[str, str]:
        """Treatment, then control."""
        return self.models[0].treatment, self.models[0].control

    def ends(self) -> dict[str, float]:
        """Return the last time of each arm."""
        return dict(zip(self.groups, self.models[0].ends, strict=True))


def panels_of(fits: Any, until: float | None, models: int, patients: Any = None) -> list[Shown]:
    """Return the panels of what a figure of models is given.

    Raises
    ------
    DataError
        When it is of another kind, or models of a panel are of different patients.
    OptionError
        When there are more models than can be told apart, or `until` is not above 0.
    """
    if not 1 <= models <= MOST:
        raise OptionError(f"models={models} is not from 1 to {MOST}: more cannot be told apart in one panel.")
    if until is not None and not 0 < until < np.inf:
        raise OptionError(f"until={until:g} is no time above 0.")
    if isinstance(fits, FlexibleResult):
        if patients is None:
            raise OptionError("a flexible pool has no patients: give patients=, the table that was pooled.")
        fits = models_by_trial(fits, patients)
    elif patients is not None:
        raise OptionError("patients= is of a flexible pool; other models have their own.")
    if isinstance(fits, ModelComparison):
        return _of_comparison(fits, until, models)
    if isinstance(fits, Mapping) and not is_fitted_arms(fits):
        if not fits:
            raise DataError("there is no model to draw.")
        return _to_one_end([_shown(str(name), own, until) for name, own in fits.items()], until)
    return [_shown("", fits, until)]


def _of_comparison(fits: ModelComparison, until: float | None, models: int) -> list[Shown]:
    leading = fits.leading(models)
    own = {name: fits.fits(name, leading) for name in fits.trials}
    without = [name for name, found in own.items() if not found]
    if without:
        raise DataError(f"no model has a fit{f' in trial {without[0]!r}' if without[0] else ''}: nothing to draw.")
    return _to_one_end([_shown(name, found, until) for name, found in own.items()], until)


def _to_one_end(panels: list[Shown], until: float | None) -> list[Shown]:
    """Return panels whose axes end together, by default where the last patient of any is, so that they compare."""
    last = max(shown.until for shown in panels)
    return [shown._replace(until=last if until is None else until) for shown in panels]


def _shown(name: str, fits: Any, until: float | None) -> Shown:
    each = (fits,) if isinstance(fits, Drawn) or is_fitted_arms(fits) else fits
    if isinstance(each, str) or not isinstance(each, Sequence):
        raise DataError(WANTED.format(type(fits).__name__))
    each = [fitted_arms(m) if is_fitted_arms(m) else m for m in each]
    wrong = [type(m).__name__ for m in each if not isinstance(m, Drawn)]
    if wrong or not each:
        raise DataError(WANTED.format(wrong[0] if wrong else "an empty list"))
    if len(each) > MOST:
        raise OptionError(f"{len(each)} models cannot be told apart in one panel: give {MOST} or fewer.")
    first = each[0]
    for other in each[1:]:
        if (other.treatment, other.control) != (first.treatment, first.control) or not _same(first, other):
            raise DataError(f"the models {first.label} and {other.label} are of different patients: give them panels.")
    km = kaplan_meier(first.patients, by="arm", unit=first.unit, level=first.level)
    end = max(float(curve.time[-1]) for curve in km.curves.values())
    if until is not None and until > FARTHEST * end:
        raise OptionError(
            f"until={until:g} is more than {FARTHEST:g} times the follow-up ({end:.6g}), of which no model can tell: "
            f"take {FARTHEST * end:.6g} or less."
        )
    return Shown(name, tuple(each), km, end if until is None else until)


def _same(a: Drawn, b: Drawn) -> bool:
    columns = ["arm", "time", "event"]
    one, two = (r.patients[columns].astype({"event": bool}).sort_values(columns) for r in (a, b))
    return bool(np.array_equal(one.to_numpy(), two.to_numpy()))


def frame_of(panels: Sequence[Shown]) -> pd.DataFrame:
    """Return all curves of panels, one row a point."""
    parts = [part for shown in panels for part in (*_observed(shown), *_modelled(shown))]
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _observed(shown: Shown) -> list[pd.DataFrame]:
    parts = []
    for group in shown.groups:
        curve = shown.km.curves[group]
        here = curve.time <= shown.until
        steps = pd.DataFrame({"time": curve.time[here], "survival": curve.survival[here],
                              "ci_low": curve.ci_low[here], "ci_high": curve.ci_high[here]})  # fmt: skip
        parts.append(steps.assign(panel=shown.name, type="kaplan-meier", model="", group=group, extrapolated=False))
    return parts


def _modelled(shown: Shown) -> list[pd.DataFrame]:
    inside = [end for end in shown.ends().values() if end < shown.until]
    until = min(shown.until, FARTHEST * max(shown.ends().values()))  # others may be followed for longer
    grid = until * (np.arange(1, POINTS + 1) / POINTS) ** 1.5  # closer where curves begin to fall
    times = np.unique(np.concatenate([grid, inside]))
    start = {"time": 0.0, "survival": 1.0, "ci_low": 1.0, "ci_high": 1.0, "extrapolated": False}
    parts = []
    for model in shown.models:
        for group, own in model.survival_at(times).groupby("group", sort=False):
            whole = pd.concat([pd.DataFrame([start]), own.drop(columns="group")], ignore_index=True)
            parts.append(whole.assign(panel=shown.name, type="model", model=model.label, group=group))
    return parts


@known_arguments
def model_curves_data(
    fits: Fits | ModelComparison | FlexibleResult | Mapping[str, Fits], *, until: float | None = None, models: int = 3,
    patients: Any = None,
) -> pd.DataFrame:  # fmt: skip
    """Return what ``plot.model_curves`` and ``plot.model_grid`` draw: modelled survival, and Kaplan-Meier estimates.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    fits : SurvivalModelResult, ModelComparison or FlexibleResult, or several
        As in ``plot.model_grid``.
    until : float, optional
        As in ``plot.model_grid``.
    models : int, default 3
        As in ``plot.model_grid``.
    patients : dataframe, optional
        As in ``plot.model_grid``.

    Returns
    -------
    DataFrame
        One row a point of a curve: panel (empty where there is one), type (``kaplan-meier``, whose survival holds from
        the time on, or ``model``), model, group, time, survival, ci_low, ci_high, extrapolated (whether the time is
        beyond the last of the group).

    Raises
    ------
    DataError, OptionError
        As ``plot.model_grid``.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> d = mo.plot.model_curves_data(mo.survival.parametric(patients, control="b"), until=12)
    >>> d[d["extrapolated"]].groupby("group")["time"].min().round(2).tolist()
    [9.09, 6.02]
    """
    return frame_of(panels_of(fits, until, models, patients))
