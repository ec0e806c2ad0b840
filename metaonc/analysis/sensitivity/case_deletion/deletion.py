r"""What leaving out each trial, or each block of correlated rows, does to a fit: numbers only.

With :math:`b` of all rows and :math:`b_{(i)}` of all but those of i (Viechtbauer and Cheung 2010):

.. math:: t_i = \frac{y_i - x_i^T b_{(i)}}{\sqrt{Var(y_i - x_i^T b_{(i)})}}, \quad
    D_i = (b - b_{(i)})^T Var(b)^{-1} (b - b_{(i)}), \quad
    C_i = \frac{\det Var(b_{(i)})}{\det Var(b)}
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...numeric import mixed_model, wls
from ...numeric.mixed_model import Batch, Model
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Fit, Floats


class RowDeletion(NamedTuple):
    """What leaving out each of m rows does, (m,); DFBETAS are (m, p)."""

    rstudent: Floats
    dffits: Floats
    cook_d: Floats
    cov_ratio: Floats
    dfbetas: Floats


class BlockDeletion(NamedTuple):
    """What leaving out a block does; X² is the quadratic form of its residuals, of as many rows as it has."""

    x2: float
    cook_d: float
    cov_ratio: float
    dfbetas: Floats


def hat(f: Fit) -> Floats:
    """Return the leverage of each row, (k,): how far its effect pulls its own fitted value."""
    out: Floats = f.w * np.einsum("ki,ij,kj->k", f.x, f.cov, f.x)
    return out


def by_row(
    v: Floats, back: Floats, full: Fit, scale: float, without: Fit, rows: Any, tau2: Floats, scales: Floats
) -> RowDeletion:
    """Return the diagnostics of rows that are left out in turn.

    Parameters
    ----------
    v
        Sampling variances, (k,).
    back
        What makes coefficients from those of the design's columns, (p, p).
    full, scale
        The fit of all rows at their tau², and the factor of its covariance.
    without, rows
        The fits without each of these rows, (m, p), and the numbers of the rows, (m,).
    tau2, scales
        Of these fits, (m,).
    """
    x = full.x[rows]
    moved = full.beta - without.beta
    spread = np.einsum("mi,mij,mj->m", x, without.cov, x)
    residual = np.take_along_axis(without.r, rows[:, None], -1)[:, 0]
    total = v[rows] + tau2
    shift = np.vecdot(x, moved)
    everyone = np.linalg.inv(wls.cross(full.x, weights(v, tau2)))  # of all rows, at the tau² without one
    own = np.einsum("ij,mjl,il->mi", back, everyone, back)
    ratio = np.linalg.slogdet(without.cov)[1] - np.linalg.slogdet(full.cov)[1]
    return RowDeletion(
        rstudent=residual / np.sqrt(scales * (total + spread)),
        dffits=shift / np.sqrt(scales * hat(full)[rows] * total),
        cook_d=np.vecdot(moved, np.linalg.solve(full.cov, moved[..., None])[..., 0]) / scale,
        cov_ratio=np.exp(ratio) * (scales / scale) ** len(back),
        dfbetas=moved @ back.T / np.sqrt(scales[:, None] * own),
    )


def blocks(m: Model) -> list[tuple[Batch, int]]:
    """Return the batch and the place in it of each block, in the order of their first rows."""
    found = [(int(b.rows[i][b.present[i]].min()), b, i) for b in m.batches for i in range(len(b.rows))]
    return [(b, i) for _, b, i in sorted(found, key=lambda one: one[0])]


def row_hat(m: Model, theta: Floats) -> Floats:
    """Return the leverage of each row of a mixed model, (n,)."""
    out = np.empty(len(m.y))
    _, cov, wx = mixed_model.fit(m, mixed_model.inverses(mixed_model.covariances(m, theta)))
    for b, part in zip(m.batches, wx, strict=True):
        out[b.rows[b.present]] = np.einsum("bmi,ij,bmj->bm", b.x, cov, part)[b.present]
    return out


def by_block(m: Model, theta: Floats, block: tuple[Batch, int], without: Floats) -> BlockDeletion | None:
    """Return what leaving out a block does; None where the other rows do not tell all coefficients.

    Parameters
    ----------
    m, theta
        The model of all rows, and its variance components.
    block
        As ``blocks`` has it.
    without
        The variance components without it: estimated anew, or those of all.
    """
    batch, i = block
    left: NDArray[np.bool_] = np.ones(len(m.y), dtype=bool)
    left[batch.rows[i][batch.present[i]]] = False
    if np.linalg.matrix_rank(m.x[left]) < m.x.shape[1]:
        return None
    beta, cov, _ = mixed_model.fit(m, mixed_model.inverses(mixed_model.covariances(m, theta)))
    at = mixed_model.covariances(m, without)
    everyone = mixed_model.fit(m, mixed_model.inverses(at))
    x, y = batch.x[i], batch.y[i]
    v = next(part for part, b in zip(at, m.batches, strict=True) if b is batch)[i]
    wx = np.linalg.solve(v, x)
    gram = np.linalg.inv(everyone[1])
    others = np.linalg.inv(gram - x.T @ wx)
    beta_without = others @ (gram @ everyone[0] - wx.T @ y)
    moved, r = beta - beta_without, y - x @ beta_without
    return BlockDeletion(
        x2=float(r @ np.linalg.solve(v + x @ others @ x.T, r)),
        cook_d=float(moved @ np.linalg.solve(cov, moved)),
        cov_ratio=float(np.linalg.det(others) / np.linalg.det(cov)),
        dfbetas=moved / np.sqrt(np.diag(everyone[1])),
    )
