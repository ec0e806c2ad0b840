"""Tables whose rows are no trials: coefficients, outcomes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..journals import Journal
from .content import Table

VALUES = ("estimate", "low", "high")


def coefficients(
    *,
    title: str,
    headers: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    texts: Sequence[str],
    footnotes: tuple[str, ...],
    numbers: Sequence[dict[str, object]],
) -> Table:
    """Return a table of coefficients, with lines of text below them and the numbers behind them."""
    lines = [(text, *[""] * (len(headers) - 1)) for text in texts]
    return Table(
        title=title,
        headers=headers,
        left=tuple(header in ("Term", "Outcome", "Measure") for header in headers),
        rows=(*rows, *lines),
        kinds=(*["term"] * len(rows), *["text"] * len(lines)),
        footnotes=footnotes,
        data=pd.DataFrame([{"kind": "term", **row} for row in numbers]),
    )


def p_cell(journal: Journal, p: float) -> str:
    """Return a p-value without its symbol, such as ``0.012`` or ``<0.001``; empty where there is none."""
    if np.isnan(p):
        return ""
    text = journal.decimal(journal.p(p)).removeprefix(f"{journal.p.symbol} ")
    return text.removeprefix("= ").replace(" ", "")
