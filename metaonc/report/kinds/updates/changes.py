"""What changed in the evidence, in the words of a manuscript (PRISMA 2020, item 23a, of updated reviews)."""

from __future__ import annotations

import pandas as pd

from ....data.changes.result import CHANGES, EvidenceChanges
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer
from .. import Kind

ROWS = 200  # of the table of a document
METHOD = (
    "The evidence as it stands was compared with an earlier version of it row by row: by the identifier of a row, else "
    "by trial, arm, outcome, subgroup, assessor and date. A row on the same patients with a newer data cut replaces "
    "the older."
)


def _methods(r: EvidenceChanges, cited: list[str], printer: Printer) -> list[str]:
    return [METHOD]


def _results(r: EvidenceChanges, printer: Printer) -> list[str]:
    return [said(r)]


def said(r: EvidenceChanges) -> str:
    """Return the sentence on how many rows are not the same."""
    rows = "row" if r.rows_before == 1 else "rows"
    return f"The evidence had {r.rows_before} {rows} before and has {r.rows_after} now: {r.said}."


def _figures(r: EvidenceChanges, look: Look) -> tuple[Block, ...]:
    return grids(r)


def grids(r: EvidenceChanges) -> tuple[Block, ...]:
    """Return the table of what is not the same."""
    from ...document.figures import readable

    if r.table.empty:
        return ()
    order = r.table.assign(rank=[CHANGES.index(str(c)) for c in r.table["change"]]).sort_values(["rank"], kind="stable")
    t = _in_words(order.drop(columns=["rank", "is_figure"]).head(ROWS))
    more = f", the first {ROWS} of {len(r.table)}" if len(r.table) > ROWS else ""
    return (Grid(readable(t.dropna(axis=1, how="all")), f"What changed in the evidence{more}"),)


def _numbers(r: EvidenceChanges) -> pd.DataFrame:
    return _in_words(r.tidy().drop(columns="is_figure"))


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with names of columns as words, as headings have them."""
    return table.assign(field=[name.replace("_", " ") if isinstance(name, str) else name for name in table["field"]])


KIND = Kind(
    verbs="compare",
    heading=lambda _: "Changes of the evidence",
    methods=_methods,
    results=_results,
    figures=_figures,
    numbers=_numbers,
)
