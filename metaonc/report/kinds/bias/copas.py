"""Copas and Shi's model: the pooled effect by the strength of selection, in words, as a table and as figures."""

from __future__ import annotations

import numpy as np

from ....analysis.bias.copas_model.result import CopasResult
from ....analysis.bias.selected import LIMITS
from ....base.digits import significant
from ...blocks import Block
from ...document.look import Look
from ...forest.assemble import form_for
from ...journals import Journal
from ...tables.coefficients import VALUES, coefficients, p_cell
from ...tables.content import Table
from ...texts.printer import Printer, capital, several
from .. import Kind, kind_of
from .shared import natural_interval

NO_INTERVAL = "(no interval)"  # of rows where the correlation is at its bound
COPAS = "Copas and Shi 2000, doi:10.1093/biostatistics/1.3.247"


def _methods(r: CopasResult, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool without selection, and on how strong selection is assumed to be."""
    paragraphs = kind_of(r.without).methods(r.without, cited, printer)
    cited.append(COPAS)
    strongest = printer.significant(float(r["publication"].iloc[-1]))
    large = printer.significant(float(r.provenance.settings["most_precise"]))
    return [
        *paragraphs,
        "As a sensitivity analysis for selective publication, the pooled effect was estimated by the selection model "
        f"of Copas and Shi (favoured: {r.favoured}; maximum likelihood). The strength of selection was not estimated "
        f"but assumed: the most precise trial published with probability {large}, the least precise with 1 to "
        f"{strongest}.",
    ]


def _results(r: CopasResult, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool without selection, and on how far selection moves it."""
    last, name = r.curve.iloc[-1], r.record.natural
    end = (f"With the least precise trial published with probability {printer.significant(float(last['publication']))} "
           f"the {name} was {_effect(r, -1, printer)}; {printer.significant(float(last['unpublished']))} trials would "
           "then be unpublished.")  # fmt: skip
    alpha = printer.plain(f"{r.alpha:g}")
    if r.least is None:
        least = f"No strength of selection considered accounted for the asymmetry of the funnel (level {alpha})."
    elif r.least == 0:
        least = "Without selection the asymmetry of the funnel was no more than chance makes " \
                f"({printer.p(float(r['p_residual'].iloc[0]))})."  # fmt: skip
    else:
        row = r.curve.iloc[r.least]
        chance, p = printer.significant(float(row["publication"])), printer.p(float(row["p_residual"]))
        least = (f"The least selection considered that leaves asymmetry to chance ({p}) "
                 f"was publication of the least precise trial with probability {chance}: the {name} was "
                 f"{_effect(r, r.least, printer)}.")  # fmt: skip
    return [*kind_of(r.without).results(r.without, printer), f"{least} {end}"]


def _effect(r: CopasResult, row: int, printer: Printer) -> str:
    values = [float(r.curve.iloc[row][x]) for x in LIMITS]
    if np.isnan(values[1]):
        return f"{natural_interval(r.without, [values[0]] * 3, printer, r.level).split(' (')[0]} {NO_INTERVAL}"
    return natural_interval(r.without, values, printer, r.level)


def _table(r: CopasResult, journal: Journal, effect: str | None) -> Table:
    """Return a table of the curve."""
    printer = Printer(journal)
    factor = 100 if r.record.scale == "percent" else 1
    shown = r.tidy(transform=True)
    form, percent = form_for(r.record, shown, r.level), printer.percent(r.level)
    rows, numbers = [], []
    for row in shown.to_dict("records"):
        values = factor * np.array([row[name] for name in LIMITS], dtype=float)
        estimate, low, high = (float(x) for x in values)
        cell, limits = journal.printed(estimate, low, high, form)
        limits = NO_INTERVAL if np.isnan(low) else limits
        chance = "1 (no selection)" if row["type"] == "comparison" else significant(row["publication"])
        rows.append((journal.decimal(chance), journal.decimal(f"{cell} {limits}"),
                     printer.significant(row["unpublished"]), p_cell(journal, row["p_residual"])))  # fmt: skip
        numbers.append({"label": chance, **dict(zip(VALUES, values, strict=True)), "p_value": row["p_residual"]})
    return coefficients(
        title=f"{effect or capital(r.record.natural)} by strength of selection, {several(r.k)}",
        headers=("Publication of the least precise trial", f"{effect or capital(r.record.natural)} ({percent} CI)",
                 "Unpublished trials", f"{capital(journal.p.symbol)} of asymmetry left"),
        rows=rows, texts=[],
        footnotes=(f"Selection model of Copas and Shi; favoured: {r.favoured}; {r.method}, Wald {percent} confidence "
                   "intervals. The strength of selection is assumed, not estimated.",),
        numbers=numbers,
    )  # fmt: skip


def _figures(r: CopasResult, look: Look) -> tuple[Block, ...]:
    from ...document.figures import printed, shown
    from ...figures.bias.copas import copas

    drawn = (look.drawing(copas(r, show=show, effect=look.effect), kind) for show, kind in
             (("curve", "Effect by strength of selection"), ("grid", "Lines of equal effect")))  # fmt: skip
    return *shown(r.without, look), *drawn, *printed(r, look)


KIND = Kind(verbs="bias.copas", methods=_methods, results=_results, table=_table, figures=_figures)
