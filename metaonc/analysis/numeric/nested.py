"""Nested and crossed random effects, numbers only: the model, its variance components and their intervals."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

from . import mixed_model
from .distributions import chi2_quantile
from .mixed_model import Ints, Model
from .wls import Floats

ZERO = 1e-10  # of the largest variance in play: a component below it is on the boundary


def squares(q: int) -> Floats:
    """Return the forms by which each component is the square of its own parameter."""
    forms = np.zeros((q, q, q))
    forms[range(q), range(q), range(q)] = 1.0
    return forms


def variance_components(m: Model, free: NDArray[np.bool_]) -> Floats:
    """Return the variance components at the highest maximum found; those on the boundary are exactly 0.

    Those that are not `free`, (q,), are taken as 0.
    """
    q, forms = m.components, squares(m.components)
    if not free.any():
        return np.zeros(q)
    spread = float(np.var(m.y)) + 1e-3 * float(np.median(m.sampling_variances))
    shares = np.vstack([np.full(q, 1.0 / q), 0.9 * np.eye(q) + 0.1 / q])
    starts = [
        np.sqrt(total * share * free) for total in spread * np.array([1e-3, 1e-2, 0.1, 0.5, 1.5]) for share in shares
    ]
    starts.sort(key=lambda x: -mixed_model.log_likelihood(m, x * x))
    sigma2 = mixed_model.maximise(m, forms, starts[:3], free) ** 2
    largest = max(float(sigma2.max()), float(m.sampling_variances.min()))
    return np.where(sigma2 < ZERO * largest, 0.0, sigma2)


def profile(
    m: Model, theta: Floats, height: float, i: int, level: float, free: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the interval of component i in which the profile likelihood is not significantly below its maximum.

    Components that are not `free`, (q,), stay 0.
    """
    forms, own = squares(len(theta)), np.arange(len(theta)) == i
    free = free & ~own
    floor = height - float(chi2_quantile(level, 1)) / 2
    unit = max(float(theta.max()), 1e-2 * float(m.sampling_variances.min()))

    def above(t: float) -> float:
        parts = (theta, theta + theta[i])
        starts = [np.sqrt(np.where(free, np.maximum(part, 1e-4 * unit), t * own)) for part in parts]
        best = np.sqrt(t * own) if not free.any() else mixed_model.maximise(m, forms, starts, free)
        return mixed_model.log_likelihood(m, best * best) - floor

    low = 0.0 if above(0.0) >= 0 else scipy.optimize.brentq(above, 0.0, theta[i], xtol=1e-12 * unit, rtol=1e-12)
    far = max(float(theta[i]), unit)
    while above(far) > 0:
        far *= 2
    return float(low), float(scipy.optimize.brentq(above, theta[i], far, xtol=1e-12 * unit, rtol=1e-12))


def model(
    y: Floats, v: Floats, x: Floats, codes: list[Ints], crossed: list[Ints], block: Ints, restricted: bool
) -> Model:
    """Return the model of a design (k, p) with a random effect for the units of each code, blocks by code `block`.

    Units of `codes` are nested in each other; those of `crossed` lie within the outermost units, side by side.
    """

    def build(rows: Ints, present: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        same = np.ones((*rows.shape, rows.shape[1]), dtype=bool)
        k = []
        for code in codes:  # a unit is one within the units that hold it
            same = same & (code[rows][:, :, None] == code[rows][:, None, :])
            k.append(same)
        k += [k[0] & (code[rows][:, :, None] == code[rows][:, None, :]) for code in crossed]
        return v[rows][:, :, None] * np.eye(rows.shape[1]), np.stack(k).astype(float)

    return mixed_model.model(y, x, block, build, restricted)


def unit_codes(codes: list[Ints], crossed: list[Ints]) -> list[Ints]:
    """Return the number of each row's unit of each nested level and of each crossed one, units within units apart."""
    within = [codes[: i + 1] for i in range(len(codes))] + [[codes[0], code] for code in crossed]
    return [np.unique(np.stack(some), axis=1, return_inverse=True)[1].ravel() for some in within]


def estimable(x: Floats, codes: list[Ints]) -> NDArray[np.bool_]:
    """Return which components have a variance that the rows tell of, given a code of units each.

    There is none of a single unit, nor of units whose means are coefficients of the design (k, p): the restricted
    likelihood is the same whatever it is.
    """
    p = x.shape[1]

    def told(code: Ints) -> bool:
        n = int(code.max()) + 1
        return n > 1 and (n > p or int(np.linalg.matrix_rank(np.column_stack([x, np.eye(n)[code]]))) > p)

    return np.array([told(code) for code in codes])


def weights(m: Model, theta: Floats, cov: Floats) -> Floats:
    """Return the share of each row in the pooled effect, percent."""
    out = np.empty(len(m.y))
    for b, v in zip(m.batches, mixed_model.covariances(m, theta), strict=True):
        wx = np.linalg.solve(v, b.x)[..., 0]
        out[b.rows[b.present]] = 100 * cov[0, 0] * wx[b.present]
    return out
