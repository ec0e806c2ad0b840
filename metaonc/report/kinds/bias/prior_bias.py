"""Pools adjusted for the biases that trials are believed to have, in words, as a forest plot and as a table."""

from __future__ import annotations

from dataclasses import replace

from ....analysis.bias.adjusted.prior_bias_result import BiasAdjustedResult
from ....base.digits import percentage, significant
from ...blocks import Block
from ...document.look import Look
from ...forest.content import ForestRows, ForestSpec, note
from ...journals import Journal
from ...tables.content import Table
from ...texts.printer import Printer, listed
from .. import Kind, kind_of
from .shared import figures, methods_before, natural_interval, numbers, results_before, table

TURNER = "Turner et al. 2009, doi:10.1111/j.1467-985X.2008.00547.x"
KINDS = {"additive": "additive", "proportional": "proportional to the effect"}
SHIFTED = "Effects and intervals are not as reported: each is adjusted for the bias that the trial is believed to have."


def _methods(r: BiasAdjustedResult, cited: list[str], printer: Printer) -> list[str]:
    paragraphs = methods_before(r, cited, printer)
    cited.append(TURNER)
    what = listed([words for name, words in KINDS.items() if any(x.startswith(name) for x in r.given)])
    how = "effects were corrected by the mean bias, and their variances enlarged by its uncertainty"
    said = f"biases of the trials that were specified beforehand ({what}; mean and standard deviation of each trial)"
    return [*paragraphs, f"The pool was adjusted for {said}: {how}."]


def _adjusted(r: BiasAdjustedResult, printer: Printer) -> str:
    a = r.adjusted
    return natural_interval(r.result, (a.estimate, a.ci_low, a.ci_high), printer, a.level)


def _results(r: BiasAdjustedResult, printer: Printer) -> list[str]:
    found = f"Adjusted for the biases specified, the pooled {r.result.record.natural} was {_adjusted(r, printer)}"
    between = "" if r.adjusted.is_common else f" (τ² = {printer.significant(r.adjusted.tau2)})"
    return [*results_before(r, printer), f"{found}{between}."]


def _rows(r: BiasAdjustedResult, spec: ForestSpec) -> ForestRows:
    rows = kind_of(r.adjusted).rows
    assert rows is not None
    content = rows(r.adjusted, spec)
    return replace(content, notes=(note(SHIFTED, needed=True), *content.notes))


def _table(r: BiasAdjustedResult, journal: Journal, effect: str | None) -> Table:
    printer, p = Printer(journal), r.result
    name = effect or p.record.natural.capitalize()
    rows = [("Trials", str(p.k)),
            (f"{name}, as it was", natural_interval(p, (p.estimate, p.ci_low, p.ci_high), printer, p.level)),
            (f"{name}, adjusted for bias", _adjusted(r, printer))]  # fmt: skip
    if not p.is_common:
        rows.append(("τ², as it was; adjusted", f"{significant(p.tau2)}; {significant(r.adjusted.tau2)}"))
    before, after = ([percentage(float(x)) for x in r.trials[name]] for name in ("weight", "weight_adjusted"))
    changes = [f"{name} {a} to {b}" for name, a, b in zip(r.trials["study"], before, after, strict=True)]
    note = f"Weights (%), as they were to adjusted: {'; '.join(changes)}."
    return table("Pool adjusted for bias", rows, journal, [printer.plain(note)])


def _figures(r: BiasAdjustedResult, look: Look) -> tuple[Block, ...]:
    return figures(
        r, look, numbers(r, "Adjusted for bias", ["term", "type", "estimate", "ci_low", "ci_high", "weight"])
    )


KIND = Kind(verbs="bias.bias_adjusted", methods=_methods, results=_results, rows=_rows, table=_table, figures=_figures)
