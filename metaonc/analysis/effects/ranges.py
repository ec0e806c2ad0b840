"""Effects that no trial can have: outside the range of the scale on which they are said to be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...base.check import refuse
from ...base.digits import plain
from .agreement import Floats, half_unit
from .measures import Measure

_COMPUTED = 1e-9  # that arithmetic may carry a value over the end of its range
_PERCENT = 100.0


def refuse_outside(y: Floats, name: str, record: Measure, labels: Sequence[str]) -> None:
    """Raise a DataError at the first effect outside the range of its scale, even once its rounding is undone.

    Parameters
    ----------
    y
        Effects on the scale of analysis, (k,), NaN where there is none.
    name
        Their column.
    record
        Their measure.
    labels
        One a row.
    """
    low, high = record.bounds
    out = np.maximum(low - y, y - high) > _COMPUTED
    if out.any():
        out[out] = np.maximum(low - y, y - high)[out] > half_unit(y[out]) + _COMPUTED
    refuse(out, labels, lambda i: f"{name}={y[i]:g} is no {record.label} ({record.code}), {_range(low, high)}: "
           f"{_fix(float(y[i]), record)}.")  # fmt: skip


def _range(low: float, high: float) -> str:
    if np.isinf(high):
        return f"which is {plain(low)} or more"
    return f"which is {plain(high)} or less" if np.isinf(low) else f"which lies between {plain(low)} and {plain(high)}"


def _fix(y: float, record: Measure) -> str:
    """Return how to mend a value: one in percent by what it is without."""
    low, high = record.bounds
    if high == 1 and 1 < abs(y) <= _PERCENT and low <= y / _PERCENT:
        return f"if it is in percent, divide it by 100 ({y / _PERCENT:g}), and its variance by 10000"
    itself = "" if record.natural == record.label else f", and whether it is the {record.natural} itself"
    return f"look it up{itself}; effect_sizes works it out of counts"
