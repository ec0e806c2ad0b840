"""What pool_curves returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import Floats, confidence_level
from ....base.columns import limits
from ....base.digits import UNKNOWN, finer, in_percent, percentage, plain, significant, statistic_said
from ....base.html import listed
from ....base.numbers import floats
from ....base.result import Provenance, Result, Text
from ....errors import DataError
from ...results.inside import NotOfEffects
from . import rcode
from .curve import PooledCurve
from .draws import central

MOVED = 0.01  # of survival at the last time, by the continuity correction: more is told
LABELS = {"DL": "random effects (multivariate DerSimonian-Laird)", "CE": "a common effect"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PooledCurves(NotOfEffects, Result):
    """Survival curves pooled across trials, of one or more groups of them.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    curves
        Label of the group -> its `PooledCurve`; the label is "all" when there is one.
    medians
        One row a group: group, trials, median, ci_low, ci_high; not_reached, the share of drawn curves that never come
        to one half (limits that are not reached are NaN); mean, mean_low, mean_high, restricted to the last time.
    k
        Number of trials; one that has several groups counts once.
    q, q_df, q_p
        Cochran's Q about the common curves; its degrees of freedom are observations less times (of each group).
    h2, i2
        H² = q / q_df, and I² in percent.
    h2_trials, i2_trials
        The same with observations less trials for q_df, as the authors' program has it.
    test, test_df, test_p
        Wald's test that groups have one curve, by random effects; NaN of one group.
    common_test, common_test_p
        The same by common effects, which is significant too often where trials differ.
    method
        ``DL`` or ``CE``.
    level, unit, by
        Level of intervals, unit of times, and column of the groups, None where there is one.
    draws, seed
        Of the curves drawn for limits of medians and means, and for prediction.
    sets
        Plausible sets of patients combined by Rubin's rules; 1 where there are none.
    data
        What was pooled: study, group, time, survival, n_risk (at the start of the interval); of the first set.
    """

    curves: Mapping[str, PooledCurve]
    medians: pd.DataFrame
    k: int
    q: float
    q_df: int
    q_p: float
    h2: float
    i2: float
    h2_trials: float
    i2_trials: float
    test: float
    test_df: int
    test_p: float
    common_test: float
    common_test_p: float
    method: str
    level: float
    draws: int
    seed: int
    sets: int
    unit: str | None
    by: str | None
    data: pd.DataFrame
    provenance: Provenance
    ci: ClassVar[str] = "log"
    refit_way: ClassVar[str] = "pool the curves again without the rows of a trial"
    _shown: ClassVar[tuple[str, ...]] = (
        "h2", "h2_trials", "i2_trials", "test", "test_df", "test_p", "common_test", "common_test_p",
    )  # fmt: skip

    def at(self, times: Any) -> pd.DataFrame:
        """Return pooled survival at given times: group, time, survival, ci_low, ci_high.

        Between the times pooled it is read off straight lines, as the median is; beyond the last it is NaN.

        Raises
        ------
        DataError
            When a time is negative or not finite.
        """
        at = floats(times if np.ndim(times) else [times], lambda i: f"times[{i}]")
        if not np.all(np.isfinite(at) & (at >= 0)):
            raise DataError(f"times={times!r}: each must be finite and not negative.")
        parts = []
        for group, curve in self.curves.items():
            t = np.append(0.0, curve.time)
            lines = (curve.survival, *curve.band(self.level))
            values = (np.interp(at, t, np.append(1.0, line), right=np.nan) for line in lines)
            parts.append(pd.DataFrame({"group": group, "time": at} | dict(zip(NAMES, values, strict=True))))
        return pd.concat(parts, ignore_index=True)

    def prediction(self, level: float | None = None) -> pd.DataFrame:
        """Return the prediction band: between which limits a new trial's survival lies at each time, pointwise.

        Drawn of beta ~ N(pooled, V + Psi), without that trial's own sampling error: group, time, prediction_low,
        prediction_high; NaN of a common effect, and where fewer than three trials have the time.
        """
        level = self.level if level is None else confidence_level(level)
        parts = []
        for group, curve in self.curves.items():
            low, high = self._predicted(curve, level)
            parts.append(pd.DataFrame({"group": group, "time": curve.time, "prediction_low": low,
                                       "prediction_high": high}))  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def _predicted(self, curve: PooledCurve, level: float) -> tuple[Floats, Floats]:
        if self.method == "CE":
            nothing = np.full(len(curve.time), np.nan)
            return nothing, nothing
        low, high = central(curve.drawn(self.draws, self.seed, new_trial=True), level)
        return tuple(np.where(curve.k >= 3, x, np.nan) for x in (low, high))  # type: ignore[return-value]

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of survival at another level, one row a time of each curve, as in `tidy`.

        Survival is on the natural scale; `transform` changes nothing.
        """
        level = self.level if level is None else confidence_level(level)
        bands = [curve.band(level) for curve in self.curves.values()]
        names = [label for label, curve in self.curves.items() for _ in curve.time]
        return limits((np.concatenate(ends) for ends in zip(*bands, strict=True)), pd.Index(names, name="term"))

    def r_code(self) -> Text:
        """Return a script of base R, data inline, with the formulas of the pool written out."""
        return Text(rcode.script(self.data, random=self.method == "DL", level=self.level))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a time of each curve; survival is on the natural scale, `transform` changes nothing."""
        parts = []
        for group, curve in self.curves.items():
            low, high = curve.band(self.level)
            first, last = self._predicted(curve, self.level)
            lower, upper = curve.hazard_band(self.level)
            parts.append(pd.DataFrame({
                "term": group, "type": "step", "time": curve.time, "estimate": curve.survival, "ci_low": low,
                "ci_high": high, "interval": self.ci, "prediction_low": first, "prediction_high": last, "k": curve.k,
                "n_risk": curve.n_risk, "hazard": curve.hazard, "hazard_low": lower, "hazard_high": upper,
                "common": curve.common, "crude": curve.crude,
            }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(groups=len(self.curves), times=max(len(c.time) for c in self.curves.values()), sets=self.sets)

    def _cautions(self) -> list[Caution]:
        found = []
        if (self.data.groupby("study")["group"].nunique() > 1).any():
            found.append(Caution(text="some trials are in several groups, so that these are not independent",
                                 more="no test compares them"))  # fmt: skip
        for group, curve in self.curves.items():
            of = "" if len(self.curves) == 1 else group
            alone = curve.time[curve.k == 1]
            if self.method == "DL" and curve.trials > 1 and len(alone):
                text = f"from time {plain(alone[0])} on one trial alone is left"
                more = "heterogeneity cannot show there, and the limits are too narrow"
                found.append(Caution(text=text, more=more, of=of, numeric=True))
            moved = float(curve.survival[-1] - curve.uncorrected[-1])
            if abs(moved) > MOVED:
                text = (
                    f"the quarter of a patient that the arcsine adds in each interval moves survival at time "
                    f"{plain(curve.time[-1])} by {significant(moved)}, to {significant(curve.survival[-1])}"
                )
                more = "it adds up along the curve, most where few patients are at risk"
                found.append(Caution(text=text, more=more, of=of, numeric=True))
            share = float(self.medians.set_index("group")["not_reached"][group])
            if share > (1 - self.level) / 2:
                never = f"{percentage(100 * share)} % of the drawn curves never come to one half"
                text = f"the median may not be reached: {never}"
                found.append(Caution(text=text, of=of, numeric=True))
        if np.isfinite(self.test_p):
            found.append(Caution(text="trials, not patients, are compared between groups",
                                 more="they may differ in more than what tells the groups apart"))  # fmt: skip
        return found

    def _lines(self) -> list[str]:
        unit = f", {self.unit}" if self.unit else ""
        groups = f", {len(self.curves)} groups by {self.by}" if self.by else ""
        last = max(curve.time[-1] for curve in self.curves.values())
        sets = f"; {self.sets} sets of patients by Rubin's rules" if self.sets > 1 else ""
        return [
            f"Pooled survival curve: {self.k} trials{groups}, {LABELS[self.method]}{sets}",
            f"median{unit}, and mean restricted to {plain(last)}, with {in_percent(self.level)} % limits by "
            f"{self.draws} draws",
            "",
            listed(self.medians, finer, blank="NR"),
            "",
            f"I² {_percent(self.i2)}, H² {plain(self.h2)}, {statistic_said('Q', self.q, self.q_df, self.q_p)} "
            f"(observations less times; less trials: I² {_percent(self.i2_trials)})",
            *self._tests(),
        ]

    def _tests(self) -> list[str]:
        if not np.isfinite(self.test_p):
            return []
        return [
            f"Groups, random effects: {statistic_said('chi-square', self.test, self.test_df, self.test_p)}",
            f"Groups, common effect: {statistic_said('chi-square', self.common_test, self.test_df, self.common_test_p)}"
            " (too often significant where trials differ)",
        ]


NAMES = ("survival", "ci_low", "ci_high")


def _percent(value: float) -> str:
    return UNKNOWN if np.isnan(value) else f"{plain(value)} %"
