"""Case deletion diagnostics, in the words of a manuscript (PRISMA 2020, items 13f and 20d)."""

from __future__ import annotations

from typing import Any

from ....analysis.sensitivity.case_deletion.result import InfluenceResult
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer, listed, several, trial
from .. import Kind, kind_of

CITED = "Viechtbauer and Cheung 2010, doi:10.1002/jrsm.11"
NAMES = {
    "study": "Without", "rstudent": "Standardised residual", "x2": "χ² of residuals", "x2_p": "p of χ²", "rows": "Rows",
    "dffits": "DFFITS", "cook_d": "Cook's distance", "cov_ratio": "Covariance ratio", "tau2": "τ²", "q": "Q",
    "hat": "Leverage", "weight": "Weight (%)", "flags": "Flagged by", "reason": "Why no numbers",
}  # fmt: skip


def _methods(r: InfluenceResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the model, and on how its trials were left out."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    cited.append(CITED)
    residual = "χ² of its residuals" if r.by_block else "externally standardised residual, DFFITS"
    kept = "" if r.reestimated else "; variance components were those of all trials"
    rules = listed([rule.said for rule in r.rules], "or")
    return [
        *paragraphs,
        f"The influence of each trial was examined by leaving it out ({residual}, Cook's distance, covariance ratio, "
        f"leverage and DFBETAS{kept}). A trial was flagged by {rules}, of k rows and p coefficients.",
    ]


def _results(r: InfluenceResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the model, and on the trials that stand out."""
    paragraphs = kind_of(r.whole).results(r.whole, printer)
    known = several(len(r) - len(r.lacking), "trial")
    if r.flagged.empty:
        said = f"Of {known} left out in turn none was flagged as influential."
    else:
        each = [f"{trial(str(row.study))} ({_by(row, printer)})" for row in r.flagged.itertuples()]
        said = f"Of {known} left out in turn {len(each)} {'was' if len(each) == 1 else 'were'} flagged: {listed(each)}."
    lacking = [f"Without {trial(name)} there are no numbers: {why}" for name, why in r.lacking.items()]
    return [*paragraphs, said, *lacking]


def _by(row: Any, printer: Printer) -> str:
    said = f"by {listed(str(row.flags).split(', '))}"
    if hasattr(row, "x2"):
        return f"{said}; χ² of its residuals {printer.significant(row.x2)}, {printer.p(row.x2_p)}"
    return f"{said}; standardised residual {printer.significant(row.rstudent)}"


def _figures(r: InfluenceResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import shown
    from ...figures.sensitivity.influence import has_residuals, influence

    names = {column: NAMES.get(column, column.replace("dfbeta_", "DFBETAS, ")) for column in map(str, r.table)}
    names["dfbeta"] = "DFBETAS"
    table = r.table if r.lacking else r.table.drop(columns="reason")
    return (
        *shown(r.whole, look),
        *([look.drawing(influence(r), "Influence of each trial")] if has_residuals(r) else []),
        Grid(table.rename(columns=names), "Each trial left out in turn"),
    )


def _named(r: InfluenceResult, part: str) -> str:
    own = kind_of(r.whole).named
    return own(r.whole, part) if own else part


KIND = Kind(
    verbs="sensitivity.influence",
    heading=lambda _: "Influence of trials",
    methods=_methods,
    results=_results,
    figures=_figures,
    named=_named,
)
