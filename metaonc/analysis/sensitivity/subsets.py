"""leave_one_out and cumulative: one pool of each subset of the trials, all in one batch."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from ...base.check import one_of
from ...errors import DataError
from ..methods.heterogeneity import heterogeneity
from ..methods.intervals import CI_METHODS, FROM_COVARIANCE
from ..methods.tau2 import TAU2_METHODS
from ..numeric import wls
from ..numeric.distributions import critical
from ..numeric.normal_likelihood import weights
from ..pooling.inverse_variance.result import MetaResult
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
        A result with ``HC`` intervals or GENQ weights.

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
    return _pools(result, ~np.eye(result.k, dtype=bool), "leave_one_out")


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
        A result with ``HC`` intervals or GENQ weights.

    Examples
    --------
    >>> import metaonc as mo
    >>> r = mo.pool({"yi": [-0.5, -0.3, 0.4], "vi": [0.04, 0.03, 0.05]}, method="DL", ci="wald")
    >>> mo.sensitivity.cumulative(r)["estimate"].round(3).tolist()
    [-0.5, -0.386, -0.145]
    """
    _check(result)
    return _pools(result, np.tri(result.k, dtype=bool), "cumulative")


def _check(result: Any) -> None:
    if not isinstance(result, MetaResult):
        raise DataError(f"a result of pool is wanted, not {type(result).__name__}.")
    one_of("ci of a result whose subsets can be pooled", result.ci, FROM_COVARIANCE)
    one_of("method of a result whose subsets can be pooled", result.method, TAU2_METHODS)


def _pools(r: MetaResult, inside: Any, verb: str) -> SubsetsResult:
    """Return one row a subset: a trial that is out has an infinite variance, and so no weight."""
    v = np.where(inside, r.studies.vi, np.inf)
    y = np.broadcast_to(r.studies.yi, v.shape)
    df = inside.sum(-1) - 1
    several = df > 0
    given = r.provenance.settings["tau2"]
    tau2 = np.zeros(len(v)) if given is None else np.full(len(v), float(given))
    if given is None:
        tau2[several] = TAU2_METHODS[r.method].estimate(y[several], v[several], None)
    f = wls.fit(weights(v, tau2), y)
    cov, free = CI_METHODS[r.ci].adjust(f, np.maximum(df, 1))
    se = np.sqrt(np.where(several, cov, f.cov))  # of one trial its own
    free = np.where(several, free, np.inf)
    half = critical(r.level, free) * se
    het = heterogeneity(y, v, None, None if r.method == "CE" and given is None else tau2)
    columns = {
        "study": list(r.studies.labels), "estimate": f.beta, "se": se, "df": free, "ci_low": f.beta - half,
        "ci_high": f.beta + half, "tau2": tau2, "q": np.where(several, het.q, 0.0),
        "i2": np.where(several, het.i2, 0.0),
    }  # fmt: skip
    return SubsetsResult(
        table=pd.DataFrame(columns), verb=verb, measure=r.measure, method=r.method, ci=r.ci, level=r.level,
        given_tau2=given, differences=r.provenance.verb == "interaction",
        provenance=dataclasses.replace(r.provenance, verb=f"sensitivity.{verb}", notes=()),
    )  # fmt: skip
