"""What a permutation test returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...base.result import Provenance, Result, Text
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.regression.result import RegressionResult
from . import rcode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PermutationResult(Result):
    """A permutation test.

    Attributes
    ----------
    p_value
        Share of rearrangements whose statistic is as far from 0 as the observed one, or farther: a number for a pool,
        one a term for a regression.
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
    result: MetaResult | RegressionResult
    provenance: Provenance

    def tidy(self, *, transform: bool = False) -> pd.DataFrame:
        """Return one row a test: term, statistic, p_value; test statistics are the same on every scale."""
        terms = [*self.p_value.index, "moderators"] if isinstance(self.p_value, pd.Series) else ["overall"]
        statistics, ps = (
            np.append(a, whole)[: len(terms)]
            for a, whole in ((self.statistic, self.omnibus_statistic), (self.p_value, self.omnibus_p))
        )
        return pd.DataFrame({"term": terms, "statistic": statistics, "p_value": ps})

    def glance(self) -> pd.DataFrame:
        """Return one row: the size of the test and the models it refits."""
        r = self.result
        columns = {"k": r.k, "n_permutations": self.n_permutations, "exact": self.exact, "omnibus_p": self.omnibus_p,
                   "method": r.method, "ci": r.ci, "measure": r.measure}  # fmt: skip
        return pd.DataFrame({name: [value] for name, value in columns.items()})

    def to_dict(self) -> dict[str, Any]:
        """Return the whole result as plain lists, numbers and texts, ready for JSON (NaN becomes None)."""
        series = {name: getattr(self, name) for name in ("p_value", "statistic")}
        plain = {name: x.to_dict() for name, x in series.items() if isinstance(x, pd.Series)}
        return Result.to_dict(self) | plain  # slots leave a dataclass without the short form of super()

    def r_code(self) -> Text:
        """Return the R script of the result with metafor's permutation test; random draws are not the same there."""
        r = self.result
        return Text(rcode.permutation(str(r.r_code()), r.method, r.ci, self.exact, self.n_permutations))

    def _lines(self) -> list[str]:
        kind = f"all {self.n_permutations}" if self.exact else f"{self.n_permutations} random"
        what = "orders of the moderators" if isinstance(self.p_value, pd.Series) else "signs of the effects"
        table = self.tidy().to_string(index=False, float_format="{:.4g}".format)
        return [f"Permutation test: {kind} {what}, {self.result.method}, {self.result.ci}", table]
