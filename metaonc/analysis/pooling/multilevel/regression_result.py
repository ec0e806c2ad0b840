"""What regress_multilevel returns."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ....base.caution import Caution
from ....base.digits import plain, plain_statistic, statistic_said
from ....base.html import listed
from ....base.messages.advice import option
from ....base.result import Text
from ...numeric.robust import ROBUST_METHODS
from ...numeric.wls import Floats
from ...results import repeats
from ..moderators.cautions import MIXED, advice, of_rows
from ..moderators.coefficients import CoefficientsResult, coefficient_table, joint_test
from . import cautions, rcode
from .nesting import NestedEffects, model_of

FEW_DF = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MultilevelRegressionResult(NestedEffects, CoefficientsResult):
    """A meta-regression with nested random effects; coefficients and tests are those of `CoefficientsResult`.

    Intervals for a new row, of a new unit of the outermost level, are by the sum of `sigma2`.

    Attributes
    ----------
    sigma2
        Residual variance components in the order of `components`: nested ones, the outermost first, then crossed ones,
        (m,).
    levels, crossed
        Columns of the nesting, and of the units that lie side by side within the outermost.
    units
        Number of units of each component.
    cluster, clusters
        Column and number of the clusters of a robust result; None otherwise.
    """

    sigma2: Floats
    levels: tuple[str, ...]
    crossed: tuple[str, ...]
    units: tuple[int, ...]
    cluster: str | None = None
    clusters: int | None = None
    _shown: ClassVar[tuple[str, ...]] = ("q_model", "q_model_df", "q_model_p", "loglik", "aic", "bic", "formula")

    @property
    def tau2(self) -> float:
        """Variance of a new row's effect about its mean: the sum of `sigma2`."""
        return float(self.sigma2.sum())

    @property
    def _x(self) -> Floats:
        return self.design.x

    @property
    def spread(self) -> float:
        """Variance of a new trial's effect about its mean: `tau2`."""
        return self.tau2

    @property
    def _is_of_full_likelihood(self) -> bool:
        return self.method == "ML"

    def _free(self, x: Floats) -> Floats:
        n, p = x.shape
        if self.clusters is None:
            return np.full(n, float(self.q_df) if self.ci == "t" else np.inf)
        if self.ci != "CR2":
            return np.full(n, float(self.clusters - p))
        return np.array([_as_coefficient(self, row) for row in x])

    def _cautions(self) -> list[Caution]:
        own = [] if self.cluster else cautions.of_rows(self.studies, self.levels, self.crossed, self._residuals)
        return [*of_rows(self, MIXED), *own, *self._of_units()]

    def _advice(self) -> list[str]:
        own = [] if self.cluster else cautions.advice(self.studies, self.levels, self.crossed, self._residuals)
        if self._is_normal_of_few and self.units[0] > self._x.shape[1]:
            own.append(f"robust({option('cluster', self.levels[0])}) rests less on the model.")
        if np.isnan(self.q_model) and self.cluster:
            own.append(f"robust({option('cluster', self.cluster)}, {option('kind', 'CR1')}) tests moderators together.")
        return [*repeats.advice(self.studies, self.provenance.cautions), *advice(self), *own]

    @property
    def _residuals(self) -> Floats:
        residual: Floats = self.studies.yi - self.design.x @ self.coefficients["estimate"].to_numpy()
        return residual

    def robust(self, *, cluster: str, kind: str = "CR2") -> MultilevelRegressionResult:
        """Return the same coefficients with cluster-robust standard errors, tests and intervals.

        Parameters
        ----------
        cluster : str
            Column of the clusters; units of the outermost level must lie within them.
        kind : {"CR2", "CR1"}
            Bias-reduced with Satterthwaite's degrees of freedom for each coefficient; or the simple sandwich with the
            factor m/(m - p) and m - p degrees of freedom. Several moderators together are tested by CR1 alone.

        Raises
        ------
        ColumnError, OptionError
            A column or a kind that does not exist.
        DataError
            Clusters that cut through a unit of the outermost level, a row without cluster, no more clusters than
            coefficients.

        References
        ----------
        Pustejovsky and Tipton 2022, doi:10.1007/s11121-021-01246-3.
        """
        found, m, studies, joined = self._clustered(cluster, kind)
        beta, names = self.coefficients["estimate"].to_numpy(), self.design.names
        tested = [i for i, name in enumerate(names) if name != "intercept"] or [0]
        notes = [*self.provenance.notes, *joined]
        few = [name for name, df in zip(names, found.df, strict=True) if df < FEW_DF]
        if few:
            notes.append(f"fewer than {FEW_DF} degrees of freedom of {', '.join(few)}: there the robust test is itself "
                         "not reliable.")  # fmt: skip
        joint = joint_test(beta, found.cov, names, float(found.df[tested[0]]))
        if len(tested) > 1 and kind == "CR2":
            joint |= {"q_model": np.nan, "q_model_p": np.nan}
            notes.append("moderators have no robust test together by CR2; by CR1 they have one.")
        settings = {**self.provenance.settings, "cluster": cluster, "ci": kind}
        provenance = dataclasses.replace(self.provenance, settings=settings, notes=tuple(notes))
        table = coefficient_table(beta, found.cov, found.df, self.level, list(names))
        return dataclasses.replace(self, coefficients=table, covariance=found.cov, **joint, studies=studies, ci=kind,
                                   cluster=cluster, clusters=m, provenance=provenance)  # fmt: skip

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        return Text(
            rcode.script(
                self.studies, self.levels, self.crossed, method=self.method, ci=self.ci, level=self.level,
                cluster=self.cluster, bias_reduced=self.ci == "CR2", design=self.design, free=self.estimated,
            )
        )  # fmt: skip

    def _glance(self) -> list[dict[str, Any]]:
        row: dict[str, Any] = {}
        for level, units, s in zip(self.components, self.units, self.sigma2, strict=True):
            row |= {f"units_{level}": units, f"sigma2_{level}": s}
        return self._row(**row)

    def _lines(self) -> list[str]:
        kind = "Q" if self.ci == "wald" else "F"
        robust = [f"robust over {self.clusters} clusters of {self.cluster}"] if self.cluster else []
        joint = [] if np.isnan(self.q_model) else [
            f"{self.tested}: {statistic_said(kind, self.q_model, self.q_model_df, self.q_model_p)}"
        ]  # fmt: skip
        return [
            f"Multilevel meta-regression of {self.record.label}: {self.formula}",
            f"{self.k} rows, {self.method}, {self.ci} intervals",
            *robust,
            listed(self.coefficients, plain, index=True, forms={"statistic": plain_statistic}),
            *joint,
            *self._variances(),
            f"residual: {statistic_said('Q', self.q, self.q_df, self.q_p)}",
        ]


def _as_coefficient(r: MultilevelRegressionResult, c: Floats) -> float:
    """Return Satterthwaite's degrees of freedom of a combination of coefficients, of a design in which it is one."""
    others = np.linalg.svd(c[None, :])[2][1:]  # with c they span all combinations
    x = r.design.x @ np.linalg.inv(np.vstack([c, others]))
    blocks = r.studies.data[r.cluster].factorize()[0]
    model = model_of(r.studies, r.levels, r.crossed, x, r.method == "REML", blocks)
    return float(ROBUST_METHODS[r.ci].estimate(model, r.sigma2).df[0])
