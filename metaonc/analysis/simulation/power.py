"""Power of a pool of like trials, in closed form: numbers in, numbers out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import scipy
from scipy import special

from ..numeric.distributions import critical
from ..numeric.quadrature import chi_square_rule

LARGEST = 10**9  # size or number of trials that is looked for


def power(delta: float, variance: float, k: int, level: float, is_t: bool) -> float:
    r"""Return the power of the two-sided test of a mean of k effects, both tails counted.

    With :math:`\lambda = \delta / \sqrt{(v + \tau^2) / k}` it is :math:`P(|Z + \lambda| > z)`, or that of Student's t
    with k - 1 degrees of freedom and non-centrality :math:`\lambda`, which the Hartung-Knapp test of trials of one
    size is exactly.

    Parameters
    ----------
    delta
        Effect, on the log scale.
    variance
        Of the effect of a trial, v + tau².
    k
        Trials.
    level
        1 less the size of the test.
    is_t
        Whether the test is by t.
    """
    shift = abs(delta) / np.sqrt(variance / k)
    if not is_t:
        z = float(critical(level))
        return float(special.ndtr(shift - z) + special.ndtr(-shift - z))
    if k < 2:
        return float("nan")
    scale, share = chi_square_rule(float(k - 1), 0.3)  # of the estimated variance, over which t is normal
    reach = float(critical(level, float(k - 1))) * np.sqrt(scale)
    return float((special.ndtr(shift - reach) + special.ndtr(-shift - reach)) @ share)


def smallest(reaches: Callable[[int], bool], first: int) -> int | None:
    """Return the smallest whole number that reaches what is wanted, None where none does; it reaches from there on."""
    high = first
    while not reaches(high):
        high *= 2
        if high > LARGEST:
            return None
    low = max(high // 2, first - 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high


def detectable(reach: Callable[[float], float], wanted: float) -> float:
    """Return the smallest log ratio at which the power is what is wanted, NaN where none up to 8 has it."""
    low = 0.0
    for high in np.geomspace(1e-3, 8.0, 100):  # of odds ratios power falls again, as responders become rare
        if reach(high) >= wanted:
            return float(scipy.optimize.brentq(lambda delta: reach(delta) - wanted, low, high, xtol=1e-12))
        low = high
    return float("nan")
