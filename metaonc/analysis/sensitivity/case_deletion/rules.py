"""By which rules a trial is said to be influential: one record each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...numeric.distributions import chi2_quantile


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluenceRule:
    """A rule by which a trial is flagged.

    Attributes
    ----------
    column
        What it is of: a column of the table, or the beginning of the columns that it is of.
    label, said
        Its name, and the rule as a formula.
    bound
        (rows k, coefficients p) -> what the size of the statistic must not exceed.
    """

    column: str
    label: str
    said: str
    bound: Callable[[int, int], float]


USUAL = 0.95  # share of standardised residuals within their bounds, were the model true: no rule, as one in 20 is not
INFLUENCE_RULES = (
    InfluenceRule(column="dffits", label="DFFITS", said="|DFFITS| > 3√(p/(k − p))",
                  bound=lambda k, p: 3 * float(np.sqrt(p / (k - p)))),
    InfluenceRule(column="cook_d", label="Cook's distance",
                  said="Cook's distance above the median of chi-square with p degrees of freedom",
                  bound=lambda k, p: float(chi2_quantile(0.5, p))),
    InfluenceRule(column="hat", label="leverage", said="leverage > 3p/k", bound=lambda k, p: 3 * p / k),
    InfluenceRule(column="dfbeta", label="DFBETAS", said="|DFBETAS| > 1", bound=lambda k, p: 1.0),
)  # fmt: skip
"""Bounds above which a trial is said to be influential, with k trials and p coefficients."""
OF_BLOCKS = tuple(rule for rule in INFLUENCE_RULES if rule.column in ("cook_d", "dfbeta"))


def flags(table: Any, rules: tuple[InfluenceRule, ...], k: int, p: int) -> list[str]:
    """Return the names of the rules that each row of a table breaks, with commas between them; "" of none."""
    broken = {
        rule.label: (table.filter(regex=f"^{rule.column}").abs() > rule.bound(k, p)).any(axis=1).to_numpy()
        for rule in rules
    }
    return [", ".join(name for name, rows in broken.items() if rows[i]) for i in range(len(table))]
