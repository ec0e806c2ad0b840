"""How messages name, on a page, what is an option elsewhere."""

from __future__ import annotations

from typing import Any

_WORDS = {
    "x_axis": "the points of the x axis",
    "y_axis": "the points of the y axis",
    "x_ticks": "the values of the x axis",
    "y_ticks": "the values of the y axis",
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
    "hr": "the printed hazard ratio",
}


def on_the_page(name: str, *values: Any) -> str | None:
    """Return how a page names an option, None of one that it lacks."""
    return _WORDS.get(name)
