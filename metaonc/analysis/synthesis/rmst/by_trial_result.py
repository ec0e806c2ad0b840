"""What rmst_by_trial returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import Floats, confidence_level
from ....base.columns import limits
from ....base.digits import in_percent, p_said, plain
from ....base.html import listed
from ....base.lazy import worked_out_later
from ....base.result import Provenance, TableResult, Text
from ...numeric.distributions import critical
from ...survival.two_arms.estimates import FEW, said
from .rcode import by_trial

SHOWN = 20  # rows that a summary lists
NAMED = 5  # trials that a caution names


@worked_out_later("table", "patients", "provenance")
@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RmstByTrial(TableResult):
    """Restricted mean survival times of both arms of trials at horizons.

    Attributes
    ----------
    table
        One row a trial and horizon, trials in the order of the patients: study, horizon; rmst_t, rmst_t_se, rmst_c,
        rmst_c_se, in the unit of time; estimate (difference, treatment less control), se, ci_low, ci_high, statistic,
        p_value; log_ratio and log_ratio_se (treatment over control), log_rmtl_ratio and log_rmtl_ratio_se (of times
        lost); known_to, up to where both curves are known. Beyond that, all but study, horizon and known_to are NaN; so
        are comparisons where neither arm has an event so far.
    horizons
        Rising, (m,).
    treatment, control
        The arms as the table names them.
    k
        Trials.
    level
        Coverage of the intervals.
    patients
        study, time, event, arm, one row a patient.
    """

    table: pd.DataFrame
    horizons: Floats
    treatment: str
    control: str
    k: int
    level: float
    patients: pd.DataFrame
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("treatment", "control")

    @property
    def measure(self) -> str:
        """Code of the measure."""
        return "MD"

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each difference at another level, one row a trial and horizon."""
        half = float(critical(self.level if level is None else confidence_level(level))) * self.table["se"].to_numpy()
        ends = [self.table["estimate"].to_numpy() + sign * half for sign in (-1, 1)]
        return limits(ends, pd.Index(self._terms(), name="term"))

    def r_code(self) -> Text:
        """Return the R script, data inline, of the same by ``rmst2`` of R's survRM2, a trial and horizon a call."""
        return Text(by_trial(self.patients, self.treatment, self.control, self.horizons, self.level))

    def _terms(self) -> list[str]:
        pairs = zip(self.table["study"], self.table["horizon"], strict=True)
        return [f"{study} up to {horizon:g}" for study, horizon in pairs]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial and horizon: differences, which have no other scale."""
        return self.table.assign(term=self._terms(), type="comparison", interval="wald")

    def _cautions(self) -> list[Caution]:
        t = self.table
        silent = {name: (t[f"rmst_{arm}_se"] == 0) & t["rmst_t"].notna()
                  for arm, name in (("t", self.treatment), ("c", self.control))}  # fmt: skip
        both = silent[self.treatment] & silent[self.control]
        found = [
            (t["horizon"] > t["known_to"], "beyond the follow-up of an arm, where nothing is estimated"),
            (both, "no event in either arm so far: nothing is compared"),
            *((at & ~both, f"no event in {name} so far: its mean has no error there, and the interval of the "
               "difference is too narrow") for name, at in silent.items()),
            *((self._thin(name), f"fewer than a tenth of the patients of {name} are at risk") for name in silent),
        ]  # fmt: skip
        return [Caution(text=f"{what} ({self._where(at)})", numeric=True) for at, what in found if at.any()]

    def _thin(self, arm: str) -> pd.Series:
        """Return the rows in which few patients of an arm are at risk."""
        own = self.patients[self.patients["arm"] == arm]
        trial = pd.Index(self.table["study"].unique()).get_indexer(pd.Index(own["study"]))
        n = np.bincount(trial, minlength=self.k)
        left = [np.bincount(trial[own["time"] >= h], minlength=self.k) for h in self.horizons]
        few = np.stack(left, axis=1) < FEW * n[:, None]
        return pd.Series(few.ravel() & self.table["rmst_t"].notna().to_numpy(), index=self.table.index)

    def _where(self, rows: pd.Series) -> str:
        """Return horizons with the trials of these rows."""
        said = []
        for horizon, own in self.table[rows].groupby("horizon")["study"]:
            more = f" and {len(own) - NAMED} more of {self.k} trials" if len(own) > NAMED else ""
            said.append(f"up to {horizon:g}: {', '.join(own.head(NAMED))}{more}")
        shown = said[:NAMED]
        return "; ".join([*shown, f"and at {len(said) - NAMED} more horizons"] if len(said) > NAMED else shown)

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(horizons=len(self.horizons))

    def _lines(self) -> list[str]:
        t = self.table.head(SHOWN)
        shown = pd.DataFrame({
            "trial": t["study"], "up to": t["horizon"], self.treatment: t["rmst_t"], self.control: t["rmst_c"],
            f"difference ({in_percent(self.level)} % CI)": [
                "" if np.isnan(x[0]) else said(*x) for x in t[["estimate", "ci_low", "ci_high"]].to_numpy()
            ],
            "p": ["" if np.isnan(p) else p_said(p).removeprefix("p ") for p in t["p_value"]],
        })  # fmt: skip
        head = f"Restricted mean survival times, {self.treatment} less {self.control}: {self.k} "
        head += f"trial{'s' * (self.k != 1)}"
        more = [f"{len(self.table) - SHOWN} more rows in .table"] if len(self.table) > SHOWN else []
        return [head, "", listed(shown, plain, blank=""), *more]
