"""The files of an analysis: figure, tables, R script and report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ..base.csv import csv_text
from ..errors import DataError
from ..report.document.write_report import write_report
from ..report.forest.figure import forest
from ..report.save import save

if TYPE_CHECKING:
    from .analysis import Analysis

FIGURES = ("pdf", "svg", "png")


def write(analysis: Analysis, out: str | Path, stem: str, reports: Sequence[str] = ("html",)) -> list[Path]:
    """Write figure, tables, R script and report into a folder; return the files.

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

    Raises
    ------
    DataError
        When the folder cannot be made or written to.
    """
    folder = Path(out)
    ax = forest(analysis.result, effect=analysis.effect, unit=analysis.unit)
    tables = {"result": analysis.table, "rows": analysis.selection.used, "left_out": analysis.selection.left_out}
    texts = {f"{stem}_{name}.csv": csv_text(table) for name, table in tables.items()}
    texts[f"{stem}.R"] = f"{analysis.result.r_code()}\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as problem:
        raise DataError(f"the folder {str(folder)!r} cannot be written to: {problem.strerror}.") from None
    figures = [save(ax, folder / f"{stem}_forest.{kind}") for kind in FIGURES]
    findings = analysis.findings  # an audit, asked once for all reports
    written = [_report(analysis, findings, folder / f"{stem}.{kind}") for kind in reports]
    return [*figures, *(folder / name for name in texts), *written]


def _report(analysis: Analysis, findings: pd.DataFrame, path: Path) -> Path:
    return write_report(
        analysis.result,
        path,
        title=analysis.title,
        question=(analysis.question, f"Rule: {analysis.selection.rule}"),
        evidence=analysis.labelled,
        columns=list(analysis.rows.columns),
        left_out=analysis.selection.left_out,
        findings=findings,
        sources=analysis.sources,
        notes=analysis.warnings,
        effect=analysis.effect,
        unit=analysis.unit,
    )
