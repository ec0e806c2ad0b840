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
    """Effects away from none, variances, tau², the level and the target of the effect."""

    y: Floats
    v: Floats
    tau2: float
    alpha: float
    target: float


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
    has_target
        Whether it is of an effect to fall to, instead of a p-value to rise to.
    """

    code: str
    reference: str
    asks: str
    find: Callable[[Asked], Needed]
    has_target: bool = False


def _rosenthal(a: Asked) -> Needed:
    """By Stouffer's sum of z values, one-sided in the direction of the sum."""
    total = abs(float((a.y / np.sqrt(a.v)).sum()))
    k = len(a.y)
    return Needed((total / special.ndtri(a.alpha)) ** 2 - k, float(special.ndtr(-total / math.sqrt(k))))


def _orwin(a: Asked) -> Needed:
    """By the plain mean of effects."""
    return Needed(len(a.y) * (abs(float(a.y.mean())) / a.target - 1), math.nan)


def _weighted(a: Asked, w: Floats, each: float) -> Needed:
    """By the weighted mean, two-sided; a trial added has weight `each`."""
    total, whole = float(w @ a.y), float(w.sum())
    z = float(special.ndtri(a.alpha / 2))
    return Needed(((total / z) ** 2 - whole) / each, float(two_sided_p(total / math.sqrt(whole))))


def _rosenberg(a: Asked) -> Needed:
    w = 1 / a.v
    return _weighted(a, w, float(w.mean()))


def _general(a: Asked) -> Needed:
    return _weighted(a, 1 / (a.v + a.tau2), 1 / (len(a.v) / float((1 / a.v).sum()) + a.tau2))


METHODS = {
    m.code: m
    for m in (
        FailSafeMethod("Rosenthal", "Rosenthal 1979, doi:10.1037/0033-2909.86.3.638",
                       "for the combined one-sided p-value (Stouffer) to reach", _rosenthal),
        FailSafeMethod("Orwin", "Orwin 1983, doi:10.3102/10769986008002157",
                       "for the unweighted mean to fall to", _orwin, has_target=True),
        FailSafeMethod("Rosenberg", "Rosenberg 2005, doi:10.1111/j.0014-3820.2005.tb01004.x",
                       "for the p-value of the common effect to reach", _rosenberg),
        FailSafeMethod("General", "", "for the p-value of the pooled effect to reach", _general),
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
        p-value of the common effect (trials of mean weight are added), or that of the pooled effect at the pool's
        tau² (trials whose variance is the harmonic mean), two-sided and Wald's, is `alpha`.
    alpha : float
        Level of the test.
    target : float, optional
        Of ``Orwin``, the effect, on the scale of analysis and as a distance from no effect, that would not matter;
        half of the mean when not given, which makes the number that of the trials there are.

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
    trials with an effect in the other direction would take fewer. ``General`` holds tau² where it is; R's metafor
    from version 4 estimates tau² of the trials that are there and those added, and arrives at another number.

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
    if target is not None and not record.has_target:
        raise OptionError(f"target= has no use for method={method!r}; it is for method='Orwin'.")
    y = pool.studies.yi - null
    aim = abs(float(y.mean())) / 2 if target is None else _distance(target)
    asked = Asked(y, pool.studies.vi, pool.tau2, alpha, aim)
    found = record.find(asked) if aim > 0 or not record.has_target else Needed(0.0, math.nan)
    return FailSafeResult(
        n=max(math.ceil(found.n * (1 - WHOLE)), 0),
        method=method,
        alpha=math.nan if record.has_target else alpha,
        target=math.copysign(aim, float(y.mean())) if record.has_target else math.nan,
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
