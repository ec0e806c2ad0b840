r"""The prediction interval of Nagashima, Noma and Furukawa (2019), without its bootstrap.

They draw tau² from its confidence distribution :math:`H(\tau^2) = P(Q \ge q; \tau^2)`, and with each draw a new effect

.. math:: \theta_{new} = \hat\mu(\tau^2) + \tau Z - T_{k-1}\, se_{HK}(\tau^2)

whose quantiles are the interval. Here the variables are integrated over instead, so that the interval has no Monte
Carlo error and needs no seed. With :math:`T = Z' / \sqrt{G}`, G chi-square over its degrees of freedom, the new
effect is normal given tau² and G, of variance :math:`\tau^2 + se^2 / G`: one mixture of normal distributions.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from ...errors import ConvergenceError
from ..numeric import mixtures, q_distribution, wls
from ..numeric.normal_likelihood import weights
from ..numeric.q_distribution import FINE, ROUGH
from ..numeric.quadrature import chi_square_rule, unit_rule
from ..numeric.wls import Floats

# points of tau², the rule by which the distribution of Q is inverted at each, and whether they are spread over all that
# tau² can be instead of where it lies by the first two moments of Q: the first that find all of H are taken
PASSES = ((24, ROUGH, False), (48, FINE, False), (96, FINE, True), (192, FINE, True))
SCAN = 40  # points at which the moments of Q are looked at
NONE = 1e-11  # shares of the mixture that are left out: some hundred, a tenth of the next
LEAST, SURE = 1e-8, 1e-6  # probabilities: that are left out at the ends, and to which the points must agree


def interval(y: Floats, v: Floats, level: float) -> tuple[float, float]:
    """Return the limits for the effect in a new trial.

    Parameters
    ----------
    y, v
        Effects and sampling variances, (k,), of two trials or more.
    level
        Of the interval.
    """
    df = len(y) - 1
    tau2, share = _confidence_distribution(y, v)
    fit = wls.fit(weights(v, tau2), np.broadcast_to(y, (len(tau2), len(y))))
    squared = wls.q(fit) / df * fit.cov
    if not squared[0] > 0:  # equal effects: tau² is 0 for certain
        return float(fit.beta[0]), float(fit.beta[0])
    scale, scale_share = chi_square_rule(df)
    sd = np.sqrt(tau2[:, None] + squared[:, None] / scale)
    mass = share[:, None] * scale_share
    felt = mass > NONE
    mean = np.broadcast_to(fit.beta[:, None], mass.shape)[felt]
    tail = (1 - level) / 2
    low, high = mixtures.quantile(np.array([tail, 1 - tail]), mass[felt] / mass[felt].sum(), mean, sd[felt])
    return float(low), float(high)


def _confidence_distribution(y: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return points of tau² and their probabilities; what H puts below 0 is at 0.

    The points are those of Gauss and Legendre in log(1 + tau²/v), v the smallest variance, in which all that depends on
    tau² is smooth: at 0 and in its tail, a power of tau².
    """
    a, df = 1 / v, len(y) - 1
    q = q_distribution.generalised_q(y, a)
    inside = float(special.chdtr(df, q))  # at tau² = 0 these weights make Q chi-square
    if inside <= LEAST:
        return np.zeros(1), np.ones(1)
    least = v.min()
    whole = 0.0, float(np.logaddexp(0, _log_end(q, a) - np.log(least)))
    near = _where(q, a, v, least, whole[1])
    for points, rule, everywhere in PASSES:
        first, last = whole if everywhere else near
        nodes, node_weights = unit_rule(points)
        tau2 = least * np.expm1(first + (last - first) * nodes)
        slope = q_distribution.q_cdf_and_slope(q, a, v + tau2[:, None], rule)[1]
        share = -slope * (tau2 + least) * (last - first) * node_weights
        if abs(share.sum() - inside) < SURE:
            return np.array([0.0, *tau2]), np.array([1 - inside, *(share * inside / share.sum())])
    raise ConvergenceError("the confidence distribution of tau² did not settle; take another prediction interval.")


def _where(q: float, a: Floats, v: Floats, least: float, end: float) -> tuple[float, float]:
    """Return the part of [0, end] in which H rises, were Q a gamma variable of its exact mean and variance."""
    at = np.linspace(0, end, SCAN)
    total = a * (v + least * np.expm1(at)[:, None])
    share = a / a.sum()
    mean = total @ (1 - share)
    half = np.vecdot(total, total) - 2 * (total * total) @ share + (total @ share) ** 2
    below = special.gammainc(mean * mean / (2 * half), q * mean / (2 * half))
    rising = np.flatnonzero((below[0] - below > LEAST) & (below > LEAST))
    if not len(rising):
        return 0.0, end
    return float(at[max(rising[0] - 1, 0)]), float(at[min(rising[-1] + 1, SCAN - 1)])


def _log_end(q: float, a: Floats) -> float:
    """Return log(tau²) beyond which H lacks at most ``LEAST`` of 1, from the transform of Q as tau² grows."""
    k = len(a)
    constant = -0.5 * (np.log(a).sum() + np.log(k) - np.log(a.sum())) - special.gammaln((k + 1) / 2)
    return float(np.log(q / 2) + 2 / (k - 1) * (constant - np.log(LEAST)))
