"""Pools of several kinds of evidence: the words and rows of their pool, with what was not used beside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....analysis.synthesis.mixed.result import MixedPool
from ....base.digits import ratio
from ...blocks import Block, Grid
from ...document.look import Look
from ...forest.content import ForestRows, ForestSpec
from ...texts.preparation import corrected
from ...texts.printer import Printer, listed, unquoted
from .. import Kind, kind_of

NAMES = {"patients": "patients", "figures": "published curves", "reported": "reported hazard ratios",
         "counts": "counts of events (complementary log-log)"}  # fmt: skip


def _methods(r: MixedPool, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the evidence and on the pool."""
    order = [NAMES[source] for source in r.provenance.settings["order"]]
    return [
        f"Each trial contributed one log hazard ratio, by the first that it had of {listed(order)}; what other kinds "
        "of evidence on the trial say was compared with it, not averaged.",
        *kind_of(r.pool).methods(r.pool, cited, printer),
        unquoted(printer.plain(corrected(r.provenance))),
    ]


def _results(r: MixedPool, printer: Printer) -> list[str]:
    """Return the paragraphs on the evidence, on the pool, and on what was not used."""
    used = r.evidence[r.evidence["used"]]["source"].value_counts()
    counts = [f"{used[source]} by {NAMES[source]}" for source in NAMES if source in used.index]
    said = []
    for row in r.conflicts.to_dict("records"):
        first, second = printer.together(ratio, float(np.exp(row["yi_used"])), float(np.exp(row["yi_other"])))
        said.append(f"{row['study']}: hazard ratio {first} by {NAMES[row['used']]}, {second} by {NAMES[row['other']]}.")
    return [f"Trials entered {listed(counts)}.", *kind_of(r.pool).results(r.pool, printer), *said]


def _rows(r: MixedPool, spec: ForestSpec) -> ForestRows:
    """Return the rows of the forest plot of the pool."""
    rows = kind_of(r.pool).rows
    assert rows is not None  # pools have
    return rows(r.pool, spec)


def _title(r: MixedPool, effect: str | None) -> str:
    """Return the title of the pool's table."""
    title = kind_of(r.pool).title
    return "" if title is None else title(r.pool, effect)


def _figures(r: MixedPool, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown

    evidence = Grid(readable(r.evidence), "All evidence, log hazard ratios")
    return *shown(r.pool, look), evidence


def _numbers(r: MixedPool) -> pd.DataFrame:
    return r.tidy(transform=True)


KIND = Kind(verbs="survival.pool_mixed", methods=_methods, results=_results, rows=_rows, title=_title,
            figures=_figures, numbers=_numbers)  # fmt: skip
