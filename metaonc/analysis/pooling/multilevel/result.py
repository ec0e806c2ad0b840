"""What pool_multilevel returns."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....base.caution import Caution
from ....base.digits import percentage, plain, statistic_said
from ....base.messages.advice import option
from ....base.result import Text
from ...numeric.distributions import critical, to_error, two_sided_p
from ...numeric.wls import Floats
from ...results.lines import pooled_lines
from ...results.model_facts import ModelFacts
from ...results.pooled import PooledResult
from . import cautions, rcode
from .nesting import NestedEffects


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MultilevelResult(NestedEffects, PooledResult):
    """A pool with nested random effects.

    ``tau2`` is the sum of `sigma2`: the variance of a new row's effect; the prediction interval is for a row of a new
    unit of the outermost level. ``weights`` are shares in the pooled effect, percent.

    Attributes
    ----------
    sigma2
        Variance components in the order of `components`: nested ones, the outermost first, then crossed ones, (m,).
    levels, crossed
        Columns of the nesting, and of the units that lie side by side within the outermost.
    units
        Number of units of each component.
    i2
        Share of each component in the typical total variance, percent, (m,); their sum is I².
    q, q_df, q_p
        Cochran's Q about one common effect, sampling variances alone.
    loglik, aic, bic
        Restricted under REML, otherwise full likelihood.
    cluster, clusters
        Column and number of the clusters of a robust result; None otherwise.
    """

    sigma2: Floats
    levels: tuple[str, ...]
    crossed: tuple[str, ...]
    units: tuple[int, ...]
    i2: Floats
    q: float
    q_df: int
    q_p: float
    loglik: float
    aic: float
    bic: float
    cluster: str | None = None
    clusters: int | None = None
    model_facts: ClassVar[ModelFacts] = ModelFacts(models_dependence=True)
    _shown: ClassVar[tuple[str, ...]] = ("loglik", "aic", "bic")

    def _cautions(self) -> list[Caution]:
        """Return those of all pools, and of variances that are 0, of few units, or of the same units."""
        own = [] if self.cluster else cautions.of_rows(self.studies, self.levels, self.crossed)
        return [*PooledResult._cautions(self), *own, *self._of_units()]

    def _advice(self) -> list[str]:
        found = [] if self.cluster else cautions.advice(self.studies, self.levels, self.crossed)
        if self._is_normal_of_few and self.units[0] > 1:
            contain, t, outer = option("ci", "contain"), option("ci", "t"), option("cluster", self.levels[0])
            found.append(f"{contain} takes t with {self.units[0] - 1} degrees of freedom ({t} {self.k - 1}); "
                         f"robust({outer}) rests less on the model.")  # fmt: skip
        return [*PooledResult._advice(self), *found]

    def refit(self, rows: NDArray[np.bool_]) -> MultilevelResult:
        """Return the pool of these of its rows by the same model, robust where it is."""
        from .pool import refit

        return refit(self, rows)

    def robust(self, *, cluster: str, kind: str = "CR2") -> MultilevelResult:
        """Return the same estimate with a cluster-robust standard error, test and intervals.

        Parameters
        ----------
        cluster : str
            Column of the clusters; units of the outermost level must lie within them.
        kind : {"CR2", "CR1"}
            Bias-reduced with Satterthwaite's degrees of freedom, for few clusters too; or the simple sandwich with the
            factor m/(m - 1) and m - 1 degrees of freedom.

        Raises
        ------
        ColumnError, OptionError
            A column or a kind that does not exist.
        DataError
            Clusters that cut through a unit of the outermost level, a row without cluster, fewer than two clusters.

        References
        ----------
        Pustejovsky and Tipton 2022, doi:10.1007/s11121-021-01246-3.
        """
        found, m, studies, joined = self._clustered(cluster, kind)
        se, df = float(np.sqrt(found.cov[0, 0])), float(found.df[0])
        notes = [*self.provenance.notes, *joined]
        if df < 4:
            notes.append(f"{df:.2g} degrees of freedom: with fewer than 4 the robust test is itself not reliable.")
        settings = {**self.provenance.settings, "cluster": cluster, "ci": kind}
        provenance = dataclasses.replace(self.provenance, settings=settings, notes=tuple(notes))
        return dataclasses.replace(
            self, **inference(self.estimate, se, df, self.tau2, self.level), studies=studies, se=se, df=df, ci=kind,
            cluster=cluster, clusters=m, prediction=kind, provenance=provenance,
        )  # fmt: skip

    def i2_total(self) -> float:
        """Return I² in percent: the share of all variance components in the typical total variance."""
        return float(self.i2.sum())

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        return Text(
            rcode.script(
                self.studies, self.levels, self.crossed, method=self.method, ci=self.ci, level=self.level,
                cluster=self.cluster, bias_reduced=self.ci == "CR2", free=self.estimated,
            )
        )  # fmt: skip

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: sizes, variance components, heterogeneity, fit."""
        row: dict[str, Any] = {"i2": float(self.i2.sum()), "p_value": self.p_value if self.tested else np.nan}
        for level, units, s, i in zip(self.components, self.units, self.sigma2, self.i2, strict=True):
            row |= {f"units_{level}": units, f"sigma2_{level}": s, f"i2_{level}": i}
        return self._row(**row)

    def _lines(self) -> list[str]:
        parts = [f"{text}, {percentage(i)} % of variance" for text, i in zip(self._variances(), self.i2, strict=True)]
        q = f"{statistic_said('Q', self.q, self.q_df, self.q_p)}"
        robust = [f"robust over {self.clusters} clusters of {self.cluster}"] if self.cluster else []
        if np.isfinite(self.df) and not self.cluster:
            robust.append(f"intervals by t with {plain(self.df)} degrees of freedom")
        return [*pooled_lines(self), *robust, *parts, q]


def inference(estimate: float, se: float, df: float, tau2: float, level: float) -> dict[str, Any]:
    """Return test, confidence and prediction interval of an estimate."""
    t = float(critical(level, df))
    half = t * np.sqrt(tau2 + se * se)
    statistic = float(to_error(estimate, se))
    return {
        "ci_low": estimate - t * se, "ci_high": estimate + t * se, "statistic": statistic,
        "p_value": float(two_sided_p(statistic, df)), "prediction_low": estimate - half,
        "prediction_high": estimate + half,
    }  # fmt: skip
