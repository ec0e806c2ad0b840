r"""Differences between levels within trials, numbers only: estimates, their covariance between trials, Cochran's Q.

A trial that reports m levels gives m - 1 orthonormal contrasts C y of its effects, whatever levels they are:

.. math:: C_i y_i \sim N(C_i D \gamma, C_i (S_i + D \Psi D^T) C_i^T)

so that no level is missing and none needs to be made up; the choice of C changes nothing.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import DataError
from ..methods.tau2 import is_common, is_restricted
from ..numeric import between, mixed_model
from ..numeric.between import ZERO
from ..numeric.mixed_model import Ints, Model
from ..numeric.wls import Floats
from .rows import Rows

METHODS = ("CE", "REML", "ML")


class Within(NamedTuple):
    """Coefficients (q,) of the differences and their covariance; that of the coefficients between trials, and more."""

    gamma: Floats
    cov: Floats
    tau2: Floats
    boundary: bool
    q: float
    q_df: int
    loglik: float
    aic: float
    bic: float


class Contrasts(NamedTuple):
    """Contrasts (n,), their design (n, q), trials as codes from 0, and covariances.

    ``cov[i, j]`` is the covariance of contrast i with contrast j of its trial, ``place[i]`` its own number there.
    """

    y: Floats
    x: Floats
    trial: Ints
    cov: Floats
    place: Ints


def fit(rows: Rows, design: Floats, structure: str, method: str) -> Within:
    """Return the differences within trials.

    Parameters
    ----------
    rows
        Effects of all trials; those of one level only inform nothing here.
    design
        D, (k, q): what the coefficients make of the levels' differences from level 0.
    structure
        Of the covariance between trials: ``unstructured`` or ``exchangeable``.
    method
        ``CE`` for differences common to all trials, else ``REML`` or ``ML``.

    Raises
    ------
    DataError
        When the trials do not determine that covariance.
    """
    c = contrasts(rows, design)
    m = _model(c, "unstructured" if is_common(method) else structure, is_restricted(method))
    zero = np.zeros(m.components)
    w = mixed_model.inverses(mixed_model.covariances(m, zero))
    common, cov, _ = mixed_model.fit(m, w)
    residual = [b.y - b.x @ common for b in m.batches]
    q = sum(float(np.einsum("bi,bij,bj->", r, a, r)) for a, r in zip(w, residual, strict=True))
    n, p = c.x.shape
    ll, tau2, boundary, components = mixed_model.log_likelihood(m, zero), np.zeros((p, p)), False, 0
    if not is_common(method):
        _determined(m, c)
        components = m.components
        theta, tau2, boundary = _between(m, rows, design, structure)
        t = mixed_model.terms(m, theta)
        common, cov, ll = t.beta, t.cov, t.ll
    size = n - p * is_restricted(method)
    return Within(
        gamma=common, cov=cov, tau2=tau2, boundary=boundary, q=q, q_df=n - p, loglik=ll,
        aic=2 * (p + components) - 2 * ll, bic=(p + components) * np.log(size) - 2 * ll,
    )  # fmt: skip


def contrasts(rows: Rows, design: Floats) -> Contrasts:
    """Return the orthonormal contrasts of all trials that report two levels or more."""
    parts: list[tuple[Floats, Floats, Floats, Ints]] = []
    codes: list[Ints] = []
    members = rows.members()
    widest = max(len(m) for m in members) - 1
    for here in (m for m in members if len(m) > 1):
        c = helmert(len(here))
        cov = np.zeros((len(c), widest))
        cov[:, : len(c)] = c * rows.v[here] @ c.T
        parts.append((c @ rows.y[here], c @ design[rows.level[here]], cov, np.arange(len(c))))
        codes.append(np.full(len(c), len(codes)))
    y, x, cov, place = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Contrasts(y, x, np.concatenate(codes), cov, place)


def helmert(m: int) -> Floats:
    """Return m - 1 orthonormal contrasts (m - 1, m): each level against the mean of those before it."""
    c = np.tril(np.ones((m - 1, m)))
    c[np.arange(m - 1), np.arange(1, m)] = -np.arange(1, m)
    scaled: Floats = c / np.linalg.norm(c, axis=1)[:, None]
    return scaled


def _model(c: Contrasts, structure: str, restricted: bool) -> Model:
    pairs = between.pairs_of(c.x.shape[1], "unstructured")

    def build(index: Ints, present: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        place, x = c.place[index][:, None, :], c.x[index]
        size = index.shape[1]
        sampling = c.cov[index[:, :, None], np.minimum(place, c.cov.shape[1] - 1)]
        if structure == "exchangeable":  # effects vary by tau²/2 each, their differences by tau²
            return sampling, np.broadcast_to(np.eye(size) / 2, (1, len(index), size, size))
        k = [np.einsum("bm,bn->bmn", x[..., i], x[..., j]) for i, j in pairs]
        return sampling, np.stack([a if i == j else a + a.swapaxes(1, 2) for a, (i, j) in zip(k, pairs, strict=True)])

    return mixed_model.model(c.y, c.x, c.trial, build, restricted)


def _between(m: Model, rows: Rows, design: Floats, structure: str) -> tuple[Floats, Floats, bool]:
    """Return the variance components, the covariance of the coefficients (q, q), and whether it is singular."""
    if structure == "exchangeable":
        spread = max(float(m.y.std()), 1e-3 * float(np.sqrt(m.sampling_variances.min())))
        starts = [np.array([part * spread]) for part in (0.1, 0.5, 1.0, 2.0)]
        tau2 = float(mixed_model.maximise(m, np.ones((1, 1, 1)), starts)[0] ** 2)
        if tau2 < ZERO * float(m.sampling_variances.min()):
            tau2 = 0.0
        q = design.shape[1]
        return np.array([tau2]), tau2 / 2 * (np.eye(q) + 1), tau2 == 0
    theta, found = between.estimate(m, _scale(rows, design), structure if design.shape[1] > 1 else "diagonal")
    return theta, found.cov, found.boundary


def _scale(rows: Rows, design: Floats) -> Floats:
    """Return what each trial by itself says of the coefficients, (t, q), to start from."""
    own = []
    for here in rows.members():
        if len(here) > 1:
            c = helmert(len(here))
            own.append(np.linalg.pinv(c @ design[rows.level[here]]) @ (c @ rows.y[here]))
    return np.array(own)


def _determined(m: Model, c: Contrasts) -> None:
    """Refuse variance components that the likelihood cannot tell apart once the coefficients are fitted.

    At y = 0 and V = 1 its second derivatives are half the traces of P K P K, which know of the layout only.
    """
    even = [b._replace(y=0 * b.y, s=np.broadcast_to(np.eye(b.s.shape[-1]), b.s.shape)) for b in m.batches]
    layout = dataclasses.replace(m, batches=tuple(even), restricted=True)
    zero = np.zeros(m.components)
    fitted = mixed_model.terms(layout, zero).hessian
    scale = np.sqrt(np.diag(mixed_model.terms(dataclasses.replace(layout, restricted=False), zero).hessian))
    if not scale.all() or np.linalg.eigvalsh(fitted / np.outer(scale, scale))[0] < 1e-9:
        numbers = f"{m.components} numbers" if m.components > 1 else "1 number"
        one = "structure='exchangeable' has one number only, " if m.components > 1 else ""
        raise DataError(
            f"the trials with two levels or more ({len(np.unique(c.trial))}, which give {len(c.y)} "
            f"difference{'s' * (len(c.y) > 1)}) do not determine how differences vary and covary between trials "
            f"({numbers}); {one}method='CE' has none."
        )
