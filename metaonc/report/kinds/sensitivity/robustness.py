"""Whether a conclusion would survive, in the words of a manuscript (PRISMA 2020, items 13f and 20d)."""

from __future__ import annotations

import re

import pandas as pd

from ....analysis.robustness.result import RobustnessResult
from ....analysis.robustness.statements import HOLDS, MOVES, Words, capital, conclusion, statements
from ...blocks import Block, Grid, Paragraph
from ...document.look import Look
from ...forest.assemble import form_for
from ...journals import Journal, journal_of
from ...tables.content import Table
from ...texts.printer import Printer, listed
from .. import Kind, kind_of

CITED = {
    "influence": "Viechtbauer and Cheung 2010, doi:10.1002/jrsm.11",
    "gosh": "Olkin, Dahabreh and Trikalinos 2012, doi:10.1002/jrsm.1053",
    "multiverse": "Voracek et al. 2019, doi:10.1027/2151-2604/a000357",
    "fragility": "Atal et al. 2019, doi:10.1016/j.jclinepi.2019.03.012",
    "e_value": "VanderWeele and Ding 2017, doi:10.7326/M16-2607",
}
ASKED = {
    "single": "leaving out each trial", "pairs": "leaving out each pair of trials",
    "influence": "case deletion diagnostics", "gosh": "pools of subsets of the trials (GOSH)",
    "multiverse": "pools by other estimators of τ², other intervals and without single trials, in all combinations",
    "small_study": "a regression test of asymmetry",
    "tipping_point": "the further trial that would overturn the conclusion", "fragility": "the fragility index",
    "e_value": "E-values",
}  # fmt: skip
OF_COUNTS = "pools by other models, other intervals and without single trials, in all combinations"
VERDICTS = {HOLDS: "stands", MOVES: "moves", "": "no verdict"}
HEADERS = ("What was varied", "Conclusion", "Finding")
TITLE = "Whether the conclusion stands"
LIMITS = ("estimate", "ci_low", "ci_high")


def _methods(r: RobustnessResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on what was asked of it."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    there = [part for part in ASKED if getattr(r, part) is not None]
    cited += [CITED[part] for part in there if part in CITED]
    asked = ASKED | ({"multiverse": OF_COUNTS} if r.multiverse is not None and r.multiverse.of_counts else {})
    return [*paragraphs, f"Robustness of the conclusion was examined by {listed([asked[part] for part in there])}."]


def _results(r: RobustnessResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and a sentence on each question."""
    said = [f"{capital(s.check)}: {_sentence(capital(s.finding))}" for s in statements(r, _words(r, printer))]
    return [*kind_of(r.whole).results(r.whole, printer), *said, *_verdict(r)]


def _words(r: RobustnessResult, printer: Printer) -> Words:
    """Return how a journal prints: effects as those of the pool."""
    w = r.whole
    values = [w.estimate, w.ci_low, w.ci_high]
    shown = values if w.record.inverse_needs else [float(w.natural(x)) for x in values]
    return Words(form_for(w.record, pd.DataFrame([shown], columns=LIMITS), w.level), printer.p, printer.journal.decimal)


def _sentence(text: str) -> str:
    """Return a finding as one text of a manuscript."""
    return re.sub(r";? ?\.\.\.", " and others", text)


def _verdict(r: RobustnessResult) -> list[str]:
    """Return the sentence that sums up."""
    moved = [s.check for s in r.statements if s.verdict == MOVES]
    stood = [s.check for s in r.statements if s.verdict == HOLDS]
    if not moved and not stood:
        return []
    parts = []
    if stood:
        parts.append(f"stood under {listed(stood)}")
    if moved:
        parts.append(f"was moved by {listed(moved)}")
    return [f"The conclusion {', and '.join(parts)}."]


def _figures(r: RobustnessResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import shown
    from ...figures.funnel import funnel
    from ...figures.sensitivity.gosh import gosh
    from ...figures.sensitivity.influence import has_residuals, influence
    from ...figures.sensitivity.specification import specification

    drawn: list[Block] = []
    if r.influence is not None and has_residuals(r.influence):
        drawn.append(look.drawing(influence(r.influence), "Influence of each trial"))
    if r.gosh is not None:
        drawn.append(look.drawing(gosh(r.gosh, effect=look.effect, unit=look.unit), "Pools of subsets"))
    if r.multiverse is not None:
        drawn.append(
            look.drawing(specification(r.multiverse, effect=look.effect, unit=look.unit), "Specification curve")
        )
    drawn.append(look.drawing(funnel(r.whole, effect=look.effect, unit=look.unit), "Funnel plot"))
    lacking = [Paragraph(f"Not asked. {capital(name)}: {why}.") for name, why in r.skipped.items()]
    asked = _asked(r, Printer(journal_of(look.journal), look.unit))
    grid = Grid(pd.DataFrame(asked, columns=HEADERS), TITLE)
    return *shown(r.whole, look), grid, *drawn, *lacking


def _asked(r: RobustnessResult, printer: Printer) -> list[tuple[str, str, str]]:
    """Return a row a question: what was varied, whether the conclusion stands, and what was found."""
    found = statements(r, _words(r, printer))
    return [(capital(s.check), VERDICTS[s.verdict], capital(_sentence(s.finding))) for s in found]


def _table(r: RobustnessResult, journal: Journal, effect: str | None) -> Table:
    printer = Printer(journal)
    rows = _asked(r, printer)
    data = pd.DataFrame(rows, columns=["label", "conclusion", "finding"])
    lacking = [f"Not asked. {capital(name)}: {why}." for name, why in r.skipped.items()]
    said = conclusion(r, _words(r, printer))
    return Table(title=TITLE, headers=HEADERS, left=(True,) * len(HEADERS), rows=tuple(rows),
                 kinds=("text",) * len(rows), footnotes=(said, *lacking), data=data)  # fmt: skip


KIND = Kind(verbs="robustness", methods=_methods, results=_results, table=_table, figures=_figures)
