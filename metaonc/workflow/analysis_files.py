"""The files of an analysis: figure, tables, R script and report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..base.messages.left_out import when_read
from ..base.output.csv import csv_text
from ..base.output.folder import refuse_other_run, write_folder
from ..report.document.write_report import WRITERS, report_of
from ..report.figures.funnel import funnel
from ..report.forest.figure import drawn
from ..report.forest.rows import forest_rows
from ..report.save import figure_bytes
from ..report.screen import hidden
from ..report.tables.files import WRITERS as TABLES
from .analysis import CHANGED
from .beside.judged import Judged
from .beside.other_cuts import OTHER_CUTS, READABLE
from .beside.sensitivity import Sensitivity

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..base.result import Result
    from ..report.blocks import Report
    from .analysis import Analysis

FIGURES = ("pdf", "svg", "png")


def write(
    analysis: Analysis,
    out: str | Path,
    stem: str,
    reports: Sequence[str] = ("html",),
    *,
    journal: str | None = None,
    force: bool = False,
    judged: Judged | None = None,
    sensitivity: Sensitivity | None = None,
) -> list[Path]:
    """Write figure, tables, R script and report into a folder of their own, all or none; return the files.

    Parameters
    ----------
    analysis
        What `analyse` returned.
    out
        Folder, made when it is not there.
    stem
        Beginning of the files' names.
    reports
        Formats of the report: html, docx.
    journal
        Whose layout the forest plots have; see ``plot.forest``.
    force
        Whether the files of another run in this folder are removed; else it is refused.
    judged
        What people judged of the trials: lights in the forest plot, sections of the report, the summary of findings.
    sensitivity
        What the pool hangs on: sections of the report, the pool without each trial as figure and table, the funnel.

    Raises
    ------
    DataError
        When the folder holds another run or files of those names, or cannot be made or written to.
    """
    refuse_other_run(out, force=force)
    told, hangs = judged or Judged(), sensitivity or Sensitivity()
    with hidden():
        shown: dict[str, Any] = {
            "effect": analysis.effect,
            "unit": analysis.unit,
            "journal": journal,
            "risk_of_bias": told.assessment,
        }
        ax = drawn(forest_rows(analysis.result, **shown))
        figures = {"forest": ax, **_figures(analysis, journal, hangs)}
    tables = {"result": analysis.table, "rows": analysis.selection.used, "left_out": _left_out(analysis)}
    tables |= {"other_cuts": analysis.other_cuts} if len(analysis.other_cuts) else {}
    tables |= {} if analysis.update is None else {"moves": analysis.update.table}
    if analysis.update is not None and analysis.update.changes is not None:
        tables["changes"] = analysis.update.changes.table
    tables |= {} if hangs.subsets is None else {"leave_one_out": hangs.subsets.tidy(transform=True)}
    files: dict[str, str | bytes] = {
        f"{stem}_{name}.{kind}": figure_bytes(axes, kind) for name, axes in figures.items() for kind in FIGURES
    }
    files |= {f"{stem}_{name}.csv": csv_text(table) for name, table in tables.items()}
    files[f"{stem}.R"] = f"{analysis.result.r_code()}\n"
    report = _report(analysis, journal, ax, {**hangs.results, **told.results})
    files |= {f"{stem}.{kind}": WRITERS[kind](report) for kind in dict.fromkeys(reports)}
    if told.findings is not None:
        files |= {f"{stem}_findings.{kind}": TABLES[kind](told.findings) for kind in ("docx", "html")}
    return write_folder(out, files, run=f"analyse, {analysis.title}", force=force)


def _left_out(analysis: Analysis) -> pd.DataFrame:
    """Return the rows left out, each with its reason, and below them what was left out when the table was read."""
    rows = analysis.selection.left_out
    read = pd.DataFrame({"reason": [f"when the table was read: {text}" for text in when_read(analysis.evidence.attrs)]})
    return pd.concat([rows.astype(object), read.reindex(columns=rows.columns).astype(object)]) if len(read) else rows


def _figures(analysis: Analysis, journal: str | None, hangs: Sensitivity) -> dict[str, Axes]:
    """Return the figures of what the pool hangs on, by the ends of their names."""
    found = {}
    if hangs.subsets is not None:
        shown: dict[str, Any] = {"effect": analysis.effect, "unit": analysis.unit, "journal": journal}
        found["leave_one_out"] = drawn(forest_rows(hangs.subsets, **shown))
    if hangs.filled is not None:
        found["funnel"] = funnel(hangs.filled, effect=analysis.effect, unit=analysis.unit)
    return found


def _report(analysis: Analysis, journal: str | None, forest: Axes, beside: Mapping[str, Result]) -> Report:
    others = analysis.other_cuts
    more: dict[str, Any] = {OTHER_CUTS: others.rename(columns=READABLE)} if len(others) else {}
    more |= {CHANGED: analysis.update} if analysis.update is not None else {}
    more |= beside
    head = analysis.effect if more else ""
    return report_of(
        {head: analysis.result, **more},
        title=analysis.title,
        question=(analysis.question, f"Rule: {analysis.selection.rule}"),
        evidence=analysis.labelled,
        columns=list(analysis.rows.columns),
        left_out=analysis.selection.left_out,
        findings=analysis.findings,
        sources=analysis.sources,
        notes=analysis.warnings,
        forests={head: forest},
        journal=journal,
        effect=analysis.effect,
        unit=analysis.unit,
    )
