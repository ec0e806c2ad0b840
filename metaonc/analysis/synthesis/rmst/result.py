"""What pool_rmst returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution, named
from ....base.check import Floats, confidence_level
from ....base.columns import limits
from ....base.digits import in_percent, p_said, plain
from ....base.html import listed
from ....base.result import Provenance, Result, Text
from ...numeric.distributions import critical
from ...pooling.inverse_variance.result import MetaResult
from ...pooling.multivariate.result import MultivariateResult
from ...results.inside import NotOfEffects
from ...results.rtext import comment


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PooledRmstResult(NotOfEffects, Result):
    """Differences of restricted mean survival times, treatment less control, pooled at several horizons.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    horizons
        Where the means are restricted to, rising, shape (m,).
    k_at
        How many trials are followed to each horizon.
    univariate
        Horizon, as text -> the pool of the trials that reach it, by itself; ``sensitivity.leave_one_out`` and others
        take it, as any pool.
    multivariate
        Method (``REML``, ``MM``: moments) -> the pool of all horizons that two trials or more reach, together; empty
        where there are fewer than two such horizons.
    labels
        Names of the k trials that contribute.
    differences, within
        Differences (k, m), NaN where a trial does not reach the horizon, and their sampling covariances (k, m, m).
    treatment, control
        The arms as the table names them.
    level, unit
        Coverage of the intervals; unit of time, or None.
    """

    horizons: Floats
    k_at: tuple[int, ...]
    univariate: Mapping[str, MetaResult]
    multivariate: Mapping[str, MultivariateResult]
    labels: tuple[str, ...]
    differences: Floats
    within: Floats
    treatment: str
    control: str
    level: float
    unit: str | None
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ()

    @property
    def k(self) -> int:
        """Number of trials."""
        return len(self.labels)

    @property
    def refit_way(self) -> str:
        """How to make it anew from some of its trials."""
        return f"take the pool of one horizon, as result.univariate[{next(iter(self.univariate))!r}]"

    @property
    def pooled(self) -> pd.DataFrame:
        """One row a horizon and model: horizon, model, k, estimate, se, ci_low, ci_high, p_value, tau2."""
        return _pooled(self, self.level)

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of the pooled differences at another level, one row a horizon and model."""
        table = _pooled(self, self.level if level is None else confidence_level(level))
        return limits((table["ci_low"], table["ci_high"]), pd.Index(_terms(table), name="term"))

    def r_code(self) -> Text:
        """Return the R script, data inline, of the pools of single horizons and of all together, by metafor."""
        parts = [f"{comment(f'up to {name}')}\n{r.r_code()}" for name, r in self.univariate.items()]
        parts += [f"{comment(f'all horizons, {name}')}\n{r.r_code()}" for name, r in self.multivariate.items()]
        return Text("\n\n".join(parts))

    def _cautions(self) -> list[Caution]:
        found = [
            Caution(
                text=f"up to {h:g} fewer trials are followed than contribute in all",
                more="the multivariate estimate there rests on earlier horizons of the other trials, as far as "
                "horizons are correlated; the univariate one is of other trials than at earlier horizons"
                if any(f"{h:g}" in r.outcomes for r in self.multivariate.values())
                else "the estimate there is of other trials than at earlier horizons",
                numeric=True,
            )
            for h, k in zip(self.horizons, self.k_at, strict=True)
            if k < self.k
        ]  # fmt: skip
        both = [r for r in self.multivariate.values() if r.boundary]
        edge = Caution(
            text="the covariance between trials is at its boundary in the multivariate pool",
            more="its estimates lean on a correlation between horizons that the data hardly inform",
        )
        single = [c for name, r in self.univariate.items() for c in named(f"univariate up to {name}", r.cautions)]
        return [*found, *([edge] if both else []), *(c for c in single if not c.of_prediction)]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return a row a trial and horizon (type ``study``), then one a horizon and model (``summary``)."""
        row, column = np.nonzero(np.isfinite(self.differences))
        value, se = self.differences[row, column], np.sqrt(self.within[row, column, column])
        half = float(critical(self.level)) * se
        at = self.horizons[column]
        trials = pd.DataFrame({
            "term": [f"{self.labels[i]} up to {t:g}" for i, t in zip(row, at, strict=True)], "type": "study",
            "study": [self.labels[i] for i in row], "horizon": at, "model": "", "estimate": value, "se": se,
            "ci_low": value - half, "ci_high": value + half, "interval": "wald",
        })  # fmt: skip
        pools = self.pooled
        return pd.concat([trials, pools.assign(term=_terms(pools), type="summary", study="")], ignore_index=True)

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(horizons=len(self.horizons), measure="MD")

    def _lines(self) -> list[str]:
        unit = f", {self.unit}" if self.unit else ""
        table = self.pooled
        values = table[["estimate", "ci_low", "ci_high"]].to_numpy()
        shown = pd.DataFrame({
            f"up to{unit}": table["horizon"], "model": table["model"], "trials": table["k"],
            f"difference ({in_percent(self.level)} % CI)": [_said(*x) for x in values],
            "p": [p_said(p).removeprefix("p ") for p in table["p_value"]], "tau2": table["tau2"],
        })  # fmt: skip
        head = f"Differences of restricted mean survival times, {self.treatment} less {self.control}: {self.k} "
        head += f"trial{'s' * (self.k != 1)}"
        return [head, "", listed(shown, plain, blank="")]


def _said(estimate: float, low: float, high: float) -> str:
    first, *ends = plain.of(estimate, low, high)
    return first if np.isnan(low) else f"{first} ({ends[0]} to {ends[1]})"


def _terms(table: pd.DataFrame) -> list[str]:
    return [f"{model} up to {h:g}" for model, h in zip(table["model"], table["horizon"], strict=True)]


def _pooled(r: PooledRmstResult, level: float) -> pd.DataFrame:
    """Return the pooled differences, models of one horizon below each other."""
    rows = []
    for i, h in enumerate(r.horizons):
        name = f"{h:g}"
        if name in r.univariate:
            one = r.univariate[name]
            low, high = one.confidence_interval(level)
            rows.append((h, "univariate", one.k, one.estimate, one.se, low, high, one.p_value, one.tau2, one.ci))
        for method, many in r.multivariate.items():
            if name in many.outcomes:
                j = many.outcomes.index(name)
                low, high = many.confidence_interval(level).iloc[j]
                rows.append((h, f"multivariate {method}", r.k_at[i], many.estimate[j], many.se[j], low, high,
                             many.p_value[j], many.tau2[j, j], "wald"))  # fmt: skip
    columns = ["horizon", "model", "k", "estimate", "se", "ci_low", "ci_high", "p_value", "tau2", "interval"]
    return pd.DataFrame(rows, columns=columns)
