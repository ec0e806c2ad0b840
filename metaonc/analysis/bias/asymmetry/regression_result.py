"""What a regression test of asymmetry returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.digits import in_percent, p_said, plain
from ....base.result import Provenance, Result, Text
from ....errors import DataError
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..cautions import ALPHA, few, heterogeneous, of_precision
from . import rcode
from .predictors import PREDICTORS, Predictor
from .tests import REGRESSION_TESTS, RegressionTest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class RegressionTestResult(Result):
    """A regression test of asymmetry: whether effects depend on the size or the precision of trials.

    Attributes
    ----------
    test, model, predictor
        Codes in ``REGRESSION_TESTS``, of the model and in ``PREDICTORS``.
    slope, slope_se
        Change of the effect with the predictor, on the scale of analysis, and its standard error.
    statistic, df, p_value
        Test of no slope, two-sided: t, or z with infinite `df`.
    limit, limit_se, limit_low, limit_high
        Effect of a trial without sampling error, the intercept, on the scale of analysis; NaN where the predictor does
        not tell it.
    tau2
        Variance between trials that the line leaves over, of a mixed model; otherwise NaN.
    dispersion
        Factor of the variances, of least squares; otherwise NaN.
    k, level, measure, method, ci
        Of the pool: number of trials, level of the limits, codes.
    result
        The pool that was tested.
    """

    test: str
    model: str
    predictor: str
    slope: float
    slope_se: float
    statistic: float
    df: float
    p_value: float
    limit: float
    limit_se: float
    limit_low: float
    limit_high: float
    tau2: float
    dispersion: float
    k: int
    level: float
    measure: str
    method: str
    ci: str
    result: MetaResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("test", "model", "predictor", "statistic", "df", "slope", "limit")

    @property
    def record(self) -> RegressionTest:
        """The record of the test."""
        return REGRESSION_TESTS[self.test]

    @property
    def on(self) -> Predictor:
        """The record of the predictor."""
        return PREDICTORS[self.predictor]

    @property
    def on_label(self) -> str:
        """What effects are regressed on, in print."""
        return self.record.on or self.on.label

    @property
    def direction(self) -> int:
        """1 where small trials have higher effects than large ones, -1 where lower, 0 where neither."""
        return int(np.sign(self.slope) * self.on.small)

    @property
    def trend(self) -> str:
        """How effects of small trials lie beside those of large ones, in the words that the test allows."""
        if not self.direction:
            return ""
        label, other = self.result.record.label, "higher" if self.direction > 0 else "lower"
        if self.p_value < ALPHA:
            return f"small trials had {other} values of the {label} than large ones"
        return (
            f"no evidence that small trials had other values of the {label} than large ones (the slope, an estimate "
            f"alone, has them {other})"
        )

    @property
    def in_funnel(self) -> bool:
        """Whether it is a line through the funnel: effects of the pool on what is made of their standard errors."""
        return self.record.effects is REGRESSION_TESTS["egger"].effects and self.on.of_precision

    def effects_at(self, se: Floats) -> Floats:
        """Return the effects on its line at standard errors, on the scale of analysis."""
        return self.limit + self.slope * self.on.compute(se**2, se)

    def _cautions(self) -> list[Caution]:
        found = [*few(self.k), *(of_precision(self.result) if self.in_funnel else [])]
        found += heterogeneous(self.result) if self.model == "ols" else []
        return [Caution(text=text) for text in found] + list(self.result.cautions)

    def _natural_limits(self) -> tuple[str, list[float]]:
        """Return the name of the scale on which the limit is printed, and the limit with its interval there."""
        record, values = self.result.record, [self.limit, self.limit_low, self.limit_high]
        try:
            unit = 100.0 if record.scale == "percent" else 1.0
            return record.natural, [unit * float(self.result.natural(x)) for x in values]
        except DataError:  # no back-transform without sizes
            return record.label, values

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the test (type ``test``), and the effect in the limit (``limit``) where there is one.

        The slope is on the scale of analysis always.
        """
        limit = np.array([self.limit, self.limit_low, self.limit_high])
        limit = np.array([float(self.result.natural(x)) for x in limit]) if transform else limit
        se = [np.nan, np.nan] if transform else [self.slope_se, self.limit_se]
        table = pd.DataFrame(
            {
                "term": ["slope", "limit"], "type": ["test", "limit"], "estimate": [self.slope, limit[0]], "se": se,
                "statistic": [self.statistic, np.nan], "p_value": [self.p_value, np.nan],
                "ci_low": [np.nan, limit[1]], "ci_high": [np.nan, limit[2]],
            }
        )  # fmt: skip
        return table if np.isfinite(self.limit) else table[:1]

    def r_code(self) -> Text:
        """Return the R script, data inline, by which R arrives at this test."""
        return Text(rcode.regression(self))

    def _lines(self) -> list[str]:
        kind = "z" if np.isinf(self.df) else f"t({plain(self.df)})"
        model = "" if self.model == "ols" else f", mixed model ({self.method})"
        lines = [
            f"{self.record.label} of small-study effects: {self.k} trials, on the {self.on_label}{model}",
            f"{kind} {plain(self.statistic)}, {p_said(self.p_value)}",
        ]
        if self.trend:
            lines.append(self.trend)
        if np.isfinite(self.limit):
            name, values = self._natural_limits()
            shown = plain.of(*values)
            sign = " %" if self.result.record.scale == "percent" and name == self.result.record.natural else ""
            lines.append(f"without sampling error: {name} {shown[0]}{sign} "
                         f"({in_percent(self.level)} % CI {shown[1]} to {shown[2]})")  # fmt: skip
        return lines
