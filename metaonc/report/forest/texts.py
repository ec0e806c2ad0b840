"""The texts of a forest plot, written where the layout has room for them."""

from __future__ import annotations

from typing import Any

from ...data.risk_of_bias.tools import judgement_of
from ..slot import Slot
from ..typeset import LINE
from .content import ForestRows
from .key import disc, draw_key
from .layout import ASIDE, LARGER, ForestLayout, key_height
from .marks import GREY, INK
from .room import fraction

BASE = 0.35  # of the type size: from the middle of a line to its base line


def write(slot: Slot, content: ForestRows, layout: ForestLayout) -> None:
    """Write title, headers, rows, labels of direction and footnotes."""
    step = (layout.size + LARGER) * LINE
    for i, line in enumerate(layout.title):
        slot.text(0, layout.size + LARGER + i * step, line, size=layout.size + LARGER, weight="bold")
    _write_headers(slot, content, layout)
    records = content.rows.to_dict("records")
    for row, top, height, lines in zip(records, layout.tops, layout.heights, layout.lines, strict=True):
        weight = "bold" if row["kind"] in ("group", "pooled", "common") else "normal"
        middle = layout.head + top + height / 2
        _write_label(slot, layout, middle, lines, row["kind"] == "text", weight)
        for column in layout.columns:
            if column != "label" and row[column]:
                _write_cell(slot, content, layout, column, middle, row[column], weight)
    _write_favours(slot, content, layout)
    draw_key(slot, layout.key, layout.below - key_height(layout.key, layout.small) + 2, layout.small)
    y = layout.below + layout.small
    for line in layout.footnotes:
        slot.text(0, y, line, size=layout.small, color=GREY)
        y += layout.small * LINE


def _write_headers(slot: Slot, content: ForestRows, layout: ForestLayout) -> None:
    size, step = layout.size, layout.size * LINE
    bottom = layout.directions if layout.directions < layout.head else layout.head
    middle = sum(layout.panel) / 2
    for column, lines in [*layout.headers.items(), (None, layout.above)]:
        x, align = (middle, "center") if column is None else _anchor(content, layout, column)
        y = bottom - 3 - (len(lines) - 1) * step - BASE * size
        for line in lines:
            slot.text(x, y, line, size=size, ha=align, weight="bold")
            y += step


def _anchor(content: ForestRows, layout: ForestLayout, column: str) -> tuple[float, str]:
    """Return where texts of a column are held, and at which side of them."""
    left, right = layout.columns[column]
    align = content.align.get(column, "left")
    if align == "light":
        return (left + right) / 2, "center"
    return (left, "left") if align == "left" else (right, "right")


def _write_label(slot: Slot, layout: ForestLayout, middle: float, lines: list[str], minor: bool, weight: str) -> None:
    size = layout.small if minor else layout.size
    y = middle - 0.5 * (len(lines) - 1) * size * LINE + BASE * size
    for line in lines:
        slot.text(0, y, line, size=size, color=GREY if minor else INK, weight=weight)
        y += size * LINE


def _write_cell(
    slot: Slot, content: ForestRows, layout: ForestLayout, column: str, middle: float, text: str, weight: str
) -> None:
    x, align = _anchor(content, layout, column)
    look: dict[str, Any] = {"size": layout.size, "ha": align, "weight": weight}
    judged = judgement_of(text) if content.align[column] == "light" else None
    if judged is not None:
        text, look = judged.sign, look | disc(judged)
    if content.align[column] == "point":
        x -= layout.after[column] - fraction(text, layout.size, content)
    slot.text(x, middle + BASE * layout.size, text, **look)


def _write_favours(slot: Slot, content: ForestRows, layout: ForestLayout) -> None:
    weight = "bold" if content.journal.bold_directions else "normal"
    for lines, aside, align in zip(layout.favours, (-ASIDE, ASIDE), ("right", "left"), strict=True):
        y = layout.directions + 0.6 * layout.small
        for line in lines:
            slot.text(layout.null + aside, y, line, size=layout.small, ha=align, weight=weight)
            y += layout.small * LINE
