"""What methods return that read the effect of a trial without sampling error off the funnel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import in_percent, p_said, plain
from ....base.result import Provenance, Result, Text
from ....errors import DataError
from ...numeric.distributions import critical
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..cautions import few, of_precision
from . import rcode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class AdjustedEffect(Result):
    """A pooled effect that is adjusted for small-study effects, on the scale of analysis.

    Attributes
    ----------
    estimate, se, ci_low, ci_high
        Effect in the limit of trials without sampling error, its standard error and limits at `level`.
    statistic, df, p_value
        Test of no effect: t, or z with infinite `df`.
    k, level, measure
        Of the pool.
    method
        How it was adjusted.
    result
        The pool as it was.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    df: float
    p_value: float
    k: int
    level: float
    measure: str
    method: str
    result: MetaResult
    provenance: Provenance

    @property
    def tested(self) -> bool:
        """Whether its test of no effect says anything."""
        return self.result.tested

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return the confidence limits at another level."""
        half = float(critical(self.level if level is None else confidence_level(level), self.df)) * self.se
        low, high = self.estimate - half, self.estimate + half
        return (float(self.result.natural(low)), float(self.result.natural(high))) if transform else (low, high)

    def _cautions(self) -> list[Caution]:
        found = [*few(self.k), *of_precision(self.result)]
        return [Caution(text=text) for text in found] + list(self.result.cautions)

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(p_value=self.p_value if self.tested else np.nan, observed=self.result.estimate)

    def _summary_row(self, transform: bool) -> dict[str, Any]:
        values = [self.estimate, self.ci_low, self.ci_high]
        estimate, low, high = [float(self.result.natural(x)) for x in values] if transform else values
        tested = self.tested
        return {"term": "overall", "type": "summary", "estimate": estimate, "se": np.nan if transform else self.se,
                "statistic": self.statistic if tested else np.nan, "p_value": self.p_value if tested else np.nan,
                "ci_low": low, "ci_high": high}  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        return pd.DataFrame([self._summary_row(transform)])

    def _printed(self) -> str:
        """Return effect, interval and test on the natural scale, where there is one."""
        values, name, sign = [self.estimate, self.ci_low, self.ci_high], self.result.record.natural, ""
        try:
            values = [float(self.result.natural(x)) for x in values]
            if self.result.record.scale == "percent":
                values, sign = [100 * x for x in values], " %"
        except DataError:  # no back-transform without sizes
            name = self.result.record.label
        shown = plain.of(*values)
        test = f", {p_said(self.p_value)}" if self.tested else ""
        return f"{name} {shown[0]}{sign} ({in_percent(self.level)} % CI {shown[1]} to {shown[2]}){test}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class PetPeeseResult(AdjustedEffect):
    """The effect in the limit by PET or PEESE.

    Attributes
    ----------
    pet_p
        p-value of the effect by PET, by which the choice between the two is made.
    slope, slope_se
        Change of the effect with the standard error (PET) or the variance (PEESE).
    """

    pet_p: float
    slope: float
    slope_se: float
    _shown: ClassVar[tuple[str, ...]] = ("pet_p", "slope")

    @property
    def predictor(self) -> str:
        """Code of what effects are regressed on."""
        return "sei" if self.method == "PET" else "vi"

    def effects_at(self, se: Floats) -> Floats:
        """Return the effects on its line at standard errors, on the scale of analysis."""
        return self.estimate + self.slope * (se if self.method == "PET" else se**2)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which R's lm arrives at this effect."""
        return Text(rcode.pet_peese(self))

    def _lines(self) -> list[str]:
        return [f"{self.method}: {self.k} trials; in the limit without sampling error", self._printed()]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LimitResult(AdjustedEffect):
    """A limit meta-analysis.

    Attributes
    ----------
    intercept, slope
        Of the line through effects against the square root of variance and tau² together: beta and alpha.
    tau2
        Variance between trials, of the pool.
    q, q_small, q_residual
        Cochran's Q, the part of it that small-study effects account for (1 degree of freedom) and the rest (k - 2).
    q_small_p, q_residual_p
        Their p-values.
    g2
        Share of the variance of the limit effects that small-study effects do not account for, in percent.
    limits
        Effect of each trial in the limit, shrunken, (k,).
    """

    intercept: float
    slope: float
    tau2: float
    q: float
    q_small: float
    q_residual: float
    q_small_p: float
    q_residual_p: float
    g2: float
    limits: Floats
    _shown: ClassVar[tuple[str, ...]] = ("intercept", "slope", "q_small", "q_residual", "q_small_p", "q_residual_p",
                                         "g2")  # fmt: skip

    def effects_at(self, se: Floats) -> Floats:
        """Return the effects on its line at standard errors, on the scale of analysis."""
        return np.asarray(self.intercept + self.slope * np.sqrt(se**2 + self.tau2))

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return one row a trial in the limit (type ``study``), and the adjusted effect (``summary``)."""
        values = self.result.natural(self.limits) if transform else self.limits
        rows = pd.DataFrame({"term": list(self.result.studies.labels), "type": "study", "estimate": values})
        return pd.concat([rows, pd.DataFrame([self._summary_row(transform)])], ignore_index=True)

    def r_code(self) -> Text:
        """Return the R script, data inline, that makes the same by base R and metafor."""
        return Text(rcode.limit(self))

    def _lines(self) -> list[str]:
        small = f"small-study effects: Q {plain(self.q_small)} (1 df), {p_said(self.q_small_p)}"
        rest = f"rest: Q {plain(self.q_residual)} ({self.k - 2} df), {p_said(self.q_residual_p)}"
        return [f"Limit meta-analysis: {self.k} trials; in the limit without sampling error", self._printed(),
                f"{small}; {rest}; G² {plain(self.g2)} %"]  # fmt: skip
