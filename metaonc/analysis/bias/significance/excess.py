"""excess_significance: whether more trials are significant than their power lets expect."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...numeric import wls
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..checks import taken
from .result import ExcessResult

VERB = "the test of excess significance"
ALTERNATIVES = ("two-sided", "less", "greater")
EFFECTS = ("common", "pooled")


@dataclass(frozen=True, slots=True)
class ExcessTest:
    """A test of an excess.

    Attributes
    ----------
    code, label
        Name in calls, and in print.
    find
        (number observed, power of each trial) -> its statistic, NaN where it has none, and the p-value of so many or
        more.
    """

    code: str
    label: str
    find: Callable[[int, Floats], tuple[float, float]]


def _exact(observed: int, power: Floats) -> tuple[float, float]:
    """Return the probability of so many or more, each trial with its own power."""
    shares = np.zeros(len(power) + 1)
    shares[0] = 1.0
    for chance in power:
        shares[1:] = shares[1:] * (1 - chance) + shares[:-1] * chance
        shares[0] *= 1 - chance
    return math.nan, float(min(shares[observed:].sum(), 1.0))


def _chi2(observed: int, power: Floats) -> tuple[float, float]:
    """Return the upper half of the chi-square test of observed and expected numbers."""
    k, expected = len(power), float(power.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (observed - expected) / np.sqrt(expected * (k - expected) / k)
    return float(z**2), float(special.ndtr(-z))


def _binomial(observed: int, power: Floats) -> tuple[float, float]:
    """Return the probability of so many or more, each trial with the mean power."""
    return math.nan, float(special.bdtrc(observed - 1, len(power), power.mean())) if observed > 0 else 1.0


TESTS = {
    t.code: t
    for t in (
        ExcessTest("exact", "exact test", _exact),
        ExcessTest("chi2", "chi-square test, one-sided", _chi2),
        ExcessTest("binomial", "binomial test", _binomial),
    )
}


@known_arguments
def excess_significance(
    result: MetaResult,
    *,
    effect: str = "common",
    alternative: str = "two-sided",
    alpha: float = 0.05,
    test: str = "exact",
) -> ExcessResult:
    """Test whether more trials are significant than their power at the pooled effect lets expect.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned, of a measure with a value of no effect.
    effect : {"common", "pooled"}
        The true effect that power is of: the common effect (inverse variance, no heterogeneity), or the pool's with its
        tau², over which the power is averaged.
    alternative : {"two-sided", "less", "greater"}
        When a trial counts as significant: in either direction, or below or above no effect alone, on the scale of
        analysis. Where low values are a benefit, as of hazard ratios of progression, benefit is ``less``.
    alpha : float
        Level of the trials' tests, which are Wald's.
    test : {"exact", "chi2", "binomial"}
        Of the excess, one-sided: exact with the power of each trial (Poisson binomial); or a chi-square or binomial
        test.

    Returns
    -------
    ExcessResult
        Significant trials observed and expected, with the p-value of their difference.

    Raises
    ------
    DataError
        When `result` is none of ``pool``; fewer than two trials; a measure without a value of no effect.
    OptionError
        An option that does not exist; correlated rows.

    References
    ----------
    Ioannidis and Trikalinos 2007, doi:10.1177/1740774507079441; exact: Francis 2013, doi:10.1016/j.jmp.2013.02.003.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.6, -0.5, -0.3, -0.2], "vi": [0.2, 0.09, 0.06, 0.02, 0.02]}
    >>> t = mo.bias.excess_significance(mo.pool(d, measure="HR"))
    >>> t.observed, round(t.expected, 3), round(t.p_value, 4)
    (4, 1.913, 0.0456)
    """
    one_of("effect", effect, EFFECTS)
    one_of("alternative", alternative, ALTERNATIVES)
    confidence_level(alpha, "alpha")
    record = TESTS[one_of("test", test, TESTS)]
    pool = taken(result, VERB, least=2)
    null = pool.record.null
    if null is None:
        raise DataError(f"a {pool.record.label} has no value of no effect that trials could test.")
    y, v = pool.studies.yi, pool.studies.vi
    theta, tau2 = (float(wls.fit(1 / v, y).beta), 0.0) if effect == "common" else (pool.estimate, pool.tau2)
    significant = _significant((y - null) / np.sqrt(v), alternative, alpha)
    power = _power(theta - null, tau2, v, alternative, alpha)
    observed = int(significant.sum())
    statistic, p = record.find(observed, power)
    return ExcessResult(
        observed=observed,
        expected=float(power.sum()),
        statistic=statistic,
        p_value=p,
        test=test,
        alternative=alternative,
        alpha=alpha,
        theta=theta,
        tau2=tau2,
        power=power,
        significant=significant.astype(float),
        k=pool.k,
        measure=pool.measure,
        result=pool,
        provenance=replace(
            pool.provenance,
            verb="bias.excess_significance",
            settings={**pool.provenance.settings, "effect": effect, "alternative": alternative, "alpha": alpha,
                      "test": test},
            notes=(),
            cautions=(),
        ),
    )  # fmt: skip


def _bounds(alternative: str, alpha: float) -> tuple[float, float]:
    """Return the z values below and above which a trial is significant."""
    z = float(special.ndtri(alpha / 2 if alternative == "two-sided" else alpha))
    return (z if alternative != "greater" else -np.inf), (-z if alternative != "less" else np.inf)


def _significant(z: Floats, alternative: str, alpha: float) -> np.ndarray:
    low, high = _bounds(alternative, alpha)
    return np.asarray((z <= low) | (z >= high))


def _power(away: float, tau2: float, v: Floats, alternative: str, alpha: float) -> Floats:
    """Return the power of each trial, averaged over true effects at this distance from none with variance tau²."""
    low, high = _bounds(alternative, alpha)
    se, spread = np.sqrt(v), np.sqrt(v + tau2)
    return np.asarray(special.ndtr((low * se - away) / spread) + special.ndtr((away - high * se) / spread))
