"""pool_medians: median times across trials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ....base.check import columns_exist, confidence_level, labels_of, refuse, time_unit
from ....base.frames import rows_of, to_pandas
from ....base.labels import blank, join_labels
from ....base.messages.arguments import known_arguments
from ....base.missing import NOT_REACHED, SPACES, UNCLEAR
from ....base.numbers import numbers
from ....base.result import Provenance
from ....errors import OptionError
from ...effects.compute import effect_sizes
from ...effects.levels import reported_levels
from ...effects.route import by_level
from ...effects.routes import MEDIAN_ROUTE
from ...pooling.inverse_variance.pool import pool
from ...pooling.subgroups.pool import pool_subgroups
from ..names import named, study_column
from .quantiles import weighted_median
from .result import PooledMedians

ONE, TWO = ("median", "ci_low", "ci_high"), ("median_t", "ci_low_t", "ci_high_t", "median_c", "ci_low_c", "ci_high_c")
COLUMNS = ["group", "k", "median", "ci_low", "ci_high"]


@known_arguments
def pool_medians(
    table: Any,
    *,
    study: str | None = None,
    median: str | None = None,
    ci_low: str | None = None,
    ci_high: str | None = None,
    median_t: str | None = None,
    ci_low_t: str | None = None,
    ci_high_t: str | None = None,
    median_c: str | None = None,
    ci_low_c: str | None = None,
    ci_high_c: str | None = None,
    reported_level: float | str | None = None,
    at_least: str | None = None,
    n: str | None = None,
    by: str | None = None,
    method: str = "REML",
    ci: str = "HKSJ",
    unit: str | None = None,
    level: float = 0.95,
) -> PooledMedians:
    r"""Pool median times (progression-free or overall survival, time to response) from their reported intervals.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: y = \log M, \quad se = \frac{\log U - \log L}{2z}, \quad
        \text{or } \frac{\log M - \log L}{z} \text{ where the upper limit was not reached}

    Of two arms, the logarithm of the ratio of their medians. Beside it stands the weighted median of the trials'
    medians, which rests on their order alone.

    Parameters
    ----------
    table : dataframe
        One row a trial (or arm).
    study : str, optional
        Column of the trial; ``trial`` or ``study``, whichever the table has, when not given.
    median, ci_low, ci_high : str, optional
        Columns of the median and its limits, of one arm. An upper limit that was not reached is empty, or NR; a median
        that was not reached is written NR, or empty and named in a column ``not_reached``, as ``read_trials`` has it.
    median_t, ci_low_t, ci_high_t, median_c, ci_low_c, ci_high_c : str, optional
        The same of treatment and of control, for ratios of medians.
    reported_level : float or str, optional
        Level of the reported intervals, or the column that holds it; when not given, the column named after the
        limits, as ``ci_level`` of ``ci_low`` and ``ci_high``, and 0.95 where there is none.
    at_least : str, optional
        Column of a time that a median not reached exceeds, such as the longest follow-up. Without it medians not
        reached are refused, as trials without them are those where patients live longest.
    n : str, optional
        Column of patients, which the weighted median weights by; trials count alike when not given.
    by : str, optional
        Column of subgroups, such as KRAS: the pool of each, and the test between them.
    method, ci : str
        Estimator of tau² and interval of ``pool``.
    unit : {"days", "weeks", "months", "years"}, optional
        Of all medians, for print; rows of several are brought to one first.
    level : float, default 0.95
        Coverage of all limits.

    Returns
    -------
    PooledMedians
        ``pool`` is the pool itself, which figures, ``leave_one_out`` and so on take.

    Raises
    ------
    ColumnError, OptionError
        A column, an option or a unit that does not exist; columns of one arm and of two together.
    DataError
        A trial without a name; a median that is missing, not reached without `at_least`, or outside its interval: names
        trial and row.

    Notes
    -----
    Reported intervals of a median are mostly of Brookmeyer and Crowley, not Wald's; on the log scale they are nearer to
    symmetry. Of a median set at its bound the error is by the lower limit, and too small. The weighted median has
    limits only where the range of so many trials reaches the level, by :math:`1 - 2^{1 - k}`: 6 trials at 0.95.

    References
    ----------
    McGrath et al. 2019, Statistics in Medicine 38:969 (weighted median of medians; not read).

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"trial": ["A", "B", "C"], "m": [8.1, 10.5, 13.0], "lo": [6.9, 8.0, 9.1], "hi": [9.9, 13.6, "NR"]}
    >>> r = mo.survival.pool_medians(d, study="trial", median="m", ci_low="lo", ci_high="hi", unit="months")
    >>> round(float(r.pool.natural(r.pool.estimate)), 2), float(r.weighted["median"].iloc[0])
    (10.0, 10.5)
    """
    level, unit = confidence_level(level), time_unit(unit, table)
    given = {"median": median, "ci_low": ci_low, "ci_high": ci_high, "median_t": median_t, "ci_low_t": ci_low_t,
             "ci_high_t": ci_high_t, "median_c": median_c, "ci_low_c": ci_low_c, "ci_high_c": ci_high_c}  # fmt: skip
    roles = {name: column for name, column in given.items() if column is not None}
    if set(roles) not in (set(ONE), set(TWO)):
        raise OptionError("give median=, ci_low= and ci_high= of one arm, or all of median_t=, ci_low_t=, ci_high_t=, "
                          "median_c=, ci_low_c= and ci_high_c= of two.")  # fmt: skip
    frame = to_pandas(table)
    study = study_column(frame.columns, study)
    columns_exist(list(frame.columns), {**roles, "study": study, "at_least": at_least, "n": n, "by": by})
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study, by], rows)
    named(frame[study], study, rows)
    labels = labels_of(frame[study].tolist(), rows)
    open_rows = np.zeros(len(frame), dtype=bool)
    for role in [r for r in roles if r.startswith("median")]:
        own = _not_reached(frame, roles[role], labels)
        if len(roles) > len(ONE):
            refuse(own, labels, lambda i, role=role: f"{roles[role]} was not reached: there is no ratio of medians; "
                   "leave the trial out and say so, or pool hazard ratios.")  # fmt: skip
        open_rows |= own
    bounded, frame = _at_bounds(frame, roles, open_rows, at_least, labels)
    frame.index = pd.Index(list(rows))  # messages have the rows of the table
    lower = [column for role, column in roles.items() if role.startswith("ci_low")]
    told = reported_levels(reported_level, frame, lower, labels, "reported_level")
    es = effect_sizes(frame, measure="MEDLN" if len(roles) == len(ONE) else "MEDR", study=study, level=reported_level,
                      **roles)  # type: ignore[arg-type]  # fmt: skip
    if open_rows.any():  # what the pool says of them wherever it stands
        bound = by_level(MEDIAN_ROUTE.label_bound, told.values)
        es["route"] = np.where(open_rows, bound, es["route"])
    pooled = (
        pool(es, study=study, method=method, ci=ci, level=level) if by is None
        else pool_subgroups(es, by=by, study=study, method=method, ci=ci, level=level)
    )  # fmt: skip
    weighted = pd.DataFrame(columns=COLUMNS)
    if len(roles) == len(ONE):
        weighted = _weighted(frame, roles["median"], open_rows, n, by, labels, level)
    whole = pooled.provenance
    settings = {**whole.settings, "by": by, "at_least": at_least, "n": n, "reported_level": told.said}
    provenance = Provenance(
        verb="survival.pool_medians", settings=settings, rows_in=len(frame), rows_used=whole.rows_used,
        dropped=whole.dropped, corrected=whole.corrected + bounded, notes=(*joined, *whole.notes),
    )  # fmt: skip
    return PooledMedians(pool=pooled, weighted=weighted, bounded=tuple(labels[i] for i in np.flatnonzero(open_rows)),
                         unit=unit, provenance=provenance)  # fmt: skip


def _not_reached(frame: pd.DataFrame, name: str, labels: Any) -> Any:
    """Return which medians are said not to be reached: in their cell, or as ``read_trials`` writes it in `not_reached`.

    One that is missing is refused.
    """
    column = frame[name]
    texts = [SPACES.sub(" ", x).strip().lower() if isinstance(x, str) else "" for x in column]
    words = frame["not_reached"] if "not_reached" in frame.columns else pd.Series("", index=frame.index)
    empty = np.array([blank(x) for x in column])
    said = empty & np.array([isinstance(word, str) and name in word.split() for word in words])
    lacking = empty & ~said
    refuse(lacking, labels, lambda i: f"{name} is missing; write NR where it was not reached, or leave the row out.")
    infinite = np.array([isinstance(x, float) and np.isinf(x) and x > 0 for x in column])
    return np.array([text == UNCLEAR or text in NOT_REACHED for text in texts]) | infinite | said


def _at_bounds(
    frame: pd.DataFrame, roles: Mapping[str, str], open_rows: Any, at_least: str | None, labels: Any
) -> tuple[tuple[str, ...], pd.DataFrame]:
    """Return the table with medians not reached at their bounds, their upper limits open; and a sentence on each."""
    if not open_rows.any():
        return (), frame
    if at_least is None:
        refuse(open_rows, labels, lambda i: f"{roles['median']} was not reached. Left out, the pool would be of "
               "the trials where patients live shorter: name by at_least= a column of a time that it exceeds, such as "
               "the longest follow-up; or leave the trial out yourself, and say so.")  # fmt: skip
    bound = numbers(frame[at_least], str(at_least), labels)
    low = numbers(pd.Series(frame[roles["ci_low"]].where(open_rows)), roles["ci_low"], labels)
    refuse(open_rows & ~(bound > 0), labels, lambda i: f"{at_least} is missing or not above 0, and the median was not "
           "reached.")  # fmt: skip
    refuse(open_rows & ~(low < bound), labels, lambda i: f"the median was not reached, and its lower limit "
           f"{roles['ci_low']}={low[i]:g} is missing or not below {at_least}={bound[i]:g}: there is no error to "
           "weight it by.")  # fmt: skip
    changed = frame.astype({roles["median"]: object, roles["ci_high"]: object})
    changed.loc[open_rows, roles["median"]] = bound[open_rows]
    changed.loc[open_rows, roles["ci_high"]] = None
    said = tuple(f"trial {labels[i]!r}: the median was not reached and stands at {bound[i]:g}, which it exceeds"
                 for i in np.flatnonzero(open_rows))  # fmt: skip
    return said, changed


def _weighted(
    frame: pd.DataFrame, median: str, open_rows: Any, n: str | None, by: str | None, labels: Any, level: float
) -> pd.DataFrame:
    values = np.where(open_rows, np.inf, numbers(frame[median], median, labels))
    size = np.ones(len(frame)) if n is None else numbers(frame[n], str(n), labels, whole=True)
    bad = ~(size > 0) | ~np.isfinite(size) | (size != np.round(size))
    refuse(
        bad,
        labels,
        lambda i: f"{n}={size[i]:g} is no number of patients above 0, by which the weighted median weights.",
    )
    groups = np.array(["all"] * len(frame) if by is None else frame[by].astype(str).tolist(), dtype=object)
    rows = []
    for group in dict.fromkeys(groups):
        own = groups == group
        found = weighted_median(values[own], size[own], level)
        rows.append((group, int(own.sum()), *found))
    return pd.DataFrame(rows, columns=COLUMNS)
