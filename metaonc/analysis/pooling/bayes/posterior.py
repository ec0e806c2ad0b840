r"""The posterior of the normal-normal model by deterministic quadrature over tau (Roever 2020).

.. math::
    p(\tau|y) \propto p(\tau) \, V^{1/2} \prod_i (s_i^2 + \tau^2)^{-1/2}
        \exp\Bigl(-\tfrac12 \sum_i \frac{(y_i - \hat\mu)^2}{s_i^2 + \tau^2}\Bigr)

and given tau all else is normal: the pooled effect N(mu^, V), a new trial's effect N(mu^, V + tau²), a trial's own
effect its shrunken estimate. So each marginal is a mixture of normals over the nodes of tau.

The nodes: tau = s sinh(x), with s the smallest scale in the problem, makes every feature of the density (prior and
sampling variances, over whatever orders of magnitude) about as wide as 1 in x, and analytic in a strip around it.
Panels are halved until the log density varies little over each, and have a Gauss-Legendre rule; this converges to
rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy
from numpy.polynomial.legendre import leggauss

from ...numeric.wls import Floats
from .priors import Normal, TauPrior

NODES, RULE = leggauss(12)
DROP = 42.0  # nats below the peak: the mass there is below 1e-17
ROUGH = 3.0  # nats that the log density may vary over a panel
WIDEST = 0.5  # panel in x
FAR = 1e14  # times the largest scale: there the density is its own power tail to all digits


class Given(NamedTuple):
    """What is known given tau: log of the posterior density of tau (without constant), mean and variance of mu."""

    log: Floats
    mean: Floats
    var: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """The joint posterior: data, priors, and the quadrature of tau.

    Attributes
    ----------
    y, v
        Effects and sampling variances, (k,).
    prior, mu_prior
        Of tau, and of mu (None is flat).
    unit, edges
        tau = unit sinh(x), and the panels' limits in x, (m, 2).
    tau, mass
        Nodes, and their shares of the posterior, (m * 12,).
    log_total
        Log of the integral of exp(Given.log) over tau.
    end
        Largest tau integrated to, where a power tail is added; NaN without one.
    """

    y: Floats
    v: Floats
    prior: TauPrior
    mu_prior: Normal | None
    unit: float
    edges: Floats
    tau: Floats
    mass: Floats
    log_total: float
    end: float

    @property
    def power(self) -> float:
        """The posterior density of tau falls as tau to the power of minus this."""
        return _power(self.prior, self.mu_prior, len(self.y))

    def has_moment(self, order: int) -> bool:
        """Whether the expectation of tau**order is finite."""
        return self.power - order > 1

    def moment(self, order: int) -> float:
        """Return the expectation of tau**order, the power tail beyond the last node included."""
        return float((self.mass * self.tau**order).sum()) + self.beyond(order) if self.has_moment(order) else np.inf

    def beyond(self, order: int) -> float:
        """Return the part of the expectation of tau**order that lies beyond the last node."""
        if np.isnan(self.end):
            return 0.0
        log = float(given(np.array([self.end]), self.y, self.v, self.prior, self.mu_prior).log[0]) - self.log_total
        return float(np.exp(log + (order + 1) * np.log(self.end)) / (self.power - order - 1))

    def given(self) -> Given:
        """Return the conditional posterior at the nodes."""
        return given(self.tau, self.y, self.v, self.prior, self.mu_prior)

    def density(self, tau: Floats) -> Floats:
        """Return the posterior density of tau; 0 below 0."""
        inside = tau >= 0
        log = given(np.where(inside, tau, 1.0).ravel(), self.y, self.v, self.prior, self.mu_prior).log
        out: Floats = np.where(inside, np.exp(log - self.log_total).reshape(tau.shape), 0.0)
        return out

    def cdf(self, tau: float) -> float:
        """Return the posterior probability of a smaller tau."""
        if tau <= 0:
            return 0.0
        x = float(np.arcsinh(tau / self.unit))
        below = int((self.edges[:, 1] <= x).sum())
        whole = float(self.mass[: below * len(NODES)].sum())
        if below == len(self.edges) or x <= self.edges[below, 0]:
            return min(whole, 1.0)
        t, weight = _rule(np.array([[self.edges[below, 0], x]]), self.unit)
        return min(whole + float((weight * self.density(t)).sum()), 1.0)

    def quantile(self, p: float) -> float:
        """Return the tau below which lies the posterior probability p."""
        shares = np.cumsum(self.mass.reshape(len(self.edges), -1).sum(1))
        if p <= 0:
            return 0.0
        if p >= shares[-1]:
            return np.inf
        low, high = self.edges[int(np.searchsorted(shares, p))]
        reach = [self.cdf(self.unit * np.sinh(x)) - p for x in (low, high)]
        if reach[0] >= 0 or reach[1] <= 0:  # p falls on the panel's limit, to rounding
            return float(self.unit * np.sinh(low if reach[0] >= 0 else high))
        x = scipy.optimize.brentq(lambda x: self.cdf(self.unit * np.sinh(x)) - p, low, high, xtol=1e-15, rtol=1e-14)
        return float(self.unit * np.sinh(x))


def integrate(y: Floats, v: Floats, prior: TauPrior, mu_prior: Normal | None) -> Posterior:
    """Return the posterior, with nodes where its mass and that of its moments lies."""
    scales = [prior.size, *np.sqrt([v.min(), v.max()]), np.ptp(y), mu_prior.sd if mu_prior else 0.0]
    if mu_prior:
        scales.append(float(np.abs(y - mu_prior.mean).max()))
    unit = min(scales[:2])
    top = float(np.arcsinh(FAR * max(scales) / unit))
    power = _power(prior, mu_prior, len(y))
    order = 2 if power > 3 else int(power > 2)

    def log_mass(x: Floats) -> Floats:
        tau = unit * np.sinh(x)
        log_cosh = np.logaddexp(x, -x) - np.log(2)
        log = given(tau, y, v, prior, mu_prior).log + log_cosh
        # shaped so that the highest moment that exists is integrated over as carefully as the mass is
        return np.stack([log, log + order * (np.log(tau + unit) - np.log(unit))])

    edges = _panels(log_mass, top)
    tau, weight = _rule(edges, unit)
    log = given(tau, y, v, prior, mu_prior).log
    peak = float(log.max())
    share = weight * np.exp(log - peak)
    return Posterior(
        y=y, v=v, prior=prior, mu_prior=mu_prior, unit=unit, edges=edges, tau=tau, mass=share / share.sum(),
        log_total=float(np.log(share.sum()) + peak),
        end=float(unit * np.sinh(top)) if edges[-1, 1] == top and np.isfinite(power) else np.nan,
    )  # fmt: skip


def given(tau: Floats, y: Floats, v: Floats, prior: TauPrior, mu_prior: Normal | None) -> Given:
    """Return the conditional posterior at each tau, (m,)."""
    w = 1 / (v + (tau * tau)[:, None])
    precision, product = w.sum(1), w @ y
    extra, centre = (mu_prior.sd**-2.0, mu_prior.mean) if mu_prior else (0.0, 0.0)
    var = 1 / (precision + extra)
    mean = (product + extra * centre) * var
    q = (w * (y - mean[:, None]) ** 2).sum(1) + extra * (mean - centre) ** 2
    return Given(prior.log_density(tau) + 0.5 * (np.log(w).sum(1) + np.log(var) - q), mean, var)


def _power(prior: TauPrior, mu_prior: Normal | None, k: int) -> float:
    return prior.tail + k - (mu_prior is None)


def _rule(edges: Floats, unit: float) -> tuple[Floats, Floats]:
    """Return nodes in tau and their weights for panels in x, (m, 2)."""
    half = (edges[:, 1] - edges[:, 0])[:, None] / 2
    x = edges.mean(1)[:, None] + half * NODES
    return (unit * np.sinh(x)).ravel(), (half * RULE * unit * np.cosh(x)).ravel()


def _panels(log_mass: Callable[[Floats], Floats], top: float) -> Floats:
    """Return the panels that hold mass, (m, 2): none over which the log density varies by more than ROUGH."""
    x = np.linspace(0, top, int(np.ceil(top / WIDEST)) + 1)
    f = log_mass(x)
    for _ in range(60):
        middle = (x[:-1] + x[1:]) / 2
        fm = log_mass(middle)
        three = np.stack([f[:, :-1], fm, f[:, 1:]])
        high = three.max(0)
        live = (high > high.max(1, keepdims=True) - DROP).any(0)
        rough = live & (high[0] - three.min(0)[0] > ROUGH)
        if not rough.any():
            break
        where = np.flatnonzero(rough) + 1
        x = np.insert(x, where, middle[rough])
        f = np.insert(f, where, fm[:, rough], axis=1)
    panels: Floats = np.stack([x[:-1], x[1:]], 1)[live]
    return panels
