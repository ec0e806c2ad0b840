"""What e_value returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ....base.caution import Caution
from ....base.digits import in_percent, plain
from ....base.result import Provenance, Result, Text
from ...results.pooled import PooledResult

CONFOUNDING = (
    "an E-value is about confounding, which randomised comparisons do not have, and takes all trials to be biased "
    "alike; it tells neither whether there is a confounder nor how likely one is"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class EValueResult(Result):
    """E-values of a pooled ratio.

    Attributes
    ----------
    estimate, limit
        E-value of the estimate, and of the limit nearer to 1: 1 where the interval includes it.
    risk_ratio, risk_ratio_low, risk_ratio_high
        The ratio with its limits as risk ratios.
    conversion
        How the ratio became a risk ratio.
    whole
        The pool.
    provenance
        That of the pool.
    """

    estimate: float
    limit: float
    risk_ratio: float
    risk_ratio_low: float
    risk_ratio_high: float
    conversion: str
    whole: PooledResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("limit", "risk_ratio", "risk_ratio_low", "risk_ratio_high")

    def _cautions(self) -> list[Caution]:
        return [*self.whole.cautions, Caution(text=CONFOUNDING)]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return two rows: the E-value of the estimate and that of the limit; they have one scale."""
        ratios = [self.risk_ratio, self.risk_ratio_low if self.risk_ratio > 1 else self.risk_ratio_high]
        return pd.DataFrame({
            "term": ["estimate", "limit nearer to 1"], "type": "E-value", "estimate": [self.estimate, self.limit],
            "risk_ratio": ratios,
        })  # fmt: skip

    def _glance(self) -> list[dict[str, Any]]:
        own = {name: getattr(self.whole, name) for name in ("k", "method", "ci", "level", "measure")}
        return self._row(**own)

    def r_code(self) -> Text:
        """Return the R script of the pool, and the formula."""
        return Text(
            f"{self.whole.r_code()}\nrisk_ratio <- {self.risk_ratio!r}  # {self.conversion}\n"
            "above <- max(risk_ratio, 1 / risk_ratio)\nprint(above + sqrt(above * (above - 1)), digits = 8)"
        )

    def _lines(self) -> list[str]:
        r = self.whole
        estimate, low, high = plain.of(*map(float, r.natural([r.estimate, r.ci_low, r.ci_high])))
        ratio = plain(self.risk_ratio)
        e, limit = plain(self.estimate), plain(self.limit)
        return [
            f"E-value {e} of the estimate, {limit} of the limit nearer to no effect",
            f"{r.record.natural} {estimate} ({in_percent(r.level)} % CI {low} to {high}), as a risk ratio {ratio} "
            f"({self.conversion})",
            f"An unmeasured confounder with risk ratios of {e} to both treatment and outcome could explain the "
            "estimate away; a weaker one could not",
        ]
