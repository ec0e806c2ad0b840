"""Models that are fitted one by one: mixed models of counts, and Bayesian pools."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from ....base.check import one_of
from ....errors import ConvergenceError, DataError, DataWarning, OptionError
from ...effects.measures import MEASURES
from ...pooling.bayes.pool import pool_bayes
from ...pooling.bayes.priors import HalfNormal, Normal, TauPrior
from ...pooling.counts.glmm import PREDICTIONS, pool_glmm
from ...pooling.counts.glmm_intervals import GLMM_INTERVALS
from ...pooling.counts.glmm_models import GLMM_MODELS
from ..scenarios.scenario import Scenario
from ..scenarios.simulated import Simulated
from .analysis import Analysis, Outcomes, one_by_one


@dataclass(frozen=True, kw_only=True)
class PoolGlmm(Analysis):
    """The mixed model of counts, as ``pool_glmm`` fits it, of responses of one arm or two.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    model : str, optional
        Of two arms, as in ``pool_glmm``.
    ci : str
        Confidence interval, as in ``pool_glmm``.
    prediction : {"t", "wald"}, optional
        Prediction interval.

    Raises
    ------
    OptionError
        An option that does not exist.

    Notes
    -----
    Meta-analyses without a maximum of the likelihood, or without any trial that says something, count as failures.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.simulation.PoolGlmm(ci="t").label
    'GLMM, t'
    """

    model: str | None = None
    ci: str = "wald"
    prediction: str | None = None
    is_fast: ClassVar[bool] = False

    def __post_init__(self) -> None:
        one_of("ci", self.ci, GLMM_INTERVALS)
        if self.prediction is not None:
            one_of("prediction", self.prediction, PREDICTIONS)
        if self.model is not None:
            one_of("model", self.model, dict.fromkeys(code for _, code in GLMM_MODELS if code))

    @property
    def label(self) -> str:
        """Model, interval and prediction interval."""
        model = f" {self.model}" if self.model else ""
        return f"GLMM{model}, {self.ci}" + (f", prediction {self.prediction}" if self.prediction else "")

    def check(self, scenario: Scenario) -> None:
        """Refuse trials without counts."""
        super().check(scenario)
        if scenario.measure not in ("PLO", "OR"):
            raise OptionError(f"{self.label} is a model of counts: give ResponseTrials, not {scenario.label!r}.")
        if (scenario.measure == "PLO") and self.model is not None:
            raise OptionError(
                f"model={self.model!r} is of two arms: leave it out, or give odds_ratio= to the scenario."
            )

    def run(self, s: Simulated, level: float) -> Outcomes:
        """Fit all meta-analyses, one by one."""
        options: dict[str, Any] = {role: role for role in s.counts}
        options |= {
            "measure": s.measure,
            "model": self.model,
            "ci": self.ci,
            "prediction": self.prediction,
            "level": level,
        }

        def fitted(i: int) -> Any:
            try:
                r = pool_glmm({role: x[i] for role, x in s.counts.items()}, **options)
            except (ConvergenceError, DataError):
                return None
            return r if np.isfinite(r.estimate) else None

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)  # of trials that say nothing of a ratio
            return one_by_one(len(s), fitted)


@dataclass(frozen=True, kw_only=True)
class PoolBayes(Analysis):
    """The Bayesian pool, as ``pool_bayes`` makes it: posterior median, credible and prediction interval.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    tau_prior : HalfNormal, HalfCauchy, HalfT or LogNormal
        Prior of tau.
    mu_prior : Normal, optional
        Prior of the effect; flat when not given.

    Examples
    --------
    >>> import metaonc as mo
    >>> mo.simulation.PoolBayes().label
    'Bayes, tau half-normal(0.5)'
    """

    tau_prior: TauPrior = HalfNormal(0.5)  # noqa: RUF009 - a frozen record
    mu_prior: Normal | None = None
    is_fast: ClassVar[bool] = False

    @property
    def label(self) -> str:
        """Priors."""
        return f"Bayes, tau {self.tau_prior}" + (f", effect {self.mu_prior}" if self.mu_prior else "")

    def run(self, s: Simulated, level: float) -> Outcomes:
        """Pool all meta-analyses, one by one."""
        there = np.isfinite(s.yi) & np.isfinite(s.vi)
        measure = s.measure if s.measure in MEASURES else None

        def pooled(i: int) -> Any:
            rows = there[i]
            if not rows.any():
                return None
            return pool_bayes({"yi": s.yi[i, rows], "vi": s.vi[i, rows]}, measure=measure, level=level,
                              tau_prior=self.tau_prior, mu_prior=self.mu_prior)  # fmt: skip

        return one_by_one(len(s), pooled)
