r"""The prediction interval of Nagashima, Noma and Furukawa (2019), without its bootstrap.

They draw tau² from its confidence distribution :math:`H(\tau^2) = P(Q \ge q; \tau^2)`, and with each draw a new effect

.. math:: \theta_{new} = \hat\mu(\tau^2) + \tau Z - T_{k-1}\, se_{HK}(\tau^2)

whose quantiles are the interval. Here the three variables are integrated over instead, so that the interval has no
Monte Carlo error and needs no seed.
"""

from __future__ import annotations

import numpy as np
import scipy
from scipy import special

from ..numeric import q_distribution, wls
from ..numeric.normal_likelihood import weights
from ..numeric.quadrature import unit_rule
from ..numeric.wls import Floats

DRAWS = 64  # points of the unit interval that stand for random draws
GRID = 64  # points at which the confidence distribution is computed


def interval(y: Floats, v: Floats, level: float) -> tuple[float, float]:
    """Return the limits for the effect in a new trial.

    Parameters
    ----------
    y, v
        Effects and sampling variances, (k,), of two trials or more.
    level
        Of the interval.
    """
    draws, draw_weights = unit_rule(DRAWS)
    tau2, share = _confidence_distribution(y, v)
    fit = wls.fit(weights(v, tau2), np.broadcast_to(y, (len(tau2), len(y))))
    df = len(y) - 1
    mu, se = fit.beta, np.sqrt(wls.q(fit) / df * fit.cov)
    t = special.stdtrit(df, draws)
    centre, tau = mu[:, None] + se[:, None] * t, np.sqrt(tau2)[:, None]

    def cdf(x: float) -> float:
        """Return the probability that a new effect lies below x."""
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = (special.ndtr((x - centre) / tau) * draw_weights).sum(-1)
            inside = np.where(tau2 > 0, spread, special.stdtr(df, (x - mu) / np.maximum(se, 1e-300)))
        return float((share * inside).sum())

    reach = 50 * (np.sqrt(tau2.max()) + se.max() + np.ptp(y))
    ends = float(y.min() - reach), float(y.max() + reach)
    tail = (1 - level) / 2
    low, high = (float(scipy.optimize.brentq(lambda x, p=p: cdf(x) - p, *ends, xtol=1e-10)) for p in (tail, 1 - tail))
    return low, high


def _confidence_distribution(y: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Return points of tau² and their probabilities; what H puts below 0 is at 0.

    H is computed on a grid, evenly in log(tau²), and inverted by monotone interpolation on the logistic scale.
    """
    a = 1 / v
    q = q_distribution.generalised_q(y, a)
    at_zero = 1 - q_distribution.q_cdf(q, a, v)
    top = q_distribution.root(q, a, v, 1e-6)
    grid = np.geomspace(min(1e-4 * v.min(), 1e-3 * top), top, GRID)
    above = np.array([(1 - q_distribution.q_cdf(q, a, v + t) - at_zero) / (1 - at_zero) for t in grid])
    rising = np.concatenate([[True], np.diff(np.maximum.accumulate(above)) > 0]) & (above > 0) & (above < 1)
    inverse = scipy.interpolate.PchipInterpolator(special.logit(above[rising]), np.log(grid[rising]), extrapolate=True)
    draws, draw_weights = unit_rule(DRAWS)
    tau2 = np.exp(inverse(special.logit(draws)))
    return np.array([0.0, *tau2]), np.array([at_zero, *((1 - at_zero) * draw_weights)])
