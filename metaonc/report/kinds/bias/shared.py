"""What the kinds of small-study effects share: the pool's own words before theirs, its figures and a funnel after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from ....analysis.pooling.inverse_variance.result import MetaResult
from ....base.digits import Form, in_percent
from ...blocks import Block, Grid
from ...document.look import Look
from ...forest.assemble import form_for
from ...journals import Journal
from ...tables.content import Table
from ...texts.printer import Printer
from .. import kind_of


def methods_before(r: Any, cited: list[str], printer: Printer) -> list[str]:
    """Return the paragraphs on the pool that was asked."""
    return kind_of(r.result).methods(r.result, cited, printer)


def results_before(r: Any, printer: Printer) -> list[str]:
    """Return the paragraphs on what the pool found."""
    return kind_of(r.result).results(r.result, printer)


def natural_interval(pool: MetaResult, values: Iterable[float], printer: Printer, level: float) -> str:
    """Return an effect of the analysis scale with its limits, as the journal prints it on the natural scale."""
    record = pool.record
    factor = 100.0 if record.scale == "percent" else 1.0
    shown = [factor * float(pool.natural(x)) for x in values]
    form: Form = form_for(record, pd.DataFrame([shown], columns=["estimate", "ci_low", "ci_high"]), level)
    return printer.interval(shown, form, level, unit=printer.unit_of(record))


def numbers(r: Any, caption: str, columns: Iterable[str]) -> Grid:
    """Return the rows of a result as a table of a document."""
    from ...document.figures import readable

    return Grid(readable(r.tidy(transform=True)[list(columns)].dropna(axis="columns", how="all")), caption)


def figures(r: Any, look: Look, grid: Grid) -> tuple[Block, ...]:
    """Return the figures of the pool, its funnel with what was found, and the numbers of that."""
    from ...document.figures import shown
    from ...figures.funnel import funnel
    from ...figures.funnel_data import Shown

    ax = funnel(r if isinstance(r, Shown) else r.result, effect=look.effect)
    return *shown(r.result, look), look.drawing(ax, "Funnel plot"), grid


def table(title: str, rows: Iterable[tuple[str, str]], journal: Journal, footnotes: Iterable[str] = ()) -> Table:
    """Return a table of what was found, a line each."""
    lines = tuple((what, journal.decimal(value)) for what, value in rows)
    data = pd.DataFrame({"label": [what for what, _ in lines], "value": [value for _, value in lines]})
    return Table(title=title, headers=("", "Value"), left=(True, False), rows=lines,
                 kinds=("term",) * len(lines), footnotes=tuple(footnotes), data=data)  # fmt: skip


def level_of(level: float) -> str:
    """Return a level in percent."""
    return f"{in_percent(level)}%"
