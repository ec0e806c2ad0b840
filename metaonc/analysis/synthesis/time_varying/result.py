"""What pool_time_varying returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ....base.caution import Caution
from ....base.check import Floats, confidence_level
from ....base.digits import in_percent, plain
from ....base.html import listed
from ....base.result import Provenance, Result, Text
from ...numeric.distributions import critical
from ...pooling.multivariate.result import MultivariateResult
from ...results.inside import ShowsPool
from ...results.rtext import number, vector
from ...survival.two_arms.arms import times_of

Ints = NDArray[np.int64]
FEW = 5  # trials; of fewer, intervals that take the covariance between trials as known are too narrow
GRID = 9  # times of the summary where none are asked for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class TimeVaryingResult(ShowsPool, Result):
    r"""A hazard ratio, treatment to control, as a function of time, pooled over trials.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    cuts
        Where the log hazard ratio may change, rising; empty where it is linear in log t.
    pool
        The coefficients pooled over trials: intercept (log HR at t = 1) and slope on log t, or the log hazard ratio of
        each interval; their within-trial covariances are exact. ``sensitivity.leave_one_out`` takes it.
    ends
        Trial -> up to where both its arms are followed.
    first, last
        Times of the first and of the last event of all trials.
    crossing, crossing_low, crossing_high
        Time at which the hazard ratio is 1, with Fieller's limits; NaN without one, or where limits are not bounded.
    treatment, control, level, unit
        The arms; coverage of the intervals; unit of time, or None.
    """

    cuts: tuple[float, ...]
    pool: MultivariateResult
    ends: Mapping[str, float]
    first: float
    last: float
    crossing: float
    crossing_low: float
    crossing_high: float
    treatment: str
    control: str
    level: float
    unit: str | None
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("crossing", "crossing_low", "crossing_high")

    @property
    def k(self) -> int:
        """Number of trials."""
        return self.pool.k

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the trials."""
        return self.pool.labels

    def hr_at(self, times: ArrayLike, *, level: float | None = None) -> pd.DataFrame:
        """Return the pooled hazard ratio at times, with confidence and prediction limits.

        Parameters
        ----------
        times
            One time or several, above 0, in the unit of the data.
        level : float, optional
            Coverage of the limits; the result's own when not given.

        Returns
        -------
        DataFrame
            time, hr, ci_low, ci_high, prediction_low, prediction_high (natural scale), log_hr, se, and trials: how
            many of the trials are followed to the time, or, of intervals, tell the ratio of the one that it lies in;
            where it is 0 the ratio is extrapolated. Of an interval that is not pooled numbers are NaN.
        """
        at = times_of(times, "times")
        z = float(critical(self.level if level is None else confidence_level(level)))
        x = self._basis(at)
        se = np.sqrt(np.einsum("ti,ij,tj->t", x, self.pool.cov, x))
        wide = np.sqrt(np.einsum("ti,ij,tj->t", x, self.pool.cov + self.pool.tau2, x))
        value, se, wide = (np.where(x.any(1), v, np.nan) for v in (x @ self.pool.estimate, se, wide))
        return pd.DataFrame({
            "time": at, "hr": np.exp(value), "ci_low": np.exp(value - z * se), "ci_high": np.exp(value + z * se),
            "prediction_low": np.exp(value - z * wide), "prediction_high": np.exp(value + z * wide),
            "log_hr": value, "se": se, "trials": self._telling(at, x),
        })  # fmt: skip

    def _telling(self, at: Floats, x: Floats) -> Ints:
        """Return how many trials are followed to each time; of intervals, how many tell their ratio."""
        if self.cuts:
            reported: Ints = np.where(at <= self.last, x @ np.array(self.pool.reported), 0).astype(np.int64)
            return reported
        followed: Ints = (np.array(list(self.ends.values()))[:, None] >= at).sum(0)
        return followed

    @property
    def until(self) -> float:
        """Up to where the ratio is shown: the last event, or, of a ratio that depends on time, of the last trial."""
        followed = self.last if self.cuts else min(self.last, max(self.ends.values()))
        return max(self.first, followed)

    @property
    def ratio(self) -> str:
        """What the ratio is of."""
        return "hazard ratio"

    @property
    def shape(self) -> str:
        """How its logarithm depends on time."""
        return "linear in log time" if not self.cuts else self._steps

    @property
    def _steps(self) -> str:
        if len(self.cuts) == 1:
            return f"constant before and after {self.cuts[0]:g}"
        return f"constant between {', '.join(f'{c:g}' for c in self.cuts)}"

    def _basis(self, at: Floats) -> Floats:
        if not self.cuts:
            return np.stack([np.ones(len(at)), np.log(at)], 1)
        interval = np.searchsorted(np.array(self.cuts), at)
        names = self.names
        return np.stack([interval == names.index(name) for name in self.pool.outcomes], 1).astype(float)

    @property
    def names(self) -> list[str]:
        """Names of the coefficients, those of intervals that are not pooled among them."""
        return names_of(self.cuts)

    def grid(self) -> Floats:
        """Return times over the range of events, to draw or list the hazard ratio at."""
        if not self.cuts:
            return np.geomspace(max(self.first, self.until / 100), self.until, GRID)
        edges = np.clip(np.concatenate([[self.first], self.cuts, [self.last]]), self.first, self.last)
        middle = (edges[1:] + edges[:-1]) / 2
        return np.array([t for t, name in zip(middle, self.names, strict=True) if name in self.pool.outcomes])

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of the coefficients at another level, as those of the pool."""
        return self.pool.confidence_interval(level, transform=transform)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which metafor pools the trials' coefficients, and the hazard ratio."""
        at = vector(self.grid())
        rows = "cbind(1, log(at))" if not self.cuts else "diag(length(at))"
        return Text("\n".join([
            str(self.pool.r_code()),
            f"at <- {at}; x <- {rows}",
            f"z <- qnorm((1 + {number(self.level)}) / 2)",
            "value <- c(x %*% res$beta); se <- sqrt(rowSums((x %*% res$vb) * x))",
            "data.frame(time = at, hr = exp(value), low = exp(value - z * se), high = exp(value + z * se))",
        ]))  # fmt: skip

    def _cautions(self) -> list[Caution]:
        found = list(self.pool.cautions)
        if min(self.pool.reported) < FEW and self.pool.method != "CE":
            found.append(Caution(
                text=f"Wald intervals of {min(self.pool.reported)} trials are too narrow, as what is not known of the "
                "covariance between trials is left out", numeric=True,
            ))  # fmt: skip
        if self.ratio == "hazard ratio":
            fewer = ", and of the trials that have events there" * (
                bool(self.cuts) and min(self.pool.reported) < self.k
            )
            found.append(Caution(
                text=f"later hazard ratios are of the patients who are still at risk{fewer}",
                more="as patients at higher risk leave first, and sooner from the worse arm, a ratio that changes with "
                "time is no proof that the effect of treatment does",
            ))  # fmt: skip
        return found

    def _tidy(self, transform: bool) -> pd.DataFrame:
        """Return the coefficients (types ``study`` and ``summary``), and the hazard ratio at times (type ``time``).

        Log hazard ratios, or ratios when `transform`.
        """
        rows = self.pool.tidy(transform=transform)
        at = self.hr_at(self.grid())
        natural = ("hr", "ci_low", "ci_high")
        value, low, high = (at[c] if transform else np.log(at[c]) for c in natural)
        curve = pd.DataFrame({
            "term": [f"HR at {t:.4g}" for t in at["time"]], "type": "time", "time": at["time"], "estimate": value,
            "se": np.nan if transform else at["se"], "ci_low": low, "ci_high": high, "interval": "wald",
        })  # fmt: skip
        return pd.concat([rows, curve], ignore_index=True)

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(measure="HR", method=self.pool.method, q=self.pool.q, q_df=self.pool.q_df, q_p=self.pool.q_p,
                         loglik=self.pool.loglik)  # fmt: skip

    def _lines(self) -> list[str]:
        unit = f", {self.unit}" if self.unit else ""
        at = self.hr_at(self.grid())
        count = "trials" if self.cuts else "trials followed"
        said = [plain.of(*x) for x in at[["hr", "ci_low", "ci_high"]].to_numpy()]
        shown = pd.DataFrame({
            f"time{unit}": at["time"], f"{self.ratio} ({in_percent(self.level)} % CI)":
            [f"{e} ({low} to {high})" for e, low, high in said], count: at["trials"],
        })  # fmt: skip
        whose = f"{self.ratio.capitalize()} of {self.treatment} to {self.control} over time"
        lines = [f"{whose}: {self.k} trials, its log {self.shape}", "", listed(shown, plain), ""]
        pooled = zip(self.pool.outcomes, self.pool.estimate, self.pool.ci_low, self.pool.ci_high, strict=True)
        lines += ["{}: {} ({} to {})".format(name, *plain.of(*x)) for name, *x in pooled]
        if self.first <= self.crossing <= self.until:  # else it is extrapolated
            time, low, high = plain.of(self.crossing, self.crossing_low, self.crossing_high)
            bounds = f" ({low} to {high})" if np.isfinite(self.crossing_low) else ", without bounds"
            lines.append(f"the {self.ratio} is 1 at {time}{bounds}")
        return lines


def names_of(cuts: tuple[float, ...]) -> list[str]:
    """Return the names of the coefficients."""
    from .coefficients import span

    if not cuts:
        return ["log HR at t = 1", "slope on log t"]
    edges = [-np.inf, *cuts, np.inf]
    return [f"log HR {span(low, high)}" for low, high in pairwise(edges)]
