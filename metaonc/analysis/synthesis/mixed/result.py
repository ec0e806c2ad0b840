"""What pool_mixed returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import finer
from ....base.html import listed
from ....base.result import Provenance, Result, Text
from ...pooling.inverse_variance.result import MetaResult
from ...results.inside import ShowsPool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MixedPool(ShowsPool, Result):
    """A pool of log hazard ratios of several kinds of evidence.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    pool
        The pool, one row a trial.
    evidence
        Every row: study, source (``patients``, ``figures``, ``reported``, ``counts``), route, yi, vi, used.
    conflicts
        Rows that were not used beside the one that was: study, used, other (sources), yi_used, yi_other, difference
        (other less used), in_se (in standard errors of the one used), conflict.
    """

    pool: MetaResult
    evidence: pd.DataFrame
    conflicts: pd.DataFrame
    provenance: Provenance

    @property
    def overall(self) -> MetaResult:
        """The pool."""
        return self.pool

    @property
    def ci_low(self) -> float:
        """Lower limit of the log hazard ratio."""
        return self.pool.ci_low

    @property
    def ci_high(self) -> float:
        """Upper limit of the log hazard ratio."""
        return self.pool.ci_high

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the limits of the pool at another level."""
        return self.pool.confidence_interval(level, transform=transform)

    def r_code(self) -> Text:
        """Return the R script of the pool, by metafor."""
        return self.pool.r_code()

    def _tidy(self, transform: bool) -> pd.DataFrame:
        routes = self.evidence[self.evidence["used"]].set_index("study")["route"]
        rows = self.pool.tidy(transform=transform)
        return rows.assign(route=[routes.get(term, "") for term in rows["term"]])

    def _glance(self) -> list[dict[str, Any]]:
        return self.pool._glance()

    def _cautions(self) -> list[Caution]:
        against = self.conflicts[self.conflicts["conflict"].astype(bool)]
        names = ", ".join(dict.fromkeys(against["study"]))
        found = []
        if names:
            found.append(Caution(text=f"kinds of evidence on one trial contradict each other ({names})",
                                 more="the pool takes one of them, and could differ with the other"))  # fmt: skip
        if (self.evidence["source"][self.evidence["used"]] == "counts").any():
            found.append(Caution(text="hazard ratios from counts hold where hazards are proportional and arms followed "
                                 "alike"))  # fmt: skip
        return [*found, *self.pool._cautions()]

    def _advice(self) -> list[str]:
        return self.pool._advice()

    def _lines(self) -> list[str]:
        shown = self.evidence.assign(hr=np.exp(self.evidence["yi"]), se=np.sqrt(self.evidence["vi"]))
        shown["used"] = np.where(shown["used"], "yes", "")
        lines = [*self.pool._lines(), "", listed(shown[["study", "source", "route", "hr", "se", "used"]], finer)]
        if len(self.conflicts):
            beside = self.conflicts[["study", "used", "other", "difference", "in_se"]].assign(
                conflict=np.where(self.conflicts["conflict"].astype(bool), "yes", "")
            )
            lines += ["", "Evidence not used beside that used (log hazard ratios)", listed(beside, finer)]
        return lines
