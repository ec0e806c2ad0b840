"""Where an interval scaled by how well effects agree is narrower than the one by their variances as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..numeric.distributions import critical
from .intervals import CI_METHODS


def is_narrower(ci: str, se: Any, df: Any, plain: Any, level: float) -> Any:
    """Return of each estimate whether its interval is narrower than Wald's.

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
    # but for rounding: at some levels both can be the same
    return critical(level, df) * np.asarray(se) < critical(level) * np.asarray(plain) * (1 - 1e-12)
