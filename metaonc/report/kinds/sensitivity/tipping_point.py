"""Tipping points, in the words of a manuscript."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ....analysis.sensitivity.overturning.tipping_result import ENDS, TippingPointResult
from ....base.digits import plain
from ....base.words import with_article
from ...blocks import Block, Grid
from ...document.look import Look
from ...texts.printer import Printer
from .. import Kind, kind_of
from .said import printed

LIMITS = ("estimate", "ci_low", "ci_high")


def _methods(r: TippingPointResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the trial that is added."""
    text = (
        f"How robust the conclusion is was asked of one further trial: for each size ({r.size_name}) the effect with "
        f"which the interval of the pool, made anew with it, {'would include' if r.significant else 'would exclude'} "
        f"{_null(r, printer)}."
    )
    return [*kind_of(r.whole).methods(r.whole, cited, printer), text]


def _null(r: TippingPointResult, printer: Printer) -> str:
    percent = r.whole.record.scale == "percent"
    value = float(r.natural(r.benchmark))
    return printer.journal.decimal(plain(100 * value if percent else value)) + "%" * percent


def _results(r: TippingPointResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on what a trial would have to find."""
    return [*kind_of(r.whole).results(r.whole, printer), " ".join(tipping(r, printer))]


def tipping(r: TippingPointResult, printer: Printer) -> list[str]:
    """Return the sentences on what a trial would have to find."""
    there = r.table[r.table["effect"].notna()]
    if there.empty:
        return ["No result of one further trial of the sizes that were looked at would overturn the conclusion."]
    row = there.iloc[len(there) // 2]
    pool = pd.DataFrame([r.natural(np.array([getattr(r.whole, name) for name in LIMITS]))], columns=list(LIMITS))
    (effect,) = printed(r.whole.record, [float(r.natural(row["effect"]))], pool, r.whole.level, printer)
    size = printer.journal.decimal(plain(float(row["size"])))
    found = f" ({row['found']:.0f} {r.found_name})" if r.counted else ""
    name = with_article(r.whole.record.natural)
    said = [f"One further trial of {size} {r.size_name} would overturn the conclusion with {name} of {effect}{found}."]
    if r.significant:
        said.append(f"A trial with an effect of {_null(r, printer)} {_of_null(r, printer)}.")
    return said


def _of_null(r: TippingPointResult, printer: Printer) -> str:
    if np.isnan(r.null_size):
        return "would not, however large"
    return f"would from {printer.journal.decimal(plain(np.ceil(r.null_size)))} {r.size_name} on"


def _figures(r: TippingPointResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown
    from ...figures.sensitivity.tipping_point import tipping_point

    table = r.table.assign(**{name: r.natural(r.table[name].to_numpy()) for name in ENDS})
    grid = Grid(readable(table if r.counted else table.drop(columns="found")), "Trials that overturn the conclusion")
    if r.table["effect"].isna().all():
        return *shown(r.whole, look), grid
    return *shown(r.whole, look), look.drawing(tipping_point(r, effect=look.effect), "Tipping point"), grid


KIND = Kind(
    verbs="sensitivity.tipping_point",
    heading=lambda _: "Trials that would overturn the conclusion",
    methods=_methods,
    results=_results,
    figures=_figures,
)
