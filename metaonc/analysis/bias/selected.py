"""What all models of selection return: the trials without selection, and what the model makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...base.digits import in_percent, plain
from ...base.result import Provenance, Result
from ..effects.measures import Measure
from ..pooling.inverse_variance.result import MetaResult
from .selection.published import favoured

LIMITS = ["estimate", "ci_low", "ci_high"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SelectedTrials(Result):
    """What is made of trials that were selected for publication, on the scale of analysis.

    Attributes
    ----------
    k, level, measure
        Number of rows, level of the intervals, code in ``MEASURES``.
    method
        ``ML``, or ``CE`` with a common effect.
    without
        The same trials pooled by maximum likelihood without selection.
    """

    k: int
    level: float
    measure: str
    method: str
    without: MetaResult
    provenance: Provenance

    @property
    def alternative(self) -> str:
        """Side of the effects that selection favours."""
        return str(self.provenance.settings["alternative"])

    @property
    def record(self) -> Measure:
        """The record of the measure."""
        return self.without.record

    @property
    def favoured(self) -> str:
        """The effects that selection favours, in words."""
        return favoured(self.record, self.alternative)

    def natural(self, x: Any) -> Any:
        """Return values of the analysis scale on the natural scale, such as a log odds ratio as an odds ratio."""
        return self.without.natural(x)

    def _naturally(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table of effects on the natural scale, where standard errors mean nothing."""
        return table.assign(**{name: self.natural(table[name].to_numpy()) for name in LIMITS}, se=np.nan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CorrectedEffect(SelectedTrials):
    """A pooled effect that is corrected for selection.

    Attributes
    ----------
    estimate, ci_low, ci_high
        The effect as it would be without selection, and its limits at `level`.
    p_value
        Of no effect.
    tau2
        Variance of true effects before selection.
    loglik
        Of the model.
    endless
        Whether the likelihood rises above its maximum where tau² grows without end.
    """

    estimate: float
    ci_low: float
    ci_high: float
    p_value: float
    tau2: float
    loglik: float
    endless: bool

    def _compared(self, transform: bool, **own: Any) -> pd.DataFrame:
        """Return the effect with and without selection (types ``summary`` and ``comparison``)."""
        w, names = self.without, [*LIMITS, "p_value", "tau2"]
        first = {name: getattr(self, name) for name in names} | own
        second = {name: getattr(w, name) for name in [*names, "se", "statistic"]} | {"interval": w.ci}
        rows = pd.DataFrame([{"term": "overall", "type": "summary", **first},
                             {"term": "without selection", "type": "comparison", **second}])  # fmt: skip
        return self._naturally(rows) if transform else rows

    def _effect_lines(self, interval: str) -> list[str]:
        """Return the lines of the summary on the effect with selection, its interval in words, and without."""
        shown = self._compared(True)[LIMITS].to_numpy(dtype=float)
        whole, plainly = (plain.of(*row) for row in shown)
        percent = f"{in_percent(self.level)} % CI"
        limits = interval.format(limits=f"{percent} {whole[1]} to {whole[2]}")
        return [f"{self.record.natural} {whole[0]}{limits}",
                f"Without selection {plainly[0]} ({percent} {plainly[1]} to {plainly[2]})"]  # fmt: skip
