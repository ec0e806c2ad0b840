"""What a Kaplan-Meier estimate is made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ....base.check import Floats, confidence_level
from ....base.columns import limits
from ....base.digits import finer, in_percent
from ....base.numbers import floats
from ....base.result import Provenance, Result, Text
from ....errors import DataError
from ...numeric.normal import normal_critical
from .. import rcode
from .intervals import pointwise


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
        Patients followed up to the time or longer, and those who died or were censored at it.
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
        for field in dataclasses.fields(self):
            getattr(self, field.name).flags.writeable = False

    @property
    def n(self) -> int:
        """Number of patients."""
        return int(self.n_risk[0])

    def at(self, times: Floats) -> pd.DataFrame:
        """Return counts and S at given times, one row each; see `KaplanMeier.at`."""
        before = np.searchsorted(self.time, times, side="left")
        event, censor = (np.concatenate(([0], np.cumsum(x)))[before] for x in (self.n_event, self.n_censor))
        row = np.searchsorted(self.time, times, side="right") - 1
        unknown = (times > self.time[-1]) & (self.survival[-1] > 0)
        values = {
            name: np.where(unknown, np.nan, getattr(self, name)[row]) for name in ("survival", "ci_low", "ci_high")
        }
        counts = {"time": times, "n_risk": self.n - event - censor, "cum_event": event, "cum_censor": censor}
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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class KaplanMeier(Result):
    """Kaplan-Meier estimates of one or more groups.

    Attributes
    ----------
    curves
        Label of the group -> its `Curve`; the label is "all" when there is one.
    medians
        One row a group: group, n, events, median, ci_low, ci_high; NaN where not reached.
    level, ci
        Coverage and type of the intervals.
    unit
        Unit of time, or None.
    by
        Column that split the patients, or None.
    provenance
        How the result came about.
    """

    curves: Mapping[str, Curve]
    medians: pd.DataFrame
    level: float
    ci: str
    unit: str | None
    by: str | None
    provenance: Provenance

    def __repr__(self) -> str:
        return str(self.summary())

    def at(self, times: ArrayLike) -> pd.DataFrame:
        """Return who is at risk and what S is at given times, in each group.

        Patients who die or are censored at exactly t are at risk at t and are counted as events or censored only after
        it, so that ``n_risk + cum_event + cum_censor`` is n at every t. S is the value just after t. (R's
        ``summary(survfit, times=)`` has the same ``n.risk`` and ``surv``.)

        Parameters
        ----------
        times
            One time or several, >= 0, in the unit of the data.

        Returns
        -------
        DataFrame
            group, time, n_risk, cum_event, cum_censor, survival, ci_low, ci_high; after the end of follow-up S and its
            limits are NaN, unless S has come to 0.

        Raises
        ------
        DataError
            When a time is negative or not finite.
        """
        at = floats(times if np.ndim(times) else [times], lambda i: f"times[{i}]")
        if not np.all(np.isfinite(at) & (at >= 0)):
            raise DataError(f"times={times!r}: each must be finite and not negative.")
        return _by_group({label: curve.at(at) for label, curve in self.curves.items()})

    def rmst(self, until: float) -> pd.DataFrame:
        r"""Return the restricted mean survival time of each group: the area under its curve.

        .. math:: \hat\mu = \int_0^{\tau} \hat S(t) dt, \quad
            \widehat{var} = \sum_{t_i < \tau} \Bigl(\int_{t_i}^{\tau} \hat S(t) dt\Bigr)^2 \frac{d_i}{n_i (n_i - d_i)}

        as R's ``summary(survfit, rmean=)``.

        Parameters
        ----------
        until
            Where the mean is restricted to, in the unit of the data; at most the end of follow-up of every group that
            has survivors then.

        Returns
        -------
        DataFrame
            group, rmst, se, ci_low, ci_high: Wald's interval at the result's level.

        Raises
        ------
        DataError
            When `until` is not above 0, or beyond the follow-up of a group.

        Examples
        --------
        >>> import metaonc as mo
        >>> km = mo.survival.kaplan_meier({"time": [2, 4, 6, 8], "event": [1, 1, 0, 1]})
        >>> km.rmst(6)[["group", "rmst"]].values.tolist()
        [['all', 4.5]]
        """
        until = float(floats([until], lambda i: "until")[0])
        if not 0 < until < np.inf:
            raise DataError(f"until={until:g} is not a time above 0.")
        for label, curve in self.curves.items():
            if until > curve.time[-1] and curve.survival[-1] > 0:
                raise DataError(
                    f"group {label!r} is followed to {curve.time[-1]:.6g} only: the mean up to {until:g} is not known."
                )
        half = normal_critical(self.level)
        rows = [(label, *curve.mean(until)) for label, curve in self.curves.items()]
        table = pd.DataFrame(rows, columns=["group", "rmst", "se"])
        return table.assign(ci_low=table["rmst"] - half * table["se"], ci_high=table["rmst"] + half * table["se"])

    def r_code(self, *, rmst: float | None = None) -> Text:
        """Return the R script, data inline, by which R's survival arrives at the curves, their limits and medians.

        Parameters
        ----------
        rmst
            Up to where the script gives restricted means as well, as `rmst` does.

        Raises
        ------
        DataError
            When `rmst` is no time up to which the means are known.
        """
        if rmst is not None:
            self.rmst(rmst)
        parts = {label: curve.counted() for label, curve in self.curves.items()}
        rows = pd.concat(parts, names=["group"]).reset_index(level="group")
        data = {name: rows[name].tolist() for name in ("time", "event", "group", "patients")}
        return Text(rcode.kaplan_meier(list(self.curves), data, ci=self.ci, level=self.level, rmst=rmst))

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of survival at another level, one row a step of each curve, as in `tidy`.

        Survival is on the natural scale; `transform` changes nothing.
        """
        level = self.level if level is None else confidence_level(level)
        bands = [curve.band(self.ci, level) for curve in self.curves.values()]
        names = [label for label, curve in self.curves.items() for _ in curve.time]
        return limits((np.concatenate(ends) for ends in zip(*bands, strict=True)), pd.Index(names, name="term"))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a step of each curve; survival is on the natural scale, `transform` changes nothing."""
        curves, names = list(self.curves.values()), [field.name for field in dataclasses.fields(Curve)]
        columns = {
            "estimate" if name == "survival" else name: np.concatenate([getattr(c, name) for c in curves])
            for name in names
        }
        terms = np.repeat(np.array(list(self.curves), dtype=object), [len(curve.time) for curve in curves])
        return pd.DataFrame({"term": terms, "type": "step", **columns, "interval": self.ci})

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: patients, events, groups, last follow-up."""
        row = {
            "n": int(self.medians["n"].sum()),
            "events": int(self.medians["events"].sum()),
            "groups": len(self.curves),
            "last_time": max(float(curve.time[-1]) for curve in self.curves.values()),
        }
        return self._row(**row)

    def _lines(self) -> list[str]:
        unit = f", {self.unit}" if self.unit else ""
        table = self.medians.to_string(index=False, na_rep="NR", float_format=finer)
        interval = f"{in_percent(self.level)}% confidence interval ({self.ci})"
        title = f"Kaplan-Meier estimates; median survival{unit}, {interval}"
        return [title, "", *table.splitlines()]


def _by_group(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, names=["group"]).reset_index(level="group").reset_index(drop=True)
