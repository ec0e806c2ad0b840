"""Whether a conclusion would survive, in the words of a manuscript (PRISMA 2020, items 13f and 20d)."""

from __future__ import annotations

import re

from ....analysis.robustness.result import RobustnessResult
from ....analysis.robustness.statements import HOLDS, MOVES, Words, capital, statements
from ....base.digits import plain
from ...blocks import Block, Grid, Paragraph
from ...document.look import Look
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
VERDICTS = {HOLDS: "holds", MOVES: "moves", "": ""}


def _methods(r: RobustnessResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on what was asked of it."""
    paragraphs = kind_of(r.whole).methods(r.whole, cited, printer)
    there = [part for part in ASKED if getattr(r, part) is not None]
    cited += [CITED[part] for part in there if part in CITED]
    return [*paragraphs, f"Robustness of the conclusion was examined by {listed([ASKED[part] for part in there])}."]


def _results(r: RobustnessResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and a sentence on each question."""
    found = statements(r, Words(lambda x: printer.journal.decimal(plain(x).replace("-", "−")), printer.p))
    said = [f"{capital(s.check)}: {_sentence(capital(s.finding))}" for s in found]
    return [*kind_of(r.whole).results(r.whole, printer), *said, *_verdict(r)]


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
    from ...document.figures import readable, shown
    from ...figures.funnel import funnel
    from ...figures.sensitivity.gosh import gosh
    from ...figures.sensitivity.influence import influence
    from ...figures.sensitivity.specification import specification

    drawn: list[Block] = []
    if r.influence is not None:
        drawn.append(look.drawing(influence(r.influence), "Influence of each trial"))
    if r.gosh is not None:
        drawn.append(look.drawing(gosh(r.gosh, effect=look.effect, unit=look.unit), "Pools of subsets"))
    if r.multiverse is not None:
        drawn.append(
            look.drawing(specification(r.multiverse, effect=look.effect, unit=look.unit), "Specification curve")
        )
    drawn.append(look.drawing(funnel(r.whole, effect=look.effect, unit=look.unit), "Funnel plot"))
    lacking = [Paragraph(f"Not asked. {capital(name)}: {why}.") for name, why in r.skipped.items()]
    return *shown(r.whole, look), Grid(readable(r.table), "Whether the conclusion stands"), *drawn, *lacking


KIND = Kind(verbs="robustness", methods=_methods, results=_results, figures=_figures)
