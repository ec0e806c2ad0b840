"""What pooling by subgroup returns: each subgroup, the whole, and the test between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.check import confidence_level
from ....base.columns import limits
from ....base.result import Provenance, Result, Text
from ....errors import OptionError
from ...methods.heterogeneity import tau2_interval
from ...methods.tau2 import TAU2_METHODS
from ...numeric.wls import Floats
from ...results.pooled import PooledResult
from ..inverse_variance.result import MetaResult
from . import rcode

BETWEEN = ("q_between", "q_between_df", "q_between_p")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SubgroupResult(Result):
    """Pooled effects of subgroups.

    Attributes
    ----------
    groups
        Level -> its pooled result, in order of first appearance.
    overall
        All trials together.
    by
        Column that holds the levels.
    q_between, q_between_df, q_between_p
        Test that all subgroups have one effect: chi-square of the pooled estimates weighted by 1/se². Q and p are NaN
        where there is none: where an estimate is infinite or certain, and of Bayesian pools.
    f_between, f_between_df, f_between_p
        The same hypothesis by Knapp and Hartung's F test, in the model with one mean a subgroup and a common tau²,
        with k - G denominator degrees of freedom (`f_between_df`); of inverse-variance pools with t-based intervals
        that estimate tau², NaN otherwise.
    common_tau2
        Whether tau² is one for all subgroups.
    """

    groups: Mapping[str, PooledResult]
    overall: PooledResult
    by: str
    q_between: float
    q_between_df: int
    q_between_p: float
    f_between: float
    f_between_df: float
    f_between_p: float
    common_tau2: bool
    provenance: Provenance

    @property
    def row_units(self) -> tuple[str, ...]:
        """The trial that each row is of."""
        return self.overall.row_units

    def refit(self, rows: NDArray[np.bool_]) -> SubgroupResult:
        """Return the subgroups of these of the rows, those that are left, by the same models and options."""
        from .pool import refit

        return refit(self, rows)

    def estimates(self, level: float | None = None) -> pd.DataFrame:
        """Return each subgroup and all, one row each; the test between subgroups stands in the row of all."""
        parts = {**self.groups, "all": self.overall}
        table = pd.concat([r.estimates(level) for r in parts.values()]).set_index(pd.Index(parts, name="subgroup"))
        several = len(self.groups) > 1
        test = (getattr(self, name) if several else np.nan for name in BETWEEN)
        for name, value in zip(BETWEEN, test, strict=True):
            table[name] = np.array([np.nan] * len(self.groups) + [value])
        return table

    @property
    def r_estimate(self) -> str:
        """R expression of the test between subgroups, once ``r_code`` has run."""
        tested = np.isfinite(self.q_between) and len(self.groups) > 1
        return "c(q, df, pchisq(q, df, lower.tail = FALSE))" if tested else "c(NA, NA, NA)"

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each subgroup and, of two trials or more, of all at another level, one row each."""
        whole = [("all", self.overall)] if self.overall.trials > 1 else []
        names, parts = zip(*self.groups.items(), *whole, strict=True)  # a level may be called "all" itself
        found = [r.confidence_interval(level, transform=transform) for r in parts]
        return limits(zip(*found, strict=True), pd.Index(names, name="subgroup"))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the rows of each subgroup and, of two trials or more, the overall one."""
        parts = [r.tidy(transform=transform).assign(subgroup=level) for level, r in self.groups.items()]
        if self.overall.trials > 1:
            whole = self.overall.tidy(transform=transform)
            parts.append(whole[whole["type"] == "summary"].assign(subgroup="all"))
        rows = pd.concat(parts, ignore_index=True)
        return rows[["subgroup", *[c for c in rows.columns if c != "subgroup"]]]

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row a subgroup and one for all, with the test between subgroups."""
        parts = [*self.groups.items(), ("all", self.overall)]
        names = ("q_between", "q_between_df", "q_between_p", "f_between", "f_between_df", "f_between_p")
        test = {name: getattr(self, name) for name in names}
        return [{"subgroup": level, **row, **test} for level, r in parts for row in r._glance()]

    def r_code(self) -> Text:
        """Return the R scripts of all subgroups and the whole, and the tests between subgroups."""
        parts = [rcode.Part(f"{self.by}: {name}", str(r.r_code()), r.r_estimate) for name, r in self.groups.items()]
        tested = len(self.groups) > 1 and bool(np.isfinite(self.q_between))
        return Text(rcode.script(parts, str(self.overall.r_code()), tested, self._f_test()))

    def _f_test(self) -> str:
        r = self.overall
        if not np.isfinite(self.f_between):
            return ""
        s = r.studies
        tau2 = TAU2_METHODS[r.method].estimate(s.yi, s.vi, indicators(s.data[self.by], list(self.groups)))
        return rcode.f_test(s.data[self.by].astype(str), r.method, r.ci, r.level, float(tau2))

    def _lines(self) -> list[str]:
        lines = []
        whole = [("all", self.overall)] if self.overall.trials > 1 else []
        for level, r in [*self.groups.items(), *whole]:
            title = level if level == "all" else f"{self.by}: {level}"
            lines += [title, *(f"  {line}" for line in r.summary().splitlines()), ""]
        if np.isnan(self.q_between):
            return [*lines, "Between subgroups: no test"]
        test = f"Between subgroups: Q {self.q_between:.4g} ({self.q_between_df} df), p {self.q_between_p:.3g}"
        if np.isfinite(self.f_between):
            test += (
                f"; F {self.f_between:.4g} ({self.q_between_df}, {self.f_between_df:g} df), p {self.f_between_p:.3g}"
            )
        return [*lines, test]

    def tau2_ci(self, method: str = "QP", level: float | None = None) -> tuple[float, float]:
        """Return a confidence interval of the common tau²: ``QP``, or ``PL`` of a result of REML or ML.

        Raises
        ------
        OptionError
            When subgroups have a tau² each; theirs are asked of ``groups[level].tau2_ci()``.
        """
        if not self.common_tau2 or not isinstance(self.overall, MetaResult):
            raise OptionError("the subgroups have a tau² each: ask groups[level].tau2_ci(), or set common_tau2=True.")
        level = self.overall.level if level is None else confidence_level(level)
        s, tau2 = self.overall.studies, next(iter(self.groups.values())).tau2
        x = indicators(s.data[self.by], list(self.groups))
        return tau2_interval(method, self.overall.method, s.yi, s.vi, x, tau2, level)


def indicators(column: pd.Series, names: list[str]) -> Floats:
    """Return the design with one column a subgroup, (k, G)."""
    x: Floats = (column.astype(str).to_numpy()[:, None] == np.array(names)).astype(float)
    return x
