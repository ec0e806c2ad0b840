"""Bootstrap intervals, in the words of a manuscript."""

from __future__ import annotations

import pandas as pd

from ....analysis.sensitivity.resampling.result import BootstrapResult
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer
from .. import Kind, kind_of
from .said import printed

CITED = "Efron 1987, doi:10.1080/01621459.1987.10478410"
KIND_OF_DRAW = {
    "trials": "trials were drawn with replacement; intervals are percentiles, and those corrected for bias and "
    "accelerated (BCa)",
    "parametric": "effects were drawn of the fitted model; intervals are percentiles",
}
LIMITS = ["estimate", "ci_low", "ci_high"]


def _methods(r: BootstrapResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the draws."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    if r.kind == "trials":
        cited.append(CITED)
    return [*paragraphs, f"The pool was bootstrapped {len(r)} times (seed {r.seed}): {KIND_OF_DRAW[r.kind]}."]


def _results(r: BootstrapResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on its bootstrap intervals."""
    rows = r.shown[r.shown["term"] == "estimate"]
    said = []
    for row in rows.itertuples():
        if row.ci_low != row.ci_low:
            continue
        like = pd.DataFrame([[row.estimate, row.ci_low, row.ci_high]], columns=LIMITS)
        low, high = printed(r.whole.record, [float(row.ci_low), float(row.ci_high)], like, r.level, printer)  # type: ignore[arg-type]
        said.append(f"{row.interval} {low} to {high}")
    name = f"Bootstrap intervals ({printer.percent(r.level)}) of the pooled {r.whole.record.natural}"
    return [*kind_of(r.whole).results(r.whole, printer), *([f"{name}: {'; '.join(said)}."] if said else [])]


def _figures(r: BootstrapResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown

    return *shown(r.whole, look), Grid(readable(r.shown), "Bootstrap intervals")


KIND = Kind(
    verbs="sensitivity.bootstrap", heading=lambda _: "Bootstrap", methods=_methods, results=_results, figures=_figures
)
