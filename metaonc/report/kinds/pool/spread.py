"""How much trials differ, by τ², I² and Cochran's Q, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ...forest.notes import inconsistency
from ...journals import Journal
from ...texts.printer import Printer


def described(r: Any, printer: Printer) -> str:
    """Return how heterogeneity was described; nothing where Q has no degrees of freedom."""
    tau2 = "" if r.is_common else "τ², "
    return f"Heterogeneity was described by {tau2}I² and {printer.cochran}." if r.q_df else ""


def differ(r: Any, printer: Printer) -> Iterable[str]:
    """Yield how much trials differ, as a part of a sentence."""
    if r.q_df:
        tau2 = f"τ² = {printer.whole.tau2(r.tau2)}"
        yield printer.plain(inconsistency(tau2, r, printer.whole, r.is_common))


def line(r: Any, journal: Journal) -> str:
    """Return how much trials differ as a figure says it; nothing where Q has no degrees of freedom."""
    return inconsistency(estimated("τ²", r.tau2, journal), r, journal, r.is_common) if r.q_df else ""


def estimated(symbol: str, value: float, journal: Journal) -> str:
    """Return a variance with its symbol, or that it is not estimable."""
    return f"{symbol} not estimable" if math.isnan(value) else f"{symbol} = {journal.tau2(value)}"
