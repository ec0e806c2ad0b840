"""What trim and fill returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Caution, named
from ....base.digits import p_said, plain
from ....base.result import Provenance, Result, Text
from ...pooling.inverse_variance.result import MetaResult
from ...results.lines import pooled_lines
from ..cautions import few, heterogeneous
from . import rcode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TrimFillResult(Result):
    """Trials that are missing by the symmetry of the funnel, and the pool with these filled in.

    Attributes
    ----------
    estimator, side
        Of the number of trials missing, and where these are missing on the scale of analysis, left or right.
    k0, k0_se, k0_p
        Number of trials missing, the standard error of its estimate, and the p-value of none missing (of ``R0``; else
        NaN).
    filled
        The trials filled in: study, yi, vi, and the trial that each mirrors.
    adjusted
        The pool of all, those filled in included.
    result
        The pool of the trials that there are.
    """

    estimator: str
    side: str
    k0: int
    k0_se: float
    k0_p: float
    filled: pd.DataFrame
    adjusted: MetaResult
    result: MetaResult
    provenance: Provenance

    @property
    def ci_low(self) -> float:
        """Lower limit of the adjusted effect."""
        return self.adjusted.ci_low

    @property
    def ci_high(self) -> float:
        """Upper limit of the adjusted effect."""
        return self.adjusted.ci_high

    @property
    def overall_name(self) -> str:
        """What the adjusted pool, which a forest plot shows, is called in cautions."""
        return "the pool with trials filled in"

    @property
    def estimate(self) -> float:
        """The adjusted effect, on the scale of analysis."""
        return self.adjusted.estimate

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the confidence limits of the adjusted effect at another level, by the same method."""
        return self.adjusted.confidence_interval(level, transform=transform)

    def _cautions(self) -> list[Caution]:
        own = few(self.result.k)
        if heterogeneous(self.result):
            own.append(
                "trials differ by more than chance (I² 50 % or more): trim and fill then fills in trials where none "
                "is missing"
            )
        filled = named(self.overall_name, self.adjusted.cautions) if self.k0 else []  # else it is the pool itself
        return [Caution(text=text) for text in own] + list(self.result.cautions) + filled

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial (type ``study``, ``filled``) and the adjusted effect (``summary``)."""
        rows = self.adjusted.tidy(transform=transform)
        rows.loc[np.arange(len(rows)) >= self.result.k, "type"] = "filled"
        rows.loc[len(rows) - 1, "type"] = "summary"
        return rows

    def _glance(self) -> list[dict[str, Any]]:
        (row,) = self.adjusted._glance()
        return [row | {"k0": self.k0, "k0_se": self.k0_se, "side": self.side, "estimator": self.estimator,
                       "observed": self.result.estimate}]  # fmt: skip

    def r_code(self) -> Text:
        """Return the R script of the pool, with metafor's trim and fill of it."""
        return Text(rcode.trim_fill(self))

    def _lines(self) -> list[str]:
        more = f" (SE {plain(self.k0_se)})" if np.isfinite(self.k0_se) else ""
        tested = f", none missing: {p_said(self.k0_p)}" if np.isfinite(self.k0_p) else ""
        count = f"an estimated {self.k0} trial{'s' * (self.k0 != 1)} missing on the {self.side}{more}{tested}"
        return [f"Trim and fill ({self.estimator}): {count}",
                "As it was:", *(f"  {line}" for line in pooled_lines(self.result)),
                "With the trials filled in:", *(f"  {line}" for line in pooled_lines(self.adjusted))]  # fmt: skip
