"""What a rank test of asymmetry returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from ....base.caution import Caution
from ....base.digits import p_said, plain
from ....base.result import Provenance, Result, Text
from ...pooling.inverse_variance.result import MetaResult
from ..cautions import few, heterogeneous, of_precision
from . import rcode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RankTestResult(Result):
    """A rank test of asymmetry.

    Attributes
    ----------
    test
        Code in ``RANK_TESTS``.
    statistic
        Kendall's tau.
    score, score_se
        Concordant less discordant pairs of trials, and the standard error of that without asymmetry.
    p_value, exact
        Two-sided, and whether it is of the exact distribution.
    k, measure
        Of the pool.
    result
        The pool that was tested.
    """

    test: str
    statistic: float
    score: float
    score_se: float
    p_value: float
    exact: bool
    k: int
    measure: str
    result: MetaResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("test", "statistic", "score", "score_se", "exact")

    @property
    def z(self) -> float:
        """The score in standard errors, which is normal in large samples."""
        return self.score / self.score_se

    def _cautions(self) -> list[Caution]:
        found = [*few(self.k), *(of_precision(self.result) if self.test == "begg" else []), *heterogeneous(self.result)]
        return [Caution(text=text) for text in found] + list(self.result.cautions)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row: the test; rank correlations are the same on every scale."""
        return pd.DataFrame({"term": ["rank correlation"], "type": ["test"], "statistic": [self.statistic],
                             "p_value": [self.p_value]})  # fmt: skip

    def _glance(self) -> list[dict[str, Any]]:
        return self._row()

    def r_code(self) -> Text:
        """Return the R script, data inline, by which R arrives at this test."""
        return Text(rcode.rank(self.result, self.test, self.exact))

    def _lines(self) -> list[str]:
        from .rank_test import RANK_TESTS

        how = "exact" if self.exact else "normal approximation"
        return [f"{RANK_TESTS[self.test].label} of small-study effects: {self.k} trials",
                f"Kendall's tau {plain(self.statistic)}, {p_said(self.p_value)} ({how})"]  # fmt: skip
