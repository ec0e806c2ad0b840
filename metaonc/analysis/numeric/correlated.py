r"""Effects whose sampling errors are correlated, turned so that they are not: the rest is weighted least squares.

.. math:: y \sim N(\mu 1, V + \tau^2 I), \quad V = U \Lambda U^T \;\Rightarrow\;
    U^T y \sim N(\mu\, U^T 1, \Lambda + \tau^2 I)

The turn is orthogonal: likelihoods, generalised least squares, Q and the traces of P are those of y and V.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import wls
from .normal_likelihood import weights
from .wls import Floats


class Turned(NamedTuple):
    """Effects (k,), their variances (k,), the design (k, 1) that the mean has among them, and the turn U, (k, k)."""

    y: Floats
    v: Floats
    x: Floats
    u: Floats

    def shares(self, tau2: float) -> Floats:
        """Return the weight of each row in the pooled effect, percent; correlated rows can have one below 0."""
        w = self.u @ (weights(self.v, tau2) * self.x[:, 0])
        out: Floats = 100 * w / w.sum()
        return out

    def variance(self, tau2: float) -> float:
        """Return the variance of the pooled effect by the sampling covariances and tau² as they are."""
        return float(wls.fit(weights(self.v, tau2), self.y, self.x).cov[0, 0])


def turned(y: Floats, covariance: Floats) -> Turned:
    """Return effects with sampling covariances (k, k) as such that are independent."""
    values, u = np.linalg.eigh(covariance)
    return Turned(u.T @ y, values, u.sum(0)[:, None], u)
