"""How much trials differ: Q, I², H², and intervals of tau² from which those of I² follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy

from ...base.check import one_of
from ...base.messages.warning import warn
from ...errors import MethodWarning
from ..numeric import q_distribution, wls
from ..numeric.distributions import chi2_p, chi2_quantile
from ..numeric.normal_likelihood import log_likelihood
from ..numeric.wls import Floats
from .tau2 import TAU2_METHODS, is_restricted, q_profile, size


class Heterogeneity(NamedTuple):
    """Cochran's Q with its degrees of freedom and p-value, I² in percent, H², and the typical variance s²."""

    q: Any
    q_df: Any
    q_p: Any
    i2: Any
    h2: Any
    typical: Any


def heterogeneity(y: Floats, v: Floats, x: Floats | None, tau2: Any) -> Heterogeneity:
    r"""Return Q at tau² = 0, and I² and H² from tau².

    With s² = (k - p)/tr(P) (Higgins and Thompson 2002, doi:10.1002/sim.1186) I² = 100 tau²/(tau² + s²) and
    H² = 1 + tau²/s². `tau2` None is the common-effect model, where I² = 100 (Q - df)/Q, not below 0, and H² = Q/df.
    """
    f = wls.fit(1 / v, y, x)
    q, df = wls.scatter(f), size(v, x)[1]
    with np.errstate(divide="ignore", invalid="ignore"):
        typical = df / wls.trace(f)
        if tau2 is None:
            i2 = np.where(q > 0, 100 * np.maximum(q - df, 0.0) / q, 0.0)
            return Heterogeneity(q, df, chi2_p(q, df), i2, q / df, typical)
        return Heterogeneity(q, df, chi2_p(q, df), i2_of(tau2, typical), 1 + tau2 / typical, typical)


def i2_of(tau2: Any, typical: Any) -> Any:
    """Return I² in percent."""
    return 100 * tau2 / (tau2 + typical)


def tau2_ci_qp(y: Floats, v: Floats, x: Floats | None, tau2: float, level: float, restricted: bool) -> tuple[Any, Any]:
    """Return the Q-profile interval of tau² (Viechtbauer 2007, doi:10.1002/sim.2514): exact under the model."""
    df = size(v, x)[1]
    tail = (1 - level) / 2
    return (
        q_profile(y, v, x, chi2_quantile(1 - tail, df)),
        q_profile(y, v, x, chi2_quantile(tail, df)),
    )


def tau2_ci_pl(y: Floats, v: Floats, x: Floats | None, tau2: float, level: float, restricted: bool) -> tuple[Any, Any]:
    """Return the profile-likelihood interval of tau² around its (restricted) maximum-likelihood estimate."""
    floor = float(log_likelihood(tau2, y, v, x, restricted) - chi2_quantile(level, 1) / 2)

    def above(t: float) -> float:
        return float(log_likelihood(t, y, v, x, restricted)) - floor

    low = 0.0 if above(0.0) >= 0 else scipy.optimize.brentq(above, 0.0, tau2, xtol=1e-300, rtol=1e-13)
    far = max(tau2, float(np.min(v)))
    while above(far) > 0:
        far *= 2
    return low, scipy.optimize.brentq(above, tau2, far, xtol=1e-300, rtol=1e-13)


def tau2_ci_bj(y: Floats, v: Floats, x: Floats | None, tau2: float, level: float, restricted: bool) -> tuple[Any, Any]:
    """Return the interval of Biggerstaff and Jackson: Cochran's Q in its exact distribution."""
    return q_distribution.interval(y, v, 1 / v, level)


def tau2_ci_j(y: Floats, v: Floats, x: Floats | None, tau2: float, level: float, restricted: bool) -> tuple[Any, Any]:
    """Return the interval of Jackson (2013): the same with weights 1/sqrt(v)."""
    return q_distribution.interval(y, v, v**-0.5, level)


@dataclass(frozen=True, slots=True)
class Tau2Interval:
    """A confidence interval of tau².

    Attributes
    ----------
    code
        Name in calls.
    find
        (y, v, x, tau², level, restricted) -> limits.
    takes_moderators
        Whether it is of regressions too.
    of_likelihood
        Whether tau² must be the maximum of a likelihood.
    """

    code: str
    find: Callable[..., tuple[Any, Any]]
    takes_moderators: bool = False
    of_likelihood: bool = False


TAU2_INTERVALS = {
    i.code: i
    for i in (
        Tau2Interval("QP", tau2_ci_qp, takes_moderators=True),
        Tau2Interval("PL", tau2_ci_pl, takes_moderators=True, of_likelihood=True),
        Tau2Interval("BJ", tau2_ci_bj),
        Tau2Interval("J", tau2_ci_j),
    )
}


def tau2_interval(
    code: str, estimator: str, y: Floats, v: Floats, x: Floats | None, tau2: float, level: float
) -> tuple[float, float]:
    """Return the interval of this code around an estimate of tau².

    Parameters
    ----------
    code, estimator
        Codes in ``TAU2_INTERVALS`` and ``TAU2_METHODS``.
    y, v, x
        Effects, sampling variances and design, None of an intercept alone.
    tau2, level
        The estimate, and the level of the interval.

    Returns
    -------
    tuple of float
        The limits; NaN where no degrees of freedom are left, as of one trial.

    Raises
    ------
    OptionError
        An interval that does not exist, or is not made for this estimator.

    Warns
    -----
    MethodWarning
        No tau² from 0 agrees with the effects at this level: the set is empty, and both limits are 0.
    """
    record = TAU2_INTERVALS[
        one_of("method", code, [i.code for i in TAU2_INTERVALS.values() if x is None or i.takes_moderators])
    ]
    if record.of_likelihood:
        made_for = [m.code for m in sorted(TAU2_METHODS.values(), key=lambda m: not m.restricted) if m.likelihood]
        one_of("method of a result with a profile likelihood", estimator, made_for)
    if size(v, x)[1] < 1:  # nothing is left over to tell how trials differ
        return np.nan, np.nan
    low, high = record.find(y, v, x, tau2, level, is_restricted(estimator))
    if not high > 0:
        warn(
            f"the {code} set of tau² is empty at this level: the effects agree better than their variances allow of "
            "any tau² from 0. Both limits are given as 0, as R's metafor does; that is no proof that tau² is 0.",
            MethodWarning,
        )
    return float(low), float(high)
