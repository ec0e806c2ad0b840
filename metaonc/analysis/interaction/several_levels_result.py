"""What interaction returns for several levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.caution import Caution
from ...base.check import confidence_level
from ...base.columns import limits
from ...base.digits import in_percent, p_said, plain, statistic_said
from ...base.result import Provenance, Result, Text
from ..effects.measures import Measure
from ..methods.tau2 import is_common
from ..numeric.distributions import critical
from ..numeric.wls import Floats
from ..pooling.multivariate.result import WaldTest
from ..pooling.subgroups.result import SubgroupResult
from ..results.back_transform import difference_record, own_scale
from ..results.cautions import writes_alike
from . import rcode
from .across import across, cautions
from .rows import Reports
from .wording import LIMITS, legend, natural_table, side_by_side


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The change of effect by one unit of the levels' scores, within trials.

    Attributes
    ----------
    scores
        Of each level, in the order of the levels.
    estimate, se, ci_low, ci_high, statistic, p_value
        The change on the scale of analysis, with a normal interval and test.
    tau2
        Its variance between trials.
    """

    scores: tuple[float, ...]
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    p_value: float
    tau2: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class InteractionLevelsResult(Result):
    """The differences of effects between several subgroups, estimated together from those within each trial.

    Attributes
    ----------
    interactions
        Each other level against the reference, within trials: level, estimate, se, ci_low, ci_high, statistic,
        p_value (normal), and trials, the number that report the level together with another.
    cov
        Covariance of these estimates, (k - 1, k - 1); of rank 1 under a trend.
    tau2
        Covariance of the differences between trials, (k - 1, k - 1).
    boundary
        Whether that covariance, or under a trend the variance of the trend, is singular.
    test
        Wald test that no level differs from the reference.
    trend
        The change by one unit of score when a linear trend was asked for, else None.
    q, q_df, q_p
        Cochran's Q about common differences, of the contrasts within trials.
    loglik, aic, bic
        Of the contrasts within trials; restricted under REML.
    floating
        Effects of all levels that agree with `interactions` (SWADA, Godolphin et al. 2023): level, estimate, se,
        ci_low, ci_high; intervals are normal.
    floating_model
        Whether effects are common to all trials or random, and with which structure.
    floating_cov, floating_tau2
        Covariance of the floating effects, and of the levels' true effects between trials, (k, k).
    across
        The usual subgroup analysis of all rows: each level pooled by itself.
    across_interactions
        Differences from the reference across trials, which mix in how trials differ (aggregation bias): level,
        estimate, se, df, ci_low, ci_high, statistic, p_value; in the model with one mean a level and one tau², with
        Knapp and Hartung's standard errors and t, of a common effect normal.
    k
        Number of trials that report two levels or more.
    method, structure, level, measure
        As they were asked for.
    reports
        The rows of all levels, as they were read.
    design
        The levels' differences from the reference by the coefficients that are estimated, (k, k - 1), under a trend
        (k, 1).
    """

    interactions: pd.DataFrame
    cov: Floats
    tau2: Floats
    boundary: bool
    test: WaldTest
    trend: Trend | None
    q: float
    q_df: int
    q_p: float
    loglik: float
    aic: float
    bic: float
    floating: pd.DataFrame
    floating_model: str
    floating_cov: Floats
    floating_tau2: Floats
    across: SubgroupResult
    across_interactions: pd.DataFrame
    k: int
    method: str
    structure: str
    level: float
    measure: str
    reports: Reports
    design: Floats
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("trials", "boundary", "loglik", "aic", "bic", "structure")

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels, the reference first."""
        return self.reports.levels

    @property
    def trials(self) -> int:
        """Number of trials that report any of the levels."""
        return len(self.reports.labels)

    @property
    def record(self) -> Measure:
        """The record of the measure, worded for a difference between subgroups."""
        return difference_record(self.measure)

    def natural(self, x: Any) -> Any:
        """Return differences on the natural scale, such as a difference of log hazard ratios as a ratio of ratios."""
        return self.record.inverse(x)

    def _cautions(self) -> list[Caution]:
        found = across(self.across, self.levels)
        across_trials = cautions(self.across, found, tuple(self._names()), self.record, self.level)
        return [*self.reports.of_corrections(self.record), *self.reports.cautions(), *across_trials]

    def _advice(self) -> list[str]:
        return writes_alike(self.reports.by, self.reports.like)

    def floating_table(self, *, transform: bool = False) -> pd.DataFrame:
        """Return `floating`, or its estimates and limits on the natural scale of one subgroup's effect."""
        return natural_table(self.floating, own_scale(self.measure)) if transform else self.floating.copy()

    def interaction_table(self, *, transform: bool = False) -> pd.DataFrame:
        """Return `interactions`, or its estimates and limits on the natural scale of a difference."""
        return natural_table(self.interactions, self.record) if transform else self.interactions.copy()

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of the differences within trials at another level, one row a difference."""
        level = self.level if level is None else confidence_level(level)
        half = float(critical(level)) * self.interactions["se"]
        ends = (self.interactions["estimate"] - half, self.interactions["estimate"] + half)
        return limits((self.natural(x) if transform else x for x in ends), pd.Index(self._names(), name="term"))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row an effect; `type` says whose.

        ``study``: a trial's effect in a level. ``interaction`` and ``across``: the difference of a level from the
        reference within and across trials. ``floating``: the effect of a level.
        """
        r, labels = self.reports.rows, self.reports.labels
        se = np.sqrt(r.v)
        half = float(critical(self.level)) * se
        study = pd.DataFrame({
            "term": [labels[i] for i in r.trial], "level": [self.levels[i] for i in r.level], "estimate": r.y,
            "se": se, "ci_low": r.y - half, "ci_high": r.y + half,
        })  # fmt: skip
        own, difference = own_scale(self.measure), self.record
        parts = [
            ("study", study, own),
            ("interaction", self.interactions.assign(term=self._names()), difference),
            ("floating", self.floating.assign(term=self.floating["level"]), own),
            ("across", self.across_interactions.assign(term=self._names()), difference),
        ]
        shown = [(natural_table(part, record) if transform else part).assign(type=kind) for kind, part, record in parts]
        columns = [
            "term",
            "level",
            "type",
            "estimate",
            *([] if transform else ["se"]),
            "statistic",
            "p_value",
            *LIMITS[1:],
        ]
        return pd.concat(shown, ignore_index=True)[columns].assign(interval="wald")

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: sizes, the joint test, heterogeneity, fit; of a trend also the trend."""
        t = self.test
        row: dict[str, Any] = {"wald": t.statistic, "wald_df": t.df, "wald_p": t.p_value}
        if self.trend is not None:
            row |= {"trend": self.trend.estimate, "trend_se": self.trend.se, "trend_p": self.trend.p_value}
        row |= {f"tau2_{name}": self.tau2[i, i] for i, name in enumerate(self.levels[1:])}
        return self._row(**row)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at the differences and the floating effects."""
        return Text(rcode.several_levels(self.reports, self.design, self.structure, self.method, self.level))

    def _names(self) -> list[str]:
        return [f"{name} against {self.levels[0]}" for name in self.levels[1:]]

    def _lines(self) -> list[str]:
        structure = "" if is_common(self.method) else f", {self.structure}"
        name = self.reports.by
        pairs = zip(self._names(), self.interactions.iterrows(), self.across_interactions.iterrows(), strict=True)
        pools = [self.across.groups[level] for level in self.levels]
        table = side_by_side(
            [(name, within, across) for name, (_, within), (_, across) in pairs], self.record, self.floating,
            own_scale(self.measure), [(r.estimate, r.ci_low, r.ci_high) for r in pools], self.level,
        )  # fmt: skip
        t = self.test
        lines = [
            f"Differences between {len(self.levels)} levels of {name}: {self.k} trials with two levels or more, of "
            f"{self.trials}, {self.method}{structure}",
            f"  all differences together, within trials: {statistic_said('chi²', t.statistic, t.df, t.p_value)}; "
            f"across trials: {self.across.test_line}",
            f"  {self._spread()}{statistic_said('Q', self.q, self.q_df, self.q_p)}",
        ]
        if self.trend is not None:
            e, low, high = plain.of(*(float(self.natural(getattr(self.trend, name))) for name in LIMITS))
            lines.append(f"  trend imposed on the differences, by one unit of score: {e} ({in_percent(self.level)} % "
                         f"CI {low} to {high}), {p_said(self.trend.p_value)}")  # fmt: skip
        return [*lines, "", *table, *legend(self.floating_model, "wald", float(self.across_interactions["df"].iloc[0]))]

    def _spread(self) -> str:
        if is_common(self.method):
            return ""
        variances = zip(np.diag(self.tau2), self.levels[1:], strict=True)
        return f"tau² of the differences {', '.join(f'{plain(v)} ({n})' for v, n in variances)}; "
