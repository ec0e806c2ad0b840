r"""The binomial-normal model of single-arm responses, by adaptive Gauss-Hermite quadrature.

.. math:: x_i \sim Bin(n_i, expit(\mu + \tau z_i)), \quad z_i \sim N(0, 1)

Responders enter as counts, so 0 of n and n of n need no correction. Gradient and Hessian of the log likelihood
are posterior moments of the same quadrature (Louis' identity), so Newton's method converges to the last digits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.polynomial.hermite import hermgauss
from scipy import special

from ...errors import ConvergenceError
from .wls import Floats

# Starting values of tau: the profile likelihood is looked at everywhere before Newton's method takes over.
LARGEST_TAU = 50.0  # on the logit scale, where rates of 1 % and 99 % are 9 apart
TAUS = np.concatenate([[0.0], np.geomspace(0.02, 8.0, 24)])


class Maximum(NamedTuple):
    """Where the likelihood is highest: mu, its standard error, tau, the log likelihood."""

    mu: float
    se: float
    tau: float
    loglik: float


class _Terms(NamedTuple):
    """Log likelihood with first and second derivatives by mu and tau, summed over trials; any leading shape."""

    ll: Any
    g: Any  # (..., 2)
    h: Any  # (..., 2, 2)


def maximise(x: Floats, n: Floats, points: int) -> Maximum:
    """Return the maximum-likelihood fit; there must be a responder and a non-responder in all trials together.

    Parameters
    ----------
    x, n
        Responders and patients, (k,).
    points
        Quadrature points a trial.
    """
    rule = hermgauss(points)
    mu = np.full(len(TAUS), special.logit(x.sum() / n.sum()))
    for _ in range(12):  # the best mu for each tau of the scan, all at once, roughly
        t = _terms(mu, TAUS, x, n, rule)
        step = np.clip(-t.g[:, 0] / np.minimum(t.h[:, 0, 0], -1e-12), -1.0, 1.0)
        mu = mu + step
        if np.abs(step).max() < 1e-3:
            break
    best = int(np.argmax(_terms(mu, TAUS, x, n, rule).ll))
    at_zero = common(x, n)
    if best == 0 and _slope_at_zero(at_zero.mu, x, n) <= 0:
        return at_zero
    inside = _newton(float(mu[best]), float(TAUS[max(best, 1)]), x, n, rule)
    return inside if inside.loglik > at_zero.loglik else at_zero


def common(x: Floats, n: Floats) -> Maximum:
    """Return the fit without variation between trials: the logit of the summed counts."""
    p = x.sum() / n.sum()
    ll = float((special.xlogy(x, p) + special.xlog1py(n - x, -p)).sum())
    with np.errstate(divide="ignore"):  # where all respond, or none, the logit and its standard error are infinite
        se = float(1 / np.sqrt(n.sum() * p * (1 - p)))
    return Maximum(float(special.logit(p)), se, 0.0, ll)


def saturated_loglik(x: Floats, n: Floats) -> float:
    """Return the log likelihood with a rate of its own for each trial."""
    return float((special.xlogy(x, x / n) + special.xlog1py(n - x, -x / n)).sum())


def marginal_mean(mu: float, tau: float) -> float:
    r"""Return the mean rate over trials, :math:`\int expit(\mu + \tau z)\phi(z)dz`; expit(mu) is the median."""
    t, w = hermgauss(61)
    return float((w * special.expit(mu + tau * np.sqrt(2) * t)).sum() / np.sqrt(np.pi))


def _terms(mu: Any, tau: Any, x: Floats, n: Floats, rule: Any) -> _Terms:
    """Return the terms at mu and tau of one leading shape."""
    mu, tau = np.asarray(mu)[..., None], np.asarray(tau)[..., None]
    mode = _mode(mu, tau, x, n)
    p = special.expit(mu + tau * mode)
    scale = np.sqrt(2 / (1 + tau**2 * n * p * (1 - p)))
    nodes, weights = rule
    z = mode[..., None] + scale[..., None] * nodes
    eta = mu[..., None] + tau[..., None] * z
    log_f = x[:, None] * eta - n[:, None] * np.logaddexp(0, eta) - 0.5 * z * z + nodes**2
    top = log_f.max(-1, keepdims=True)
    mass = weights * np.exp(log_f - top)
    total = mass.sum(-1)
    ll = (np.log(total) + top[..., 0] + np.log(scale) - 0.5 * np.log(2 * np.pi)).sum(-1)
    posterior = mass / total[..., None]
    p = special.expit(eta)
    r, c = x[:, None] - n[:, None] * p, -n[:, None] * p * (1 - p)

    def mean(values: Any) -> Any:
        return (posterior * values).sum(-1)

    g1, g2 = mean(r), mean(r * z)
    h11 = mean(c + r * r) - g1 * g1
    h12 = mean(c * z + r * r * z) - g1 * g2
    h22 = mean(c * z * z + r * r * z * z) - g2 * g2
    g = np.stack([g1.sum(-1), g2.sum(-1)], -1)
    h = np.stack([np.stack([h11.sum(-1), h12.sum(-1)], -1), np.stack([h12.sum(-1), h22.sum(-1)], -1)], -2)
    return _Terms(ll, g, h)


def _mode(mu: Any, tau: Any, x: Floats, n: Floats) -> Any:
    """Return the posterior mode of each trial's z, by Newton's method on a concave function."""
    z = np.zeros(np.broadcast_shapes(mu.shape, x.shape))
    for _ in range(50):
        p = special.expit(mu + tau * z)
        step = (tau * (x - n * p) - z) / (1 + tau**2 * n * p * (1 - p))
        step = np.clip(step, -2.0, 2.0)
        z = z + step
        if np.abs(step).max() < 1e-9:
            break
    return z


def _slope_at_zero(mu: float, x: Floats, n: Floats) -> float:
    """Return twice the derivative of the log likelihood by tau² at tau = 0."""
    p = special.expit(mu)
    return float(((x - n * p) ** 2 - n * p * (1 - p)).sum())


def _newton(mu: float, tau: float, x: Floats, n: Floats, rule: Any) -> Maximum:
    """Climb to the maximum; a full step that neither climbs nor flattens the slope is halved."""
    t = _terms(mu, tau, x, n, rule)
    for _ in range(100):
        values, vectors = np.linalg.eigh(t.h)
        # a step along each axis of curvature, uphill also where the surface is not concave yet
        step = vectors @ ((vectors.T @ t.g) / np.maximum(np.abs(values), 1e-8))
        for _ in range(30):
            new = _terms(mu + step[0], abs(tau + step[1]), x, n, rule)
            if new.ll > t.ll or np.linalg.norm(new.g) < np.linalg.norm(t.g):
                break
            step = step / 2
        mu, tau, t = mu + float(step[0]), abs(tau + float(step[1])), new
        if np.abs(step).max() < 1e-9 * (1 + tau):
            return Maximum(mu, float(np.sqrt(np.linalg.inv(-t.h)[0, 0])), tau, float(t.ll))
        if tau > LARGEST_TAU:
            break
    raise ConvergenceError(
        "the binomial-normal model did not converge: the variance between trials grows without bound, as it does when "
        "some trials have no responder and the others responders only. No pooled rate describes them."
    )
