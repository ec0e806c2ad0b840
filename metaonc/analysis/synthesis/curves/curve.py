"""The pooled survival curve of one group of trials."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from ....base.check import Floats
from ...numeric.distributions import critical
from .conditional import Pooled, Shares, log_variance, log_weights, pooled, survival_of, transformed
from .draws import central, drawn, medians, restricted_means


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PooledCurve:
    """A pooled survival curve; arrays have shape (t,) unless said otherwise.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Attributes
    ----------
    time
        Ends of the intervals.
    survival
        Pooled survival.
    k, n_risk
        Trials with patients at risk in the interval that ends at the time, and these patients at its start.
    hazard
        Pooled hazard of the interval that ends at the time, constant within it, per unit of time.
    common
        Survival by the common-effect model.
    crude
        The product of the shares of all trials' patients at risk who survive each interval.
    uncorrected
        Pooled survival without the quarter of a patient that the arcsine adds.
    beta, cov, psi
        Transformed conditional survival, its covariance, and that between trials, (t,), (t, t), (t, t).
    df
        Degrees of freedom of the limits: infinite, but of plausible sets of patients.
    trials
        Number of trials.
    """

    time: Floats
    survival: Floats
    k: Floats
    n_risk: Floats
    hazard: Floats
    common: Floats
    crude: Floats
    uncorrected: Floats
    beta: Floats
    cov: Floats
    psi: Floats
    df: Floats
    trials: int

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            if field.name != "trials":
                getattr(self, field.name).flags.writeable = False

    @property
    def se_log(self) -> Floats:
        """Standard errors of log survival."""
        return np.sqrt(log_variance(self.beta, self.cov))

    def band(self, level: float) -> tuple[Floats, Floats]:
        """Return pointwise limits of survival, normal (or t) on its logarithm and at most 1."""
        half = critical(level, self.df) * self.se_log
        return self.survival * np.exp(-half), np.minimum(self.survival * np.exp(half), 1.0)

    def hazard_band(self, level: float) -> tuple[Floats, Floats]:
        """Return limits of the hazards, normal on the transformed scale."""
        half = critical(level) * np.sqrt(np.diag(self.cov))
        low, high = (_hazard(self.beta + x, self.time) for x in (half, -half))
        return low, high

    def drawn(self, draws: int, seed: int, *, new_trial: bool = False) -> Floats:
        """Return plausible curves (draws, t): of the pooled one, or of a new trial."""
        return drawn(self.beta, self.cov + self.psi if new_trial else self.cov, draws, seed)

    def summaries(self, level: float, draws: int, seed: int) -> dict[str, float]:
        """Return median and restricted mean with limits by draws, and the share of draws that never reach one half."""
        curves = self.drawn(draws, seed)
        found, means = medians(self.time, curves), restricted_means(self.time, curves)
        low, high = central(found, level)
        mean_low, mean_high = central(means, level)
        return {
            "median": _finite(float(medians(self.time, self.survival))),
            "ci_low": _finite(low), "ci_high": _finite(high), "not_reached": float(np.isinf(found).mean()),
            "mean": float(restricted_means(self.time, self.survival)), "mean_low": float(mean_low),
            "mean_high": float(mean_high),
        }  # fmt: skip


def _hazard(beta: Floats, time: Floats) -> Floats:
    """Return hazards of intervals by the shares who survive them; infinite where nobody does."""
    with np.errstate(divide="ignore"):
        rate = -2 * np.log(np.sin(np.clip(beta, 0.0, np.pi / 2))) / np.diff(time, prepend=0.0)
    return np.maximum(rate, 0.0)


def _finite(x: float) -> float:
    return float(x) if np.isfinite(x) else float("nan")


def matrices(rows: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Return times (t,), and survival and patients at risk (k, t) of the curves of one group."""
    time, column = np.unique(rows["time"], return_inverse=True)
    row = pd.factorize(rows["study"])[0]
    survival, n_risk = np.full((2, row.max() + 1, len(time)), np.nan)
    survival[row, column], n_risk[row, column] = rows["survival"], rows["n_risk"]
    return time, survival, n_risk


def pooled_curve(rows: pd.DataFrame, *, random: bool) -> tuple[PooledCurve, Shares]:
    """Return the pooled curve of the trials of one group, and what was pooled."""
    time, survival, n_risk = matrices(rows)
    shares = transformed(survival, n_risk)
    bare = survival_of(pooled(transformed(survival, n_risk, correction=0.0), random=random).beta)
    return made(time, n_risk, shares, pooled(shares, random=random), bare, np.full(len(time), np.inf)), shares


def made(time: Floats, n_risk: Floats, shares: Shares, found: Pooled, uncorrected: Floats, df: Floats) -> PooledCurve:
    """Return the curve of what was pooled."""
    n = np.where(shares.there, n_risk, 0.0)
    share = (np.sin(np.where(shares.there, shares.y, 0.0)) ** 2 * (n_risk + 0.5) - 0.25) / n_risk
    alive = np.where(shares.there, share, 0.0) * n
    return PooledCurve(
        time=time, survival=survival_of(found.beta), k=shares.there.sum(0).astype(float), n_risk=n.sum(0),
        hazard=_hazard(found.beta, time), common=survival_of(pooled(shares, random=False).beta),
        crude=np.cumprod(alive.sum(0) / n.sum(0)), uncorrected=uncorrected, beta=found.beta, cov=found.cov,
        psi=found.psi, df=df, trials=len(n),
    )  # fmt: skip


def combined(sets: list[PooledCurve]) -> PooledCurve:
    r"""Return one curve of those of plausible sets of patients, by Rubin's rules on transformed conditional survival.

    With m sets the covariance is that within, plus :math:`1 + 1/m` times that between the sets. Limits of survival are
    of t with :math:`(m - 1)(1 + 1/r)^2` degrees of freedom, r the ratio of the two on log survival.
    """
    m, first = len(sets), sets[0]
    beta, within, psi = (np.mean([getattr(c, name) for c in sets], axis=0) for name in ("beta", "cov", "psi"))
    deviations = np.stack([c.beta for c in sets]) - beta
    among = (1 + 1 / m) * deviations.T @ deviations / (m - 1)
    weights = log_weights(beta)
    inner, outer = (np.einsum("kj,jl,kl->k", weights, x, weights) for x in (within, among))
    with np.errstate(divide="ignore"):
        df = (m - 1) * (1 + np.divide(inner, outer, out=np.full(len(inner), np.inf), where=outer > 0)) ** 2
    means = {name: np.mean([getattr(c, name) for c in sets], axis=0)
             for name in ("n_risk", "common", "crude", "uncorrected")}  # fmt: skip
    return PooledCurve(
        time=first.time, survival=survival_of(beta), k=np.min([c.k for c in sets], axis=0),
        hazard=_hazard(beta, first.time), **means, beta=beta, cov=within + among, psi=psi, df=df, trials=first.trials,
    )  # fmt: skip
