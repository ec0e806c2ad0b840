"""What interaction returns for two levels."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...base.caution import Caution
from ...base.digits import plain, statistic_said
from ...base.result import Text
from ..effects.measures import Measure
from ..numeric.distributions import critical
from ..numeric.wls import Floats
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.subgroups.result import SubgroupResult
from ..results.back_transform import difference_record, own_scale
from ..results.cautions import writes_alike
from ..results.lines import pooled_lines
from . import rcode
from .across import across, cautions
from .rows import Reports
from .wording import COMMON, LIMITS, legend, natural_table, side_by_side


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class InteractionResult(MetaResult):
    """The difference of effects between two subgroups, pooled over the differences within each trial.

    On the natural scale of a ratio it is a ratio of ratios, such as the hazard ratio of mutant over that of wild-type.

    Attributes
    ----------
    contrast
        The two levels, first minus second.
    floating
        Both subgroups' effects, consistent with the difference within trials (SWADA, Godolphin et al. 2023): level,
        estimate, se, ci_low, ci_high; intervals are normal.
    floating_model
        Whether effects are common to all trials or random, and with which structure.
    floating_tau2
        Covariance of both subgroups' true effects between trials, (2, 2), in the order of `floating`.
    across
        The usual subgroup analysis of all rows: each level pooled by itself.
    across_estimate, across_se, across_df, across_p
        Difference of the two levels across trials, which mixes in how trials differ (aggregation bias): in the model
        with one mean a level and one tau², with Knapp and Hartung's standard error and t with k - 2 degrees of freedom;
        normal, of the two levels pooled apart (`across_df` infinite), where effects are common and intervals normal.
    reports
        The rows of both levels, as they were read.
    """

    contrast: tuple[str, str]
    floating: pd.DataFrame
    floating_model: str
    floating_tau2: Floats
    across: SubgroupResult
    across_estimate: float
    across_se: float
    across_df: float
    across_p: float
    reports: Reports

    @property
    def record(self) -> Measure:
        """The record of the measure, worded for a difference between subgroups."""
        return difference_record(self.measure)

    @property
    def across_interval(self) -> tuple[float, float]:
        """Confidence limits of `across_estimate` at `level`."""
        half = float(critical(self.level, self.across_df)) * self.across_se
        return self.across_estimate - half, self.across_estimate + half

    def _of_corrections(self) -> list[Caution]:
        return self.reports.of_corrections(self.record)

    def _cautions(self) -> list[Caution]:
        first, second = self.contrast
        found = across(self.across, (second, first))
        named = (f"{first} against {second}",)
        across_trials = cautions(self.across, found, named, self.record, self.level)
        return [*MetaResult._cautions(self), *self.reports.cautions(), *across_trials]

    def _advice(self) -> list[str]:
        return [*MetaResult._advice(self), *writes_alike(self.reports.by, self.reports.like)]

    def floating_table(self, *, transform: bool = False) -> pd.DataFrame:
        """Return `floating`, or its estimates and limits on the natural scale of one subgroup's effect."""
        return natural_table(self.floating, own_scale(self.measure)) if transform else self.floating.copy()

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at the difference and the floating effects."""
        structure, random = str(self.provenance.settings["structure"]), self.floating_model != COMMON
        return Text(rcode.two_levels(self.reports, structure, random, self.r_ingredients))

    def _lines(self) -> list[str]:
        name = f"{self.contrast[0]} against {self.contrast[1]}"
        low, high = self.across_interval
        across = {"estimate": self.across_estimate, "ci_low": low, "ci_high": high, "p_value": self.across_p}
        within = {name: getattr(self, name) for name in (*LIMITS, "p_value")}
        pools = [self.across.groups[level] for level in self.contrast]
        table = side_by_side(
            [(name, pd.Series(within), pd.Series(across))], self.record, self.floating, own_scale(self.measure),
            [(r.estimate, r.ci_low, r.ci_high) for r in pools], self.level,
        )  # fmt: skip
        rows = ", ".join(f"{r.k} with {level}" for r, level in zip(pools, self.contrast, strict=True))
        return [
            f"Difference between two levels of {self.reports.by}, {name}: {self.k} trial{'s' * (self.k != 1)} with "
            f"both ({rows})",
            *(f"  {line}" for line in pooled_lines(self)),
            *([f"  tau² {plain(self.tau2)}, {statistic_said('Q', self.q, self.q_df, self.q_p)}"] if self.k > 1 else []),
            "",
            *table,
            *legend(self.floating_model, self.ci, self.across_df),
        ]
