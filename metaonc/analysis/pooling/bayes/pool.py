"""pool_bayes: random effects with priors, by quadrature instead of simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import in_percent, plain, significant
from ....base.messages.arguments import known_arguments
from ....base.result import Provenance, Text
from ....errors import OptionError
from ...numeric.distributions import critical
from ...results import patients, repeats
from ...results.model_facts import ModelFacts
from ...results.pooled import PooledResult
from ...results.studies import Studies
from ..inverse_variance.read_studies import read_studies
from . import marginals
from . import rcode as bayes_rcode
from .marginals import EffectMarginal, TauMarginal
from .posterior import integrate
from .priors import HalfNormal, Normal, TauPrior

FAR = 2.0  # times the root of both variances: as two independent estimates of one effect are in 1 of 20
FEW = 5  # trials: of fewer the prior of τ matters
ALONE = "one trial says nothing of the variance between trials: the posterior of τ is its prior"
RESTS = "the credible interval of the effect is that of the trial, widened by this prior; nothing was pooled"
ANOTHER = "another prior can give another result, and belongs beside this one"
READ = "read median and interval"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BayesResult(PooledResult):
    """A Bayesian pool.

    ``estimate`` is the posterior median of the pooled effect, which keeps its meaning on the natural scale; ``se``
    its posterior standard deviation; ``ci_low`` and ``ci_high`` the central credible interval; the prediction interval
    is that of `predictive`; ``tau2`` the square of tau's median. There is no test: ``statistic`` and ``p_value`` are
    NaN. ``weights`` are posterior means of the trials' shares in the pooled effect; a prior of the effect has the rest.

    Attributes
    ----------
    mu, tau, predictive
        Posteriors of the pooled effect, of the standard deviation between trials, and of the effect in a new trial:
        mean, median, sd, low, high, and the methods density, cdf, quantile, interval and shortest.
    shrinkage
        One row a trial: its own effect's posterior mean, median, sd and interval, and the share of the estimate
        that comes from the pooled effect.
    tau_prior, mu_prior
        Priors in force; of the effect, None is flat.
    flat_estimate, flat_se
        Median of the effect under a flat prior of it, and its standard error by the width of the 95 % interval: what
        the trials say alone, tau included.
    """

    mu: EffectMarginal
    tau: TauMarginal
    predictive: EffectMarginal
    shrinkage: pd.DataFrame
    tau_prior: TauPrior
    mu_prior: Normal | None
    flat_estimate: float
    flat_se: float
    model_facts: ClassVar[ModelFacts] = ModelFacts(interval_label="CrI", has_test=False, adds_to_one_trial=True)

    def _limits(self, level: float) -> tuple[float, float]:
        return self.mu.interval(level)  # the central credible interval

    def _cautions(self) -> list[Caution]:
        """Return those of all pools, and what of the posterior is the prior's."""
        found = PooledResult._cautions(self)
        if self.k == 1:
            found.append(Caution(text=ALONE, more=RESTS))
        elif self.k < FEW:
            found.append(Caution(text=f"with {self.k} trials the posterior depends on the prior of τ", more=ANOTHER))
        if self._apart > FAR and self.mu_prior is not None:
            found.append(self._conflict(self.mu_prior))
        parts = (("the effect", self.mu), ("τ", self.tau), ("the prediction", self.predictive))
        infinite = [name for name, m in parts if not np.isfinite(m.sd)]
        if infinite:
            found.append(Caution(text=f"under this prior {', '.join(infinite)} has no finite variance", more=READ))
        return found

    @property
    def _apart(self) -> float:
        """By how many times the root of both variances prior and trials are apart."""
        prior = self.mu_prior
        if prior is None:
            return 0.0
        return abs(prior.mean - self.flat_estimate) / float(np.hypot(prior.sd, self.flat_se))

    def _conflict(self, prior: Normal) -> Caution:
        """Return the caution of a prior and trials that do not go together, on both scales."""
        centre, alone = self._natural(prior.mean, self.flat_estimate)
        name = self.record.natural
        return Caution(
            text=f"prior and trials disagree: the prior of the effect is centred at {name} {centre}, the trials alone "
            f"give {alone}",
            more=f"on the scale of the {self.record.label} the prior has mean {prior.mean:g} and standard deviation "
            f"{prior.sd:g}, {significant(self._apart)} times the root of both variances from the trials (more than "
            f"{FAR:g} is far); the posterior is a compromise that neither supports",
            numeric=True,
        )

    def _natural(self, *values: float) -> tuple[str, ...]:
        """Return values as they are printed on the natural scale."""
        unit, sign = (100.0, " %") if self.record.scale == "percent" else (1.0, "")
        return tuple(f"{text}{sign}" for text in significant.of(*(unit * float(self.natural(x)) for x in values)))

    def _advice(self) -> list[str]:
        found = PooledResult._advice(self)
        if self._apart <= FAR:
            return found
        return [
            *found,
            "is the prior of the effect meant on the scale of analysis, as of a ratio Normal(math.log(0.8), 0.2)?",
        ]

    def _prior_of_effect(self) -> str:
        """Return the prior of the effect with its scale and, where that is another, its centre on the natural scale."""
        if self.mu_prior is None:
            return "flat"
        centre = f", centred at {self._natural(self.mu_prior.mean)[0]}" * (self.record.label != self.record.natural)
        return f"{self.mu_prior} of the {self.record.label}{centre}"

    def _weight_of_all(self) -> float:
        return float(np.nansum(self.weights))  # a prior of the effect has the rest

    def refit(self, rows: NDArray[np.bool_]) -> BayesResult:
        """Return the pool of these of its rows with the same priors."""
        return _pooled(self.studies.taken(rows), self.measure, (), self.tau_prior, self.mu_prior, self.level)

    @property
    def r_estimate(self) -> str:
        """R expression of the posterior median and standard deviation, once ``r_code`` has run."""
        return bayes_rcode.MEDIAN_AND_SD

    def _glance(self) -> list[dict[str, Any]]:
        """Return one row: size, the three posteriors, the priors."""
        row: dict[str, Any] = {}
        for name in ("mu", "tau", "predictive"):
            part = getattr(self, name)
            row |= {f"{name}_{field}": getattr(part, field) for field in ("mean", "median", "sd", "low", "high")}
        return self._row(**row, tau_prior=str(self.tau_prior), mu_prior=str(self.mu_prior or "flat"))

    def r_code(self) -> Text:
        """Return an R script, data inline, that arrives at this result by R's own integration."""
        return Text(
            bayes_rcode.script(self.studies, self.tau_prior, self.mu_prior, self.level),
        )

    def _lines(self) -> list[str]:
        unit, sign = (100.0, " %") if self.record.scale == "percent" else (1.0, "")

        def show(*values: float) -> tuple[str, ...]:
            return plain.of(*(unit * float(self.natural(x)) for x in values))

        estimate, low, high = show(self.estimate, self.ci_low, self.ci_high)
        first, last = show(self.prediction_low, self.prediction_high)
        tau = plain.of(self.tau.median, self.tau.low, self.tau.high)
        percent = f"{in_percent(self.level)} %"
        priors = f"prior of tau {self.tau_prior}, of the effect {self._prior_of_effect()}"
        return [
            f"Posterior of the pooled {self.record.natural}: {self.trials} trial{'s' * (self.trials != 1)}, {priors}",
            f"{estimate}{sign} ({percent} credible interval {low} to {high})",
            f"{percent} prediction interval {first} to {last}",
            f"tau {tau[0]} ({tau[1]} to {tau[2]})",
        ]


@known_arguments
def pool_bayes(
    table: Any,
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str | None = None,
    measure: str | None = None,
    tau_prior: TauPrior = HalfNormal(0.5),  # noqa: B008 - a frozen record
    mu_prior: Normal | None = None,
    level: float = 0.95,
) -> BayesResult:
    r"""Pool effects by a Bayesian random-effects model, integrated exactly: no simulation, no seed.

    .. math:: y_i \sim N(\theta_i, v_i), \quad \theta_i \sim N(\mu, \tau^2)

    Parameters
    ----------
    table : dataframe
        One row a trial, as ``effect_sizes`` returns it.
    yi, vi : str
        Columns of effects, on the scale of analysis, and of their sampling variances.
    study : str, optional
        Column that names the trial.
    measure : str, optional
        What yi is, for labels and back-transform; when not given, the column ``measure`` says it.
    tau_prior : HalfNormal, HalfCauchy, HalfT or LogNormal, default HalfNormal(0.5)
        Prior of tau, on the scale of analysis (``LogNormal`` is of tau²). The default is weakly informative for log
        hazard, odds and risk ratios; effects on other scales need another.
    mu_prior : Normal, optional
        Prior of the pooled effect on the scale of analysis, such as ``Normal(math.log(0.8), 0.2)`` of a hazard ratio
        about 0.8; flat when not given. Where its mean and what the trials say under a flat prior are apart by more than
        twice the root of the sum of both variances (that of the trials with tau), the result cautions.
    level : float, default 0.95
        Probability of the central intervals.

    Returns
    -------
    BayesResult
        Posterior means, intervals and densities of the pooled effect and of tau, on the scale of analysis.

    Raises
    ------
    ColumnError, OptionError
        A column that does not exist; a prior that is none.
    DataError
        A variance that is not above 0, an infinite effect, no complete row, rows of one trial that share patients:
        names trial, row and value.

    Warns
    -----
    DataWarning
        Rows without effect or variance were left out; labels that differ by what no reader sees were joined.

    References
    ----------
    Roever 2020, doi:10.18637/jss.v093.i06.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool_bayes({"yi": [-0.42, -0.24], "vi": [0.0144, 0.0081]}, tau_prior=mo.HalfNormal(0.5))
    >>> round(r.mu.median, 3), round(r.tau.median, 3)
    (-0.317, 0.205)
    """
    confidence_level(level)
    if not hasattr(tau_prior, "log_density"):
        raise OptionError(f"tau_prior={tau_prior!r} is not a prior of tau; write HalfNormal(0.5), HalfCauchy(0.5), ...")
    if mu_prior is not None and not isinstance(mu_prior, Normal):
        raise OptionError(f"mu_prior={mu_prior!r} is not a prior of the effect; write Normal(mean, sd), or None: flat.")
    studies, code, dropped = read_studies(table, yi, vi, study, measure)
    patients.refuse_overlap(studies)
    return _pooled(studies, code, dropped, tau_prior, mu_prior, level)


def _pooled(
    studies: Studies, code: str, dropped: tuple[str, ...], tau_prior: TauPrior, mu_prior: Normal | None, level: float
) -> BayesResult:
    k = len(studies.yi)
    posterior = integrate(studies.yi, studies.vi, tau_prior, mu_prior)
    mu, tau = marginals.of_mu(posterior, level), marginals.of_tau(posterior, level)
    new = marginals.of_new(posterior, level)
    flat = mu if mu_prior is None else marginals.of_mu(integrate(studies.yi, studies.vi, tau_prior, None), level)
    low, high = flat.interval(0.95)
    own = marginals.shrinkage(posterior, level)
    weights = own.pop("weight")
    provenance = Provenance(
        verb="pool_bayes",
        settings={
            "measure": code, "tau_prior": str(tau_prior), "mu_prior": str(mu_prior or "flat"), "level": level
        },
        rows_in=k + len(dropped),
        rows_used=k,
        dropped=dropped,
        notes=studies.notes,
        cautions=repeats.cautions(studies, predicts=True),
    )  # fmt: skip
    return BayesResult(
        estimate=mu.median, se=mu.sd, ci_low=mu.low, ci_high=mu.high, statistic=np.nan, df=np.inf, p_value=np.nan,
        tau2=tau.median**2, prediction_low=new.low, prediction_high=new.high, k=k, level=level, measure=code,
        method="Bayes", ci="credible", prediction="predictive", weights=weights, studies=studies,
        provenance=provenance, mu=mu, tau=tau, predictive=new,
        shrinkage=pd.DataFrame({"study": list(studies.labels), "yi": studies.yi, "vi": studies.vi, **own}),
        tau_prior=tau_prior, mu_prior=mu_prior, flat_estimate=flat.median,
        flat_se=(high - low) / (2 * float(critical(0.95))),
    )  # fmt: skip
