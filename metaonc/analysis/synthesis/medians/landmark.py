"""pool_landmark: survival at one time (6-month PFS, 12-month OS) across trials."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from ....base.check import Floats, columns_exist, confidence_level, labels_of, refuse
from ....base.digits import in_percent
from ....base.frames import rows_of, to_pandas
from ....base.labels import join_labels
from ....base.messages.arguments import known_arguments
from ....base.numbers import numbers
from ....errors import OptionError
from ...effects.levels import reported_levels
from ...numeric.distributions import critical
from ...pooling.inverse_variance.pool import pool
from ...pooling.inverse_variance.result import MetaResult
from ...pooling.subgroups.pool import pool_subgroups
from ...pooling.subgroups.result import SubgroupResult
from ..names import named as missing_names
from ..names import study_column

_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")
T = TypeVar("T", MetaResult, SubgroupResult)


@known_arguments
def pool_landmark(
    table: Any,
    *,
    survival: str,
    study: str | None = None,
    ci_low: str | None = None,
    ci_high: str | None = None,
    se: str | None = None,
    n_risk: str | None = None,
    reported_level: float | str | None = None,
    by: str | None = None,
    method: str = "REML",
    ci: str = "HKSJ",
    level: float = 0.95,
) -> MetaResult | SubgroupResult:
    r"""Pool survival at one time, censoring respected, on the scale of log(-log S).

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    .. math:: y = -\log(-\log S), \quad v = \left(\frac{se_S}{S \log S}\right)^2, \quad
        n_{eff} = \frac{S (1 - S)}{se_S^2}

    Shares of patients who survive are no counts where some were censored: the error comes from the report, and says
    how many patients without censoring would know as much (column ``n_eff`` of the trials' data).

    Parameters
    ----------
    table : dataframe
        One row a trial (or arm).
    survival : str
        Column of survival at the time, between 0 and 1; a text with a sign, ``45%``, is read, there and in its error.
    study : str, optional
        Column of the trial; ``trial`` or ``study``, whichever the table has, when not given.
    ci_low, ci_high : str, optional
        Limits of survival; the error is their distance on the scale of log(-log S).
    se : str, optional
        Standard error of survival (Greenwood's), used where a row has no limits.
    n_risk : str, optional
        Patients at risk at the time, used where a row has neither: Peto's :math:`se = S \sqrt{(1 - S)/n}`.
    reported_level : float or str, optional
        Level of the reported limits, or the column that holds it; when not given, the column named after the limits,
        as ``ci_level`` of ``ci_low`` and ``ci_high``, and 0.95 where there is none.
    by : str, optional
        Column of subgroups: the pool of each, and the test between them.
    method : str, default "REML"
        As of ``pool``.
    ci : str, default "HKSJ"
        As of ``pool``.
    level : float, default 0.95
        As of ``pool``.

    Returns
    -------
    MetaResult or SubgroupResult
        Of the measure SURV, whose natural scale is survival.

    Raises
    ------
    ColumnError, OptionError
        A column or an option that does not exist; none of `ci_low` with `ci_high`, `se` and `n_risk`.
    DataError
        A trial without a name; survival or limits not between 0 and 1 (of 0 or 1 the scale is infinite); a row without
        an error: names trial and row.

    Examples
    --------
    >>> import metaonc as mo
    >>> d = {"trial": ["A", "B", "C"], "s": [0.42, 0.55, 0.38], "lo": [0.33, 0.44, None], "hi": [0.51, 0.65, None],
    ...      "at_risk": [40, 38, 25]}
    >>> r = mo.survival.pool_landmark(d, study="trial", survival="s", ci_low="lo", ci_high="hi", n_risk="at_risk")
    >>> round(float(r.natural(r.estimate)), 3)
    0.449
    """
    level = confidence_level(level)
    if (ci_low is None) != (ci_high is None):
        raise OptionError("give both ci_low= and ci_high=.")
    if ci_low is None and se is None and n_risk is None:
        raise OptionError("give ci_low= and ci_high=, se= or n_risk=: where the error of survival comes from.")
    frame = to_pandas(table)
    study = study_column(frame.columns, study)
    named = {"study": study, "survival": survival, "ci_low": ci_low, "ci_high": ci_high, "se": se, "n_risk": n_risk,
             "by": by}  # fmt: skip
    columns_exist(list(frame.columns), named)
    rows = rows_of(table, len(frame))
    frame, joined = join_labels(frame, [study, by], rows)
    missing_names(frame[study], study, rows)
    labels = labels_of(frame[study].tolist(), rows)
    given = {role: c for role, c in named.items() if c is not None and role not in ("study", "by")}
    of_percent = [c for role, c in given.items() if role != "n_risk" and any(map(_percent, frame[c]))]
    if of_percent:
        joined = (*joined, f"{', '.join(of_percent)}: texts with a sign of percent were read as shares, 45% as 0.45.")
    held = {role: numbers(_shares(frame[c]) if role != "n_risk" else frame[c], c, labels) for role, c in given.items()}
    s = held["survival"]
    refuse(np.isnan(s), labels, lambda i: f"{survival} is missing; complete the row, or leave it out.")
    refuse((s <= 0) | (s >= 1), labels, lambda i: f"{survival}={s[i]:g} is not between 0 and 1"
           + (": divide percent by 100." if s[i] > 1 else ": its log(-log S) is infinite; pool curves or "
              "counts."))  # fmt: skip
    reported = reported_levels(reported_level, frame, [ci_low] if ci_low else [], labels, "reported_level").values
    error, route = _errors(s, held, named, labels, reported)
    es = frame.assign(
        yi=-np.log(-np.log(s)), vi=error**2, measure="SURV", route=route,
        n_eff=(1 - s) / (s * (np.log(s) * error) ** 2),
    )  # fmt: skip
    es.index = pd.Index(list(rows))
    if by is None:
        return _told(pool(es, study=study, method=method, ci=ci, level=level), joined)
    return _told(pool_subgroups(es, by=by, study=study, method=method, ci=ci, level=level), joined)


def _shares(column: pd.Series) -> list[object]:
    """Return a column of shares, those that are texts with a sign of percent as shares of one."""
    return [float(said[1]) / 100 if (said := _percent(value)) else value for value in column]


def _percent(value: object) -> re.Match[str] | None:
    return _PERCENT.fullmatch(value) if isinstance(value, str) else None


def _told(r: T, joined: tuple[str, ...]) -> T:
    """Return the pool with what was joined in its notes."""
    return dataclasses.replace(r, provenance=dataclasses.replace(r.provenance, notes=(*joined, *r.provenance.notes)))


def _errors(
    s: Floats, held: dict[str, Floats], named: dict[str, str | None], labels: Any, level: Any
) -> tuple[Floats, Any]:
    """Return standard errors of -log(-log S), each by the first way that a row has, and that way."""
    nothing = np.full(len(s), np.nan)
    low, high, own, n = (held.get(role, nothing) for role in ("ci_low", "ci_high", "se", "n_risk"))
    refuse((low <= 0) | (high >= 1) | (low >= high), labels, lambda i: f"the interval {low[i]:g} to {high[i]:g} is not "
           "within 0 and 1, or upside down.")  # fmt: skip
    refuse((s < low) | (s > high), labels, lambda i: f"{named['survival']}={s[i]:g} lies outside its interval "
           f"{low[i]:g} to {high[i]:g}.")  # fmt: skip
    refuse(own <= 0, labels, lambda i: f"{named['se']}={own[i]:g} is not above 0.")
    refuse(n <= 0, labels, lambda i: f"{named['n_risk']}={n[i]:g} is not above 0.")
    with np.errstate(invalid="ignore", divide="ignore"):
        by_limits = (np.log(-np.log(low)) - np.log(-np.log(high))) / (2 * critical(level))
        ways = [by_limits, own / -(s * np.log(s)), s * np.sqrt((1 - s) / n) / -(s * np.log(s))]
    error, route = nothing.copy(), np.full(len(s), "", dtype=object)
    intervals = np.array([f"{in_percent(one)} % interval" for one in level], dtype=object)
    names: tuple[Any, ...] = (intervals, "standard error", "patients at risk")
    for way, name in zip(ways, names, strict=True):
        mine = np.isnan(error) & np.isfinite(way)
        error, route = np.where(mine, way, error), np.where(mine, "survival and " + name, route)
    refuse(np.isnan(error), labels, lambda i: "has no error of its survival: neither both limits, nor a standard "
           "error, nor patients at risk that are given; complete the row, or leave it out.")  # fmt: skip
    return error, route
