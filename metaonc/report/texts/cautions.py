"""The cautions of a result as a journal prints them, the same in texts, tables and figures."""

from __future__ import annotations

import math

import pandas as pd

from ...base.caution import Beside, told
from ...base.result import Result
from ..forest.assemble import form_for
from ..journals import journal_of
from .printer import Printer, capital


def cautions(result: Result, printer: Printer | None = None) -> list[str]:
    """Return the cautions of a result, a sentence each; as the default journal prints when no printer is given."""
    printer = printer or Printer(journal_of(None))
    return [f"{capital(text)}." for text in told(result.cautions, lambda beside: _interval(beside, printer))]


def _interval(b: Beside, printer: Printer) -> str:
    factor = 100.0 if b.record.scale == "percent" else 1.0
    table = pd.DataFrame({"estimate": [b.estimate], "ci_low": [b.low], "ci_high": [b.high]})
    values = (factor * x for x in (b.estimate, b.low, b.high))
    shown = printer.interval(values, form_for(b.record, table, b.level), b.level, unit=printer.unit_of(b.record))
    return shown if math.isnan(b.p) else f"{shown}, {printer.p(b.p)}"
