"""limit_meta_analysis: the effect of a trial without sampling error, with heterogeneity left in."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ....base.messages.arguments import known_arguments
from ....errors import DataError
from ...numeric import wls
from ...numeric.asymmetry.line import design
from ...numeric.distributions import chi2_p, critical, two_sided_p
from ...numeric.wls import Floats
from ...pooling.inverse_variance.result import MetaResult
from ..checks import taken
from .result import LimitResult


@known_arguments
def limit_meta_analysis(result: MetaResult) -> LimitResult:
    r"""Return the pooled effect in the limit of trials without sampling error, in a model with heterogeneity.

    .. math:: y_i = \beta + \sqrt{v_i + \tau^2} (\alpha + \epsilon_i), \quad \hat\theta = \hat\beta + \tau \hat\alpha

    where alpha is the small-study effect. tau² is that of the pool. Of each trial the limit effect is
    :math:`\hat\beta + \tau (y_i - \hat\beta) / \sqrt{v_i + \tau^2}`.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned.

    Returns
    -------
    LimitResult
        With Q split into the part of small-study effects and the rest, and G².

    Raises
    ------
    DataError
        When `result` is none of ``pool``; fewer than three trials; variances that are all the same.
    OptionError
        Correlated rows.

    Notes
    -----
    G² is 1 less the squared correlation of the limit effects with 1, each over the standard error of its trial. Where
    tau² is 0 every limit effect is the same, and G² is 0.

    References
    ----------
    Rücker et al. 2011, doi:10.1093/biostatistics/kxq046.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"yi": [-0.9, -0.4, -0.7, -0.3, 0.1], "vi": [0.2, 0.1, 0.09, 0.04, 0.02]}
    >>> r = mo.bias.limit_meta_analysis(mo.pool(d, measure="HR"))
    >>> round(r.estimate, 3), round(r.q_small, 2), round(r.q_residual, 2)
    (0.116, 8.96, 1.4)
    """
    pool = taken(result, "limit meta-analysis")
    y, v, tau2 = pool.studies.yi, pool.studies.vi, pool.tau2
    if np.ptp(v) <= 1e-12 * v.max():
        raise DataError("all trials have the same standard error: nothing can depend on it.")
    tau, spread = math.sqrt(tau2), np.sqrt(v + tau2)
    fit = wls.fit(1 / spread**2, y, design(spread))
    beta, alpha = (float(b) for b in fit.beta)
    at = np.array([1.0, tau])
    estimate, se = beta + tau * alpha, math.sqrt(float(at @ fit.cov @ at))
    limits = beta + tau * (y - beta) / spread
    q = float(wls.q(wls.fit(1 / v, y)))
    rest = float(wls.q(wls.fit(1 / v, y, design(np.sqrt(v)))))
    half = float(critical(pool.level)) * se
    return LimitResult(
        estimate=estimate,
        se=se,
        ci_low=estimate - half,
        ci_high=estimate + half,
        statistic=estimate / se,
        df=np.inf,
        p_value=float(two_sided_p(estimate / se)),
        k=pool.k,
        level=pool.level,
        measure=pool.measure,
        method="limit",
        intercept=beta,
        slope=alpha,
        tau2=tau2,
        q=q,
        q_small=q - rest,
        q_residual=rest,
        q_small_p=float(chi2_p(q - rest, 1)),
        q_residual_p=float(chi2_p(rest, pool.k - 2)),
        g2=100 * _unexplained(limits, np.sqrt(v)) if tau2 > 0 else 0.0,
        limits=limits,
        result=pool,
        provenance=replace(pool.provenance, verb="bias.limit_meta_analysis", notes=(), cautions=()),
    )


def _unexplained(limits: Floats, se: Floats) -> float:
    """Return 1 less the squared correlation of limit effects and 1, both over the standard error."""
    return 1 - float(np.corrcoef(limits / se, 1 / se)[0, 1]) ** 2
