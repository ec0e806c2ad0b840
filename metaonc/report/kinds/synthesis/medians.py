"""Pooled medians: the words, rows and table of their pool, with the weighted median beside."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from ....analysis.synthesis.medians.result import PooledMedians
from ...blocks import Block, Grid, Paragraph
from ...document.look import Look
from ...forest.content import ForestRows, ForestSpec
from ...texts.preparation import corrected
from ...texts.printer import Printer, unquoted
from .. import Kind, kind_of

MCGRATH = "McGrath et al. 2019"


def _methods(r: PooledMedians, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the weighted median."""
    paragraphs = kind_of(r.pool).methods(r.pool, cited, printer)
    if r.bounded:
        paragraphs = [*paragraphs, unquoted(printer.plain(corrected(r.provenance)))]
    if not len(r.weighted):
        return paragraphs
    cited.append(MCGRATH)
    weights = "weighted by patients" if r.provenance.settings["n"] else "each trial alike"
    return [*paragraphs, f"Beside the pool stands the median of the trials' medians, {weights}, with limits at "
            "quantiles by the number of trials; it takes medians not reached as above all others."]  # fmt: skip


def _results(r: PooledMedians, printer: Printer) -> list[str]:
    """Return the paragraphs on the pool, and on the weighted median."""
    unit = f" {r.unit}" if r.unit else printer.unit and f" {printer.unit}"
    said = []
    for row in r.weighted.to_dict("records"):
        whose = "" if len(r.weighted) == 1 else f"{row['group']}: "
        median, low, high = (_time(row[name], printer) for name in ("median", "ci_low", "ci_high"))
        shown = unit if median != "not reached" else ""
        limits = "" if math.isnan(row["ci_low"]) else f" ({printer.percent(r.overall.level)} CI {low} to {high})"
        said.append(f"{whose}the median of the trials' medians was {median}{shown}{limits}.")
    if r.limitless:
        said.append(f"{printer.plain(r.limitless)}.")
    of_pool = replace(printer, unit=r.unit or printer.unit)
    return [*kind_of(r.pool).results(r.pool, of_pool), *(x[:1].upper() + x[1:] for x in said)]


def _time(x: float, printer: Printer) -> str:
    return "not reached" if math.isinf(x) else printer.significant(x)


def _figures(r: PooledMedians, look: Look) -> tuple[Block, ...]:
    from ...document.figures import readable, shown

    if not len(r.weighted):
        return shown(r.pool, look)
    beside = Grid(readable(r.weighted.replace(np.inf, "not reached")), "Median of the trials' medians")
    note = (Paragraph(f"{r.limitless[:1].upper()}{r.limitless[1:]}."),) if r.limitless else ()
    return *shown(r.pool, look), beside, *note


def _rows(r: PooledMedians, spec: ForestSpec) -> ForestRows:
    """Return the rows of the forest plot of the pool."""
    rows = kind_of(r.pool).rows
    assert rows is not None  # pools have
    return rows(r.pool, spec)


def _title(r: PooledMedians, effect: str | None) -> str:
    """Return the title of the pool's table."""
    title = kind_of(r.pool).title
    return "" if title is None else title(r.pool, effect)


def _numbers(r: PooledMedians) -> pd.DataFrame:
    return r.pool.tidy(transform=True)


KIND = Kind(verbs="survival.pool_medians", methods=_methods, results=_results, rows=_rows, title=_title,
            figures=_figures, numbers=_numbers)  # fmt: skip
