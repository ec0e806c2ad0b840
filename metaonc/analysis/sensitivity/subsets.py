"""leave_one_out and cumulative: one pool of each subset of the trials."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...base.messages.arguments import known_arguments
from ...errors import DataError, OptionError
from ..pooling.inverse_variance.result import MetaResult
from ..pooling.multivariate.result import MultivariateResult
from ..pooling.regression.result import RegressionResult
from ..pooling.subgroups.refit import refuse_shared
from ..pooling.subgroups.result import SubgroupResult
from ..results.inside import pool_in
from ..results.pooled import PooledResult
from .members import Members
from .refits import can_refit
from .subset_refits import table_of
from .subsets_result import SubsetsResult
from .subsets_result import members as members_of

KINDS = (PooledResult, SubgroupResult, MultivariateResult, RegressionResult)
Fitted = PooledResult | SubgroupResult | MultivariateResult | RegressionResult


@known_arguments
def leave_one_out(result: Fitted, *, by: str = "trial") -> SubsetsResult:
    """Fit again without each trial in turn.

    Parameters
    ----------
    result : PooledResult, SubgroupResult, MultivariateResult or RegressionResult
        What a pooling function (``pool``, ``pool_mantel_haenszel``, ``pool_peto``, ``pool_glmm``,
        ``pool_beta_binomial``, ``pool_bayes``, ``pool_multilevel``, ``pool_subgroups``, ``pool_multivariate``),
        ``interaction`` of two levels or ``regress`` returned. Model, interval, level and all options are kept, also a
        tau² or priors that were given; a regression keeps the codings of its moderators.
    by : {"trial", "row"}
        What leaves at a time: all rows of a trial (of ``pool_multilevel`` those of a unit of the outermost level), or
        each row alone; rows of one name then are told apart by their number in the table.

    Returns
    -------
    SubsetsResult
        Its `table` has one row a trial left out (``study``): estimate, se, df, ci_low, ci_high, tau2, q, i2 (percent)
        of the others, on the scale of analysis, the type of the interval, and the reason where there is no estimate,
        whose numbers then are NaN. Subgroups, outcomes and coefficients have a row each; in the row of all subgroups
        stands the test between them. Where one row is left to ``pool`` its interval is Wald's, and tau2 (unless
        given), q and i2 are 0.

    Raises
    ------
    DataError
        When `result` is of another kind, or of one trial.
    OptionError
        A result of ``pool`` with ``HC`` intervals or GENQ weights; subgroups whose levels share patients; a `by` that
        does not exist.

    References
    ----------
    Viechtbauer and Cheung 2010, doi:10.1002/jrsm.11.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, 0.4], "vi": [0.04, 0.03, 0.05]}, method="DL", ci="wald")
    >>> mo.sensitivity.leave_one_out(r)["estimate"].round(3).tolist()
    [0.036, -0.056, -0.386]
    >>> d = {"a": [0, 4, 6], "n1": [20, 44, 107], "b": [1, 0, 4], "n2": [43, 44, 110]}
    >>> r = mo.pool_mantel_haenszel(d, measure="OR", events_t="a", n_t="n1", events_c="b", n_c="n2")
    >>> mo.sensitivity.leave_one_out(r)["estimate"].round(3).tolist()
    [0.974, 0.296, 1.841]
    """
    result = pool_in(result)
    subsets = _members(result, "leave_one_out", by)
    if len(subsets.names) < 2:
        raise DataError(f"one {by} cannot be left out of itself; two are the least.")
    return _pools(result, subsets, by)


@known_arguments
def cumulative(result: Fitted, *, by: str = "trial") -> SubsetsResult:
    """Fit the first trial, the first two, and so on, in the order of the table that was pooled.

    Parameters
    ----------
    result : PooledResult, SubgroupResult, MultivariateResult or RegressionResult
        As of ``leave_one_out``, of a table sorted by what the trials are to be added by, such as their year; not of
        ``regress``, as the first trials have no coefficients. Model, interval, level and all options are kept.
    by : {"trial", "row"}
        What comes in at a time: all rows of a trial, where the first of them stands, or each row alone.

    Returns
    -------
    SubsetsResult
        Its `table` has one row a trial added (``study``), with the columns of ``leave_one_out``.

    Raises
    ------
    DataError
        When `result` is of another kind.
    OptionError
        A result of ``pool`` with ``HC`` intervals or GENQ weights; subgroups whose levels share patients; a `by` that
        does not exist.

    References
    ----------
    Lau et al. 1992, N Engl J Med 327:248 (not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, 0.4], "vi": [0.04, 0.03, 0.05]}, method="DL", ci="wald")
    >>> mo.sensitivity.cumulative(r)["estimate"].round(3).tolist()
    [-0.5, -0.386, -0.145]
    """
    result = pool_in(result)
    if isinstance(result, RegressionResult):
        raise DataError(
            "the first trials of a regression have no coefficients; take leave_one_out, or cumulative of pool."
        )
    return _pools(result, _members(result, "cumulative", by), by)


def _members(result: Any, verb: str, by: str) -> Members:
    if not isinstance(result, KINDS):
        raise DataError(
            f"a result of a pooling function, of interaction of two levels or of regress is wanted, not "
            f"{type(result).__name__}."
        )
    if isinstance(result, MetaResult):
        can_refit(result.ci, result.method, "subsets of its trials")
    if isinstance(result, SubgroupResult):
        _refuse_dependent(result, by)
    return members_of(result, verb, by)


def _refuse_dependent(result: SubgroupResult, by: str) -> None:
    """Raise an OptionError where rows of subgroups depend on each other."""
    refuse_shared(result)
    summed = result.whole_trials[1]
    if by == "row" and summed:
        raise OptionError(
            f"the pool of all sums the counts of trial {summed[0]!r} over its subgroups, whose rows can only leave "
            "together: take by='trial'."
        )


def _pools(result: Fitted, subsets: Members, by: str) -> SubsetsResult:
    return SubsetsResult(
        table=table_of(result, subsets),
        verb=subsets.verb,
        by=by,
        whole=result,
        provenance=dataclasses.replace(result.provenance, verb=f"sensitivity.{subsets.verb}", notes=()),
    )
