r"""The likelihood of Copas and Shi's selection model, of many pairs (gamma0, gamma1) at once.

.. math:: y_i \sim N(\mu, \tau^2 + \sigma_i^2), \quad z_i = u_i + \delta_i, \quad u_i = \gamma_0 + \gamma_1 / s_i

A trial is published where z is above 0; delta and the sampling error of y have the correlation rho. The variance of a
published effect is that which the trial reports, :math:`s_i^2 = \sigma_i^2 (1 - c_i^2 \rho^2)` with
:math:`c_i^2 = \lambda (u_i + \lambda)`, lambda being the inverse Mills ratio at u.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import log_ndtr

from ..wls import Floats

LOG_2PI = float(np.log(2 * np.pi))
STEPS = 200
TOLERANCE = 1e-10  # of a step, in units of the parameters
GAIN = 1e-13  # of the log likelihood that a step promises: less is rounding
HALVINGS = 30
SWEEPS = 20  # over neighbours
ELSEWHERE = 0.15  # in units of the parameters: a maximum so far from a neighbour's may not be the highest
HIGHER = 1e-8  # of two log likelihoods
SNAP = 1e-10  # in units of the parameters
EDGE = 1e6  # as much as an end at the bound of rho is ranked below maxima


class Surface(NamedTuple):
    """Log likelihoods (m,), gradients (m, 3) and Hessians (m, 3, 3) by mu, tau² and rho."""

    value: Any
    g: Any
    h: Any


class Fits(NamedTuple):
    """Where the likelihood of each pair is highest.

    Attributes
    ----------
    theta
        mu, tau² and rho, (m, 3).
    se
        Standard error of mu, (m,), what is at a bound held there; NaN where that is no maximum.
    loglik
        (m,).
    rank
        By which the best of several is chosen, (m,): that, and any maximum above an end of the climb at the upper bound
        of rho. There the likelihood can rise in a narrow ridge on which effects are hardly uncertain at all.
    """

    theta: Any
    se: Any
    loglik: Any
    rank: Any

    def of(self, rows: Any) -> Fits:
        """Return some of them."""
        return Fits(*(part[rows] for part in self))


class Trials(NamedTuple):
    """Trials as each pair selects them.

    Attributes
    ----------
    y, s
        Effects and standard errors, (k,).
    u, shrunk, published
        Of each pair, (m, k): the mean of z, c², and the logarithm of the probability of publication.
    """

    y: Floats
    s: Floats
    u: Any
    shrunk: Any
    published: Any

    @classmethod
    def of(cls, y: Floats, s: Floats, u: Any) -> Trials:
        """Return the trials of pairs with these means of z."""
        ratio = mills(u)
        return cls(y, s, u, ratio * (u + ratio), log_ndtr(u))

    def pairs(self, rows: Any) -> Trials:
        """Return some of the pairs."""
        return Trials(self.y, self.s, self.u[rows], self.shrunk[rows], self.published[rows])


def mills(u: Any) -> Any:
    """Return the density of the normal distribution over its lower tail."""
    return np.exp(-0.5 * u * u - log_ndtr(u)) / np.sqrt(2 * np.pi)


def likelihood(theta: Any, trials: Trials) -> Surface:
    """Return the likelihood of mu, tau² and rho (m, 3), each with its pair.

    It is one of the distance e of an effect from mu, its total variance t = tau² + sigma², and w = rho sigma, the
    covariance of e and z; derivatives are by these first, and by the parameters then.
    """
    mu, tau2, rho = theta.T[..., None]
    variance, by_rho = _unselected(rho, trials)
    e, t, w = trials.y - mu, tau2 + variance[0], by_rho[0]
    value, first, second = _by_parts(e, t, w, trials.u)
    total = value - 0.5 * (LOG_2PI + np.log(t) + e * e / t) - trials.published
    (t1, t2), (w1, w2) = variance[1:], by_rho[1:]
    f_e, f_t, f_w = first
    ee, et, ew, tt, tw, ww = second
    g = [-f_e, f_t, f_t * t1 + f_w * w1]
    across = tt * t1 + tw * w1
    rhos = across * t1 + (tw * t1 + ww * w1) * w1 + f_t * t2 + f_w * w2
    h = [[ee, -et, -(et * t1 + ew * w1)], [-et, tt, across], [-(et * t1 + ew * w1), across, rhos]]
    return Surface(total.sum(-1), np.stack([x.sum(-1) for x in g], -1),
                   np.stack([np.stack([x.sum(-1) for x in row], -1) for row in h], -2))  # fmt: skip


def _unselected(rho: Any, trials: Trials) -> tuple[Any, Any]:
    """Return sigma², and rho sigma, each with its first and second derivatives by rho."""
    c, square = trials.shrunk, trials.s**2
    left = 1 / (1 - c * rho * rho)
    variance, sigma = square * left, trials.s * np.sqrt(left)
    slope = 2 * c * rho * left  # of the logarithm of sigma²
    bend = 2 * c * left + slope * slope
    s1 = sigma * slope / 2
    s2 = s1 * slope / 2 + sigma * bend / 2
    return (variance, variance * slope, variance * (bend + slope * slope)), (
        rho * sigma, sigma + rho * s1, 2 * s1 + rho * s2,
    )  # fmt: skip


def _by_parts(e: Any, t: Any, w: Any, u: Any) -> tuple[Any, Any, Any]:
    """Return the log probability of publication given the effect, and the derivatives of the whole by e, t and w.

    First: e, t, w. Second: ee, et, ew, tt, tw, ww.
    """
    n, d = u * t + w * e, t * (t - w * w)
    q = d**-0.5
    v = n * q
    tail, slope = log_ndtr(v), mills(v)
    bend = -slope * (v + slope)
    d_t, d_w = 2 * t - w * w, -2 * w * t
    q_t, q_w = -0.5 * q / d * d_t, -0.5 * q / d * d_w
    q_tt, q_tw, q_ww = (
        0.75 * q / d**2 * a * b - 0.5 * q / d * c
        for a, b, c in ((d_t, d_t, 2.0), (d_t, d_w, -2 * w), (d_w, d_w, -2 * t))
    )
    v_e, v_t, v_w = w * q, u * q + n * q_t, e * q + n * q_w
    v_et, v_ew = w * q_t, q + w * q_w
    v_tt, v_tw = 2 * u * q_t + n * q_tt, u * q_w + e * q_t + n * q_tw
    v_ww = 2 * e * q_w + n * q_ww
    square = e * e / t
    first = (slope * v_e - e / t, slope * v_t + (square - 1) / (2 * t), slope * v_w)
    second = (
        bend * v_e * v_e - 1 / t, bend * v_e * v_t + slope * v_et + e / t**2, bend * v_e * v_w + slope * v_ew,
        bend * v_t * v_t + slope * v_tt + (0.5 - square) / t**2, bend * v_t * v_w + slope * v_tw,
        bend * v_w * v_w + slope * v_ww,
    )  # fmt: skip
    return tail, first, second


def maximise(trials: Trials, start: Any, rhos: Any, lower: Floats, upper: Floats, scale: Floats, near: Any) -> Fits:
    """Return the maximum of each pair: the highest of its profile over rho, and of those of its neighbours.

    The likelihood can have several maxima by rho, the highest ones next to its bound. So mu and tau² are followed along
    rho, upwards and downwards, and the climb begins at every rho at which the profile is higher than beside it.

    Parameters
    ----------
    trials
        With m pairs.
    start, rhos
        mu and tau² to start from, (2,); values of rho along which they are followed, rising, (n,).
    lower, upper
        Bounds, (3,); a parameter whose bounds are the same is fixed.
    scale
        Sizes of the parameters, by which steps are measured, (3,).
    near
        The pairs that are next to each, (m, n).
    """
    bounds = lower, upper, scale
    theta, height = _profile(trials, start, rhos, *bounds)
    beside = np.full((1, len(trials.u)), -np.inf)
    peak = (height >= np.concatenate([beside, height[:-1]])) & (height >= np.concatenate([height[1:], beside]))
    which, pairs = np.nonzero(peak)
    climb = Climb(theta[which, pairs], trials.pairs(pairs), *bounds)
    order = np.lexsort([-climb.fits.rank, pairs])
    best = climb.fits.of(order[np.searchsorted(pairs[order], np.arange(len(trials.u)))])
    for _ in range(SWEEPS):
        far = (np.abs(best.theta[near] - best.theta[:, None]) > ELSEWHERE * scale).any(-1)
        pairs, which = np.nonzero(far)
        climb = Climb(best.theta[near[pairs, which]], trials.pairs(pairs), *bounds)
        better = np.flatnonzero(climb.fits.rank > best.rank[pairs] + HIGHER)
        better = better[np.argsort(climb.fits.rank[better])]  # the highest is written last
        if not better.size:
            break
        for whole, part in zip(best, climb.fits, strict=True):
            whole[pairs[better]] = part[better]
    return best


def _profile(trials: Trials, start: Floats, rhos: Floats, lower: Floats, upper: Floats, scale: Floats) -> Any:
    """Return the best parameters at each rho and the log likelihood there, (n, m, 3) and (n, m)."""
    m = len(trials.u)
    theta, height = np.empty((len(rhos), m, 3)), np.full((len(rhos), m), -np.inf)
    numbers = range(len(rhos))
    for way in (numbers, reversed(numbers)):
        at = np.tile(np.append(start, 0.0), (m, 1))
        for i in way:
            at[:, 2] = rhos[i]
            low, high = (np.array([*bound[:2], rhos[i]]) for bound in (lower, upper))
            climb = Climb(at, trials, low, high, scale)
            at = climb.theta.copy()
            better = climb.at.value > height[i]
            theta[i, better], height[i, better] = at[better], climb.at.value[better]
    return theta, height


class Climb:
    """Newton's method within bounds, many starts at a time."""

    def __init__(self, theta: Any, trials: Trials, lower: Floats, upper: Floats, scale: Floats) -> None:
        self.lower, self.upper, self.scale, self.trials = lower, upper, scale, trials
        self.theta = self._inside(theta)
        self.at = likelihood(self.theta, trials)
        self.radius = np.ones(len(theta))
        self._run()
        edge, se = np.abs(self.theta[:, 2]) >= upper[2], self._errors()
        self.fits = Fits(self.theta, se, self.at.value, self.at.value - EDGE * (edge + 2 * np.isnan(se)))

    def _run(self) -> None:
        """Climb until no step promises anything."""
        rows = np.arange(len(self.theta))
        for _ in range(STEPS):
            step, promised = self._newton(rows)
            size = np.abs(step).max(-1)
            going = (size > TOLERANCE) & (promised > GAIN * (1 + np.abs(self.at.value[rows])))
            rows = rows[going]
            if not len(rows):
                return
            rows = self._search(rows, step[going], size[going])

    def _inside(self, theta: Any) -> Any:
        """Return parameters within their bounds; what is next to one is at it, since no step could come nearer."""
        at = SNAP * self.scale
        theta = np.where(theta < self.lower + at, self.lower, theta)
        return np.where(theta > self.upper - at, self.upper, theta)

    def _free(self, rows: Any) -> Any:
        """Return which parameters are not held at a bound, (m, 3)."""
        theta, g = self.theta[rows], self.at.g[rows]
        return ~(((theta <= self.lower) & (g <= 0)) | ((theta >= self.upper) & (g >= 0)))

    def _newton(self, rows: Any) -> tuple[Any, Any]:
        """Return the steps, in units of the parameters, and what they promise."""
        theta, free = self.theta[rows], self._free(rows)
        whole = self.at.h[rows] * self.scale[:, None] * self.scale
        while True:
            g = np.where(free, self.at.g[rows] * self.scale, 0.0)
            values, vectors = np.linalg.eigh(_only(whole, free))
            along = np.einsum("mij,mi->mj", vectors, g) / np.maximum(np.abs(values), 1e-8)
            step = np.einsum("mij,mj->mi", vectors, along)
            out = free & (((theta <= self.lower) & (step < 0)) | ((theta >= self.upper) & (step > 0)))
            if not out.any():
                return step, np.vecdot(step, g)
            free &= ~out  # taken anew without these: what a bound leaves of a step need not climb

    def _search(self, rows: Any, step: Any, size: Any) -> Any:
        """Take the steps, shorter where they do not climb, and return which rows moved."""
        fraction, waiting = np.minimum(1.0, self.radius[rows] / size), np.arange(len(rows))
        for _ in range(HALVINGS):
            here = rows[waiting]
            new = self._inside(self.theta[here] + fraction[waiting, None] * step[waiting] * self.scale)
            found = likelihood(new, self.trials.pairs(here))
            up = found.value > self.at.value[here]
            moved = here[up]
            self.theta[moved] = new[up]
            for whole, part in zip(self.at, found, strict=True):
                whole[moved] = part[up]
            self.radius[moved] = np.maximum(2 * (fraction * size)[waiting[up]], 1e-3)
            waiting = waiting[~up]
            if not len(waiting):
                break
            fraction[waiting] /= 2
        return np.delete(rows, waiting)

    def _errors(self) -> Any:
        """Return the standard errors of mu; NaN where the likelihood does not curve down by all that is free."""
        h = _only(self.at.h * self.scale[:, None] * self.scale, self._free(slice(None)))
        peak = np.linalg.eigvalsh(h).max(-1) < 0
        cov = np.linalg.inv(np.where(peak[:, None, None], h, -np.eye(3)))
        return np.where(peak, np.sqrt(np.abs(cov[:, 0, 0])) * self.scale[0], np.nan)


def _only(h: Any, free: Any) -> Any:
    """Return Hessians as if what is not free had no part in the likelihood."""
    return np.where(free[:, :, None] & free[:, None, :], h, -np.eye(h.shape[-1]))
