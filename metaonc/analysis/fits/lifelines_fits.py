"""The one place where lifelines is spoken to: what it has fitted is read, nothing is fitted or drawn by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...base.check import Floats
from ...errors import DataError
from .coefficient import Coefficient, class_names, known_error, place_of


def version() -> str:
    """Return the version of lifelines that is installed."""
    import lifelines

    return str(lifelines.__version__)


def patients_of(fit: Any) -> tuple[Floats, NDArray[np.bool_]]:
    """Return follow-up and event of the patients of a Kaplan-Meier estimate, one entry each.

    Raises
    ------
    DataError
        When it is another estimate, not fitted, its data are censored otherwise than on the right, or weights are no
        counts of patients.
    """
    if "KaplanMeierFitter" not in class_names(fit):
        raise DataError(f"of lifelines a fitted KaplanMeierFitter is taken, not {type(fit).__name__}.")
    return _patients(fit)


def survival_of(fit: Any) -> tuple[str, Callable[[Floats], Floats]]:
    """Return the name of a parametric model of one group, and its survival as a function of time.

    Raises
    ------
    DataError
        When it is another model, or not fitted.
    """
    if "ParametricUnivariateFitter" not in class_names(fit):
        raise DataError(
            f"of lifelines a fitted parametric model of one arm, such as WeibullFitter, is taken, not "
            f"{type(fit).__name__}."
        )
    if getattr(fit, "event_observed", None) is None:
        raise DataError(f"this {type(fit).__name__} is not fitted; call .fit(durations, event_observed) first.")
    name = type(fit).__name__.removesuffix("Fitter")
    return f"{name} (lifelines)", lambda at: np.asarray(fit.survival_function_at_times(at), dtype=float)


def patients_of_parametric(fit: Any) -> tuple[Floats, NDArray[np.bool_]]:
    """Return follow-up and event of the patients of a parametric model, as `patients_of`."""
    survival_of(fit)
    return _patients(fit)


def _patients(fit: Any) -> tuple[Floats, NDArray[np.bool_]]:
    from lifelines.utils import CensoringType

    name = type(fit).__name__
    if getattr(fit, "event_observed", None) is None:
        raise DataError(f"this {name} is not fitted; call .fit(durations, event_observed) first.")
    if not CensoringType.is_right_censoring(fit):
        raise DataError(f"this {name} was fitted to data censored on the left or in intervals; only right.")
    if fit.entry is not None and np.any(np.asarray(fit.entry) > 0):
        raise DataError(f"this {name} was fitted with late entry (entry=), which kaplan_meier does not know.")
    weights, time = (np.asarray(x, dtype=float) for x in (fit.weights, fit.durations))
    for bad, say in ((weights != np.round(weights), "weight"), (time < 0, "duration")):
        if bad.any():
            i, values = int(np.argmax(bad)), {"weight": weights, "duration": time}[say]
            wanted = "a count of patients" if say == "weight" else "follow-up from 0"
            raise DataError(f"this {name} has the {say} {values[i]:g} in row {i}, which is not {wanted}.")
    count = weights.astype(int)
    return np.repeat(time, count), np.repeat(np.asarray(fit.event_observed).astype(bool), count)


def coefficient(fit: Any, term: Any, option: str) -> Coefficient:
    """Return a coefficient of Cox's model.

    Parameters
    ----------
    fit
        A ``CoxPHFitter``.
    term
        Name of the covariate.
    option
        The argument that names it, for messages.

    Raises
    ------
    DataError
        When it is another model, not fitted, or penalised.
    OptionError
        When the model has no such term.
    """
    if "CoxPHFitter" not in class_names(fit):
        raise DataError(f"of lifelines a fitted CoxPHFitter is taken, not {type(fit).__name__}.")
    if fit.baseline_estimation_method != "breslow":
        raise DataError(
            f"this CoxPHFitter has baseline_estimation_method={fit.baseline_estimation_method!r}, a parametric model; "
            "Cox's partial likelihood is wanted: leave it at 'breslow'."
        )
    if getattr(fit, "params_", None) is None:
        raise DataError("this CoxPHFitter is not fitted; call .fit(df, duration_col, event_col) first.")
    if np.any(np.asarray(fit.penalizer) != 0):
        raise DataError(
            f"this CoxPHFitter has penalizer={fit.penalizer}: its coefficients are shrunk, and their standard errors "
            "are not those of estimates that can be pooled; fit it with penalizer=0."
        )
    names = [str(name) for name in fit.params_.index]
    i = place_of(term, names, option)
    return Coefficient(
        term=names[i],
        estimate=float(fit.params_.iloc[i]),
        se=known_error(float(fit.standard_errors_.iloc[i]), names[i]),
        measures=("HR",),
        model="Cox, efron ties",
        ties="efron",
        covariates=tuple(name for name in names if name != names[i]),
        strata=tuple(map(str, [fit.strata] if isinstance(fit.strata, str) else fit.strata or ())),
        remarks=_remarks(fit),
        n=len(fit.durations),
        events=int(np.asarray(fit.event_observed).sum()),
        package="lifelines",
        version=version(),
    )


def _remarks(fit: Any) -> tuple[str, ...]:
    robust = bool(fit.robust or fit.cluster_col)
    clusters = f", clusters {fit.cluster_col}" if fit.cluster_col else ""
    died = np.asarray(fit.durations)[np.asarray(fit.event_observed).astype(bool)]
    # by 1.7 % in 432 patients with 114 events in 52 weeks; without ties the two agree
    other = ", which of tied events is not that of R's coxph" if len(np.unique(died)) < len(died) else ""
    said = {
        f"robust standard error{clusters}{other}": robust,
        f"weighted by {fit.weights_col}": fit.weights_col is not None,
        f"entry at {fit.entry_col}": fit.entry_col is not None,
    }
    return tuple(text for text, holds in said.items() if holds)
