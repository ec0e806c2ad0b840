"""Differences between the means of two arms. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import special

Numbers = Mapping[str, Any]


def difference(c: Numbers) -> tuple[Any, Any]:
    """Return the difference of means and sd1²/n1 + sd2²/n2."""
    return c["mean_t"] - c["mean_c"], c["sd_t"] ** 2 / c["n_t"] + c["sd_c"] ** 2 / c["n_c"]


def standardised_difference(c: Numbers) -> tuple[Any, Any]:
    r"""Return Hedges' g, the difference in units of the pooled standard deviation, and its large-sample variance.

    .. math:: g = J(m)\,\frac{\bar x_1 - \bar x_2}{s_p}, \quad v = \frac1{n_1} + \frac1{n_2} + \frac{g^2}{2(n_1+n_2)}

    with m = n1 + n2 - 2 and the exact J(m) = Γ(m/2) / (sqrt(m/2) Γ((m-1)/2)) (Hedges 1981).
    """
    n1, n2 = c["n_t"], c["n_c"]
    m = n1 + n2 - 2
    pooled = np.sqrt(((n1 - 1) * c["sd_t"] ** 2 + (n2 - 1) * c["sd_c"] ** 2) / m)
    unbiased = np.exp(special.gammaln(m / 2) - special.gammaln((m - 1) / 2)) / np.sqrt(m / 2)
    g = unbiased * (c["mean_t"] - c["mean_c"]) / pooled
    return g, 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2))
