"""blup: the true effect of each trial, shrunken towards the pooled or the fitted one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...methods.intervals import CI_METHODS
from ...numeric import wls
from ...numeric.distributions import critical
from ...numeric.normal_likelihood import weights
from ...pooling.inverse_variance.result import MetaResult
from ...pooling.regression.result import RegressionResult
from ...results.inside import pool_in
from ..case_deletion.influence import fitted_of
from ..case_deletion.rows import Fitted
from .result import BlupResult


@known_arguments
def blup(result: MetaResult | RegressionResult) -> BlupResult:
    r"""Return the best linear unbiased prediction of each trial's true effect.

    .. math:: \hat\theta_i = \lambda_i y_i + (1 - \lambda_i) x_i^T b, \quad \lambda_i = \frac{\tau^2}{\tau^2 + v_i},
        \quad Var = \lambda_i v_i + (1 - \lambda_i)^2 x_i^T Var(b) x_i

    The less precise a trial is, the more it is shrunken; with tau² = 0 all are at the pooled effect.

    Parameters
    ----------
    result : MetaResult or RegressionResult
        What ``pool`` or ``regress`` returned.

    Returns
    -------
    BlupResult
        Its `table` has one row a trial: study, estimate, se, ci_low, ci_high (for the true effect, with the quantile of
        the result's interval) and shrinkage (1 - λ), on the scale of analysis.

    Raises
    ------
    DataError
        When `result` is of another kind.
    OptionError
        A result of ``pool`` with ``HC`` intervals, GENQ weights or correlated sampling errors.

    Notes
    -----
    tau² is taken as known, so that with few trials the intervals are too narrow.

    References
    ----------
    Raudenbush and Bryk 1985.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, 0.4], "vi": [0.04, 0.03, 0.05]}, method="DL", ci="wald")
    >>> mo.sensitivity.blup(r)["estimate"].round(3).tolist()
    [-0.426, -0.274, 0.265]
    """
    result = pool_in(result)
    if not isinstance(result, (MetaResult, RegressionResult)):
        raise DataError(f"a result of pool or regress is wanted, not {type(result).__name__}.")
    provenance = dataclasses.replace(result.provenance, verb="sensitivity.blup", notes=())
    return BlupResult(table=at_level(result, result.level), whole=result, provenance=provenance)


def at_level(result: MetaResult | RegressionResult, level: float) -> pd.DataFrame:
    """Return the predictions of each trial with intervals of a level."""
    table = _predicted(fitted_of(result), level)
    table.insert(0, "study", np.array(result.studies.labels, dtype=object))
    return table


def _predicted(m: Fitted, level: float) -> pd.DataFrame:
    k = len(m.y)
    x = np.linalg.qr(np.ones((k, 1)) if m.x is None else m.x)[0]
    f = wls.fit(weights(m.v, m.tau2), m.y, x)
    df = k - x.shape[1]
    cov, free = CI_METHODS[m.ci].adjust(f, df) if df > 0 else (f.cov, np.inf)
    if CI_METHODS[m.ci].own_df:  # they belong to coefficients, not to single trials
        free = df
    share = m.tau2 / (m.tau2 + m.v)
    mean = share * m.y + (1 - share) * (x @ f.beta)
    se = np.sqrt(share * m.v + (1 - share) ** 2 * np.einsum("ki,ij,kj->k", x, cov, x))
    half = float(critical(level, float(np.min(free)))) * se
    return pd.DataFrame(
        {"estimate": mean, "se": se, "ci_low": mean - half, "ci_high": mean + half, "shrinkage": 1 - share}
    )
