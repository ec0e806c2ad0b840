r"""Floating subgroup effects, numbers only: effects of all levels that agree with the differences within trials.

Trial i reports effects y of some of the k levels. With the differences within trials known to be :math:`D\gamma`,

.. math:: y_i - D\hat\gamma \sim N(1\theta, S_i + \Sigma_\beta), \quad M \Sigma_\beta M^T = \Sigma_\gamma

where M takes differences from the reference. All trials inform theta, those of one level too. The sum weighted by the
inverse variances is independent of every difference within a trial, so that with W the inverse of the covariance

.. math:: \hat\beta = 1\hat\theta + D\hat\gamma, \quad Var(\hat\beta) = V_\theta J + A Var(\hat\gamma) A^T,
    \quad A = D - V_\theta 1 1^T \sum_i W_i D

The algorithm is that of Godolphin et al. (2023, Research Synthesis Methods 14:68), read in the authors' program
metafloat, not in the article; the variance agrees with simulation. Two things are done otherwise: levels that a trial
does not report are left out, where metafloat gives them a variance of 100 000, and the covariances between trials are
taken as known in all standard errors, as is usual, where its default adds their uncertainty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..numeric import mixed_model
from ..numeric.between import ZERO
from ..numeric.mixed_model import Ints
from ..numeric.wls import Floats
from .rows import Rows

STRUCTURES = ("unstructured", "exchangeable")


class Heterogeneity(NamedTuple):
    """What is known of the covariance of the levels' true effects, (k, k): base + free r 1' + 1 r' free' + psi J.

    `base` makes the differences within trials vary as they do; r, one number a column of `free` (k, q), and psi are
    estimated from how whole trials vary.
    """

    base: Floats
    free: Floats


class Floating(NamedTuple):
    """Effects of all levels (k,), their covariance, and the covariance of true effects between trials (k, k)."""

    estimate: Floats
    cov: Floats
    tau2: Floats


def heterogeneity(design: Floats, tau2: Floats, structure: str) -> Heterogeneity:
    """Return what the covariance of differences says of that of effects.

    Parameters
    ----------
    design
        D, (k, q): the levels' differences from the reference by the q coefficients.
    tau2
        Covariance of the coefficients between trials, (q, q).
    structure
        ``exchangeable``: all levels vary alike, and all pairs are correlated alike; else as tau2 has it.
    """
    k = len(design)
    if structure == "exchangeable":  # differences vary by tau², and share half of it
        return Heterogeneity(tau2[0, 0] / 2 * (np.eye(k) - 1 / k), np.zeros((k, 0)))
    values, vectors = np.linalg.eigh(tau2)
    there = values > ZERO * max(float(values[-1]), np.finfo(float).tiny)
    return Heterogeneity(design @ tau2 @ design.T, design @ (vectors[:, there] * np.sqrt(values[there])))


def floating(
    rows: Rows, design: Floats, gamma: Floats, cov: Floats, known: Heterogeneity | None, restricted: bool = True
) -> Floating:
    """Return the floating effects.

    Parameters
    ----------
    rows
        All effects.
    design
        D, (k, q).
    gamma, cov
        Coefficients of the differences within trials, and their covariance: any linear estimate from within trials.
    known
        The covariance between trials as far as they have it; None for effects common to all trials.
    restricted
        Whether the rest of it is estimated by restricted likelihood.
    """
    shifted = rows._replace(y=rows.y - design[rows.level] @ gamma)
    k = len(design)
    tau2 = np.zeros((k, k)) if known is None else _between(shifted, known, restricted)
    model = _model(shifted, tau2, np.zeros((0, k, k)), restricted)
    theta, v_theta, wx = mixed_model.fit(model, mixed_model.inverses(mixed_model.covariances(model, np.zeros(0))))
    weight = np.zeros(len(rows.y))
    for batch, columns in zip(model.batches, wx, strict=True):
        weight[batch.rows[batch.present]] = columns[..., 0][batch.present]
    a = design - weight @ design[rows.level] / weight.sum()
    return Floating(theta[0] + design @ gamma, v_theta + a @ cov @ a.T, tau2)


def _between(rows: Rows, known: Heterogeneity, restricted: bool) -> Floats:
    """Return the covariance of true effects with its largest likelihood among those that fit the differences."""
    k, q = known.free.shape
    unit = float(np.sqrt(rows.v.mean()))
    crossed = known.free.T[:, :, None] + known.free.T[:, None, :]  # free r 1' + 1 r' free'
    parts = np.concatenate([crossed / unit, np.ones((1, k, k))])
    model = _model(rows, known.base, parts, restricted)
    # parameters: unit (fixed), r, s; psi = r'r + s² is the least that leaves a covariance matrix, and more
    forms = np.zeros((q + 1, q + 2, q + 2))
    for i in range(q):
        forms[i, 0, i + 1] = forms[i, i + 1, 0] = 0.5
        forms[q, i + 1, i + 1] = 1.0
    forms[q, q + 1, q + 1] = 1.0
    even = np.linalg.pinv(known.free) @ (-np.diag(known.base) / 2)  # about as much variance in all levels
    spread = max(float(rows.y.std()), 1e-3 * unit)
    shares = (even, 0 * even) if even.any() else (even,)
    starts = [np.array([unit, *r, part * spread]) for r in shares for part in (0.1, 0.5, 1.0)]
    free = np.arange(q + 2) > 0
    found = mixed_model.maximise(model, forms, starts, free)
    if found[-1] ** 2 < ZERO * float(rows.v.min()):
        found[-1] = 0.0
    total: Floats = known.base + np.tensordot(mixed_model.components(forms, found), parts, 1)
    return total


def _model(rows: Rows, base: Floats, parts: Floats, restricted: bool) -> mixed_model.Model:
    """Return the model of one mean, with the covariances of levels `base` (k, k), known, and `parts` (q, k, k)."""

    def build(index: Ints, present: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        a, b = rows.level[index][:, :, None], rows.level[index][:, None, :]
        return base[a, b] + np.eye(index.shape[1]) * rows.v[index][:, :, None], parts[:, a, b]

    return mixed_model.model(rows.y, np.ones((len(rows.y), 1)), rows.trial, build, restricted)
