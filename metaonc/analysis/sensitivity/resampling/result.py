"""What bootstrap returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import in_percent, plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from ....errors import DataError
from ...methods.tau2 import TAU2_METHODS
from ...pooling.inverse_variance.result import MetaResult
from ...results.rtext import comment

FEW = 20  # trials; of fewer the intervals are too narrow
NARROW = "bootstrap intervals of fewer than 20 resampled trials are too narrow, as trials that are drawn again repeat"
KIND = {"trials": "trials drawn with replacement", "parametric": "effects drawn of the model"}
SCRIPT = """\
library(boot)
b <- boot(dat, function(d, i) {{
  fit <- rma(yi, vi, data = d[i, ], method = "{method}")
  c(fit$beta, fit$tau2)
}}, R = {n})
print(boot.ci(b, conf = {level}, type = c("perc", "bca")))"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BootstrapResult(TableResult):
    """Intervals of a pool from resampled trials, on the scale of analysis.

    Attributes
    ----------
    table
        One row an estimate and an interval: term (``estimate`` or ``tau2``), estimate, bias and se (of the draws),
        interval (``percentile`` or ``BCa``), ci_low, ci_high.
    draws
        One row a draw: estimate, and tau2 where it is estimated.
    kind
        ``trials`` or ``parametric``.
    seed
        Of the draws.
    level
        Of the intervals.
    whole
        The pool.
    provenance
        That of the pool.
    """

    table: pd.DataFrame
    draws: pd.DataFrame
    kind: str
    seed: int
    level: float
    whole: MetaResult
    provenance: Provenance

    def __len__(self) -> int:
        return len(self.draws)

    @property
    def shown(self) -> pd.DataFrame:
        """The table, the pooled effect on the natural scale where there is one."""
        t = self.table.copy()
        own = t["term"] == "estimate"
        try:
            for name in ("estimate", "ci_low", "ci_high"):
                t.loc[own, name] = self.whole.natural(t.loc[own, name].to_numpy())
        except DataError:  # no back-transform without sizes
            return self.table
        return t

    def _cautions(self) -> list[Caution]:
        few = self.kind == "trials" and self.whole.k < FEW
        return [*self.whole.cautions, *([Caution(text=NARROW)] if few else [])]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row an estimate and an interval."""
        t = self.shown if transform else self.table
        return t.assign(type="bootstrap", **({"se": np.nan} if transform else {}))

    def _glance(self) -> list[dict[str, Any]]:
        own = {name: getattr(self.whole, name) for name in ("k", "estimate", "tau2", "method", "measure")}
        return self._row(**own, level=self.level, draws=len(self), kind=self.kind)

    def r_code(self) -> Text:
        """Return the R script of the pool with R's boot; random draws are not the same there."""
        method = TAU2_METHODS[self.whole.method].r_method
        if self.kind == "parametric" or method is None:
            why = "parametric draws" if self.kind == "parametric" else f"{self.whole.method} in metafor"
            return Text(f"{self.whole.r_code()}\n{comment(f'no script of {why}')}")
        return Text(f"{self.whole.r_code()}\n{SCRIPT.format(method=method, n=len(self), level=self.level)}")

    def _lines(self) -> list[str]:
        r = self.whole
        t = self.shown.drop(columns=["bias", "se"]).rename(columns={"term": ""})
        return [
            f"Bootstrap of {r.k} trials: {len(self)} draws (seed {self.seed}), {KIND[self.kind]}, {r.method}",
            f"{in_percent(self.level)} % intervals, estimate: {r.record.natural}",
            listed(t, plain),
        ]
