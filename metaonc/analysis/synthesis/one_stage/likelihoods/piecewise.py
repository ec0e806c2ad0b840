r"""Hazards that are constant between cuts: the likelihood of a trial, its baselines conditioned out. Arrays in and out.

Given the events of an interval, those of treatment are binomial,

.. math:: d_{1m} \mid d_m \sim B\left(d_m, \frac{Y_{1m} e^\theta}{Y_{1m} e^\theta + Y_{0m}}\right),

with Y the person-time of the arms. As a function of :math:`\theta` this is the Poisson likelihood at the maximum over
the baselines; it has the form of a partial likelihood, person-time in the place of patients at risk.
"""

from __future__ import annotations

import numpy as np

from .....base.check import Floats
from ....numeric.product_limit import Sample
from ....survival.cox.partial_likelihood import Terms


def counted(sample: Sample, cuts: Floats) -> tuple[Floats, Floats]:
    """Return events and person-time of an arm in each interval, which holds its end: (m,) each."""
    starts, ends = np.append(0.0, cuts), np.append(cuts, np.inf)
    place = np.searchsorted(cuts, sample.time[sample.event])
    events = np.bincount(place, minlength=len(ends)).astype(float)
    first = starts if sample.entry is None else np.maximum(sample.entry[:, None], starts)
    return events, np.clip(np.minimum(sample.time[:, None], ends) - first, 0.0, None).sum(0)


def likelihood(treatment: Sample, control: Sample, cuts: Floats) -> tuple[Terms, float]:
    """Return the terms of the likelihood of a log hazard ratio, and its logarithm at 0, less binomial coefficients."""
    (d1, y1), (d0, y0) = counted(treatment, cuts), counted(control, cuts)
    both = (y1 > 0) & (y0 > 0) & (d1 + d0 > 0)
    d1, d0, y1, y0 = (x[both] for x in (d1, d0, y1, y0))
    null = float((d1 * np.log(y1 / (y1 + y0)) + d0 * np.log(y0 / (y1 + y0))).sum())
    return Terms(float(d1.sum()), np.repeat(np.log(y1 / y0), (d1 + d0).astype(int))), null
