"""What a selection model returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import in_percent, p_said, plain, statistic_said
from ....base.html import listed
from ....base.result import Provenance, Result, Text
from ...effects.measures import Measure
from ...numeric.distributions import critical
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from . import rcode
from .options import PRECISION
from .published import ENDLESS, favoured
from .smooth import Smooth
from .weight_functions import WEIGHT_FUNCTIONS, WeightFunction

ENOUGH = 20  # trials from which a weight can be estimated with some hope
LIMITS = ["estimate", "ci_low", "ci_high"]
FEW = 3  # trials in an interval: fewer make its weight a guess


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SelectionResult(Result):
    """A pooled effect by a model of selection, on the scale of analysis.

    Attributes
    ----------
    estimate, se, ci_low, ci_high
        The effect as it would be without selection, its standard error and limits at `level`; NaN where the likelihood
        is not curved as they need.
    statistic, df, p_value
        Wald's test of no effect.
    tau2, se_tau2
        Variance of true effects before selection.
    weights, weight_errors
        Parameters of the weight function, or the weights of its intervals relative to the first, which is 1; standard
        errors are NaN where a weight was given or is held at a bound.
    weight_names
        What each is of.
    trials_by_interval
        Trials in each interval; None of a smooth weight.
    at_bound
        What is at a bound where the likelihood is highest: τ² or a weight.
    lr_statistic, lr_df, lr_p_value
        Likelihood ratio test against no selection; without degrees of freedom, and p NaN, where all weights are given.
    loglik
        Of the model.
    endless
        Whether the likelihood rises above its maximum where tau² grows without end.
    k, level, measure
        Number of rows, level of the interval, code in ``MEASURES``.
    method
        ``ML``, or ``CE`` with a common effect.
    without
        The same trials pooled by maximum likelihood without selection.
    """

    estimate: float
    se: float
    ci_low: float
    ci_high: float
    statistic: float
    df: float
    p_value: float
    tau2: float
    se_tau2: float
    weights: Floats
    weight_errors: Floats
    weight_names: tuple[str, ...]
    trials_by_interval: tuple[int, ...] | None
    at_bound: tuple[str, ...]
    lr_statistic: float
    lr_df: int
    lr_p_value: float
    loglik: float
    endless: bool
    k: int
    level: float
    measure: str
    method: str
    without: MetaResult
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = (
        "se", "se_tau2", "function", "alternative", "lr_statistic", "lr_df", "lr_p_value", "loglik",
    )  # fmt: skip

    @property
    def function(self) -> str:
        """Code of the weight function."""
        return str(self.provenance.settings["function"])

    @property
    def weight_function(self) -> WeightFunction:
        """Record of the weight function."""
        return WEIGHT_FUNCTIONS[self.function]

    @property
    def alternative(self) -> str:
        """Side of the effects that selection favours."""
        return str(self.provenance.settings["alternative"])

    @property
    def steps(self) -> tuple[float, ...]:
        """p-values between which the weight is constant, or up to which it is 1."""
        return tuple(self.provenance.settings["steps"])

    @property
    def record(self) -> Measure:
        """The record of the measure."""
        return self.without.record

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "wald"

    @property
    def favoured(self) -> str:
        """The effects that selection favours, in words."""
        return favoured(self.record, self.alternative)

    def natural(self, x: Any) -> Any:
        """Return values of the analysis scale on the natural scale, such as a log odds ratio as an odds ratio."""
        return self.without.natural(x)

    def weight(self, p: Any) -> Floats:
        """Return how likely trials of these p-values are published, relative to p = 0 or to the first interval.

        Parameters
        ----------
        p : array
            p-values by the side of `alternative`; of a weight with precision those of the least precise trial.
        """
        p = np.asarray(p, dtype=float)
        if self.function == "trunc":
            return np.asarray(self.weights[(p >= 0.5).astype(int)])
        if self.weight_function.log_weight is None:
            return np.asarray(self.weights[np.searchsorted(self.steps, p)])
        threshold = self.steps[0] if self.steps else 0.0
        weight = Smooth(self.weight_function, False, 1.0, threshold, self.provenance.settings["p_min"])
        from scipy.special import ndtri

        return np.asarray(np.exp(weight.weight(-ndtri(p), self.weights)[0]))

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> tuple[float, float]:
        """Return Wald's confidence limits at another level."""
        half = float(critical(self.level if level is None else confidence_level(level))) * self.se
        low, high = self.estimate - half, self.estimate + half
        return (float(self.natural(low)), float(self.natural(high))) if transform else (low, high)

    def _cautions(self) -> list[Caution]:
        estimated = self.lr_df > 0
        found = []
        if estimated and self.k < ENOUGH:
            found.append(
                f"{self.k} trials tell little of how they were selected (20 are few); with weights that are given, "
                "several sets in turn, the estimate rests on what is said and not on chance"
            )
        if estimated and self.trials_by_interval is not None:
            few = [f"{n} in interval {i}" for i, n in enumerate(self.trials_by_interval, start=1) if n < FEW]
            if few:
                found.append(f"few trials carry a weight ({', '.join(few)}); of fewer intervals each has more")
        if self.at_bound:
            found.append(
                f"the likelihood is highest at a bound ({', '.join(self.at_bound)}), where standard errors and the "
                "likelihood ratio test are rough at best"
            )
        if self.endless:
            found.append(ENDLESS)
        if np.isnan(self.se):
            found.append("the likelihood is not curved as a standard error needs, so that there is no interval")
        return [Caution(text=text) for text in found]

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the effect with and without selection (types ``summary`` and ``comparison``), then each weight."""
        w = self.without
        low, high = self._weight_limits()
        effects = pd.DataFrame({
            "term": ["overall", "without selection"], "type": ["summary", "comparison"],
            "estimate": [self.estimate, w.estimate], "se": [self.se, w.se],
            "statistic": [self.statistic, w.statistic], "p_value": [self.p_value, w.p_value],
            "ci_low": [self.ci_low, w.ci_low], "ci_high": [self.ci_high, w.ci_high], "interval": "wald",
            "tau2": [self.tau2, w.tau2],
        })  # fmt: skip
        if transform:
            for name in LIMITS:
                effects[name] = self.natural(effects[name].to_numpy())
        weights = pd.DataFrame({
            "term": list(self.weight_names), "type": "weight", "estimate": self.weights, "se": self.weight_errors,
            "ci_low": low, "ci_high": high, "interval": "wald", "tau2": np.nan,
        })  # fmt: skip
        rows = pd.concat([effects, weights.assign(statistic=np.nan, p_value=np.nan)], ignore_index=True)
        counts = self.trials_by_interval
        rows["trials"] = [self.k, self.k, *(counts if counts is not None else [np.nan] * len(self.weights))]
        return rows.assign(se=np.nan) if transform else rows

    def _weight_limits(self) -> tuple[Floats, Floats]:
        """Return Wald's limits of the weights, cut at what they can be."""
        half = float(critical(self.level)) * self.weight_errors
        record = self.weight_function
        lower = np.resize(record.lower, len(self.weights))
        return np.maximum(self.weights - half, lower), self.weights + half

    def r_code(self) -> Text:
        """Return the R script, data inline, by which R arrives at this result."""
        s, settings, studies = self.without.studies, self.provenance.settings, self.without.studies
        precision = settings["precision"]
        sizes = 1 / PRECISION["ninv"](studies) if precision in ("ninv", "sqrtninv") else None
        delta = settings["delta"]
        return Text(
            rcode.selection(
                s.labels, s.yi, s.vi, sizes, method=self.method, level=self.level, tau2=settings["tau2"],
                function=self.function, steps=self.steps, delta=delta, alternative=self.alternative,
                precision=precision, p_min=settings["p_min"], start=(self.without.estimate, self.without.tau2),
            )
        )  # fmt: skip

    def _lines(self) -> list[str]:
        shown = self.tidy(transform=True)
        whole, plainly = (plain.of(*row) for row in shown[LIMITS].to_numpy(dtype=float)[:2])
        percent = f"{in_percent(self.level)} % CI"
        steps = f" ({', '.join(map(str, self.steps))})" if self.steps else ""
        interval = f" ({percent} {whole[1]} to {whole[2]}), {p_said(self.p_value)}" if np.isfinite(self.se) else ""
        test = (f"Against no selection: {statistic_said('LR', self.lr_statistic, self.lr_df, self.lr_p_value)}"
                if self.lr_df else "The weights are given, not estimated")  # fmt: skip
        between = [f"tau² {plain(self.tau2)}, without selection {plain(self.without.tau2)}"]
        weights = shown.loc[2:, ["term", "estimate", "se", "trials"]].assign(se=self.weight_errors)
        return [
            f"Selection model, {self.weight_function.label}{steps}: {self.k} trials, {self.method}; favoured: "
            f"{self.favoured}",
            f"{self.record.natural} {whole[0]}{interval}",
            f"Without selection {plainly[0]} ({percent} {plainly[1]} to {plainly[2]})",
            *([] if self.method == "CE" else between),
            listed(weights.dropna(axis=1, how="all").rename(columns={"term": "weight of"}), plain),
            test,
        ]
