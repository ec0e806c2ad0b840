"""selection_model: the pool as it would be if trials had been published whatever their p-values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....base.check import confidence_level, one_of
from ....base.messages.arguments import known_arguments
from ...numeric.distributions import chi2_p, critical, two_sided_p
from ...pooling.inverse_variance.result import MetaResult
from .fit import at_bound, fit, model_of
from .options import checked_p_min, imprecision_of, steps_of
from .published import published
from .result import SelectionResult
from .weight_functions import WEIGHT_FUNCTIONS


@known_arguments
def selection_model(
    result: MetaResult,
    *,
    function: str = "stepfun",
    steps: Sequence[float] | None = None,
    delta: Sequence[float | None] | None = None,
    alternative: str | None = None,
    precision: str | None = None,
    p_min: float = 0.0,
    level: float = 0.95,
) -> SelectionResult:
    r"""Estimate the effect that trials would show had they not been selected by their p-values.

    A trial is published with a probability that is proportional to a weight w of its p-value; mean, tau² and the
    weight's parameters are estimated by maximum likelihood.

    .. math:: L = \prod_i \frac{w(p_i)\, N(y_i; \mu, v_i + \tau^2)}{\int w(p(y))\, N(y; \mu, v_i + \tau^2)\, dy}

    The integral is of closed form for weights that are constant in intervals, else by Gauss and Legendre's rule to
    rounding, and the maximum is where the slope is 0 or a parameter at its bound.

    Parameters
    ----------
    result : MetaResult
        What ``pool`` returned: the trials, and whether their effect is common (``method="CE"``), tau² given or
        estimated; that is by maximum likelihood here, whatever the estimator of the pool.
    function : str, default "stepfun"
        The weight of a p-value, a code of ``mo.bias.WEIGHT_FUNCTIONS``: stepfun (constant between `steps`), beta,
        halfnorm, negexp, logistic, power, negexppow, or trunc (constant on each side of no effect).
    steps : sequence of float, optional
        Between which p-values the weight is constant: 0.025 when not given, 0.05 if p is two-sided. Of halfnorm,
        negexp, logistic, power and negexppow one, up to which the weight is 1.
    delta : sequence, optional
        Parameters of the weight that are given, None where one is to be estimated; of steps one an interval, the first
        1. With fewer than 20 trials weights that are given, several sets in turn, are the honest form (Vevea and Woods
        2005).
    alternative : {"greater", "less", "two-sided"}, optional
        Which effects have small p-values, on the scale of analysis: a hazard ratio below 1 is ``less``. When not
        given, the side of the pooled estimate; the result says which.
    precision : {"sei", "vi", "ninv", "sqrtninv"}, optional
        Imprecision of a trial that delta is multiplied by, 1 for the least precise: standard error, variance, 1/n or
        1/sqrt(n). Of halfnorm, negexp, logistic, power and negexppow.
    p_min : float, default 0
        P-values nearer to 0 or 1 are taken as that near. 1e-5 gives metafor's number for beta and power.
    level : float, default 0.95
        Level of the Wald interval.

    Returns
    -------
    SelectionResult
        The corrected effect, tau² and the weights with their intervals, on the scale of analysis.

    Raises
    ------
    OptionError
        An option that does not exist or does not go with the weight; correlated sampling errors.
    DataError
        No pool by inverse variance, a measure without a value of no effect, fewer trials than parameters, no trial in
        the first interval, a p-value of which the weight is 0 or infinite.
    ConvergenceError
        No maximum was found.

    Notes
    -----
    Intervals are Wald's, from the inverse of the Hessian; where that is not negative definite there are none. A tau² of
    0 and weights of 0 are held there, a weight function at the bound of no selection is not: its uncertainty is in the
    interval of the effect.

    References
    ----------
    Hedges 1992, doi:10.1214/ss/1177011364; Vevea and Hedges 1995, doi:10.1007/BF02294384; Preston et al. 2004,
    doi:10.1111/j.1365-2753.2003.00457.x; Vevea and Woods 2005, doi:10.1037/1082-989X.10.4.428; Citkowicz and Vevea
    2017, doi:10.1037/met0000119; all not read, their weights are as R's metafor describes them.

    Examples
    --------
    >>> import metaonc as mo
    >>> trials = {"yi": [-0.9, -0.8, -0.55, -0.5, -0.3, -0.25, -0.1, 0.1],
    ...           "vi": [0.16, 0.12, 0.06, 0.05, 0.04, 0.02, 0.02, 0.05]}
    >>> r = mo.bias.selection_model(mo.pool(trials, measure="HR"), steps=[0.025], delta=[1, 0.3])
    >>> round(r.estimate, 3), round(r.without.estimate, 3), r.alternative
    (-0.199, -0.289, 'less')
    """
    record = WEIGHT_FUNCTIONS[one_of("function", function, WEIGHT_FUNCTIONS)]
    confidence_level(level)
    p = published(result, alternative, level, "selection_model")
    at = steps_of(steps, record, p.alternative)
    imprecision = imprecision_of(precision, record, p.without.studies)
    model = model_of(p, record, at, delta, imprecision, checked_p_min(p_min))
    found = fit(p, model)
    estimate, se = p.sign * found.theta[0], float(found.errors[0])
    half = float(critical(level)) * se
    weights, errors = model.filled(found.theta[2:]), model.filled(found.errors[2:], np.nan)
    cov = found.cov[2:, 2:]
    weights.flags.writeable = errors.flags.writeable = cov.flags.writeable = False
    df = int(np.isnan(model.given).sum())
    settings = {"function": function, "steps": at.tolist(), "delta": None if delta is None else model.given.tolist(),
                "alternative": p.alternative, "precision": precision, "p_min": float(p_min), "level": level,
                "tau2": result.provenance.settings["tau2"]}  # fmt: skip
    return SelectionResult(
        estimate=estimate, se=se, ci_low=estimate - half, ci_high=estimate + half, statistic=estimate / se, df=np.inf,
        p_value=float(two_sided_p(estimate / se)), tau2=found.theta[1], se_tau2=float(found.errors[1]), weights=weights,
        weight_errors=errors, weight_cov=cov, weight_names=model.names, trials_by_interval=model.counts,
        at_bound=at_bound(found, model), lr_statistic=found.lr, lr_df=df,
        lr_p_value=float(chi2_p(found.lr, df)) if df else np.nan, loglik=found.loglik, endless=found.endless,
        k=len(p.y), level=level, measure=result.measure, method=p.without.method, without=p.without,
        provenance=p.provenance("bias.selection_model", settings, result),
    )  # fmt: skip
