"""What a permutation test returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ...base.caution import Beside, Caution
from ...base.digits import plain
from ...base.html import listed
from ...base.result import Provenance, Result, Text
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.regression.result import RegressionResult
from ..pooling.subgroups.result import SubgroupResult
from . import rcode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PermutationResult(Result):
    """A permutation test.

    Attributes
    ----------
    p_value
        Share of rearrangements whose statistic is as far from 0 as the observed one, or farther: a number for a pool
        and for subgroups, one a term for a regression.
    statistic
        The observed test statistic, of the same form.
    omnibus_p, omnibus_statistic
        Of the test of all moderators; NaN of a pool.
    n_permutations
        How many rearrangements the p-values are shares of; the observed one is among them.
    exact
        Whether these are all that there are.
    result
        The result that was tested.
    """

    p_value: float | pd.Series
    statistic: float | pd.Series
    omnibus_p: float
    omnibus_statistic: float
    n_permutations: int
    exact: bool
    result: MetaResult | RegressionResult | SubgroupResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("n_permutations", "exact", "omnibus_p")

    def _cautions(self) -> list[Caution]:
        return list(self.result.cautions)

    def _advice(self) -> list[str]:
        return self.result._advice()

    def _beside(self, beside: Beside) -> str:
        return self.result._beside(beside)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a test: term, statistic, p_value; test statistics are the same on every scale."""
        alone = "between subgroups" if isinstance(self.result, SubgroupResult) else "overall"
        terms = [*self.p_value.index, "moderators"] if isinstance(self.p_value, pd.Series) else [alone]
        statistics, ps = (
            np.append(a, whole)[: len(terms)]
            for a, whole in ((self.statistic, self.omnibus_statistic), (self.p_value, self.omnibus_p))
        )
        return pd.DataFrame({"term": terms, "type": "test", "statistic": statistics, "p_value": ps})

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: the size of the test and the models it refits."""
        return self._row(**{name: getattr(self.model, name) for name in ("k", "method", "ci", "measure")})

    @property
    def model(self) -> MetaResult | RegressionResult:
        """The result, or of subgroups the pool of all, whose options it is refitted by."""
        if not isinstance(self.result, SubgroupResult):
            return self.result
        overall = self.result.overall
        assert isinstance(overall, MetaResult)  # others are refused
        return overall

    def r_code(self) -> Text:
        """Return the R script of the result with metafor's permutation test; random draws are not the same there."""
        of_groups = isinstance(self.result, SubgroupResult)
        r, ci = self.model, "HKSJ" if of_groups else self.model.ci
        return Text(rcode.permutation(str(self.result.r_code()), r.method, ci, self.exact, self.n_permutations))

    def _lines(self) -> list[str]:
        kind = f"all {self.n_permutations}" if self.exact else f"{self.n_permutations} random"
        what = "orders of the moderators" if isinstance(self.p_value, pd.Series) else "signs of the effects"
        what = "orders of the subgroups" if isinstance(self.result, SubgroupResult) else what
        table = listed(self.tidy()[["term", "statistic", "p_value"]], plain)
        return [f"Permutation test: {kind} {what}, {self.model.method}, {self.model.ci}", table]
