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
    shape = len(samples), 1 + max([len(sample.time) for sample in samples])
    at, died, behind = np.zeros((3, *shape))  # one place at least at the start, of no weight
    last = np.empty((shape[0], len(horizons)), dtype=np.intp)  # places in all rows, of who is last before a horizon
    for i, sample in enumerate(samples):
        own = slice(shape[1] - len(sample.time), None)
        at[i, own], died[i, own], behind[i, own] = sample.time, sample.event, sample.n_behind()
        last[i] = at[i].searchsorted(horizons, side="right") + (i * shape[1] - 1)
    share = died / (behind + 1.0)
    survival = np.multiply.accumulate(1.0 - share, axis=1)
    area = np.zeros(shape)  # up to each time
    np.add.accumulate(survival[:, :-1] * (at[:, 1:] - at[:, :-1]), axis=1, out=area[:, 1:])
    mean = area.take(last) + survival.take(last) * (horizons - at.take(last))
    beyond = np.maximum(mean[:, :, None] - area[:, None], 0.0)
    weight = share / np.maximum(behind, 1.0)  # of the last at risk, behind whom there is no area, any
    return RestrictedMeans(mean, (beyond * weight[:, None]) @ beyond.transpose(0, 2, 1))
