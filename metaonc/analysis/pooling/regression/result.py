"""What a meta-regression returns: coefficients, residual heterogeneity, and what can be asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.caution import Beside, Caution
from ....base.check import confidence_level, one_of
from ....base.columns import limits
from ....base.digits import percentage, plain, plain_statistic, statistic_said
from ....base.frames import to_pandas
from ....base.html import listed
from ....base.messages.advice import option
from ....base.result import Provenance, Result, Text
from ....errors import OptionError
from ...effects.measures import MEASURES, Measure
from ...methods.heterogeneity import tau2_interval
from ...methods.intervals import CI_METHODS
from ...methods.tau2 import TAU2_METHODS, is_common
from ...numeric.distributions import chi2_p, critical, to_error, two_sided_p
from ...numeric.wls import Floats
from ...results import repeats
from ...results.back_transform import difference_record, own_scale
from ...results.studies import Studies
from . import rcode
from .cautions import FloorTest, advice_on_labels, floor_test, of_f, of_intervals, of_r2, of_rows
from .design import Design


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RegressionResult(Result):
    """A meta-regression, on the scale of analysis.

    Attributes
    ----------
    coefficients
        One row a term: estimate, se, statistic, df (infinite for z), p_value, ci_low, ci_high.
    covariance
        Of the coefficients, (p, p).
    tau2, se_tau2
        Residual variance between trials.
    q, q_df, q_p, i2, h2
        Residual heterogeneity; I² in percent.
    q_model, q_model_df, q_model_p
        Test of all moderators: chi-square, or F (with k - p denominator degrees of freedom) where t quantiles are used.
    r2
        Percent of the variance between trials that the moderators explain, not below 0; NaN where there was none.
    loglik, aic, bic
        Restricted under REML, otherwise full likelihood.
    formula, method, ci, level, measure, k
        What was asked.
    studies, design
        The trials and the design matrix.
    """

    coefficients: pd.DataFrame
    covariance: Floats
    tau2: float
    se_tau2: float
    q: float
    q_df: int
    q_p: float
    i2: float
    h2: float
    q_model: float
    q_model_df: int
    q_model_p: float
    r2: float
    loglik: float
    aic: float
    bic: float
    formula: str
    method: str
    ci: str
    level: float
    measure: str
    k: int
    studies: Studies
    design: Design
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = (
        *("se_tau2", "h2", "q_model", "q_model_df", "q_model_p", "r2", "loglik", "aic", "bic", "formula"),
    )

    @property
    def _free(self) -> float:
        return np.inf if CI_METHODS[self.ci].is_normal else float(self.q_df)

    @property
    def record(self) -> Measure:
        """The record of the measure."""
        return MEASURES[self.measure]

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

    def record_of(self, term: str) -> Measure:
        """Return what a coefficient is, with its back-transform: a mean effect, or a difference of effects."""
        return own_scale(self.measure) if self.design.is_mean(term) else difference_record(self.measure)

    def _cautions(self) -> list[Caution]:
        return [*of_rows(self), *of_f(self), *of_r2(self), *of_intervals(self)]

    def _advice(self) -> list[str]:
        safe = [f"{option('ci', CI_METHODS[self.ci].safeguard)} gives intervals that are never narrower than Wald's."]
        found = [*repeats.advice(self.studies, self.provenance.cautions), *advice_on_labels(self)]
        return [*found, *safe * bool(of_intervals(self))]

    def _beside(self, beside: Beside) -> str:
        return beside.on_analysis()  # where the coefficients are

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of all coefficients at another level, one row a term."""
        level = self.level if level is None else confidence_level(level)
        c = self.coefficients
        half = critical(level, c["df"].to_numpy()) * c["se"]
        ends = (self.natural(end) if transform else end for end in (c["estimate"] - half, c["estimate"] + half))
        return limits(ends, c.index)

    def natural(self, values: pd.Series) -> Floats:
        """Return a value a coefficient, (p,), on the natural scale of each as far as it has one; see ``record_of``."""
        rows = zip(self.coefficients.index, values, strict=True)
        return np.array([float(self.record_of(str(term)).inverse(value)) for term, value in rows])

    def predict(self, table: Any, *, level: float | None = None, transform: bool = False) -> pd.DataFrame:
        """Return the mean effect, and the interval for a new trial, at new values of the moderators.

        Parameters
        ----------
        table : dataframe
            One row a prediction, with the moderators of the formula.
        level : float, optional
            The result's own level when not given.
        transform : bool
            Whether to return the natural scale; Freeman-Tukey transforms, whose back-transform needs sample sizes, stay
            on that of analysis.

        Returns
        -------
        pandas.DataFrame
            estimate, se (analysis scale), ci_low, ci_high, prediction_low, prediction_high; a warning names numbers
            further beyond those of the trials than a tenth of their range.
        """
        x = self.design.of(to_pandas(table))
        level = self.level if level is None else confidence_level(level)
        mean = x @ self.coefficients["estimate"].to_numpy()
        se = np.sqrt(np.einsum("ij,jk,ik->i", x, self.covariance, x))
        factor = float(critical(level, self._free))
        new = factor * np.sqrt(se**2 + self.tau2)
        columns = {
            "estimate": mean, "ci_low": mean - factor * se, "ci_high": mean + factor * se,
            "prediction_low": mean - new, "prediction_high": mean + new,
        }  # fmt: skip
        if transform:
            columns = {name: own_scale(self.measure).inverse(value) for name, value in columns.items()}
        out = pd.DataFrame(columns)
        out.insert(1, "se", se)
        return out

    def contrast(self, rows: dict[str, dict[str, float]]) -> pd.DataFrame:
        """Return linear combinations of the coefficients with their tests.

        Parameters
        ----------
        rows
            Name -> {term: factor}, terms as in `coefficients`.

        Raises
        ------
        OptionError
            When a term does not exist.
        """
        terms = list(self.coefficients.index)
        c = np.zeros((len(rows), len(terms)))
        for i, factors in enumerate(rows.values()):
            for term, factor in factors.items():
                c[i, terms.index(one_of("term", term, terms))] = factor
        value = c @ self.coefficients["estimate"].to_numpy()
        return coefficient_table(
            value, c @ self.covariance @ c.T, np.full(len(value), self._free), self.level, list(rows)
        )

    def vif(self) -> pd.Series:
        """Return each moderator's variance over the one it would have if moderators were not correlated."""
        inner = [i for i, name in enumerate(self.coefficients.index) if name != "intercept"]
        cov = self.covariance[np.ix_(inner, inner)]
        scale = np.sqrt(np.diag(cov))
        r = cov / np.outer(scale, scale)
        return pd.Series(np.diag(np.linalg.inv(r)), index=self.coefficients.index[inner], name="vif")

    def likelihood_ratio_test(self, smaller: RegressionResult) -> pd.DataFrame:
        """Return the likelihood-ratio test against a model with fewer moderators of the same rows, both by ML.

        Raises
        ------
        OptionError
            When one is not of ML, rows differ, or the other is not nested in this one.
        """
        if any(TAU2_METHODS[r.method].likelihood != "full" for r in (self, smaller)):
            raise OptionError("restricted likelihoods of different moderators cannot be compared; use method='ML'.")
        if not np.array_equal(self.studies.yi, smaller.studies.yi):
            raise OptionError("the two models rest on different rows.")
        x = self.design.x
        left = smaller.design.x - x @ np.linalg.lstsq(x, smaller.design.x, rcond=None)[0]
        df = x.shape[1] - smaller.design.x.shape[1]
        if df < 1 or np.abs(left).max() > 1e-8 * np.abs(smaller.design.x).max():
            raise OptionError("the other model must have fewer moderators, and all of them in this one too.")
        statistic = max(2 * (self.loglik - smaller.loglik), 0.0)
        return pd.DataFrame({"statistic": [statistic], "df": [df], "p_value": [float(chi2_p(statistic, df))]})

    def tau2_ci(self, method: str = "QP", level: float | None = None) -> tuple[float, float]:
        """Return a confidence interval of the residual tau²: ``QP``, or ``PL`` of a result of REML or ML."""
        level = self.level if level is None else confidence_level(level)
        s = self.studies
        return tau2_interval(method, self.method, s.yi, s.vi, np.linalg.qr(self.design.x)[0], self.tau2, level)

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a term, when `transform` on the natural scale as far as the term has one.

        An intercept, or a level of a model without one, is a mean effect, such as a proportion. Other terms are
        differences: of logarithms they become ratios, of other scales, such as logits, they stay as they are, as do
        Freeman-Tukey means, whose back-transform needs sample sizes.
        """
        table = self.coefficients.reset_index(names="term").assign(type="coefficient", interval=self.ci)
        if not transform:
            return table
        shown = {name: self.natural(table[name]) for name in ("estimate", "ci_low", "ci_high")}
        return table.assign(**shown, se=np.nan)

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
            f"moderators: {statistic_said(kind, self.q_model, self.q_model_df, self.q_model_p)}, R² {r2}",
            *(
                [f"  with the scale at least 1: {statistic_said(kind, floor.f, self.q_model_df, floor.p)}"]
                if floor.is_fragile
                else []
            ),
            f"residual: tau² {plain(self.tau2)}, I² {percentage(self.i2)} %, "
            f"{statistic_said('Q', self.q, self.q_df, self.q_p)}",
        ]


def coefficient_table(beta: Floats, cov: Floats, df: Any, level: float, names: list[str]) -> pd.DataFrame:
    """Return estimates with standard errors, tests and limits, one row a name; no test by a standard error of 0."""
    se = np.sqrt(np.diag(cov))
    half = critical(level, df) * se
    statistic = to_error(beta, se)
    columns = {
        "estimate": beta, "se": se, "statistic": statistic, "df": df, "p_value": two_sided_p(statistic, df),
        "ci_low": beta - half, "ci_high": beta + half,
    }  # fmt: skip
    return pd.DataFrame(columns, index=pd.Index(names, name="term"))
