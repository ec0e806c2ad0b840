"""Cox's log hazard ratio of two arms, in batches of trials without ties."""

from __future__ import annotations

import numpy as np

from ...numeric.wls import Floats

STEPS, TOLERANCE, LARGEST_STEP = 50, 1e-10, 1.0


def log_hazard_ratio(time: Floats, event: Floats, treated: Floats) -> tuple[Floats, Floats]:
    r"""Return log hazard ratios and their variances by the partial likelihood, one a row.

    With :math:`p_j = n_{1j} e^\beta / (n_{1j} e^\beta + n_{0j})` at the j-th event the score is
    :math:`\sum (x_j - p_j)` and the information :math:`\sum p_j (1 - p_j)`.

    Parameters
    ----------
    time, event, treated
        Times, events and arms (1 is treatment), (m, n); patients that are not there have time 0 and no event.

    Returns
    -------
    tuple of array
        (m,) each; NaN where an arm has no event, so that the likelihood has no maximum.
    """
    order = np.argsort(-time, axis=1)
    event, treated = (np.take_along_axis(x, order, axis=1) for x in (event, treated))
    at_risk_t = np.cumsum(treated, axis=1)
    at_risk_c = np.cumsum(1 - treated, axis=1)
    in_t = (event * treated).sum(1)
    finite = (in_t > 0) & (in_t < event.sum(1))
    beta = np.zeros(len(time))
    for _ in range(STEPS):
        p = at_risk_t * np.exp(beta)[:, None]
        p /= p + at_risk_c
        score = in_t - (event * p).sum(1)
        information = (event * p * (1 - p)).sum(1)
        step = np.divide(score, information, out=np.zeros_like(score), where=finite & (information > 0))
        beta += np.clip(step, -LARGEST_STEP, LARGEST_STEP)
        if np.abs(step).max() < TOLERANCE:
            break
    variance = np.divide(1.0, information, out=np.full_like(information, np.nan), where=information > 0)
    return np.where(finite, beta, np.nan), np.where(finite, variance, np.nan)
