"""The test of excess significance and fail-safe N, in the words of a manuscript."""

from __future__ import annotations

from ....analysis.bias.significance.excess import TESTS
from ....analysis.bias.significance.fail_safe import METHODS
from ....analysis.bias.significance.result import DIRECTIONS, ExcessResult, FailSafeResult
from ....base.digits import plain, significant
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.coefficients import p_cell
from ...tables.content import Table
from ...texts.printer import Printer, several
from .. import Kind
from .shared import figures, methods_before, numbers, results_before, table

REFERENCES = {"exact": "Francis 2013, doi:10.1016/j.jmp.2013.02.003"}
IOANNIDIS = "Ioannidis and Trikalinos 2007, doi:10.1177/1740774507079441"
NO_COUNT = "It does not tell how many trials are missing."


def _excess_methods(r: ExcessResult, cited: list[str], printer: Printer) -> list[str]:
    paragraphs = methods_before(r, cited, printer)
    cited += [IOANNIDIS, *([REFERENCES[r.test]] if r.test in REFERENCES else [])]
    at = "the common effect" if r.provenance.settings["effect"] == "common" else "the pooled effect and its τ²"
    level = printer.journal.decimal(plain(r.alpha))
    how = f"{TESTS[r.test].label}; trials tested at {level}{DIRECTIONS[r.alternative]}"
    what = "The number of trials with a significant effect was compared with that which their power"
    return [*paragraphs, f"{what} at {at} lets expect ({how})."]


def _excess_results(r: ExcessResult, printer: Printer) -> list[str]:
    expected = f"where {printer.significant(r.expected)} were expected, {printer.p(r.p_value)}"
    found = f"A significant effect was found in {r.observed} of {several(r.k)}, {expected}."
    return [*results_before(r, printer), found]


def _excess_table(r: ExcessResult, journal: Journal, effect: str | None) -> Table:
    rows = [("Trials", str(r.k)), ("Significant, observed", str(r.observed)),
            ("Significant, expected", significant(r.expected)), ("P", p_cell(journal, r.p_value))]  # fmt: skip
    note = f"{TESTS[r.test].label.capitalize()}; trials tested at {plain(r.alpha)}{DIRECTIONS[r.alternative]}."
    return table("Test of excess significance", rows, journal, [journal.decimal(note)])


def _excess_figures(r: ExcessResult, look: Look) -> tuple[Block, ...]:
    grid = numbers(r, "Test of excess significance", ["term", "power", "significant", "p_value"])
    return figures(r, look, grid)


def _fail_safe_methods(r: FailSafeResult, cited: list[str], printer: Printer) -> list[str]:
    paragraphs = methods_before(r, cited, printer)
    cited.append(METHODS[r.method].reference)
    asks = printer.journal.decimal(r.asks)
    return [*paragraphs, "A fail-safe N was computed, the number of trials without an effect that would have to be "
            f"added {asks} ({r.method}). {NO_COUNT}"]  # fmt: skip


def _fail_safe_results(r: FailSafeResult, printer: Printer) -> list[str]:
    found = f"The fail-safe N was {r.n}, beside {several(r.k)} that were found."
    return [*results_before(r, printer), found]


def _fail_safe_table(r: FailSafeResult, journal: Journal, effect: str | None) -> Table:
    rows = [("Trials", str(r.k)), ("Fail-safe N", str(r.n))]
    note = journal.decimal(f"{r.method}: trials without an effect needed {r.asks}. {NO_COUNT}")
    return table("Fail-safe N", rows, journal, [note])


def _fail_safe_figures(r: FailSafeResult, look: Look) -> tuple[Block, ...]:
    return figures(r, look, numbers(r, "Fail-safe N", ["term", "n", "p_value"]))


EXCESS = Kind(verbs="bias.excess_significance", methods=_excess_methods, results=_excess_results,
              table=_excess_table, figures=_excess_figures)  # fmt: skip
FAIL_SAFE = Kind(verbs="bias.fail_safe_n", methods=_fail_safe_methods, results=_fail_safe_results,
                 table=_fail_safe_table, figures=_fail_safe_figures)  # fmt: skip
