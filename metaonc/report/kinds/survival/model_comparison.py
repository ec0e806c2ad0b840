"""Parametric models compared by Akaike's criterion: words, a table of models, and their curves over the estimates."""

from __future__ import annotations

import math

from ....analysis.survival.models.comparison import ModelComparison
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.coefficients import VALUES, coefficients
from ...tables.content import Table
from ...texts.preparation import corrected
from ...texts.printer import Printer, listed, several
from .. import Kind
from .parametric import SPLINES
from .shared import CRITERION, figures

PANELS = 9  # a figure
DRAWN = 3  # models over the estimates of one trial


def _methods(r: ModelComparison, cited: list[str], printer: Printer) -> list[str]:
    splines = r.table["distribution"] == "spline"
    cited += [SPLINES] * bool(splines.any())
    names = list(r.table.loc[~splines, "model"])
    kinds = [f"{listed(names)} distributions"] * bool(names) + ["Royston-Parmar splines"] * bool(splines.any())
    each = f" to each of {several(r.k)}" if r.study else ""
    summed = ", summed over trials" if r.study else ""
    return [
        f"Models of survival of {r.treatment} against {r.control} ({' and '.join(kinds)}) were fitted{each} by maximum "
        f"likelihood, and compared by Akaike's criterion{summed}.",
        corrected(r.provenance),
    ]


def _results(r: ModelComparison, printer: Printer) -> list[str]:
    known = r.table[r.table["aic"].notna()]
    without = len(r.table) - len(known)
    second = ""
    if len(known) > 1:
        row = known.iloc[1]
        second = f", {printer.journal.decimal(CRITERION(row['difference']))} below that of the next ({row['model']})"
    lacking = f" {without} had no fit." if without else ""
    return [
        f"The event happened in {r.events} of {r.n} patients.",
        f"Of {len(r.table)} models the {r.best} model had the least criterion "
        f"({printer.journal.decimal(CRITERION(r.aic))}{second}).{lacking}",
    ]


def _table(r: ModelComparison, journal: Journal, effect: str | None) -> Table:
    def cell(x: float) -> str:
        return "no fit" if math.isnan(x) else journal.decimal(CRITERION(x))

    rows = [(row["model"], f"{row['parameters']}", *(cell(row[name]) for name in ("loglik", "aic", "difference")))
            for row in r.table.to_dict("records")]  # fmt: skip
    numbers: list[dict[str, object]] = [
        {"label": row["model"], **dict.fromkeys(VALUES, math.nan), "estimate": row["aic"]}
        for row in r.table.to_dict("records")
    ]
    over = f" Sums over {several(r.k)}." if r.study else ""
    notes = [str(note) for note in r.table["note"] if note]
    return coefficients(
        title=effect or "Models of survival by Akaike's criterion",
        headers=("Model", "Parameters", "Log likelihood", "AIC", "Difference"), rows=rows, texts=(), numbers=numbers,
        footnotes=(f"{r.n} patients, {r.events} events; {r.treatment} against {r.control}; maximum likelihood.{over}",
                   *notes),
    )  # fmt: skip


def _figures(r: ModelComparison, look: Look) -> tuple[Block, ...]:
    if math.isnan(r.aic):
        return figures(r, look)
    if r.study is None:
        from ...figures.survival.model_curves import model_curves

        drawn = look.drawing(model_curves(r, models=DRAWN), "Models over Kaplan-Meier estimates")
    else:
        return *_grids(r, look), *figures(r, look)
    return drawn, *figures(r, look)


def _grids(r: ModelComparison, look: Look) -> list[Block]:
    """Return the best model over the estimates of each trial, as many a figure as stand on a page."""
    from ...figures.survival.model_grid import model_grid

    pages = [r.trials[i : i + PANELS] for i in range(0, r.k, PANELS)]
    what = f"The {r.best} model over the Kaplan-Meier estimates of each trial"
    return [look.drawing(model_grid({name: r.fits(name, [r.best]) for name in names}).axes[0], what)
            for names in pages]  # fmt: skip


KIND = Kind(verbs="survival.compare_models", methods=_methods, results=_results, table=_table, figures=_figures)
