"""The time at which a survival curve crosses one half: of patients that are read and of those that are made."""

from __future__ import annotations

import numpy as np

from ....base.check import Floats

# Products of fractions are off by rounding; as far as this from 0.5 counts as 0.5 (R's survfit takes the same).
HALF_TOLERANCE = float(np.sqrt(np.finfo(float).eps))


def half_time(time: Floats, curve: Floats) -> float:
    """Return the time at which a falling step curve crosses one half, NaN when it does not.

    Where the curve is flat at exactly 0.5 and falls later, it is the middle of the flat piece; where follow-up ends on
    it, its beginning (as R's ``print(survfit)`` has it; ``quantile(survfit)`` differs there).
    """
    reached = np.flatnonzero(curve < 0.5 + HALF_TOLERANCE)  # never true for NaN
    if not len(reached):
        return float("nan")
    first = reached[0]
    if abs(curve[first] - 0.5) < HALF_TOLERANCE:
        below = reached[curve[reached] < curve[first]]
        if len(below):
            return float((time[first] + time[below[0]]) / 2)
    return float(time[first])
