"""What certainty is asked of: the pool, what matters, and what people have judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...base.digits import in_percent, plain
from ...data.risk_of_bias.assessment import RiskOfBias
from ..results.pooled import PooledResult

NOT_SERIOUS, SERIOUS, VERY_SERIOUS = "not serious", "serious", "very serious"
DOWN = {NOT_SERIOUS: 0, SERIOUS: -1, VERY_SERIOUS: -2}
UP = {"no": 0, "yes": 1}
SUGGESTED, STATED, NOT_JUDGED = "suggested", "stated", "not judged"


class Found(NamedTuple):
    """What is suggested of a domain.

    `levels` is by how many the certainty is rated down (negative) or up, NaN where nothing can be told; `reason` says
    why, `figure` is the number behind it, `source` tells who says so.
    """

    levels: float
    reason: str
    figure: str = ""
    source: str = SUGGESTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes
    ----------
    r
        The pool.
    bounds
        What an effect is compared with, on the scale of analysis, from the smallest up: the minimal differences to both
        sides, or no effect, or a threshold; none where nothing was stated.
    minimal
        The minimal difference on the scale of analysis, in the direction of the pool; None where none was stated.
    power, baseline_risk
        Of the optimal information size.
    one_arm
        Whether trials have one arm.
    precision
        The widest half interval that is precise enough, in percentage points of one arm; None where none was stated.
    risk_of_bias
        Judgements; None without.
    """

    r: PooledResult
    bounds: tuple[float, ...]
    minimal: float | None
    power: float
    baseline_risk: float | None
    one_arm: bool
    precision: float | None
    risk_of_bias: RiskOfBias | None

    def shown(self, values: Sequence[float]) -> list[str]:
        """Return values of the scale of analysis as they are read, printed together."""
        factor, unit = (100.0, " %") if self.r.record.scale == "percent" else (1.0, "")
        return [f"{text}{unit}" for text in plain.of(*(factor * float(self.r.natural(x)) for x in values))]

    @property
    def interval_name(self) -> str:
        """What the interval of the pool is called."""
        return "credible interval" if self.r.model_facts.interval_label == "CrI" else "confidence interval"

    def interval(self, low: float, high: float, what: str = "") -> str:
        """Return an interval in words, that of the pool if no other is named."""
        what = what or self.r.model_facts.interval_label
        first, last = self.shown([low, high])
        return f"{in_percent(self.r.level)} % {what} {first} to {last}"

    def bounds_said(self, which: Sequence[float] | None = None) -> str:
        """Return the bounds in words."""
        return " and ".join(self.shown(self.bounds if which is None else which))

    def included(self, low: float, high: float) -> list[float]:
        """Return the bounds that an interval includes."""
        return [bound for bound in self.bounds if low < bound < high]


def widest(r: PooledResult) -> tuple[float, float, list[str]]:
    """Return the interval of a pool joined with those that stand beside it, and what these are called."""
    low, high, names = r.ci_low, r.ci_high, []
    for caution in r.cautions:
        if caution.beside is not None and not caution.of_prediction:
            _, first, last = caution.beside.analysed
            low, high = min(low, first), max(high, last)
            names.append(caution.beside.name)
    return low, high, names


def weights_by(r: PooledResult, words: Sequence[str]) -> dict[str, float] | None:
    """Return the share of the weight by word, in percent; None where the pool gives no weights."""
    if not r.model_facts.gives_weights or not np.isfinite(r.weights).any():
        return None
    total: dict[str, Any] = {}
    for word, weight in zip(words, np.nan_to_num(r.weights), strict=True):
        total[word] = total.get(word, 0.0) + float(weight)
    whole = sum(total.values())
    return {word: 100 * weight / whole for word, weight in total.items()}
