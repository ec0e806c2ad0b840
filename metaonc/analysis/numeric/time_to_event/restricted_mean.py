"""Restricted mean survival times of several samples at several horizons at once, with their covariance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..product_limit import Floats, Sample


class RestrictedMeans(NamedTuple):
    """Areas under the curves of g samples up to each horizon, shape (g, m), and their covariances, (g, m, m)."""

    mean: Floats
    cov: Floats

    @property
    def variance(self) -> Floats:
        """Variances of the areas, shape (g, m)."""
        return self.cov.diagonal(axis1=1, axis2=2)


def restricted_means(samples: Sequence[Sample], horizons: Floats) -> RestrictedMeans:
    r"""Return the restricted means of each sample up to each horizon.

    .. math::

        \mu(\tau) = \int_0^\tau S, \quad
        \mathrm{Cov}(\mu(a), \mu(b)) = \sum_{u \le \min(a, b)} A(u, a) A(u, b) \frac{d_u}{Y_u (Y_u - d_u)}, \quad
        A(u, \tau) = \int_u^\tau S

    over times u of events, of which all areas follow by one cumulative sum. Events at the same time are taken one after
    the other: the product of :math:`1 - 1/Y` and the sum of :math:`1 / (Y (Y - 1))` over them are those of
    :math:`1 - d/Y` and :math:`d / (Y (Y - d))`.

    Parameters
    ----------
    samples
        Patients.
    horizons
        Shape (m,), none beyond the follow-up unless the curve is 0 there.
    """
    events = [sample.time[sample.event] for sample in samples]
    shape = len(samples), 1 + max(map(len, events))
    at, risk = np.zeros(shape), np.full(shape, np.inf)  # one at least at the start, of no weight, then each event
    last = np.empty((shape[0], len(horizons)), dtype=np.intp)
    for i, died in enumerate(events):
        first = shape[1] - len(died)
        at[i, first:] = died
        risk[i, first:] = samples[i].n_risk(died) - np.arange(len(died)) + died.searchsorted(died)
        last[i] = at[i].searchsorted(horizons, side="right") - 1
    survival = np.multiply.accumulate(1.0 - 1.0 / risk, axis=1)
    area = np.zeros(shape)  # up to each event
    np.add.accumulate(survival[:, :-1] * (at[:, 1:] - at[:, :-1]), axis=1, out=area[:, 1:])
    row = np.arange(shape[0])[:, None]
    mean = area[row, last] + survival[row, last] * (horizons - at[row, last])
    beyond = np.maximum(mean[:, :, None] - area[:, None], 0.0)
    weight = 1.0 / (risk * np.maximum(risk - 1.0, 1.0))  # of the last at risk, behind whom there is no area, any
    return RestrictedMeans(mean, (beyond * weight[:, None]) @ beyond.transpose(0, 2, 1))
