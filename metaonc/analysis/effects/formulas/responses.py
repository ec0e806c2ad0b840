"""The response of a treated arm from that of its control arm and the effect, on the scale of analysis."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special


def by_ratio(control: Any, effect: Any) -> Any:
    """Return it from a log ratio."""
    return control * np.exp(effect)


def by_odds(control: Any, effect: Any) -> Any:
    """Return it from a log odds ratio."""
    return special.expit(special.logit(control) + effect)


def by_difference(control: Any, effect: Any) -> Any:
    """Return it from a difference."""
    return control + effect


def by_arcsine(control: Any, effect: Any) -> Any:
    """Return it from a difference of arcsines of square roots."""
    return np.sin(np.clip(np.arcsin(np.sqrt(control)) + effect, 0, np.pi / 2)) ** 2


def by_square_root(control: Any, effect: Any) -> Any:
    """Return it from a difference of square roots."""
    return np.maximum(np.sqrt(control) + effect, 0) ** 2
