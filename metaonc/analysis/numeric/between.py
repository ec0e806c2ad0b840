"""Several correlated outcomes, numbers only: the model, and the covariance matrix between studies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import ConvergenceError
from . import mixed_model
from .mixed_model import Ints, Model
from .wls import Floats

ZERO = 1e-10  # share of a variance below which it is on the boundary
SHORT = 1e-6  # of the log likelihood, which an estimate may lie below the maximum by rounding


class Between(NamedTuple):
    """Covariance matrix between studies (p, p), its correlations (NaN beside a variance of 0), and whether singular."""

    cov: Floats
    correlation: Floats
    boundary: bool


def model(y: Floats, s: Floats, structure: str, restricted: bool) -> Model:
    """Return the model of y (k, p), NaN where a study has no such outcome, with sampling covariances s (k, p, p)."""
    study, outcome = np.nonzero(np.isfinite(y))
    pairs = pairs_of(y.shape[1], structure)

    def build(rows: Ints, present: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        a, b = outcome[rows][:, :, None], outcome[rows][:, None, :]
        k = [((a == i) & (b == j)) | ((a == j) & (b == i)) for i, j in pairs]
        return s[study[rows][:, :, None], a, b], np.stack(k).astype(float)

    x = (outcome[:, None] == np.arange(y.shape[1])).astype(float)
    return mixed_model.model(y[study, outcome], x, study, build, restricted)


def pairs_of(p: int, structure: str) -> list[tuple[int, int]]:
    """Return the elements of the matrix that are estimated, in the order of the components."""
    return [(i, j) for i in range(p) for j in range(i + 1) if structure == "unstructured" or i == j]


def of_outcomes(y: Floats, s: Floats, structure: str, restricted: bool) -> tuple[Floats, Between]:
    """Return what `estimate` does of the model of y and s, in whatever units the outcomes are."""
    size = _sizes(y, s)
    square = np.outer(size, size)
    theta, found = estimate(model(y / size, s / square, structure, restricted), y / size, structure)
    pairs = pairs_of(y.shape[1], structure)
    return theta * [square[pair] for pair in pairs], found._replace(cov=found.cov * square)


def estimate(m: Model, y: Floats, structure: str) -> tuple[Floats, Between]:
    """Return the variance components at the maximum of the likelihood, and the matrix that they make.

    Outcomes are to be of about one size.

    Raises
    ------
    ConvergenceError
        When no maximum is reached.
    """
    p = y.shape[1]
    pairs = pairs_of(p, structure)
    forms = _products(pairs)
    starts = [np.array([root[i, j] for i, j in pairs]) for root in _roots(y, structure)]
    starts.sort(key=lambda x: -mixed_model.log_likelihood(m, mixed_model.components(forms, x)))
    found = mixed_model.maximise(m, forms, starts[:3])
    root = np.zeros((p, p))
    for (i, j), value in zip(pairs, found, strict=True):
        root[i, j] = value
    root = _on_boundary(root, m)
    cov = root @ root.T
    theta = np.array([cov[i, j] for i, j in pairs])
    best = mixed_model.log_likelihood(m, mixed_model.components(forms, found))
    if mixed_model.log_likelihood(m, theta) < best - SHORT:
        raise ConvergenceError("the variance components stop short of the maximum of the likelihood.")
    return theta, _between(cov, root)


def _sizes(y: Floats, s: Floats) -> Floats:
    """Return the size of each outcome's standard errors beside the first outcome's, as a power of 2, (p,)."""
    error = np.sqrt([np.median(s[np.isfinite(y[:, j]), j, j]) for j in range(y.shape[1])])
    size: Floats = 2.0 ** np.round(np.log2(error / error[0]))
    return size


def moments(y: Floats, s: Floats) -> Between:
    r"""Return the covariance between studies by the method of moments for all outcomes at once.

    Psi solves :math:`E(Q) = Q` for :math:`Q = \sum_i W_i e_i e_i^T`, with W the inverse sampling covariances (0 where
    an outcome is missing) and e the residuals about the common effects; then it is made symmetric, and eigenvalues
    below 0 are set to 0.

    Parameters
    ----------
    y, s
        Effects (k, p), NaN where a study has no such outcome, and sampling covariances (k, p, p).

    References
    ----------
    Jackson, White and Riley 2013.
    """
    k, p = y.shape
    there = np.isfinite(y)
    w = np.zeros((k, p, p))
    for i in range(k):
        own = np.ix_(np.flatnonzero(there[i]), np.flatnonzero(there[i]))
        w[i][own] = np.linalg.inv(s[i][own])
    v = np.linalg.inv(w.sum(0))
    beta = v @ np.einsum("iab,ib->a", w, np.where(there, y, 0.0))
    e = np.where(there, y - beta, 0.0)
    seen = there[:, :, None] * np.eye(p)  # 1 on the diagonal where an outcome is reported
    moved = np.einsum("ab,jbc->jac", v, w)
    left = np.eye(k)[:, :, None, None] * w[:, None] - np.einsum("iab,jbc->ijac", w, moved)
    right = np.eye(k)[:, :, None, None] * seen[:, None] - np.einsum("iab,jbc->ijac", seen, moved)
    system = np.einsum("ijab,ijcd->acbd", left, right).reshape(p * p, p * p)
    excess = np.einsum("iab,ib,ic->ac", w, e, e) - (seen - w @ v @ seen).sum(0)
    found = np.linalg.solve(system, excess.ravel()).reshape(p, p)
    values, vectors = np.linalg.eigh((found + found.T) / 2)
    psi = (vectors * np.maximum(values, 0.0)) @ vectors.T
    sd = np.sqrt(np.diag(psi))
    return Between(psi, _correlation(psi, sd), bool((values <= 0).any()))


def _products(pairs: list[tuple[int, int]]) -> Floats:
    """Return the forms by which the components are the elements of L L', L lower triangular with free elements."""
    place = {pair: i for i, pair in enumerate(pairs)}
    forms = np.zeros((len(pairs), len(pairs), len(pairs)))
    for i, j in pairs:
        for c in range(j + 1):
            if (i, c) in place and (j, c) in place:
                forms[place[i, j], place[i, c], place[j, c]] += 0.5
                forms[place[i, j], place[j, c], place[i, c]] += 0.5
    return forms


def _roots(y: Floats, structure: str) -> list[Floats]:
    """Return Cholesky factors to start from: a part of the variance seen, and several correlations."""
    p = y.shape[1]
    sd = np.nanstd(y, axis=0)
    sd = np.where(sd > 0, sd, np.abs(y[np.isfinite(y)]).max() * 1e-3 + 1e-6)
    correlations = [0.0] if structure == "diagonal" else [0.0, 0.6, -0.6 / (p - 1), 0.95]
    bases = [np.linalg.cholesky((1 - rho) * np.eye(p) + rho) for rho in correlations]
    return [np.sqrt(part) * sd[:, None] * base for part in (0.01, 0.1, 0.5, 1.0) for base in bases]


def _on_boundary(root: Floats, m: Model) -> Floats:
    """Put to exactly 0 what is 0 but for rounding: an outcome's variance, or its part not shared with others."""
    square = root * root
    rows = square.sum(1)
    least = float(m.sampling_variances.min())
    root = np.where((rows < ZERO * max(float(rows.max()), least))[:, None], 0.0, root)
    own = np.diag(square) < ZERO * rows
    out: Floats = root - np.diag(np.where(own, np.diag(root), 0.0))
    return out


def _between(cov: Floats, root: Floats) -> Between:
    return Between(cov, _correlation(cov, np.sqrt(np.diag(cov))), bool((np.diag(root) == 0).any()))


def _correlation(cov: Floats, sd: Floats) -> Floats:
    """Return a covariance as correlations, NaN beside a variance of 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation: Floats = np.clip(cov / np.outer(sd, sd), -1.0, 1.0)
    correlation[np.diag_indices_from(correlation)] = np.where(sd > 0, 1.0, np.nan)
    return correlation
