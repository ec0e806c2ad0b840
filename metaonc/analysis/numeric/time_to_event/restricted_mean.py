"""Restricted mean survival times at several horizons at once, with their covariance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..product_limit import Floats, Sample, product_limit


class RestrictedMeans(NamedTuple):
    """Areas under the curve up to each horizon, shape (m,), and their covariance, (m, m)."""

    mean: Floats
    cov: Floats


def restricted_means(sample: Sample, horizons: Floats) -> RestrictedMeans:
    r"""Return the restricted means of a sample up to each horizon.

    .. math::

        \mu(\tau) = \int_0^\tau S, \quad
        \mathrm{Cov}(\mu(a), \mu(b)) = \sum_{u \le \min(a, b)} A(u, a) A(u, b) \frac{d_u}{Y_u (Y_u - d_u)}, \quad
        A(u, \tau) = \int_u^\tau S

    over times u of events, of which all areas follow by one cumulative sum.

    Parameters
    ----------
    sample
        Patients.
    horizons
        Shape (m,), none beyond the follow-up unless the curve is 0 there.
    """
    steps = product_limit(sample)
    time, survival = steps.time, steps.survival
    to_step = np.concatenate([time[:1], (survival[:-1] * (time[1:] - time[:-1])).cumsum()])  # area up to each step
    last = time.searchsorted(horizons, side="right") - 1
    mean = to_step[last] + survival[last] * (horizons - time[last])
    some = (steps.n_event > 0) & (steps.n_risk > steps.n_event)  # where all die nothing is left beyond
    d, n = steps.n_event[some].astype(float), steps.n_risk[some].astype(float)
    beyond = np.maximum(mean[:, None] - to_step[some], 0.0)
    return RestrictedMeans(mean, (beyond * (d / (n * (n - d)))) @ beyond.T)
