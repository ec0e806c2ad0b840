"""From a relative effect and what happens without treatment to what happens with it. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..effects.formulas import responses


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """How a measure turns a baseline into what is expected with treatment.

    Attributes
    ----------
    convert
        (share without treatment, effect on the scale of analysis) -> share with treatment.
    counts
        What the shares are of: ``event`` or ``event-free``.
    formula
        In R, of p0 and theta.
    """

    convert: Callable[[Any, Any], Any]
    counts: str
    formula: str


def by_hazards(survival: Any, effect: Any) -> Any:
    """Return survival with treatment, S0^HR, under proportional hazards."""
    return np.asarray(survival, dtype=float) ** np.exp(effect)


CONVERSIONS = {
    "RR": Conversion(convert=responses.by_ratio, counts="event", formula="p0 * exp(theta)"),
    "OR": Conversion(convert=responses.by_odds, counts="event", formula="plogis(qlogis(p0) + theta)"),
    "PETO": Conversion(convert=responses.by_odds, counts="event", formula="plogis(qlogis(p0) + theta)"),
    "RD": Conversion(convert=responses.by_difference, counts="event", formula="p0 + theta"),
    "HR": Conversion(convert=by_hazards, counts="event-free", formula="p0^exp(theta)"),
}


def within(shares: Any) -> Any:
    """Return shares cut to what a share can be."""
    return np.clip(shares, 0.0, 1.0)


def number_needed(difference: float) -> float:
    """Return how many are treated for one more or one fewer, infinite where nothing differs."""
    return float(np.inf) if difference == 0 else 1 / abs(difference)


def needed_said(benefit: float, low: float, high: float) -> str:
    """Return the number needed to treat with its interval, as Altman (1998) writes it.

    Parameters
    ----------
    benefit, low, high
        Difference in the share of people who are better off with treatment, and its limits.

    Examples
    --------
    >>> needed_said(0.10, -0.05, 0.25)
    'NNTB 10 (NNTH 20 to ∞ to NNTB 4)'
    >>> needed_said(0.166, 0.009, 0.322)
    'NNTB 7 (4 to 112)'
    """
    name = _side(benefit)
    if low >= 0 or high <= 0:
        near, far = (high, low) if low >= 0 else (low, high)
        return f"{name} {_whole(benefit)} ({_whole(near)} to {_whole(far)})"
    return f"{name} {_whole(benefit)} (NNTH {_whole(low)} to ∞ to NNTB {_whole(high)})"


def _side(benefit: float) -> str:
    return "NNTB" if benefit >= 0 else "NNTH"


def _whole(difference: float) -> str:
    """Return the number rounded up, by convention; rounding errors of a whole number are none."""
    number = number_needed(difference)
    return "∞" if np.isinf(number) else f"{np.ceil(number - 1e-9):.0f}"
