"""pool_time_varying: a hazard ratio that changes with time, from the patients of several trials."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.check import Floats, Labels, confidence_level, one_of, time_unit
from ....base.messages.arguments import known_arguments
from ....base.messages.warning import warn
from ....base.result import Provenance
from ....errors import DataError, DataWarning
from ...numeric.distributions import critical
from ...pooling.multivariate.pool import METHODS, STRUCTURES, pooled
from ...pooling.multivariate.result import MultivariateResult
from ...survival.two_arms.arms import times_of
from ..trials import Trial, read_trials
from .coefficients import Coefficients, between_cuts, log_time
from .result import TimeVaryingResult, names_of


@known_arguments
def pool_time_varying(
    ipd: Any,
    *,
    cuts: ArrayLike | None = None,
    study: str | None = None,
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    method: str = "REML",
    structure: str | None = None,
    level: float = 0.95,
    unit: str | None = None,
) -> TimeVaryingResult:
    r"""Pool a hazard ratio that changes with time over trials, in two stages.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: \log HR_i(t) = b_{i0} + b_{i1} \log t, \quad (b_{i0}, b_{i1})^T \sim N(\beta, S_i + \Psi)

    Each trial has its Cox model (Efron ties) with these two coefficients, or, with `cuts`, with one log hazard ratio an
    interval; they are pooled together by ``pool_multivariate``.

    Parameters
    ----------
    ipd : dataframe
        One row a patient of any trial, real or reconstructed.
    cuts : float or list of float, optional
        Times, above 0, between which the hazard ratio is constant, the same in all trials; log t when not given.
    study : str, optional
        Column of the trial; ``trial`` or ``study``, whichever the table has, when not given.
    control : label, optional
        The value of `arm` that the other arm is compared with, in all trials.
    time, event, arm : str
        Columns of follow-up (>= 0), of the event (1, or 0 where it was censored) and of the arm, of two values.
    method : {"REML", "ML", "MM", "CE"}
        Of the pool, as ``pool_multivariate`` takes it.
    structure : {"unstructured", "diagonal"}, optional
        Covariance between trials; when not given, unstructured of log t and by moments, else diagonal of intervals,
        which then are pooled each by itself.
    level : float, default 0.95
        Coverage of the intervals.
    unit : {"days", "weeks", "months", "years"}, optional
        Unit of time, to be shown.

    Returns
    -------
    TimeVaryingResult
        The pooled coefficients of time; ``hr_at`` gives hazard ratios.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A row that cannot be true, a trial without one of the arms, an event at time 0 whose logarithm is asked for,
        fewer than two trials that tell.

    Warns
    -----
    DataWarning
        Trials whose ratio is 0 or infinite were left out; an interval that one trial tells was not pooled.

    References
    ----------
    Of the second stage those of ``pool_multivariate``: Berkey et al. 1998; Jackson, White and Riley 2013.

    Examples
    --------
    >>> import metaonc as mo
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> t = rng.weibull(1.2, 360) * 10
    >>> d = {"trial": np.repeat(["A", "B", "C"], 120), "arm": [0, 1] * 180, "time": np.minimum(t, 15), "event": t < 15}
    >>> r = mo.survival.pool_time_varying(d, control=0, cuts=5)
    >>> r.hr_at([2, 8])["trials"].tolist()
    [3, 3]
    """
    level, method = confidence_level(level), one_of("method", method, METHODS)
    unit = time_unit(unit, ipd)
    at = () if cuts is None else tuple(times_of(cuts, "cuts").tolist())
    usual = "diagonal" if at and method != "MM" else "unstructured"
    structure = one_of("structure", usual if structure is None else structure, STRUCTURES)
    trials = read_trials(ipd, study=study, control=control, time=time, event=event, arm=arm)
    found = [between_cuts(t, np.array(at)) if at else log_time(t) for t in trials.trials]
    y, s = np.array([c.y for c in found]), np.array([c.cov for c in found])
    there = np.isfinite(y).any(1)
    dropped, notes = _untold(trials.trials, found, there)
    names = names_of(at)
    told = np.isfinite(y[there]).sum(0) > 1
    if not told.any() or (not at and not told.all()):
        raise DataError(f"trials that tell the hazard ratio over time: {int(there.sum())}; pooling it needs two.")
    single = tuple(f"{name} is not pooled: fewer than two trials have it." for name, ok in zip(names, told, strict=True)
                   if not ok)  # fmt: skip
    if dropped or single:
        warn((*dropped, *single)[0], DataWarning)
    kept = [t for t, ok in zip(trials.trials, there, strict=True) if ok]
    outcomes = tuple(name for name, ok in zip(names, told, strict=True) if ok)
    measures = ("HR",) * len(outcomes) if at else ("HR", "GEN")
    whole = pooled_trials(
        y[there][:, told], s[there][:, told][:, :, told], kept, outcomes, measures, method, structure, level
    )
    died = np.concatenate([arm_.time[arm_.event] for t in kept for arm_ in (t.treatment, t.control)])
    crossing = (np.nan,) * 3 if at else crossing_of(whole, level)
    made = trials.provenance(
        "survival.pool_time_varying", dropped, (*notes, *single, *whole.provenance.notes),
        time=time, event=event, arm=arm,
        cuts=list(at), method=method, structure=structure, level=level, unit=unit,
    )  # fmt: skip
    without = [f"{t.label}{f' ({span})' if span else ''}" for t, c in zip(trials.trials, found, strict=True)
               for span in c.one_sided]  # fmt: skip
    return TimeVaryingResult(
        cuts=at, pool=whole, ends={t.label: t.end for t in kept}, first=float(died.min()), last=float(died.max()),
        crossing=crossing[0], crossing_low=crossing[1], crossing_high=crossing[2], treatment=trials.treatment,
        control=trials.control, level=level, unit=unit,
        provenance=dataclasses.replace(made, cautions=(*made.cautions, *one_sided(without))),
    )  # fmt: skip


def one_sided(without: list[str]) -> tuple[str, ...]:
    """Return the caution on trials, or intervals of trials, whose hazard ratio is 0 or infinite."""
    if not without:
        return ()
    return (
        f"left out, as events are of one arm alone and the hazard ratio is 0 or infinite: {', '.join(without)}. What "
        "is pooled without them is biased towards 1",
    )


def _untold(
    trials: tuple[Trial, ...], found: list[Coefficients], there: Any
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a sentence on each trial that tells nothing, and on each that does not tell all."""
    dropped = tuple(f"trial {t.label!r}: {'; '.join(c.why)}." for t, c, ok in zip(trials, found, there, strict=True)
                    if not ok)  # fmt: skip
    notes = tuple(f"{t.label}: {'; '.join(c.why)}." for t, c, ok in zip(trials, found, there, strict=True)
                  if ok and c.why)  # fmt: skip
    return dropped, notes


def pooled_trials(
    y: Floats, s: Floats, trials: list[Trial], outcomes: tuple[str, ...], measures: tuple[str, ...], method: str,
    structure: str, level: float,
) -> MultivariateResult:  # fmt: skip
    """Return the pool of coefficients (k, p) of trials, with sampling covariances (k, p, p)."""
    data = pd.DataFrame(y, columns=pd.Index(outcomes)).assign(trial=[t.label for t in trials])
    made = Provenance(
        verb="pool_multivariate",
        settings={"measure": list(measures), "yi": list(outcomes), "method": method, "structure": structure,
                  "level": level},
        rows_in=len(y), rows_used=len(y),
    )  # fmt: skip
    labels = Labels([t.label for t in trials], range(len(trials)))
    return pooled(y, s, outcomes, labels, data, measures, method, structure, level, made)


def crossing_of(whole: MultivariateResult, level: float, power: float = 0.0) -> tuple[float, float, float]:
    """Return when the ratio is 1, its log linear in a power of time (0: in log t), with Fieller's limits.

    NaN where it never is 1, or where limits are not bounded.
    """
    (b0, b1), v, z = whole.estimate, whole.cov, float(critical(level))
    a, b, c = b1**2 - z**2 * v[1, 1], b0 * b1 - z**2 * v[0, 1], b0**2 - z**2 * v[0, 0]
    time = _when(-b0 / b1, power) if b1 != 0 else np.nan
    if a <= 0 or b**2 < a * c:
        return time, np.nan, np.nan
    low, high = sorted(_when(x, power) for x in (-b + np.array([-1.0, 1.0]) * np.sqrt(b**2 - a * c)) / a)
    return (time, low, high) if np.isfinite([low, high]).all() else (time, np.nan, np.nan)


def _when(x: float, power: float) -> float:
    """Return the time whose power, or logarithm, is x; NaN where there is none."""
    if power == 0:
        return float(np.exp(x)) if abs(x) < 700 else np.nan
    return float(x ** (1 / power)) if x > 0 else np.nan
