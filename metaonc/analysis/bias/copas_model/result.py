"""What Copas and Shi's model returns: the pooled effect under many strengths of selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import in_percent, p_said, plain
from ....base.html import listed
from ....base.result import Text
from ...numeric.distributions import critical, two_sided_p
from ..cautions import few, of_precision
from ..selected import LIMITS, SelectedTrials
from . import rcode

BOUND = 0.9999  # of rho


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CopasResult(SelectedTrials):
    """The pooled effect under many strengths of selection by Copas and Shi's model; ``result["estimate"]`` is a column.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    There is no one estimate: the data do not tell how strong selection is.

    Attributes
    ----------
    curve
        From no selection to the strongest, one row a pair on the scale of analysis: gamma0, gamma1; publication, the
        probability with which the least precise trial is published; estimate, se, ci_low, ci_high, tau2; rho, above 0
        where high effects are favoured; unpublished, the number of trials that are not published; p_residual, of the
        asymmetry that is left over; loglik; jump, whether the estimate is of another peak of the likelihood than that
        of the row before.
    grid
        The same of all pairs of a grid, but for jump.
    """

    curve: pd.DataFrame
    grid: pd.DataFrame

    def __getitem__(self, column: str) -> pd.Series:
        return self.curve[column]

    @property
    def alpha(self) -> float:
        """The p-value above which asymmetry that is left over is taken for chance."""
        return float(self.provenance.settings["alpha"])

    @property
    def least(self) -> int | None:
        """Row of the curve with the least selection that leaves no more asymmetry than chance; None where none does."""
        rows = np.flatnonzero(self.curve["p_residual"] >= self.alpha)
        return int(rows[0]) if rows.size else None

    @property
    def ci(self) -> str:
        """Type of the intervals."""
        return "wald"

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return Wald's limits at another level, one row a pair of the curve."""
        half = float(critical(self.level if level is None else confidence_level(level))) * self.curve["se"]
        limits = [self.curve["estimate"] - half, self.curve["estimate"] + half]
        shown = [self.natural(x.to_numpy()) if transform else x.to_numpy() for x in limits]
        return pd.DataFrame(dict(zip(LIMITS[1:], shown, strict=True)), index=pd.Index(self._terms(), name="term"))

    def _terms(self) -> list[str]:
        return ["without selection", *(f"published {plain(x)}" for x in self.curve["publication"][1:])]

    def _cautions(self) -> list[Caution]:
        found = [*few(self.k), *of_precision(self.without)]
        if self.least == 0:
            found.append("without selection the asymmetry is no more than chance makes: the curve shows what selection "
                         "could do, not that there was any")  # fmt: skip
        elif self.least is None:
            found.append("no strength of selection shown accounts for the asymmetry, so that there is more behind it")
        held = int((self.curve["rho"].abs() >= BOUND).sum())
        if held:
            found.append(f"the correlation of effect and publication is at its bound in {held} of "
                         f"{len(self.curve) - 1} pairs, where there is no interval")  # fmt: skip
        if self.curve["jump"].any():
            found.append(self._jumps())
        return [Caution(text=text) for text in found] + list(self.without.cautions)

    def _jumps(self) -> str:
        shown, chance = self._naturally(self.curve)["estimate"], self.curve["publication"]
        told = []
        for row in np.flatnonzero(self.curve["jump"]):
            from_, to = plain.of(*(float(x) for x in shown[row - 1 : row + 1]))
            told.append(f"from {from_} to {to} between {plain(float(chance[row - 1]))} and {plain(float(chance[row]))}")
        return (f"the curve is broken where one peak of the likelihood gives way to another: the {self.record.natural} "
                f"jumps {', '.join(told)} of publication of the least precise trial")  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a pair of the curve (type ``assumed``), the first without selection (``comparison``)."""
        rows = self.curve.assign(term=self._terms(), type="assumed", interval="wald")
        rows.loc[0, "type"] = "comparison"
        rows["statistic"] = rows["estimate"] / rows["se"]
        rows["p_value"] = two_sided_p(rows["statistic"].to_numpy())
        return self._naturally(rows) if transform else rows

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: the pool without selection, and the least selection that leaves asymmetry to chance."""
        row = self.curve.iloc[0 if self.least is None else self.least]
        there = np.nan if self.least is None else 1.0
        own = {name: there * float(row[name]) for name in (*LIMITS, "publication", "unpublished", "p_residual")}
        return self._row(**own, observed=self.without.estimate, alternative=self.alternative, pairs=len(self.grid))

    def r_code(self) -> Text:
        """Return the R script, data inline, with the likelihood written out, by which R arrives at the curve."""
        s, settings = self.without.studies, self.provenance.settings
        pairs = self.curve.loc[1:, ["gamma0", "gamma1"]].to_numpy()
        tau2 = 0.0 if self.method == "CE" else settings["tau2"]
        start = (self.without.estimate, self.without.tau2)
        return Text(rcode.script(s.labels, s.yi, s.vi, pairs, tau2=tau2, alternative=self.alternative, start=start))

    def _lines(self) -> list[str]:
        shown = self._naturally(self.curve)[["publication", *LIMITS, "unpublished", "p_residual"]]
        name = self.record.natural
        titles = ["published", name, "low", "high", "unpublished", "p of asymmetry left"]
        return [
            f"Copas and Shi's selection model: {self.k} trials, {self.method}; favoured: {self.favoured}",
            f"{name} with {in_percent(self.level)} % CI, by the probability with which the least precise trial is "
            f"published (the most precise: {plain(self.provenance.settings['most_precise'])})",
            listed(shown.set_axis(titles, axis=1), plain),
            self._least_line(),
        ]

    def _least_line(self) -> str:
        if self.least is None:
            return f"No strength of selection shown leaves asymmetry to chance (p ≥ {plain(self.alpha)})"
        row = self._naturally(self.curve).iloc[self.least]
        values = plain.of(*(float(row[name]) for name in LIMITS))
        interval = "no interval" if np.isnan(row["ci_low"]) else f"{values[1]} to {values[2]}"
        which = ("no selection" if self.least == 0 else
                 f"the least precise trial published with {plain(float(row['publication']))}")  # fmt: skip
        return (f"Least selection that leaves asymmetry to chance ({p_said(float(row['p_residual']))}): {which}; "
                f"{self.record.natural} {values[0]} ({interval})")  # fmt: skip
