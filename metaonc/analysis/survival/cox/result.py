"""Results that are one log hazard ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.check import confidence_level
from ....base.digits import finer, in_percent, p_said, plain
from ....base.result import Provenance, Result, Text
from ...numeric.distributions import critical, two_sided_p
from .. import rcode
from ..from_curves.intervals import NO_EVENTS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LogHazardRatio(Result):
    """A log hazard ratio, below 0 where treatment has the lower hazard.

    Attributes
    ----------
    estimate, se
        Log hazard ratio and its standard error.
    ci_low, ci_high
        Wald interval of the log hazard ratio.
    hr
        The hazard ratio, exp(estimate).
    p_value
        Two-sided p of the Wald test.
    level
        Coverage of the interval.
    method
        How it was obtained.
    provenance
        How it came about.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    hr: float
    p_value: float
    level: float
    method: str
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ()

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "wald"

    def row(self, *, study: str) -> dict[str, Any]:
        """Return a row for a table of trials that ``pool`` takes: study, yi, vi, measure and route."""
        return {"study": study, "yi": self.estimate, "vi": self.se**2, "measure": "HR", "route": self.method}

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the interval of the log hazard ratio at another level, or of the hazard ratio when `transform`."""
        low, high = self._limits(self.level if level is None else confidence_level(level))
        return (float(np.exp(low)), float(np.exp(high))) if transform else (low, high)

    def _limits(self, level: float) -> tuple[float, float]:
        return wald_interval(self.estimate, self.se, level)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row; the hazard ratio without se when `transform`."""
        change = np.exp if transform else float
        row = {name: float(change(getattr(self, name))) for name in ("estimate", "ci_low", "ci_high")}
        row |= {"se": np.nan if transform else self.se, "statistic": self.estimate / self.se, "p_value": self.p_value}
        return pd.DataFrame([{"term": "overall", "type": "summary", **row, "interval": self.ci}])

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(measure="HR")

    def _lines(self) -> list[str]:
        hr, low, high = plain.of(*np.exp([self.estimate, self.ci_low, self.ci_high]))
        return [
            f"Hazard ratio {hr} ({in_percent(self.level)} % interval {low} to {high}), "
            f"{p_said(self.p_value, ' =')}; {self.method}",
            f"log HR {finer(self.estimate)}, standard error {finer(self.se)}",
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TwoArmHazardRatio(LogHazardRatio):
    """A hazard ratio of treatment to control; the fields of `LogHazardRatio`, and these.

    Attributes
    ----------
    o_minus_e, v
        Log-rank observed minus expected events of treatment and their variance.
    n_t, n_c, events_t, events_c
        Patients and events of treatment and control.
    """

    o_minus_e: float
    v: float
    n_t: int
    n_c: int
    events_t: float
    events_c: float
    _shown: ClassVar[tuple[str, ...]] = ("n_t", "n_c", "events_t", "events_c", "o_minus_e", "v")

    def _lines(self) -> list[str]:
        ratio, log_ratio = LogHazardRatio._lines(self)
        return [
            ratio,
            f"{log_ratio}; O - E {finer(self.o_minus_e)}, V {finer(self.v)}",
            f"Treatment: {self.n_t} patients, {finer(self.events_t)} events; "
            f"control: {self.n_c} patients, {finer(self.events_c)} events",
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CoxHazardRatio(TwoArmHazardRatio):
    """A hazard ratio from patients; the fields of `TwoArmHazardRatio`, and these.

    Attributes
    ----------
    logrank_chi2, logrank_p
        Log-rank test, (O - E)²/V with one degree of freedom; NaN where V is 0.
    treatment, control
        The arms as the table names them.
    patients
        DataFrame, one row a patient: time, event, with delayed entry that too, arm; treatment first, each arm in the
        order of time.
    """

    logrank_chi2: float
    logrank_p: float
    treatment: str
    control: str
    patients: pd.DataFrame

    def r_code(self) -> Text:
        """Return the R script, data inline, by which coxph and survdiff of R's survival arrive at this result."""
        own = [name for name in self.patients.columns if name != "arm"]
        rows = self.patients.groupby([*own, "arm"], sort=False).size().reset_index(name="patients")
        names = {**{name: name for name in own}, "group": "arm", "patients": "patients"}
        data = {name: rows[column].tolist() for name, column in names.items()}
        ties = self.provenance.settings["ties"]
        return Text(rcode.cox((self.control, self.treatment), data, ties=ties, level=self.level))

    def _lines(self) -> list[str]:
        test = f"Log-rank test: chi-square {finer(self.logrank_chi2)}, {p_said(self.logrank_p, ' =')}"
        return [f"{self.treatment} against {self.control}", *TwoArmHazardRatio._lines(self), test]


def finer_curves(pooling: str) -> str:
    """Return what to do about curves that were read at too few times."""
    other = "take pooling='log-rank', " if pooling == "ratio" else ""
    return f"read more of the curves, {other}or reconstruct the patients and use hazard_ratio."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CurveHazardRatio(TwoArmHazardRatio):
    """A hazard ratio from points on two curves; the fields of `TwoArmHazardRatio`, and these.

    O - E and V are estimate/se² and 1/se².

    Attributes
    ----------
    intervals
        DataFrame, one row an interval: start, end; events_t, n_risk_t, events_c, n_risk_c; yi, vi (log ratio of the
        risks and its variance, NaN where an arm has nobody at risk); weight (share of the estimate).
    """

    intervals: pd.DataFrame

    def _advice(self) -> list[str]:
        coarse = any(text.startswith("the intervals are coarse") for text in self.provenance.notes)
        return [finer_curves(self.provenance.settings["pooling"])] * coarse

    def r_code(self) -> Text:
        """Return a script of R, data inline, with the arithmetic of this method; no package of R has it."""
        columns = ("events_t", "n_risk_t", "events_c", "n_risk_c")
        data = {name: self.intervals[name].tolist() for name in columns}
        pooling = self.provenance.settings["pooling"]
        return Text(rcode.curves(data, pooling=pooling, none=NO_EVENTS, level=self.level))


def wald(estimate: float, se: float, level: float) -> dict[str, float]:
    """Return the fields of a result that follow from its estimate and standard error."""
    low, high = wald_interval(estimate, se, level)
    return {
        "estimate": estimate,
        "se": se,
        "ci_low": low,
        "ci_high": high,
        "hr": float(np.exp(estimate)),
        "p_value": float(two_sided_p(estimate / se)),
        "level": level,
    }


def wald_interval(estimate: float, se: float, level: float) -> tuple[float, float]:
    """Return estimate -/+ z se."""
    half = float(critical(level)) * se
    return estimate - half, estimate + half
