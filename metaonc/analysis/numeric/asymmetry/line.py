"""A line through effects: by least squares with a common factor of all variances, or with a variance between trials."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ....errors import DataError
from .. import wls
from ..distributions import two_sided_p
from ..wls import Floats

ROUNDING = 1e-24  # of squared residuals, as a share of squared effects


class Line(NamedTuple):
    """A fitted line: coefficients and standard errors, (2,), intercept first, and their degrees of freedom, (2,)."""

    beta: Floats
    se: Floats
    df: Floats

    @property
    def statistics(self) -> Floats:
        """Return the test statistic of each."""
        return self.beta / self.se

    @property
    def p(self) -> Floats:
        """Return the two-sided p-value of each."""
        return np.asarray(two_sided_p(self.statistics, self.df))


def design(x: Floats) -> Floats:
    """Return an intercept and a predictor, (k, 2)."""
    return np.column_stack([np.ones(len(x)), x])


def refuse_exact(fit: wls.Fit, y: Floats) -> None:
    """Raise a DataError where effects lie on a line but for rounding: no spread is left to test it by."""
    if float(wls.q(fit)) <= ROUNDING * float(np.vecdot(fit.w * y, y)):
        raise DataError("all effects lie on one line exactly: no spread is left to test it by. Are they made up?")


def dispersed(y: Floats, v: Floats, x: Floats) -> tuple[Line, float]:
    """Return the line of least squares with weights 1/v, and the factor by which it takes all variances to be larger.

    The factor is the weighted sum of squared residuals over k - 2; the coefficients are tested by t with k - 2 degrees
    of freedom.

    Raises
    ------
    DataError
        When the effects lie on a line.
    """
    scale = float(np.abs(x).max())  # the normal equations are then of one size, whatever the unit of x
    fit = wls.fit(1 / v, y, design(x / scale))
    refuse_exact(fit, y)
    df = len(y) - 2
    factor = float(wls.q(fit)) / df
    se = np.sqrt(factor * np.diagonal(fit.cov))
    unit = np.array([1.0, scale])
    return Line(fit.beta / unit, se / unit, np.full(2, float(df))), factor
