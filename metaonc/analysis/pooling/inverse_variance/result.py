"""What an inverse-variance pool returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import percentage, plain, statistic_said
from ....base.messages.advice import option
from ....base.result import Text
from ....errors import DataError
from ...methods.heterogeneity import i2_of, tau2_interval
from ...methods.intervals import CI_METHODS
from ...methods.narrower import is_narrower
from ...methods.tau2 import TAU2_METHODS, is_common
from ...numeric.correlated import turned
from ...results.cautions import narrower
from ...results.lines import pooled_lines
from ...results.model_facts import ModelFacts
from ...results.pooled import Compared, PooledResult
from . import rcode, rcode_correlated
from .covariance import sharing

ONCE = "patients of that arm count once, as sampling errors of these rows are taken as correlated by its part in them"


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
    typical_variance
        Sampling variance of a typical trial (Higgins and Thompson 2002), by which I² is made of tau².
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
        own_limits = CI_METHODS[self.ci].own_limits
        if own_limits is None:
            return PooledResult._limits(self, level)  # slots leave a dataclass without the short form of super()
        found = own_limits(self.studies.yi, self.studies.vi, self.tau2, level)
        return found.low, found.high

    @property
    def compared(self) -> Compared | None:
        """What an F test between such pools takes; None of known tau² with normal intervals, and of correlated rows."""
        given, s = self.provenance.settings["tau2"], self.studies
        known = given is not None or is_common(self.method)
        if (
            self.method not in TAU2_METHODS
            or s.covariance is not None
            or (known and CI_METHODS[self.provenance.settings["ci"]].is_normal)
        ):
            return None
        return Compared(s.yi, s.vi, self.method, given)

    def _cautions(self) -> list[Caution]:
        return [*self._shared(), *PooledResult._cautions(self), *self._narrower()]

    def _shared(self) -> list[Caution]:
        column = self.provenance.settings.get("shared")
        if column is None or self.studies.covariance is None:
            return []
        return [Caution(text=f"{text}; {ONCE}") for text in sharing(self.studies, column)]

    def _advice(self) -> list[str]:
        found = PooledResult._advice(self)
        if self._narrower():
            safe = option("ci", CI_METHODS[self.ci].safeguard)
            found.append(f"{safe} gives an interval that is never narrower than Wald's.")
        return found + [f"{option('ci', 'HKSJ')} has k - 1 degrees of freedom."] * (self.df < 1)

    def _narrower(self) -> list[Caution]:
        if self.k == 1:
            return []
        s = self.studies
        if s.covariance is None:
            plain = float((1 / (s.vi + self.tau2)).sum() ** -0.5)
        else:
            plain = turned(s.yi, s.covariance).variance(self.tau2) ** 0.5
        if not is_narrower(self.ci, self.se, self.df, plain, self.level):
            return []
        try:
            self.natural(self.estimate)
            natural = self.natural
        except DataError:  # no back-transform without sizes
            natural = None
        return [
            narrower(self.ci, self.tau2, self.estimate, plain, self.df, self.level, self.record, scaled=self.se,
                     natural=natural)
        ]  # fmt: skip

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

        Returns
        -------
        tuple of float
            The limits; NaN of one trial.

        Warns
        -----
        MethodWarning
            No tau² from 0 agrees with the effects at this level: the set is empty, and both limits are 0.
        """
        level = self.level if level is None else confidence_level(level)
        s = self.studies
        if s.covariance is None or self.k == 1:
            return tau2_interval(method, self.method, s.yi, s.vi, None, self.tau2, level)
        alike = turned(s.yi, s.covariance)
        return tau2_interval(method, self.method, alike.y, alike.v, alike.x, self.tau2, level)

    def i2_ci(self, method: str = "QP", level: float | None = None) -> tuple[float, float]:
        """Return a confidence interval of I² in percent, from that of tau²."""
        low, high = (float(i2_of(t, self.typical_variance)) for t in self.tau2_ci(method, level))
        return low, high

    def refit(self, rows: NDArray[np.bool_], **other: Any) -> MetaResult:
        """Return the pool of these of its rows by the same options, but for what `other` gives."""
        from .pool import pooled

        asked = {
            name: self.provenance.settings[name] for name in ("prediction", "tau2", "weights", "covariance", "shared")
        }
        asked |= {"method": self.method, "ci": self.ci, "level": self.level}
        return pooled(self.studies.taken(rows), self.measure, **{**asked, **other})

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        covariance = self.studies.covariance
        if covariance is None or self.k == 1:
            return Text(rcode.script(rcode.data_of(self.studies), **self.r_ingredients))
        ingredients = {name: x for name, x in self.r_ingredients.items() if name != "weights"}
        return Text(rcode_correlated.script(rcode.data_of(self.studies), covariance, **ingredients))

    @property
    def r_ingredients(self) -> dict[str, Any]:
        """What the R script takes besides the data."""
        settings = self.provenance.settings
        return {
            "method": self.method, "ci": self.ci, "level": self.level, "tau2": self.tau2,
            "prediction": self.prediction if np.isfinite(self.prediction_low) else None,
            "given": settings["tau2"] is not None, "inverse": self.record.r_inverse,
            "weights": self.studies.column(settings["weights"]) if settings["weights"] else None,
        }  # fmt: skip

    @property
    def r_estimate(self) -> str:
        """R expression of the estimate and its standard error, once ``r_code`` has run."""
        if self.studies.covariance is not None and self.k > 1:
            return "c({0}$beta, {0}$se)".format(rcode_correlated.answer(self.ci))
        return rcode.estimate_of(self.ci, self.estimate, self.se)

    def _lines(self) -> list[str]:
        if self.k == 1:
            return pooled_lines(self)
        het = f"tau² {plain(self.tau2)}, I² {percentage(self.i2)} %, {statistic_said('Q', self.q, self.q_df, self.q_p)}"
        correlated = ["sampling errors correlated, by generalised least squares"] * (
            self.studies.covariance is not None
        )
        return [*pooled_lines(self), *correlated, het]
