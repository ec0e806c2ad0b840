"""What blup returns: the true effect of each trial by the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.columns import limits
from ....base.digits import in_percent, plain
from ....base.html import listed
from ....base.result import Provenance, TableResult, Text
from ....errors import DataError
from ...interaction.wording import LIMITS
from ...methods.intervals import CI_METHODS
from ...results.back_transform import own_scale
from ...results.rtext import comment


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BlupResult(TableResult):
    """Predictions of the trials' true effects; ``result["estimate"]`` is a column of `table`.

    Attributes
    ----------
    table
        One row a trial: study, estimate, se, ci_low, ci_high, shrinkage (share of the way from its own effect to what
        the model expects), on the scale of analysis.
    whole
        The pool or the regression.
    provenance
        That of the pool or the regression.
    """

    table: pd.DataFrame
    whole: Any
    provenance: Provenance

    @property
    def level(self) -> float:
        """Coverage of the intervals."""
        return float(self.whole.level)

    def natural(self, values: Any) -> Any:
        """Return a value a trial on the natural scale.

        Raises
        ------
        DataError
            When the measure has no back-transform without sample sizes.
        """
        own = own_scale(self.whole.measure)
        if self.whole.record.inverse_needs is not None:
            raise DataError(
                f"measure {self.whole.measure!r} has no back-transform without sample sizes; use PLO, of rates IRLN."
            )
        return own.inverse(values)

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each trial's true effect at another level, one row a trial."""
        from .blup import at_level

        level = self.level if level is None else confidence_level(level)
        found = self.table if level == self.level else at_level(self.whole, level)
        ends = (found[name].to_numpy() for name in ("ci_low", "ci_high"))
        return limits((self.natural(x) if transform else x for x in ends), pd.Index(self.table["study"], name="term"))

    def _cautions(self) -> list[Caution]:
        return list(self.whole.cautions)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        rows = self.table.rename(columns={"study": "term"}).assign(type="blup", interval=self.whole.ci)
        if transform:
            rows = rows.assign(**{name: self.natural(rows[name].to_numpy()) for name in LIMITS}, se=float("nan"))
        return rows

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: the model that the predictions rest on."""
        names = ("k", "tau2", "i2", "q", "q_df", "q_p", "method", "ci", "level", "measure")
        return self._row(**{name: getattr(self.whole, name) for name in names})

    def r_code(self) -> Text:
        """Return the R script of the result with metafor's predictions."""
        ci = self.whole.ci
        lacks = [comment(f"by the covariance without that of {ci}")] if CI_METHODS[ci].r_test is None else []
        return Text("\n".join([str(self.whole.r_code()), *lacks, "print(blup(res), digits = 8)"]))

    def _lines(self) -> list[str]:
        try:
            shown, name = self.tidy(transform=True), self.whole.record.natural
        except DataError:  # no back-transform: say it on the scale of analysis
            shown, name = self.tidy(), self.whole.record.label
        return [
            f"True effects of {len(self)} trials, shrunken by the model: {name}, {self.whole.method}, "
            f"{self.whole.ci} intervals ({in_percent(self.level)} %)",
            listed(shown[["term", *LIMITS, "shrinkage"]], plain),
        ]
