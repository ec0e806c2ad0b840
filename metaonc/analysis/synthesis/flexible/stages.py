"""First stages of flexible models: treatment effects of each trial, their covariances, and AIC of each choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ....base.check import Floats
from ....errors import ConvergenceError
from ...numeric.time_to_event import fractional
from ...survival.models.forms import Data, Form, Parametric, spline_of
from ..trials import Trial


class Baseline(NamedTuple):
    """The control arm of a trial: its coefficients by name, and their standard errors."""

    names: tuple[str, ...]
    estimate: Floats
    se: Floats


class Stage(NamedTuple):
    """First stages of k trials by m choices.

    Attributes
    ----------
    y, cov, aic
        Treatment effects (k, m, 2), their covariances (k, m, 2, 2), and AIC (k, m); NaN where there is no fit.
    baselines
        Of each trial and choice; None where there is no fit.
    """

    y: Floats
    cov: Floats
    aic: Floats
    baselines: list[list[Baseline | None]]


class Model(NamedTuple):
    """A flexible model.

    Attributes
    ----------
    label
        As readers know it.
    ratio
        What the ratio is of whose logarithm the coefficients tell; empty where it also needs a baseline.
    coefficients, measures
        Names of intercept and slope, and their measures.
    choice
        What is chosen by AIC, and the choices; empty where there is nothing to choose.
    options
        The choices that there are.
    fit
        (trials, choices, width of the cells) -> first stages.
    """

    label: str
    ratio: str
    coefficients: tuple[str, str]
    measures: tuple[str, str]
    choice: str
    options: tuple[float, ...]
    fit: Callable[[Sequence[Trial], tuple[float, ...], float], Stage]


def tells(trial: Trial) -> bool:
    """Return whether both arms have two distinct times of events or more: with fewer two effects have no estimate."""
    return all(len(np.unique(s.time[s.event])) > 1 for s in (trial.treatment, trial.control))


def _fractional(trials: Sequence[Trial], powers: tuple[float, ...], width: float) -> Stage:
    cells = fractional.cells([(t.treatment, t.control) for t in trials], width)
    try:
        found = fractional.fit(cells, powers)
    except ConvergenceError:
        raise ConvergenceError(_blamed(trials, cells, powers)) from None
    own, control = np.array([1, 3]), np.array([0, 2])
    se = np.sqrt(found.cov[..., control, control])
    bases: list[list[Baseline | None]] = [
        [Baseline(("constant", "slope"), *pair) for pair in zip(beta[:, control], of, strict=True)]
        for beta, of in zip(found.beta, se, strict=True)
    ]
    return Stage(found.beta[..., own], found.cov[..., own[:, None], own], found.aic, bases)


def _blamed(trials: Sequence[Trial], cells: fractional.Cells, powers: tuple[float, ...]) -> str:
    """Return which trial has no fit."""
    for i, trial in enumerate(trials):
        for power in powers:
            try:
                fractional.fit(cells.of(i), (power,))
            except ConvergenceError as problem:
                return f"trial {trial.label!r}, power {power:g}: {problem} Take the trial out, or another power."
    return "a Poisson model of the hazard has no maximum, or it is not reached."


def _by_trial(forms: Callable[[Data, float], Form]) -> Callable[[Sequence[Trial], tuple[float, ...], float], Stage]:
    """Return the first stages of models that are fitted trial by trial; the last two parameters are the effects."""

    def fit(trials: Sequence[Trial], choices: tuple[float, ...], width: float) -> Stage:
        k, m = len(trials), len(choices)
        y, cov, aic = np.full((k, m, 2), np.nan), np.full((k, m, 2, 2), np.nan), np.full((k, m), np.nan)
        bases: list[list[Baseline | None]] = [[None] * m for _ in trials]
        for i, trial in enumerate(trials):
            data = data_of(trial)
            for j, choice in enumerate(choices):
                try:
                    form = forms(data, choice)
                    found = form.fit(data)
                except ConvergenceError:
                    continue
                y[i, j], cov[i, j] = found.beta[-2:], found.cov[-2:, -2:]
                aic[i, j] = 2 * len(found.beta) - 2 * found.value
                bases[i][j] = Baseline(form.names[:-2], found.beta[:-2], np.sqrt(np.diag(found.cov)[:-2]))
        return Stage(y, cov, aic, bases)

    return fit


def data_of(trial: Trial) -> Data:
    """Return the patients of both arms."""
    pair = (trial.treatment, trial.control)
    time, event = (np.concatenate([getattr(s, name) for s in pair]) for name in ("time", "event"))
    return Data(np.log(time), event, np.repeat([1.0, 0.0], [len(s.time) for s in pair]))


MODELS = {
    "weibull": Model(
        "Weibull", "", ("log cumulative hazard ratio at t = 1", "log ratio of shapes"), ("GEN", "GEN"), "", (0.0,),
        _by_trial(lambda data, _: Parametric("weibullPH", True)),
    ),
    "fractional polynomial": Model(
        "fractional polynomial of the log hazard", "hazard ratio", ("log HR, constant", "log HR, slope"),
        ("HR", "GEN"), "power",
        fractional.POWERS, _fractional,
    ),
    "royston-parmar": Model(
        "Royston-Parmar (log cumulative hazard, treatment by log time)", "cumulative hazard ratio",
        ("log cumulative hazard ratio at t = 1", "slope on log t"), ("GEN", "GEN"), "knots", (0.0, 1.0, 2.0, 3.0),
        _by_trial(lambda data, inner: spline_of(data, int(inner), "hazard", True)),
    ),
}  # fmt: skip
