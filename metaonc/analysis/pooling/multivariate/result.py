"""What pool_multivariate returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.caution import Caution
from ....base.check import confidence_level, one_of
from ....base.columns import limits
from ....base.digits import in_percent, p_said, plain, statistic_said
from ....base.result import Provenance, Result, Text
from ....errors import OptionError
from ...effects.measures import MEASURES, Measure
from ...numeric import between
from ...numeric.distributions import chi2_p, chi2_quantile, critical, to_error, two_sided_p
from ...numeric.mixed_model import Model
from ...numeric.robust import ROBUST_METHODS
from ...numeric.wls import Floats
from ...results.cautions import FLAT, SO_FLAT, assumed
from ...results.doubts import of_sizes
from . import rcode


class WaldTest(NamedTuple):
    """Linear combinations of the pooled effects (m,), their standard errors, and the test that all are as stated."""

    estimate: Floats
    se: Floats
    statistic: float
    df: int
    p_value: float


SINGULAR = (
    "the covariance between trials is singular: a correlation of 1 is the edge of what is possible, not evidence of a "
    "perfect relation; it tells that the data hardly inform it"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MultivariateResult(Result):
    """Pooled effects of several outcomes, on the scale of analysis.

    Attributes
    ----------
    outcomes
        Columns of the effects; all arrays are in their order.
    estimate, se, ci_low, ci_high, statistic, p_value
        Of each outcome, (p,): z tests of no effect.
    cov
        Covariance of the pooled effects, (p, p).
    tau2, tau_correlation
        Covariance between trials, (p, p), variances on its diagonal, and its correlations; NaN beside a variance of 0.
    boundary
        Whether that covariance is singular: a variance of 0, or a correlation of -1 or 1.
    prediction_low, prediction_high
        Of each outcome in a new trial, (p,).
    k, reported
        Number of trials, and of those that report each outcome.
    q, q_df, q_p
        Cochran's Q, over all outcomes.
    loglik, aic, bic
        Restricted under REML, otherwise full likelihood.
    method, structure, level, measures
        As they were asked for.
    labels, yi, within
        Trials, their effects (k, p), and sampling covariances (k, p, p).
    data
        The rows that were pooled.
    """

    outcomes: tuple[str, ...]
    estimate: Floats
    se: Floats
    ci_low: Floats
    ci_high: Floats
    statistic: Floats
    p_value: Floats
    cov: Floats
    tau2: Floats
    tau_correlation: Floats
    boundary: bool
    prediction_low: Floats
    prediction_high: Floats
    k: int
    reported: tuple[int, ...]
    q: float
    q_df: int
    q_p: float
    loglik: float
    aic: float
    bic: float
    method: str
    structure: str
    level: float
    measures: tuple[str, ...]
    labels: tuple[str, ...]
    yi: Floats
    within: Floats
    data: pd.DataFrame = field(repr=False)
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("boundary", "loglik", "aic", "bic", "structure")

    @property
    def row_units(self) -> tuple[str, ...]:
        """The trial that each row is of."""
        return self.labels

    def record_of(self, outcome: str) -> Measure:
        """Return the record of an outcome's measure."""
        return MEASURES[self.measures[self.outcomes.index(outcome)]]

    def refit(self, rows: NDArray[np.bool_]) -> MultivariateResult:
        """Return the pool of these of its trials by the same model."""
        from .pool import refit

        return refit(self, rows)

    def estimates(self, level: float | None = None) -> pd.DataFrame:
        """Return the pooled effects, one row an outcome; Q is of all outcomes."""
        own = pd.DataFrame({"estimate": self.estimate, "se": self.se, "df": np.inf}, index=self.outcomes)
        table = own.join(self.confidence_interval(level)).rename_axis("outcome")
        return table.assign(tau2=np.diag(self.tau2), q=self.q, i2=np.nan, interval="wald")

    @property
    def fitted_model(self) -> tuple[Model, Floats]:
        """The mixed model, a block a trial, and its variance components."""
        m = between.model(self.yi, self.within, self.structure, self.method == "REML")
        pairs = between.pairs_of(len(self.outcomes), self.structure)
        return m, np.array([self.tau2[i, j] for i, j in pairs])

    @property
    def r_units(self) -> str:
        """R expression of the trial of each row, once ``r_code`` has run."""
        return "dat$id"

    @property
    def r_estimate(self) -> str:
        """R expression of the effects and their standard errors, once ``r_code`` has run."""
        return "cbind(c(res$beta), res$se)"

    def _cautions(self) -> list[Caution]:
        flat = np.isfinite(self.prediction_low) & (np.diag(self.tau2) == 0) & (self.method != "CE")
        found = [caution for measure in dict.fromkeys(self.measures) for caution in assumed(measure, self.data)]
        for i, measure in enumerate(self.measures):
            found += of_sizes(measure, self.yi[:, i], self.within[:, i, i], self.labels)
        return found + [
            Caution(text=FLAT, more=SO_FLAT, of=self.outcomes[i], of_prediction=True)
            for i in np.flatnonzero(flat).tolist()
        ]

    def natural(self, x: Any) -> Floats:
        """Return values (..., p) on the outcomes' natural scales."""
        columns = [MEASURES[m].inverse(np.asarray(x)[..., i]) for i, m in enumerate(self.measures)]
        return np.stack(columns, -1)

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each outcome at another level, one row an outcome."""
        level = self.level if level is None else confidence_level(level)
        half = float(critical(level)) * self.se
        ends = self.estimate - half, self.estimate + half
        return limits((self.natural(x) if transform else x for x in ends), pd.Index(self.outcomes, name="outcome"))

    def test(self, contrasts: Any = None, null: Any = 0.0) -> WaldTest:
        """Test linear combinations of the pooled effects together.

        Parameters
        ----------
        contrasts
            Coefficients (m, p) or (p,), such as [1, -1] for a difference; when None, the outcomes themselves: the
            test that the treatment affects none.
        null
            What the combinations are under the hypothesis, a number or (m,).

        Returns
        -------
        WaldTest
            Chi-square with as many degrees of freedom as there are combinations.
        """
        p = len(self.outcomes)
        c = np.eye(p) if contrasts is None else np.atleast_2d(np.asarray(contrasts, float))
        if c.shape[1] != p or np.linalg.matrix_rank(c) < len(c):
            raise OptionError(f"contrasts must be rows of {p} coefficients, none a combination of others.")
        value, cov = c @ self.estimate, c @ self.cov @ c.T
        off = value - np.asarray(null, float)
        statistic = float(off @ np.linalg.solve(cov, off))
        return WaldTest(value, np.sqrt(np.diag(cov)), statistic, len(c), float(chi2_p(statistic, len(c))))

    def robust(self, *, kind: str = "CR2") -> pd.DataFrame:
        """Return the outcomes' cluster-robust standard errors, tests and limits, trials as clusters, one row each.

        They rest less on the covariances within and between trials; the estimates are the same.

        Parameters
        ----------
        kind : {"CR2", "CR1"}
            Bias-reduced with Satterthwaite's degrees of freedom, or the simple sandwich; see ``pool_multilevel``.

        References
        ----------
        Pustejovsky and Tipton 2022, doi:10.1007/s11121-021-01246-3.
        """
        found = ROBUST_METHODS[one_of("kind", kind, ROBUST_METHODS)].estimate(*self.fitted_model)
        se = np.sqrt(np.diag(found.cov))
        half, statistic = critical(self.level, found.df) * se, to_error(self.estimate, se)
        columns = {
            "estimate": self.estimate, "se": se, "statistic": statistic, "df": found.df,
            "p_value": two_sided_p(statistic, found.df), "ci_low": self.estimate - half,
            "ci_high": self.estimate + half,
        }  # fmt: skip
        return pd.DataFrame(columns, index=pd.Index(self.outcomes, name="outcome"))

    def region(self, first: str, second: str, *, level: float | None = None, points: int = 200) -> pd.DataFrame:
        """Return the outline of the joint confidence region of two pooled effects: an ellipse, one point a row."""
        level = self.level if level is None else confidence_level(level)
        pair = [self.outcomes.index(one_of("outcome", name, self.outcomes)) for name in (first, second)]
        angle = np.linspace(0, 2 * np.pi, points)
        root = np.linalg.cholesky(self.cov[np.ix_(pair, pair)])
        circle = np.sqrt(float(chi2_quantile(level, 2))) * np.stack([np.cos(angle), np.sin(angle)])
        outline = self.estimate[pair][:, None] + root @ circle
        return pd.DataFrame({first: outline[0], second: outline[1]})

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        return Text(
            rcode.script(
                self.labels, self.outcomes, self.yi, self.within, method=self.method, structure=self.structure,
                level=self.level, between=self.tau2,
            )
        )  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row an outcome of a trial and one a pooled effect (type ``study`` or ``summary``)."""
        se = np.sqrt(np.diagonal(self.within, axis1=1, axis2=2))
        half = float(critical(self.level)) * se
        parts = {"estimate": self.yi, "ci_low": self.yi - half, "ci_high": self.yi + half}
        whole = {"estimate": self.estimate, "ci_low": self.ci_low, "ci_high": self.ci_high}
        table = {
            name: np.concatenate([(self.natural(parts[name]) if transform else parts[name]).ravel(),
                                  self.natural(whole[name]) if transform else whole[name]])
            for name in parts
        }  # fmt: skip
        p, k = len(self.outcomes), self.k
        rows = pd.DataFrame({
            "term": [label for label in self.labels for _ in range(p)] + ["overall"] * p,
            "outcome": list(self.outcomes) * (k + 1), "type": ["study"] * (k * p) + ["summary"] * p, **table,
            "se": np.nan if transform else np.concatenate([se.ravel(), self.se]), "interval": "wald",
            "statistic": np.concatenate([np.full(k * p, np.nan), self.statistic]),
            "p_value": np.concatenate([np.full(k * p, np.nan), self.p_value]),
        })  # fmt: skip
        return pd.DataFrame(rows[np.isfinite(rows["estimate"])]).reset_index(drop=True)

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: sizes, variances and correlations between trials, fit."""
        row: dict[str, Any] = {}
        for i, name in enumerate(self.outcomes):
            row |= {f"k_{name}": self.reported[i], f"tau2_{name}": self.tau2[i, i]}
            row |= {f"correlation_{self.outcomes[j]}_{name}": self.tau_correlation[i, j] for j in range(i)}
        return self._row(**row)

    def _lines(self) -> list[str]:
        percent = f"{in_percent(self.level)} %"
        limits = zip(*(self.natural(x) for x in (self.estimate, self.ci_low, self.ci_high)), strict=True)
        lines = [f"Pooled effects of {len(self.outcomes)} outcomes: {self.k} trials, {self.method}, {self.structure}"]
        for i, (estimate, low, high) in enumerate(plain.of(*values) for values in limits):
            name = f"{self.outcomes[i]} ({MEASURES[self.measures[i]].natural}, {self.reported[i]} trials)"
            tail = f"{p_said(self.p_value[i])}, tau² {plain(self.tau2[i, i])}"
            lines.append(f"{name}: {estimate} ({percent} CI {low} to {high}), {tail}")
        for i, name in enumerate(self.outcomes):
            lines += [
                f"correlation between trials, {self.outcomes[j]} and {name}: {plain(self.tau_correlation[i, j])}"
                for j in range(i)
            ]  # fmt: skip
        return [*lines, f"{statistic_said('Q', self.q, self.q_df, self.q_p)}"]
