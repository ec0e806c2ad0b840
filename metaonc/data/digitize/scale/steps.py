"""How axes are labelled: in even, usual steps; in factors where they are logarithmic."""

from __future__ import annotations

import numpy as np

from ....base.check import Floats
from ....base.messages.advice import option, setting
from ....errors import DataError
from ..limits import listed
from ..options import Pair

_NICE = (
    1.0,
    1.2,
    1.5,
    2.0,
    2.4,
    2.5,
    3.0,
    3.6,
    4.0,
    4.5,
    4.8,
    5.0,
    6.0,
    7.0,
    7.2,
    7.5,
    8.0,
    9.0,
)  # steps between ticks
_WHOLE = 1e-6
_FACTORS = {
    False: (10.0, 100.0, 1000.0),
    True: (2.0, 10.0, 100.0, 1000.0),
}  # from tick to tick, of two and of more


def is_usual(step: float) -> bool:
    """Return whether someone may label an axis in such steps: whole ones, as 365 days, or parts such as 0.25."""
    mantissa = step / 10.0 ** np.floor(np.log10(step))
    return abs(step - round(step)) < 1e-6 * step or min(abs(mantissa - usual) for usual in (*_NICE, 10.0)) < 1e-6


def is_round(step: float) -> bool:
    """Return whether steps are such as most axes have."""
    mantissa = step / 10.0 ** np.floor(np.log10(step))
    return min(abs(float(mantissa) - usual) for usual in (1.0, 1.2, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 10.0)) < 1e-6


def usual_ticks(given: Pair, count: int) -> str:
    """Return what is odd about the values of the outermost of some ticks."""
    return f"{abs(given[1] - given[0]) / (count - 1):.6g} from tick to tick, which no one would label so"


def agreeing(p: Floats, v: Floats, tolerance: float) -> np.ndarray:
    """Return which ticks lie on the straight line through two of them that holds most; positions rise."""
    best = np.zeros(len(p), dtype=bool)
    for i in range(len(p)):
        for j in range(i + 1, len(p)):
            if v[i] == v[j] or p[i] == p[j]:
                continue
            slope = (p[j] - p[i]) / (v[j] - v[i])
            on = np.abs(p[i] + slope * (v - v[i]) - p) <= tolerance * (p[-1] - p[0])
            if on.sum() > best.sum():
                best = on
    return best


def is_logarithmic(positions: Floats, values: Floats, tolerance: float) -> bool:
    """Return whether all of three values or more lie on a logarithmic scale."""
    if len(values) < 3 or not (values > 0).all():
        return False
    order = np.argsort(positions)
    return bool(agreeing(positions[order], np.log(values[order]), tolerance).all())


def check_linear(name: str, given: Pair, count: int, said: str | None = None) -> None:
    """Refuse values of the outermost of evenly spaced ticks that a logarithmic axis has, and hardly a linear one.

    These are values from tick to tick by one factor, 2 or a power of ten, that are no multiples of one step.

    Parameters
    ----------
    name
        ``"x"`` or ``"y"``, for messages.
    given
        Values of the outermost.
    count
        Number of ticks.
    said
        What has them, where they were not given as an option.

    Raises
    ------
    DataError
        When they are.
    """
    low, high = min(given), max(given)
    if low <= 0 or count < 2:
        return
    factor, step = (high / low) ** (1.0 / (count - 1)), (high - low) / (count - 1)
    multiples = abs(low / step - round(low / step)) < _WHOLE
    if multiples or min(abs(factor - usual) for usual in _FACTORS[count > 2]) > _WHOLE * factor:
        return
    values = listed([f"{low * factor**k:g}" for k in range(count)])
    said = said or f"{setting(f'{name}_ticks', given)} on {count} evenly spaced ticks"
    raise DataError(
        f"{said} is what a logarithmic axis has ({values}); "
        f"linear axes only are read. Only if this one is linear, state it with {option(f'{name}_axis')}."
    )
