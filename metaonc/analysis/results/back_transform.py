"""Back to the natural scale: what a mean effect and a difference of effects are there, and what decides it."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np

from ...base.caution import Caution
from ...base.digits import Form, decimals, fixed, plain, rate
from ...base.words import plural
from ..effects.measures import MEASURES, Measure
from ..numeric.wls import Floats
from .studies import Studies


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
    """What a mean that is transformed back by a size comes to.

    Attributes
    ----------
    note
        By which size, and what others would give: a sentence without capital and end.
    other
        Label of the measure that needs no such choice.
    caution
        What must be said where the size changes what is printed, in the same way; empty where it does not.
    decides
        Whether the size decides it: by more than half the width of the interval, or out of its range.
    """

    note: str
    other: str
    caution: str
    decides: bool


def of_sizes(record: Measure, sizes: Floats, estimate: float, ci: tuple[float, float]) -> BackTransform:
    """Return what the harmonic mean of the trials' sizes makes of a pooled effect, beside the smallest and largest.

    There is a caution wherever one of these sizes changes a digit of the estimate or of its limits as they are printed.
    The size decides where it moves the estimate by more than half the width of its interval, as where the mean lies
    beyond the transform of no event in a trial of that size, and becomes 0. That it can is shown by Schwarzer et al.
    2019, doi:10.1002/jrsm.1348, of which the abstract was read; the bound is our own.

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
    what, other = ("sample size", "PLO") if record.is_proportion else ("person-time", "IRLN")
    unit, sign = (100.0, " %") if record.scale == "percent" else (1.0, "")
    shown = [f"{x}{sign}" for x in plain.of(unit * middle, unit * small, unit * large)]
    note = (
        f"the {record.label} is back-transformed with the harmonic mean of the {what}s, {plain(used)}, to {shown[0]}; "
        f"the smallest, {sizes.min():g}, would give {shown[1]}, the largest, {sizes.max():g}, {shown[2]}"
    )
    beyond = middle == 0 or (record.is_proportion and middle == 1)
    decides = beyond or abs(large - small) > (high - low) / 2
    form = rate if record.scale == "percent" else fixed(decimals((high - low) / 4))
    if not decides and not _changes_print(record, sizes, used, (estimate, *ci), unit, form):
        return BackTransform(note, MEASURES[other].label, "", False)
    way_out = f"; a mixed model of the counts (GLMM) and the {MEASURES[other].label} need none"
    if beyond:
        why = f"the back-transform of the {record.label} by one {what} leaves its range: {shown[0]} is no estimate"
    else:
        why = f"the {record.natural} depends on the {what} by which the {record.label} is transformed back"
    return BackTransform(note, MEASURES[other].label, why + way_out, decides)


def _changes_print(
    record: Measure, sizes: Floats, used: float, values: tuple[float, ...], unit: float, form: Form
) -> bool:
    """Return whether the smallest or the largest size changes a digit of an estimate and its limits in print."""

    def printed(size: float) -> list[str]:
        return [form(unit * float(record.inverse(value, size))) for value in values]

    return any(printed(size) != printed(used) for size in (sizes.min(), sizes.max()))


def sizes_of(record: Measure, studies: Studies) -> Floats | None:
    """Return the sizes by which a mean of these trials is transformed back; None where it needs none, or they lack."""
    sizes = studies.counts(record.inverse_needs) if record.inverse_needs else None
    return None if sizes is None or np.isnan(sizes).any() else sizes


def caution_of(record: Measure, studies: Studies, estimate: float, ci: tuple[float, float]) -> list[Caution]:
    """Return the caution of a mean whose printed back-transform depends on the size that is chosen."""
    sizes = sizes_of(record, studies)
    if sizes is None:
        return []
    back = of_sizes(record, sizes, estimate, ci)
    return [Caution(text=back.caution, more=back.note, numeric=True)] if back.caution else []
