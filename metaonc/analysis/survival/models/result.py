"""What parametric models of two arms return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ....base.caution import Caution
from ....base.check import Floats, confidence_level
from ....base.columns import limits
from ....base.digits import in_percent, p_said, plain
from ....base.html import listed
from ....base.result import Provenance, Result, Text
from ...numeric.distributions import critical, two_sided_p
from ..two_arms.arms import times_of
from . import rcode
from .forms import Form, Parametric, Spline

NODES = 64  # of Gauss and Legendre's rule on each third of a horizon


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SurvivalModelResult(Result):
    """A parametric model of two arms.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    model
        Code of the distribution, or ``spline``.
    cure, scale, knots, changing
        Kind of cure model, or empty; of a spline its scale and its knots on log time; whether the treatment's effect
        changes with time.
    names, estimate, se, cov
        Parameters on the scale of analysis (logs of what is above 0), their estimates and standard errors (p,), and
        covariance (p, p).
    loglik, aic, n, events
        Log likelihood, Akaike's criterion, patients and events.
    ends
        Last time of treatment and of control: beyond it survival is extrapolated.
    treatment, control, level, unit
        The arms; coverage of intervals; unit of time, or None.
    patients
        DataFrame, one row a patient: time, event, arm.
    """

    model: str
    cure: str
    scale: str
    knots: tuple[float, ...]
    changing: bool
    names: tuple[str, ...]
    estimate: Floats
    se: Floats
    cov: Floats
    loglik: float
    aic: float
    n: int
    events: int
    ends: tuple[float, float]
    treatment: str
    control: str
    level: float
    unit: str | None
    patients: pd.DataFrame
    provenance: Provenance
    _shown: ClassVar[tuple[str, ...]] = ("model", "loglik", "aic", "n", "events")

    @property
    def form(self) -> Form:
        """The form of the model."""
        if self.model == "spline":
            return Spline(self.scale, self.knots, self.changing)
        return Parametric(self.model, self.changing, self.cure)

    def survival_at(self, times: ArrayLike, *, level: float | None = None) -> pd.DataFrame:
        """Return the modelled survival of both arms at times.

        Parameters
        ----------
        times
            One time or several, above 0, in the unit of the data.
        level : float, optional
            Coverage of the limits, by the delta method on log(-log S); the result's own when not given.

        Returns
        -------
        DataFrame
            group, time, survival, ci_low, ci_high, extrapolated (whether the time is beyond the arm's follow-up).
        """
        at, z = times_of(times, "times"), self._critical(level)
        parts = []
        for arm, name, end in ((1.0, self.treatment, self.ends[0]), (0.0, self.control, self.ends[1])):
            value, se = self._delta(partial(self._cloglog, at=at, arm=arm))
            parts.append(pd.DataFrame({
                "group": name, "time": at, "survival": np.exp(-np.exp(value)),
                "ci_low": np.exp(-np.exp(value + z * se)), "ci_high": np.exp(-np.exp(value - z * se)),
                "extrapolated": at > end,
            }))  # fmt: skip
        return pd.concat(parts, ignore_index=True)

    def rmst(self, horizon: ArrayLike, *, level: float | None = None) -> pd.DataFrame:
        """Return the modelled restricted means of both arms up to each horizon, and their differences.

        Parameters
        ----------
        horizon : float or list of float
            Above 0, in the unit of the data, in the order asked for.
        level : float, optional
            Coverage of the limits, by the delta method; the result's own when not given.

        Returns
        -------
        DataFrame
            Three rows a horizon: group (empty of the difference, treatment less control), horizon, estimate, se,
            ci_low, ci_high, extrapolated.
        """
        times_of(horizon, "horizon")  # refuses what is no time
        at, z = np.atleast_1d(np.asarray(horizon, dtype=float)), self._critical(level)

        def means(beta: Floats) -> Floats:
            t, c = (np.array([self._mean(beta, h, arm) for h in at.tolist()]) for arm in (1.0, 0.0))
            return np.stack([t, c, t - c], 1).ravel()

        value, se = self._delta(means)
        beyond = (at[:, None] > [*self.ends, min(self.ends)]).ravel()
        return pd.DataFrame({
            "group": [self.treatment, self.control, ""] * len(at), "horizon": np.repeat(at, 3), "estimate": value,
            "se": se, "ci_low": value - z * se, "ci_high": value + z * se, "extrapolated": beyond,
        })  # fmt: skip

    def _cloglog(self, beta: Floats, at: Floats, arm: float) -> Floats:
        return np.log(-self.form.log_survival(beta, np.log(at), arm))

    def _mean(self, beta: Floats, at: float, arm: float) -> float:
        u, w = np.polynomial.legendre.leggauss(NODES)
        edges = at * np.array([0.0, 0.02, 0.2, 1.0])
        low, width = edges[:-1, None], np.diff(edges)[:, None]
        t = (low + width * (u + 1) / 2).ravel()
        return float((np.exp(self.form.log_survival(beta, np.log(t), arm)) * (w * width / 2).ravel()).sum())

    def _delta(self, f: Callable[[Floats], Floats]) -> tuple[Floats, Floats]:
        step = 1e-5 * np.maximum(1.0, np.abs(self.estimate))
        slopes = [(f(self.estimate + e) - f(self.estimate - e)) / (2 * s)
                  for e, s in zip(np.diag(step), step, strict=True)]  # fmt: skip
        j = np.stack(slopes, 1)
        return f(self.estimate), np.sqrt(np.einsum("tp,pq,tq->t", j, self.cov, j))

    def _critical(self, level: float | None) -> float:
        return float(critical(self.level if level is None else confidence_level(level)))

    def confidence_interval(self, level: float | None = None, *, transform: bool = False) -> pd.DataFrame:
        """Return the limits of each parameter at another level, one row each."""
        half = self._critical(level) * self.se
        ends = [self._natural(x) if transform else x for x in (self.estimate - half, self.estimate + half)]
        return limits(ends, pd.Index(self.names, name="term"))

    def _natural(self, x: Floats) -> Floats:
        return np.where(self.form.logs, np.exp(np.minimum(x, 700.0)), x)

    def r_code(self) -> Text:
        """Return the R script, data inline, by which flexsurv (of cures flexsurvcure) fits this model."""
        return Text(rcode.script(self.patients, (self.control, self.treatment), self.form))

    def _cautions(self) -> list[Caution]:
        if not self.cure:
            return []
        return [Caution(
            text="a cure model takes for granted that some patients never have the event",
            more="the share cured rests on the end of the curves, where few patients are at risk, and other "
            "distributions of the others' times give other shares",
        )]  # fmt: skip

    def _tidy(self, transform: bool) -> pd.DataFrame:
        z = self.estimate / self.se
        table = self.confidence_interval(transform=transform).reset_index()
        return table.assign(
            type="coefficient", estimate=self._natural(self.estimate) if transform else self.estimate,
            se=np.nan if transform else self.se, interval="wald",
            statistic=np.where([n.startswith("treatment") for n in self.names], z, np.nan),
            p_value=np.where([n.startswith("treatment") for n in self.names], two_sided_p(z), np.nan),
        )  # fmt: skip

    def _glance(self) -> list[dict[str, Any]]:
        return self._row(method=self.label)

    @property
    def label(self) -> str:
        """How readers know the model."""
        return rcode.label(self.form)

    def _lines(self) -> list[str]:
        table = self.tidy(transform=True)
        values = table[["estimate", "ci_low", "ci_high"]].to_numpy()
        names = [n.removeprefix("log ") for n in self.names]
        shown = pd.DataFrame({
            "parameter": names,
            f"estimate ({in_percent(self.level)} % CI)": ["{} ({} to {})".format(*plain.of(*x)) for x in values],
            "p": ["" if np.isnan(p) else p_said(p).removeprefix("p ") for p in table["p_value"]],
        })  # fmt: skip
        effect = f"; treatment: {self.form.effect}" if self.form.effect else ""
        return [
            f"{self.label} model of {self.treatment} against {self.control}: {self.n} patients, {self.events} events"
            f"{effect}",
            "", listed(shown, plain), f"log likelihood {plain(self.loglik)}, AIC {plain(self.aic)}",
        ]  # fmt: skip
