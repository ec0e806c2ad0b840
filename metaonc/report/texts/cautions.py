"""The cautions of a result as a journal prints them, the same in texts, tables and figures."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from ...base.caution import Beside, Caution, told
from ...base.digits import Form
from ..forest.assemble import form_for
from ..journals import journal_of
from ..kinds import kind_of
from .printer import Printer, capital


def cautions(
    result: Any,
    printer: Printer | None = None,
    *,
    beside_said: Collection[str] = (),
    predicted: Collection[str] | None = None,
    undrawn: Collection[str] = (),
    short: bool = False,
    brief: bool = False,
    said: Collection[Caution] = (),
) -> list[str]:
    """Return the cautions of a result, a sentence or more each.

    Parameters
    ----------
    result
        Of whatever kind.
    printer
        As a journal prints; as the default one does when None.
    beside_said
        Of whom the intervals that stand beside its own are not printed, as the sentences on its numbers have them.
    predicted
        Of whom prediction intervals are shown; of all that have one when None.
    undrawn
        Of whom no number is shown, and so nothing is to be said.
    short
        Whether only the first sentence of each is wanted, as beside words that have them whole.
    brief
        Whether only the first clause of each is wanted, as below a narrow figure.
    said
        Cautions that stand whole above in the same document, see ``told``.
    """
    printer = printer or Printer(journal_of(None))
    name = kind_of(result).named
    given = of_texts(result)
    if predicted is not None:
        given = [c for c in given if not c.of_prediction or c.of in predicted]
    given = [c for c in given if c.of.partition(", ")[0] not in undrawn] if undrawn else given
    above = [_printed(c, printer) for c in said]
    given = [_printed(replace(c, beside=None) if c.of in beside_said else c, printer) for c in given]
    given = given if name is None else [replace(c, of=name(result, c.of)) if c.of else c for c in given]
    found = told(given, lambda beside: interval_beside(beside, printer), short=short, brief=brief, said=above)
    return [f"{capital(text).rstrip('.')}." for text in found]


def of_texts(result: Any) -> list[Caution]:
    """Return the cautions of a result that are told beside the summary."""
    return [c for c in getattr(result, "cautions", ()) if not c.of_summary]  # results of other packages have none


def _printed(caution: Caution, printer: Printer) -> Caution:
    """Return a caution with the numbers of its text as the journal prints them."""
    if not caution.numeric:
        return caution
    text, more = (printer.journal.decimal(part.replace(" %", "%")) for part in (caution.text, caution.more))
    return replace(caution, text=text, more=more)


def said_beside(found: Iterable[Caution], printer: Printer, form: Form, of: str = "") -> str:
    """Return what stands after a number in its sentence: the other interval that a caution of it has, if one has.

    Its numbers have the form of that number's.
    """
    other = next((c.beside for c in found if c.of == of and c.beside is not None), None)
    return "" if other is None else f", beside the {other.name} {interval_beside(other, printer, form)}"


def interval_beside(b: Beside, printer: Printer, form: Form | None = None) -> str:
    """Return an interval that stands beside another, with its test and the distributions where they differ."""
    factor = 100.0 if b.record.scale == "percent" else 1.0
    table = pd.DataFrame({"estimate": [b.estimate], "ci_low": [b.low], "ci_high": [b.high]})
    values = (factor * x for x in (b.estimate, b.low, b.high))
    shown = printer.interval(
        values, form or form_for(b.record, table, b.level), b.level, unit=printer.unit_of(b.record)
    )
    test = "" if math.isnan(b.p) else f", {printer.p(b.p)}"
    return f"{shown}{test}{f' ({b.against})' if b.against else ''}"
