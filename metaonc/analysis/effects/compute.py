"""effect_sizes: a table of reports becomes the same table with effects and their sampling variances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import numpy as np
import pandas as pd

from ...base.check import columns_exist, labels_of, one_of, where
from ...base.frames import like, rows_of, to_pandas
from ...base.labels import join_labels
from ...base.messages.arguments import known_arguments_and
from ...base.messages.warning import warn
from ...base.missing import limits_empty
from ...base.numbers import numbers
from ...errors import ColumnError, DataError, DataWarning, OptionError
from . import by_count, by_route, checks
from .inputs import INPUTS, written
from .levels import reported_levels, reported_sides
from .measures import MEASURES, Measure
from .roles import COUNTS, LIMITS, TWO_ARMS, TWO_RATES, Roles
from .route import choose, usage
from .zeros import TO

MADE = ("yi", "vi", "measure", "route", INPUTS)  # columns that effect_sizes adds


@known_arguments_and(Roles.__annotations__)
def effect_sizes(
    table: Any,
    *,
    measure: str,
    study: str | None = None,
    level: float | str | None = None,
    p_sides: int | str | None = None,
    add: float = 0.5,
    to: str = "only0",
    drop00: bool = False,
    **columns: Unpack[Roles],
) -> Any:
    """Compute each row's effect and its sampling variance.

    Parameters
    ----------
    table : dataframe
        One row a trial, or a trial's subgroup; pandas, polars, pyarrow, ... or a mapping of columns.
    measure : str
        One arm: ``PR`` proportion, ``PLN`` log, ``PLO`` logit, ``PAS`` arcsine, ``PFT`` double arcsine; ``IR``
        incidence rate, ``IRLN`` log, ``IRS`` square root, ``IRFT`` Freeman-Tukey; ``MEDLN`` log median time.
        Two arms: ``RR``, ``OR``, ``RD``, ``AS``, ``PETO``; rates ``IRR``, ``IRD``, ``IRSD``; means ``MD``, ``SMD``;
        ``HR`` log hazard ratio; ``MEDR`` log ratio of medians. Ratios are logarithms.
    study : str, optional
        Column that names the trial; what takes the table knows it by the column ``inputs``.
    level : float or str, optional
        Level of the reported intervals, or the column that holds it: an 80 % interval read as 95 % makes a
        trial look more than twice as precise as it is. When not given, the column that is named after the
        limits, as ``hr_level`` of ``hr_low`` and ``hr_high``, which ``read_trials`` makes; 0.95 where there is none,
        and in rows where it is empty.
    p_sides : {2, 1} or str, optional
        Sides of the reported tests, or the column that holds them; when not given, the column ``p_sided`` beside
        ``p_value``, as ``read_trials`` names them, and 2 where there is none. A column of p that says that it is
        one-sided, such as ``one-sided p``, wants it.
    add : float, default 0.5
        What is added to the cells of rows picked by `to`, for the measures that an empty cell breaks: to events and
        non-events, or to the events of a rate.
    to : {"only0", "all", "if0all", "none"}
        Rows with an empty cell; all rows; all rows if any has one; none.
    drop00 : bool, default False
        Whether trials of two arms without any event in both, or with events only, have no effect; the route says so.
    **columns : str
        Keyword -> column. ``_t`` is treatment, ``_c`` control.

        - events, n, or events, time: responders (or events) and patients, or person-time, of one arm.
        - events_t, n_t, events_c, n_c, or events_t, time_t, events_c, time_c: of two arms.
        - mean_t, sd_t, n_t, mean_c, sd_c, n_c: means and standard deviations.
        - median, ci_low, ci_high: median time; an upper limit that was not reached is left empty, or NR. Of two arms
          for ``MEDR``: median_t, ci_low_t, ci_high_t, median_c, ci_low_c, ci_high_c.

        Of hazard ratios the columns of one of these routes, or of several: each row then goes by the first whose
        numbers it has.

        - hr, ci_low, ci_high, and p to check them with.
        - hr, se (standard error of log hr), and p to check them with.
        - o_minus_e, v: log-rank observed minus expected events of treatment, and their variance.
        - observed_t, expected_t, observed_c, expected_c: log-rank events of each arm.
        - hr, v.
        - hr, p, and events_t, events_c to check them with.
        - hr, events_t, events_c; or hr, events, n_t, n_c: events of both arms together.
        - p, sign, events_t, events_c; sign is -1 where treatment has the lower hazard, 1 where the higher.
        - p, sign, events, n_t, n_c. Of events of both arms together, without the columns n_t, n_c, the variance is that
          of arms of one size.
        - median_t, median_c with events_t, events_c, or with their intervals: as of constant hazards.
        - surv_t, se_surv_t, surv_c, se_surv_c: survival at one time, as of proportional hazards.

        What a row has besides the numbers of its route checks them: ``route`` says what agrees and what does not.

        p is a number. A bound, such as "<0.001", is left unused in rows that need no p, and the route says so; to have
        an effect of it, write 0.001 knowing that the effect is drawn towards none.

    Returns
    -------
    dataframe
        The table, of the kind given, with ``yi`` (effect on the analysis scale), ``vi`` (sampling variance),
        ``measure``, ``route`` (how the row was obtained, what was added, what agrees and what does not) and ``inputs``
        (the columns it came from, as ``events='x', n='n'``, by which a result knows the counts and reported intervals
        of its trials). Rows that lack a number have yi and vi missing, and the route says what lacks.

    Raises
    ------
    OptionError
        Unknown measure or option; level of 95; drop00 of a measure that is not of two arms' events; columns that the
        measure, or none of the routes given, has a use for.
    ColumnError
        A column that is missing, or not named though the measure needs it.
    DataError
        A level that is not the one of the column named after the limits;
        events above n, limits that do not hold the estimate, a hazard ratio not above 0, p of "<0.05" in a row that has
        nothing else, ...: names row and value.

    Warns
    -----
    DataWarning
        Numbers of a row that do not agree: an estimate that is not at the centre of its interval on the log scale, p
        that is not that of the interval or the events; two routes that differ by more than rounding, half a standard
        error and a tenth of the log hazard ratio, or in the standard error by more than 16 %. A typing error, another
        level, or different analyses. A count within 0.05 of a whole number, as one worked out from a rate is, was
        rounded. Labels of `study` that differ by what no reader sees were joined.

    References
    ----------
    Tierney 2007, doi:10.1186/1745-6215-8-16, for hazard ratios.

    Examples
    --------
    >>> import metaonc as mo
    >>> es = mo.effect_sizes({"x": [25, 9], "n": [57, 52]}, measure="PLO", events="x", n="n")
    >>> es[["yi", "vi"]].round(3).values.tolist()
    [[-0.247, 0.071], [-1.564, 0.134]]
    >>> es = mo.effect_sizes({"d": [-7.6], "v": [30.1]}, measure="HR", o_minus_e="d", v="v")
    >>> es[["yi", "vi"]].round(3).values.tolist(), es["route"][0]
    ([[-0.252, 0.033]], 'O - E and V')
    >>> trials = {"hr": [0.5, None], "lo": [0.36, None], "hi": [0.69, None], "d": [None, -7.6], "v": [None, 30.1]}
    >>> es = mo.effect_sizes(trials, measure="HR", hr="hr", ci_low="lo", ci_high="hi", o_minus_e="d", v="v")
    >>> es["route"].tolist()
    ['hr and 95 % interval', 'O - E and V']
    """
    record = MEASURES[one_of("measure", measure, [m for m in MEASURES if MEASURES[m].compute])]
    one_of("to", to, TO)
    if not add > 0:
        raise OptionError(f"add={add!r} must be above 0; to='none' switches the correction off.")
    if p_sides is not None and not isinstance(p_sides, str) and p_sides not in (1, 2):
        raise OptionError(f"p_sides={p_sides!r} is not an option; choose 2 or 1, or name a column.")
    if drop00 and record.roles not in (TWO_ARMS, TWO_RATES):
        raise OptionError(f"drop00=True is for events of two arms; measure {measure!r} has none to compare.")
    given = _given(columns)
    routes = choose(measure, record.routes, given) if record.routes else []
    roles = given if routes else _columns_for(record, given)
    frame = to_pandas(table)
    columns_exist(list(frame.columns), {**roles, "study": study})
    taken = [c for c in MADE if c in frame.columns]
    if taken:
        raise DataError(f"the table already has a column {taken[0]!r}; rename or drop it, its values would be lost.")
    rows = rows_of(table, len(frame))
    frame = join_labels(frame, [study], rows).frame
    labels = labels_of(frame[study].tolist() if study else None, rows)
    bounds, values = _bounds(frame, roles)
    arrays: dict[str, Any] = {
        role: numbers(limits_empty(column) if role.startswith(LIMITS) else column, role, labels, whole=role in COUNTS)
        for role, column in values.items()
    }
    for row, message in checks.whole_counts(arrays):
        warn(f"{where(labels, row)}: {message}", DataWarning)
    if not routes:
        yi, vi, texts = by_count.obtain(record, arrays, roles, labels, by_count.ZeroCells(add, to, drop00))
    else:
        sides = reported_sides(p_sides, frame, roles.get("p"), arrays.get("p"), labels)
        levels = reported_levels(level, frame, [c for r, c in roles.items() if r.startswith("ci_low")], labels)
        arrays |= {"level": levels.values, "p_sides": sides}
        level = levels.said
        yi, vi, texts, remarks = by_route.obtain(routes, arrays, roles, labels)
        texts = _with_bounds(texts, bounds, yi, labels)
        for remark in remarks:
            warn(f"{where(labels, remark.row)}: {remark.message}", DataWarning)
    told = written(roles, level if routes else None, study)
    found = {"yi": yi, "vi": vi, "measure": measure, "route": texts, INPUTS: told}
    out = pd.concat([frame, pd.DataFrame(found)], axis=1)  # in half the time of assign
    out.attrs = frame.attrs
    return like(table, out)


def _given(columns: Roles) -> dict[str, str]:
    """Return role -> column of those given."""
    return {role: str(column) for role, column in columns.items() if column is not None}


def _columns_for(record: Measure, given: Mapping[str, str]) -> dict[str, str]:
    """Return role -> column of what the measure needs; refuse what is missing and what it has no use for."""
    for role in record.roles:
        if role not in given:
            raise ColumnError(f"measure {record.code!r} needs {usage(record.roles)}; {role} is not given.")
    for role in given:
        if role not in record.roles:
            takes = usage(record.roles)
            raise OptionError(f"measure {record.code!r} takes {takes}; it has no use for {role}={given[role]!r}.")
    return {role: given[role] for role in record.roles}


def _bounds(frame: pd.DataFrame, roles: Mapping[str, str]) -> tuple[dict[int, str], dict[str, Any]]:
    """Return the p-values printed as a bound, such as "<0.001", by row, and the columns without them."""
    columns: dict[str, Any] = {role: frame[column] for role, column in roles.items()}
    if "p" not in roles or columns["p"].dtype.kind in "fiu":
        return {}, columns
    p = columns["p"].tolist()
    bounds = {i: x for i, x in enumerate(p) if isinstance(x, str) and x.strip()[:1] in ("<", ">", "≤", "≥")}
    return bounds, columns | {"p": [None if i in bounds else x for i, x in enumerate(p)]}


def _with_bounds(texts: list[str], bounds: Mapping[int, str], yi: Any, labels: Sequence[str]) -> list[str]:
    """Say of rows obtained otherwise that their bound of p was not used; refuse those that have nothing else."""
    out = list(texts)
    for row, bound in bounds.items():
        if np.isnan(yi[row]):
            raise DataError(
                f"{where(labels, row)}: p={bound!r} is a bound, not a number: write the bound itself, knowing that the "
                "true p lies beyond it, or use another route."
            )
        out[row] += f"; p {bound.strip()} not used"
    return out
