"""What pool_medians and pool_landmark return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import finer, in_percent
from ....base.html import listed
from ....base.result import Provenance, Result, Text
from ...pooling.inverse_variance.result import MetaResult
from ...pooling.subgroups.result import SubgroupResult
from ...results.inside import ShowsPool
from .quantiles import fewest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PooledMedians(ShowsPool, Result):
    """Median times of trials, or ratios of them, pooled on the log scale; and their weighted median.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    pool
        The pool by inverse variance, a ``MetaResult``, or of subgroups a ``SubgroupResult``.
    weighted
        The weighted median of the trials' medians, one row a group: group, k, median, ci_low, ci_high; infinite
        where it is not reached, and limits NaN of too few trials for the level (`limitless`). Empty of ratios.
    bounded
        Trials whose median was not reached and stands at a bound.
    unit
        Unit of time, for print.
    """

    pool: MetaResult | SubgroupResult
    weighted: pd.DataFrame
    bounded: tuple[str, ...]
    unit: str | None
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ()

    @property
    def overall(self) -> MetaResult:
        """The pool of all trials."""
        whole = self.pool.overall if isinstance(self.pool, SubgroupResult) else self.pool
        assert isinstance(whole, MetaResult)  # by inverse variance
        return whole

    @property
    def ci_low(self) -> float:
        """Lower limit of the pool of all trials, log scale."""
        return self.overall.ci_low

    @property
    def ci_high(self) -> float:
        """Upper limit of the pool of all trials, log scale."""
        return self.overall.ci_high

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the limits of the pool of all trials at another level."""
        return self.overall.confidence_interval(level, transform=transform)

    @property
    def limitless(self) -> str:
        """Why weighted medians have no limits; empty where all have them."""
        least = fewest(self.overall.level)
        if not (self.weighted["k"] < least).any():
            return ""
        return f"limits of a weighted median at {in_percent(self.overall.level)} % need {least} trials or more"

    def r_code(self) -> Text:
        """Return the R script of the pool, by metafor."""
        return self.pool.r_code()

    def _tidy(self, transform: bool) -> pd.DataFrame:
        return self.pool.tidy(transform=transform)

    def _glance(self) -> list[dict[str, Any]]:
        return self.overall._glance()

    @property
    def open_limits(self) -> tuple[str, ...]:
        """Trials with an upper limit that was not reached; those of `bounded` among them."""
        s = self.overall.studies
        limits = [s.column(column) for role, column in s.roles.items() if role.startswith("ci_high")]
        lacking = np.isnan(np.column_stack(limits))
        return tuple(dict.fromkeys(label for label, row in zip(s.labels, lacking, strict=True) if row.any()))

    def _cautions(self) -> list[Caution]:
        return list(self.pool.cautions)

    def _advice(self) -> list[str]:
        return self.pool._advice()

    def _lines(self) -> list[str]:
        lines = self.pool._lines()
        if not len(self.weighted):
            return lines
        unit = f", {self.unit}" if self.unit else ""
        table = listed(self.weighted, lambda x: "NR" if np.isinf(x) else finer(x), blank="none")
        return [*lines, "", f"Weighted median of the trials' medians{unit}", table, *filter(None, [self.limitless])]
