"""The Kaplan-Meier curve of one group."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import Floats
from .intervals import pointwise

STEPS = ("time", "survival", "se", "ci_low", "ci_high", "n_risk", "n_event", "n_censor")  # of a curve, one a step


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """The Kaplan-Meier curve of one group; all arrays have shape (k + 1,) and cannot be written to.

    Row 0 is the start, where all are alive; each later row is a time at which a patient died or was censored, and
    gives S just after it.

    Attributes
    ----------
    time
        0, then the distinct times, rising (a death at 0 has a row of its own after the start).
    survival, se
        S and its standard error after Greenwood; the latter is NaN where S = 0.
    ci_low, ci_high
        Pointwise interval; NaN where none exists (S = 0; S = 1 after a censoring, type "log-log").
    n_risk, n_event, n_censor
        Patients at risk at the time (followed up to it or longer, and entered before it; at the start: entered at 0),
        and those who died or were censored at it.
    """

    time: Floats
    survival: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    n_risk: NDArray[np.int64]
    n_event: NDArray[np.int64]
    n_censor: NDArray[np.int64]

    def __post_init__(self) -> None:
        for name in STEPS:
            getattr(self, name).flags.writeable = False

    @property
    def n(self) -> int:
        """Number of patients."""
        return int(self.n_event.sum() + self.n_censor.sum())

    def at(self, times: Floats, entered: Any = None) -> pd.DataFrame:
        """Return counts and S at given times, one row each; see `KaplanMeier.at`.

        Parameters
        ----------
        times
            Shape (m,).
        entered
            How many have come under observation by then, (m,); all, when None.
        """
        before = np.searchsorted(self.time, times, side="left")
        event, censor = (np.concatenate(([0], np.cumsum(x)))[before] for x in (self.n_event, self.n_censor))
        row = np.searchsorted(self.time, times, side="right") - 1
        entered = self.n if entered is None else entered
        unknown = (times > self.time[-1]) & (self.survival[-1] > 0)
        values = {
            name: np.where(unknown, np.nan, getattr(self, name)[row]) for name in ("survival", "ci_low", "ci_high")
        }
        counts = {
            "time": times,
            "n_risk": entered - event - censor,
            "cum_event": event,
            "cum_censor": censor,
        }
        return pd.DataFrame(counts | values)

    def counted(self) -> pd.DataFrame:
        """Return the patients: time, event (1 or 0) and how many patients have both."""
        kinds = ((1, self.n_event), (0, self.n_censor))
        frames = [pd.DataFrame({"time": self.time, "event": event, "patients": count}) for event, count in kinds]
        rows = pd.concat(frames)
        return rows[rows["patients"] > 0].sort_values(["time", "event"], ascending=[True, False])

    def band(self, ci: str, level: float) -> tuple[Floats, Floats]:
        """Return the limits of S by a type of interval at another level; at the start, where all live, both are 1."""
        sigma = np.divide(self.se, self.survival, out=np.full(len(self.time), np.nan), where=self.survival > 0)
        low, high = pointwise(self.survival, sigma, ci=ci, level=level)
        low[0] = high[0] = 1.0
        return low, high

    def mean(self, until: float) -> tuple[float, float]:
        """Return the mean survival time up to `until`, and its standard error; see `KaplanMeier.rmst`."""
        inside = self.time < until
        ends = np.append(self.time[inside][1:], until)
        area = self.survival[inside] * (ends - self.time[inside])
        beyond = np.cumsum(area[::-1])[::-1]  # from each time on
        n, d = self.n_risk[inside], self.n_event[inside]
        some = (d > 0) & (n > d)  # where all die nothing is left beyond
        return float(area.sum()), float(np.sqrt((beyond[some] ** 2 * d[some] / (n[some] * (n[some] - d[some]))).sum()))
