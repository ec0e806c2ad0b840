"""What an inverse-variance pool returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ....base.check import confidence_level, one_of
from ....base.result import Text
from ...methods.henmi_copas import henmi_copas
from ...methods.heterogeneity import TAU2_INTERVALS, i2_of
from ...results import rcode
from ...results.model_facts import ModelFacts
from ...results.pooled import PooledResult, pooled_lines


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MetaResult(PooledResult):
    """An inverse-variance pool.

    Attributes
    ----------
    se_tau2
        Asymptotic standard error of tau²; NaN where none is defined.
    i2, h2
        I² in percent and H².
    q, q_df, q_p
        Cochran's Q.
    loglik, aic, bic
        Restricted under REML, otherwise full likelihood; of this estimate.
    """

    se_tau2: float
    i2: float
    h2: float
    q: float
    q_df: int
    q_p: float
    loglik: float
    aic: float
    bic: float
    typical_variance: float
    model_facts: ClassVar[ModelFacts] = ModelFacts(inverse_variance=True)
    _shown: ClassVar[tuple[str, ...]] = ("se_tau2", "h2", "loglik", "aic", "bic")

    def _limits(self, level: float) -> tuple[float, float]:
        if self.ci != "HC":
            return PooledResult._limits(self, level)  # slots leave a dataclass without the short form of super()
        hc = henmi_copas(self.studies.yi, self.studies.vi, self.tau2, level)
        return hc.estimate - hc.factor * hc.se, hc.estimate + hc.factor * hc.se

    def tau2_ci(self, method: str = "QP", level: float | None = None) -> tuple[float, float]:
        """Return a confidence interval of tau².

        Parameters
        ----------
        method : {"QP", "PL", "BJ", "J"}
            Q-profile (Viechtbauer 2007, doi:10.1002/sim.2514); profile likelihood (Hardy and Thompson 1996), for
            which the result must be of REML or ML; Biggerstaff and Jackson and Jackson (2013), from the exact
            distribution of Q with weights 1/v and 1/sqrt(v).
        level : float, optional
            The result's own level when not given.
        """
        find = TAU2_INTERVALS[one_of("method", method, TAU2_INTERVALS)]
        if method == "PL":
            one_of("method of a result with a profile likelihood", self.method, ["REML", "ML"])
        level = self.level if level is None else confidence_level(level)
        low, high = find(self.studies.yi, self.studies.vi, None, self.tau2, level, self.method == "REML")
        return float(low), float(high)

    def i2_ci(self, method: str = "QP", level: float | None = None) -> tuple[float, float]:
        """Return a confidence interval of I² in percent, from that of tau²."""
        low, high = (float(i2_of(t, self.typical_variance)) for t in self.tau2_ci(method, level))
        return low, high

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        return Text(rcode.inverse_variance(self))

    def _lines(self) -> list[str]:
        if self.k == 1:
            return pooled_lines(self)
        het = f"tau² {self.tau2:.4g}, I² {self.i2:.1f} %, Q {self.q:.4g} ({self.q_df} df), p {self.q_p:.3g}"
        return [*pooled_lines(self), het]
