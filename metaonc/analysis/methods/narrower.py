"""Where an interval or an F scaled by how well effects agree says more than their variances as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..numeric.distributions import chi2_quantile, critical, f_quantile
from .intervals import CI_METHODS

ALIKE = 0.005  # share of their width by which intervals differ that print alike, also where both are the same


def is_narrower(ci: str, se: Any, df: Any, plain: Any, level: float) -> Any:
    """Return of each estimate whether its interval is narrower than Wald's, by more than print could show.

    Parameters
    ----------
    ci
        Code in ``CI_METHODS``; False of those that cannot be.
    se, df
        Standard errors and degrees of freedom of the interval.
    plain
        Standard errors by the variances as they are.
    level
        Of the interval.
    """
    if CI_METHODS[ci].safeguard is None:
        return np.zeros(np.shape(se), dtype=bool)
    return critical(level, df) * np.asarray(se) < critical(level) * np.asarray(plain) * (1 - ALIKE)


def is_fragile(scale: float, df: int, free: float, level: float) -> bool:
    """Return whether F rejects at this level what the variances as they are, taken as known, do not.

    Then effects agree so much better than their variances allow that a large F can be chance.

    Parameters
    ----------
    scale
        By which F is scaled: Q over its degrees of freedom.
    df, free
        Degrees of freedom of F.
    level
        Of the intervals.
    """
    known = float(chi2_quantile(level, df)) / df
    return bool(scale * float(f_quantile(level, df, free)) < known)
