"""fail_safe_n: how many trials without an effect it would take to overturn a result."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import special

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...numeric.distributions import two_sided_p
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..checks import taken
from .result import FailSafeResult

VERB = "fail-safe N"
WHOLE = 1e-9  # a number of trials that is whole but for rounding


class Asked(NamedTuple):
    """Effects away from none, variances, tau² and whether it is known, the level, and the target of the effect.

    The target is None where a p-value is asked for.
    """

    y: Floats
    v: Floats
    tau2: float
    known: bool
    alpha: float
    target: float | None


class Needed(NamedTuple):
    """A number of trials, not yet whole, and the p-value without them (NaN where the method has none)."""

    n: float
    p: float


@dataclass(frozen=True, slots=True)
class FailSafeMethod:
    """A fail-safe N.

    Attributes
    ----------
    code, reference
        Name in calls, and its source.
    asks
        What the trials would have to bring about, in print.
    find
        What it is worked out from -> the number of trials.
    asks_target
        The same of an effect to fall to, where that may be asked; else empty.
    by_target
        Whether an effect is asked for when nothing is said.
    """

    code: str
    reference: str
    asks: str
    find: Callable[[Asked], Needed]
    asks_target: str = ""
    by_target: bool = False


def _rosenthal(a: Asked) -> Needed:
    """By Stouffer's sum of z values, one-sided in the direction of the sum."""
    total = abs(float((a.y / np.sqrt(a.v)).sum()))
    k = len(a.y)
    return Needed((total / special.ndtri(a.alpha)) ** 2 - k, float(special.ndtr(-total / math.sqrt(k))))


def _orwin(a: Asked) -> Needed:
    """By the plain mean of effects."""
    assert a.target is not None  # it is by target always
    mean = abs(float(a.y.mean()))
    return Needed(len(a.y) * (mean / a.target - 1) if a.target > 0 else 0.0, math.nan)


def _rosenberg(a: Asked) -> Needed:
    """By the weighted mean, two-sided; trials of mean weight are added."""
    w = 1 / a.v
    total, whole = float(w @ a.y), float(w.sum())
    z = float(special.ndtri(a.alpha / 2))
    return Needed(((total / z) ** 2 - whole) / float(w.mean()), float(two_sided_p(total / math.sqrt(whole))))


def _general(a: Asked) -> Needed:
    """By the pool with trials added that scatter about no effect as those that there are scatter about theirs."""

    def undone(n: int) -> bool:
        estimate, p = _with_added(a, n)
        return p >= a.alpha if a.target is None else abs(estimate) <= a.target

    return Needed(float(_fewest(undone)), _with_added(a, 0)[1])


def _with_added(a: Asked, n: int) -> tuple[float, float]:
    """Return the pooled effect with n trials added, of the harmonic mean of variances, and its p-value."""
    k, each = len(a.y), 1 / float((1 / a.v).mean())
    mean, _ = _pooled(a.y, 1 / (a.v + a.tau2))
    tau2 = a.tau2
    if n and not a.known:  # the variance of k true effects about the mean and n about none
        tau2 = ((k + n - 2) * a.tau2 + k * n / (k + n) * mean**2) / (k + n - 1)
    return _pooled(a.y, 1 / (a.v + tau2), n / (each + tau2))


def _pooled(y: Floats, w: Floats, added: float = 0.0) -> tuple[float, float]:
    """Return a weighted mean and its p-value, with the weight of what has no effect added."""
    total, whole = float(w @ y), float(w.sum()) + added
    return total / whole, float(two_sided_p(total / math.sqrt(whole)))


def _fewest(enough: Callable[[int], bool]) -> int:
    """Return the least number that is enough, where more are enough too."""
    low, high = 0, 1
    if enough(low):
        return low
    while not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


METHODS = {
    m.code: m
    for m in (
        FailSafeMethod("Rosenthal", "Rosenthal 1979, doi:10.1037/0033-2909.86.3.638",
                       "for the combined one-sided p-value (Stouffer) to reach", _rosenthal),
        FailSafeMethod("Orwin", "Orwin 1983, doi:10.3102/10769986008002157",
                       "", _orwin, "for the unweighted mean to fall to", by_target=True),
        FailSafeMethod("Rosenberg", "Rosenberg 2005, doi:10.1111/j.0014-3820.2005.tb01004.x",
                       "for the p-value of the common effect to reach", _rosenberg),
        FailSafeMethod("General", "", "for the p-value of the pooled effect to reach", _general,
                       "for the pooled effect to fall to"),
    )
}  # fmt: skip


@known_arguments
def fail_safe_n(
    result: MetaResult, *, method: str = "Rosenthal", alpha: float = 0.05, target: float | None = None
) -> FailSafeResult:
    r"""Return how many trials without an effect would have to be added to overturn a result.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned, of a measure with a value of no effect.
    method : {"Rosenthal", "Orwin", "Rosenberg", "General"}
        Until Stouffer's combined p-value, one-sided, is `alpha`; until the unweighted mean is `target`; until the
        p-value of the common effect (trials of mean weight are added), or that of the pooled effect (trials whose
        variance is the harmonic mean), two-sided and Wald's, is `alpha`, or the pooled effect `target`.
    alpha : float
        Level of the test.
    target : float, optional
        Of ``Orwin`` and ``General``, the effect, on the scale of analysis and as a distance from no effect, that would
        not matter. Of ``Orwin`` half of the mean when not given, which makes the number that of the trials there are.

    Returns
    -------
    FailSafeResult
        With `n`, 0 where the result is not significant, or smaller than `target`, as it is.

    Raises
    ------
    DataError
        When `result` is none of ``pool``; fewer than two trials; a measure without a value of no effect.
    OptionError
        An option that does not exist, or has no use for the method; a target that is 0; correlated rows.

    Notes
    -----
    It is no estimate of how many trials are missing. The file drawer is assumed to hold no effect on average;
    trials with an effect in the other direction would take fewer. By ``General`` the true effects of the n trials added
    scatter about none with the pool's tau², so that all together have the variance

    .. math:: \tau^2_n = \frac{(k + n - 2) \tau^2 + \hat\mu^2 k n / (k + n)}{k + n - 1},

    unless tau² was given or the effect is common. R's metafor has this from version 4 (its approximate calculation).

    References
    ----------
    Rosenthal 1979, doi:10.1037/0033-2909.86.3.638; Orwin 1983, doi:10.3102/10769986008002157; Rosenberg 2005,
    doi:10.1111/j.0014-3820.2005.tb01004.x.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> r = mo.pool(d, measure="HR")
    >>> mo.bias.fail_safe_n(r).n, mo.bias.fail_safe_n(r, method="Rosenberg").n
    (22, 10)
    """
    record = METHODS[one_of("method", method, METHODS)]
    confidence_level(alpha, "alpha")
    pool = taken(result, VERB, least=2)
    null = pool.record.null
    if null is None:
        raise DataError(f"a {pool.record.label} has no value of no effect that trials without one could have.")
    if target is not None and not record.asks_target:
        raise OptionError(f"target= has no use for method={method!r}; it is for method='Orwin' or 'General'.")
    y = pool.studies.yi - null
    aim = None if target is None else _distance(target)
    if record.by_target and aim is None:
        aim = abs(float(y.mean())) / 2
    known = pool.provenance.settings["tau2"] is not None or pool.is_common
    found = record.find(Asked(y, pool.studies.vi, pool.tau2, known, alpha, aim))
    side = float(y.mean()) if record.by_target else pool.estimate - null
    return FailSafeResult(
        n=max(math.ceil(found.n * (1 - WHOLE)), 0),
        method=method,
        alpha=math.nan if aim is not None else alpha,
        target=math.nan if aim is None else math.copysign(aim, side),
        p_value=found.p,
        k=pool.k,
        measure=pool.measure,
        result=pool,
        provenance=replace(
            pool.provenance,
            verb="bias.fail_safe_n",
            settings={**pool.provenance.settings, "fail_safe": method, "alpha": alpha, "target": target},
            notes=(),
            cautions=(),
        ),
    )


def _distance(target: float) -> float:
    if isinstance(target, bool) or not isinstance(target, (int, float, np.number)) or not np.isfinite(target):
        raise OptionError(f"target={target!r} is no effect: give a number, on the scale of analysis.")
    if target == 0:
        raise OptionError("target=0 is reached by no number of trials; give an effect that would not matter.")
    return abs(float(target))
