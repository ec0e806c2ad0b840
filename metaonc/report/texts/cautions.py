"""The cautions of a result as a journal prints them, the same in texts, tables and figures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd

from ...base.caution import Beside, told
from ..forest.assemble import form_for
from ..journals import journal_of
from ..kinds import kind_of
from .printer import Printer, capital


def cautions(result: Any, printer: Printer | None = None) -> list[str]:
    """Return the cautions of a result, a sentence each; as the default journal prints when no printer is given."""
    printer = printer or Printer(journal_of(None))
    name = kind_of(result).named
    given = getattr(result, "cautions", ())  # results of other packages may have none
    said = given if name is None else [replace(c, of=name(result, c.of)) if c.of else c for c in given]
    return [f"{capital(text).rstrip('.')}." for text in told(said, lambda beside: _interval(beside, printer))]


def _interval(b: Beside, printer: Printer) -> str:
    factor = 100.0 if b.record.scale == "percent" else 1.0
    table = pd.DataFrame({"estimate": [b.estimate], "ci_low": [b.low], "ci_high": [b.high]})
    values = (factor * x for x in (b.estimate, b.low, b.high))
    shown = printer.interval(values, form_for(b.record, table, b.level), b.level, unit=printer.unit_of(b.record))
    return shown if math.isnan(b.p) else f"{shown}, {printer.p(b.p)}"
