"""What tests of small-study effects take: a pool of independent effects, with their counts or sizes where needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...base.check import columns_exist, refuse
from ...base.messages.advice import option
from ...base.numbers import numbers
from ...errors import ColumnError, DataError, OptionError
from ..methods.tau2 import TAU2_METHODS
from ..numeric.wls import Floats
from ..pooling.inverse_variance.result import MetaResult
from ..results.inside import pool_in
from ..results.studies import Studies

TABLE = ("events_t", "n_t", "events_c", "n_c")


def taken(result: Any, verb: str, least: int = 3) -> MetaResult:
    """Return a pool when it is one of independent effects, enough of them.

    Raises
    ------
    DataError
        When it is no result of ``pool``, or of too few trials.
    OptionError
        When its sampling errors are correlated.
    """
    result = pool_in(result)
    if not isinstance(result, MetaResult):
        raise DataError(f"{verb} takes a result of pool, not {type(result).__name__}: pool the effects by mo.pool.")
    if result.studies.covariance is not None:
        raise OptionError(
            f"the rows of this pool have correlated sampling errors, and {verb} is of independent rows. Pool one row a "
            "trial by pool."
        )
    if result.k < least:
        raise DataError(f"{verb} wants {least} trials or more; this pool has {result.k}.")
    return result


def estimator(result: MetaResult, verb: str) -> str:
    """Return the code of the pool's estimator of tau², when it can be used again on other rows."""
    if result.method not in TAU2_METHODS:
        raise OptionError(
            f"method={result.method!r}: {verb} estimates tau² anew, and weights of your own are not known for that. "
            f"Pool again with method= one of {list(TAU2_METHODS)}."
        )
    return result.method


def tau2_of(result: MetaResult, y: Floats, v: Floats, x: Floats | None = None) -> float:
    """Return tau² of other effects by the pool's own method: the given one, or estimated anew."""
    given = result.provenance.settings["tau2"]
    return float(TAU2_METHODS[result.method].estimate(y, v, x)) if given is None else float(given)


def tables(studies: Studies, verb: str) -> dict[str, Floats]:
    """Return the counts of two arms, role -> (k,).

    Raises
    ------
    ColumnError
        When they are not known, or missing in a row.
    """
    return {role: role_of(studies, role, verb) for role in TABLE}


def role_of(studies: Studies, role: str, verb: str) -> Floats:
    """Return the numbers of a role such as ``n_t``."""
    values = studies.counts(role)
    if values is None:
        raise ColumnError(
            f"{verb} needs the counts of both arms, and the column {role} of this pool is not known. Make the effects "
            f"by effect_sizes, with {', '.join(f'{name}=' for name in TABLE)}."
        )
    bad = ~np.isfinite(values)
    refuse(bad, studies.labels, lambda i: f"{role} is missing, and {verb} needs it; leave the row out.")
    return values


def sizes(studies: Studies, n: str | None, verb: str) -> Floats:
    """Return the size of each trial: from the column `n`, or else all arms together as ``effect_sizes`` knew them."""
    if n is not None:
        columns_exist(list(studies.data.columns), {"n": n})
        values = numbers(studies.data[n], n, studies.labels)
    else:
        values = studies.sizes
        if np.isnan(values).all():
            raise ColumnError(f"{verb} needs the size of each trial, which is not known: name its column by "
                              f"{option('n')}, or make the effects by effect_sizes.")  # fmt: skip
    refuse(~(values > 0) | ~np.isfinite(values), studies.labels,
           lambda i: f"n={values[i]:g} is no size of a trial; give a number above 0.")  # fmt: skip
    return values
