"""What bias-adjusted pooling returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ....base.caution import Caution, named
from ....base.digits import plain
from ....base.html import listed
from ....base.result import Provenance, Result, Text
from ...pooling.inverse_variance.result import MetaResult
from ...results.lines import pooled_lines
from . import rcode

BIASES = ("additive", "additive_sd", "proportional", "proportional_sd")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BiasAdjustedResult(Result):
    """The pool with the biases that each trial is believed to have taken out.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    trials
        One row a trial, on the scale of analysis: study, yi, vi, weight (percent) as they were; additive, additive_sd,
        proportional, proportional_sd, the biases; yi_adjusted, vi_adjusted, weight_adjusted.
    adjusted
        The pool of the adjusted effects.
    result
        The pool as it was.
    """

    trials: pd.DataFrame
    adjusted: MetaResult
    result: MetaResult
    provenance: Provenance

    @property
    def overall_name(self) -> str:
        """What the adjusted pool, which a forest plot shows, is called in cautions."""
        return "adjusted for bias"

    @property
    def estimate(self) -> float:
        """The adjusted effect, on the scale of analysis."""
        return self.adjusted.estimate

    @property
    def ci_low(self) -> float:
        """Lower limit of the adjusted effect."""
        return self.adjusted.ci_low

    @property
    def ci_high(self) -> float:
        """Upper limit of the adjusted effect."""
        return self.adjusted.ci_high

    @property
    def given(self) -> list[str]:
        """Which columns of `trials` hold a bias that was given."""
        return [name for name in BIASES if self.provenance.settings[name] is not None]

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the confidence limits of the adjusted effect at another level, by the same method."""
        return self.adjusted.confidence_interval(level, transform=transform)

    def _cautions(self) -> list[Caution]:
        return list(self.result.cautions) + named(self.overall_name, self.adjusted.cautions)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the adjusted effect of each trial (type ``study``) and of all (``summary``)."""
        return self.adjusted.tidy(transform=transform)

    def _glance(self) -> list[dict[str, Any]]:
        (row,) = self.adjusted._glance()
        return [row | {"observed": self.result.estimate}]

    def r_code(self) -> Text:
        """Return the R script, data inline, with the adjustment written out, by which metafor arrives at this pool."""
        return Text(rcode.bias_adjusted(self))

    def _lines(self) -> list[str]:
        shown = self.trials[["study", "yi", "weight", *self.given, "yi_adjusted", "weight_adjusted"]]
        return ["Pool adjusted for the biases that each trial is believed to have",
                listed(shown.rename(columns={"study": ""}), plain),
                "As it was:", *(f"  {line}" for line in pooled_lines(self.result)),
                "Adjusted:", *(f"  {line}" for line in pooled_lines(self.adjusted))]  # fmt: skip
