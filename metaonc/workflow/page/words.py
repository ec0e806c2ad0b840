"""How messages name, on a page, what is an option elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WORDS: Mapping[str, str] = {
    "x_axis": "the points of the x axis",
    "y_axis": "the points of the y axis",
    "x_ticks": "the values of the x axis",
    "y_ticks": "the values of the y axis",
    "n_curves": "which lines are curves, by Follow a line",
    "colours": "another place of the line, by Follow a line",
    "kind": "what the y axis shows",
    "masks": "a mask",
    "panel": "a panel",
    "seeds": "follow its line again through them",
    "n": "its patients (n)",
    "events": "its events",
    "at_risk": "its numbers at risk",
    "censor_times": "its censoring marks",
    "points": "the points",
    "control": "the control arm",
    "treatment": "the treatment arm",
    "hr": "the printed hazard ratio",
    "ci_low": "its 95 % limits, from",
    "ci_high": "to",
    "medians": "the median of a curve",
}
_OF_LINES = {"panel": "the points of both axes of the panel", "masks": "another place of the line, by Follow a line"}


def on_the_page(name: str, *values: Any) -> str | None:
    """Return how a page names an option, None of one that it lacks."""
    return WORDS.get(name)


def of_lines(name: str, *values: Any) -> str | None:
    """Return how the page of a figure made of lines names an option: its axes choose the panel, nothing is masked."""
    return _OF_LINES.get(name) or WORDS.get(name)
