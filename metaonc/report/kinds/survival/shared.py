"""What kinds of survival results share: how estimates, arms and tables are printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from ....base.digits import Form, fixed, ratio
from ...blocks import Block
from ...document.look import Look
from ...journals import Journal
from ...tables.coefficients import VALUES, coefficients, p_cell
from ...tables.content import Table
from ...texts.printer import Printer, capital, listed

TIMES = fixed(2)
SHARES = fixed(3)
CRITERION = fixed(1)  # of Akaike, whose differences of one count


def arms_said(r: Any) -> str:
    """Return the sentence on patients and events of two arms."""
    counts = ((r.treatment, r.events_t, r.n_t), (r.control, r.events_c, r.n_c))
    each = listed(f"{events} of {n} patients ({arm})" for arm, events, n in counts)
    return f"The event happened in {each}."


def of_unit(unit: str | None) -> str:
    """Return a unit after a number."""
    return f" {unit}" if unit else ""


def when(values: Iterable[float], unit: str | None, printer: Printer) -> str:
    """Return times as a sentence lists them."""
    return f"{listed(printer.journal.decimal(f'{t:g}') for t in values)}{of_unit(unit)}"


def interval(values: Sequence[float], form: Form, level: float, printer: Printer, unit: str = "") -> str:
    """Return an estimate with limits; without them where there are none."""
    if math.isnan(values[0]):
        return "not estimable"
    if any(math.isnan(x) for x in values):
        return f"{printer.together(form, values[0])[0]}{unit}"
    return printer.interval(values, form, level, unit=unit)


def cells(values: Sequence[float], form: Form, journal: Journal) -> str:
    """Return an estimate with limits as a table has it."""
    if math.isnan(values[0]):
        return "not estimable"
    if any(math.isnan(x) for x in values):
        return journal.decimal(form.of(values[0])[0])
    return journal.decimal(journal.interval(values[0], values[1], values[2], form))


def table_of(
    title: str,
    headers: tuple[str, ...],
    rows: Iterable[tuple[tuple[str, ...], Sequence[float], float]],
    journal: Journal,
    forms: Iterable[Form],
    footnotes: tuple[str, ...],
    texts: Sequence[str] = (),
) -> Table:
    """Return a table of estimates.

    Parameters
    ----------
    title, headers
        Of the table; the last two columns are the estimate and its p-value.
    rows
        Words of the first columns; estimate and limits; p-value.
    journal
        Which prints.
    forms
        How the numbers of each row are printed.
    footnotes, texts
        Lines below, and lines in the table.
    """
    given = list(rows)
    printed = [
        (*words, cells(values, form, journal), p_cell(journal, p))
        for (words, values, p), form in zip(given, forms, strict=True)
    ]
    numbers: list[dict[str, object]] = [
        {"label": " ".join(words), **dict(zip(VALUES, values, strict=True)), "p_value": p} for words, values, p in given
    ]
    return coefficients(title=title, headers=headers, rows=printed, texts=texts, footnotes=footnotes, numbers=numbers)


def heading(journal: Journal, level: float) -> tuple[str, str]:
    """Return the headings of an estimate with its interval, and of its p-value."""
    percent = Printer(journal).percent(level)
    return f"Estimate ({percent} CI)", capital(journal.p.symbol)


def figures(r: Any, look: Look) -> tuple[Block, ...]:
    """Return the table of a kind that has one, as a report shows it."""
    from ...document.figures import printed

    return printed(r, look)


def form_of(log: bool, share: bool = False) -> Form:
    """Return how a quantity is printed: a ratio, a share of patients, or a time."""
    return ratio if log else SHARES if share else TIMES
