"""What tipping_point returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import in_percent, plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from ....errors import DataError
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from . import rcode

SHOWN = 8  # sizes that a summary lists
ENDS = ("effect", "estimate", "ci_low", "ci_high")
ONE_TRIAL = "a tipping point is of one further trial of the same kind, and tells nothing of whether there is one"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TippingPointResult(TableResult):
    """Which unpublished trial would overturn the conclusion of a pool.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a size: size, effect (of the trial, scale of analysis), found (responders, or events of treatment; of
        other measures the natural effect), vi, weight (percent in the new pool), estimate, ci_low, ci_high (of the new
        pool, scale of analysis); NaN where no such trial overturns it.
    size_name, found_name
        What size and found are, in words.
    typical
        Sizes of the trials that are pooled, (k,).
    null_size
        Size of a trial without effect that overturns it; NaN where none does, or the pool includes no effect.
    significant
        Whether the interval of the pool excludes no effect (or the benchmark).
    benchmark
        What intervals are compared with, on the scale of analysis.
    whole
        The pool.
    provenance
        That of the pool.
    """

    table: pd.DataFrame
    size_name: str
    found_name: str
    typical: Floats
    null_size: float
    significant: bool
    benchmark: float
    whole: MetaResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("significant", "null_size")

    @property
    def counted(self) -> bool:
        """Whether what is found is a number of patients."""
        return self.found_name in ("responders", "events of treatment")

    @property
    def smallest(self) -> float:
        """The smallest of the sizes at which some result overturns the conclusion; NaN where none does."""
        there = self.table.loc[self.table["effect"].notna(), "size"]
        return float(there.min()) if len(there) else np.nan

    def natural(self, x: Any) -> Any:
        """Return values on the natural scale, as far as there is one."""
        try:
            with np.errstate(over="ignore"):
                return self.whole.natural(x)
        except DataError:
            return x

    def _cautions(self) -> list[Caution]:
        return [*self.whole.cautions, Caution(text=ONE_TRIAL)]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a size: the new pool, and the trial that is added."""
        t = self.table.assign(term=[plain(x) for x in self.table["size"]], type="added trial", interval=self.whole.ci)
        return t.assign(**{name: self.natural(t[name].to_numpy()) for name in ENDS}) if transform else t

    def _glance(self) -> list[dict[str, Any]]:
        names = ("k", "estimate", "ci_low", "ci_high", "p_value", "tau2", "method", "ci", "level", "measure")
        return self._row(**{name: getattr(self.whole, name) for name in names}, smallest=self.smallest)

    def r_code(self) -> Text:
        """Return the R script of the pools with each such trial added, whose limits touch no effect."""
        there = self.table[self.table["effect"].notna()]
        return Text(f"{self.whole.r_code()}\n{rcode.added(there['effect'], there['vi'])}")

    def _lines(self) -> list[str]:
        r = self.whole
        estimate, low, high = plain.of(*map(float, self.natural(np.array([r.estimate, r.ci_low, r.ci_high]))))
        null = plain(float(self.natural(self.benchmark)))
        what = "includes" if self.significant else "excludes"
        lines = [
            f"Tipping point: {r.record.natural} {estimate} ({in_percent(r.level)} % CI {low} to {high}, {r.ci}); one "
            f"further trial after which the interval {what} {null}",
        ]
        if self.significant:
            lines.append(_of_null(self.null_size, self.size_name, null))
        step = max(len(self) // SHOWN, 1)
        some = self.table.iloc[::step]
        shown = some.assign(**{name: self.natural(some[name].to_numpy()) for name in ENDS})
        columns = ["size", *(["found"] if self.counted else []), *ENDS]
        heads = {"size": self.size_name, "found": self.found_name, "effect": f"its {r.record.natural}"}
        return [*lines, "The trial, and the pool with it:", listed(shown[columns].rename(columns=heads), plain)]


def _of_null(size: float, name: str, null: str) -> str:
    """Return the line on a trial without effect."""
    if np.isnan(size):
        return f"No trial with an effect of {null} overturns it, however large"
    return f"A trial with an effect of {null} overturns it from {plain(np.ceil(size))} {name} on"
