"""The way from evidence to an answer in one call: the rule that selects rows, and the pool of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ._check import one_of
from ._outcomes import MEDIAN, MODELS, ODDS, TRIAL, Model
from .analysis.effects.measures import MEASURES
from .analysis.pooling.results import PooledResult
from .analysis.pooling.subgroup_result import SubgroupResult
from .analysis.pooling.subgroups import pool_subgroups
from .data.collections import datasets, load
from .data.readers import read_trials
from .data.selection import Selection, select
from .errors import DataError, MetaoncWarning, OptionError

WHAT = (TRIAL, "arm", "regimen")  # what a row is of, and after its figures where it is from
FROM = ("data_cut", "assessor", "verification", "source_id")


@dataclass(frozen=True, slots=True)
class Analysis:
    """A pooled answer with the rows it rests on; made by `analyse`.

    Attributes
    ----------
    title
        What was asked.
    selection
        Rows used, rows left out with their reasons, and the rule.
    result
        The pool.
    effect, unit
        Names for figures.
    shown
        Columns of the evidence that a reader asks for.
    warnings
        What a reader must know of the rows: unverified figures, mixed regimens.
    """

    title: str
    selection: Selection
    result: PooledResult | SubgroupResult
    effect: str
    unit: str
    shown: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def rows(self) -> pd.DataFrame:
        """The rows used, with the columns a reader asks for."""
        used = _labelled(self.selection.used)
        level = [self.selection.level] if self.selection.level else []
        wanted = (TRIAL, *level, *self.shown)
        columns = dict.fromkeys(c for c in wanted if c in used and used[c].notna().any())
        return used[list(columns)]

    @property
    def table(self) -> pd.DataFrame:
        """Trials and pooled effects on the natural scale."""
        table = self.result.tidy(transform=True)
        return table.loc[:, table.notna().any()]

    def text(self) -> str:
        """Return all of it as text."""
        left = [f"  {sentence}" for sentence in self.selection.dropped]
        used, trials = self.rows, self.selection.used["trial"].nunique()
        measure = _overall(self.result).record.natural
        parts = [
            f"{self.title}\n\nRule: {self.selection.rule}",
            f"Used: {_several(len(used), 'row')} of {_several(trials, 'trial')}\n{_printed(used, '{:g}')}",
            "\n".join([f"Left out: {_several(len(left), 'row')}", *left]),
            f"Result ({measure}; weight in percent):\n{_printed(self.table, '{:.4g}')}",
            "\n".join([str(self.result.summary()), *(f"Note: {w}" for w in self.warnings)]),
        ]
        return "\n\n".join(parts)


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _printed(table: pd.DataFrame, form: str) -> str:
    return str(table.to_string(index=False, na_rep="", float_format=form.format))


def _natural(measure: str) -> str:
    return MEASURES[measure].natural


def _overall(result: PooledResult | SubgroupResult) -> PooledResult:
    return result.overall if isinstance(result, SubgroupResult) else result


def analyse(
    source: str | Path,
    *,
    outcome: str,
    by: str | None = None,
    measure: str | None = None,
    where: Mapping[str, str] | None = None,
) -> Analysis:
    """Pool one outcome of a collection or of a user's table, whole or by subgroup.

    Parameters
    ----------
    source
        Name of a packaged collection, or path of a CSV file or Excel workbook as ``read_trials`` reads it.
    outcome
        orr, cr, dcr or a rate at a time (odds ratios where comparators have counts, otherwise the binomial-normal
        model); pfs, dfs or os (hazard ratios where there are any, otherwise medians); dor.
    by
        Subgroup variable such as KRAS, or a column of the table.
    measure
        OR, PLO, HR or MEDLN; the first that the rows report when not given.
    where
        Column -> value that rows must have.

    Raises
    ------
    OptionError
        An outcome or a measure that does not exist.
    DataError
        Nothing to pool, or a row that cannot be true.
    """
    one_of("outcome", outcome, MODELS)
    evidence = _evidence(source)
    models = [
        m for m in MODELS[outcome] if (_compares(evidence, outcome, m) if measure is None else m.measure == measure)
    ]
    if not models:
        raise OptionError(f"measure={measure!r} is not for {outcome}; choose from "
                          f"{', '.join(m.measure for m in MODELS[outcome])}.")  # fmt: skip
    failed: dict[str, str] = {}
    for model in models:
        try:
            selection = select(evidence, outcome=outcome, by=by, need=model.need, where=where)
        except DataError as problem:
            failed[model.measure] = str(problem)
            continue
        return _pooled(source, selection, model, outcome, by, failed)
    raise DataError(" ".join(dict.fromkeys(failed.values())))


def _compares(evidence: pd.DataFrame, outcome: str, model: Model) -> bool:
    """Return False for odds ratios of an outcome of which no row has counts of a comparator."""
    if model is not ODDS:
        return True
    rows = evidence[evidence["outcome"].eq(outcome)]
    return "events_comparator" in rows and bool(rows["events_comparator"].notna().any())


def _evidence(source: str | Path) -> pd.DataFrame:
    if str(source) in datasets().index:
        return load(str(source)).evidence
    path = Path(source)
    if not path.exists():
        names = ", ".join(datasets().index)
        raise DataError(f"{str(source)!r} is neither a file nor a packaged collection ({names}).")
    return read_trials(path)


def _pooled(
    source: str | Path, selection: Selection, model: Model, outcome: str, by: str | None, failed: Mapping[str, str]
) -> Analysis:
    rows = _labelled(selection.used)
    label = by.upper() if by and selection.level == "subgroup_level" else str(selection.level)
    rows = rows if by is None else rows.assign(**{label: rows[selection.level]})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = _result(rows, model, label if by else None)
    for warning in caught:  # the page shall hold what the prompt shows
        warnings.warn(warning.message, stacklevel=3)
    unit = str(rows["unit"].dropna().iloc[0]) if model is MEDIAN else ""
    name = Path(source).stem
    title = outcome.upper().replace("_", " ")
    effect = {"PLO": title, "OR": f"Odds ratio, {title}", "HR": f"Hazard ratio, {title}", "MEDLN": f"Median {title}"}
    return Analysis(
        title=f"{name}: {title}{f' by {label}' if by else ''}",
        selection=selection,
        result=result,
        effect=effect[model.measure],
        unit=unit,
        shown=(*WHAT[1:], *model.shown, *FROM),
        warnings=(
            *(f"{_natural(model.measure)}s are pooled, not {_natural(m)}s: {why}" for m, why in failed.items()),
            *(str(w.message) for w in caught if issubclass(w.category, MetaoncWarning)),
            *_warnings(rows, model, label if by else None),
        ),
    )


def _result(rows: pd.DataFrame, model: Model, by: str | None) -> PooledResult | SubgroupResult:
    table = model.prepare(rows)
    if by is None:
        return model.using(table, **model.options)
    return pool_subgroups(table, by=by, using=model.using, **model.options)


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the label of each row: the trial, and its arm where a trial has several."""
    label = rows["trial"].astype(str)
    if "arm" in rows:
        arms = rows.groupby("trial")["arm"].transform("nunique")
        label = label.where(arms <= 1, label + ", " + rows["arm"].astype(str))
    return rows.assign(**{TRIAL: label})


def _warnings(rows: pd.DataFrame, model: Model, by: str | None) -> tuple[str, ...]:
    found = []
    unverified = rows.get("verification", pd.Series(dtype=str)).eq("unverified").sum()
    if unverified:
        whose = f"{unverified} of {_several(len(rows), 'row')}"
        found.append(f"{whose} not read in the source; check before relying on this.")
    if by and rows.groupby(TRIAL)[by].nunique().max() == 1:
        found.append(f"the levels of {by} are different arms: a difference between them is no randomised comparison.")
    if "regimen" in rows and (several := rows["regimen"].dropna().unique()).size > 1:
        found.append(f"arms of {several.size} regimens are pooled: {', '.join(several)}.")
    if (rows[TRIAL] != rows["trial"]).any():
        trials, arms = rows["trial"].nunique(), rows[TRIAL].nunique()
        found.append(f"{trials} trials give {arms} arms, which are pooled as if each were a trial of its own.")
    if "comparator" in set(model.shown).intersection(rows) and (shared := _shared(rows)):
        found.append(f"several comparisons have the arm {shared} in common: its patients count each time.")
    return tuple(found)


def _shared(rows: pd.DataFrame) -> str:
    """Return a comparator arm that stands in several rows on the same patients, or nothing."""
    keys = ["comparator", *(c for c in ("subgroup_variable", "subgroup_level") if c in rows)]
    compared = rows[rows["comparator"].notna()]
    twice = compared[compared.duplicated(keys)]
    return str(twice["comparator"].iloc[0]) if len(twice) else ""
