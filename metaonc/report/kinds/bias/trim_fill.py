"""Trim and fill, in the words of a manuscript; its forest plot is that of the pool with the trials filled in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ....analysis.bias.adjusted.trim_fill import ESTIMATORS
from ....analysis.bias.adjusted.trim_fill_result import TrimFillResult
from ....base.digits import significant
from ...blocks import Block
from ...document.look import Look
from ...forest.content import ForestRows, ForestSpec
from ...journals import Journal
from ...tables.coefficients import p_cell
from ...tables.content import Table
from ...texts.printer import Printer, several
from .. import Kind, kind_of
from .shared import figures, methods_before, natural_interval, numbers, results_before, table

REFERENCES = (
    "Duval and Tweedie 2000, doi:10.1111/j.0006-341x.2000.00455.x",
    "Duval and Tweedie, JASA 2000, doi:10.1080/01621459.2000.10473905",
)


def _methods(r: TrimFillResult, cited: list[str], printer: Printer) -> list[str]:
    paragraphs = methods_before(r, cited, printer)
    cited.extend(REFERENCES)
    side = f"on the {r.side} side of the funnel"
    rule = ", the side that the slope of effects on standard errors points to" * bool(r.provenance.settings["by_rule"])
    return [*paragraphs, "As a sensitivity analysis, trim and fill "
            f"({r.estimator}, the {ESTIMATORS[r.estimator].label}) estimated how many trials are missing {side}{rule}; "
            "the pool was repeated with mirror images of the trials opposite filled in."]  # fmt: skip


def _adjusted(r: TrimFillResult, printer: Printer) -> str:
    a = r.adjusted
    return natural_interval(r.result, (a.estimate, a.ci_low, a.ci_high), printer, a.level)


def _results(r: TrimFillResult, printer: Printer) -> list[str]:
    paragraphs = results_before(r, printer)
    se = f" (SE {printer.significant(r.k0_se)})" if np.isfinite(r.k0_se) else ""
    if r.k0 == 0:
        return [*paragraphs, f"By trim and fill an estimated 0 trials{se} were missing on the {r.side} side of the "
                "funnel, and the pool stays as it is."]  # fmt: skip
    were, these = ("was", "it") if r.k0 == 1 else ("were", "these")
    missing = f"By trim and fill an estimated {several(r.k0)}{se} {were} missing on the {r.side} side of the funnel"
    pooled = f"the pooled {r.result.record.natural} was {_adjusted(r, printer)}"
    return [*paragraphs, f"{missing}; with {these} filled in, {pooled}."]


def _rows(r: TrimFillResult, spec: ForestSpec) -> ForestRows:
    rows = kind_of(r.adjusted).rows
    assert rows is not None
    found = rows(r.adjusted, spec)
    kinds = found.rows["kind"]
    filled = (kinds == "study") & found.rows["label"].isin(r.filled["study"])
    return replace(found, rows=found.rows.assign(kind=kinds.mask(filled, "filled")))


def _table(r: TrimFillResult, journal: Journal, effect: str | None) -> Table:
    printer, p = Printer(journal), r.result
    name = effect or p.record.natural.capitalize()
    se = f" (SE {significant(r.k0_se)})" if np.isfinite(r.k0_se) else ""
    rows = [("Trials", str(p.k)), (f"Trials missing, {r.side} (estimate)", f"{r.k0}{se}")]
    rows += [("P of none missing", p_cell(journal, r.k0_p))] if np.isfinite(r.k0_p) else []
    rows += [(f"{name}, as it was", natural_interval(p, (p.estimate, p.ci_low, p.ci_high), printer, p.level)),
             (f"{name}, with trials filled in", _adjusted(r, printer))]  # fmt: skip
    return table("Trim and fill", rows, journal, [f"{r.estimator}: {ESTIMATORS[r.estimator].label}."])


def _figures(r: TrimFillResult, look: Look) -> tuple[Block, ...]:
    return figures(r, look, numbers(r, "Trim and fill", ["term", "type", "estimate", "ci_low", "ci_high", "weight"]))


KIND = Kind(verbs="bias.trim_fill", methods=_methods, results=_results, rows=_rows, table=_table, figures=_figures)
