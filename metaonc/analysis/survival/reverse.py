"""Median follow-up by the reverse Kaplan-Meier method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.check import confidence_level, one_of, time_unit
from ...base.columns import limits
from ...base.digits import finer, in_percent
from ...base.html import listed
from ...base.lazy import later
from ...base.messages.arguments import known_arguments
from ...base.result import Provenance, Result, Text
from ...data.curves.fits.median import half_time
from .curve.estimate import kaplan_meier
from .curve.intervals import CI_TYPES
from .curve.result import KaplanMeier
from .patients import read_patients


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class FollowUpResult(Result):
    """Median follow-up of one or more groups.

    Attributes
    ----------
    medians
        DataFrame, one row a group: group, n, censored (patients still under observation), median, ci_low, ci_high; NaN
        where not reached.
    reverse
        The Kaplan-Meier estimate in which who was censored has the event, and who had the event is censored.
    level, ci, unit, by
        Coverage and type of the intervals; unit of time, or None; column that split the patients, or None.
    """

    medians: pd.DataFrame
    reverse: KaplanMeier
    level: float
    ci: str
    unit: str | None
    by: str | None
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ()

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each median at another level, one row a group."""
        level = self.level if level is None else confidence_level(level)
        curves = self.reverse.curves
        bands = ([half_time(c.time, line) for line in c.band(self.ci, level)] for c in curves.values())
        return limits(np.array(list(bands)).T, pd.Index(list(curves), name="term"))

    def r_code(self) -> Text:
        """Return the R script, data inline, by which survfit of R's survival arrives at these medians."""
        return Text(f"# event 1: censored, by the reverse method\n{self.reverse.r_code()}")

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a group; follow-up is on the natural scale, `transform` changes nothing."""
        named = self.medians.rename(columns={"group": "term", "median": "estimate"})
        return named.assign(type="median", interval=self.ci)

    def _lines(self) -> list[str]:
        unit = f", {self.unit}" if self.unit else ""
        head = (
            f"Median follow-up{unit}, reverse Kaplan-Meier, {in_percent(self.level)}% confidence interval ({self.ci})"
        )
        return [head, "", listed(self.medians, finer, blank="NR")]


@known_arguments
def follow_up(
    ipd: Any,
    *,
    time: str = "time",
    event: str = "event",
    by: str | None = None,
    level: float = 0.95,
    ci: str = "log-log",
    unit: str | None = None,
) -> FollowUpResult:
    """Return the median follow-up of one or more groups, by the reverse Kaplan-Meier method.

    Events and censoring change places: it is how long patients would have been followed had none had the event.

    Parameters
    ----------
    ipd : dataframe
        One row a patient.
    time, event : str
        Columns of follow-up (>= 0), and of the event (1, or 0 where it was censored).
    by : str, optional
        Column of the group.
    level : float, default 0.95
        Coverage of the intervals.
    ci : {"log-log", "log", "plain"}
        Type of the intervals.
    unit : {"days", "weeks", "months", "years"}, optional
        Unit of time, to be shown.

    Returns
    -------
    FollowUpResult
        Median follow-up a group, with its interval.

    Raises
    ------
    ColumnError, OptionError, DataError
        As ``kaplan_meier``.

    References
    ----------
    Schemper and Smith 1996.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.survival.follow_up({"time": [2, 4, 6, 8, 9], "event": [1, 0, 0, 1, 0]})
    >>> r.medians["median"].tolist()
    [7.5]
    """
    level, ci = confidence_level(level), one_of("ci", ci, CI_TYPES)
    unit = time_unit(unit, ipd)
    patients = read_patients(ipd, time=time, event=event, by=by)
    turned = pd.concat([
        pd.DataFrame({"time": s.time, "event": (~s.event).astype(int), "group": label})
        for label, s in zip(patients.labels, patients.samples, strict=True)
    ], ignore_index=True)  # fmt: skip
    turned["group"] = pd.Categorical(turned["group"], patients.labels)
    reverse = kaplan_meier(turned, by=None if by is None else "group", level=level, ci=ci, unit=unit)
    return FollowUpResult(
        medians=reverse.medians.rename(columns={"events": "censored"}), reverse=reverse, level=level, ci=ci, unit=unit,
        by=by, provenance=Provenance(
            verb="survival.follow_up",
            settings={"time": time, "event": event, "by": by, "level": level, "ci": ci, "unit": unit},
            rows_in=patients.n, rows_used=patients.n, corrected=patients.remarks(),
            cautions=later(patients.doubts_of_curves),
        ),
    )  # fmt: skip
