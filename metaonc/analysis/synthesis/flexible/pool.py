"""pool_flexible: a flexible model of each trial, treatment effects pooled together."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import Floats, confidence_level, one_of, time_unit
from ....base.messages.arguments import known_arguments
from ....base.messages.warning import warn
from ....errors import ConvergenceError, DataError, DataWarning, OptionError
from ...pooling.multivariate.pool import METHODS
from ..time_varying.pool import crossing_of, one_sided, pooled_trials
from ..trials import Trial, read_trials
from .result import FlexibleResult
from .stages import MODELS, Model, Stage, tells


@known_arguments
def pool_flexible(
    ipd: Any,
    *,
    model: str = "fractional polynomial",
    power: float | None = None,
    knots: int | None = None,
    width: float = 1.0,
    study: str | None = None,
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    method: str = "REML",
    level: float = 0.95,
    unit: str | None = None,
) -> FlexibleResult:
    r"""Pool treatment effects of flexible survival models over trials, in two stages, hazards proportional or not.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Each trial has its own model with two treatment effects, an intercept and a slope, which are pooled together by
    ``pool_multivariate``:

    - ``weibull``: effects on log scale and log shape of :math:`S = \exp(-b t^a)`;
    - ``fractional polynomial``: :math:`\log h = b_0 + b_1 t^p + x (d_0 + d_1 t^p)`, with log t for p = 0, by a Poisson
      model of events and person-time in cells of `width`;
    - ``royston-parmar``: :math:`\log H = s(\log t) + x (d_0 + d_1 \log t)`, s a natural cubic spline.

    The power, or the number of knots, is the one with the least AIC summed over trials, unless it is given.

    Parameters
    ----------
    ipd : dataframe
        One row a patient of any trial, real or reconstructed; times above 0.
    model : {"fractional polynomial", "royston-parmar", "weibull"}
        Of each trial.
    power : {-2, -1, -0.5, 0, 0.5, 1, 2, 3}, optional
        Of the fractional polynomial.
    knots : {0, 1, 2, 3}, optional
        Inner knots of the spline.
    width : float, default 1
        Width of the cells of a fractional polynomial, in the unit of time: a month, where it is months.
    study : str, optional
        Column of the trial; ``trial`` or ``study``, whichever the table has, when not given.
    control : label, optional
        The value of `arm` that the other arm is compared with, in all trials.
    time, event, arm : str
        Columns of follow-up (> 0), of the event (1, or 0 where it was censored) and of the arm, of two values.
    method : {"REML", "ML", "MM", "CE"}
        Of the pool, as ``pool_multivariate`` takes it.
    level : float, default 0.95
        Coverage of the intervals.
    unit : {"days", "weeks", "months", "years"}, optional
        Unit of time, to be shown.

    Returns
    -------
    FlexibleResult
        ``.hr_at(times)`` says how many trials are followed so far; where none is the ratio is extrapolated.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist, or has no use with the model.
    DataError
        A row that cannot be true, a time of 0, a trial without one of the arms, fewer than two trials that tell.
    ConvergenceError
        When no choice has a fit in all trials.

    Warns
    -----
    DataWarning
        Trials with fewer than two times of events in an arm were left out.

    References
    ----------
    Jansen 2011. Splines: Royston and Parmar 2002.

    Examples
    --------
    >>> import metaonc as mo
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> t = rng.weibull(1.2, 360) * 10 + 0.01
    >>> d = {"trial": np.repeat(["A", "B", "C"], 120), "arm": [0, 1] * 180, "time": np.minimum(t, 15), "event": t < 15}
    >>> mo.survival.pool_flexible(d, control=0, power=0).hr_at([3, 12, 30])["trials"].tolist()
    [3, 3, 0]
    """
    record = MODELS[one_of("model", model, MODELS)]
    level, method = confidence_level(level), one_of("method", method, METHODS)
    unit = time_unit(unit, ipd)
    asked = _asked(record, model, power, knots)
    if isinstance(width, bool) or not isinstance(width, int | float) or not 0 < width < np.inf:
        raise OptionError(f"width={width!r} is no time above 0.")
    trials = read_trials(ipd, study=study, control=control, time=time, event=event, arm=arm)
    _from_above(trials.trials)
    kept = [t for t in trials.trials if tells(t)]
    dropped = tuple(f"trial {t.label!r}: an arm has fewer than two times of events, and two effects no estimate."
                    for t in trials.trials if not tells(t))  # fmt: skip
    if len(kept) < 2:
        raise DataError(f"trials with two times of events in both arms: {len(kept)}; pooling needs two.")
    if dropped:
        warn(dropped[0], DataWarning)
    stage = record.fit(kept, asked or record.options, float(width))
    choices, best = _chosen(stage.aic, asked or record.options, record, kept)
    y, s = stage.y[:, best], stage.cov[:, best]
    whole = pooled_trials(y, s, kept, record.coefficients, record.measures, method, "unstructured", level)
    chosen = float(choices["choice"].iloc[best])
    died = np.concatenate([arms.time[arms.event] for t in kept for arms in (t.treatment, t.control)])
    crossing = crossing_of(whole, level, chosen if model == "fractional polynomial" else 0.0)
    if not record.ratio:
        crossing = (np.nan,) * 3
    made = trials.provenance(
        "survival.pool_flexible", dropped, whole.provenance.notes, time=time, event=event, arm=arm,
        model=model, power=power, knots=knots, width=width, method=method, level=level, unit=unit,
    )  # fmt: skip
    without = [t.label for t in trials.trials if t.treatment.event.any() != t.control.event.any()]
    return FlexibleResult(
        model=model, chosen=chosen, choices=choices,
        trial_aic=pd.DataFrame(stage.aic.T, columns=pd.Index([t.label for t in kept])),
        baselines=_baselines(stage, best, kept), width=float(width), cuts=(), pool=whole,
        ends={t.label: t.end for t in kept}, first=float(died.min()), last=float(died.max()), crossing=crossing[0],
        crossing_low=crossing[1], crossing_high=crossing[2], treatment=trials.treatment, control=trials.control,
        level=level, unit=unit, provenance=dataclasses.replace(
            made, cautions=(*made.cautions, *one_sided(without))
        ),
    )  # fmt: skip


def _baselines(stage: Stage, choice: int, trials: list[Trial]) -> pd.DataFrame:
    """Return the coefficients of the trials' control arms."""
    rows = [(trial.label, *row) for trial, of in zip(trials, stage.baselines, strict=True)
            if (own := of[choice]) is not None for row in zip(*own, strict=True)]  # fmt: skip
    return pd.DataFrame(rows, columns=["study", "term", "estimate", "se"])


def _asked(record: Model, model: str, power: float | None, knots: int | None) -> tuple[float, ...]:
    """Return the choice that was asked for, or none."""
    given = {name: value for name, value in (("power", power), ("knots", knots)) if value is not None}
    for name, value in given.items():
        if name != record.choice:
            raise OptionError(f"{name}= has no use with model={model!r}.")
        if isinstance(value, bool) or value not in record.options:
            raise OptionError(f"{name}={value!r} is not an option; choose from {[f'{x:g}' for x in record.options]}.")
    return tuple(float(value) for value in given.values())


def _from_above(trials: tuple[Trial, ...]) -> None:
    for t in trials:
        if min(t.treatment.time[0], t.control.time[0]) <= 0:
            raise DataError(f"trial {t.label!r}: a patient has time 0, which no such model has; give a time above 0.")


def _chosen(aic: Floats, options: tuple[float, ...], record: Model, trials: list[Trial]) -> tuple[pd.DataFrame, int]:
    """Return the choices with their AIC summed over trials, and the place of the least."""
    total = aic.sum(0)
    if not np.isfinite(total).any():
        names = [t.label for t, fits in zip(trials, np.isfinite(aic), strict=True) if not fits.all()]
        raise ConvergenceError(
            f"{record.label}: no choice of the model has a fit in every trial; it lacks in {', '.join(names)}. Take "
            "them out, or another model."
        )
    best = int(np.nanargmin(total))
    return pd.DataFrame({"choice": options, "aic": total, "difference": total - total[best]}), best
