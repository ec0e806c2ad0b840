"""pool_many: as pool does, of very many analyses in one call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import LARGEST, columns_exist, confidence_level, labels_of, one_of, refuse
from ....base.frames import rows_of, to_pandas
from ....base.labels import blanks, join_labels
from ....base.messages.arguments import known_arguments
from ....base.messages.warning import warn
from ....base.numbers import numbers
from ....errors import DataError, DataWarning, OptionError
from ...methods.intervals import from_covariance, usual_interval
from ...methods.tau2 import TAU2_METHODS, is_common
from ...numeric.distributions import chi2_p, to_error, two_sided_p
from ...numeric.mixed_model import Ints
from ...numeric.wls import Floats
from .batch import Pools, joined, pooled_rows
from .options import check_options

NUMBERS = 50_000  # in a block of analyses: small enough to stay in a processor's cache
Blocks = Iterator[tuple[Floats, Floats]]


@known_arguments
def pool_many(
    effects: Any,
    variances: Any = None,
    *,
    by: str | None = None,
    yi: str = "yi",
    vi: str = "vi",
    method: str = "REML",
    ci: str | None = None,
    tau2: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Pool many analyses at once, each as ``pool`` does: the same numbers, a thousand times faster than one by one.

    For simulation, resampling and screening. It says nothing of single analyses, such as trials that share patients;
    for that use ``pool``.

    Parameters
    ----------
    effects : array of shape (m, k), or dataframe
        Effects of m analyses of up to k trials, NaN where there is none; or a long table, one row a trial of an
        analysis.
    variances : array of shape (m, k), optional
        Sampling variances, NaN where there is no effect; variances (k,) are of all analyses. Of a table None.
    by : str, optional
        Of a table: the column that names the analysis.
    yi, vi : str
        Of a table: columns of effects and of sampling variances.
    method : str, default "REML"
        As in ``pool``; not GENQ.
    ci : {"HKSJ", "HKSJ-adhoc", "t", "wald", "KR"}, optional
        As in ``pool``, also when not given; not HC.
    tau2 : float, optional
        As in ``pool``.
    level : float, default 0.95
        As in ``pool``.

    Returns
    -------
    pandas.DataFrame
        One row an analysis, named by its number or its name in `by`: k, estimate, se, statistic, df, p_value, ci_low,
        ci_high, tau2, q, q_p, i2 (percent), on the scale of analysis. Of one trial alone the interval is Wald's, and
        tau2 and i2 are NaN, as in ``pool``.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist; intervals and estimators that are not fitted in batches.
    DataError
        Arrays of other shapes, a variance that is not above 0, an infinite effect, an effect without variance or the
        other way round, an analysis without trials: names row and value.

    Warns
    -----
    DataWarning
        Rows of a table without effect and variance were left out; names that differ by what no reader sees were
        joined.

    Examples
    --------
    >>> import numpy as np
    >>> import metaonc as mo
    >>> rng = np.random.default_rng(1)
    >>> many = mo.pool_many(rng.normal(-0.3, 0.3, (1000, 6)), np.full(6, 0.04), method="DL", ci="wald")
    >>> many.shape, bool((many["ci_high"] < 0).mean() > 0.5)
    ((1000, 12), True)
    >>> t = {"era": ["old", "old", "new", "new", "new"], "yi": [0.1, 0.3, -0.2, 0.2, 0.4], "vi": [0.04] * 5}
    >>> mo.pool_many(t, by="era", method="CE", ci="wald")["estimate"].round(3).to_dict()
    {'old': 0.2, 'new': 0.133}
    """
    one_of("method", method, TAU2_METHODS)
    ci = one_of("ci", ci or usual_interval(method, tau2), from_covariance())
    check_options(method, ci, None, tau2, None)
    confidence_level(level)
    if variances is None:
        names, sizes, order, blocks = _of_table(effects, by, yi, vi)
    elif by is not None:
        raise OptionError("by= names a column of a table; arrays have one analysis a row, so leave it out.")
    else:
        names, sizes, order, blocks = _of_arrays(effects, variances)
    found = joined([pooled_rows(y, v, method, ci, level, tau2) for y, v in blocks])
    back = np.argsort(order, kind="stable")
    return _told(Pools(*(part[back] for part in found)), sizes, names, is_common(method) or tau2 is not None)


def _told(p: Pools, k: Ints, names: pd.Index, known: bool) -> pd.DataFrame:
    alone = k == 1
    statistic = to_error(p.estimate, p.se)
    columns = {
        "k": k, "estimate": p.estimate, "se": p.se, "statistic": statistic, "df": p.df,
        "p_value": two_sided_p(statistic, p.df), "ci_low": p.ci_low, "ci_high": p.ci_high,
        "tau2": p.tau2 if known else np.where(alone, np.nan, p.tau2), "q": p.q, "q_p": chi2_p(p.q, k - 1),
        "i2": np.where(alone, np.nan, p.i2),
    }  # fmt: skip
    return pd.DataFrame(columns, index=names, copy=False)


def _of_arrays(effects: Any, variances: Any) -> tuple[pd.Index, Ints, Ints, Blocks]:
    """Return names and sizes of the analyses, their order, and blocks of effects and variances in that order."""
    y, v = _array(effects, "effects"), _array(variances, "variances")
    if y.ndim != 2 or 0 in y.shape or v.shape not in (y.shape, y.shape[1:]):
        raise DataError(
            f"effects of shape {y.shape} and variances of shape {v.shape}: give (m, k) both, or (m, k) and (k,)."
        )
    v = np.where(np.isnan(y), np.nan, v) if v.ndim == 1 else v
    there = np.isfinite(y)
    bad = (there != np.isfinite(v)) | np.isinf(y) | np.isinf(v) | (v <= 0) | (np.abs(y) > LARGEST)
    if bad.any():
        _refuse(y, v, *np.argwhere(bad)[0])
    sizes = there.sum(1)
    if not sizes.all():
        raise DataError(f"row {int(sizes.argmin())}: no trial has an effect; leave the analysis out.")
    step = max(NUMBERS // y.shape[1], 1)
    whole = bool(there.all())
    parts = (slice(start, start + step) for start in range(0, len(y), step))
    blocks = ((y[i], v[i]) if whole else _without(y[i], v[i]) for i in parts)
    return pd.RangeIndex(len(y), name="analysis"), sizes, np.arange(len(y)), blocks


def _without(y: Floats, v: Floats) -> tuple[Floats, Floats]:
    lacks = np.isnan(y)
    return np.where(lacks, 0.0, y), np.where(lacks, np.inf, v)


def _array(values: Any, name: str) -> Floats:
    array = np.asarray(values)
    if array.dtype.kind not in "iuf":
        raise DataError(f"{name} must be an array of numbers, not of {array.dtype}; of a table give by= instead.")
    return array.astype(float, copy=False)


def _refuse(y: Floats, v: Floats, row: int, column: int) -> None:
    """Raise the DataError of an element that is no effect with its variance."""
    effect, variance = y[row, column], v[row, column]
    place = f"row {row}, column {column}"
    if np.isnan(effect) or np.isnan(variance):
        raise DataError(f"{place}: effect {effect:g}, variance {variance:g}; both are NaN where a trial is not there.")
    if variance <= 0:
        raise DataError(f"{place}: variance {variance:g} is not above 0; it is a squared standard error.")
    raise DataError(
        f"{place}: effect {effect:g}, variance {variance:g}: both must be finite, of sizes below {LARGEST:g}."
    )


def _of_table(table: Any, by: str | None, yi: str, vi: str) -> tuple[pd.Index, Ints, Ints, Blocks]:
    """Return the same of a long table: analyses of like size share a block, so that none is padded to the largest."""
    if by is None:
        raise OptionError("of a table by= must name the column of the analysis; of arrays give the variances too.")
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {"yi": yi, "vi": vi, "by": by})
    rows = rows_of(table, len(frame))
    frame, said = join_labels(frame, [by], rows)
    labels = labels_of(None, rows)
    refuse(blanks(frame[by]), labels, lambda i: f"{by} is missing; name its analysis, or take the row out.")
    y, v = (numbers(frame[column], column, labels) for column in (yi, vi))
    refuse(np.isnan(y) != np.isnan(v), labels, lambda i: f"{yi}={y[i]:g}, {vi}={v[i]:g}: give both or neither.")
    bad = (v <= 0) | (v > LARGEST) | (np.abs(y) > LARGEST)
    refuse(bad, labels, lambda i: f"{yi}={y[i]:g}, {vi}={v[i]:g} are no effect with its sampling variance.")
    codes, names = pd.factorize(frame[by])
    there = ~np.isnan(y)
    for note in said:
        warn(note, DataWarning)
    if not there.all():
        warn(f"{int((~there).sum())} of {len(y)} rows left out, without effect and variance.", DataWarning)
    sizes = np.bincount(codes[there], minlength=len(names))
    if not len(names) or not sizes.all():
        lacking = f"{by} {names[int(sizes.argmin())]!r}" if len(names) else "the table"
        raise DataError(f"{lacking}: no trial has an effect; leave the analysis out.")
    sort = np.argsort(codes[there], kind="stable")
    order = np.argsort(sizes, kind="stable")
    return pd.Index(names, name=by), sizes, order, _rows(y[there][sort], v[there][sort], sizes, order)


def _rows(y: Floats, v: Floats, sizes: Ints, order: Ints) -> Blocks:
    """Return blocks of padded analyses, in the order given; y and v hold them one after another."""
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    first = 0
    while first < len(order):
        widths = sizes[order[first:]]
        some = max(int(np.searchsorted(np.arange(1, len(widths) + 1) * widths, NUMBERS, side="right")), 1)
        chosen = order[first : first + some]
        width = int(sizes[chosen[-1]])
        place = np.arange(width)
        there = place < sizes[chosen][:, None]
        at = np.where(there, starts[chosen][:, None] + place, 0)
        yield np.where(there, y[at], 0.0), np.where(there, v[at], np.inf)
        first += some
