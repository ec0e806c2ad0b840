"""What p-uniform* returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import in_percent, p_said, plain, statistic_said
from ....base.result import Text
from ..selected import CorrectedEffect
from . import rcode
from .profile import Profiles
from .published import ENDLESS, published

FEW = 3  # trials on a side of significance: fewer say next to nothing there


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PUniformResult(CorrectedEffect):
    """A pooled effect by p-uniform*, on the scale of analysis.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Limits are by the profile likelihood, and infinite where the likelihood does not end them.

    Attributes
    ----------
    tau2_low, tau2_high
        Profile limits of the variance of true effects.
    lr_statistic
        Likelihood ratio test of no effect, 1 df.
    significant
        Trials that are significant on the favoured side.
    """

    tau2_low: float
    tau2_high: float
    lr_statistic: float
    significant: int
    _shown: ClassVar[tuple[str, ...]] = (
        "tau2_low", "tau2_high", "alternative", "significant", "lr_statistic", "loglik",
    )  # fmt: skip

    @property
    def alpha(self) -> float:
        """Two-sided level of significance."""
        return float(self.provenance.settings["alpha"])

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "profile"

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
        return self._compared(transform, se=np.nan, statistic=self.lr_statistic, interval=self.ci)

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
        low, high = plain.of(self.tau2_low, self.tau2_high)
        interval = f" ({in_percent(self.level)} % CI {low} to {high})" if np.isfinite(self.tau2_low) else ""
        return [
            f"p-uniform*: {self.k} trials, {self.significant} significant at {self.alpha:g}, {self.method}; favoured: "
            f"{self.favoured}",
            *self._effect_lines(f" ({{limits}}, profile), {p_said(self.p_value)}"),
            *([f"tau² {plain(self.tau2)}{interval}, without selection {plain(self.without.tau2)}"]
              if self.method != "CE" else []),
            f"No effect: {statistic_said('LR', self.lr_statistic, 1, self.p_value)}",
        ]  # fmt: skip
