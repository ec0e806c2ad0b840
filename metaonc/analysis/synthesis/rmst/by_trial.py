"""rmst_by_trial: restricted mean survival times of both arms of many trials at many horizons, in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.check import Floats, confidence_level
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...numeric.distributions import critical, to_error, two_sided_p
from ...numeric.product_limit import by_time, close_near_ties, groups_with_near_ties
from ...numeric.time_to_event.many_means import restricted_means_of
from ...survival.two_arms.arms import times_of
from ...survival.two_arms.estimates import compared, log_ratio
from ...survival.two_arms.rmst import lost
from ..trials import Rows, read_rows
from .pool import beyond_all


@known_arguments
def rmst_by_trial(
    ipd: Any,
    *,
    horizons: ArrayLike,
    control: Any = None,
    study: str | None = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    level: float = 0.95,
) -> pd.DataFrame:
    r"""Compare the restricted mean survival times of the two arms of each trial, at each horizon.

    Each row is what ``rmst`` gives of this trial; trials and horizons by the thousand take one pass. Formulas are
    those of ``rmst``; ``pool_rmst`` pools them, and cautions of patients who look odd, which a plain table cannot.

    Parameters
    ----------
    ipd : dataframe
        One row a patient of any trial, real or reconstructed.
    horizons : float or list of float
        Where the means are restricted to, above 0, in the unit of the data.
    control : label, optional
        The value of `arm` that the other arm is compared with, in all trials.
    study : str, optional
        Column of the trial; ``trial`` or ``study``, whichever the table has, when not given.
    time, event, arm : str
        Columns of follow-up (>= 0), of the event (1, or 0 where it was censored) and of the arm, of two values.
    level : float, default 0.95
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        One row a trial and horizon, trials in the order of the table: study, horizon; rmst_t, rmst_t_se, rmst_c,
        rmst_c_se, in the unit of time; estimate (difference, treatment less control), se, ci_low, ci_high, statistic,
        p_value; log_ratio and log_ratio_se (treatment over control), log_rmtl_ratio and log_rmtl_ratio_se (of times
        lost); known_to, up to where both curves are known. Beyond that, all but study, horizon and known_to are NaN; so
        are comparisons where neither arm has an event so far.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A row that cannot be true, a trial without one of the arms, a horizon that no trial reaches.

    References
    ----------
    Royston and Parmar 2013.

    Examples
    --------
    >>> import metaonc as mo
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> t = rng.exponential(10, 240)
    >>> d = {"trial": np.repeat(["A", "B", "C"], 80), "arm": [0, 1] * 120, "time": np.minimum(t, 12), "event": t < 12}
    >>> mo.survival.rmst_by_trial(d, horizons=[6, 12], control=0)[["study", "horizon", "estimate"]].shape
    (6, 3)
    """
    level = confidence_level(level)
    at = times_of(horizons, "horizons")
    rows = read_rows(ipd, study=study, control=control, time=time, event=event, arm=arm)
    k, m = len(rows.labels), len(at)
    sample = 2 * rows.trial + ~rows.treated
    found = restricted_means_of(_closed(rows), rows.event, sample, 2 * k, at)
    known_to = found.known_to.reshape(k, 2).min(1)
    _reached(rows, known_to, at)
    beyond = at > known_to[:, None]
    mean, variance = (np.where(np.repeat(beyond, 2, axis=0), np.nan, x).reshape(k, 2, m)
                      for x in (found.mean, found.variance))  # fmt: skip
    (t, c), (vt, vc) = (np.moveaxis(x, 1, 0).reshape(2, k * m) for x in (mean, variance))
    horizon = np.tile(at, k)
    difference, se = compared(t - c, vt + vc)
    ratio, rest = log_ratio(t, c, vt, vc), log_ratio(lost(t, horizon), lost(c, horizon), vt, vc)
    half, statistic = float(critical(level)) * se, to_error(difference, se)
    columns = {
        "study": np.repeat(np.array(rows.labels, dtype=object), m), "horizon": horizon,
        "rmst_t": t, "rmst_t_se": np.sqrt(vt), "rmst_c": c, "rmst_c_se": np.sqrt(vc),
        "estimate": difference, "se": se, "ci_low": difference - half, "ci_high": difference + half,
        "statistic": statistic, "p_value": two_sided_p(statistic),
        "log_ratio": ratio[0], "log_ratio_se": ratio[1], "log_rmtl_ratio": rest[0], "log_rmtl_ratio_se": rest[1],
        "known_to": np.repeat(known_to, m),
    }  # fmt: skip
    return pd.DataFrame(columns, copy=False)


def _closed(rows: Rows) -> Floats:
    """Return follow-up with times of a trial that differ by rounding made one."""
    time = rows.time
    for i in groups_with_near_ties(rows.time, rows.trial):
        own = np.flatnonzero(rows.trial == i)
        own = own[np.lexsort((rows.event[own], rows.time[own]))]
        (one,), _ = close_near_ties([by_time(rows.time[own], rows.event[own])])
        time = time.copy() if time is rows.time else time
        time[own] = one.time
    return time


def _reached(rows: Rows, known_to: Floats, at: Floats) -> None:
    longest = int(np.argmax(known_to))
    if at[-1] > known_to[longest]:
        raise DataError(beyond_all(at[-1], rows.labels[longest], known_to[longest]))
