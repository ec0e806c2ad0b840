"""Coefficients of a model with moderators, and what can be asked of them whatever the random effects are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ....base.caution import Beside
from ....base.check import confidence_level, one_of
from ....base.columns import limits
from ....base.frames import to_pandas
from ....base.numbers import number
from ....base.result import Provenance, Result
from ....errors import OptionError
from ...effects.measures import MEASURES, Measure
from ...numeric.distributions import chi2_p, critical, f_p, to_error, two_sided_p
from ...numeric.wls import Floats
from ...results.back_transform import difference_record, own_scale
from ...results.studies import Studies
from .design import Design

INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CoefficientsResult(Result):
    """A model of effects with moderators, on the scale of analysis.

    Attributes
    ----------
    coefficients
        One row a term: estimate, se, statistic, df (infinite for z), p_value, ci_low, ci_high.
    covariance
        Of the coefficients, (p, p).
    q, q_df, q_p
        Residual heterogeneity: Cochran's Q about the regression by sampling variances alone.
    q_model, q_model_df, q_model_p
        Test of all moderators: chi-square, or F where t quantiles are used.
    loglik, aic, bic
        Restricted under REML, otherwise full likelihood.
    formula, method, ci, level, measure, k
        What was asked.
    studies, design
        The trials and the design matrix.
    """

    coefficients: pd.DataFrame
    covariance: Floats
    q: float
    q_df: int
    q_p: float
    q_model: float
    q_model_df: int
    q_model_p: float
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

    @abstractmethod
    def _free(self, x: Floats) -> Floats:
        """Return the degrees of freedom of combinations of coefficients, a row each of (n, p); (n,)."""

    @property
    @abstractmethod
    def spread(self) -> float:
        """Variance of a new trial's effect about its mean."""

    @property
    @abstractmethod
    def _is_of_full_likelihood(self) -> bool:
        """Whether models with other moderators have likelihoods to compare with."""

    @property
    def tested(self) -> str:
        """What is tested together: moderators, or without a constant beside them all coefficients, or the mean."""
        if INTERCEPT not in self.design.names:
            return "all coefficients"
        return "moderators" if len(self.design.names) > 1 else "the mean effect"

    @property
    def record(self) -> Measure:
        """The record of the measure."""
        return MEASURES[self.measure]

    def record_of(self, term: str) -> Measure:
        """Return what a coefficient is, with its back-transform: a mean effect, or a difference of effects."""
        return own_scale(self.measure) if self.design.is_mean(term) else difference_record(self.measure)

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
        factor = critical(level, self._free(x))
        new = factor * np.sqrt(se**2 + self.spread)
        columns = {
            "estimate": mean, "ci_low": mean - factor * se, "ci_high": mean + factor * se,
            "prediction_low": mean - new, "prediction_high": mean + new,
        }  # fmt: skip
        if transform:
            columns = {name: own_scale(self.measure).inverse(value) for name, value in columns.items()}
        out = pd.DataFrame(columns)
        out.insert(1, "se", se)
        return out

    def contrast(self, rows: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
        """Return linear combinations of the coefficients with their tests.

        Parameters
        ----------
        rows
            Name -> {term: factor}, terms as in `coefficients`.

        Raises
        ------
        OptionError, DataError
            When a term does not exist; when `rows` is no such table, or a factor is no finite number.
        """
        if not isinstance(rows, Mapping) or not all(isinstance(factors, Mapping) for factors in rows.values()):
            raise OptionError("rows= takes a name and factors of terms for each, as in {'high': {'intercept': 1}}.")
        terms = list(self.coefficients.index)
        c = np.zeros((len(rows), len(terms)))
        for i, factors in enumerate(rows.values()):
            for term, factor in factors.items():
                c[i, terms.index(one_of("term", term, terms))] = number(factor, f"factor of {term!r}")
        value = c @ self.coefficients["estimate"].to_numpy()
        return coefficient_table(value, c @ self.covariance @ c.T, self._free(c), self.level, list(rows))

    def test_of(self, terms: Sequence[str]) -> float:
        """Return p of the test of several coefficients together, by Wald's chi-square or F; NaN where it has none.

        Parameters
        ----------
        terms : list of str
            As in `coefficients`.
        """
        here = [list(self.coefficients.index).index(one_of("term", term, self.coefficients.index)) for term in terms]
        c = np.eye(len(self.covariance))[here]
        df = self._free(c)
        if (df != df[0]).any():
            return float("nan")  # a robust covariance has degrees of freedom for each alone
        beta = self.coefficients["estimate"].to_numpy()[here]
        return float(joint_test(beta, self.covariance[np.ix_(here, here)], tuple(terms), float(df[0]))["q_model_p"])

    def vif(self) -> pd.Series:
        """Return each moderator's variance over the one it would have if moderators were not correlated."""
        inner = [i for i, name in enumerate(self.coefficients.index) if name != INTERCEPT]
        cov = self.covariance[np.ix_(inner, inner)]
        scale = np.sqrt(np.diag(cov))
        if not (scale > 0).all():  # nothing is left to tell by
            return pd.Series(np.nan, index=self.coefficients.index[inner], name="vif")
        r = cov / np.outer(scale, scale)
        return pd.Series(np.diag(np.linalg.inv(r)), index=self.coefficients.index[inner], name="vif")

    def likelihood_ratio_test(self, smaller: CoefficientsResult) -> pd.DataFrame:
        """Return the likelihood-ratio test against a model with fewer moderators of the same rows, both by ML.

        Raises
        ------
        OptionError
            When one is not of ML, rows differ, or the other is not nested in this one.
        """
        if not (self._is_of_full_likelihood and smaller._is_of_full_likelihood):
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


def joint_test(beta: Floats, cov: Floats, names: tuple[str, ...], df: float) -> dict[str, Any]:
    """Return the test of all coefficients but the intercept; of the intercept where it is alone.

    Chi-square where `df` is infinite, else F with so many in the denominator; NaN where effects are as the coefficients
    have them, and nothing is left to scale standard errors by.
    """
    tested = [i for i, name in enumerate(names) if name != INTERCEPT] or [0]
    b, m = beta[tested], len(tested)
    q = float(b @ np.linalg.solve(cov[np.ix_(tested, tested)], b)) if cov.any() else np.nan
    value, p = (q, float(chi2_p(q, m))) if np.isinf(df) else (q / m, float(f_p(q / m, m, df)))
    return {"q_model": value, "q_model_df": m, "q_model_p": p}
