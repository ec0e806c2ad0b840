"""How intervals are named in a methods section."""

from __future__ import annotations

from ...analysis.methods.intervals import CI_METHODS
from ..forest.notes import INTERVALS


def interval_method(ci: str, percent: str, cited: list[str], of: str = "") -> str:
    """Return the sentence on confidence intervals; `of` follows their name."""
    reference = CI_METHODS[ci].reference if ci in CI_METHODS else ""
    cited += [reference] if reference else []
    return f"Confidence intervals{of} ({percent}) are {INTERVALS[ci]} intervals."
