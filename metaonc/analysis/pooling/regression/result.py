"""What a meta-regression returns: coefficients, residual heterogeneity, and what can be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import percentage, plain, plain_statistic, statistic_said
from ....base.html import listed
from ....base.messages.advice import option
from ....base.result import Text
from ...methods.heterogeneity import tau2_interval
from ...methods.intervals import CI_METHODS
from ...methods.tau2 import TAU2_METHODS, is_common
from ...numeric.wls import Floats
from ...results import repeats
from ..moderators.cautions import advice, of_rows
from ..moderators.coefficients import CoefficientsResult
from . import rcode
from .cautions import FloorTest, floor_test, of_f, of_intervals, of_r2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RegressionResult(CoefficientsResult):
    """A meta-regression, on the scale of analysis; coefficients and tests are those of `CoefficientsResult`.

    The F of all moderators has k - p denominator degrees of freedom.

    Attributes
    ----------
    tau2, se_tau2
        Residual variance between trials.
    i2, h2
        Of residual heterogeneity; I² in percent.
    r2
        Percent of the variance between trials that the moderators explain, not below 0; NaN where there was none.
    """

    tau2: float
    se_tau2: float
    i2: float
    h2: float
    r2: float
    _shown: ClassVar[tuple[str, ...]] = (
        *("se_tau2", "h2", "q_model", "q_model_df", "q_model_p", "r2", "loglik", "aic", "bic", "formula"),
    )

    def _free(self, x: Floats) -> Floats:
        return np.full(len(x), np.inf if CI_METHODS[self.ci].is_normal else float(self.q_df))

    @property
    def spread(self) -> float:
        """Variance of a new trial's effect about its mean: `tau2`."""
        return self.tau2

    @property
    def _is_of_full_likelihood(self) -> bool:
        return TAU2_METHODS[self.method].likelihood == "full"

    @property
    def floor(self) -> FloorTest:
        """The test of moderators with its scale at least 1, to stand beside F where effects agree by chance."""
        return floor_test(self)

    @property
    def row_units(self) -> tuple[str, ...]:
        """The trial that each row is of."""
        return self.studies.labels

    def refit(self, rows: NDArray[np.bool_]) -> RegressionResult:
        """Return the regression of these of its rows, by the levels and codings of all."""
        from .regress import refit

        return refit(self, rows)

    def estimates(self, level: float | None = None) -> pd.DataFrame:
        """Return the coefficients with residual heterogeneity, one row each."""
        table = self.coefficients[["estimate", "se", "df"]].join(self.confidence_interval(level))
        return table.rename_axis("coefficient").assign(tau2=self.tau2, q=self.q, i2=self.i2, interval=self.ci)

    @property
    def r_estimate(self) -> str:
        """R expression of the coefficients and their standard errors, once ``r_code`` has run."""
        return rcode.coefficients(self.ci, self.coefficients)

    def _cautions(self) -> list[Caution]:
        return [*of_rows(self), *of_f(self), *of_r2(self), *of_intervals(self)]

    def _advice(self) -> list[str]:
        safe = [f"{option('ci', CI_METHODS[self.ci].safeguard)} gives intervals that are never narrower than Wald's."]
        found = [*repeats.advice(self.studies, self.provenance.cautions), *advice(self)]
        return [*found, *safe * bool(of_intervals(self))]

    def tau2_ci(self, method: str = "QP", level: float | None = None) -> tuple[float, float]:
        """Return a confidence interval of the residual tau²: ``QP``, or ``PL`` of a result of REML or ML."""
        level = self.level if level is None else confidence_level(level)
        s = self.studies
        return tau2_interval(method, self.method, s.yi, s.vi, np.linalg.qr(self.design.x)[0], self.tau2, level)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        return Text(
            rcode.script(self.studies, self.design, self.formula, method=self.method, ci=self.ci, level=self.level,
                         tau2=self.tau2)
        )  # fmt: skip

    def _lines(self) -> list[str]:
        kind, floor = "Q" if CI_METHODS[self.ci].is_normal else "F", self.floor
        r2 = (
            "not estimable (no variance between trials without moderators)"
            if np.isnan(self.r2)
            else f"{percentage(self.r2)} %"
        )
        if is_common(self.method):
            r2 = "not defined of a common effect"
        return [
            f"Meta-regression of {self.record.label}: {self.formula}",
            f"{self.k} rows, {self.method}, {self.ci} intervals",
            listed(self.coefficients, plain, index=True, forms={"statistic": plain_statistic}),
            f"{self.tested}: {statistic_said(kind, self.q_model, self.q_model_df, self.q_model_p)}, R² {r2}",
            *(
                [f"  with the scale at least 1: {statistic_said(kind, floor.f, self.q_model_df, floor.p)}"]
                if floor.is_fragile
                else []
            ),
            f"residual: tau² {plain(self.tau2)}, I² {percentage(self.i2)} %, "
            f"{statistic_said('Q', self.q, self.q_df, self.q_p)}",
        ]
