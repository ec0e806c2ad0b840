"""Absolute effects and numbers needed to treat, in the words of a manuscript."""

from __future__ import annotations

import pandas as pd

from ....analysis.certainty.absolute_result import AbsoluteEffect
from ....base.digits import plain
from ...blocks import Block, Grid
from ...document.look import Look
from ...journals import Journal
from ...tables.content import Table
from ...texts.printer import Printer, capital
from .. import Kind, kind_of

ALTMAN = "Altman 1998, doi:10.1136/bmj.317.7168.1309"
HEADERS = ("Baseline", "With control", "With treatment", "Difference per 1,000", "Number needed to treat")
TITLE = "Absolute effect per 1,000"


def _methods(r: AbsoluteEffect, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on how its effect was made absolute."""
    cited.append(ALTMAN)
    how = "the limits of the relative effect, transformed, the baseline being taken as known"
    if r.drawn:
        how = f"quantiles of {r.provenance.settings['draws']} draws of the relative effect and of the pooled baseline"
    under = " under proportional hazards" if r.counts == "event-free" else ""
    text = (
        f"The pooled effect was expressed in {r.counted} per 1,000{under}, for a given baseline; intervals are {how}. "
        "Numbers needed to treat for one to be better off (NNTB) or worse off (NNTH) are the inverse."
    )
    return [*kind_of(r.whole).methods(r.whole, cited, printer), text]


def _results(r: AbsoluteEffect, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on what it means in people."""
    said = []
    rows = zip(r.table.to_dict("records"), r.differences(), r.needed, strict=True)
    for row, difference, needed in rows:
        of = f" ({row['baseline']})" if row["baseline"] else ""
        control, treated = (printer.journal.decimal(plain(round(row[name]))) for name in ("control", "treatment"))
        said.append(
            f"{capital(r.counted)}, per 1,000{of}: {control} with control and {treated} with treatment, "
            f"{difference.replace(' per 1,000', '')}; {needed}."
        )
    return [*kind_of(r.whole).results(r.whole, printer), " ".join(said)]


def _printed(r: AbsoluteEffect) -> list[tuple[str, ...]]:
    rows = zip(r.table.to_dict("records"), r.differences(), r.needed, strict=True)
    return [
        (str(row["baseline"]) or "as stated", f"{row['control']:.0f}",
         f"{row['treatment']:.0f} ({row['treatment_low']:.0f} to {row['treatment_high']:.0f})", difference, needed)
        for row, difference, needed in rows
    ]  # fmt: skip


def _table(r: AbsoluteEffect, journal: Journal, effect: str | None) -> Table:
    rows = tuple(_printed(r))
    return Table(title=f"{TITLE}: {r.counted}", headers=HEADERS, left=(True, False, False, True, True), rows=rows,
                 kinds=("study",) * len(rows), footnotes=(), data=r.table.assign(needed=r.needed))  # fmt: skip


def _figures(r: AbsoluteEffect, look: Look) -> tuple[Block, ...]:
    from ...document.figures import shown

    grid = Grid(pd.DataFrame(_printed(r), columns=HEADERS), f"{TITLE}: {r.counted}")
    return *shown(r.whole, look), grid


KIND = Kind(verbs="absolute_effect", methods=_methods, results=_results, table=_table, figures=_figures)
