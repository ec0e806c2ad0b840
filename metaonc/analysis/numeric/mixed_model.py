r"""The linear mixed model with known sampling covariance, by blocks: likelihood, its derivatives, its exact maximum.

.. math:: y \sim N(X\beta, V), \quad V = S + \sum_j \theta_j K_j

S and the K are block-diagonal, a block a study (or the outermost level of nesting), so all costs grow with the number
of blocks. Blocks of like size are padded to one size and computed together; a padded row has variance 1, no effect,
no design and no part in any K, and so adds nothing.

The variance components are quadratic in free parameters, :math:`\theta_j = \lambda^T Q_j \lambda` (squares of standard
deviations, or products of a Cholesky factor). Then a maximum on the boundary (a variance of 0, a correlation of 1) is
an ordinary stationary point in :math:`\lambda`, and Newton's method with exact derivatives converges to it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import ConvergenceError
from .wls import Floats

Ints = NDArray[np.int64]
STEPS = 500
# rma.mv's own optimiser stops early or gives up at a variance of 0; with this one it arrives at the same digits
R_CONTROL = 'list(optimizer = "optim", optmethod = "BFGS", reltol = 1e-14, maxit = 10000)'
BESIDE = 1e-6  # of the variances: so near to a maximum a climb ends there
TOLERANCE = 1e-10  # of a step, relative to the parameter; the error after it is of the order of its square
# (rows, present) -> S (b, m, m) and K (q, b, m, m), 0 where a row is padding
Builder = Callable[[Ints, NDArray[np.bool_]], tuple[Floats, Floats]]


class Batch(NamedTuple):
    """Blocks of one padded size m: rows (b, m), y (b, m), x (b, m, p), s (b, m, m), k (q, b, m, m)."""

    rows: Ints
    present: NDArray[np.bool_]
    y: Floats
    x: Floats
    s: Floats
    k: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Data and structure of a mixed model.

    Attributes
    ----------
    y, x
        Effects (n,) and design (n, p).
    batches
        The blocks.
    restricted
        Whether the likelihood is restricted (REML).
    log_gram
        log det(X'X), a constant of the restricted likelihood.
    """

    y: Floats
    x: Floats
    batches: tuple[Batch, ...]
    restricted: bool
    log_gram: float

    @property
    def components(self) -> int:
        """Number of variance components."""
        return len(self.batches[0].k)

    @property
    def sampling_variances(self) -> Floats:
        """Sampling variance of each row, without the padding of the blocks."""
        return np.concatenate([np.diagonal(b.s, 0, 1, 2)[b.present] for b in self.batches])


class Terms(NamedTuple):
    """Log likelihood, its derivatives by the variance components, the coefficients and their covariance."""

    ll: float
    gradient: Floats
    hessian: Floats
    beta: Floats
    cov: Floats


class Peak(NamedTuple):
    """Parameters at a maximum, (r,), and the log likelihood there."""

    x: Floats
    height: float


def model(y: Floats, x: Floats, block: Ints, build: Builder, restricted: bool) -> Model:
    """Return the model whose blocks are the rows of one code, 0 to b - 1, in `block` (n,)."""
    order = np.argsort(block, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(block[order])) + 1)
    sizes = np.array([1 << (len(m) - 1).bit_length() for m in members])  # 1, 2, 4, 8, ...
    batches = []
    for size in np.unique(sizes):
        chosen = [members[i] for i in np.flatnonzero(sizes == size)]
        rows = np.zeros((len(chosen), size), dtype=np.int64)
        present = np.zeros(rows.shape, dtype=bool)
        for i, m in enumerate(chosen):
            rows[i, : len(m)], present[i, : len(m)] = m, True
        s, k = build(rows, present)
        pad = np.eye(size) * ~present[:, :, None]
        pair = present[:, :, None] & present[:, None, :]
        batches.append(
            Batch(rows, present, y[rows] * present, x[rows] * present[..., None], np.where(pair, s, pad), k * pair)
        )
    log_gram = float(np.linalg.slogdet(x.T @ x)[1])
    return Model(y=y, x=x, batches=tuple(batches), restricted=restricted, log_gram=log_gram)


def covariances(m: Model, theta: Floats) -> list[Floats]:
    """Return V of each batch, (b, m, m)."""
    return [b.s + np.einsum("q,qbmn->bmn", theta, b.k) for b in m.batches]


def inverses(v: list[Floats]) -> list[Any]:
    """Return the inverse of each batch's blocks."""
    return [np.linalg.inv(c) for c in v]


def fit(m: Model, w: list[Floats]) -> tuple[Floats, Floats, list[Floats]]:
    """Return coefficients, their covariance, and W X of each batch, W = V^-1."""
    wx = [a @ b.x for a, b in zip(w, m.batches, strict=True)]
    gram = sum((np.einsum("bmi,bmj->ij", b.x, u) for b, u in zip(m.batches, wx, strict=True)), np.zeros(()))
    side = sum((np.einsum("bmi,bm->i", u, b.y) for b, u in zip(m.batches, wx, strict=True)), np.zeros(()))
    cov = np.linalg.inv(gram)
    return cov @ side, cov, wx


def log_likelihood(m: Model, theta: Floats) -> float:
    """Return the log likelihood with its constants (for REML those of Harville 1974, as R's metafor has them)."""
    return _terms(m, theta, derivatives=False).ll


def terms(m: Model, theta: Floats) -> Terms:
    """Return the log likelihood and its first and second derivatives."""
    return _terms(m, theta, derivatives=True)


def _terms(m: Model, theta: Floats, derivatives: bool) -> Terms:
    n, p = m.x.shape
    q = m.components
    none = Terms(-np.inf, np.zeros(q), np.zeros((q, q)), np.zeros(p), np.zeros((p, p)))
    v = covariances(m, theta)
    try:
        log_det = sum(float(np.log(np.diagonal(np.linalg.cholesky(c), axis1=-2, axis2=-1)).sum()) for c in v) * 2
    except np.linalg.LinAlgError:
        return none
    w = inverses(v)
    beta, cov, wx = fit(m, w)
    residual = [b.y - b.x @ beta for b in m.batches]
    u = [(a @ r[..., None])[..., 0] for a, r in zip(w, residual, strict=True)]
    ss = sum(float((a * r).sum()) for a, r in zip(u, residual, strict=True))
    ll = -0.5 * (n * np.log(2 * np.pi) + log_det + ss)
    if m.restricted:
        ll += 0.5 * (p * np.log(2 * np.pi) + m.log_gram + np.linalg.slogdet(cov)[1])
    if not derivatives or not np.isfinite(ll):
        return none._replace(ll=ll if np.isfinite(ll) else -np.inf, beta=beta, cov=cov)
    return Terms(ll, *_derivatives(m, w, wx, u, cov), beta, cov)


def _derivatives(m: Model, w: list[Floats], wx: list[Floats], u: list[Floats], cov: Floats) -> tuple[Floats, Floats]:
    """Return gradient and Hessian by the components, from traces and quadratic forms of P = W - W X C X' W."""
    q, p = m.components, m.x.shape[1]
    slope, trace, quad = np.zeros(q), np.zeros((q, q)), np.zeros((q, q))
    a, side, mixed = np.zeros((q, p, p)), np.zeros((q, p)), np.zeros((q, q, p, p))
    for b, wb, xb, ub in zip(m.batches, w, wx, u, strict=True):
        wk = wb @ b.k
        ku = (b.k @ ub[..., None])[..., 0]
        kx = b.k @ xb
        slope += (ku * ub).sum((1, 2)) - np.trace(wk, axis1=-2, axis2=-1).sum(1)
        trace += wk.reshape(q, -1) @ np.swapaxes(wk, -1, -2).reshape(q, -1).T
        quad += ku.reshape(q, -1) @ (wb @ ku[..., None]).reshape(q, -1).T
        side += np.einsum("bmp,ibm->ip", xb, ku)
        if m.restricted:
            a += np.einsum("bmp,ibmr->ipr", xb, kx)
            mixed += np.einsum("ibmp,jbmr->ijpr", kx, wb @ kx)
    quad -= side @ cov @ side.T
    if m.restricted:
        ca = cov @ a
        slope += np.trace(ca, axis1=-2, axis2=-1)
        trace += np.einsum("ipr,jrp->ij", ca, ca) - 2 * np.einsum("rp,ijpr->ij", cov, mixed)
    return slope / 2, trace / 2 - quad


def maximise(m: Model, forms: Floats, starts: Iterable[Floats], free: NDArray[np.bool_] | None = None) -> Floats:
    """Return the parameters at the highest maximum of the likelihood that is reached from the starts.

    Parameters
    ----------
    m
        The model.
    forms
        Q, (q, r, r) symmetric: component j is lambda' Q_j lambda.
    starts
        Parameters (r,) to climb from.
    free
        Which of them may move; all when None.

    Raises
    ------
    ConvergenceError
        When Newton's method arrives from no start.
    """
    free = np.ones(forms.shape[1], dtype=bool) if free is None else free
    best: Peak | None = None
    for start in starts:
        found = _climb(m, forms, start, free, best)
        if found is not None and (best is None or found.height > best.height):
            best = found
    if best is None:
        raise ConvergenceError(
            "Newton's method found no maximum of the likelihood by the variance components, from none of its starts."
        )
    return best.x


def components(forms: Floats, x: Floats) -> Floats:
    """Return theta at the parameters, (q,)."""
    theta: Floats = np.einsum("qij,i,j->q", forms, x, x)
    return theta


def _climb(m: Model, forms: Floats, x: Floats, free: NDArray[np.bool_], known: Peak | None) -> Peak | None:
    """Climb to a maximum by Newton's method; a step that neither climbs nor flattens the slope is halved.

    Where it comes beside the maximum that is known already, that is returned.
    """
    x = x.copy()
    least = float(m.sampling_variances.min())
    floor = 1e-6 * (np.abs(x).max() + np.sqrt(least))
    t = terms(m, components(forms, x))
    for _ in range(STEPS):
        g, h = _chain(forms, x, t)
        g, h = g[free], h[free][:, free]
        values, vectors = np.linalg.eigh(h)
        # uphill also where the surface is not concave
        size = np.maximum(np.abs(values), 1e-12 * np.abs(values).max() + 1e-300)
        step = np.zeros_like(x)
        step[free] = vectors @ ((vectors.T @ g) / size)
        reach = np.abs(step).max() / (2 * np.abs(x).max() + floor)
        step /= max(reach, 1.0)
        still = TOLERANCE * (np.abs(x) + floor)
        if (np.abs(step) <= still).all():
            return Peak(x + step, t.ll)
        moved = _search(m, forms, x, t, step, free, float(np.linalg.norm(g)), still)
        if moved is None:  # no height left to gain but rounding
            return Peak(x, t.ll) if abs(float(g @ step[free])) < 1e-8 else None
        x, t = moved
        if known is not None and _beside(components(forms, x), components(forms, known.x), least):
            return known
    return None


def _beside(theta: Floats, other: Floats, least: float) -> bool:
    return bool((np.abs(theta - other) <= BESIDE * (np.abs(other).max(initial=0.0) + least)).all())


def _search(
    m: Model, forms: Floats, x: Floats, t: Terms, step: Floats, free: NDArray[np.bool_], slope: float, still: Floats
) -> tuple[Floats, Terms] | None:
    """Return the point where a part of the step gains, and its terms; None where no part above `still` does."""
    for _ in range(40):
        new = terms(m, components(forms, x + step))
        level = new.ll >= t.ll - 1e-10 * (1 + abs(t.ll))  # but for rounding; every 0 is flat, and may be a pit
        flatter = level and np.linalg.norm(_chain(forms, x + step, new)[0][free]) < slope
        if new.ll > t.ll or flatter:
            return x + step, new
        if (np.abs(step) <= still).all():
            break
        step = step / 2
    return None


def _chain(forms: Floats, x: Floats, t: Terms) -> tuple[Floats, Floats]:
    """Return gradient and Hessian by the parameters."""
    j = 2 * forms @ x
    return j.T @ t.gradient, j.T @ t.hessian @ j + 2 * np.einsum("q,qij->ij", t.gradient, forms)
