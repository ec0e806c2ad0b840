r"""Conditional survival of trials at common times, pooled together. Arrays in, arrays out.

A trial gives for each interval up to its last time the share of those at its start who survive it,
:math:`p_k = S(t_k) / S(t_{k-1})`, as :math:`y_k = \arcsin\sqrt{(n_k p_k + 1/4)/(n_k + 1/2)}` with variance
:math:`1/(4 n_k + 2)`; the shares of one trial are asymptotically independent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ....base.check import Floats

RIGHT = np.pi / 2
# A time that a trial has not is its mean over those that have it, with this variance, as in the authors' program;
# leaving it out altogether changes survival in the eighth digit.
ABSENT = 1e12


class Shares(NamedTuple):
    """Transformed conditional survival of trials, (k, t) each.

    Attributes
    ----------
    y, v
        Transformed shares and their variances; of times that a trial has not, the mean and `ABSENT`.
    there
        Whether a trial has the time.
    """

    y: Floats
    v: Floats
    there: NDArray[np.bool_]

    def of(self, rows: NDArray[np.bool_], times: int | None = None) -> Shares:
        """Return some of the trials, up to their own last time or the first so many times."""
        there = self.there[rows]
        t = int(there.any(0).sum()) if times is None else times
        return absent_filled(np.where(there, self.y[rows], np.nan)[:, :t], self.v[rows][:, :t])


class Pooled(NamedTuple):
    """Pooled transformed conditional survival.

    Attributes
    ----------
    beta, cov
        Means (t,) and their covariance (t, t).
    psi
        Covariance between trials (t, t); 0 of a common effect.
    """

    beta: Floats
    cov: Floats
    psi: Floats


def transformed(survival: Floats, n_risk: Floats, *, correction: float = 0.25) -> Shares:
    """Return the arcsine of conditional survival and its variance.

    Parameters
    ----------
    survival, n_risk
        Survival at the end of each interval and patients at risk at its start, (k, t); NaN after a trial's last time.
    correction
        Patients added to those who survive an interval and to those who do not, in the share.
    """
    before = np.concatenate([np.ones((len(survival), 1)), survival[:, :-1]], axis=1)
    share = survival / np.where(before > 0, before, np.nan)
    y = np.arcsin(np.sqrt((n_risk * share + correction) / (n_risk + 2 * correction)))
    return absent_filled(y, 0.25 / (n_risk + 0.5))


def absent_filled(y: Floats, v: Floats) -> Shares:
    """Return shares of which some are NaN as those that the pool takes."""
    there = np.isfinite(y)
    mean = np.where(there, y, 0.0).sum(0) / np.maximum(there.sum(0), 1)
    return Shares(np.where(there, y, mean), np.where(there, v, ABSENT), there)


def cross_moments(s: Shares) -> tuple[Floats, Floats, Floats]:
    r"""Return the moments of which the covariance between trials is made, each (t, t).

    With :math:`c_i = 1/(s_{ik} s_{il})`: :math:`Q_{kl} = \sum c_i (y_{ik} - a)(y_{il} - b)` about the means a, b
    weighted by c; what it is expected to be without heterogeneity, which is the number of trials less one on the
    diagonal and 0 beside it; and :math:`B = \sum c_i - \sum c_i^2 / \sum c_i`.
    """
    w = 1 / np.sqrt(s.v)
    z = (s.y - s.y.mean(0)) * w
    total = w.T @ w
    q = z.T @ z - (z.T @ w) * (w.T @ z) / total
    return q, np.diag(s.there.sum(0) - 1.0), total - (w**2).T @ (w**2) / total


def between(parts: list[Shares]) -> Floats:
    """Return the covariance between trials by moments about the means of each part, set to the nearest that is one."""
    q, expected, b = (np.sum(m, axis=0) for m in zip(*map(cross_moments, parts), strict=True))
    known = b > 1e-13 * max(float(np.abs(b).max()), 1e-300)
    psi = np.divide(q - expected, b, out=np.zeros_like(q), where=known)
    values, vectors = np.linalg.eigh((psi + psi.T) / 2)
    projected: Floats = (vectors * np.maximum(values, 0.0)) @ vectors.T
    return projected


def pooled(s: Shares, *, random: bool, psi: Floats | None = None) -> Pooled:
    """Return means by generalised least squares, with this covariance between trials or that of their own moments."""
    t = s.y.shape[1]
    if not random:
        cov = np.diag(1 / (1 / s.v).sum(0))
        return Pooled(np.diag(cov) * (s.y / s.v).sum(0), cov, np.zeros((t, t)))
    psi = between([s]) if psi is None else psi
    w = np.linalg.inv(s.v[:, :, None] * np.eye(t) + psi)
    cov = np.linalg.inv(w.sum(0))
    cov = (cov + cov.T) / 2
    return Pooled(cov @ np.einsum("ikl,il->k", w, s.y), cov, psi)


def cochran(s: Shares) -> float:
    """Return Cochran's Q about the common means, over all times that trials have."""
    residual = s.y - pooled(s, random=False).beta
    return float((residual**2 / s.v)[s.there].sum())


def survival_of(beta: Floats) -> Floats:
    """Return survival at each time, (..., t), of transformed conditional survival, which is held to 0 to pi / 2."""
    out: Floats = np.cumprod(np.sin(np.clip(beta, 0.0, RIGHT)) ** 2, axis=-1)
    return out


def log_weights(beta: Floats) -> Floats:
    r"""Return the derivatives of log S at each time by beta, (t, t): :math:`2 \cot \beta_j` for :math:`j \le k`."""
    out: Floats = np.tril(np.ones((len(beta),) * 2)) * 2 / np.tan(np.clip(beta, 1e-12, RIGHT))
    return out


def log_variance(beta: Floats, cov: Floats) -> Floats:
    r"""Return :math:`var \log S(t_k) = 4 \sum_{j,l \le k} \cot\beta_j \cot\beta_l V_{jl}`, (t,)."""
    weights = log_weights(beta)
    out: Floats = np.einsum("kj,jl,kl->k", weights, cov, weights)
    return out
