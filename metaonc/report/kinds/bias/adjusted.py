"""Effects in the limit of trials without sampling error, in the words of a manuscript."""

from __future__ import annotations

from ....analysis.bias.adjusted.result import AdjustedEffect, LimitResult, PetPeeseResult
from ....base.digits import percentage, significant
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.coefficients import p_cell
from ...tables.content import Table
from ...texts.printer import Printer
from .. import Kind
from .shared import figures, level_of, methods_before, natural_interval, numbers, results_before, table

STANLEY = "Stanley and Doucouliagos 2014, doi:10.1002/jrsm.1095"
RUECKER = "Rücker et al. 2011, doi:10.1093/biostatistics/kxq046"
ON = {"sei": "standard error", "vi": "sampling variance"}


def _effect(r: AdjustedEffect, printer: Printer) -> str:
    test = f", {printer.p(r.p_value)}" if r.tested else ""
    return natural_interval(r.result, (r.estimate, r.ci_low, r.ci_high), printer, r.level) + test


def _pet_methods(r: PetPeeseResult, cited: list[str], printer: Printer) -> list[str]:
    paragraphs = methods_before(r, cited, printer)
    cited.append(STANLEY)
    choice = ""
    if r.provenance.settings["adjusted_by"] == "PET-PEESE":
        alpha = printer.journal.decimal(f"{r.provenance.settings['alpha']:g}")
        choice = f" PEESE was taken where PET found an effect (two-sided level {alpha}), else PET."
    how = f"weighted least squares on the {ON[r.predictor]}, extended to a trial without sampling error"
    return [*paragraphs, f"The effect was adjusted for small-study effects by {r.method}: {how}.{choice}"]


def _pet_results(r: PetPeeseResult, printer: Printer) -> list[str]:
    found = f"By {r.method} the {r.result.record.natural} without sampling error was {_effect(r, printer)}."
    return [*results_before(r, printer), found]


def _limit_methods(r: LimitResult, cited: list[str], printer: Printer) -> list[str]:
    paragraphs = methods_before(r, cited, printer)
    cited.append(RUECKER)
    how = "in a model with τ² of the pool, in which effects may depend on their standard error"
    what = "The effect was adjusted for small-study effects by limit meta-analysis"
    return [*paragraphs, f"{what}: {how}, it is that of a trial without sampling error."]


def _limit_results(r: LimitResult, printer: Printer) -> list[str]:
    share = printer.together(percentage, r.g2)[0]
    small, rest = (f"{printer.symbol} = {printer.significant(q)}, {printer.p(p)}" for q, p in
                   ((r.q_small, r.q_small_p), (r.q_residual, r.q_residual_p)))  # fmt: skip
    found = (f"By limit meta-analysis the {r.result.record.natural} without sampling error was {_effect(r, printer)} "
             f"(small-study effects: {small}; rest: {rest}; G² {share}%).")  # fmt: skip
    return [*results_before(r, printer), found]


def _rows(r: AdjustedEffect, journal: Journal, effect: str | None) -> list[tuple[str, str]]:
    printer, p = Printer(journal), r.result
    name = effect or p.record.natural.capitalize()
    rows = [("Trials", str(r.k)),
            (f"{name}, as it was", natural_interval(p, (p.estimate, p.ci_low, p.ci_high), printer, p.level)),
            (f"{name}, without sampling error",
             natural_interval(p, (r.estimate, r.ci_low, r.ci_high), printer, r.level))]  # fmt: skip
    return rows + ([("P", p_cell(journal, r.p_value))] if r.tested else [])


def _pet_table(r: PetPeeseResult, journal: Journal, effect: str | None) -> Table:
    note = f"{r.method}: weighted least squares on the {ON[r.predictor]}; t with {r.k - 2} df."
    return table(r.method, _rows(r, journal, effect), journal, [note])


def _limit_table(r: LimitResult, journal: Journal, effect: str | None) -> Table:
    rows = _rows(r, journal, effect)
    rows += [("Q, small-study effects", f"{significant(r.q_small)} (P {p_cell(journal, r.q_small_p)})"),
             ("Q, rest", f"{significant(r.q_residual)} (P {p_cell(journal, r.q_residual_p)})"),
             ("G² (%)", percentage(r.g2))]  # fmt: skip
    return table("Limit meta-analysis", rows, journal, ["Limit meta-analysis; Wald interval."])


def _pet_figures(r: PetPeeseResult, look: Look) -> tuple[Block, ...]:
    columns = ["term", "estimate", "ci_low", "ci_high", "p_value"]
    return figures(r, look, numbers(r, f"{r.method} ({level_of(r.level)} limits)", columns))


def _limit_figures(r: LimitResult, look: Look) -> tuple[Block, ...]:
    return figures(r, look, numbers(r, "Limit meta-analysis", ["term", "estimate", "ci_low", "ci_high", "p_value"]))


PET_PEESE = Kind(verbs="bias.pet_peese", methods=_pet_methods, results=_pet_results, table=_pet_table,
                 figures=_pet_figures)  # fmt: skip
LIMIT = Kind(verbs="bias.limit_meta_analysis", methods=_limit_methods, results=_limit_results, table=_limit_table,
             figures=_limit_figures)  # fmt: skip
