"""Effects of many pools, as a text prints them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ....analysis.effects.measures import Measure
from ...forest.assemble import form_for
from ...texts.printer import Printer


def printed(record: Measure, values: Sequence[float], like: pd.DataFrame, level: float, printer: Printer) -> list[str]:
    """Return natural values with their unit, printed as the intervals of `like` on that scale would be."""
    times = 100.0 if record.scale == "percent" else 1.0
    unit = printer.unit_of(record)
    return [f"{text}{unit}" for text in printer.together(form_for(record, like, level), *(times * x for x in values))]
