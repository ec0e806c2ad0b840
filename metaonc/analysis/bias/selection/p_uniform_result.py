"""What p-uniform* returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import in_percent, p_said, plain, statistic_said
from ....base.result import Provenance, Result, Text
from ...effects.measures import Measure
from ...pooling.inverse_variance.result import MetaResult
from . import rcode
from .profile import Profiles
from .published import ENDLESS, favoured, published

LIMITS = ["estimate", "ci_low", "ci_high"]
FEW = 3  # trials on a side of significance: fewer say next to nothing there


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PUniformResult(Result):
    """A pooled effect by p-uniform*, on the scale of analysis.

    Attributes
    ----------
    estimate, ci_low, ci_high
        Effect, and its limits by the profile likelihood at `level`; infinite where the likelihood does not end them.
    tau2, tau2_low, tau2_high
        Variance of true effects, with its profile limits.
    lr_statistic, p_value
        Likelihood ratio test of no effect, 1 df.
    loglik
        Of the trials given their significance.
    endless
        Whether the likelihood rises above its maximum where tau² grows without end.
    significant, k
        Trials that are significant on the favoured side, and all.
    level, measure
        Of the intervals; code in ``MEASURES``.
    method
        ``ML``, or ``CE`` with a common effect.
    without
        The same trials pooled by maximum likelihood without selection.
    """

    estimate: float
    ci_low: float
    ci_high: float
    tau2: float
    tau2_low: float
    tau2_high: float
    lr_statistic: float
    p_value: float
    loglik: float
    endless: bool
    significant: int
    k: int
    level: float
    measure: str
    method: str
    without: MetaResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = (
        "tau2_low", "tau2_high", "alternative", "significant", "lr_statistic", "loglik",
    )  # fmt: skip

    @property
    def alternative(self) -> str:
        """Side of the effects that selection favours."""
        return str(self.provenance.settings["alternative"])

    @property
    def alpha(self) -> float:
        """Two-sided level of significance."""
        return float(self.provenance.settings["alpha"])

    @property
    def record(self) -> Measure:
        """The record of the measure."""
        return self.without.record

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "profile"

    @property
    def favoured(self) -> str:
        """The effects that selection favours, in words."""
        return favoured(self.record, self.alternative)

    def natural(self, x: Any) -> Any:
        """Return values of the analysis scale on the natural scale, such as a log odds ratio as an odds ratio."""
        return self.without.natural(x)

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the profile limits at another level."""
        if level is None or confidence_level(level) == self.level:
            low, high = self.ci_low, self.ci_high
        else:
            trials = published(self.without, self.alternative, self.level, "p_uniform")
            low, high = Profiles.of(trials, self.alpha).mean_limits(level)
        return (float(self.natural(low)), float(self.natural(high))) if transform else (low, high)

    def _cautions(self) -> list[Caution]:
        found = []
        sides = {"significant": self.significant, "not significant": self.k - self.significant}
        few = [f"{n} {name}" for name, n in sides.items() if n < FEW]
        if few:
            found.append(
                f"few trials are on one side of significance ({', '.join(few)} of {self.k}), where the model learns "
                "next to nothing from them"
            )
        if self.endless:
            found.append(ENDLESS)
        if np.isinf([self.ci_low, self.ci_high]).any():
            found.append("the likelihood does not end the interval: these trials are compatible with any effect there")
        return [Caution(text=text) for text in found]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the effect with and without selection (types ``summary`` and ``comparison``)."""
        w = self.without
        rows = pd.DataFrame({
            "term": ["overall", "without selection"], "type": ["summary", "comparison"],
            "estimate": [self.estimate, w.estimate], "se": [np.nan, np.nan if transform else w.se],
            "statistic": [self.lr_statistic, w.statistic], "p_value": [self.p_value, w.p_value],
            "ci_low": [self.ci_low, w.ci_low], "ci_high": [self.ci_high, w.ci_high], "interval": [self.ci, w.ci],
            "tau2": [self.tau2, w.tau2],
        })  # fmt: skip
        if transform:
            for name in LIMITS:
                rows[name] = self.natural(rows[name].to_numpy())
        return rows

    def r_code(self) -> Text:
        """Return the R script, data inline, with the likelihood written out, by which R arrives at this result."""
        s, given = self.without.studies, self.provenance.settings["tau2"]
        return Text(
            rcode.p_uniform(
                s.labels, s.yi, s.vi, tau2=0.0 if self.method == "CE" else given, alpha=self.alpha, level=self.level,
                alternative=self.alternative, start=(self.without.estimate, self.without.tau2),
            )
        )  # fmt: skip

    def _lines(self) -> list[str]:
        shown = self.tidy(transform=True)
        whole, plainly = (plain.of(*row) for row in shown[LIMITS].to_numpy(dtype=float)[:2])
        percent = f"{in_percent(self.level)} % CI"
        low, high = plain.of(self.tau2_low, self.tau2_high)
        interval = f" ({percent} {low} to {high})" if np.isfinite(self.tau2_low) else ""
        return [
            f"p-uniform*: {self.k} trials, {self.significant} significant at {self.alpha:g}, {self.method}; favoured: "
            f"{self.favoured}",
            f"{self.record.natural} {whole[0]} ({percent} {whole[1]} to {whole[2]}, profile), {p_said(self.p_value)}",
            f"Without selection {plainly[0]} ({percent} {plainly[1]} to {plainly[2]})",
            *([f"tau² {plain(self.tau2)}{interval}, without selection {plain(self.without.tau2)}"]
              if self.method != "CE" else []),
            f"No effect: {statistic_said('LR', self.lr_statistic, 1, self.p_value)}",
        ]  # fmt: skip
