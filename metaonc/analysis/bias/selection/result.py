"""What a selection model returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from ....base.caution import Caution
from ....base.check import confidence_level
from ....base.digits import p_said, plain, statistic_said
from ....base.html import listed
from ....base.result import Text
from ...numeric.distributions import critical
from ...numeric.wls import Floats
from ..selected import CorrectedEffect
from . import rcode
from .options import PRECISION
from .published import ENDLESS
from .smooth import Smooth
from .weight_functions import WEIGHT_FUNCTIONS, WeightFunction

ENOUGH = 20  # trials from which a weight can be estimated with some hope
FEW = 3  # trials in an interval: fewer make its weight a guess


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SelectionResult(CorrectedEffect):
    """A pooled effect by a model of selection, on the scale of analysis.

    Limits are NaN where the likelihood is not curved as they need.

    Attributes
    ----------
    se
        Standard error of the effect.
    statistic, df
        Wald's test of no effect.
    se_tau2
        Standard error of tau².
    weights, weight_errors
        Parameters of the weight function, or the weights of its intervals relative to the first, which is 1; standard
        errors are NaN where a weight was given or is held at a bound.
    weight_cov
        Covariances, (d, d), of what is no 1 by definition; NaN of weights without a standard error.
    weight_names
        What each is of.
    trials_by_interval
        Trials in each interval; None of a smooth weight.
    at_bound
        What is at a bound where the likelihood is highest: τ² or a weight.
    lr_statistic, lr_df, lr_p_value
        Likelihood ratio test against no selection; without degrees of freedom, and p NaN, where all weights are given.
    """

    se: float
    statistic: float
    df: float
    se_tau2: float
    weights: Floats
    weight_errors: Floats
    weight_cov: Floats
    weight_names: tuple[str, ...]
    trials_by_interval: tuple[int, ...] | None
    at_bound: tuple[str, ...]
    lr_statistic: float
    lr_df: int
    lr_p_value: float
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
    def steps(self) -> tuple[float, ...]:
        """p-values between which the weight is constant, or up to which it is 1."""
        return tuple(self.provenance.settings["steps"])

    @property
    def ci(self) -> str:
        """Type of the interval."""
        return "wald"

    @property
    def p_values(self) -> Floats:
        """p-values of the trials by the side of `alternative`, (k,)."""
        s = self.without.studies
        z = s.yi / np.sqrt(s.vi) * (-1 if self.alternative == "less" else 1)
        return np.asarray(2 * ndtr(-np.abs(z)) if self.alternative == "two-sided" else ndtr(-z))

    def weight(self, p: Any) -> Floats:
        """Return how likely trials of these p-values are published, relative to p = 0 or to the first interval.

        Parameters
        ----------
        p : array
            p-values by the side of `alternative`; of a weight with precision those of the least precise trial.
        """
        p = np.asarray(p, dtype=float)
        if self.weight_function.log_weight is None:
            return np.asarray(self.weights[self._intervals(p)])
        return np.asarray(np.exp(self._log_weight(p)[0]))

    def weight_limits(self, p: Any, level: float | None = None) -> tuple[Floats, Floats]:
        """Return Wald's limits of the weight of each of these p-values; NaN where the weights have no standard errors.

        Parameters
        ----------
        p : array
            As of `weight`.
        level : float, optional
            That of the result when not given.

        Notes
        -----
        Of intervals the limits are those of their weights, of a smooth function those of its logarithm, by the delta
        method: so many for each p-value, not for the whole curve at once.
        """
        half = float(critical(self.level if level is None else confidence_level(level)))
        p = np.asarray(p, dtype=float)
        if self.weight_function.log_weight is None:
            low, high = self._weight_limits(half)
            first = self._intervals(p) == 0  # the others are relative to it
            low, high = (np.where(first, 1.0, limits[self._intervals(p)]) for limits in (low, high))
            return low, high
        value, slope = self._log_weight(p)
        given = np.isnan(np.diag(self.weight_cov))
        if given.all():
            return np.full(p.shape, np.nan), np.full(p.shape, np.nan)
        cov = np.where(given[:, None] | given, 0.0, self.weight_cov)
        se = np.sqrt(np.einsum("i...,ij,j...->...", slope, cov, slope))
        return np.exp(value - half * se), np.exp(value + half * se)

    def _intervals(self, p: Floats) -> Any:
        """Return the number of the interval of each p-value."""
        return (p >= 0.5).astype(int) if self.function == "trunc" else np.searchsorted(self.steps, p)

    def _log_weight(self, p: Floats) -> tuple[Any, Any]:
        """Return the logarithm of a smooth weight, and its derivatives by the parameters."""
        threshold = self.steps[0] if self.steps else 0.0
        weight = Smooth(self.weight_function, False, 1.0, threshold, self.provenance.settings["p_min"])
        value, slope, _ = weight.weight(-ndtri(p), self.weights)
        return value, slope

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
        low, high = self._weight_limits(float(critical(self.level)))
        effects = self._compared(
            transform, se=np.nan if transform else self.se, statistic=self.statistic, interval="wald"
        )
        weights = pd.DataFrame({
            "term": list(self.weight_names), "type": "weight", "estimate": self.weights, "se": self.weight_errors,
            "ci_low": low, "ci_high": high, "interval": "wald", "tau2": np.nan,
        })  # fmt: skip
        rows = pd.concat([effects, weights.assign(statistic=np.nan, p_value=np.nan)], ignore_index=True)
        counts = self.trials_by_interval
        rows["trials"] = [self.k, self.k, *(counts if counts is not None else [np.nan] * len(self.weights))]
        return rows.assign(se=np.nan) if transform else rows

    def _weight_limits(self, z: float) -> tuple[Floats, Floats]:
        """Return Wald's limits of the weights by a normal quantile, cut at what they can be."""
        half = z * self.weight_errors
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
        steps = f" ({', '.join(map(str, self.steps))})" if self.steps else ""
        test = (f"Against no selection: {statistic_said('LR', self.lr_statistic, self.lr_df, self.lr_p_value)}"
                if self.lr_df else "The weights are given, not estimated")  # fmt: skip
        between = [f"tau² {plain(self.tau2)}, without selection {plain(self.without.tau2)}"]
        weights = self.tidy().loc[2:, ["term", "estimate", "se", "trials"]].assign(se=self.weight_errors)
        return [
            f"Selection model, {self.weight_function.label}{steps}: {self.k} trials, {self.method}; favoured: "
            f"{self.favoured}",
            *self._effect_lines(f" ({{limits}}), {p_said(self.p_value)}" if np.isfinite(self.se) else ""),
            *([] if self.method == "CE" else between),
            listed(weights.dropna(axis=1, how="all").rename(columns={"term": "weight of"}), plain),
            test,
        ]
