"""How far the back-transform of a Freeman-Tukey mean depends on the size it is made with."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..effects.measures import Measure
from ..numeric.wls import Floats


class BackTransform(NamedTuple):
    """A sentence on the back-transform, and whether it is a matter of choice what comes out."""

    note: str
    misleads: bool


def of_sizes(record: Measure, sizes: Floats, estimate: float, ci: tuple[float, float]) -> BackTransform:
    """Return what the harmonic mean of the trials' sizes makes of a pooled effect, beside the smallest and largest.

    It misleads where the choice of the size moves the estimate by more than half the width of its interval. That it can
    is shown by Schwarzer et al. 2019, doi:10.1002/jrsm.1348, of which the abstract was read; the bound is our own.

    Parameters
    ----------
    record
        A measure whose inverse needs the size of the sample.
    sizes
        Patients or person-time of each trial, (k,).
    estimate, ci
        On the analysis scale.
    """
    used = float(1 / np.mean(1 / sizes))
    middle, small, large = (float(record.inverse(estimate, size)) for size in (used, sizes.min(), sizes.max()))
    low, high = (float(record.inverse(limit, used)) for limit in ci)
    role, other = record.inverse_needs, "PLO" if record.is_proportion else "IRLN"
    note = (
        f"the {record.label} is back-transformed with the harmonic mean of {role}, {used:.4g}, to {middle:.4g}; "
        f"the smallest, {sizes.min():g}, would give {small:.4g}, the largest, {sizes.max():g}, {large:.4g}. "
        f"{other} needs no such choice."
    )
    return BackTransform(note, abs(large - small) > (high - low) / 2)
