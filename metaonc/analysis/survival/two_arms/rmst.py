"""Restricted mean survival times of two arms at several horizons, with their covariance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.check import Floats
from ....base.lazy import later
from ....base.messages.arguments import known_arguments
from ....base.result import Text
from ...numeric.distributions import critical
from ...numeric.product_limit import by_time
from ...numeric.time_to_event.restricted_mean import restricted_means
from . import rcode
from .arms import read_compared
from .estimates import Quantity, Rows, TimesResult, compared, table_of

MEAN = Quantity("rmst", "restricted mean survival time", of_arm=True)
LOST = Quantity("rmtl", "restricted mean time lost", of_arm=True)
DIFFERENCE = Quantity("difference", "difference of restricted means")
RATIO = Quantity("rmst_ratio", "ratio of restricted means", log=True)
LOST_RATIO = Quantity("rmtl_ratio", "ratio of restricted mean times lost", log=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RmstResult(TimesResult):
    """Restricted mean survival times of two arms; the fields of `TimesResult`.

    Quantities are ``rmst`` and ``rmtl`` (time lost, horizon less rmst) of each arm, their ``difference`` (of means,
    treatment less control), ``rmst_ratio`` and ``rmtl_ratio`` (treatment over control, as logarithms).
    """

    quantities: ClassVar[tuple[Quantity, ...]] = (MEAN, LOST, DIFFERENCE, RATIO, LOST_RATIO)

    def over_horizons(self, points: int = 150) -> pd.DataFrame:
        """Return the differences at horizons up to where both arms are followed, one row each.

        Parameters
        ----------
        points
            How many, evenly from the start.

        Returns
        -------
        DataFrame
            time, estimate, se, ci_low, ci_high at the result's level.
        """
        arms = self.patients["arm"]
        samples = [by_time(own["time"].to_numpy(float), own["event"].to_numpy(bool))
                   for own in (self.patients[arms == name] for name in (self.treatment, self.control))]  # fmt: skip
        known = min(s.known_to() for s in samples)
        end = min(known, max(float(s.time[-1]) for s in samples))
        at = np.linspace(0, end, points + 1)[1:]
        found = restricted_means(samples, at)
        estimate, se = (rows[0] for rows in compared(found.mean, found.variance, np.empty((0, 2, points))))
        half = float(critical(self.level)) * se
        return pd.DataFrame({"time": at, "estimate": estimate, "se": se, "ci_low": estimate - half,
                             "ci_high": estimate + half})  # fmt: skip

    def r_code(self) -> Text:
        """Return the R script, data inline, that arrives at this result from survfit of R's survival."""
        return Text(rcode.rmst(self.patients, (self.treatment, self.control), self.times, self.level))


@known_arguments
def rmst(
    ipd: Any,
    *,
    horizons: ArrayLike,
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    level: float = 0.95,
    unit: str | None = None,
) -> RmstResult:
    r"""Compare the restricted mean survival times of two arms, at all horizons at once.

    .. math::

        \mu(\tau) = \int_0^\tau S(t) dt, \quad
        \mathrm{Cov}(\mu(a), \mu(b)) = \sum_{u \le \min(a, b)} A(u, a) A(u, b) \frac{d_u}{Y_u (Y_u - d_u)}, \quad
        A(u, \tau) = \int_u^\tau S(t) dt

    over times u of events, with d of Y patients at risk. Ratios have the delta method's intervals of their logarithms.

    Parameters
    ----------
    ipd : dataframe
        Any dataframe or a mapping of columns; one row a patient, real or reconstructed.
    horizons : float or list of float
        Where the means are restricted to, above 0, in the unit of the data; none beyond the last time of an arm,
        unless all who reach it have the event there: its curve is 0 from then on.
    control : label, optional
        The value of `arm` that the other arm is compared with.
    time, event, arm : str
        Columns of follow-up (>= 0), of the event (1, or 0 where it was censored) and of the arm, of two values.
    level : float, default 0.95
        Coverage of the intervals.
    unit : {"days", "weeks", "months", "years"}, optional
        Unit of time, to be shown.

    Returns
    -------
    RmstResult
        Restricted means of both arms, difference and ratio at each horizon, in the unit of time.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist.
    DataError
        A row that cannot be true, an arm column without two values, a horizon beyond the follow-up of an arm (named).

    References
    ----------
    Royston and Parmar 2013.

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> r = mo.survival.rmst(patients, control="b", horizons=[3, 6])
    >>> r.of("difference")["estimate"].round(3).tolist()
    [0.25, 0.75]
    """
    both = read_compared(
        ipd, horizons, "horizons", control=control, time=time, event=event, arm=arm, level=level, unit=unit
    )
    found = restricted_means(both.arms.samples, both.at)
    means = np.array([found.mean, lost(found.mean, both.at)])
    se = np.sqrt(found.variance)
    arms = Rows(means.reshape(4, -1), np.concatenate([se, se]))
    comparisons = compared(found.mean, found.variance, means)
    cov_t, cov_c = found.cov
    return RmstResult(
        estimates=later(table_of(RmstResult.quantities, both.arms.names, both.at, arms, comparisons, level)),
        cov_t=cov_t, cov_c=cov_c, **both.fields("survival.rmst", "horizons"),
    )  # fmt: skip


def lost(mean: Floats, at: Floats) -> Floats:
    """Return the times lost, exactly 0 where no event happened; NaN where the mean is."""
    found: Floats = at - mean
    found[found <= 1e-12 * at] = 0.0
    return found
