"""The files of an analysis: figure, tables, page and R script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .errors import DataError
from .report.forest import forest
from .report.page import html_figure, html_list, html_table, html_text, page
from .report.save import save

if TYPE_CHECKING:
    from .analyse import Analysis

FIGURES = ("pdf", "svg", "png")


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

    Raises
    ------
    DataError
        When the folder cannot be made or written to.
    """
    folder = Path(out)
    ax = forest(analysis.result, effect=analysis.effect, unit=analysis.unit)
    tables = {"result": analysis.table, "rows": analysis.selection.used, "left_out": analysis.selection.left_out}
    texts = {f"{stem}_{name}.csv": table.to_csv(index=False) for name, table in tables.items()}
    texts[f"{stem}.R"] = f"{analysis.result.r_code()}\n"
    texts[f"{stem}.html"] = _page(analysis, html_figure(ax, analysis.title))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as problem:
        raise DataError(f"the folder {str(folder)!r} cannot be written to: {problem.strerror}.") from None
    figures = [save(ax, folder / f"{stem}_forest.{kind}") for kind in FIGURES]
    return [*figures, *(folder / name for name in texts)]


def _page(analysis: Analysis, figure: str) -> str:
    p = analysis.result.provenance
    versions = ", ".join(f"{name} {version}" for name, version in p.versions.items())
    notes = [*analysis.warnings, *p.notes]
    return page(
        analysis.title,
        [
            ("Rows", f"{html_list([analysis.selection.rule])}{html_table(analysis.rows, 'Rows used')}"),
            ("Result", figure + html_table(analysis.table, "Trials and pooled effects, natural scale")),
            ("Notes", html_list(notes) if notes else "<p>None.</p>"),
            ("Summary", html_text(str(analysis.result.summary()))),
            ("Rows left out", _left_out(analysis.selection.left_out)),
            ("Check it in R", html_text(str(analysis.result.r_code()))),
            ("Software", html_list([versions])),
        ],
    )


def _left_out(rows: pd.DataFrame) -> str:
    if not len(rows):
        return "<p>None.</p>"
    columns = [c for c in ("trial", "arm", "subgroup_level", "data_cut", "reason") if c in rows]
    return html_table(rows[columns], "Each with its reason")
