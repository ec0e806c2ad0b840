r"""Shared frailty: trials whose baseline hazards are one but for a factor. Arrays in, arrays out.

Log-normal factors, and treatment effects that differ, by Laplace's approximation at the mode of all effects; gamma
factors exactly, as they can be integrated out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from .....base.check import Floats
from .....errors import ConvergenceError
from .cells import Block, likelihood, maximise

CLOSE = 1e-9
PARAMETERS = {"common": 1, "random": 2, "correlated": 3}  # of the effects' covariance


class Frailty(NamedTuple):
    """A fit.

    Attributes
    ----------
    estimate, se
        Log hazard ratio of treatment.
    variance
        Of the baselines' logarithms and, where it differs, of the treatment's effect, (q, q); of a gamma frailty that
        of the factors, (1, 1).
    loglik
        Integrated log likelihood.
    penalised, null
        Penalised, and without any effect.
    effects
        Of the trials: log factors, and deviations of the treatment's effect where there are any, (q, k).
    """

    estimate: float
    se: float
    variance: Floats
    loglik: float
    penalised: float
    null: float
    effects: Floats


def design(trial: NDArray[np.intp], arm: Floats, *, random_treatment: bool) -> Floats:
    """Return the columns of cells: arm, one a trial, and arm within each trial."""
    own = np.eye(int(trial.max()) + 1)[trial]
    parts = [arm[:, None], own] + ([own * arm[:, None]] if random_treatment else [])
    return np.concatenate(parts, axis=1)


def log_normal(blocks: Sequence[Block], x: Floats, k: int, structure: str) -> Frailty:
    """Return the fit with normal effects.

    Parameters
    ----------
    blocks, x
        Cells and their design, see `design`.
    k
        Number of trials.
    structure
        ``common``: the treatment's effect is common; ``random``: independent of the baselines; ``correlated``.
    """
    q = 1 if structure == "common" else 2
    start: list[Floats | None] = [None]

    def fitted(parameters: Floats) -> tuple[float, Floats, float, Floats, Floats]:
        sigma = _covariance(parameters, structure)
        penalty = np.zeros((1 + q * k,) * 2)
        penalty[1:, 1:] = np.kron(np.linalg.inv(sigma), np.eye(k))
        fit = maximise(blocks, x, penalty, start[0])
        start[0] = fit.beta
        half = np.linalg.slogdet(sigma)[1] * k + np.linalg.slogdet(fit.information[1:, 1:])[1]
        return fit.value - half / 2, fit.beta, fit.value, fit.information, sigma

    best = _climbed(lambda parameters: fitted(parameters)[0], np.array([-1.5, -1.5, 0.0][: PARAMETERS[structure]]))
    loglik, beta, penalised, information, sigma = fitted(best)
    null = likelihood(blocks, x, np.zeros(x.shape[1]))[0]
    se = float(np.sqrt(np.linalg.inv(information)[0, 0]))
    return Frailty(float(beta[0]), se, sigma, loglik, penalised, null, beta[1:].reshape(q, k))


def _covariance(parameters: Floats, structure: str) -> Floats:
    """Return the covariance matrix of log standard deviations and the arctangent of the correlation."""
    sd = np.exp(np.clip(parameters[:2], -7.0, 3.0))
    if structure == "common":
        return np.array([[sd[0] ** 2]])
    r = np.tanh(parameters[2]) if structure == "correlated" else 0.0
    r = float(np.clip(r, -0.9999, 0.9999))
    return np.array([[sd[0] ** 2, r * sd[0] * sd[1]], [r * sd[0] * sd[1], sd[1] ** 2]])


def _climbed(value: Callable[[Floats], float], start: Floats) -> Floats:
    import scipy.optimize

    minimize: Any = scipy.optimize.minimize
    options = {"xatol": 1e-6, "fatol": CLOSE, "maxiter": 2000}
    found = minimize(lambda p: -value(p), start, method="Nelder-Mead", options=options)
    if not found.success:
        raise ConvergenceError("the likelihood of the frailty model has not reached its maximum.")
    return np.asarray(found.x)


def gamma(blocks: Sequence[Block], x: Floats, k: int, events: Floats) -> Frailty:
    r"""Return the fit with gamma factors of mean 1 and variance theta.

    For given theta the mode of :math:`\ell(\beta, w) + \frac1\theta \sum (w_i - e^{w_i})` gives the maximum of the
    integrated likelihood, which differs from it by terms of the trials' numbers of events (Therneau, Grambsch and
    Pankratz 2003).
    """
    start = np.zeros(1 + k)

    def fitted(log_theta: float) -> tuple[float, Floats, float, Floats]:
        nonlocal start
        nu = float(np.exp(-log_theta))
        beta = start
        for _ in range(200):
            _, gradient, information = likelihood(blocks, x, beta)
            w = beta[1:]
            gradient, information = gradient.copy(), information.copy()
            gradient[1:] += nu * (1 - np.exp(w))
            information[1:, 1:] += np.diag(nu * np.exp(w))
            step = np.clip(np.linalg.solve(information, gradient), -1.0, 1.0)
            beta = beta + step
            if np.abs(step).max() < 1e-10:
                break
        else:
            raise ConvergenceError("the gamma frailty model has not reached its maximum.")
        start = beta
        w = beta[1:]
        penalised = likelihood(blocks, x, beta)[0] + nu * float((w - np.exp(w)).sum())
        more = nu - (nu + events) * np.log(nu + events) + nu * np.log(nu) + gammaln(nu + events) - gammaln(nu)
        return penalised + float((more + events).sum()), beta, penalised, information

    best = _climbed(lambda p: fitted(float(np.clip(p[0], -12.0, 6.0)))[0], np.array([-1.0]))
    log_theta = float(np.clip(best[0], -12.0, 6.0))
    loglik, beta, penalised, information = fitted(log_theta)
    null = likelihood(blocks, x, np.zeros(1 + k))[0]
    se = float(np.sqrt(np.linalg.inv(information)[0, 0]))
    return Frailty(float(beta[0]), se, np.array([[np.exp(log_theta)]]), loglik, penalised, null, beta[1:][None])
