r"""Laplace's approximation of the likelihood of random treatment effects, at given variances and at its maximum.

Arrays in, arrays out; a batch of models, shape (m,), at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .....base.check import Floats
from .....errors import ConvergenceError
from .climb import bracketed, climbed
from .tabulated import Tables, with_bend

STEP = 3e-7  # of Newton, whose error is of the order of the square of its last step
ROUGH = 1e-4  # of it on the way
LONGEST = 2.0
ROUNDS = 100
LARGEST_TAU = 3.0
GRID = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.75, 1.0, 1.4, 2.0, LARGEST_TAU])


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
        Newton's step at which it ends; its error is then of the order of the square, as are those of the likelihood
        and of its derivatives but the third, whose error is of the order of the step.
    """
    w = variance[:, None]
    for _ in range(ROUNDS):
        value, slope, curve, bend = with_bend(tables, theta)
        if kept is not None:
            value, slope, curve, bend = value * kept, slope * kept, curve * kept, bend * kept
        # theta = beta + u: Newton in (beta, u), u eliminated; in w, which may be 0
        u = theta - beta[:, None]
        shrink = 1 / (1 - w * curve)
        step_beta = ((curve * u - slope) * shrink).sum(-1) / (curve * shrink).sum(-1)
        step = (step_beta[:, None] + w * slope - u) * shrink
        longest = np.abs(step).max()
        if longest > LONGEST:
            size = np.minimum(1.0, LONGEST / np.maximum(np.abs(step).max(-1), LONGEST / 2))
            step_beta, step = size * step_beta, size[:, None] * step
        beta, theta = beta + step_beta, theta + step
        if longest < close:
            break
    else:
        raise ConvergenceError(f"the penalised partial likelihood has not reached its maximum in {ROUNDS} steps.")
    value, slope, curve = value + slope * step, slope + curve * step, curve + bend * step  # where it led
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


def on_grid(tables: Tables) -> tuple[Fit, Slope]:
    """Return Laplace's fits at `GRID`, near enough to look for others from."""
    return _at_mode(tables, GRID**2, np.zeros(len(GRID)), np.zeros((len(GRID), len(tables.null))), None, ROUGH)


def best_laplace(
    tables: Tables, kept: Floats | None = None, found: tuple[Fit, Slope] | None = None
) -> tuple[Floats, Fit]:
    """Return tau at the maximum of Laplace's likelihood, (m,), and the fits there.

    Parameters
    ----------
    kept
        1 where a trial is of the model, 0 where it is left out, (m, k); one model of all trials when None.
    found
        What `on_grid` returns, where it is at hand.
    """
    grid, gains = on_grid(tables) if found is None else found
    points, m = GRID**2, 1
    if kept is not None:  # whose modes are near those of all trials
        m, some = len(kept), slice(None, None, 2)
        points = points[some]
        beta, theta = np.tile(grid.beta[some], m), np.tile(grid.theta[some], (m, 1))
        grid, gains = _at_mode(tables, np.tile(points, m), beta, theta, np.repeat(kept, len(points), axis=0), ROUGH)
    shape = (m, len(points))
    bracket = bracketed(points, grid.loglik.reshape(shape), gains.loglik.reshape(shape))
    at = np.arange(m) * len(points) + bracket.high
    near, slope, here = Fit(*(x[at] for x in grid)), Slope(*(x[at] for x in gains)), bracket.ends.b

    def fitted(variance: Floats, last: bool) -> tuple[Floats, Floats]:
        nonlocal near, slope, here
        step = variance - here
        near, slope = _at_mode(tables, variance, near.beta + slope.beta * step,
                               near.theta + slope.theta * step[:, None], kept, STEP if last else ROUGH)  # fmt: skip
        here = variance
        return near.loglik, slope.loglik

    variance = climbed(bracket, fitted)
    return np.sqrt(variance), near
