"""What a Kaplan-Meier estimate is made of."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.check import Floats, confidence_level
from ....base.columns import limits
from ....base.digits import finer, in_percent
from ....base.html import listed
from ....base.numbers import floats
from ....base.result import Provenance, Result, Text
from ....errors import DataError, OptionError
from ...numeric.normal import normal_critical
from .. import rcode
from .curve import STEPS, Curve
from .intervals import quantile

APART = ("mo.survival.pool_curves(patients) pools the curves of trials; kaplan_meier(by=) with the column of trials, "
         "or one of trial and arm, gives each its own curve.",)  # fmt: skip


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
    asked
        The quantiles that were asked for.
    patients
        With delayed entry one row a patient: group, entry, time, event; otherwise None.
    provenance
        How the result came about.
    """

    curves: Mapping[str, Curve]
    medians: pd.DataFrame
    level: float
    ci: str
    unit: str | None
    by: str | None
    asked: tuple[float, ...] = ()
    patients: pd.DataFrame | None = None
    provenance: Provenance

    @property
    def is_compared(self) -> bool:
        """Whether there are groups to compare: two or more, and an event."""
        return len(self.curves) > 1 and bool(self.medians["events"].any())

    def at(self, times: ArrayLike) -> pd.DataFrame:
        """Return who is at risk and what S is at given times, in each group.

        Patients who die or are censored at exactly t are at risk at t and are counted as events or censored only after
        it, so that ``n_risk + cum_event + cum_censor`` is n at every t, or with delayed entry the number that entered
        before t (at 0: at 0). S is the value just after t. (R's
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
        return _by_group({label: curve.at(at, self._entered(label, at)) for label, curve in self.curves.items()})

    def _entered(self, label: str, at: Floats) -> Any:
        """Return how many of a group have entered before given times, at 0 who is there from the start."""
        if self.patients is None:
            return None
        entry = np.sort(self.patients["entry"][self.patients["group"] == label].to_numpy(dtype=float))
        return np.where(at > 0, np.searchsorted(entry, at), np.searchsorted(entry, at, side="right"))

    def quantiles(self, q: ArrayLike = (0.25, 0.5, 0.75), *, level: float | None = None) -> pd.DataFrame:
        """Return the times by which given shares of each group have had the event.

        Parameters
        ----------
        q
            One share or several, above 0 and at most 1: 0.5 is the median.
        level : float, optional
            Coverage of the intervals; the result's own when not given.

        Returns
        -------
        DataFrame
            group, q, quantile, ci_low, ci_high: where the curve and its bands cross 1 - q, NaN where they do not, as
            R's ``quantile(survfit)``. Where the curve is flat at exactly 1 - q it is the middle of the flat piece. On
            the last piece that runs to the end of follow-up; `medians` there has the beginning, as R prints medians.

        Raises
        ------
        OptionError
            When a share is not above 0 and at most 1, or `level` is none.

        Examples
        --------
        >>> import metaonc as mo
        >>> km = mo.survival.kaplan_meier({"time": [2, 4, 6, 8], "event": [1, 1, 0, 1]})
        >>> km.quantiles([0.25, 0.6])["quantile"].tolist()
        [3.0, 8.0]
        """
        asked, level = shares(q), self.level if level is None else confidence_level(level)
        rows = []
        for label, curve in self.curves.items():
            low, high = curve.band(self.ci, level)
            times = ([quantile(curve.time, line, p) for line in (curve.survival, low, high)] for p in asked)
            rows += [(label, p, *found) for p, found in zip(asked, times, strict=True)]
        return pd.DataFrame(rows, columns=["group", "q", "quantile", "ci_low", "ci_high"])

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
        rows = {str(name): column.tolist() for name, column in self.counted().items()}
        return Text(
            rcode.kaplan_meier(list(self.curves), rows, ci=self.ci, level=self.level, rmst=rmst, q=self.asked,
                               tested=self.is_compared)
        )  # fmt: skip

    def counted(self) -> pd.DataFrame:
        """Return the patients counted: time, event, group, patients (how many are alike), and entry if it is late."""
        columns = ["time", "event", "group"]
        if self.patients is None:
            parts = {label: curve.counted() for label, curve in self.curves.items()}
            rows = pd.concat(parts, names=["group"]).reset_index(level="group")
        else:
            columns = ["entry", *columns]
            rows = self.patients.groupby(columns, sort=False).size().reset_index(name="patients")
        return rows[[*columns, "patients"]].reset_index(drop=True)

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of survival at another level, one row a step of each curve, as in `tidy`.

        Survival is on the natural scale; `transform` changes nothing.
        """
        level = self.level if level is None else confidence_level(level)
        bands = [curve.band(self.ci, level) for curve in self.curves.values()]
        names = [label for label, curve in self.curves.items() for _ in curve.time]
        return limits((np.concatenate(ends) for ends in zip(*bands, strict=True)), pd.Index(names, name="term"))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a step of each curve; survival is on the natural scale, `transform` changes nothing.

        Quantiles that were asked for follow, of type ``quantile``: times, with the share in the column ``q``.
        """
        curves = list(self.curves.values())
        columns = {
            "estimate" if name == "survival" else name: np.concatenate([getattr(c, name) for c in curves])
            for name in STEPS
        }
        terms = np.repeat(np.array(list(self.curves), dtype=object), [len(curve.time) for curve in curves])
        rows = pd.DataFrame({"term": terms, "type": "step", **columns, "interval": self.ci})
        if not self.asked:
            return rows
        found = self.quantiles(self.asked).rename(columns={"group": "term", "quantile": "estimate"})
        return pd.concat([rows, found.assign(type="quantile", interval=self.ci)], ignore_index=True)

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: patients, events, groups, last follow-up."""
        row = {
            "n": int(self.medians["n"].sum()),
            "events": int(self.medians["events"].sum()),
            "groups": len(self.curves),
            "last_time": max(float(curve.time[-1]) for curve in self.curves.values()),
        }
        return self._row(**row)

    def _advice(self) -> list[str]:
        merged = any("merged as if they were of one trial" in text for text in self.provenance.cautions)
        return list(APART) if merged else []

    def _lines(self) -> list[str]:
        unit = f", {self.unit}" if self.unit else ""
        table = listed(self.medians, finer, blank="NR")
        interval = f"{in_percent(self.level)}% confidence interval ({self.ci})"
        title = f"Kaplan-Meier estimates; median survival{unit}, {interval}"
        lines = [title, "", table]
        if self.asked:
            asked = listed(self.quantiles(self.asked), finer, blank="NR")
            lines += ["", "Times by which a share q has had the event", asked]
        return lines


def shares(q: ArrayLike) -> tuple[float, ...]:
    """Return shares of patients, checked: above 0 and at most 1."""
    found = np.atleast_1d(np.asarray(q, dtype=float))
    wrong = found[~((found > 0) & (found <= 1))]
    if len(wrong):
        raise OptionError(f"{wrong[0]:g} is no share of patients above 0 and at most 1: write 0.25 for 25 %.")
    return tuple(found.tolist())


def _by_group(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, names=["group"]).reset_index(level="group").reset_index(drop=True)
