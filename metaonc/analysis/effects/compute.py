"""effect_sizes: a table of reports becomes the same table with effects and their sampling variances."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..._check import columns_exist, confidence_level, labels_of, numbers, one_of, where
from ..._frames import like, to_pandas
from ...errors import ColumnError, DataError, DataWarning, OptionError
from . import checks
from .measures import MEASURES, ONE_ARM, TWO_ARMS, Measure
from .zeros import TO, correct

Obtained = tuple[Any, Any, list[str]]  # yi, vi and the route of each row


def effect_sizes(
    table: Any,
    *,
    measure: str,
    events: str | None = None,
    n: str | None = None,
    events_t: str | None = None,
    n_t: str | None = None,
    events_c: str | None = None,
    n_c: str | None = None,
    hr: str | None = None,
    median: str | None = None,
    ci_low: str | None = None,
    ci_high: str | None = None,
    level: float | str = 0.95,
    study: str | None = None,
    add: float = 0.5,
    to: str = "only0",
) -> Any:
    """Compute each row's effect and its sampling variance.

    Parameters
    ----------
    table : dataframe
        One row a trial, or a trial's subgroup; pandas, polars, pyarrow, ... or a mapping of columns.
    measure : str
        One arm: ``PR`` proportion, ``PLN`` log, ``PLO`` logit, ``PAS`` arcsine, ``PFT`` double arcsine.
        Two arms: ``RR``, ``OR``, ``RD``, ``AS``, ``PETO`` (ratios as logarithms).
        Reported: ``HR`` log hazard ratio, ``MEDLN`` log median time.
    events, n : str
        Columns of responders (or events) and patients, for measures of one arm.
    events_t, n_t, events_c, n_c : str
        The same for treatment and control.
    hr, median : str
        Column of the reported hazard ratio, or of the median time, on its natural scale.
    ci_low, ci_high : str
        Columns of its confidence limits. An upper limit of a median that was not reached is left empty.
    level : float or str, default 0.95
        Level of the reported intervals, or the column that holds it: an 80 % interval read as 95 % makes a
        trial look more than twice as precise as it is.
    study : str, optional
        Column that names the trial in messages.
    add : float, default 0.5
        What is added to the cells of rows picked by `to`, for the measures that an empty cell breaks.
    to : {"only0", "all", "if0all", "none"}
        Rows with an empty cell; all rows; all rows if any has one; none.

    Returns
    -------
    dataframe
        The table, of the kind given, with ``yi`` (effect on the analysis scale), ``vi`` (sampling variance),
        ``measure`` and ``route`` (how the row was obtained, with what was added). Rows that lack a number have
        yi and vi missing, and the route says what lacks.

    Raises
    ------
    OptionError
        Unknown measure or option; level of 95; columns that the measure does not take.
    ColumnError
        A column that is missing, or not named though the measure needs it.
    DataError
        Events above n, limits that do not hold the estimate, a hazard ratio not above 0, ...: names row and value.

    Warns
    -----
    DataWarning
        An estimate that is not at the centre of its interval on the log scale: a typing error, another level, or
        an interval that is not Wald's.

    References
    ----------
    Tierney 2007, doi:10.1186/1745-6215-8-16, for hazard ratios.

    Examples
    --------
    >>> import metaonc as mo
    >>> es = mo.effect_sizes({"x": [25, 9], "n": [57, 52]}, measure="PLO", events="x", n="n")
    >>> es[["yi", "vi"]].round(3).values.tolist()
    [[-0.247, 0.071], [-1.564, 0.134]]
    """
    record = MEASURES[one_of("measure", measure, [m for m in MEASURES if MEASURES[m].compute])]
    one_of("to", to, TO)
    if not add > 0:
        raise OptionError(f"add={add!r} must be above 0; to='none' switches the correction off.")
    roles: dict[str, str | None] = {
        "events": events, "n": n, "events_t": events_t, "n_t": n_t, "events_c": events_c, "n_c": n_c,
        "hr": hr, "median": median, "ci_low": ci_low, "ci_high": ci_high,
    }  # fmt: skip
    columns = _columns_for(record, roles)
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {**columns, "study": study})
    taken = [c for c in ("yi", "vi", "measure", "route") if c in frame.columns]
    if taken:
        raise DataError(f"the table already has a column {taken[0]!r}; rename or drop it, its values would be lost.")
    labels = labels_of(frame[study].tolist() if study else None, len(frame))
    arrays = {role: numbers(frame[column].tolist(), role, labels) for role, column in columns.items()}
    if record.roles in (ONE_ARM, TWO_ARMS):
        yi, vi, route = _from_counts(record, arrays, columns, labels, add, to)
    else:
        yi, vi, route = _from_interval(record, arrays, columns, labels, _level(level, frame, labels))
    out = frame.assign(yi=yi, vi=vi, measure=measure, route=route)
    out.attrs = {**frame.attrs, "metaonc": {"roles": columns, "level": level}}
    return like(table, out)


def _columns_for(record: Measure, roles: Mapping[str, str | None]) -> dict[str, str]:
    """Return role -> column of what the measure needs; refuse what is missing and what it has no use for."""
    given = {role: column for role, column in roles.items() if column is not None}
    usage = ", ".join(f"{r}=..." for r in record.roles)
    for role in record.roles:
        if role not in given:
            raise ColumnError(f"measure {record.code!r} needs {usage}; {role} is not given.")
    for role in given:
        if role not in record.roles:
            raise OptionError(f"measure {record.code!r} takes {usage}; it has no use for {role}={given[role]!r}.")
    return {role: given[role] for role in record.roles}


def _level(level: float | str, frame: pd.DataFrame, labels: list[str]) -> Any:
    if not isinstance(level, str):
        return confidence_level(level)
    columns_exist(list(frame.columns), {"level": level})
    return checks.level_of(numbers(frame[level].tolist(), "level", labels), labels)


def _from_counts(
    record: Measure, c: dict[str, Any], columns: Mapping[str, str], labels: list[str], add: float, to: str
) -> Obtained:
    arms = list(zip(record.roles[::2], record.roles[1::2], strict=True))
    checks.counts(c, columns, labels, arms)
    corrected = np.zeros(len(labels), dtype=bool)
    if record.corrected:
        c, corrected = correct(c, add, to)
    yi, vi = _compute(record, c)
    text = " and ".join("/".join(arm) for arm in arms)
    route = [text + (f", {add:g} added to each cell" if changed else "") for changed in corrected]
    _refuse_boundary(record, yi, vi, labels)
    return yi, vi, _missing(route, c, columns)


def _refuse_boundary(record: Measure, yi: Any, vi: Any, labels: list[str]) -> None:
    bad = np.isinf(yi) | np.isinf(vi) | (vi == 0)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError(
            f"{where(labels, row)}: an empty cell makes measure {record.code!r} infinite or certain; "
            "use to='only0', or a model that needs no correction (pool_glmm)."
        )


def _from_interval(
    record: Measure, c: dict[str, Any], columns: Mapping[str, str], labels: list[str], level: Any
) -> Obtained:
    what = record.roles[0]
    c = {"estimate": c[what], "ci_low": c["ci_low"], "ci_high": c["ci_high"], "level": level}
    checks.interval(c, columns, labels, what)
    open_above = np.isnan(c["ci_high"]) & np.isfinite(c["estimate"] + c["ci_low"])
    if record.code == "HR":
        open_above &= False  # a hazard ratio always has both limits; one that lacks is missing
        c["ci_low"] = np.where(np.isnan(c["ci_high"]), np.nan, c["ci_low"])
        _warn_off_centre(checks.not_centred(c), c, labels)
    yi, vi = _compute(record, c)
    yi = np.where(np.isnan(vi), np.nan, yi)
    levels = np.broadcast_to(level, len(labels))
    route = [
        f"{what} and {'lower limit of its ' if o else ''}{100 * one:g} % interval"
        for o, one in zip(open_above, levels, strict=True)
    ]
    needed = {"estimate": c["estimate"], "ci_low": c["ci_low"]}
    return yi, vi, _missing(route, needed, {"estimate": columns[what], "ci_low": "an interval"})


def _warn_off_centre(off: Any, c: Mapping[str, Any], labels: list[str]) -> None:
    for row in np.flatnonzero(off):
        centre = np.sqrt(c["ci_low"][row] * c["ci_high"][row])
        warnings.warn(
            f"{where(labels, int(row))}: {c['estimate'][row]:g} is not at the centre ({centre:.3g}) of its interval "
            f"{c['ci_low'][row]:g} to {c['ci_high'][row]:g} on the log scale: check the numbers and the level.",
            DataWarning,
            stacklevel=4,
        )


def _compute(record: Measure, c: Mapping[str, Any]) -> tuple[Any, Any]:
    compute: Callable[[Any], tuple[Any, Any]] | None = record.compute
    assert compute is not None
    with np.errstate(divide="ignore", invalid="ignore"):  # missing rows, and boundaries that are refused next
        return compute(c)


def _missing(route: list[str], c: Mapping[str, Any], columns: Mapping[str, str]) -> list[str]:
    """Replace the route of rows that lack a number by what lacks."""
    out = list(route)
    for role in reversed(list(columns)):
        for row in np.flatnonzero(np.isnan(c[role])):
            out[int(row)] = f"missing: {columns[role]}"
    return out
