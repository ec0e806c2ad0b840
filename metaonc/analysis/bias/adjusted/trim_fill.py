"""trim_fill: the pooled effect once the funnel is made symmetric."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ....base.check import one_of
from ....base.messages.arguments import known_arguments
from ...methods.tau2 import is_common
from ...numeric import wls
from ...numeric.asymmetry.line import design
from ...numeric.asymmetry.trimming import Missing, Trimmed, l0, q0, r0, trim
from ...numeric.normal_likelihood import weights
from ...numeric.wls import Floats
from ...pooling.inverse_variance.pool import pooled
from ...pooling.inverse_variance.result import MetaResult
from ...results.studies import Studies
from ..checks import estimator as estimator_of
from ..checks import taken, tau2_of
from .trim_fill_result import TrimFillResult

VERB = "trim and fill"
SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class MissingEstimator:
    """An estimator of the number of trials that are missing.

    Attributes
    ----------
    code, label
        Name in calls, and in print.
    estimate
        (signed ranks of distances from the centre) -> the number that is missing on the left.
    """

    code: str
    label: str
    estimate: Callable[[Floats], Missing]


ESTIMATORS = {
    e.code: e
    for e in (
        MissingEstimator("L0", "linear estimator by the rank sum", l0),
        MissingEstimator("R0", "estimator by the run of extreme ranks", r0),
        MissingEstimator("Q0", "quadratic estimator by the rank sum", q0),
    )
}


@known_arguments
def trim_fill(result: MetaResult, *, estimator: str = "L0", side: str | None = None) -> TrimFillResult:
    r"""Estimate how many trials are missing on one side of the funnel, and pool with their mirror images filled in.

    The most extreme trials of the other side are trimmed until the rest is symmetric by ranks about its pooled effect
    :math:`\hat\mu`; for each a trial at :math:`2\hat\mu - y_i` with the same variance is filled in.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned; both pools are by its methods.
    estimator : {"L0", "R0", "Q0"}
        Of the number of trials that are missing.
    side : {"left", "right"}, optional
        Where they are missing: low effects or high ones, on the scale of analysis. When not given, by the slope of
        effects on standard errors in a mixed model: left where small trials have higher effects.

    Returns
    -------
    TrimFillResult
        With `k0`, `side` and `adjusted`, the pool with the trials filled in.

    Raises
    ------
    DataError
        When `result` is none of ``pool``; fewer than three trials; ``Q0`` without a solution.
    OptionError
        An option that does not exist; GENQ weights; correlated rows.
    ConvergenceError
        When the number of trials to trim goes round in a circle.

    Notes
    -----
    A look at how sensitive a result is to one form of selection, not a better estimate: with heterogeneity trials are
    filled in where none is missing. The p-value of ``R0`` is of no trial missing: it is two to the power of -(k0 + 1).

    References
    ----------
    Duval and Tweedie 2000, doi:10.1111/j.0006-341x.2000.00455.x and doi:10.1080/01621459.2000.10473905.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-1.4, -1.1, -0.8, -0.5, -0.4, -0.3], "vi": [0.3, 0.2, 0.12, 0.05, 0.03, 0.02]}
    >>> t = mo.bias.trim_fill(mo.pool(d, measure="HR"))
    >>> t.k0, t.side, round(t.adjusted.estimate, 3)
    (2, 'right', -0.403)
    """
    record = ESTIMATORS[one_of("estimator", estimator, ESTIMATORS)]
    pool = taken(result, VERB)
    estimator_of(pool, VERB)
    by_rule = side is None
    side = _side(pool) if side is None else one_of("side", side, SIDES)
    sign = 1.0 if side == "left" else -1.0
    s = pool.studies
    found = trim(sign * s.yi, s.vi, record.estimate, lambda y, v: _centre(pool, y, v))
    filled = _filled(s, found, sign)
    return TrimFillResult(
        estimator=estimator,
        side=side,
        k0=found.k0,
        k0_se=found.se,
        k0_p=0.5 ** (found.k0 + 1) if estimator == "R0" else np.nan,
        filled=filled,
        adjusted=_adjusted(pool, filled),
        result=pool,
        provenance=replace(
            pool.provenance,
            verb="bias.trim_fill",
            settings={**pool.provenance.settings, "estimator": estimator, "side": side, "by_rule": by_rule},
            notes=(),
            cautions=(),
        ),
    )


def _centre(pool: MetaResult, y: Floats, v: Floats) -> float:
    tau2 = tau2_of(pool, y, v) if len(y) > 1 else 0.0
    return float(wls.fit(weights(v, tau2), y).beta)


def _side(pool: MetaResult) -> str:
    """Return where trials are missing: opposite to where small trials lie."""
    y, v = pool.studies.yi, pool.studies.vi
    if np.ptp(v) == 0:
        return "left"
    x = design(np.sqrt(v))
    given = pool.provenance.settings["tau2"] is not None
    tau2 = 0.0 if is_common(pool.method) and not given else tau2_of(pool, y, v, np.linalg.qr(x)[0])
    return "right" if wls.fit(weights(v, tau2), y, x).beta[1] < 0 else "left"


def _filled(s: Studies, found: Trimmed, sign: float) -> pd.DataFrame:
    """Return the trials that are filled in: name, effect, variance and the trial each mirrors."""
    rows = found.order[len(found.order) - found.k0 :]
    names = [f"Filled {i + 1}" for i in range(found.k0)]
    of = np.array([s.labels[i] for i in rows], dtype=object)
    return pd.DataFrame({"study": names, "yi": 2 * sign * found.centre - s.yi[rows], "vi": s.vi[rows], "mirrors": of})


def _adjusted(pool: MetaResult, filled: pd.DataFrame) -> MetaResult:
    s = pool.studies
    yi, vi = np.append(s.yi, filled["yi"]), np.append(s.vi, filled["vi"])
    yi.flags.writeable = vi.flags.writeable = False
    labels = (*s.labels, *filled["study"])
    data = pd.DataFrame({"study": list(labels), "yi": yi, "vi": vi})
    studies = Studies(labels=labels, yi=yi, vi=vi, data=data, roles={})
    asked = {name: pool.provenance.settings[name] for name in ("method", "ci", "prediction", "level", "tau2")}
    return pooled(studies, pool.measure, **asked, weights=None, covariance=False, shared=None)
