"""Which rows may stand together in one pool: no patient twice, every row left out with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ...base import check as _check
from ...base.frames import to_pandas
from ...base.labels import find, folded, join_labels
from ...base.messages.advice import option, setting
from ...base.messages.arguments import known_arguments
from ...base.messages.hints import no_subgroups
from ...base.messages.warning import warn
from ...errors import DataError, DataWarning, OptionError
from ..schema.row_rules import RATES
from ..schema.tables import OUTCOMES
from .alternatives import alternatives
from .cuts import KEEP, LEAVE_OUT, Trials, check_alone, choose, is_within_arms, most_unpaired, name_of
from .levels import beside_levels
from .needs import NEEDS, Need, advice, by_routes, check_routes, columns_of
from .newest import older_than_newest
from .open_medians import open_median, without_longest
from .rule import rule_of, times_of
from .selection import Selection

NO_LEVEL = ("undetermined", "unknown", "not tested", "not evaluable", "not stated", "missing")
_READ_BY_THE_RULE = (
    *("row_id", "trial", "arm_id", "arm", "nested_in", "subgroup_variable", "subgroup_level", "outcome", "assessor"),
    *("unit_of_analysis", "data_cut", "published", "supersedes", "time_months", "comparator", "not_reached"),
    *(c for n in NEEDS.values() for c in columns_of(n)),
)
_RATIOS = ("odds_ratio", "risk_ratio")
_OF_ANY = ("counts", "two_arms", "hazard_ratio", "median", *_RATIOS)  # what is taken first, where none is asked for
IDENTITIES = ("trial", "arm_id", "arm", "assessor")


@known_arguments
def select(
    evidence: Any,
    *,
    outcome: str,
    by: str | None = None,
    need: str | None = None,
    where: Mapping[str, object] | None = None,
    routes: Sequence[str] | None = None,
    alone: str = LEAVE_OUT,
) -> Selection:
    """Choose the rows that can be pooled without counting a patient twice.

    For each arm it is the newest data cut that reports the outcome in the form that is needed; `supersedes` decides
    before dates do. An arm nested in another stands back where the other reports. Of several assessors at one cut,
    independent review goes before the investigators. Rows that count regimens stay out.

    Parameters
    ----------
    evidence : collection, registry or dataframe
        A collection, a registry, or the evidence of one; a table of `read_trials`; any dataframe.
    outcome : str
        One of ``metaonc.data.schema.OUTCOMES``, or of the user's own in the table.
    by : str, optional
        None for all patients; otherwise a subgroup variable (``"KRAS"``) or a column that holds the subgroup, whatever
        its case. Where it splits the patients of an arm, only arms that report at least two levels in one cut are
        used, unless `alone` keeps the others. A column that describes whole arms, such as ``"regimen"``, takes the rows
        on all patients.
    need : str, optional
        "counts" (n and events of the arm) or "median" (with at least its lower limit); "two_arms" (n and events of both
        arms), "odds_ratio", "risk_ratio" or "hazard_ratio" (with both limits; a logarithm with its standard error will
        do, and of hazards log-rank statistics), which must name their comparator where the table has that column. When
        not given, the first that a row on the question reports: of a proportion counts, odds ratios, risk ratios; of a
        time hazard ratios, medians. The rule says which, and `also` names the others.
    where : mapping of str to object, optional
        Column -> value that the rows must have, whatever its case.
    routes : sequence of {"ci", "p", "events", "medians"}, optional
        By which numbers a row may enter a pool of hazard ratios: their limits or log-rank statistics (what is taken
        when not given), their p-value, the events of each arm, the median of each arm (``estimate`` and
        ``estimate_comparator``) with its events or limits. A row that is left out says which would take it.
    alone : {"leave out", "keep"}
        What becomes of a subgroup that is published without its complement, where `by` splits the patients of an arm.
        It cannot be compared within its trial, and some are published for their result, so that it is left out when not
        given. ``"keep"`` takes it, as where trials enrolled one level alone: of an arm without a cut of two levels
        each level by its own newest cut. The comparison is then of other trials too, which ``pool_subgroups`` says.

    Returns
    -------
    Selection
        The rows used, the rows left out with their reasons, and the rule.

    Raises
    ------
    OptionError
        The outcome, the need or a route does not exist, or they do not go together.
    ColumnError
        `where` names a column that is not there.
    DataError
        Nothing remains, or two rows report the same patients and nothing in the table says which to take; labels that
        differ by case alone.

    Warns
    -----
    DataWarning
        Trials, arms or levels that differ by what no reader sees were joined; rows are older than the newest cut of
        their arm; a trial is left out as its median was not reached.

    Examples
    --------
    >>> import metaonc as mo
    >>> import warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")  # FRAME by KRAS is of 2021: see .cautions
    ...     found = mo.select(mo.load("lgsoc").evidence, outcome="orr", by="kras")
    >>> len(found.used), "reason" in found.left_out
    (4, True)
    """
    found = selected(evidence, outcome=outcome, by=by, need=need, where=where, routes=routes, alone=alone)
    for caution in found.cautions:
        warn(caution, DataWarning)
    return found


class NothingReportedError(DataError):
    """No row reports what is needed."""


def selected(
    evidence: Any,
    *,
    outcome: str,
    by: str | None = None,
    need: str | None = None,
    where: Mapping[str, object] | None = None,
    routes: Sequence[str] | None = None,
    alone: str = LEAVE_OUT,
) -> Selection:
    """Return what `select` does; its cautions are in the selection alone."""
    table = to_pandas(getattr(evidence, "evidence", evidence))
    ways = check_routes(routes)
    keep = check_alone(alone) == KEEP
    needs = [by_routes(n, ways) for n in _needed(outcome, need, table)]
    given, joined = join_labels(table, IDENTITIES)
    _check.columns_exist(list(given.columns), {"outcome": "outcome", "trial": "trial", **{k: k for k in where or {}}})
    frame = given.assign(**{c: None for c in _READ_BY_THE_RULE if c not in given})
    frame["nested_in"] = _as_named(frame["nested_in"], frame)
    asked, level = _question(frame, outcome, by)
    if level is not None:
        asked, levels = join_labels(asked, [level], [int(i) for i in asked.index])
        given = given.assign(**{level: asked[level].reindex(given.index).fillna(given[level])}) if levels else given
        joined = (*joined, *levels)
    by = by if level in (None, "subgroup_level") else level  # as the column writes it
    whom = outcome if by is None else f"{outcome} by {by}"
    if not len(asked):
        raise DataError(_absent(frame, whom))
    compared = "comparator" in given
    reported = [
        n for n in needs if len(_unusable(asked, n, level, where or {}, ways, has_comparator=compared)) < len(asked)
    ]
    wanted = (reported or needs)[0]
    out = _unusable(asked, wanted, level, where or {}, ways, has_comparator=compared)
    out |= beside_levels(asked.drop(index=list(out)), level)
    usable = asked.drop(index=list(out))
    split = level if level == "subgroup_level" or (level and is_within_arms(usable, level)) else None
    trials = Trials(frame)
    used, others = choose(trials, usable, split, keep_alone=keep)
    out |= others
    if not used:
        raise NothingReportedError(_nothing(asked, out, whom, needs))
    if outcome in RATES and len(times := times_of(frame.loc[used])) > 1:
        raise DataError(
            f"the rates are taken at different times ({', '.join(times)}): choose one, as by "
            f"{option('where', {'time_months': times[0].split()[0]})}."
        )
    left_out = given.loc[sorted(out)].assign(reason=[out[i] for i in sorted(out)])
    return Selection(
        used=given.loc[sorted(used)],
        left_out=left_out,
        rule=rule_of(frame.loc[used], outcome, by, wanted, split, keep_alone=keep),
        level=level,
        joined=joined,
        need=wanted.code,
        also=tuple(n.code for n in reported if n is not wanted),
        cautions=(
            *older_than_newest(trials, sorted(used), wanted, split),
            *most_unpaired(frame, used, others, by),
            *without_longest(frame, used, out, level),
        ),
        alternatives=alternatives(trials, sorted(used), others, split),
    )


def _needed(outcome: str, need: str | None, given: pd.DataFrame) -> list[Need]:
    """Return what rows may report to be pooled, the first that is to be taken first."""
    if need is not None:
        _check.one_of("need", need, NEEDS)
    if outcome not in OUTCOMES and "outcome" in given:  # of the user's own; of either kind
        _check.one_of("outcome", outcome, dict.fromkeys([*OUTCOMES, *given["outcome"].dropna().astype(str)]))
        return [NEEDS[code] for code in ([need] if need else _OF_ANY)]
    kind = OUTCOMES[_check.one_of("outcome", outcome, OUTCOMES)].kind
    if need is None:
        of_ratios = _RATIOS if outcome == "efs" else ()
        return [n for code in _OF_ANY if (n := NEEDS[code]).kind == kind or code in of_ratios]
    wanted = NEEDS[need]
    if wanted.kind != kind and not (outcome == "efs" and wanted.code in _RATIOS):
        fit = ", ".join(repr(n.code) for n in NEEDS.values() if n.kind == kind)
        raise OptionError(
            f"{setting('need', need)} is not for {setting('outcome', outcome)}, a {kind}: choose from {fit}."
        )
    return [wanted]


def _question(frame: pd.DataFrame, outcome: str, by: str | None) -> tuple[pd.DataFrame, str | None]:
    """Return the rows on the outcome and subgroup variable, and the column that holds the subgroup."""
    rows = frame[frame["outcome"].eq(outcome)]
    if by is None:
        return rows[rows["subgroup_variable"].isna()], None
    variables = frame["subgroup_variable"].astype(str).map(folded)
    if variables.eq(folded(by)).any():
        return rows[variables.loc[rows.index].eq(folded(by))], "subgroup_level"
    columns = [c for c in frame.columns if folded(str(c)) == folded(by)]
    if not columns:
        own = [str(c) for c in frame.columns if c not in _READ_BY_THE_RULE]
        raise DataError(no_subgroups(by, [*map(str, frame["subgroup_variable"].dropna().unique())], own))
    return rows[rows["subgroup_variable"].isna()], str(columns[0])


def _unusable(
    asked: pd.DataFrame,
    wanted: Need,
    level: str | None,
    where: Mapping[str, object],
    routes: Sequence[str],
    *,
    has_comparator: bool,
) -> dict[int, str]:
    """Return the rows that cannot be pooled whatever else there is, with the first reason for each."""
    compared = wanted.is_comparison and has_comparator
    always = ("unit_of_analysis", "comparator", "not_reached")
    read = dict.fromkeys((*where, *always, *([level] if level else ()), *columns_of(wanted)))
    whys = {
        i: _why_unusable(row, wanted, level, where, routes) or _why_no_comparison(row, compared)
        for i, row in zip(asked.index, asked[list(read)].to_dict("records"), strict=True)
    }
    return {i: why for i, why in whys.items() if why}


def _why_unusable(
    row: Mapping[Any, Any], wanted: Need, level: str | None, where: Mapping[str, object], routes: Sequence[str]
) -> str:
    for column, value in where.items():
        if not _same(row[column], value):
            return f"{column} is {row[column]!r}, not {value!r}"
    if row["unit_of_analysis"] == "regimen":
        return "counts regimens, several a patient: not independent"
    if level is not None and (pd.isna(row[level]) or folded(str(row[level])) in NO_LEVEL):
        return f"{level} is {row[level]!r}, which is no subgroup"
    if unreached := open_median(row, wanted):
        return unreached
    blank = min(([c for c in form if pd.isna(row[c])] for form in wanted.forms), key=len)
    if not blank:
        return ""
    none = any(set(form) == set(blank) for form in wanted.forms)
    return f"does not report {f'the {wanted.title}' if none else ', '.join(blank)}{advice(wanted, routes, row)}"


def _why_no_comparison(row: Mapping[Any, Any], compared: bool) -> str:
    return "names no comparator arm: it is no comparison of two arms" if compared and pd.isna(row["comparator"]) else ""


def _same(value: object, wanted: object) -> bool:
    return value == wanted or folded(str(value)) == folded(str(wanted))


def _as_named(column: pd.Series, frame: pd.DataFrame) -> pd.Series:
    """Return references to arms written as the arms themselves are."""
    arms = [str(arm) for c in ("arm_id", "arm") for arm in frame[c].dropna().unique()]
    written = {name: find(name, arms) or name for name in column.dropna().unique()}
    return column.map(written).where(column.notna(), column)


def _nothing(asked: pd.DataFrame, out: Mapping[int, str], whom: str, needs: list[Need]) -> str:
    first, titles = min(out), "; ".join(n.title for n in needs)
    return (
        f"no row on {whom} reports what can be pooled ({titles}): all {len(asked)} were left out, "
        f"the first ({name_of(asked, first)}) because: {out[first]}."
    )


def _absent(frame: pd.DataFrame, whom: str) -> str:
    if frame["outcome"].isna().all():
        return f"the table names no outcome: say it when it is read, as by {option('constants', {'outcome': 'orr'})}."
    variables = frame["subgroup_variable"].astype(object).where(frame["subgroup_variable"].notna(), "all patients")
    has = "; ".join(
        f"{o} ({', '.join(map(str, v.unique()))})" for o, v in variables.groupby(frame["outcome"], sort=False)
    )
    return f"no row reports {whom}; the table has {has}."
