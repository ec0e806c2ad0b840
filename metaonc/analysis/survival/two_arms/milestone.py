"""Survival of two arms at milestones: differences, ratios and differences of log(-log S)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.check import Floats
from ....base.lazy import later
from ....base.messages.arguments import known_arguments
from ....base.result import Text
from ...numeric.product_limit import Sample, product_limit
from ..curve.intervals import greenwood, pointwise
from . import rcode
from .arms import read_compared
from .estimates import Quantity, Rows, TimesResult, compared, table_of

RATE = Quantity("survival", "survival", of_arm=True)
DIFFERENCE = Quantity("difference", "difference of survival")
RATIO = Quantity("survival_ratio", "ratio of survival", log=True)
CLOGLOG = Quantity("cumulative_hazard_ratio", "ratio of cumulative hazards", log=True)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MilestoneResult(TimesResult):
    """Survival of two arms at given times; the fields of `TimesResult`.

    Quantities are ``survival`` of each arm, their ``difference`` (treatment less control), ``survival_ratio`` and
    ``cumulative_hazard_ratio`` (treatment over control, as logarithms; the latter is the difference of log(-log S), the
    log hazard ratio where hazards are proportional).
    """

    quantities: ClassVar[tuple[Quantity, ...]] = (RATE, DIFFERENCE, RATIO, CLOGLOG)

    def r_code(self) -> Text:
        """Return the R script, data inline, that arrives at this result from survfit of R's survival."""
        return Text(rcode.milestone(self.patients, (self.treatment, self.control), self.times, self.level))

    def _limits(self, level: float) -> tuple[Floats, Floats]:
        low, high = TimesResult._limits(self, level)
        arm = (self.estimates["quantity"] == RATE.name).to_numpy()
        s, se = (self.estimates[c].to_numpy()[arm] for c in ("estimate", "se"))
        low[arm], high[arm] = _pointwise(s, se, level)
        return low, high

    def _tidy(self, transform: bool) -> pd.DataFrame:
        table = TimesResult._tidy(self, transform)
        table["interval"] = np.where(table["quantity"] == RATE.name, "log-log", "wald")
        return table


class _Rates(NamedTuple):
    survival: Floats
    cov: Floats


@known_arguments
def milestone(
    ipd: Any,
    *,
    times: ArrayLike,
    control: Any = None,
    time: str = "time",
    event: str = "event",
    arm: str = "arm",
    level: float = 0.95,
    unit: str | None = None,
) -> MilestoneResult:
    r"""Compare the survival of two arms at given times.

    By Kaplan-Meier with Greenwood's variance; Wald intervals of the difference, of the logarithm of the ratio and of
    the difference of :math:`\log(-\log S)`; limits of each arm by log(-log S).

    Parameters
    ----------
    ipd : dataframe
        As of `rmst`.
    times : float or list of float
        Above 0, in the unit of the data; none beyond the last time of an arm, unless its curve is 0 from
        then on. They are to be chosen before the curves are seen: where these are furthest apart, the difference is
        too large.
    control : label, optional
        As of `rmst`.
    time, event, arm : str
        As of `rmst`.
    level : float, default 0.95
        As of `rmst`.
    unit : str, optional
        As of `rmst`.

    Returns
    -------
    MilestoneResult
        Survival of both arms, difference and ratio at each time, with their covariances.

    Raises
    ------
    ColumnError, OptionError, DataError
        As `rmst`; a time beyond the follow-up of an arm is named.

    References
    ----------
    Kaplan and Meier 1958; Greenwood 1926 (neither read; numbers are those of R's survfit).

    Examples
    --------
    >>> import metaonc as mo
    >>> patients = {"time": [3, 5, 7, 9, 2, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1, 1, 0], "arm": list("aaaabbbb")}
    >>> r = mo.survival.milestone(patients, control="b", times=4)
    >>> r.of("difference")["estimate"].tolist()
    [0.25]
    """
    both = read_compared(ipd, times, "times", control=control, time=time, event=event, arm=arm, level=level, unit=unit)
    t, c = (_rates(s, both.at) for s in both.arms.samples)
    hazards = _cloglog(t, c)
    s, variance = np.array([t.survival, c.survival]), np.array([t.cov.diagonal(), c.cov.diagonal()])
    arms = Rows(s, np.sqrt(variance))
    others = compared(s, variance, s[None])
    comparisons = Rows(*(np.vstack(rows) for rows in zip(others, hazards, strict=True)))
    table = table_of(MilestoneResult.quantities, both.arms.names, both.at, arms, comparisons, level,
                     _pointwise(*arms, level))  # fmt: skip
    unknown = ", ".join(f"{x:g}" for x in both.at[np.isnan(hazards[0])])
    note = (
        f"survival is 0 or 1 in an arm at {unknown}: a ratio of cumulative hazards has no value there, and survival of "
        "0 no error."
    )
    return MilestoneResult(
        estimates=later(table), cov_t=t.cov, cov_c=c.cov,
        **both.fields("survival.milestone", "times", (note,) * bool(unknown)),
    )  # fmt: skip


def _rates(sample: Sample, at: Floats) -> _Rates:
    """Return survival and the covariance between times: S(a) S(b) times Greenwood's sum up to the earlier.

    It is NaN where the curve has come to 0, of which Greenwood's formula gives no variance.
    """
    steps = product_limit(sample)
    row = np.searchsorted(steps.time, at, side="right") - 1
    s, sigma2 = steps.survival[row], greenwood(steps.n_risk, steps.n_event)[row] ** 2
    least = np.minimum(sigma2[:, None], sigma2)
    return _Rates(
        s, np.where((s[:, None] > 0) & (s > 0), np.outer(s, s) * np.where(np.isfinite(least), least, 0.0), np.nan)
    )


def _pointwise(s: Floats, se: Floats, level: float) -> tuple[Floats, Floats]:
    sigma = np.divide(se, s, out=np.full(s.shape, np.nan), where=s > 0)
    return pointwise(s, sigma, ci="log-log", level=level)


def _cloglog(t: _Rates, c: _Rates) -> tuple[Floats, Floats]:
    """Return the difference of log(-log S) and its standard error."""
    there = (t.survival > 0) & (t.survival < 1) & (c.survival > 0) & (c.survival < 1)
    hazards = [-np.log(np.where(there, r.survival, np.nan)) for r in (t, c)]
    spread = sum(np.diag(r.cov) / (r.survival * h) ** 2 for r, h in zip((t, c), hazards, strict=True))
    return np.log(hazards[0]) - np.log(hazards[1]), np.sqrt(spread)
