"""Maximum of a likelihood of few parameters by Newton's method, derivatives given or by central differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ....errors import ConvergenceError
from ..product_limit import Floats

Likelihood = Callable[[Floats], float]
Derivatives = Callable[[Floats], tuple[Floats, Floats]]
FIRST, SECOND = 1e-5, 3e-4  # steps of the first and second differences, about the roots of rounding
ITERATIONS = 200
GAIN = 1e-10  # of the log likelihood that a further step promises
LARGEST = 35.0  # of a parameter, logs and logits all: beyond it the likelihood rises for ever


class Maximum(NamedTuple):
    """Parameters (p,), their covariance, the inverse of the negative Hessian (p, p), and the log likelihood."""

    beta: Floats
    cov: Floats
    value: float


def maximise(likelihood: Likelihood, start: Floats, name: str, derivatives: Derivatives | None = None) -> Maximum:
    """Return the maximum of a log likelihood, -inf where parameters are impossible.

    Parameters
    ----------
    likelihood, start
        Log likelihood of parameters (p,), and where to begin.
    name
        What is fitted, for messages.
    derivatives
        Parameters -> gradient and Hessian; by central differences when None.

    Raises
    ------
    ConvergenceError
        When there is no maximum, or it is not reached.
    """
    beta, value = np.array(start, float), likelihood(np.array(start, float))
    for _ in range(ITERATIONS):
        g, h = derivatives(beta) if derivatives else (gradient(likelihood, beta), hessian(likelihood, beta))
        step = _direction(g, h)
        if float(g @ step) < GAIN and _is_peak(h):
            return Maximum(beta, _inverse(h), value)
        moved = _uphill(likelihood, beta, step, value)
        if moved is None:
            if _is_peak(h) and float(g @ step) < 1e-6:
                return Maximum(beta, _inverse(h), value)
            break
        beta, value = moved
        if np.abs(beta).max() > LARGEST:
            break
    raise ConvergenceError(f"{name}: the likelihood has no maximum, or it is not reached.")


def _inverse(h: Floats) -> Floats:
    scale = np.sqrt(-np.diag(h))
    cov: Floats = np.linalg.inv(-h / np.outer(scale, scale)) / np.outer(scale, scale)
    return cov


def gradient(f: Likelihood, x: Floats) -> Floats:
    """Return the first derivatives."""
    step = FIRST * np.maximum(1.0, np.abs(x))
    return np.array([(f(x + e) - f(x - e)) / (2 * s) for e, s in zip(np.diag(step), step, strict=True)])


def hessian(f: Likelihood, x: Floats) -> Floats:
    """Return the second derivatives."""
    step = SECOND * np.maximum(1.0, np.abs(x))
    e, p, middle = np.diag(step), len(x), f(x)
    h = np.zeros((p, p))
    with np.errstate(over="ignore", invalid="ignore"):  # far from a maximum they may be infinite, and then are no peak
        for i in range(p):
            h[i, i] = (f(x + e[i]) - 2 * middle + f(x - e[i])) / step[i] ** 2
            for j in range(i):
                both = f(x + e[i] + e[j]) - f(x + e[i] - e[j]) - f(x - e[i] + e[j]) + f(x - e[i] - e[j])
                h[i, j] = h[j, i] = both / (4 * step[i] * step[j])
    return h


def _is_peak(h: Floats) -> bool:
    if not np.isfinite(h).all() or not (np.diag(h) < 0).all():
        return False
    scale = np.sqrt(-np.diag(h))
    return bool(np.linalg.eigvalsh(h / np.outer(scale, scale))[-1] < -1e-11)


def _direction(g: Floats, h: Floats) -> Floats:
    """Return Newton's step, curvatures turned so that it climbs, and not longer than 3."""
    if not (np.isfinite(g).all() and np.isfinite(h).all()):
        return np.zeros_like(g)
    scale = np.sqrt(np.maximum(np.abs(np.diag(h)), 1e-12))  # parameters on one scale
    values, vectors = np.linalg.eigh(h / np.outer(scale, scale))
    size = np.maximum(np.abs(values), 1e-10)
    step: Floats = vectors @ ((vectors.T @ (g / scale)) / size) / scale
    return step * min(1.0, 3.0 / max(float(np.abs(step).max()), 1e-300))


def _uphill(f: Likelihood, beta: Floats, step: Floats, value: float) -> tuple[Floats, float] | None:
    for halving in range(40):
        at = beta + step / 2**halving
        found = f(at)
        if found > value:
            return at, found
    return None
