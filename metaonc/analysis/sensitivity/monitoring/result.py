"""What monitor returns: a cumulative meta-analysis with boundaries for repeated tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import in_percent, percentage, plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from ...methods.spending import SPENDING
from ...pooling.inverse_variance.result import MetaResult
from . import rcode

ENDS = ("estimate", "ci_low", "ci_high")
DISPUTED = (
    "boundaries for repeated tests of a meta-analysis are disputed, and the Cochrane Handbook discourages them for "
    "standard updates and for main conclusions. Nobody stops trials by them, and when a review is updated is no plan"
)
FOUND = (
    "the required information rests on the diversity of these trials, which few trials hardly tell. State it "
    "beforehand where there is a belief"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MonitoringResult(TableResult):
    """A cumulative meta-analysis with boundaries for repeated tests.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    table
        One row a look: study (added last), k, information, fraction (of the required), estimate, se, z, boundary, spent
        (two-sided error, cumulative), crossed, ci_low and ci_high (estimate and boundary times se), tau2; scale of
        analysis. Boundary, spent and limits are NaN beyond the look at which all error is spent.
    required, required_common
        Information that is required, with and without the allowance for heterogeneity: 1 over a variance.
    diversity
        D², as a proportion.
    minimal, delta
        The minimal difference, on the natural scale and as a difference on that of analysis.
    alpha, power, spending
        Two-sided error, power, and code of the spending function.
    whole
        The pool of all trials.
    by
        What a look is: a trial or a row that is added, or a date.
    provenance
        That of the cumulative result.
    """

    table: pd.DataFrame
    required: float
    required_common: float
    diversity: float
    minimal: float
    delta: float
    alpha: float
    power: float
    spending: str
    whole: MetaResult
    by: str
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("required", "required_common", "diversity", "alpha", "power", "spending")

    @property
    def fraction(self) -> float:
        """The information that there is, as a share of that required."""
        return float(self.table["fraction"].iloc[-1])

    @property
    def first(self) -> str | None:
        """The trial with which a boundary was first crossed; None where none was."""
        crossed = self.table[self.table["crossed"].astype(bool)]
        return str(crossed["study"].iloc[0]) if len(crossed) else None

    def natural(self, x: Any) -> Any:
        """Return values on the natural scale."""
        return self.whole.natural(x)

    def _cautions(self) -> list[Caution]:
        short, _, more = DISPUTED.partition(". ")
        found = [*self.whole.cautions, Caution(text=short, more=more)]
        if self.provenance.settings["heterogeneity"] == "D2" and not self.whole.is_common:
            short, _, more = FOUND.partition(". ")
            found.append(Caution(text=short, more=more))
        return found

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a look; its limits are by the boundary."""
        t = self.table.rename(columns={"study": "term", "z": "statistic"}).assign(type="look", interval=self.spending)
        if transform:
            t = t.assign(**{name: self.natural(t[name].to_numpy(dtype=float)) for name in ENDS}, se=np.nan)
        return t

    def _glance(self) -> list[dict[str, Any]]:
        names = ("k", *ENDS, "p_value", "tau2", "i2", "method", "ci", "level", "measure")
        return self._row(
            **{name: getattr(self.whole, name) for name in names}, fraction=self.fraction, first_crossed=self.first
        )

    def r_code(self) -> Text:
        """Return the R script of the cumulative pools, with the boundaries by rpact; of dates that of the last pool."""
        s = self.whole.studies
        if self.by == "date":  # earlier looks had other rows, which the scripts of over_cuts have
            return self.whole.r_code()
        rows = np.cumsum(np.diff(self.table["k"].to_numpy(), prepend=0))
        return Text(
            rcode.script(str(self.whole.r_code()), s.labels, s.yi, s.vi, rows, self.table["tau2"],
                         alpha=self.alpha, power=self.power, delta=self.delta, diversity=self.diversity,
                         spending=SPENDING[self.spending].r_spent)
        )  # fmt: skip

    def _lines(self) -> list[str]:
        r = self.whole.record
        t = self.table
        shown = t.assign(**{name: self.natural(t[name].to_numpy(dtype=float)) for name in ENDS},
                         percent=[percentage(100 * x) for x in t["fraction"]],
                         crossed=["yes" if x else "" for x in t["crossed"]])  # fmt: skip
        columns = ["study", "k", "percent", "z", "boundary", "crossed", *ENDS]
        heads = {"percent": "information, %", "study": f"up to {self.by}"}
        of = f"D² {percentage(100 * self.diversity)} %" if self.diversity else "no allowance for heterogeneity"
        said = f"first crossed with {self.first}" if self.first else "never crossed"
        return [
            f"Monitoring: {r.natural}, {SPENDING[self.spending].label} spending of a two-sided error of "
            f"{plain(self.alpha)}",
            f"Required information {plain(self.required)} ({r.natural} {plain(self.minimal)}, power "
            f"{in_percent(self.power)} %, {of}); there is {percentage(100 * self.fraction)} % of it",
            f"Boundary {said}",
            listed(shown[columns].rename(columns=heads), plain, blank=""),
        ]
