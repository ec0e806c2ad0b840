"""Back to the natural scale: what a mean effect and a difference of effects are there, and what decides it."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np

from ...base.digits import plain
from ...base.words import plural
from ..effects.measures import MEASURES, Measure
from ..numeric.wls import Floats


def difference_record(measure: str) -> Measure:
    """Return the record of a measure, worded for a difference of effects: between subgroups, or by a moderator.

    The difference of two logarithms is that of a ratio; of other scales it has no natural one and stays as it is: of
    logits it is no difference of rates.
    """
    one = MEASURES[measure]
    ratio = one.scale == "log"
    label = f"difference of {plural(one.label)}"
    return dataclasses.replace(
        one, label=label, roles=(), null=0.0, inverse=one.inverse if ratio else _same,
        natural=f"ratio of {plural(one.natural)}" if ratio else label, inverse_needs=None,
        scale="log" if ratio else "linear", r_inverse=one.r_inverse if ratio else "",
    )  # fmt: skip


def own_scale(measure: str) -> Measure:
    """Return the record of one mean effect, a subgroup's or an intercept; it needs no sample sizes.

    A mean whose back-transform depends on them (Freeman-Tukey) stays on the scale of analysis.
    """
    one = MEASURES[measure]
    if one.inverse_needs is None:
        return one
    return analysis_scale(one)


def analysis_scale(one: Measure) -> Measure:
    """Return the record of a measure, worded for values that stay on the scale of analysis."""
    return dataclasses.replace(one, inverse=_same, inverse_needs=None, natural=one.label, scale="linear",
                               r_inverse="")  # fmt: skip


def _same(x: Any) -> Any:
    return x


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
    what, other = ("sample sizes", "PLO") if record.is_proportion else ("person-times", "IRLN")
    unit, sign = (100.0, " %") if record.scale == "percent" else (1.0, "")
    shown = [f"{x}{sign}" for x in plain.of(unit * middle, unit * small, unit * large)]
    note = (
        f"the {record.label} is back-transformed with the harmonic mean of the {what}, {plain(used)}, to {shown[0]}; "
        f"the smallest, {sizes.min():g}, would give {shown[1]}, the largest, {sizes.max():g}, {shown[2]}. The "
        f"{MEASURES[other].label} needs no such choice."
    )
    return BackTransform(note, abs(large - small) > (high - low) / 2)
