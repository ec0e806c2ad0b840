r"""The likelihood of effects that were published with a probability by their p-values.

.. math:: \ell = \sum_i \log w(p_i) + \log N(y_i; \mu, v_i + \tau^2) - \log \int w(p(y)) N(y; \mu, v_i + \tau^2) dy

Effects point in the direction that selection favours: p is the upper tail. Gradient and Hessian are exact: those of the
integral are moments of the same quadrature (`smooth`), or of closed form (`intervals`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...numeric.wls import Floats

LOG_2PI = float(np.log(2 * np.pi))


class Terms(NamedTuple):
    """Log likelihood, gradient and Hessian by mu, tau² and the parameters of the weight."""

    value: float
    g: Floats
    h: Floats


NOWHERE = Terms(-np.inf, np.zeros(0), np.zeros((0, 0)))
Likelihood = Callable[[Floats], Terms]


def normal(y: Floats, v: Floats, mu: float, tau2: float) -> tuple[Any, Any, Any]:
    """Return each trial's log density, with first (2, k) and second derivatives (2, 2, k) by mu and tau²."""
    total = v + tau2
    e = y - mu
    first = np.array([e / total, (e * e / total - 1) / (2 * total)])
    mixed = -e / total**2
    second = np.array([[-1 / total, mixed], [mixed, (0.5 - e * e / total) / total**2]])
    return -0.5 * (LOG_2PI + np.log(total) + e * e / total), first, second


def unselected(y: Floats, v: Floats) -> Likelihood:
    """Return the likelihood of mu and tau² without selection."""

    def at(theta: Floats) -> Terms:
        value, first, second = normal(y, v, *theta)
        return Terms(float(value.sum()), first.sum(-1), second.sum(-1))

    return at
