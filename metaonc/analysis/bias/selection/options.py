"""The options of a selection model: steps, weights that are given, and how precise trials are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ....base.check import Floats, one_of
from ....base.messages.advice import option
from ....errors import DataError, OptionError
from ...results.studies import Studies
from .weight_functions import WeightFunction

# Of how imprecise a trial is, by metafor's names.
PRECISION: dict[str, Callable[[Studies], Floats]] = {
    "sei": lambda s: np.sqrt(s.vi),
    "vi": lambda s: s.vi,
    "ninv": lambda s: 1 / s.sizes,
    "sqrtninv": lambda s: 1 / np.sqrt(s.sizes),
}


def steps_of(steps: Any, record: WeightFunction, alternative: str) -> Floats:
    """Return p-values that rise, without 1; one at most of a smooth weight, which may have none."""
    if steps is None:
        default = [0.05 if alternative == "two-sided" else 0.025]
        return np.array(default if record.code == "stepfun" else [])
    try:
        found = np.atleast_1d(np.asarray(steps, dtype=float))
    except (TypeError, ValueError):
        found = np.array([np.nan])
    if found.ndim != 1 or not ((found > 0) & (found <= 1)).all() or (np.diff(found) <= 0).any():
        raise OptionError(f"steps={steps!r} must be p-values between 0 and 1 that rise, such as [0.025, 0.5].")
    found = found[found < 1]
    if record.code == "stepfun" and found.size:
        return found
    if record.threshold and found.size == 1:
        return found
    fix = ("give one step, below which the weight is 1, or none" if record.threshold
           else "give one or more below 1" if record.code == "stepfun" else "leave them out")  # fmt: skip
    raise OptionError(f"steps={steps!r} cannot be those of the {record.label}: {fix}.")


def given_weights(delta: Any, record: WeightFunction, names: Iterable[str]) -> Floats:
    """Return the parameters that are given, NaN where one is to be estimated; of intervals the first is 1."""
    names = list(names)
    relative = record.log_weight is None
    if delta is None:
        return np.array([1.0, *[np.nan] * (len(names) - 1)] if relative else [np.nan] * len(names))
    try:
        found = np.array([np.nan if x is None else float(x) for x in np.atleast_1d(np.asarray(delta, dtype=object))])
    except (TypeError, ValueError):
        found = np.array([np.inf])
    if np.isinf(found).any() or len(found) != len(names):
        raise OptionError(
            f"delta={delta!r} must be {len(names)} number{'s' * (len(names) > 1)}, of {', '.join(names)}; None where "
            "one is to be estimated."
        )
    if relative and found[0] != 1:
        raise OptionError(f"delta={delta!r} must begin with 1: the other weights are relative to the first.")
    bounds = zip(found[relative:], _repeated(record.lower, names), _repeated(record.upper, names), strict=False)
    for x, low, high in bounds:
        if not np.isnan(x) and not low <= x <= high:
            raise OptionError(f"delta={delta!r}: {x:g} is not between {low:g} and {high:g}.")
    return found


def imprecision_of(precision: str | None, record: WeightFunction, studies: Studies) -> Any:
    """Return how imprecise each trial is, 1 for the least precise: (k, 1); 1 where that has no part in selection."""
    if precision is None:
        return 1.0
    one_of("precision", precision, PRECISION)
    if not record.imprecision:
        raise OptionError(f"the {record.label} has no form with precision; leave {option('precision')} out.")
    x = PRECISION[precision](studies)
    if not (np.isfinite(x) & (x > 0)).all():
        raise DataError(
            f"precision={precision!r} needs the patients of every trial, which are not known here: give effect_sizes "
            f"the counts, or take {option('precision', 'sei')}."
        )
    return (x / x.max())[:, None]


def checked_p_min(p_min: float) -> float:
    """Return the p-value below which all are taken as it; 0 without."""
    if isinstance(p_min, bool) or not isinstance(p_min, (int, float, np.floating)) or not 0 <= p_min < 0.1:
        raise OptionError(f"p_min={p_min!r} must be 0 or a small p-value, such as 1e-5.")
    return float(p_min)


def _repeated(values: tuple[float, ...], names: list[str]) -> tuple[float, ...]:
    return values * len(names) if len(values) == 1 else values
