"""influence: how far each trial moves a pool or a regression."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from ....base.messages.arguments import known_arguments
from ....errors import DataError, OptionError
from ...methods.intervals import from_covariance
from ...methods.tau2 import TAU2_METHODS
from ...pooling.inverse_variance.result import MetaResult
from ...pooling.multilevel.result import MultilevelResult
from ...pooling.multivariate.result import MultivariateResult
from ...pooling.regression.result import RegressionResult
from ...results.inside import pool_in
from ...results.pooled import PooledResult
from ..members import members
from ..refits import can_refit, refuse_correlated
from . import blocks, refits, rows
from .deletion import row_hat
from .result import InfluenceResult
from .rules import INFLUENCE_RULES, OF_BLOCKS, flags

Fitted = PooledResult | RegressionResult | MultivariateResult


@known_arguments
def influence(result: Fitted, *, reestimate: bool = True) -> InfluenceResult:
    r"""Return what leaving out each trial does to a fit: outliers, leverage and influence.

    With the coefficients b of all trials, b(-i) of all but trial i, and V their covariances:

    ==========  ========================================================================================
    rstudent    :math:`(y_i - x_i^T b_{(-i)}) / \sqrt{v_i + \tau^2_{(-i)} + x_i^T V_{(-i)} x_i}`
    dffits      the change of its own fitted value, in standard errors of that value
    cook_d      :math:`(b - b_{(-i)})^T V^{-1} (b - b_{(-i)})`
    cov_ratio   :math:`\det V_{(-i)} / \det V`: below 1, the estimate is more precise without the trial
    hat         leverage: how far an effect pulls its own fitted value; they add up to the number of coefficients
    dfbeta      the change of each coefficient, in its standard errors
    ==========  ========================================================================================

    tau² is estimated anew without each trial, by the method and the interval of the result, unless it was given. Pools
    without a closed form (``pool_mantel_haenszel``, ``pool_peto``, ``pool_glmm``, ``pool_beta_binomial``,
    ``pool_bayes``, and of ``pool`` those with HC intervals, GENQ weights or correlated errors) are made anew without
    each trial; the change of the effect is then in standard errors of the whole, rstudent of the effects that trials
    have of their own (of ``pool_bayes`` beside the predictive distribution without each), and leverage is the weight
    where the pooled effect is the weighted mean of these, else NaN.

    Parameters
    ----------
    result : PooledResult, RegressionResult or MultivariateResult
        What a pooling function, ``regress`` or ``pool_multivariate`` returned. Of ``pool_multilevel``,
        ``pool_multivariate`` and pools with correlated errors all rows of a trial (a unit of the outermost level) leave
        together, of the others each row alone.
    reestimate : bool, default True
        Of ``pool_multilevel`` and ``pool_multivariate``: whether variance components are estimated anew without each
        trial, or those of all are kept, which is faster.

    Returns
    -------
    InfluenceResult
        Its `table` has one row a trial, on the scale of analysis, and says by which rules a trial is flagged: DFFITS
        beyond 3√(p/(k - p)), Cook's distance above the median of chi-square with p degrees of freedom, leverage above
        3p/k, or DFBETAS beyond 1, of k rows and p coefficients. Of correlated rows, whose residuals have a common x2,
        the second and the last. The rules are conventions: a flag is a reason to look at a trial, none to leave it
        out.

    Raises
    ------
    DataError
        When `result` is of another kind, or too few rows are left without one; effects that do not differ where the
        interval rests on that.
    OptionError
        A robust result; ``reestimate=False`` of a model that has no such form.

    References
    ----------
    Viechtbauer and Cheung 2010, doi:10.1002/jrsm.11.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, -0.4, -0.2, 1.1], "vi": [0.04, 0.03, 0.05, 0.04, 0.06]}, ci="wald")
    >>> found = mo.sensitivity.influence(r)
    >>> found["rstudent"].round(2).tolist()
    [-0.7, -0.36, -0.52, -0.2, 5.47]
    >>> found.flagged["flags"].tolist()
    ["DFFITS, Cook's distance, DFBETAS"]
    """
    result = pool_in(result)
    if isinstance(result, (MultilevelResult, MultivariateResult)):
        return _by_block(result, reestimate)
    if not isinstance(result, (PooledResult, RegressionResult)):
        raise DataError(
            "a result of a pooling function, regress or pool_multivariate is wanted, not "
            f"{type(result).__name__}; of subgroups take one, as groups[level]."
        )
    if not reestimate:
        raise OptionError("reestimate=False is of pool_multilevel and pool_multivariate; here tau² is made anew.")
    if isinstance(result, RegressionResult) or _has_closed_form(result):
        return _by_row(result)
    return _by_refit(result)


def _has_closed_form(result: PooledResult) -> bool:
    """Return whether rows of a pool are left out in one batch."""
    known = isinstance(result, MetaResult) and result.studies.covariance is None
    return known and result.ci in from_covariance() and result.method in TAU2_METHODS


def _by_refit(result: PooledResult) -> InfluenceResult:
    by = "row" if result.studies.covariance is None else "trial"
    units = members(result.studies.labels, result.row_units, "leave_one_out", by)
    if len(units.names) < 3:
        raise DataError(f"{len(units.names)} trials: without one of them nothing is left to compare; 3 are the least.")
    if not np.isfinite(result.estimate):
        raise DataError(f"the pooled {result.record.label} is infinite: no change has a size. Take leave_one_out.")
    table, notes = refits.deleted(result, units)
    rows_ = pd.DataFrame()
    if "x2" in table:
        rows_ = pd.DataFrame({"study": list(result.row_units), "hat": refits.hat_of(result)})
    return _told(result, table, rows_, ("overall",), True, notes, refitted=True)


def _by_row(result: Any) -> InfluenceResult:
    model = fitted_of(result)
    names = members(result.studies.labels, result.row_units, "leave_one_out", "row").names
    table = rows.deleted(model, names)
    return _told(result, table, pd.DataFrame(), model.terms, True)


def fitted_of(result: MetaResult | RegressionResult) -> rows.Fitted:
    """Return the model of a pool or a regression of independent effects; any other is refused."""
    can_refit(result.ci, result.method, "diagnostics of its trials")
    s = result.studies
    if isinstance(result, RegressionResult):
        return rows.Fitted(s.yi, s.vi, result.design.x, result.design.names, result.method, result.ci, result.tau2,
                           False)  # fmt: skip
    refuse_correlated(result, "diagnostics of single trials")
    given = result.provenance.settings["tau2"] is not None
    tau2 = float(np.nan_to_num(result.tau2))
    return rows.Fitted(s.yi, s.vi, None, ("overall",), result.method, result.ci, tau2, given)


def _by_block(result: MultilevelResult | MultivariateResult, reestimate: bool) -> InfluenceResult:
    several = isinstance(result, MultivariateResult)
    if isinstance(result, MultilevelResult) and result.cluster is not None:
        raise OptionError("diagnostics are of the model, not of its robust variance: take the result before robust().")
    labels = result.labels if isinstance(result, MultivariateResult) else result.studies.labels
    units = members(labels, result.row_units, "leave_one_out", "trial")
    if len(units.names) < 3:
        raise DataError(f"{len(units.names)} trials: without one of them nothing is left to compare; 3 are the least.")
    model, theta = result.fitted_model
    hats = row_hat(model, theta)
    terms = result.outcomes if isinstance(result, MultivariateResult) else ("overall",)
    table = blocks.deleted(result, units, terms, hats, reestimate)
    each = np.nonzero(np.isfinite(result.yi)) if isinstance(result, MultivariateResult) else None
    which = range(len(labels)) if each is None else each[0].tolist()
    own: dict[str, Any] = {"study": [labels[i] for i in which]}
    if several and each is not None:
        own["outcome"] = [terms[j] for j in each[1].tolist()]
    return _told(result, table, pd.DataFrame({**own, "hat": hats}), terms, reestimate)


def _told(
    result: Fitted,
    table: pd.DataFrame,
    rows_: pd.DataFrame,
    terms: tuple[str, ...],
    anew: bool,
    notes: tuple[str, ...] = (),
    refitted: bool = False,
) -> InfluenceResult:
    k = len(rows_) or len(table)
    rules = OF_BLOCKS if "x2" in table else INFLUENCE_RULES
    table.insert(len(table.columns) - 1, "flags", flags(table, rules, k, len(terms)))
    settings = {**result.provenance.settings, "reestimate": anew, "refitted": refitted}
    provenance = dataclasses.replace(result.provenance, verb="sensitivity.influence", settings=settings, notes=notes)
    return InfluenceResult(table=table, rows=rows_, terms=terms, reestimated=anew, whole=result, provenance=provenance)
