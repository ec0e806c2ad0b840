r"""The interval of Henmi and Copas (2010, doi:10.1002/sim.4029), around the common-effect estimate.

The common-effect weights do not drift towards small trials, as those of a random effect do when reporting is biased.
With :math:`R = (\hat\theta - \theta)\sqrt{W_1}` and tau² estimated by DerSimonian-Laird from Q, the interval is made of
the distribution of :math:`R/\sqrt{1 + \hat\tau^2 W_2}`, in which Q given R is taken as a gamma variable of its exact
mean and variance.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy
from scipy import special

from ..numeric.quadrature import unit_rule
from ..numeric.wls import Floats

R_FUNCTION = """\
# metafor's hc seeks the factor of the half-width below 2 only, and to four digits: the same formulas, without that
henmi_copas <- function(res) {
  w <- 1 / res$vi; d <- res$vi + res$tau2; w1 <- sum(w); ratio <- w1^2 / sum(w^2) - 1
  variance <- sum(w^2 * d) / w1
  covariance <- d * w / sqrt(w1); a <- w * (covariance - sum(w * covariance) / w1)
  cac <- sum(covariance * a); cadac <- sum(a^2 * d)
  trace <- sum(w * d) - variance
  trace2 <- sum((w * d)^2) - 2 * sum(w^3 * d^2) / w1 + variance^2
  excess <- function(factor) {
    tail <- function(x) {
      r2 <- x^2 * variance
      mean <- trace + (r2 / variance^2 - 1 / variance) * cac
      spread <- 2 * (trace2 - 2 * cadac / variance + (cac / variance)^2)
      spread <- spread + 4 * r2 / variance^2 * (cadac - cac^2 / variance)
      pgamma((r2 / factor^2 - 1) * ratio + res$k - 1, shape = mean^2 / spread, scale = spread / mean) * dnorm(x)
    }
    integrate(tail, factor / sqrt(variance), 9, rel.tol = 1e-10)$value - res$level / 2
  }
  factor <- uniroot(excess, c(1e-3, 8.99 * sqrt(variance)), tol = 1e-12)$root
  beta <- sum(w * res$yi) / w1; se <- sqrt(variance / w1)
  list(beta = beta, se = se, factor = factor, ci.lb = beta - factor * se, ci.ub = beta + factor * se)
}"""
POINTS = 80  # of the integral over R
FAR = 9.0  # standard deviations beyond which R does not fall


class HenmiCopas(NamedTuple):
    """Common-effect estimate, its standard error with tau² in it, and the factor of the half-width."""

    estimate: float
    se: float
    factor: float


def henmi_copas(y: Floats, v: Floats, tau2: float, level: float) -> HenmiCopas:
    """Return estimate, standard error and factor.

    Parameters
    ----------
    y, v
        Effects and sampling variances, (k,), of two trials or more.
    tau2
        DerSimonian and Laird's estimate.
    level
        Of the interval.
    """
    w = 1 / v
    w1 = w.sum()
    w2 = (w * w).sum() / w1
    ratio, variance, df = (w1 - w2) / w2, 1 + tau2 * w2, len(y) - 1

    nodes, node_weights = unit_rule(POINTS)

    def excess(factor: float) -> float:
        """Return the tail beyond the factor, less what it should hold."""
        low = factor / np.sqrt(variance)
        x = low + (FAR - low) * nodes
        r = x * np.sqrt(variance)
        mean, spread = _q_given_r(r, w, v + tau2)
        limit = ((r / factor) ** 2 - 1) * ratio + df
        below = special.gammainc(mean**2 / spread, limit * mean / spread)
        tail = float((node_weights * below * np.exp(-0.5 * x * x)).sum() * (FAR - low) / np.sqrt(2 * np.pi))
        return tail - (1 - level) / 2

    top = (FAR - 0.01) * np.sqrt(variance)
    factor = float(scipy.optimize.brentq(excess, 1e-3, top, xtol=1e-13, rtol=1e-13))
    return HenmiCopas(float((w * y).sum() / w1), float(np.sqrt(variance / w1)), factor)


def _q_given_r(r: Floats, w: Floats, d: Floats) -> tuple[Floats, Floats]:
    """Return the exact mean and variance of Q given R = r, for effects of variance d."""
    w1 = w.sum()
    c = d * w / np.sqrt(w1)  # covariance of each effect with R
    variance = (w * w * d).sum() / w1
    ac = w * (c - (w * c).sum() / w1)
    cac, cadac = (c * ac).sum(), (ac * ac * d).sum()
    trace = (w * d).sum() - variance
    trace2 = ((w * d) ** 2).sum() - 2 * (w**3 * d * d).sum() / w1 + variance**2
    mean = trace + (r * r / variance**2 - 1 / variance) * cac
    spread = 2 * (trace2 - 2 * cadac / variance + (cac / variance) ** 2)
    return mean, spread + 4 * r * r / variance**2 * (cadac - cac**2 / variance)
