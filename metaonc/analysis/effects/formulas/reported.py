"""Effects that a report states with an interval: hazard ratios and median times. Arrays in, arrays out."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...numeric.distributions import critical


def log_from_interval(c: Any) -> tuple[Any, Any]:
    r"""Return the log of a positive estimate and its variance from a confidence interval.

    .. math:: y = \log\theta, \quad v = \left(\frac{\log U - \log L}{2 z}\right)^2

    (Parmar, Torri and Stewart 1998; Tierney 2007, doi:10.1186/1745-6215-8-16). Where the upper limit was not reached,
    as medians have it, the lower half-width stands for both: v = (log(theta/L)/z)^2.
    """
    z = critical(c["level"])
    full = (np.log(c["ci_high"]) - np.log(c["ci_low"])) / (2 * z)
    half = (np.log(c["estimate"]) - np.log(c["ci_low"])) / z
    return np.log(c["estimate"]), np.where(np.isnan(c["ci_high"]), half, full) ** 2
