"""over_cuts: a pool as it was at each date, by the newest cut of each arm known by then."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Unpack

import numpy as np
import pandas as pd

from ...analysis.pooling.subgroups.result import SubgroupResult
from ...analysis.sensitivity.monitoring.over_cuts_result import OverCutsResult
from ...analysis.updates.result import parts_of
from ...base.check import one_of
from ...base.labels import folded, join_labels
from ...base.messages.arguments import known_arguments_and
from ...data.changes.tables import check_dates
from ...data.readers.trials import Reading
from ...data.schema.dates import dates as dates_of
from ...data.selection.cuts import check_alone, name_of
from ...data.selection.needs import check_routes
from ...data.selection.select import IDENTITIES
from ...errors import DataError, DataWarning, MetaoncWarning
from ..analyse import analysed
from ..analysis import Analysis
from ..models import check_asked, check_options
from ..sources import Source, about, source_of

DATES = ("published", "data_cut")
NUMBERS = ("estimate", "se", "ci_low", "ci_high", "tau2", "q", "i2")


@known_arguments_and(Reading.__annotations__)
def over_cuts(
    source: Any,
    *,
    outcome: str,
    by: str | None = None,
    dates: str = "published",
    measure: str | None = None,
    where: Mapping[str, str] | None = None,
    method: str | None = None,
    ci: str | None = None,
    prediction: str | None = None,
    level: float | None = None,
    routes: Sequence[str] | None = None,
    alone: str | None = None,
    **reading: Unpack[Reading],
) -> OverCutsResult:
    """Pool an outcome as of each date at which something became known: each arm by its newest cut of then.

    .. note:: Provisional: arguments, columns and fields may still change in a minor version.

    Parameters
    ----------
    source : str, path, collection, registry or dataframe
        As of ``analyse``.
    outcome : str
        As of ``analyse``.
    by : str, optional
        As of ``analyse``; the measure, where it is not given, is that of all rows.
    dates : {"published", "data_cut"}
        What counts as the date of a row: when it was published, or the cut of its data; the other where that is
        missing. A year, or a month, counts as its end.
    measure : str, optional
        As of ``analyse``; the measure, where it is not given, is that of all rows.
    where : mapping of str to str, optional
        As of ``analyse``.
    method, ci, prediction : str, optional
        As of ``analyse``.
    level : float, optional
        As of ``analyse``.
    routes : sequence of {"ci", "p", "events", "medians"}, optional
        As of ``analyse``.
    alone : {"leave out", "keep"}, optional
        As of ``analyse``.
    **reading
        How a file is read, as ``read_trials`` takes it.

    Returns
    -------
    OverCutsResult
        Its `table` has one row a date at which the rows that are pooled changed. ``sensitivity.monitor`` takes it,
        where it is of one pool by inverse variance.

    Raises
    ------
    OptionError
        As ``analyse``; a `dates` that does not exist.
    DataError
        As ``analyse``; no row has a date; a date that cannot be read.

    Examples
    --------
    >>> import metaonc as mo
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     r = mo.over_cuts("lgsoc", outcome="pfs")
    >>> list(r.table.columns)[:3]
    ['date', 'came', 'k']
    """
    one_of("dates", dates, DATES)
    check_asked(outcome, by, measure, where)
    given = about(source_of(source, reading), outcome)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)  # it is among the notes
        evidence, joined = join_labels(given.evidence, IDENTITIES)
    given = given._replace(evidence=evidence)
    check_dates(evidence, "")
    pooling = {"method": method, "ci": ci, "prediction": prediction, "level": level}
    options = {name: value for name, value in pooling.items() if value is not None}
    check_options(options)
    chosen = {"routes": check_routes(routes), "alone": check_alone(alone)}
    asked = {"outcome": outcome, "by": by, "where": where, "options": options, **chosen}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MetaoncWarning)  # what is said of rows is among the cautions of the pool
        last = _as_of(given, {**asked, "measure": measure})
        asked["measure"] = measure or parts_of(last.result)[next(reversed(parts_of(last.result)))].measure
        known = _keys(evidence, dates)
        rows, pools = _pools(given, known, asked, last)
    if not pools:
        raise DataError(f"no row on {outcome} has a date in the columns data_cut and published that can be pooled.")
    undated = [i for i in last.selection.used.index if not known[i]]
    dropped = tuple(f"trial {evidence['trial'][i]!r} ({name_of(evidence, i)}): it has no date" for i in undated)
    p = pools[-1].provenance
    said = (note for pool in pools for note in pool.provenance.notes)
    return OverCutsResult(
        table=pd.DataFrame(rows), pools=tuple(pools), dates=dates,
        provenance=dataclasses.replace(
            p, verb="over_cuts", settings={**p.settings, "dates": dates, **chosen, "routes": list(chosen["routes"])},
            rows_in=p.rows_in + len(undated),
            dropped=(*p.dropped, *dropped),
            notes=tuple(dict.fromkeys((*joined, *last.selection.joined, *said))),
        ),
    )  # fmt: skip


def _as_of(given: Source, asked: Mapping[str, Any]) -> Analysis:
    """Return the analysis of these rows, as `analyse` makes it, of its result alone."""
    return analysed(given, **asked, whole=False)


def _concerned(evidence: pd.DataFrame, outcome: str, by: str | None) -> pd.Series:
    """Tell which rows may have a part in the pool: on the outcome, of all patients or of the subgroups asked for."""
    variable = evidence.get("subgroup_variable", pd.Series(None, index=evidence.index, dtype=object))
    asked = variable.isna() if by is None else variable.isna() | variable.astype(str).map(folded).eq(folded(by))
    return evidence["outcome"].eq(outcome) & asked


def _keys(evidence: pd.DataFrame, dates: str) -> dict[int, str]:
    """Return row -> its date, by which rows are ordered: empty where it has none."""
    found = {}
    for i, when in zip(evidence.index, dates_of(evidence), strict=True):
        first, other = (when.published, when.cut) if dates == "published" else (when.cut, when.published)
        found[int(i)] = first or other
    return found


def _pools(
    given: Source, known: Mapping[int, str], asked: Mapping[str, Any], last: Analysis
) -> tuple[list[Any], list[Any]]:
    """Return the rows of the table, and the pool at each date at which what is pooled changed; `last` of all."""
    evidence = given.evidence
    ends = {i: _end(date) for i, date in known.items() if date}
    rows: list[dict[str, Any]] = []
    pools: list[Any] = []
    before: frozenset[int] = frozenset()
    concerned = _concerned(evidence, asked["outcome"], asked["by"])
    on = evidence.index[concerned]
    read = evidence.index[
        concerned | evidence.get("nested_in", concerned.where(concerned)).notna()
    ]  # which holds which
    for end in sorted({ends[i] for i in on if i in ends}):
        there = [i for i in read if ends.get(i, "~") <= end]
        date = max(known[i] for i in on if ends.get(i) == end)
        try:
            part = given._replace(evidence=evidence.loc[there].reset_index(drop=True))
            found = last if len(there) == len(read) else _as_of(part, asked)
        except DataError as problem:
            if before:
                rows.append({"date": date, "came": "", "k": 0, **dict.fromkeys((*NUMBERS, "p_value"), np.nan),
                             "interval": "", "reason": str(problem)})  # fmt: skip
            continue
        used = frozenset(int(i) if found is last else int(there[i]) for i in found.selection.used.index)
        if used == before and _same(found.result, pools[-1]):
            continue
        came = ", ".join(dict.fromkeys(str(evidence["trial"][i]) for i in there if i in used - before))
        rows += _rows(date, came or ("whole arms" if used == before else "fewer rows"), found.result)
        pools.append(found.result)
        before = used
    return rows, pools


def _same(one: Any, other: Any) -> bool:
    """Whether two results have the same estimates; that of all may rest on whole arms besides the rows used."""
    pairs = [(r.k, r.estimate, r.se) for r in parts_of(one).values()]
    return pairs == [(r.k, r.estimate, r.se) for r in parts_of(other).values()]


def _end(date: str) -> str:
    """Return what a date is ordered by: a year or a month counts as its end."""
    return {4: f"{date}-99-99", 7: f"{date}-99"}.get(len(date), date)


def _rows(date: str, came: str, result: Any) -> list[dict[str, Any]]:
    rows = []
    for name, pool in parts_of(result).items():
        own = pool.estimates().iloc[0]
        numbers = {field: float(own[field]) for field in NUMBERS}
        part = {"subgroup": name} if isinstance(result, SubgroupResult) else {}
        p = pool.p_value if pool.tested else np.nan
        rows.append({"date": date, "came": came, **part, "k": pool.k, **numbers, "p_value": p, "interval": pool.ci,
                     "reason": ""})  # fmt: skip
    return rows
