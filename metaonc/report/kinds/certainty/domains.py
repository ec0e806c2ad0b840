"""Certainty of evidence by the domains of GRADE, in the words of a manuscript (PRISMA 2020, items 15 and 22)."""

from __future__ import annotations

import pandas as pd

from ....analysis.certainty.certainty_result import CertaintyResult
from ....analysis.certainty.question import STATED
from ...blocks import Block, Grid, Paragraph
from ...document.look import Look
from ...journals import Journal, journal_of
from ...tables.content import Table
from ...texts.printer import Printer, capital, listed
from .. import Kind, kind_of

GRADE = "Guyatt et al. 2008, doi:10.1136/bmj.39489.470347.AD"
HEADERS = ("Domain", "Suggestion", "Reason", "Figure")
TITLE = "Certainty of the evidence (GRADE)"


def _methods(r: CertaintyResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on how certainty was rated."""
    cited.append(GRADE)
    stated = [str(name) for name in r.table["domain"][r.table["source"] == STATED]]
    if r.assessment is not None:
        cited.append(r.assessment.record.reference)
    text = (
        f"The certainty of the evidence was described by the domains of GRADE, from a {r.start} start ({r.design} "
        "trials). Ratings of risk of bias, inconsistency, imprecision and publication bias were suggested by stated "
        "rules on the weight of trials at high risk, the prediction interval, the confidence interval with the optimal "
        f"information size, and tests of asymmetry where these are valid{'; ' if stated else '.'}"
    )
    text += f"{listed(stated)} {'was' if len(stated) == 1 else 'were'} judged by the authors." if stated else ""
    return [*kind_of(r.whole).methods(r.whole, cited, printer), text]


def _results(r: CertaintyResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and a sentence a domain."""
    rows = zip(r.table.to_dict("records"), r.suggestions(), strict=True)
    said = [f"{capital(row['domain'])}: {suggestion} ({_reason(row, printer)})." for row, suggestion in rows]
    return [*kind_of(r.whole).results(r.whole, printer), " ".join(said), f"{r.overall_said}."]


def _reason(row: dict[object, str], printer: Printer) -> str:
    figure = f"; {row['figure']}" if row["figure"] else ""
    return printer.figures(f"{row['reason']}{figure}")


def _printed(r: CertaintyResult, printer: Printer) -> list[tuple[str, ...]]:
    rows = zip(r.table.to_dict("records"), r.suggestions(), strict=True)
    return [
        (capital(row["domain"]), suggestion + (" (stated)" if row["source"] == STATED else ""),
         printer.figures(capital(row["reason"])), printer.figures(row["figure"]))
        for row, suggestion in rows
    ]  # fmt: skip


def _table(r: CertaintyResult, journal: Journal, effect: str | None) -> Table:
    rows = tuple(_printed(r, Printer(journal)))
    of = f" of {r.outcome}" if r.outcome else ""
    return Table(title=TITLE.replace(" (", f"{of} (") if of else TITLE, headers=HEADERS, left=(True,) * 4, rows=rows,
                 kinds=("study",) * len(rows), footnotes=(f"{r.overall_said}.",),
                 data=r.table.assign(label=r.table["domain"], suggestion=r.suggestions()))  # fmt: skip


def _figures(r: CertaintyResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import shown

    printer = Printer(journal_of(look.journal), look.unit)
    grid = Grid(pd.DataFrame(_printed(r, printer), columns=HEADERS), TITLE)
    return *shown(r.whole, look), grid, Paragraph(f"{r.overall_said}.")


KIND = Kind(verbs="certainty", methods=_methods, results=_results, table=_table, figures=_figures)
