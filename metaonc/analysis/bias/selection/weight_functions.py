"""WEIGHT_FUNCTIONS: how likely a trial is to be published, by its p-value, as a table of records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

HEDGES = "Vevea and Hedges 1995, doi:10.1007/BF02294384"
PRESTON = "Preston et al. 2004, doi:10.1111/j.1365-2753.2003.00457.x"
STEEPEST = 100.0  # beyond it a weight that falls with p is that of a step, as good as


class LogWeight(NamedTuple):
    """The logarithm of a weight with its derivatives by the parameters delta: value (...), first (d, ...), second."""

    value: Any
    first: Any
    second: Any  # (d, d, ...)


@dataclass(frozen=True, slots=True)
class Given:
    """What a smooth weight is made of: logarithms of p and 1 - p, and a trial's imprecision, broadcast together."""

    log_p: Any
    log_q: Any
    imprecision: Any


@dataclass(frozen=True, slots=True)
class WeightFunction:
    """A weight function.

    Attributes
    ----------
    code
        As metafor's ``selmodel`` names it.
    label
        As a sentence names it.
    formula
        The weight of a p-value.
    reference
        Where it was read.
    lower, upper, null, starts
        Of each parameter: between what it lies, its value without selection, and where to look for it.
    log_weight
        (what is given, parameters) -> logarithm of the weight and its derivatives; None where the weight is constant
        in intervals, whose probabilities are known in closed form.
    of_log_q
        Whether the weight is one of 1 - p, and so has no logarithm where p is 1.
    bounded
        Whether no p-value has an infinite weight.
    imprecision
        Whether selection may be made weaker for precise trials.
    threshold
        Whether p-values below a step may all have the weight 1.
    """

    code: str
    label: str
    formula: str
    reference: str
    lower: tuple[float, ...] = (0.0,)
    upper: tuple[float, ...] = (STEEPEST,)
    null: tuple[float, ...] = (0.0,)
    starts: tuple[tuple[float, ...], ...] = ((0.1,), (1.0,), (5.0,))
    log_weight: Callable[[Given, Any], LogWeight] | None = None
    of_log_q: bool = False
    bounded: bool = True
    imprecision: bool = True
    threshold: bool = True


def _linear(slope: Callable[[Given], Any]) -> Callable[[Given, Any], LogWeight]:
    """Return the weight exp(delta f(p))."""

    def log_weight(given: Given, delta: Any) -> LogWeight:
        f = slope(given)
        return LogWeight(delta[0] * f, f[None], np.zeros((1, 1, *f.shape)))

    return log_weight


def _beta(given: Given, delta: Any) -> LogWeight:
    first = np.stack([given.log_p, given.log_q])
    return LogWeight(np.tensordot(delta - 1, first, 1), first, np.zeros((2, *first.shape)))


def _logistic(given: Given, delta: Any) -> LogWeight:
    f = given.imprecision * np.exp(given.log_p)
    x = delta[0] * f
    share = 1 / (1 + np.exp(-x))
    first, second = -f * share, -f * f * share * (1 - share)
    return LogWeight(np.log(2) - x - np.log1p(np.exp(-x)), first[None], second[None, None])


def _power_of_exponent(given: Given, delta: Any) -> LogWeight:
    a, b = delta
    log_p, c = given.log_p, given.imprecision
    u = c * np.exp(log_p / b)
    by_b = u * log_p / b**2
    cross, twice = by_b, -a * by_b * (log_p / b**2 + 2 / b)
    return LogWeight(-a * u, np.stack([-u, a * by_b]), np.array([[np.zeros_like(u), cross], [cross, twice]]))


_ALL = (
    WeightFunction("stepfun", "step function", "δ_j between two steps", HEDGES, upper=(np.inf,), null=(1.0,),
                   starts=((0.3,), (1.0,), (3.0,)), imprecision=False, threshold=False),
    WeightFunction("beta", "beta weight function", "p^(δ₁ − 1) (1 − p)^(δ₂ − 1)",
                   "Citkowicz and Vevea 2017, doi:10.1037/met0000119", (1e-4, 1e-4), (np.inf, np.inf), (1.0, 1.0),
                   ((1.0, 1.0), (1.0, 2.0), (1.5, 1.0)), _beta, of_log_q=True, bounded=False,
                   imprecision=False, threshold=False),
    WeightFunction("halfnorm", "half-normal weight function", "exp(−δ p²)", PRESTON,
                   log_weight=_linear(lambda g: -g.imprecision * np.exp(2 * g.log_p))),
    WeightFunction("negexp", "negative exponential weight function", "exp(−δ p)", PRESTON,
                   log_weight=_linear(lambda g: -g.imprecision * np.exp(g.log_p))),
    WeightFunction("logistic", "logistic weight function", "2 exp(−δ p) / (1 + exp(−δ p))", PRESTON,
                   log_weight=_logistic),
    WeightFunction("power", "power weight function", "(1 − p)^δ", PRESTON,
                   log_weight=_linear(lambda g: g.imprecision * g.log_q), of_log_q=True),
    WeightFunction("negexppow", "negative exponential power weight function", "exp(−δ₁ p^(1/δ₂))",
                   "Begg and Mazumdar 1994, doi:10.2307/2533446", (0.0, 0.01), (STEEPEST, STEEPEST), (0.0, 1.0),
                   ((0.5, 1.0), (3.0, 1.0), (3.0, 3.0), (20.0, 0.1)), _power_of_exponent),
    WeightFunction("trunc", "truncated normal selection model", "δ for effects on the other side of a value", HEDGES,
                   upper=(np.inf,), null=(1.0,), starts=((0.3,), (1.0,), (3.0,)), imprecision=False, threshold=False),
)  # fmt: skip
WEIGHT_FUNCTIONS = {record.code: record for record in _ALL}
"""How the chance of publication falls with the p-value in a selection model, by its code in ``function=``."""
