"""Ticks of follow-up, at the steps that clinicians read it in."""

from __future__ import annotations

from itertools import chain, count

import numpy as np

from ...base.check import Floats

LEAST = 3  # ticks, by which a scale is read
FINER = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20)

# Steps that a clinician reads follow-up in; beyond the last it is doubled.
STEPS = {
    "days": (1, 7, 14, 30, 90, 180, 365, 730),
    "weeks": (1, 2, 4, 8, 13, 26, 52, 104),
    "months": (1, 2, 3, 6, 12, 24, 36, 60),
    "years": (1, 2, 5, 10),
}


def tick_times(last: float, unit: str | None, most: int, first: float = 0.0) -> Floats:
    """Return at most `most` (two or more) ticks from `first` up to `last`, at the smallest usual step that fits.

    Where that leaves fewer than three though there is room for them, the step is one between.
    """
    length = last - first
    usual = [float(step) for step in STEPS.get(unit or "", ())]
    if not usual or length < 2 * usual[0]:
        usual = [10.0 ** np.floor(np.log10(length / most)) * factor for factor in (1, 2, 5, 10, 20, 50)]
    steps = chain(usual, (usual[-1] * 2**k for k in count(1)))
    ticks = next(ticks for step in steps if len(ticks := _multiples(step, first, last)) <= max(most, 2))
    if len(ticks) < LEAST <= most:
        base = 10.0 ** np.floor(np.log10(length / most))
        between = (_multiples(base * factor, first, last) for factor in FINER)
        ticks = next((some for some in between if LEAST <= len(some) <= most), ticks)
    return ticks


def _multiples(step: float, first: float, last: float) -> Floats:
    low, high = np.ceil(first / step * (1 - 1e-9)), np.floor(last / step * (1 + 1e-9))
    times: Floats = np.arange(low, high + 1, dtype=np.float64) * step
    return times.round(12)  # 3 * 0.2 is 0.6: a patient who dies at 0.6 is at risk there
