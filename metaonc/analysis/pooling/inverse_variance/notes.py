"""What is said of a pool by inverse variance."""

from __future__ import annotations

from typing import Any

import numpy as np

from ....base.caution import Caution
from ....base.messages.warning import warn
from ....errors import MethodWarning
from ...effects.measures import MEASURES, Measure
from ...effects.zeros import has_correction
from ...methods.intervals import CI_METHODS, IntervalMethod
from ...methods.tau2 import is_common
from ...numeric.wls import Floats
from ...results.back_transform import of_sizes, sizes_of
from ...results.studies import Studies


def corrected(studies: Studies) -> tuple[str, ...]:
    """Return a sentence for each trial that entered with a continuity correction."""
    changed = has_correction(studies.data)
    if not changed.any():
        return ()
    rows = zip(studies.labels, studies.data["route"], changed, strict=True)
    return tuple(f"trial {label!r}: {route}" for label, route, one in rows if one)


def _back_transform(record: Measure, sizes: Floats, f: dict[str, Any]) -> list[str]:
    """Return how a mean is back-transformed, unless its cautions say so; warn where the choice of a size decides it."""
    back = of_sizes(record, sizes, f["estimate"], (f["ci_low"], f["ci_high"]))
    if not back.caution:
        return [f"{back.note}. The {back.other} needs no such choice."]
    if back.decides:
        warn(f"{Caution(text=back.caution, more=back.note)}.", MethodWarning)
    return []


def _taken_as_known(interval: IntervalMethod, prediction: float) -> str:
    """Return what of so few trials rests on a variance between them as if it were known."""
    if interval.is_normal:
        return f"; the {interval.short} interval takes it as known and may be too narrow"
    return ", and with it the prediction interval" if np.isfinite(prediction) else ""


def notes_of(f: dict[str, Any], studies: Studies, measure: str, method: str, ci: str) -> tuple[str, ...]:
    """Return what a reader should know of a pool by inverse variance; warn where a back-transform misleads."""
    notes = []
    k, random, interval = f["k"], not is_common(method), CI_METHODS[ci]
    if k == 1:
        notes.append("one trial: its own estimate, with a normal test; variance between trials cannot be estimated.")
    elif k == 2 and random and np.isfinite(f["df"]):
        notes.append("two trials: the t interval has one degree of freedom and tells little; report both trials.")
    elif k < 5 and random:
        notes.append(f"{k} rows: τ² is hardly known{_taken_as_known(interval, f['prediction_low'])}.")
    if f["df"] < 1:
        notes.append(f"{interval.label} has {f['df']:.2g} degrees of freedom: its interval says next to nothing.")
    sizes = sizes_of(MEASURES[measure], studies)
    if sizes is not None and k > 1:
        notes += _back_transform(MEASURES[measure], sizes, f)
    return (*notes, *studies.notes)
