"""What pools of counts return: a pooled result with the tests of equal rates, its likelihood, and its model's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.caution import Caution
from ....base.digits import plain, statistic_said
from ....base.messages.advice import option
from ....base.result import Text
from ...effects.measures import MEASURES
from ...effects.zeros import correct, is_time
from ...results.cautions import FLAT
from ...results.lines import pooled_lines
from ...results.model_facts import ModelFacts
from ...results.pooled import Compared, PooledResult
from ...results.rtext import vector
from . import cautions, rcode
from .beta_binomial_likelihood import BetaBinomial, Maximum
from .glmm_intervals import GLMM_INTERVALS
from .glmm_models import GLMM_MODELS
from .one_arm import ONE_ARMED


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class CountResult(PooledResult):
    """A pool of counts by maximum likelihood.

    Weights are shares of patients or of person-time: such a model gives trials no weights of its own.

    Attributes
    ----------
    marginal
        Mean rate over trials; NaN of two arms.
    q_lrt, q_lrt_p, q_df
        Likelihood ratio test of equal rates (of two arms: equal effects), against one of its own for each trial.
    loglik
        Maximised log likelihood with its constants, a sum of log probabilities.
    """

    marginal: float
    q_lrt: float
    q_lrt_p: float
    q_df: int
    loglik: float
    model_facts: ClassVar[ModelFacts] = ModelFacts(pools_counts=True, gives_weights=False)

    @property
    def title(self) -> str:
        """Name of the model, as a methods section has it."""
        raise NotImplementedError

    @property
    def spread(self) -> tuple[str, float]:
        """How much trials differ: symbol and value."""
        return "τ²", self.tau2

    @property
    def compared(self) -> Compared:
        """Each row's log odds or log rate (of two arms their difference) with 1/2 added to its cells, pooled by REML.

        Chi-square of the models' standard errors takes tau² as known and rejects too often with few trials; F does not
        (docs/test_sizes.md). All are made alike, with 1/2 in each cell, not in empty ones alone.
        """
        record = MEASURES[self.measure]
        assert record.compute is not None  # what can be pooled as counts has a formula of counts
        s = self.studies
        yi, vi = record.compute(correct({role: s.column(s.roles[role]) for role in record.roles}, 0.5, "all")[0])
        return Compared(yi, vi, "REML")

    @property
    def equal(self) -> str:
        """What `q_lrt` tests."""
        return "equal rates" if self.record.null is None else "equal effects"

    @property
    def weight_label(self) -> str:
        """What `weights` are shares of."""
        return "person-time" if any(is_time(role) for role in self.record.roles) else "number of patients"

    def study_table(self, *, transform: bool = False, interval: str = "exact") -> pd.DataFrame:
        """Return each trial as all pooled results do; the logit of 0 or all is infinite and has no Wald limits."""
        with np.errstate(invalid="ignore"):
            return PooledResult.study_table(
                self, transform=transform, interval=interval
            )  # slots: no short form of super()

    def _limits(self, level: float) -> tuple[float, float]:
        if self.ci == "exact":
            arm = ONE_ARMED[self.measure]
            whole = arm.summed({role: self.studies.column(self.studies.roles[role]) for role in arm.roles}, level)
            assert whole is not None
            return whole.low, whole.high
        return PooledResult._limits(self, level)

    def _cautions(self) -> list[Caution]:
        return [*(c for c in PooledResult._cautions(self) if c.text != FLAT), *cautions.of(self)]

    @property
    def r_estimate(self) -> str:
        """R expression of the estimate and its standard error; R's exact test has an interval only."""
        return vector([self.estimate, self.se]) if self.ci == "exact" else "c(res$beta, res$se)"

    def _lines(self) -> list[str]:
        if self.k == 1:
            return pooled_lines(self)
        symbol, value = self.spread
        test = f"{self.equal}: {statistic_said('likelihood ratio', self.q_lrt, self.q_df, self.q_lrt_p)}"
        return [*pooled_lines(self), self.title, f"{symbol.replace('τ', 'tau')} {plain(value)}; {test}"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class GlmmResult(CountResult):
    """A pool of counts by a mixed model.

    Attributes
    ----------
    model
        Code of the model of two arms, ``UM.FS``, ``UM.RS``, ``CM.EL`` or ``CM.AL``; empty for one arm.
    sigma2
        Variance of the baselines between trials (UM.RS); NaN of other models.
    marginal
        Mean rate over trials; the back-transformed estimate is the rate of the median trial. NaN of two arms.
    q_wald, q_wald_p
        Wald's test of the same; trials whose own effect is infinite are left out of it.
    points
        Quadrature points a dimension; 1 is Laplace's approximation.
    """

    model: str
    sigma2: float
    q_wald: float
    q_wald_p: float
    points: int
    _shown: ClassVar[tuple[str, ...]] = (
        *("sigma2", "q_lrt", "q_lrt_p", "q_wald", "q_wald_p", "marginal", "loglik", "points", "model"),
    )

    @property
    def title(self) -> str:
        """Name of the model, as a methods section has it."""
        return GLMM_MODELS[self.measure, self.model].label.capitalize()

    @property
    def is_single(self) -> bool:
        """Whether the result shows one trial as it is: some models of one trial estimate another ratio than its own."""
        return self.k == 1 and GLMM_MODELS[self.measure, self.model].has_own_ratio

    def _limits(self, level: float) -> tuple[float, float]:
        if self.ci in GLMM_INTERVALS and GLMM_INTERVALS[self.ci].of_likelihood:
            from .glmm import limits

            return limits(self, level)
        return CountResult._limits(self, level)

    def refit(self, rows: NDArray[np.bool_]) -> GlmmResult:
        """Return the pool of these of its rows by the same model and options."""
        from .glmm import refit

        return refit(self, rows)

    def _advice(self) -> list[str]:
        found = PooledResult._advice(self)
        found += [f"{option('ci', 't')} is wider."] * cautions.takes_tau2_as_known(self)
        return found + [f"{option('points', 15)} integrates the likelihood."] * bool(
            self.k > 1 and self.points == 1 and np.isfinite(self.tau2)  # else there is nothing to integrate over
        )

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor arrives at this result."""
        data = rcode.data_of(self.studies, self.measure)
        if self.ci == "exact":
            return Text(rcode.exact(data, self.measure, self.level))
        if self.k == 1:
            return Text(rcode.one_trial(data, self.measure, self.model, self.level))
        prediction = self.prediction if np.isfinite(self.prediction_low) else None
        return Text(
            rcode.glmm(data, self.measure, self.model, ci=self.ci, prediction=prediction, level=self.level,
                       points=self.points)
        )  # fmt: skip

    def _lines(self) -> list[str]:
        lines = CountResult._lines(self)
        if self.k == 1 or self.record.null is not None:
            return lines
        percent = self.record.scale == "percent"
        return [*lines, f"mean rate over trials {plain(100 * self.marginal)} %" if percent else
                f"mean rate over trials {plain(self.marginal)}"]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BetaBinomialResult(CountResult):
    """A pool of single-arm responses whose rates vary as a beta distribution.

    Attributes
    ----------
    rho
        Correlation of two patients of one trial, 1/(a + b + 1); the rates' variance is rho p (1 - p). `tau2` is NaN:
        this model has no variance of logits.
    a, b
        Parameters of the beta distribution; infinite where rho is 0.
    marginal
        Mean rate over trials, which is what this model estimates.
    """

    rho: float
    a: float
    b: float
    _shown: ClassVar[tuple[str, ...]] = ("rho", "a", "b", "q_lrt", "q_lrt_p", "marginal", "loglik")

    @property
    def title(self) -> str:
        """Name of the model, as a methods section has it."""
        return "Beta-binomial model"

    @property
    def spread(self) -> tuple[str, float]:
        """How much trials differ: symbol and value."""
        return "ρ", self.rho

    def _limits(self, level: float) -> tuple[float, float]:
        if self.ci != "profile":
            return CountResult._limits(self, level)
        fit = Maximum(self.estimate, self.rho, self.se, self.loglik)
        events, n = (self.studies.column(self.studies.roles[role]) for role in ("events", "n"))
        return BetaBinomial(events, n).profile_limits(fit, level)

    def refit(self, rows: NDArray[np.bool_]) -> BetaBinomialResult:
        """Return the pool of these of its rows by the same interval."""
        from .beta_binomial import refit

        return refit(self, rows)

    def r_code(self) -> Text:
        """Return an R script, data inline, that maximises the same likelihood with R's own functions."""
        data = rcode.data_of(self.studies, self.measure)
        if self.ci == "exact":
            return Text(rcode.exact(data, self.measure, self.level))
        return Text(rcode.beta_binomial(data, ci=self.ci, level=self.level, rho=self.rho))

    @property
    def r_estimate(self) -> str:
        """R expression of the estimate and its standard error, once ``r_code`` has run."""
        return vector([self.estimate, self.se]) if self.ci == "exact" else "c(est, se)"
