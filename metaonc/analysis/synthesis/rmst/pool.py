"""pool_rmst: differences of restricted mean survival times of several trials, at several horizons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ....base.check import Floats, Labels, confidence_level, time_unit
from ....base.messages.arguments import known_arguments
from ....base.messages.warning import warn
from ....base.result import Provenance
from ....errors import ConvergenceError, DataError, DataWarning
from ...numeric.time_to_event.restricted_mean import restricted_means
from ...pooling.inverse_variance.pool import pool
from ...pooling.inverse_variance.result import MetaResult
from ...pooling.multivariate.pool import pooled
from ...pooling.multivariate.result import MultivariateResult
from ...survival.two_arms.arms import times_of
from ..trials import Trial, read_trials
from .result import PooledRmstResult

TOGETHER = ("REML", "MM")  # methods of the pool of all horizons


@known_arguments
def pool_rmst(
    ipd: Any,
    *,
    horizons: ArrayLike,
    study: str | None = None,
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    method: str = "REML",
    ci: str = "HKSJ",
    level: float = 0.95,
    unit: str | None = None,
) -> PooledRmstResult:
    r"""Pool differences of restricted mean survival times over trials, at each horizon and at all together.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: D_i = (\mu_{i1}(\tau_j) - \mu_{i0}(\tau_j))_j \sim N(\delta, S_i + \Psi)

    The sampling covariance S between horizons of a trial is exact, from the events of its arms (see ``rmst``). A trial
    counts at a horizon that both its arms are followed to; an arm whose curve comes to 0 is known from then on.
    Univariate pools are of these trials alone; in the multivariate ones, by restricted maximum likelihood and by the
    method of moments, a trial with short follow-up also informs later horizons. All stand side by side.

    Parameters
    ----------
    ipd : dataframe
        One row a patient of any trial, real or reconstructed.
    horizons : float or list of float
        Where the means are restricted to, above 0, in the unit of the data.
    study : str, optional
        Column of the trial; ``trial`` or ``study``, whichever the table has, when not given.
    control : label, optional
        The value of `arm` that the other arm is compared with, in all trials.
    time, event, arm : str
        Columns of follow-up (>= 0), of the event (1, or 0 where it was censored) and of the arm, of two values.
    method, ci : str
        Estimator of τ² and interval of the univariate pools, as ``pool`` takes them.
    level : float, default 0.95
        Coverage of the intervals.
    unit : {"days", "weeks", "months", "years"}, optional
        Unit of time, to be shown.

    Returns
    -------
    PooledRmstResult
        Differences at each horizon with their intervals, in the unit of time.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A row that cannot be true, a trial without one of the arms, a horizon that no trial reaches.

    Warns
    -----
    DataWarning
        Trials that reach no horizon were left out.

    References
    ----------
    Wei et al. 2015. Moments: Jackson, White and Riley 2013.

    Examples
    --------
    >>> import metaonc as mo
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> t = rng.exponential(10, 240)
    >>> d = {"trial": np.repeat(["A", "B", "C"], 80), "arm": [0, 1] * 120, "time": np.minimum(t, 12), "event": t < 12}
    >>> mo.survival.pool_rmst(d, horizons=[6, 12], control=0).k_at
    (3, 3)
    """
    level = confidence_level(level)
    unit = time_unit(unit, ipd)
    at = times_of(horizons, "horizons")
    trials = read_trials(ipd, study=study, control=control, time=time, event=event, arm=arm)
    y, s = _differences(trials.trials, at)
    _reached(trials.trials, at)
    there = _some(y)
    dropped = tuple(
        f"trial {t.label!r}: {_why(t, at)}" for t, keep in zip(trials.trials, there, strict=True) if not keep
    )
    if not there.any():
        raise DataError(f"no trial tells a difference up to a horizon that both its arms reach. {dropped[0]}")
    if dropped:
        warn(f"{len(dropped)} of {len(y)} trials left out. {dropped[0]}", DataWarning)
    labels = tuple(t.label for t, keep in zip(trials.trials, there, strict=True) if keep)
    y, s = y[there], s[there]
    single = {f"{h:g}": _univariate(y[:, j], s[:, j, j], labels, method, ci, level)
              for j, h in enumerate(at) if np.isfinite(y[:, j]).any()}  # fmt: skip
    together, notes = _multivariate(y, s, labels, at, level)
    silent = [
        f"{t.label} has no event in either arm up to {at[j]:g}, and does not count there"
        for i, t in enumerate(trials.trials) for j in range(len(at))
        if there[i] and at[j] <= t.known_to and _events_before(t, at[j]) == 0
    ]  # fmt: skip
    return PooledRmstResult(
        horizons=at, k_at=tuple(int(n) for n in np.isfinite(y).sum(0)), univariate=single, multivariate=together,
        labels=labels, differences=y, within=s, treatment=trials.treatment, control=trials.control, level=level,
        unit=unit, provenance=trials.provenance(
            "survival.pool_rmst", dropped, (*_short(trials.trials, at, there), *silent, *notes), time=time,
            event=event, arm=arm, horizons=at.tolist(), method=method, ci=ci, level=level, unit=unit,
        ),
    )  # fmt: skip


def _differences(trials: tuple[Trial, ...], at: Floats) -> tuple[Floats, Floats]:
    """Return differences (k, m), NaN beyond follow-up or without error, and sampling covariances (k, m, m).

    There is no error without an event, nor where all patients of both arms have had it by one time each.
    """
    y, s = np.full((len(trials), len(at)), np.nan), np.zeros((len(trials), len(at), len(at)))
    for i, trial in enumerate(trials):
        known = np.array([h <= trial.known_to and _events_before(trial, h) > 0 for h in at], dtype=bool)
        if not known.any():
            continue
        found = restricted_means((trial.treatment, trial.control), at[known])
        y[i, known] = found.mean[0] - found.mean[1]
        s[i][np.ix_(known, known)] = found.cov.sum(0)
        y[i, np.diag(s[i]) == 0] = np.nan
    return y, s


def _some(y: Floats) -> NDArray[np.bool_]:
    return np.atleast_1d(np.isfinite(y).any(1))


def _events_before(trial: Trial, h: float) -> int:
    return sum(int((s.event & (s.time < h)).sum()) for s in (trial.treatment, trial.control))


def _why(trial: Trial, at: Floats) -> str:
    if trial.known_to < at[0]:
        return f"both arms are followed to {trial.known_to:g} only, which no horizon is within."
    if not any(_events_before(trial, h) for h in at if h <= trial.known_to):
        return "it has no event in either arm up to a horizon that it reaches."
    return "its difference has no sampling error, as where all patients of an arm have the event at one time."


def _reached(trials: tuple[Trial, ...], at: Floats) -> None:
    longest = max(trials, key=lambda t: t.known_to)
    if at[-1] > longest.known_to:
        raise DataError(beyond_all(at[-1], longest.label, longest.known_to))


def beyond_all(horizon: float, longest: str, known_to: float) -> str:
    """Return what is wrong with a horizon that no trial reaches, given the trial with the longest follow-up."""
    return (
        f"horizons: {horizon:g} is beyond the follow-up of every trial; the longest is {longest!r}, both arms "
        f"of which are followed to {known_to:g}. Take {known_to:g} or less."
    )


def _short(trials: tuple[Trial, ...], at: Floats, there: Any) -> tuple[str, ...]:
    """Say which trials do not reach which horizon."""
    said = []
    for h in at:
        names = [
            f"{t.label} ({t.known_to:g})" for t, keep in zip(trials, there, strict=True) if keep and t.known_to < h
        ]
        if names:
            said.append(f"not followed to {h:g}: {', '.join(names)}.")
    return tuple(said)


def _univariate(y: Floats, v: Floats, labels: tuple[str, ...], method: str, ci: str, level: float) -> MetaResult:
    there = np.isfinite(y)
    names = [name for name, keep in zip(labels, there, strict=True) if keep]
    table = pd.DataFrame({"trial": names, "yi": y[there], "vi": v[there]})
    return pool(table, study="trial", measure="MD", method=method, ci=ci, level=level)


def _multivariate(
    y: Floats, s: Floats, labels: tuple[str, ...], at: Floats, level: float
) -> tuple[Mapping[str, MultivariateResult], tuple[str, ...]]:
    """Return the pools of the horizons that two trials or more reach, and why there are none."""
    several = np.flatnonzero(np.isfinite(y).sum(0) > 1)
    if len(several) < 2:
        return {}, ("fewer than two horizons are reached by two trials: there is no multivariate pool.",)
    y, s = y[:, several], s[:, several][:, :, several]
    names = tuple(f"{h:g}" for h in at[several])
    there = _some(y)
    kept = Labels([name for name, keep in zip(labels, there, strict=True) if keep], range(int(there.sum())))
    y, s = y[there], s[there]
    data = pd.DataFrame(y, columns=pd.Index(names)).assign(trial=list(kept))
    found, notes = {}, []
    for method in TOGETHER:
        made = Provenance(verb="pool_multivariate", settings={"method": method}, rows_in=len(y), rows_used=len(y))
        try:
            found[method] = pooled(y, s, names, kept, data, ("MD",) * len(names), method, "unstructured", level, made)
        except (ConvergenceError, DataError) as problem:
            notes.append(f"no multivariate pool by {method}: {problem}")
        except np.linalg.LinAlgError:  # such as differences at two horizons that follow from one event alone
            notes.append(
                f"no multivariate pool by {method}: horizons of a trial tell the same, as few events lie between."
            )
    return found, tuple(notes)
