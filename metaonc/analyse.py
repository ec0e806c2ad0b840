"""The whole way in one call: evidence, the rule that selects rows, the pool, the figure, the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ._check import one_of
from .analysis.effects.compute import effect_sizes
from .analysis.pooling.glmm import pool_glmm
from .analysis.pooling.pool import pool
from .analysis.pooling.results import PooledResult
from .analysis.pooling.subgroups import SubgroupResult, pool_subgroups
from .data.collections import datasets, load
from .data.readers import read_trials
from .data.selection import Selection, select
from .errors import DataError, OptionError
from .report.forest import forest
from .report.page import html_figure, html_list, html_table, html_text, page
from .report.save import save

TRIAL = "study"  # the label of a row in figures and tables
SHOWN = (TRIAL, "arm", "regimen", "n", "events", "estimate", "ci_low", "ci_high", "unit", "hr", "hr_low", "hr_high",
         "data_cut", "assessor", "verification", "source_id")  # fmt: skip
FIGURES = ("pdf", "svg", "png")


@dataclass(frozen=True, slots=True)
class Model:
    """How an outcome is pooled.

    Attributes
    ----------
    measure
        Code of the measure, by which the command line names the model.
    need
        What a row must report, by the names of ``select``.
    using, options
        The pooling function and what it is told of columns.
    prepare
        Makes its table of the selected rows.
    """

    measure: str
    need: str
    using: Callable[..., PooledResult]
    options: Mapping[str, Any]
    prepare: Callable[[pd.DataFrame], pd.DataFrame]


def _hazard_ratios(rows: pd.DataFrame) -> pd.DataFrame:
    level = "hr_level" if "hr_level" in rows else 0.95
    es: pd.DataFrame = effect_sizes(
        rows, measure="HR", hr="hr", ci_low="hr_low", ci_high="hr_high", level=level, study=TRIAL
    )
    return es


def _medians(rows: pd.DataFrame) -> pd.DataFrame:
    units = rows["unit"].dropna().unique()
    if len(units) != 1:
        raise DataError(f"medians are given in {', '.join(units) or 'no unit'}; bring them to one unit first.")
    level = "ci_level" if "ci_level" in rows else 0.95
    es: pd.DataFrame = effect_sizes(
        rows, measure="MEDLN", median="estimate", ci_low="ci_low", ci_high="ci_high", level=level, study=TRIAL
    )
    return es


RATE = Model("PLO", "counts", pool_glmm, {"events": "events", "n": "n", "study": TRIAL}, lambda rows: rows)
HAZARD = Model("HR", "hazard_ratio", pool, {"study": TRIAL}, _hazard_ratios)
MEDIAN = Model("MEDLN", "median", pool, {"study": TRIAL}, _medians)
MODELS = {"orr": (RATE,), "dcr": (RATE,), "pfs": (HAZARD, MEDIAN), "os": (HAZARD, MEDIAN), "dor": (MEDIAN,)}


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
    warnings
        What a reader must know of the rows: unverified figures, mixed regimens.
    """

    title: str
    selection: Selection
    result: PooledResult | SubgroupResult
    effect: str
    unit: str
    warnings: tuple[str, ...]

    @property
    def rows(self) -> pd.DataFrame:
        """The rows used, with the columns a reader asks for."""
        used = _labelled(self.selection.used)
        level = [self.selection.level] if self.selection.level else []
        columns = dict.fromkeys(c for c in (TRIAL, *level, *SHOWN[1:]) if c in used and used[c].notna().any())
        return used[list(columns)]

    @property
    def table(self) -> pd.DataFrame:
        """Trials and pooled effects on the natural scale."""
        table = self.result.tidy(transform=True)
        return table.loc[:, table.notna().any()]

    def text(self) -> str:
        """Return all of it as text."""
        left = [f"  {sentence}" for sentence in self.selection.dropped]
        return "\n".join(
            [self.title, "", f"Rule: {self.selection.rule}", "", f"Used: {len(self.rows)} rows"]
            + [self.rows.to_string(index=False, na_rep=""), "", f"Left out: {len(left)} rows", *left, ""]
            + [
                self.table.to_string(index=False, na_rep="", float_format="{:.4g}".format),
                "",
                str(self.result.summary()),
            ]
            + [f"Note: {w}" for w in self.warnings]
        )


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
        Name of a packaged collection, or path of a CSV file as ``read_trials`` reads it.
    outcome
        orr or dcr (binomial-normal model), pfs or os (hazard ratios where there are any, otherwise medians), dor.
    by
        Subgroup variable such as KRAS, or a column of the table.
    measure
        PLO, HR or MEDLN; the first that the rows report when not given.
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
    models = [m for m in MODELS[outcome] if measure in (None, m.measure)]
    if not models:
        raise OptionError(f"measure={measure!r} is not for {outcome}; choose from "
                          f"{', '.join(m.measure for m in MODELS[outcome])}.")  # fmt: skip
    evidence = _evidence(source)
    for model in models:
        try:
            selection = select(evidence, outcome=outcome, by=by, need=model.need, where=where)
        except DataError:
            if model is models[-1]:
                raise
            continue
        return _pooled(source, selection, model, outcome, by)
    raise AssertionError("unreachable: the last model returns or raises")


def _evidence(source: str | Path) -> pd.DataFrame:
    if str(source) in datasets().index:
        return load(str(source)).evidence
    path = Path(source)
    if not path.exists():
        names = ", ".join(datasets().index)
        raise DataError(f"{str(source)!r} is neither a file nor a packaged collection ({names}).")
    return read_trials(path)


def _pooled(source: str | Path, selection: Selection, model: Model, outcome: str, by: str | None) -> Analysis:
    rows = _labelled(selection.used)
    label = by.upper() if by and selection.level == "subgroup_level" else str(selection.level)
    result: PooledResult | SubgroupResult
    if by is None:
        result = model.using(model.prepare(rows), **model.options)
    else:
        rows = rows.assign(**{label: rows[selection.level]})
        result = pool_subgroups(model.prepare(rows), by=label, using=model.using, **model.options)
    unit = str(rows["unit"].dropna().iloc[0]) if model is MEDIAN else ""
    name = Path(source).stem
    effect = {"PLO": outcome.upper(), "HR": f"Hazard ratio, {outcome.upper()}", "MEDLN": f"Median {outcome.upper()}"}
    return Analysis(
        title=f"{name}: {outcome.upper()}{f' by {label}' if by else ''}",
        selection=selection,
        result=result,
        effect=effect[model.measure],
        unit=unit,
        warnings=_warnings(rows, label if by else None),
    )


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the label of each row: the trial, and its arm where a trial has several."""
    label = rows["trial"].astype(str)
    if "arm" in rows:
        arms = rows.groupby("trial")["arm"].transform("nunique")
        label = label.where(arms <= 1, label + ", " + rows["arm"].astype(str))
    return rows.assign(**{TRIAL: label})


def _warnings(rows: pd.DataFrame, by: str | None) -> tuple[str, ...]:
    found = []
    if "verification" in rows and (unverified := int((rows["verification"] == "unverified").sum())):
        found.append(
            f"{unverified} of {len(rows)} rows were not read in their source; check them before relying on this."
        )
    if by and rows.groupby(TRIAL)[by].nunique().max() == 1:
        found.append(f"the levels of {by} are different arms: a difference between them is no randomised comparison.")
    if "regimen" in rows and (several := rows["regimen"].dropna().unique()).size > 1:
        found.append(f"arms of {several.size} regimens are pooled: {', '.join(several)}.")
    return tuple(found)


def write(analysis: Analysis, out: str | Path, stem: str) -> list[Path]:
    """Write figure, tables, page and R script into a folder; return the files.

    Parameters
    ----------
    analysis
        What `analyse` returned.
    out
        Folder, made when it is not there.
    stem
        Beginning of the files' names.
    """
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise DataError(f"the folder {str(folder)!r} cannot be made: {problem.strerror}.") from None
    ax = forest(analysis.result, effect=analysis.effect, unit=analysis.unit)
    written = [save(ax, folder / f"{stem}_forest.{kind}") for kind in FIGURES]
    tables = {"result": analysis.table, "rows": analysis.selection.used, "left_out": analysis.selection.left_out}
    for name, table in tables.items():
        written.append(folder / f"{stem}_{name}.csv")
        table.to_csv(written[-1], index=False)
    script = analysis.result.r_code()
    for name, text in (
        (f"{stem}.R", f"{script}\n"),
        (f"{stem}.html", _page(analysis, html_figure(ax, analysis.title))),
    ):
        written.append(folder / name)
        written[-1].write_text(text, encoding="utf-8")
    return written


def _page(analysis: Analysis, figure: str) -> str:
    p, left = analysis.result.provenance, analysis.selection.left_out
    columns = [c for c in ("trial", "arm", "subgroup_level", "data_cut", "reason") if c in left]
    versions = ", ".join(f"{name} {version}" for name, version in p.versions.items())
    notes = [*analysis.warnings, *p.notes]
    return page(
        analysis.title,
        [
            ("Rows", f"{html_list([analysis.selection.rule])}{html_table(analysis.rows, 'Rows used')}"),
            ("Result", figure + html_table(analysis.table, "Trials and pooled effects, natural scale")),
            ("Notes", html_list(notes) if notes else "<p>None.</p>"),
            ("Summary", html_text(str(analysis.result.summary()))),
            ("Rows left out", html_table(left[columns], f"{len(left)} rows, with the reason")),
            ("Check it in R", html_text(str(analysis.result.r_code()))),
            ("Software", html_list([versions])),
        ],
    )
