r"""Cluster-robust covariance of coefficients, for working models that may be wrong within clusters.

.. math:: C \Bigl(\sum_c X_c^T W_c A_c e_c e_c^T A_c^T W_c X_c\Bigr) C, \quad C = (X^T W X)^{-1}

CR1 has A = 1 and the factor m/(m - p) for m clusters, with m - p degrees of freedom. CR2 (bias-reduced linearisation,
Pustejovsky and Tipton 2022) has the A that makes it unbiased when the working model is true, and Satterthwaite's
degrees of freedom, one for each coefficient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import mixed_model
from .mixed_model import Batch, Model
from .wls import ROUNDING, Floats


class Robust(NamedTuple):
    """Covariance of the coefficients, (p, p), and degrees of freedom of each, (p,)."""

    cov: Floats
    df: Floats


@dataclass(frozen=True, slots=True)
class RobustMethod:
    """A cluster-robust estimator.

    Attributes
    ----------
    code, short, label
        Name in calls, below a figure, and in a methods section.
    estimate
        (model whose blocks are the clusters, theta) -> Robust.
    """

    code: str
    short: str
    label: str
    estimate: Callable[[Model, Floats], Robust]


def _cr1(m: Model, theta: Floats) -> Robust:
    v = mixed_model.covariances(m, theta)
    beta, cov, wx = mixed_model.fit(m, mixed_model.inverses(v))
    meat = np.zeros_like(cov)
    for b, c, u in zip(m.batches, v, wx, strict=True):
        score = np.einsum("bmi,bm->bi", u, _residuals(b, c, beta))
        meat += score.T @ score
    clusters, p = sum(len(b.rows) for b in m.batches), len(beta)
    return Robust(cov @ meat @ cov * clusters / (clusters - p), np.full(p, float(clusters - p)))


def _cr2(m: Model, theta: Floats) -> Robust:
    v = mixed_model.covariances(m, theta)
    beta, cov, wx = mixed_model.fit(m, mixed_model.inverses(v))
    p = len(beta)
    meat, own, cross = np.zeros((p, p)), [], []
    for b, c, u in zip(m.batches, v, wx, strict=True):
        g = _adjustment(c, b.x, cov, b.present) @ u  # A'W X, (b, m, p)
        score = np.einsum("bmi,bm->bi", g, _residuals(b, c, beta))
        meat += score.T @ score
        g = g @ cov
        own.append(np.einsum("bmi,bmn,bni->bi", g, c, g))
        cross.append(np.einsum("bmi,bmj->bij", g, b.x))
    return Robust(cov @ meat @ cov, _satterthwaite(np.concatenate(own), np.concatenate(cross), cov))


def _residuals(b: Batch, v: Floats, beta: Floats) -> Floats:
    """Return residuals (b, m); those that are no more than rounding are 0, so that no standard error is made of it."""
    fitted = b.x @ beta
    least = ROUNDING * (np.abs(fitted) + np.sqrt(np.diagonal(v, axis1=-2, axis2=-1)))
    return np.where(np.abs(b.y - fitted) <= least, 0.0, b.y - fitted)


def _adjustment(v: Floats, x: Floats, cov: Floats, present: NDArray[np.bool_]) -> Floats:
    """Return A = D' (D (V - X C X') D')^(-1/2) D with V = D' D of each cluster; where singular, the pseudo-root."""
    pair = present[:, :, None] & present[:, None, :]
    typical = np.trace(np.where(pair, v, 0.0), axis1=-2, axis2=-1) / present.sum(-1)
    v = np.where(pair, v, typical[:, None, None] * np.eye(v.shape[-1]))  # padding of the same order as the rest
    d = np.swapaxes(np.linalg.cholesky(v), -1, -2)
    dt = np.swapaxes(d, -1, -2)
    values, vectors = np.linalg.eigh(d @ (v - x @ cov @ np.swapaxes(x, -1, -2)) @ dt)
    small = values <= 1e-13 * values.max(-1, keepdims=True)
    root = np.where(small, 0.0, np.where(small, 1.0, values) ** -0.5)
    a: Floats = dt @ (vectors * root[:, None, :]) @ np.swapaxes(vectors, -1, -2) @ d
    return a * pair


def _satterthwaite(own: Floats, cross: Floats, cov: Floats) -> Floats:
    """Return (tr M)² / tr M² of each coefficient, M the covariance of the clusters' contributions.

    M_cd is own_c on the diagonal minus cross_c' C cross_d, by which the contributions depend on each other.
    """
    p = cov.shape[0]
    df = np.empty(p)
    for i in range(p):
        part = cross[:, i]
        m = np.diag(own[:, i]) - part @ cov @ part.T
        df[i] = np.trace(m) ** 2 / (m * m).sum()
    return df


ROBUST_METHODS = {
    r.code: r
    for r in (
        RobustMethod("CR1", "cluster-robust (CR1)", "cluster-robust, factor m/(m - p)", _cr1),
        RobustMethod(
            "CR2",
            "cluster-robust (CR2, Satterthwaite)",
            "cluster-robust, bias-reduced, Satterthwaite degrees of freedom",
            _cr2,
        ),
    )
}
