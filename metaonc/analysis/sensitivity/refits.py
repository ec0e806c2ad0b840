"""Test statistics of rearranged data, in batches: tau² is estimated anew for each. Arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import OptionError
from ..methods.intervals import CI_METHODS, from_covariance
from ..methods.tau2 import TAU2_METHODS
from ..numeric import wls
from ..numeric.normal_likelihood import weights
from ..numeric.wls import Floats
from ..pooling.inverse_variance.result import MetaResult


def can_refit(ci: str, method: str, what: str) -> None:
    """Raise an OptionError when `what` of a result of this interval and estimator cannot be fitted in batches."""
    if ci not in from_covariance():
        raise OptionError(
            f"ci={ci!r}: {what} cannot be fitted with it; pool again with ci= one of {from_covariance()}."
        )
    if method not in TAU2_METHODS:
        raise OptionError(
            f"method={method!r}: {what} cannot be fitted with it; pool again with method= one of {list(TAU2_METHODS)}."
        )


def refuse_correlated(result: MetaResult, what: str) -> None:
    """Raise an OptionError where the sampling errors of a pool are correlated."""
    if result.studies.covariance is not None:
        raise OptionError(
            f"the rows of this pool have correlated sampling errors, and {what} are of independent rows; leave_one_out "
            "takes them."
        )


@dataclass(frozen=True, slots=True)
class PoolRefit:
    """A pool of k effects.

    Attributes
    ----------
    y, v
        Effects and sampling variances, (k,).
    method, ci
        Codes in ``TAU2_METHODS`` and ``CI_METHODS``, of those ``from_covariance``.
    tau2
        Variance between trials where it is known from elsewhere; otherwise None.
    """

    y: Floats
    v: Floats
    method: str
    ci: str
    tau2: float | None

    def statistics(self, signs: Any) -> Any:
        """Return the test statistic under signs (m, k), as (m, 1)."""
        y = signs * self.y
        v = np.broadcast_to(self.v, y.shape)
        tau2 = TAU2_METHODS[self.method].estimate(y, v, None) if self.tau2 is None else np.full(len(y), self.tau2)
        f = wls.fit(weights(v, tau2), y)
        with np.errstate(divide="ignore", invalid="ignore"):  # effects all alike have no residuals
            z = f.beta / np.sqrt(CI_METHODS[self.ci].adjust(f, len(self.y) - 1)[0])
        return z[:, None]


@dataclass(frozen=True, slots=True)
class BetweenRefit:
    """The test between subgroups, as the omnibus test of a regression on the subgroup."""

    of: RegressionRefit

    def statistics(self, orders: Any) -> Any:
        """Return the test under orders (m, k) of rows, as (m, 1)."""
        return self.of.statistics(orders)[:, -1:]


@dataclass(frozen=True, slots=True)
class RegressionRefit:
    """A regression of k effects on p columns.

    Attributes
    ----------
    y, v
        Effects and sampling variances, (k,).
    rows, back
        The rows of the design that differ, in orthonormal columns (c, p); and what makes coefficients of the design's
        own columns from those of the orthonormal ones, (p, p).
    tested
        The columns of the omnibus test.
    method, ci
        Codes in ``TAU2_METHODS`` and ``CI_METHODS``, of those ``from_covariance``.
    """

    y: Floats
    v: Floats
    rows: Floats
    back: Floats
    tested: list[int]
    method: str
    ci: str

    def statistics(self, orders: Any) -> Any:
        """Return the tests of the p coefficients and the omnibus test under orders (m, k) of rows, as (m, p + 1)."""
        x = self.rows[orders]
        y, v = (np.broadcast_to(a, orders.shape) for a in (self.y, self.v))
        f = wls.fit(weights(v, TAU2_METHODS[self.method].estimate(y, v, x)), y, x)
        cov, _ = CI_METHODS[self.ci].adjust(f, x.shape[-2] - x.shape[-1])
        beta, cov = f.beta @ self.back.T, self.back @ cov @ self.back.T
        exact = ~cov.any((-1, -2))  # nothing is left to scale by: however large
        b, c = beta[:, self.tested], cov[:, self.tested][:, :, self.tested]
        c = np.where(exact[:, None, None], np.eye(len(self.tested)), c)
        omnibus = np.where(exact, np.inf, np.vecdot(b, np.linalg.solve(c, b[..., None])[..., 0]))
        if not CI_METHODS[self.ci].is_normal:
            omnibus = omnibus / len(self.tested)  # F
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.column_stack([beta / np.sqrt(np.diagonal(cov, axis1=-2, axis2=-1)), omnibus])
