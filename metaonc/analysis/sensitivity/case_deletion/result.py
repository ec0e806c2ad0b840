"""What influence returns: the diagnostics of each trial, and which rules flag it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ....base.caution import Caution
from ....base.digits import plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from . import rcode
from .rules import INFLUENCE_RULES, OF_BLOCKS, InfluenceRule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class InfluenceResult(TableResult):
    """How far each trial moves a fit; ``result["cook_d"]`` is a column of `table`.

    Attributes
    ----------
    table
        One row a trial: study; rstudent (externally standardised residual), or of models of correlated rows x2 (the
        quadratic form of the residuals of its rows, chi-square with `rows` degrees of freedom) with x2_p; dffits,
        cook_d, cov_ratio; of independent rows tau2 and q without it; hat (leverage; of correlated rows their sum),
        weight (percent); dfbeta, or one column a coefficient; flags (names of the rules that it breaks, "" of none);
        and reason (why there are no numbers without it, otherwise "").
    rows
        Where a trial has several correlated rows: study and hat of each row, and its outcome where there are several.
        Empty otherwise.
    terms
        Names of the coefficients.
    reestimated
        Whether variance components were estimated anew without each trial.
    whole
        The result of all trials.
    provenance
        That of the result of all trials.
    """

    table: pd.DataFrame
    rows: pd.DataFrame
    terms: tuple[str, ...]
    reestimated: bool
    whole: Any
    provenance: Provenance

    @property
    def by_block(self) -> bool:
        """Whether a trial leaves with all its correlated rows."""
        return "x2" in self.table

    @property
    def refitted(self) -> bool:
        """Whether pools without each trial were made anew, there being no closed form."""
        return bool(self.provenance.settings.get("refitted", False))

    @property
    def k(self) -> int:
        """Number of rows of the model."""
        return len(self.rows) or len(self.table)

    @property
    def rules(self) -> tuple[InfluenceRule, ...]:
        """The rules by which trials are flagged."""
        rules = OF_BLOCKS if self.by_block else INFLUENCE_RULES
        return tuple(rule for rule in rules if self.table.filter(regex=f"^{rule.column}").notna().to_numpy().any())

    @property
    def bounds(self) -> dict[str, float]:
        """The bound of each rule, by its column."""
        return {rule.column: rule.bound(self.k, len(self.terms)) for rule in self.rules}

    @property
    def dfbetas(self) -> pd.DataFrame:
        """DFBETAS, one row a trial and one column a coefficient."""
        found = self.table.filter(regex="^dfbeta")
        return found.set_axis(list(self.terms), axis=1).set_axis(pd.Index(self.table["study"], name="study"))

    @property
    def flagged(self) -> pd.DataFrame:
        """The rows of the table that a rule flags."""
        return pd.DataFrame(self.table[self.table["flags"] != ""])

    @property
    def lacking(self) -> dict[str, str]:
        """Trial -> why there are no numbers without it."""
        rows = self.table[self.table["reason"] != ""]
        return dict(zip(rows["study"], rows["reason"], strict=True))

    def _cautions(self) -> list[Caution]:
        return list(self.whole.cautions)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial; the statistics are the same on every scale."""
        names = {"study": "term", "rstudent": "statistic", "x2": "statistic", "x2_p": "p_value"}
        return self.table.rename(columns=names).assign(type="trial")

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: the size of the model, how many trials are flagged, and the bounds."""
        own = {name: getattr(self.whole, name, None) for name in ("method", "ci", "level", "measure")}
        bounds = {f"{column}_bound": bound for column, bound in self.bounds.items()}
        return self._row(**own, trials=len(self), flagged=len(self.flagged), reestimated=self.reestimated, **bounds)

    def r_code(self) -> Text:
        """Return the R script of the result with metafor's diagnostics."""
        script = str(self.whole.r_code())
        if self.refitted:
            return Text(rcode.by_refit(script, getattr(self.whole, "method", "")))
        if not self.by_block:
            return Text(rcode.by_row(script, self.whole.ci))
        return Text(rcode.by_block(script, self.whole.r_units, self.reestimated, len(self.terms) > 1))

    def _lines(self) -> list[str]:
        shown = self.table.drop(columns=["reason", "tau2", "q", "x2_p"], errors="ignore").rename(columns={"study": ""})
        shown = shown.drop(columns=["hat"] * bool(shown["hat"].isna().all()))
        how = "" if self.reestimated else ", variance components kept"
        rules = "; ".join(rule.said for rule in self.rules)
        count = len(self.flagged)
        return [
            f"Influence of {len(self)} trials, each left out in turn{how}",
            listed(shown, plain),
            f"Flagged: {', '.join(map(str, self.flagged['study'])) if count else 'none'} (rules: {rules})",
            *(f"No numbers without {study}: {reason}" for study, reason in self.lacking.items()),
        ]
