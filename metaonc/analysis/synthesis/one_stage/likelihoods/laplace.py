r"""Laplace's approximation of the likelihood of random treatment effects, at given variances and at its maximum.

Arrays in, arrays out; a batch of models, shape (m,), at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .....base.check import Floats
from .....errors import ConvergenceError
from .tabulated import Tables, bend, likelihood

STEP = 1e-11
ROUNDS = 100
LARGEST_TAU = 3.0
GRID = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.75, 1.0, 1.4, 2.0, LARGEST_TAU])
CLOSE = 1e-7  # of a variance to that of the step before
CUBICS = 2  # steps by cubics; later ones suffer from the rounding of values
ROUNDING = 1e-12  # of log likelihoods less those at 0


class Fit(NamedTuple):
    """Fits at given tau, one a model: (m,), of trials (m, k).

    Attributes
    ----------
    beta, se
        Mean log hazard ratio and its standard error at this tau.
    loglik
        Log likelihood less that at 0: integrated by Laplace, or exactly.
    penalised
        Log partial likelihood less penalty, less that at 0; of Laplace's approximation.
    theta
        Effects of the trials: at the mode, or their means.
    """

    beta: Floats
    se: Floats
    loglik: Floats
    penalised: Floats
    theta: Floats


def laplace(tables: Tables, tau: Floats, start: Fit | None = None, kept: Floats | None = None) -> Fit:
    """Return fits by Laplace's approximation at the joint mode of the mean and the effects, as R's coxme.

    Parameters
    ----------
    tau
        Shape (m,).
    start
        Fits of m models near by, from which the modes are looked for.
    kept
        1 where a trial is of the model, 0 where it is left out, (m, k); all are when None.
    """
    tau = np.atleast_1d(tau)
    w = (tau**2)[:, None]
    k = len(tables.null)
    own = 1.0 if kept is None else kept
    beta, theta = (np.zeros(len(tau)), np.zeros((len(tau), k))) if start is None else (start.beta, start.theta)
    for _ in range(ROUNDS):
        _, slope, curve = (own * x for x in likelihood(tables, theta))
        # theta = beta + u: Newton in (beta, u), u eliminated; in w, which may be 0
        h = -curve
        u = theta - beta[:, None]
        shrink = 1 / (1 + w * h)
        step_beta = (slope - h * (w * slope - u) * shrink).sum(-1) / (h * shrink).sum(-1)
        step_u = (w * (slope - h * step_beta[:, None]) - u) * shrink
        step = step_beta[:, None] + step_u
        size = np.minimum(1.0, 2.0 / np.maximum(np.abs(step).max(-1), 1e-300))
        beta, theta = beta + size * step_beta, theta + size[:, None] * step
        if np.abs(step).max() < STEP:
            break
    else:
        raise ConvergenceError(f"the penalised partial likelihood has not reached its maximum in {ROUNDS} steps.")
    value, _, curve = (own * x for x in likelihood(tables, theta))
    penalty = np.divide((theta - beta[:, None]) ** 2, 2 * w, out=np.zeros_like(theta), where=w > 0).sum(-1)
    penalised = value.sum(-1) - penalty
    integrated = penalised - 0.5 * np.log1p(-w * curve).sum(-1)
    se = 1 / np.sqrt((-curve / (1 - w * curve)).sum(-1))
    return Fit(beta, se, integrated, penalised, theta)


class Slope(NamedTuple):
    """Derivatives by the variance between trials: of Laplace's likelihood (m,), the mean (m,) and the modes (m, k)."""

    loglik: Floats
    beta: Floats
    theta: Floats


def by_variance(tables: Tables, w: Floats, fit: Fit, kept: Floats | None = None) -> Slope:
    """Return the derivatives of Laplace's fits at variances w, (m,); `kept` as of `laplace`.

    That of the penalised likelihood is half the sum of squared scores; in its correction the modes move too.
    """
    own = 1.0 if kept is None else kept
    _, slope, curve = (own * x for x in likelihood(tables, fit.theta))
    h, w = -curve, w[:, None]
    shrink = 1 / (1 + w * h)
    mean = -(h * slope * shrink).sum(-1) / (h * shrink).sum(-1)
    moved = (mean[:, None] + slope) * shrink
    told: Floats = (slope**2 - (h - w * own * bend(tables, fit.theta) * moved) * shrink).sum(-1) / 2
    return Slope(told, mean, moved)


def best_laplace(tables: Tables, kept: Floats | None = None) -> tuple[Floats, Fit]:
    """Return tau at the maximum of Laplace's likelihood, (m,), and the fits there; `kept` as of `laplace`.

    About the highest point of a grid the derivative is followed to its root in all models at once: by cubics through
    the ends of the bracket at first, then by false position with Illinois' rule.
    """
    points = GRID if kept is None else GRID[::2]
    m, size = 1 if kept is None else len(kept), len(points)
    taus, each, grid = np.tile(points, m), None, laplace(tables, points)
    if kept is not None:  # whose modes are near those of all trials
        each = np.repeat(kept, size, axis=0)
        grid = laplace(tables, taus, Fit(*(np.tile(x, (m, *[1] * (x.ndim - 1))) for x in grid)), each)
    rows, value = np.arange(m), grid.loglik.reshape(m, size)
    gains = by_variance(tables, taus**2, grid, each)
    gain = gains.loglik.reshape(m, size)
    best = value.argmax(1)
    best[value[rows, best] - value[:, 0] <= ROUNDING] = 0
    low = np.where(gain[rows, best] > 0, best, np.maximum(best - 1, 0))
    high = np.minimum(low + 1, size - 1)
    ends = _Ends(points[low] ** 2, points[high] ** 2, gain[rows, low], gain[rows, high], value[rows, low],
                 value[rows, high])  # fmt: skip
    inside = (ends.ga > 0) & (ends.gb < 0)
    at, side = np.where(ends.ga <= 0, ends.a, ends.b), np.zeros(m)  # at an end that is highest itself
    point = rows * size + high
    near, slope = Fit(*(x[point] for x in grid)), Slope(*(x[point] for x in gains))
    here = ends.b
    for i in range(ROUNDS):
        moved = np.where(inside, ends.cubic() if i < CUBICS else ends.secant(), at)
        done = np.abs(moved - at) <= CLOSE * (1e-3 + at)
        at, step = moved, moved - here
        start = near._replace(beta=near.beta + slope.beta * step, theta=near.theta + slope.theta * step[:, None])
        near, here = laplace(tables, np.sqrt(at), start, kept), at
        if done.all():
            return np.sqrt(at), near
        slope = by_variance(tables, at, near, kept)
        ends, side = ends.closed(at, slope.loglik, near.loglik, side)
    raise ConvergenceError(f"the variance between trials has not reached its maximum in {ROUNDS} steps.")


class _Ends(NamedTuple):
    """Ends a < b of brackets of maxima, derivatives there and values; (m,) each."""

    a: Floats
    b: Floats
    ga: Floats
    gb: Floats
    fa: Floats
    fb: Floats

    def secant(self) -> Floats:
        gap = self.gb - self.ga
        at: Floats = (self.a * self.gb - self.b * self.ga) / np.where(gap == 0, 1.0, gap)
        return at

    def cubic(self) -> Floats:
        """Return where the cubic through both ends, with these derivatives, is highest."""
        width = np.where(self.b > self.a, self.b - self.a, 1.0)
        z = 3 * (self.fb - self.fa) / width - self.ga - self.gb
        root = np.sqrt(np.maximum(z * z - self.ga * self.gb, 0.0))
        under = self.ga - self.gb + 2 * root
        at = self.b - width * (root - z - self.gb) / np.where(under == 0, 1.0, under)
        return np.where((at > self.a) & (at < self.b), at, self.secant())

    def closed(self, at: Floats, g: Floats, f: Floats, side: Floats) -> tuple[_Ends, Floats]:
        """Return the brackets with a point of each for one end, and which; an end that stays twice loses half."""
        up = g > 0
        ga = np.where(up, g, np.where(side == -1, self.ga / 2, self.ga))
        gb = np.where(up, np.where(side == 1, self.gb / 2, self.gb), g)
        new = _Ends(np.where(up, at, self.a), np.where(up, self.b, at), ga, gb, np.where(up, f, self.fa),
                    np.where(up, self.fb, f))  # fmt: skip
        return new, np.where(up, 1.0, -1.0)
