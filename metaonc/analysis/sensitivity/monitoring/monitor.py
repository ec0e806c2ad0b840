"""monitor: a cumulative meta-analysis against boundaries for repeated tests (trial sequential analysis)."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ....base.check import one_of
from ....base.messages.advice import option
from ....base.messages.arguments import known_arguments
from ....base.numbers import NotANumber, number_of
from ....errors import DataError, OptionError
from ...methods.spending import SPENDING
from ...numeric.distributions import to_error
from ...numeric.group_sequential import boundaries
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..conclusions import null_on_analysis
from ..subset_refits import in_batches
from ..subsets_result import SubsetsResult, members
from .over_cuts_result import OverCutsResult
from .result import MonitoringResult

ADJUSTMENTS = ("D2", "none")
LEAST_POWER = 0.5
NEW = 1e-6  # of the required information: less is no new look


@known_arguments
def monitor(
    result: SubsetsResult | OverCutsResult,
    *,
    minimal: float,
    power: float = 0.9,
    alpha: float | None = None,
    spending: str = "OBF",
    heterogeneity: str | float = "D2",
) -> MonitoringResult:
    r"""Hold a cumulative meta-analysis against boundaries for repeated tests.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    A pool that is tested at each update rejects a true null too often. Boundaries of z by error spending keep the
    two-sided error at `alpha` over all looks. Information is that of a common effect, :math:`I = \sum 1/v_i`; required
    is what a test of one look needs to find the minimal difference :math:`\delta` (scale of analysis),

    .. math:: I^* = \frac{(z_{1-\alpha/2} + z_{power})^2}{\delta^2} \cdot \frac{1}{1 - D^2},

    with diversity :math:`D^2 = 1 - var_{common} / var_{random}` of the last look. z is the pooled effect over its
    standard error by :math:`1/(v_i + \tau^2)`, τ² estimated anew at each look.

    Parameters
    ----------
    result : SubsetsResult or OverCutsResult
        What ``sensitivity.cumulative`` returned of a result of ``pool``, trials in the order in which they became
        known; or what ``over_cuts`` did, of one pool by inverse variance.
    minimal : float
        The smallest difference that matters, on the natural scale, such as a hazard ratio of 0.8; of either direction.
    power : float, default 0.9
        Of the required information.
    alpha : float, optional
        Two-sided error over all looks; 1 - level of the result when None.
    spending : {"OBF", "Pocock"}
        How error is spent: late, as O'Brien and Fleming's test, or evenly, as Pocock's; each by Lan and DeMets.
    heterogeneity : {"D2", "none"} or float
        What the required information allows for: diversity as it is found, nothing, or a stated diversity (0 to 1).

    Returns
    -------
    MonitoringResult
        Its `table` has one row a look: study (added last), k, information, fraction (of the required), estimate, se,
        z, boundary, spent (error, cumulative), crossed, ci_low and ci_high (by the boundary, scale of analysis).
        Boundary, spent and limits are NaN at looks beyond the required information, where all error is spent, and at
        looks that bring no information.

    Raises
    ------
    DataError
        When `result` is of another kind.
    OptionError
        A measure without a value of no effect; a minimal difference that is none; numbers that are no probabilities.

    Notes
    -----
    Boundaries take information as independent increments, which holds of a common effect; with τ² estimated, the error
    is kept approximately. There are no boundaries for futility.

    References
    ----------
    Lan and DeMets 1983 (not read). Wetterslev et al. 2009, doi:10.1186/1471-2288-9-86 (abstract read).

    Examples
    --------
    >>> import metaonc as mo
    >>> t = {"yi": [-0.4, -0.2, -0.3, -0.25], "vi": [0.04, 0.03, 0.05, 0.02]}
    >>> r = mo.sensitivity.cumulative(mo.pool(t, measure="HR", method="DL", ci="wald"))
    >>> m = mo.sensitivity.monitor(r, minimal=0.75, heterogeneity="none")
    >>> round(m.required), m["boundary"].round(2).tolist()
    (127, [4.92, 3.11, 2.65, 1.99])
    """
    looks = _looks(result)
    whole = looks.whole
    rule = SPENDING[one_of("spending", spending, SPENDING)]
    error = round(1 - whole.level, 12) if alpha is None else _probability("alpha", alpha)
    delta = _minimal(whole, minimal)
    v, tau2 = looks.v, looks.tau2
    information = (1 / v).sum(1)
    random = weights(v, tau2).sum(1)
    diversity = _diversity(heterogeneity, 1 - random[-1] / information[-1])
    plain = (ndtri(1 - error / 2) + ndtri(_power(power))) ** 2 / delta**2
    required = plain / (1 - diversity)
    se, estimate = random**-0.5, looks.estimate
    z = to_error(estimate - float(whole.record.null or 0.0), se)
    bounds, spent = _bounds(information / required, rule.spent, error)
    half = bounds * se
    table = pd.DataFrame({
        "study": looks.names, "k": np.isfinite(v).sum(1), "information": information,
        "fraction": information / required, "estimate": estimate, "se": se, "z": z, "boundary": bounds, "spent": spent,
        "crossed": np.abs(z) >= bounds, "ci_low": estimate - half, "ci_high": estimate + half, "tau2": tau2,
    })  # fmt: skip
    settings = {**result.provenance.settings, "minimal": minimal, "power": power, "alpha": error, "spending": spending,
                "heterogeneity": heterogeneity}  # fmt: skip
    return MonitoringResult(
        table=table, required=float(required), required_common=float(plain), diversity=float(diversity),
        minimal=number_of(minimal), delta=float(delta), alpha=float(error), power=float(power), spending=spending,
        whole=whole, by=looks.by,
        provenance=dataclasses.replace(result.provenance, verb="sensitivity.monitor", settings=settings),
    )  # fmt: skip


class _Looks(NamedTuple):
    """Looks (m,) at k trials, those not there with infinite variances: names, estimates, tau², and variances (m, k)."""

    names: list[str]
    estimate: Floats
    tau2: Floats
    v: Floats
    whole: MetaResult
    by: str


def _looks(result: Any) -> _Looks:
    """Return the looks of a cumulative result, or of pools over dates.

    Raises
    ------
    DataError
        When it is neither, or not of one pool by inverse variance of independent rows.
    """
    of_dates = isinstance(result, OverCutsResult)
    if not of_dates and not (isinstance(result, SubsetsResult) and result.verb == "cumulative"):
        raise DataError(f"what sensitivity.cumulative or over_cuts returned is wanted, not {type(result).__name__}.")
    pools: list[Any] = list(result.pools) if of_dates else [result.whole]
    if not all(isinstance(pool, MetaResult) and in_batches(pool) for pool in pools):
        raise DataError("looks are wanted at one pool by inverse variance, of rows with independent sampling errors.")
    if not of_dates:
        whole = pools[0]
        inside = members(whole, "cumulative", result.by).rows(np.arange(len(result))[:, None])
        t = result.table
        return _Looks(list(map(str, t["study"])), t["estimate"].to_numpy(dtype=float),
                      np.nan_to_num(t["tau2"].to_numpy(dtype=float)), np.where(inside, whole.studies.vi, np.inf), whole,
                      result.by)  # fmt: skip
    v = np.full((len(pools), max(pool.k for pool in pools)), np.inf)
    for row, pool in zip(v, pools, strict=True):
        row[: pool.k] = pool.studies.vi
    names = list(result.table.loc[result.table["reason"] == "", "date"])
    return _Looks(names, np.array([pool.estimate for pool in pools]), np.nan_to_num([pool.tau2 for pool in pools]), v,
                  pools[-1], "date")  # fmt: skip


def _bounds(fractions: Floats, spending: Any, error: float) -> tuple[Floats, Floats]:
    """Return boundaries and error spent; NaN beyond the look at which all is spent, and without new information."""
    highest = np.maximum.accumulate(fractions)
    rises = np.diff(highest, prepend=0.0) > NEW
    last = int(np.argmax(fractions >= 1)) if (fractions >= 1).any() else len(fractions) - 1
    found, spent = np.full(len(fractions), np.nan), np.full(len(fractions), np.nan)
    looks = np.flatnonzero(rises[: last + 1])
    spent[looks] = spending(np.minimum(fractions[looks], 1.0), error)
    found[looks] = boundaries(fractions[looks], spent[looks])
    return found, spent


def _minimal(whole: MetaResult, minimal: float) -> float:
    """Return the minimal difference on the scale of analysis."""
    null = whole.record.null
    if null is None:
        raise OptionError(f"a {whole.record.label} has no value of no effect, from which a difference would count.")
    try:
        value = number_of(minimal)
    except NotANumber:
        raise OptionError(
            f"{option('minimal', minimal)} is no number on the natural scale ({whole.record.natural})."
        ) from None
    at = null_on_analysis(whole, value, "minimal")
    if at is None or abs(at - null) < 1e-12:
        raise OptionError(f"{option('minimal', minimal)} is no effect, and no difference from it.")
    return at - null


def _diversity(asked: str | float, found: float) -> float:
    if isinstance(asked, str):
        return max(found, 0.0) if one_of("heterogeneity", asked, ADJUSTMENTS) == "D2" else 0.0
    if isinstance(asked, bool) or not isinstance(asked, (int, float)) or not 0 <= asked < 1:
        raise OptionError(
            f"{option('heterogeneity', asked)} is neither {' nor '.join(map(repr, ADJUSTMENTS))} nor a diversity from "
            "0 to below 1."
        )
    return float(asked)


def _power(value: float) -> float:
    power = _probability("power", value)
    if power < LEAST_POWER:
        raise OptionError(f"{option('power', value)} is less than a coin has: give {LEAST_POWER} or more.")
    return power


def _probability(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1:
        raise OptionError(f"{option(name, value)} is no probability between 0 and 1.")
    return float(value)
