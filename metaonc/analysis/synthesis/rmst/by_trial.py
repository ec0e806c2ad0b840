"""rmst_by_trial: restricted mean survival times of both arms of many trials at many horizons, in one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.check import Floats, confidence_level
from ....base.lazy import later
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...numeric.distributions import critical, to_error, two_sided_p
from ...numeric.time_to_event.many_means import restricted_means_of
from ...survival.two_arms.arms import times_of
from ...survival.two_arms.estimates import compared
from ...survival.two_arms.rmst import lost
from ..trials import Rows, read_rows
from .by_trial_result import RmstByTrial
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
) -> RmstByTrial:
    r"""Compare the restricted mean survival times of the two arms of each trial, at each horizon.

    Each row is what ``rmst`` gives of this trial; trials and horizons by the thousand take one pass. Formulas are
    those of ``rmst``; ``pool_rmst`` pools them.

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
    RmstByTrial
        Its ``table`` has one row a trial and horizon: both means, their difference, ratio and ratio of times lost, as
        its attributes say. It says with its numbers which horizons are beyond the follow-up of trials, which arms have
        no event or hardly a patient at risk there, and which patients look odd.

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
    >>> mo.survival.rmst_by_trial(d, horizons=[6, 12], control=0).table[["study", "horizon", "estimate"]].shape
    (6, 3)
    """
    level = confidence_level(level)
    at = times_of(horizons, "horizons")
    rows = read_rows(ipd, study=study, control=control, time=time, event=event, arm=arm)
    k, m = len(rows.labels), len(at)
    sample = 2 * rows.trial + ~rows.treated
    found = restricted_means_of(rows.closed(), rows.event, sample, 2 * k, at)
    known_to = found.known_to.reshape(k, 2).min(1)
    _reached(rows, known_to, at)
    beyond = at > known_to[:, None]
    mean, variance = (np.where(np.repeat(beyond, 2, axis=0), np.nan, x).reshape(k, 2, m)
                      for x in (found.mean, found.variance))  # fmt: skip
    both, spread = (np.moveaxis(x, 1, 0).reshape(2, k * m) for x in (mean, variance))
    (t, c), (vt, vc), horizon = both, spread, np.tile(at, k)
    (difference, *ratios), (se, *errors) = compared(both, spread, np.array([both, lost(both, horizon)]))
    half, statistic = float(critical(level)) * se, to_error(difference, se)
    columns = {
        "study": np.repeat(np.array(rows.labels, dtype=object), m), "horizon": horizon,
        "rmst_t": t, "rmst_t_se": np.sqrt(vt), "rmst_c": c, "rmst_c_se": np.sqrt(vc),
        "estimate": difference, "se": se, "ci_low": difference - half, "ci_high": difference + half,
        "statistic": statistic, "p_value": two_sided_p(statistic),
        "log_ratio": ratios[0], "log_ratio_se": errors[0], "log_rmtl_ratio": ratios[1], "log_rmtl_ratio_se": errors[1],
        "known_to": np.repeat(known_to, m),
    }  # fmt: skip
    asked = {"study": rows.study, "control": rows.control, "horizons": at.tolist(), "time": time, "event": event,
             "arm": arm, "level": level}  # fmt: skip
    return RmstByTrial(
        table=later(lambda: pd.DataFrame(columns, copy=False)), horizons=at, treatment=rows.treatment,
        control=rows.control, k=k, level=level, patients=later(lambda: _patients(rows)),
        provenance=later(lambda: rows.trials().provenance_of_patients("survival.rmst_by_trial", **asked)),
    )  # fmt: skip


def _patients(rows: Rows) -> pd.DataFrame:
    arms, labels = np.array([rows.control, rows.treatment], dtype=object), np.array(rows.labels, dtype=object)
    return pd.DataFrame({"study": labels[rows.trial], "time": rows.time, "event": rows.event.astype(float),
                         "arm": arms[rows.treated.astype(int)]}, copy=False)  # fmt: skip


def _reached(rows: Rows, known_to: Floats, at: Floats) -> None:
    longest = int(np.argmax(known_to))
    if at[-1] > known_to[longest]:
        raise DataError(beyond_all(at[-1], rows.labels[longest], known_to[longest]))
