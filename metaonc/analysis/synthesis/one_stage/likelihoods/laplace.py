r"""Laplace's approximation of the likelihood of random treatment effects, at given variances and at its maximum.

Arrays in, arrays out; a batch of models, shape (m,), at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .....base.check import Floats
from .....errors import ConvergenceError
from .tabulated import Tables, likelihood, with_bend

STEP = 3e-7  # of Newton, whose error is of the order of the square of its last step
ROUGH = 1e-5  # of it on the way
LONGEST = 2.0
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


def laplace(tables: Tables, tau: Floats) -> Fit:
    """Return fits by Laplace's approximation at the joint mode of the mean and the effects, as R's coxme; tau (m,)."""
    tau = np.atleast_1d(tau)
    return _at_mode(tables, tau**2, np.zeros(len(tau)), np.zeros((len(tau), len(tables.null))))[0]


class Slope(NamedTuple):
    """Derivatives by the variance between trials: of Laplace's likelihood (m,), the mean (m,) and the modes (m, k)."""

    loglik: Floats
    beta: Floats
    theta: Floats


def _at_mode(tables: Tables, variance: Floats, beta: Floats, theta: Floats, kept: Floats | None = None,
             close: float = STEP) -> tuple[Fit, Slope]:  # fmt: skip
    """Return Laplace's fits and their derivatives by the variance between trials.

    That of the penalised likelihood is half the sum of squared scores; in its correction the modes move too.

    Parameters
    ----------
    variance
        Between trials, (m,).
    beta, theta
        From where the modes are looked for, (m,) and (m, k).
    kept
        1 where a trial is of the model, 0 where it is left out, (m, k); all are when None.
    close
        Newton's step at which it ends; its error is then of the order of the square.
    """
    w = variance[:, None]
    for _ in range(ROUNDS):
        _, slope, curve = likelihood(tables, theta)
        if kept is not None:
            slope, curve = slope * kept, curve * kept
        # theta = beta + u: Newton in (beta, u), u eliminated; in w, which may be 0
        u = theta - beta[:, None]
        shrink = 1 / (1 - w * curve)
        step_beta = ((curve * u - slope) * shrink).sum(-1) / (curve * shrink).sum(-1)
        step = (step_beta[:, None] + w * slope - u) * shrink
        far = np.abs(step).max(-1)
        longest = far.max()
        if longest > LONGEST:
            size = np.minimum(1.0, LONGEST / np.maximum(far, LONGEST / 2))
            step_beta, step = size * step_beta, size[:, None] * step
        beta, theta = beta + step_beta, theta + step
        if longest < close:
            break
    else:
        raise ConvergenceError(f"the penalised partial likelihood has not reached its maximum in {ROUNDS} steps.")
    value, slope, curve, bend = with_bend(tables, theta)
    if kept is not None:
        value, slope, curve, bend = value * kept, slope * kept, curve * kept, bend * kept
    penalty = np.divide((theta - beta[:, None]) ** 2, 2 * w, out=np.zeros_like(theta), where=w > 0).sum(-1)
    penalised = value.sum(-1) - penalty
    excess = 1 - w * curve
    shrink = 1 / excess
    weight = (curve * shrink).sum(-1)
    fit = Fit(beta, 1 / np.sqrt(-weight), penalised - 0.5 * np.log(excess).sum(-1), penalised, theta)
    mean = -(curve * slope * shrink).sum(-1) / weight
    moved = (mean[:, None] + slope) * shrink
    told = (slope**2 + (curve + w * bend * moved) * shrink).sum(-1) / 2
    return fit, Slope(told, mean, moved)


def best_laplace(tables: Tables, kept: Floats | None = None) -> tuple[Floats, Fit]:
    """Return tau at the maximum of Laplace's likelihood, (m,), and the fits there.

    About the highest point of a grid the derivative is followed to its root in all models at once: by cubics through
    the ends of the bracket at first, then by secants, of its ends where that of the last two points leaves it.

    Parameters
    ----------
    kept
        1 where a trial is of the model, 0 where it is left out, (m, k); one model of all trials when None.
    """
    points = GRID if kept is None else GRID[::2]
    m, k, size = 1 if kept is None else len(kept), len(tables.null), len(points)
    grid, gains = _at_mode(tables, points**2, np.zeros(size), np.zeros((size, k)), None, ROUGH)
    if kept is not None:  # whose modes are near those of all trials
        grid, gains = _at_mode(tables, np.tile(points**2, m), np.tile(grid.beta, m), np.tile(grid.theta, (m, 1)),
                               np.repeat(kept, size, axis=0), ROUGH)  # fmt: skip
    rows, value, gain = np.arange(m), grid.loglik.reshape(m, size), gains.loglik.reshape(m, size)
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
    here = last = ends.b
    of_here = of_last = slope.loglik
    for i in range(ROUNDS):
        moved = ends.cubic() if i < CUBICS else ends.nearest(here, last, of_here, of_last)
        moved = np.where(inside, moved, at)
        done = bool((np.abs(moved - at) <= CLOSE * (1e-3 + at)).all())
        at, step = moved, moved - here
        near, slope = _at_mode(tables, at, near.beta + slope.beta * step, near.theta + slope.theta * step[:, None],
                               kept, STEP if done else ROUGH)  # fmt: skip
        if done:
            return np.sqrt(at), near
        last, of_last, here, of_here = here, of_here, at, slope.loglik
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

    def nearest(self, here: Floats, last: Floats, of_here: Floats, of_last: Floats) -> Floats:
        """Return where the secant through two points comes to 0, or that through the ends where it leaves these."""
        gap = of_here - of_last
        at = here - of_here * (here - last) / np.where(gap == 0, 1.0, gap)
        return np.where((at > self.a) & (at < self.b) & (gap != 0), at, self.secant())

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
