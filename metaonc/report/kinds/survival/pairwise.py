"""Hazard ratios of several groups to one, in words and a table."""

from __future__ import annotations

from ....analysis.survival.pairwise import PairwiseHazardRatios
from ....base.digits import ratio
from ...journals import Journal
from ...tables.content import Table
from ...texts.preparation import corrected
from ...texts.printer import Printer, capital
from .. import Kind
from .shared import figures, heading, interval, table_of


def _methods(r: PairwiseHazardRatios, cited: list[str], printer: Printer) -> list[str]:
    groups = f"The groups by {r.by}" if r.by else "The groups"
    adjusted = " They were not adjusted for the number of comparisons." if len(r) > 1 else ""
    return [
        f"{groups} were compared with {r.reference}, each by Cox's model of the patients of the two "
        f"({r.ties.capitalize()}'s method for tied events), with Wald {printer.percent(r.level)} confidence intervals "
        f"and tests.{adjusted}",
        corrected(r.provenance),
    ]


def _results(r: PairwiseHazardRatios, printer: Printer) -> list[str]:
    said = []
    for row in r.tidy(transform=True).to_dict("records"):
        shown = interval([row["estimate"], row["ci_low"], row["ci_high"]], ratio, r.level, printer)
        test = f", {printer.p(row['p_value'])}" if row["p_value"] == row["p_value"] else ""
        said.append(f"{row['term']} {shown}{test}")
    return [f"The hazard ratio was: {'; '.join(said)}."]


def _table(r: PairwiseHazardRatios, journal: Journal, effect: str | None) -> Table:
    rows = r.tidy(transform=True).to_dict("records")
    words = [((row["group"],), [row["estimate"], row["ci_low"], row["ci_high"]], row["p_value"]) for row in rows]
    notes = ("Not adjusted for the number of comparisons.",) * (len(r) > 1)
    return table_of(
        capital(effect or f"hazard ratios to {r.reference}"), ("Group", *heading(journal, r.level)), words, journal,
        [ratio] * len(words), notes,
    )  # fmt: skip


KIND = Kind(verbs="survival.pairwise_hazard_ratios", methods=_methods, results=_results, table=_table, figures=figures)
