"""leave_one_out and cumulative: one pool of each subset of the trials."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ...errors import DataError
from ..pooling.inverse_variance.result import MetaResult
from .independent import refuse_correlated
from .refits import can_refit
from .subset_pools import pools
from .subsets_result import SubsetsResult


def leave_one_out(result: MetaResult) -> SubsetsResult:
    """Pool again without each trial in turn.

    Parameters
    ----------
    result
        What ``pool`` returned. Method, interval, level and a tau² that was given are kept.

    Returns
    -------
    SubsetsResult
        Its `table` has one row a trial left out (``study``): estimate, se, df, ci_low, ci_high, tau2, q, i2 (percent)
        of the others, on the scale of analysis. Where one trial is left its interval is Wald's, and tau2 (unless
        given), q and i2 are 0.

    Raises
    ------
    DataError
        When `result` is not of ``pool``, or of one trial.
    OptionError
        A result with ``HC`` intervals, GENQ weights or correlated sampling errors.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, 0.4], "vi": [0.04, 0.03, 0.05]}, method="DL", ci="wald")
    >>> mo.sensitivity.leave_one_out(r)["estimate"].round(3).tolist()
    [0.036, -0.056, -0.386]
    """
    _check(result)
    if result.k < 2:
        raise DataError("one trial cannot be left out of itself; two are the least.")
    return _pools(result, np.not_equal, "leave_one_out")


def cumulative(result: MetaResult) -> SubsetsResult:
    """Pool the first trial, the first two, and so on, in the order of the table that was pooled.

    Parameters
    ----------
    result
        What ``pool`` returned, of a table sorted by what the trials are to be added by, such as their year. Method,
        interval, level and a tau² that was given are kept.

    Returns
    -------
    SubsetsResult
        Its `table` has one row a trial added (``study``), with the columns of ``leave_one_out``.

    Raises
    ------
    DataError
        When `result` is not of ``pool``.
    OptionError
        A result with ``HC`` intervals, GENQ weights or correlated sampling errors.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, 0.4], "vi": [0.04, 0.03, 0.05]}, method="DL", ci="wald")
    >>> mo.sensitivity.cumulative(r)["estimate"].round(3).tolist()
    [-0.5, -0.386, -0.145]
    """
    _check(result)
    return _pools(result, np.greater_equal, "cumulative")


def _check(result: Any) -> None:
    if not isinstance(result, MetaResult):
        raise DataError(f"a result of pool is wanted, not {type(result).__name__}.")
    refuse_correlated(result)
    can_refit(result.ci, result.method, "subsets of its trials")


def _pools(r: MetaResult, inside: Callable[[Any, Any], Any], verb: str) -> SubsetsResult:
    """Return one row a subset: in that of number i are the trials j of which `inside` (i, j) is true."""
    given, trials = r.provenance.settings["tau2"], np.arange(r.k)
    found = pools(r.studies.yi, r.studies.vi, lambda i: inside(i, trials), r.method, r.ci, r.level, given)
    return SubsetsResult(
        table=pd.DataFrame({"study": list(r.studies.labels), **found._asdict()}), verb=verb, measure=r.measure,
        method=r.method, ci=r.ci, level=r.level, given_tau2=given, studies=r.studies,
        differences=r.provenance.verb == "interaction",
        provenance=dataclasses.replace(r.provenance, verb=f"sensitivity.{verb}", notes=()),
    )  # fmt: skip
