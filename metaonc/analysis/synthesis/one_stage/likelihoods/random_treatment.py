r"""Random treatment effects across trials whose likelihoods are tabulated: Laplace's approximation, and exactly.

.. math:: \theta_i \sim N(\beta, \tau^2), \qquad
    L(\beta, \tau) = \prod_i \int e^{\ell_i(\theta)} \, \phi\!\left(\frac{\theta - \beta}{\tau}\right)
    \frac{d\theta}{\tau}

Arrays in, arrays out; a batch of models, shape (m,), at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .....base.check import Floats
from .....errors import ConvergenceError
from .laplace import ROUNDS, Fit, laplace
from .tabulated import Tables, likelihood, values, with_bend

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(32)
WIDE = 0.04  # variance from which on moments lose no digits
CENTRED = 1e-2  # step at which a mode is near enough to integrate about it
POWERS = NODES ** np.arange(4)[:, None]
LOG_WEIGHTS = np.log(WEIGHTS / np.sqrt(2 * np.pi)) + NODES**2 / 2  # of the standard normal, which stands apart


class Marginal(NamedTuple):
    """Exact log likelihoods, of m models of k trials.

    Attributes
    ----------
    value, slope, curve
        Less that at 0, and both derivatives by beta, (m,).
    theta
        Means of the effects, (m, k).
    by_variance
        Derivative by tau², (m,): half the second one by beta of each trial's likelihood, over that likelihood.
    mixed
        Derivative of that by beta, (m,).
    centre
        About what was integrated, (m, k).
    """

    value: Floats
    slope: Floats
    curve: Floats
    theta: Floats
    by_variance: Floats
    mixed: Floats
    centre: Floats


def marginal(tables: Tables, beta: Floats, tau: Floats, start: Floats | None = None) -> Marginal:
    """Return exact log likelihoods by Gauss-Hermite quadrature about the mode of each trial's effect.

    Parameters
    ----------
    beta, tau
        Shape (m,) each.
    start
        From where the modes are looked for, (m, k); beta when None.
    """
    column, w = beta[:, None], (tau**2)[:, None]
    centre = np.repeat(column, len(tables.null), axis=1) if start is None else start
    for _ in range(ROUNDS):
        _, slope, curve = likelihood(tables, centre)
        shrink = 1 / (1 - w * curve)
        step = np.minimum(np.maximum((w * slope - (centre - column)) * shrink, -2.0), 2.0)
        centre = centre + step
        if np.abs(step).max() < CENTRED:
            break
    ratio = np.sqrt(shrink)  # of the curvature's spread to tau
    z = NODES[:, None, None]
    theta = centre + z * (tau[:, None] * ratio)
    away = np.divide(centre - column, tau[:, None], out=np.zeros_like(centre), where=w > 0)
    d = away + z * ratio
    near = w < WIDE
    if near.any():
        value, slope, curve, bend = with_bend(tables, theta)
    else:
        value = values(tables, theta)
    log_terms = value - d * d / 2 + LOG_WEIGHTS[:, None, None]
    top = log_terms.max(0)
    terms = np.exp(log_terms - top)
    total, *moments = (POWERS @ terms.reshape(len(NODES), -1)).reshape(-1, *centre.shape)
    m1, m2, m3 = (ratio**i * moment / total for i, moment in enumerate(moments, 1))
    # of a trial's likelihood over itself: first, second and third derivative by beta, as moments of the distance of
    # effects from beta; where tau is small, and these so are small differences, as means of derivatives
    shift = away + m1
    square = away * (away + 2 * m1) + m2
    cube = away * (away * (away + 3 * m1) + 3 * m2) + m3
    unit = np.where(near, 1.0, tau[:, None])
    first, second, third = shift / unit, (square - 1) / unit**2, (cube - 3 * shift) / unit**3
    if near.any():
        p, bent = terms / total, curve + slope * slope
        first = np.where(near, (p * slope).sum(0), first)
        second = np.where(near, (p * bent).sum(0), second)
        third = np.where(near, (p * (bend + slope * (2 * curve + bent))).sum(0), third)
    return Marginal((top + np.log(total * ratio)).sum(-1), first.sum(-1), (second - first**2).sum(-1),
                    centre + tau[:, None] * m1, second.sum(-1) / 2, (third - second * first).sum(-1) / 2,
                    centre)  # fmt: skip


def exactly(tables: Tables, tau: Floats) -> Fit:
    """Return fits by the exact likelihood, each at the maximum over beta given its tau."""
    tau = np.atleast_1d(tau)
    beside = laplace(tables, tau)
    beta, modes = beside.beta, beside.theta
    for _ in range(ROUNDS):
        value, slope, curve, theta, _, _, modes = marginal(tables, beta, tau, modes)
        step = np.clip(-slope / curve, -1.0, 1.0)
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    else:
        raise ConvergenceError(f"the likelihood has not reached its maximum in {ROUNDS} steps.")
    return Fit(beta, 1 / np.sqrt(-curve), value, np.full(len(tau), np.nan), theta)


METHODS: dict[str, Callable[[Tables, Floats], Fit]] = {"exact": exactly, "laplace": laplace}
